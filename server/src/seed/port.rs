//! Serrurerie du Port: one person, two taxes, millimetres, French. Its invoice is the rounding example of the tax rules:
//! 777.00, GST 38.85, QST 77.51 (77.50575), 893.36 in all.

use super::{
    clients::{self, Entered, Story},
    dice::Dice,
    live,
    road::{Hand, Person},
};
use anyhow::{Result, ensure};
use domain::{
    Permission, Role,
    choice::Choice,
    ids::JobId,
    jobs::{JobKind, NewLine},
    lines::{Line, LineKind},
    money::{Currency, Money, Quantity},
    shop::{NewShop, NewTaxRate, Units},
};
use store::Db;

/// Owner.
pub const CLAIRE: Person = Person { name: "Claire Fontaine", email: "claire@port.example", role: Role::Owner };

const CLIENTS: &[Story] = &[
    Story {
        kind: "company",
        name: "Auberge du Vieux-Quai",
        phone: "514 555 0151",
        alert: "",
        terms: "30",
        tags: "hôtel",
        places: &[("Bâtiment principal", "14, quai des Bateliers, Montréal QC  H2Y 0A1", 16, "Ch-")],
        people: &[("Solange Rivard", "Gérante", true, ""), ("Étienne Blais", "Entretien", false, "")],
        access: "Entrée de service par la cour.",
        codes: &[],
        keys: &[],
    },
    Story {
        kind: "person",
        name: "Gisèle Lachance",
        phone: "514 555 0152",
        alert: "",
        terms: "",
        tags: "",
        places: &[("", "3, rue des Voiles, Montréal QC  H2Y 0B3", 0, "")],
        people: &[],
        access: "",
        codes: &[],
        keys: &[],
    },
    Story {
        kind: "person",
        name: "Rémi Thibodeau",
        phone: "514 555 0153",
        alert: "",
        terms: "",
        tags: "",
        places: &[("", "27, rue du Phare, Montréal QC  H2Y 0C5", 0, "")],
        people: &[],
        access: "",
        codes: &[],
        keys: &[],
    },
];

fn shop() -> NewShop {
    NewShop {
        name: "Serrurerie du Port".into(),
        slug: "demo-port".into(),
        licence_number: "QC-5711-0042".into(),
        phone: "514 555 0150".into(),
        email: "atelier@port.example".into(),
        address: "2, rue de l'Ancre\nMontréal QC  H2Y 0A9".into(),
        time_zone: "America/Toronto".into(),
        currency: Currency::Cad,
        units: Units::Millimetre,
    }
}

/// Makes the shop.
///
/// # Errors
/// Only faults.
pub async fn make(db: &Db, hash: &str) -> Result<()> {
    let rate = |name: &str, rate_micro| NewTaxRate {
        name: name.into(),
        rate_micro,
        compound: false,
        kinds: LineKind::ALL.to_vec(),
    };
    let claire = Hand::open(db, &shop(), &[rate("GST", 5_000_000), rate("QST", 9_975_000)], &CLAIRE, hash).await?;
    let mut dice = Dice::new(9_975);
    let mut entered: Vec<Entered> = Vec::new();
    for story in CLIENTS {
        entered.push(clients::enter(&claire, Currency::Cad, story, &mut dice).await?);
    }
    let today = claire.today().await?;
    let visit = live::visit(&claire, today.plus_days(-1)?, "08:00", 480)?;
    let mut order = live::call(&entered[0], 0, JobKind::Rekey, 0, Some(visit));
    order.requested = "Refaire seize cylindres sous une clé maîtresse, quarante clés.".into();
    order.answers.insert("cylinders".into(), "16".into());
    let job = live::take(&claire, &order).await?;
    charge(&claire, job).await?;
    live::work(&claire, job, JobKind::Rekey, 0, &entered[0]).await?;
    let (_, total) = live::invoice(&claire, job, today).await?;
    ensure!(total == Money::from_minor(89_336), "the rounding example came to {} cents, not to 89336", total.minor());
    let mut order = live::call(&entered[1], 0, JobKind::LockChange, 0, Some(live::visit(&claire, today, "14:00", 60)?));
    order.requested = "Le pêne dormant est dur ; le remplacer.".into();
    live::take(&claire, &order).await?;
    let mut order = live::call(&entered[2], 0, JobKind::LockoutHouse, 0, None);
    order.requested = "Porte claquée, clés à l'intérieur.".into();
    live::take(&claire, &order).await?;
    claire.leave().await
}

/// Takes the usual lines off, but for the call, and puts the example's on: 85.00 + 16 × 24.00 + 16 × 8.00 + 40 × 4.50.
async fn charge(claire: &Hand, job: JobId) -> Result<()> {
    let mut tx = claire.look(Permission::SeeJobs).await?;
    let usual = store::jobs::find(&mut tx, job).await?.lines;
    drop(tx);
    for line in usual.iter().skip(1) {
        let mut tx = claire.begin(Permission::WorkJobs).await?;
        let event = store::jobs::remove_line(&mut tx, job, line.id).await?;
        tx.commit(event).await?;
    }
    for (kind, words, count, cents) in [
        (LineKind::Labour, "Cylindre refait", 16, 2_400),
        (LineKind::Labour, "Passe-partout, par cylindre", 16, 800),
        (LineKind::Part, "Clé taillée", 40, 450),
    ] {
        let new = NewLine {
            line: Line { kind, quantity: Quantity::whole(count), unit_price: Money::from_minor(cents), taxable: true },
            description: words.into(),
        };
        let mut tx = claire.begin(Permission::WorkJobs).await?;
        let event = store::jobs::add_line(&mut tx, job, &new).await?;
        tx.commit(event).await?;
    }
    Ok(())
}
