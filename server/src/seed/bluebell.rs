//! Bluebell Safe & Lock: two people under another law and another currency, beside Northgate and knowing nothing of it.

use super::{
    clients::{self, Entered, Story},
    dice::Dice,
    live,
    road::{Hand, Person},
};
use anyhow::Result;
use domain::{
    Role,
    invoices::PaymentMethod,
    jobs::JobKind,
    lines::LineKind,
    money::Currency,
    shop::{NewShop, NewTaxRate, Units},
};
use store::Db;

/// Owner.
pub const BRUCE: Person = Person { name: "Bruce Tanner", email: "bruce@bluebell.example", role: Role::Owner };
/// Technician.
pub const TINA: Person = Person { name: "Tina Reyes", email: "tina@bluebell.example", role: Role::Technician };

const CLIENTS: &[Story] = &[
    Story {
        kind: "company",
        name: "Prairie Feed & Grain",
        phone: "312 555 0141",
        alert: "",
        terms: "30",
        tags: "safe",
        places: &[("Store", "200 Silo Road, Chicago IL 60601", 4, "P")],
        people: &[("Earl Dobson", "Owner", true, ""), ("Lottie Dobson", "Office", false, "")],
        access: "Back door, ring for Lottie.",
        codes: &[],
        keys: &[],
    },
    Story {
        kind: "company",
        name: "Harbour View Motel",
        phone: "312 555 0142",
        alert: "Same name as a client of another shop; no relation.",
        terms: "14",
        tags: "",
        places: &[("", "75 Lakeside Drive, Chicago IL 60605", 6, "R")],
        people: &[("Mona Keller", "Manager", false, "")],
        access: "",
        codes: &[],
        keys: &[],
    },
    Story {
        kind: "person",
        name: "Wesley Boone",
        phone: "312 555 0143",
        alert: "",
        terms: "",
        tags: "",
        places: &[("", "31 Prairie Street, Chicago IL 60607", 0, "")],
        people: &[],
        access: "",
        codes: &[],
        keys: &[],
    },
    Story {
        kind: "person",
        name: "Clara Jennings",
        phone: "312 555 0144",
        alert: "",
        terms: "",
        tags: "",
        places: &[("", "8 Orchard Court, Chicago IL 60608", 0, "")],
        people: &[],
        access: "",
        codes: &[],
        keys: &[],
    },
];

fn shop() -> NewShop {
    NewShop {
        name: "Bluebell Safe & Lock".into(),
        slug: "demo-bluebell".into(),
        licence_number: "IL-192-00417".into(),
        phone: "312 555 0140".into(),
        email: "shop@bluebell.example".into(),
        address: "5 Bluebell Square\nChicago IL 60602".into(),
        time_zone: "America/Chicago".into(),
        currency: Currency::Usd,
        units: Units::Inch,
    }
}

/// Makes the shop.
///
/// # Errors
/// Only faults.
pub async fn make(db: &Db, hash: &str) -> Result<()> {
    let taxes =
        [NewTaxRate { name: "Sales tax".into(), rate_micro: 8_250_000, compound: false, kinds: vec![LineKind::Part] }];
    let bruce = Hand::open(db, &shop(), &taxes, &BRUCE, hash).await?;
    let tina = bruce.invite(&TINA, hash).await?;
    let mut dice = Dice::new(825);
    let mut entered: Vec<Entered> = Vec::new();
    for story in CLIENTS {
        entered.push(clients::enter(&bruce, Currency::Usd, story, &mut dice).await?);
    }
    let today = bruce.today().await?;
    for (nth, (client, kind)) in
        [(0, JobKind::Safe), (1, JobKind::Rekey), (2, JobKind::LockoutHouse)].into_iter().enumerate()
    {
        let visit = live::visit(&tina, today.plus_days(-1)?, &format!("{:02}:00", 9 + 2 * nth), 90)?;
        let job = live::take(&bruce, &live::call(&entered[client], 0, kind, nth, Some(visit))).await?;
        live::work(&tina, job, kind, nth, &entered[client]).await?;
        let (invoice, total) = live::invoice(&bruce, job, today).await?;
        if nth == 2 {
            live::pay(&bruce, invoice, total, PaymentMethod::Cash, today).await?;
            live::close(&bruce, job).await?;
        }
    }
    let visit = live::visit(&tina, today, "15:00", 60)?;
    live::take(&bruce, &live::call(&entered[3], 0, JobKind::LockChange, 0, Some(visit))).await?;
    live::take(&bruce, &live::call(&entered[1], 0, JobKind::KeyOrder, 1, None)).await?;
    tina.leave().await?;
    bruce.leave().await
}
