//! What is sealed and what is proved: opening one record, finding a key among ten thousand sealed ones, a proof made,
//! weighed and checked, and the chain read anew.

use crate::{
    children::{Running, shearline},
    ground::{Stocked, connect},
    http::{Line, as_script, request},
    people::Shop,
    serial::at,
};
use anyhow::{Context, Result, ensure};
use sqlx::PgConnection;
use std::time::Instant;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Records in the shop that is searched.
pub const RECORDS: usize = 10_000;
/// Records opened in a pass. A person may open thirty an hour, so every pass has a shop of its own.
const OPENED: usize = 20;
const SEARCHES: usize = 3;
const PROOFS: usize = 50;

/// What one pass found; times are medians.
#[derive(Clone, Copy)]
pub struct Sealed {
    /// One record opened by its page, in milliseconds.
    pub reveal: f64,
    /// A key found by its stamp among [`RECORDS`], in milliseconds.
    pub search: f64,
    /// A proof of an entry made, in milliseconds.
    pub proof: f64,
    /// Its bytes.
    pub bytes: usize,
    /// The same proof checked, in microseconds.
    pub checked: f64,
    /// Entries of the whole chain read and hashed anew, in a second.
    pub verified: f64,
}

/// Gives the searched shop its records, by the page, eight at a time.
pub async fn stock(ours: &Running, on: &Stocked, shop: &Shop) -> Result<()> {
    let client = prove(&mut connect(&on.url).await?, shop).await?;
    let mut tasks = JoinSet::new();
    for writer in 0..8 {
        let (addr, cookie, shop) = (ours.addr, shop.cookie.clone(), shop.id);
        tasks.spawn(async move {
            let mut line = Line::open(addr).await?;
            for nth in 0..RECORDS / 8 {
                let form = record_form(shop, client, &format!("B{writer}-{nth}"));
                let answer = line.ask(&as_script("/fn/keys/record_bitting", &cookie, &form)).await?;
                ensure!(answer.status == 200, "recording was answered with\n{}\n{}", answer.head, answer.text());
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// The owner confirmed just now, with a second step; and one of the shop's clients.
async fn prove(conn: &mut PgConnection, shop: &Shop) -> Result<Uuid> {
    let owner: Uuid =
        sqlx::query_scalar("select person_id from auth.memberships where shop_id = $1 and role = 'owner' limit 1")
            .bind(shop.id)
            .fetch_one(&mut *conn)
            .await?;
    sqlx::query("insert into auth.totp (id, person_id, sealed, confirmed_at) select gen_random_uuid(), $1, '\\x00', app.now() where not exists (select from auth.totp where person_id = $1)")
        .bind(owner)
        .execute(&mut *conn)
        .await?;
    sqlx::query("update auth.capabilities set confirmed_at = app.now() where person_id = $1")
        .bind(owner)
        .execute(&mut *conn)
        .await?;
    let client = sqlx::query_scalar("select id from app.clients where shop_id = $1 limit 1").bind(shop.id);
    Ok(client.fetch_one(conn).await?)
}

fn form(shop: Uuid, fields: &str) -> String {
    format!("post%5Bid%5D={}&post%5Bshop%5D={shop}&post%5Bback%5D=%2F&post%5Bform%5D=bench&{fields}", Uuid::new_v4())
}

fn record_form(shop: Uuid, client: Uuid, code: &str) -> String {
    let kind = "form%5Breading%5D=bow_to_tip&form%5Bsource%5D=code&form%5Bconfidence%5D=sure";
    form(shop, &format!("client={client}&form%5Blabel%5D=Bench&form%5Bkey_code%5D={code}&{kind}"))
}

/// One pass. `shop` is searched, `fresh` has opened nothing yet.
pub async fn measure(ours: &Running, on: &Stocked, shop: &Shop, fresh: &Shop) -> Result<Sealed> {
    let mut conn = connect(&on.url).await?;
    let mut line = Line::open(ours.addr).await?;
    let client = prove(&mut conn, fresh).await?;
    line.ask(&as_script("/fn/keys/record_bitting", &fresh.cookie, &record_form(fresh.id, client, "OPEN"))).await?;
    let record: Uuid = sqlx::query_scalar("select id from vault.bittings where shop_id = $1 order by id desc limit 1")
        .bind(fresh.id)
        .fetch_one(&mut conn)
        .await
        .context("the record to open")?;
    let why = form(fresh.id, &format!("record={record}&form%5Breason%5D=the+bench"));
    let reveal = asked(&mut line, OPENED, "/fn/keys/reveal_bitting", &fresh.cookie, &why, "OPEN").await?;
    prove(&mut conn, shop).await?;
    let wanted = form(shop.id, "form%5Bkey_code%5D=B3-77&form%5Breason%5D=the+bench");
    let search = asked(&mut line, SEARCHES, "/fn/keys/search_bittings", &shop.cookie, &wanted, "Bench").await?;
    let (proof, bytes, checked) = proofs(&mut line, shop).await?;
    Ok(Sealed { reveal, search, proof, bytes, checked, verified: verified(&mut conn, on).await? })
}

/// Median of so many askings, in milliseconds.
async fn asked(line: &mut Line, times: usize, path: &str, cookie: &str, form: &str, marker: &str) -> Result<f64> {
    let mut took = Vec::new();
    for _ in 0..times {
        let began = Instant::now();
        let answer = line.ask(&as_script(path, cookie, form)).await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        let right = answer.status == 200 && answer.text().contains(marker);
        ensure!(right, "{path} was answered with\n{}\n{}", answer.head, answer.text());
    }
    Ok(median(&mut took))
}

fn median(took: &mut [f64]) -> f64 {
    took.sort_by(f64::total_cmp);
    at(took, 0.5)
}

/// Proofs of entries from anywhere under the newest checkpoint: made by the server, checked here.
async fn proofs(line: &mut Line, shop: &Shop) -> Result<(f64, usize, f64)> {
    let (mut made, mut checked, mut bytes) = (Vec::new(), Vec::new(), 0);
    let trusted = proof::Trusted::read("").map_err(|error| anyhow::anyhow!("{error}"))?;
    for nth in 0..PROOFS {
        let path = format!("/proof/entries/{}", 1 + nth * 97 % 2_000);
        let began = Instant::now();
        let answer = line.ask(&request("GET", &path, &shop.cookie, "")).await?;
        made.push(began.elapsed().as_secs_f64() * 1e3);
        ensure!(answer.status == 200, "{path} was answered with\n{}\n{}", answer.head, answer.text());
        bytes = bytes.max(answer.body.len());
        let began = Instant::now();
        let verdict = proof::verify(&answer.body, None, &trusted);
        checked.push(began.elapsed().as_secs_f64() * 1e6);
        ensure!(!matches!(verdict, proof::Verdict::No { .. }), "{path}: {verdict}");
    }
    Ok((median(&mut made), bytes, median(&mut checked)))
}

/// `shearline audit verify` over all shops, its start included.
async fn verified(conn: &mut PgConnection, on: &Stocked) -> Result<f64> {
    let entries: i64 = sqlx::query_scalar("select count(*) from audit.entries").fetch_one(conn).await?;
    let mut command = shearline(&on.url, &on.data)?;
    command.args(["audit", "verify"]);
    let began = Instant::now();
    let ran = tokio::task::spawn_blocking(move || command.output()).await??;
    let took = began.elapsed().as_secs_f64();
    ensure!(ran.status.success(), "audit verify: {}", String::from_utf8_lossy(&ran.stderr));
    Ok(entries as f64 / took)
}
