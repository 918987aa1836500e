//! Synthetic shops for benchmarks: opened by the front door, filled in bulk.

use super::{
    clients::Entered,
    live,
    road::{Hand, Person},
};
use anyhow::Result;
use domain::{
    Role,
    choice::Choice,
    clients::ClientKind,
    ids::ClientId,
    jobs::{CallFor, JobKind, Place},
    lines::LineKind,
    money::Currency,
    shop::{NewShop, NewTaxRate, Units},
};
use std::time::Instant;
use store::{
    Db,
    synthetic::{Filler, SLUG},
};

/// Shops beside the large one; each gets an equal share of the other half of the jobs.
const SMALL_SHOPS: u32 = 20;
/// Password of all owners.
const PASSWORD: &str = "bench-shop-2026";

/// Makes one shop with half of `rows` jobs and twenty with the other half, as the migrator; prints who can sign in.
///
/// # Errors
/// A database in which somebody works.
pub async fn size(db: &Db, url: &str, rows: u32) -> Result<()> {
    let began = Instant::now();
    let mut filler = Filler::connect(url).await?;
    let hash = db.front_door().hash_password(PASSWORD.to_owned()).await?;
    let small = rows / 2 / SMALL_SHOPS;
    for nth in 0..=SMALL_SHOPS {
        // The call that gives the shop its kinds of job is one of its jobs.
        let jobs = if nth == 0 { rows - small * SMALL_SHOPS } else { small }.saturating_sub(1);
        let owner = open(db, nth, &hash).await?;
        filler.fill(owner.shop(), owner.person(), i32::try_from(jobs)?).await?;
        owner.leave().await?;
        if nth == 0 {
            println!("  … the large shop, {jobs} jobs");
        }
    }
    let counts = filler.settle().await?;
    println!("{} shops, {rows} jobs, in {:.0} s:", SMALL_SHOPS + 1, began.elapsed().as_secs_f32());
    for (table, rows) in counts {
        println!("  {table:<20} {rows:>9}");
    }
    println!(
        "Sign in as owner00@bench.example (the large shop) to owner{SMALL_SHOPS:02}@bench.example, password {PASSWORD}"
    );
    Ok(())
}

/// Opens a shop and takes its first call.
async fn open(db: &Db, nth: u32, hash: &str) -> Result<Hand> {
    let shop = NewShop {
        name: format!("Bench shop {nth:02}"),
        slug: format!("{SLUG}{nth:02}"),
        licence_number: String::new(),
        phone: String::new(),
        email: String::new(),
        address: String::new(),
        time_zone: "America/Toronto".into(),
        currency: Currency::Cad,
        units: Units::Inch,
    };
    let taxes =
        [NewTaxRate { name: "HST".into(), rate_micro: 13_000_000, compound: false, kinds: LineKind::ALL.to_vec() }];
    let email: &'static str = format!("owner{nth:02}@bench.example").leak();
    let owner = Person { name: "Bench Owner", email, role: Role::Owner };
    let hand = Hand::open(db, &shop, &taxes, &owner, hash).await?;
    let nobody = Entered {
        id: ClientId(uuid::Uuid::nil()),
        sites: Vec::new(),
        caller: "First caller".into(),
        phone: "416 555 0100".into(),
        person: true,
    };
    let mut call = live::call(&nobody, 0, JobKind::CommercialService, 0, None);
    call.client = CallFor::New { name: "First caller".into(), kind: ClientKind::Person };
    call.place = Place::New("1 Bench Street".into());
    live::take(&hand, &call).await?;
    Ok(hand)
}
