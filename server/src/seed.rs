//! The demo shops and the synthetic ones: made by the same road as everything a person enters.
//!
//! Nobody in them exists; telephone numbers are of the range kept for stories (555-01xx). Work of earlier months is
//! brought over with its own dates, while the audit trail says when it was truly entered.

mod bluebell;
mod clients;
mod dice;
mod history;
mod keys;
mod live;
mod northgate;
mod port;
mod road;
mod size;
mod words;

pub use size::size;

use anyhow::{Context, Result};
use std::time::Instant;
use store::Db;

/// The password of everybody in the demo.
const PASSWORD: &str = "demo-shop-2026";

/// A person of the demo, as printed by `serve --demo`.
pub struct SignIn {
    /// Name and role.
    pub who: &'static str,
    /// E-mail address.
    pub email: &'static str,
    /// Password.
    pub password: &'static str,
}

/// Who can sign in, by shop.
const PEOPLE: &[(&str, &str)] = &[
    ("Northgate: Olivia Grant, owner", northgate::OLIVIA.email),
    ("Northgate: Marcus Bell, manager", northgate::MARCUS.email),
    ("Northgate: Dana Whitlock, dispatcher", northgate::DANA.email),
    ("Northgate: Theo Marsh, technician", northgate::THEO.email),
    ("Northgate: Tess Arden, technician", northgate::TESS.email),
    ("Northgate: Toby Lorne, technician", northgate::TOBY.email),
    ("Northgate: Bea Calloway, bookkeeper", northgate::BEA.email),
    ("Northgate: Frank Odell, front desk", northgate::FRANK.email),
    ("Northgate: Audrey Penn, auditor", northgate::AUDREY.email),
    ("Bluebell: Bruce Tanner, owner", bluebell::BRUCE.email),
    ("Bluebell: Tina Reyes, technician", bluebell::TINA.email),
    ("Port: Claire Fontaine, owner", port::CLAIRE.email),
];

/// Makes the demo shops unless they are there; yields who can sign in.
///
/// # Errors
/// Only faults.
pub async fn demo(db: &Db) -> Result<Vec<SignIn>> {
    let door = db.front_door();
    let begun = door.find_account(northgate::OLIVIA.email).await?.is_some();
    // The last shop is made last: where it is missing, an earlier making was cut short.
    let ended = door.find_account(port::CLAIRE.email).await?.is_some();
    if begun && !ended {
        tracing::warn!(
            "the demo shops were only made in part, because making them was interrupted; empty the data folder to have them made anew"
        );
    } else if !begun {
        make(db).await?;
    }
    let mut people = Vec::new();
    for (who, email) in PEOPLE {
        if door.find_account(email).await?.is_some() {
            people.push(SignIn { who, email, password: PASSWORD });
        }
    }
    Ok(people)
}

async fn make(db: &Db) -> Result<()> {
    let began = Instant::now();
    println!("Making the demo shops, once …");
    let hash = db.front_door().hash_password(PASSWORD.to_owned()).await?;
    let made = northgate::make(db, &hash).await.context("Northgate Lock & Key")?;
    bluebell::make(db, &hash).await.context("Bluebell Safe & Lock")?;
    port::make(db, &hash).await.context("Serrurerie du Port")?;
    println!("Three shops are made, in {:.0} s. Northgate Lock & Key has {made}.", began.elapsed().as_secs_f32());
    println!(
        "Its past is brought over with the dates of fourteen months; the audit trail says truthfully that all was entered today."
    );
    Ok(())
}

#[cfg(test)]
mod tests;
