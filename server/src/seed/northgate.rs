//! Northgate Lock & Key: nine people, twenty-four clients, fourteen months, and a working day.

mod book;
mod day;

use super::{
    clients::{self, Entered},
    dice::Dice,
    history::{self, Crew},
    road::{Hand, Person},
};
use anyhow::Result;
use domain::{
    Role,
    choice::Choice,
    jobs::JobKind,
    lines::LineKind,
    money::Currency,
    shop::{NewShop, NewTaxRate, Units},
};
use store::Db;

const fn person(name: &'static str, email: &'static str, role: Role) -> Person {
    Person { name, email, role }
}

/// Owner.
pub const OLIVIA: Person = person("Olivia Grant", "olivia@northgate.example", Role::Owner);
/// Manager.
pub const MARCUS: Person = person("Marcus Bell", "marcus@northgate.example", Role::Manager);
/// Dispatcher.
pub const DANA: Person = person("Dana Whitlock", "dana@northgate.example", Role::Dispatcher);
/// Technician.
pub const THEO: Person = person("Theo Marsh", "theo@northgate.example", Role::Technician);
/// Technician.
pub const TESS: Person = person("Tess Arden", "tess@northgate.example", Role::Technician);
/// Technician for cars.
pub const TOBY: Person = person("Toby Lorne", "toby@northgate.example", Role::Technician);
/// Bookkeeper.
pub const BEA: Person = person("Bea Calloway", "bea@northgate.example", Role::Bookkeeper);
/// Front desk.
pub const FRANK: Person = person("Frank Odell", "frank@northgate.example", Role::FrontDesk);
/// Auditor.
pub const AUDREY: Person = person("Audrey Penn", "audrey@northgate.example", Role::Auditor);

/// Jobs by kind, the day's own not counted.
const PAST: &[(JobKind, usize)] = &[
    (JobKind::LockoutHouse, 124),
    (JobKind::Rekey, 114),
    (JobKind::LockChange, 76),
    (JobKind::AutoKey, 86),
    (JobKind::CommercialService, 99),
    (JobKind::MasterSystem, 12),
    (JobKind::Safe, 17),
    (JobKind::KeyOrder, 68),
];

/// Everybody at work.
pub(super) struct Staff {
    pub(super) olivia: Hand,
    pub(super) marcus: Hand,
    pub(super) dana: Hand,
    pub(super) theo: Hand,
    pub(super) tess: Hand,
    pub(super) toby: Hand,
    pub(super) bea: Hand,
    pub(super) frank: Hand,
    audrey: Hand,
}

fn shop() -> NewShop {
    NewShop {
        name: "Northgate Lock & Key".into(),
        slug: "demo-northgate".into(),
        licence_number: "ON-LK-20417".into(),
        phone: "416 555 0110".into(),
        email: "office@northgate.example".into(),
        address: "18 Foundry Lane\nToronto ON  M5V 0T1".into(),
        time_zone: "America/Toronto".into(),
        currency: Currency::Cad,
        units: Units::Inch,
    }
}

/// Makes the shop; says what it has.
///
/// # Errors
/// Only faults.
pub async fn make(db: &Db, hash: &str) -> Result<String> {
    let taxes =
        [NewTaxRate { name: "HST".into(), rate_micro: 13_000_000, compound: false, kinds: LineKind::ALL.to_vec() }];
    let staff = hire(Hand::open(db, &shop(), &taxes, &OLIVIA, hash).await?, hash).await?;
    let today = staff.dana.today().await?;
    let entered = enter(&staff).await?;
    println!("  … clients, sites and doors");
    let dice = &mut Dice::new(20_417);
    let past = history::plan(&deck(PAST, dice), &entered, dice);
    let crew = Crew {
        desk: &staff.dana,
        books: &staff.bea,
        till: &staff.marcus,
        technicians: &[&staff.theo, &staff.tess, &staff.toby],
    };
    history::bring_over(&crew, today, &past).await?;
    println!("  … fourteen months of jobs, invoices and payments");
    let lived = day::live(&staff, today, &entered).await?;
    let said = format!(
        "{} clients, {} sites, {} jobs, {} of them worked through with evidence and signature",
        entered.len(),
        entered.iter().map(|one| one.sites.len()).sum::<usize>(),
        past.len() + day::JOBS,
        lived
    );
    let Staff { olivia, marcus, dana, theo, tess, toby, bea, frank, audrey } = staff;
    for hand in [olivia, marcus, dana, theo, tess, toby, bea, frank, audrey] {
        hand.leave().await?;
    }
    Ok(said)
}

async fn hire(olivia: Hand, hash: &str) -> Result<Staff> {
    Ok(Staff {
        marcus: olivia.invite(&MARCUS, hash).await?,
        dana: olivia.invite(&DANA, hash).await?,
        theo: olivia.invite(&THEO, hash).await?,
        tess: olivia.invite(&TESS, hash).await?,
        toby: olivia.invite(&TOBY, hash).await?,
        bea: olivia.invite(&BEA, hash).await?,
        frank: olivia.invite(&FRANK, hash).await?,
        audrey: olivia.invite(&AUDREY, hash).await?,
        olivia,
    })
}

/// The desk, the manager and the owner enter clients at the same time.
async fn enter(staff: &Staff) -> Result<Vec<Entered>> {
    let (firms, households) = (book::FIRMS, book::households());
    let all: Vec<_> = firms.iter().chain(&households).collect();
    let share = |mine: usize| all.iter().copied().skip(mine).step_by(3).collect::<Vec<_>>();
    let (one, two, three) = tokio::try_join!(
        enter_some(&staff.dana, share(0), 1),
        enter_some(&staff.marcus, share(1), 2),
        enter_some(&staff.olivia, share(2), 3)
    )?;
    let entered: Vec<_> = one.into_iter().chain(two).chain(three).collect();
    if let Some(kestrel) = entered.iter().find(|one| one.sites.len() > 5) {
        clients::note(
            &staff.dana,
            kestrel.id,
            "Keys of all properties hang in our cabinet, numbered as on their list. Ask for the list of the month.",
        )
        .await?;
    }
    Ok(entered)
}

async fn enter_some(desk: &Hand, stories: Vec<&clients::Story>, seed: u64) -> Result<Vec<Entered>> {
    let mut dice = Dice::new(seed);
    let mut entered = Vec::new();
    for story in stories {
        entered.push(clients::enter(desk, Currency::Cad, story, &mut dice).await?);
    }
    Ok(entered)
}

/// As many of each as it says, shuffled.
fn deck(of: &[(JobKind, usize)], dice: &mut Dice) -> Vec<JobKind> {
    let mut cards: Vec<JobKind> = of.iter().flat_map(|(card, count)| std::iter::repeat_n(*card, *count)).collect();
    dice.shuffle(&mut cards);
    cards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_and_day_make_640_jobs() {
        let jobs: usize = PAST.iter().map(|(_, count)| count).sum();
        assert_eq!(jobs + day::JOBS, 640);
    }

    #[test]
    fn clients_are_as_many_as_the_story_says() {
        let all: Vec<_> = book::FIRMS.iter().copied().chain(book::households()).collect();
        let people: Vec<_> = all.iter().flat_map(|client| client.people).collect();
        let openings: u32 = all.iter().flat_map(|client| client.places).map(|place| place.2).sum();
        assert_eq!((all.len(), all.iter().map(|client| client.places.len()).sum::<usize>(), openings), (24, 41, 312));
        assert_eq!(
            (
                people.len(),
                people.iter().filter(|one| one.2).count(),
                people.iter().filter(|one| !one.3.is_empty()).count()
            ),
            (60, 9, 1)
        );
    }
}
