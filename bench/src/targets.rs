//! What is measured: each target is a list of requests and what their answers must hold.

use crate::{
    children::Running,
    http::{Answer, request, with_key},
    people::{PASSWORD, Seen, Shop, email, sign_in_form},
};
use anyhow::{Result, ensure};
use std::{net::SocketAddr, sync::Arc};

/// Rows of a list.
const PAGE: usize = 50;

/// One request.
pub struct Ask {
    /// As it goes over the line.
    pub bytes: Vec<u8>,
    /// What its answer alone holds.
    marker: String,
}

/// A page, asked for with many different ids.
pub struct Target {
    /// Name in the table.
    pub name: &'static str,
    /// Process whose tree's CPU counts as the application's.
    pub process: u32,
    /// Where it answers.
    pub addr: SocketAddr,
    /// Requests, taken in turn.
    pub asks: Vec<Ask>,
    status: u16,
    rows: usize,
}

impl Target {
    fn new(name: &'static str, at: &Running, asks: Vec<Ask>) -> Self {
        Self { name, process: at.id(), addr: at.addr, asks, status: 200, rows: 0 }
    }

    /// A list: its answers hold a page of rows and a heading.
    fn listing(self) -> Self {
        Self { rows: PAGE + 1, ..self }
    }

    /// Whether this is the right answer.
    pub fn check(&self, ask: &Ask, answer: &Answer) -> Result<()> {
        let (name, text) = (self.name, answer.text());
        ensure!(answer.status == self.status, "{name}: {} instead of {}\n{}", answer.status, self.status, answer.head);
        let there = text.contains(&ask.marker) || answer.head.contains(&ask.marker);
        let start: String = text.chars().take(3000).collect();
        ensure!(there, "{name}: no `{}` in the answer\n{}\n{start}", ask.marker, answer.head);
        let rows = text.matches("<tr").count();
        ensure!(self.rows == 0 || rows == self.rows, "{name}: {rows} rows instead of {}", self.rows);
        Ok(())
    }
}

fn get(path: &str, cookie: &str, marker: impl Into<String>) -> Ask {
    Ask { bytes: request("GET", path, cookie, ""), marker: marker.into() }
}

/// The floor's pages, for the rows of one shop.
pub fn floor(at: &Running, shop: &Shop) -> Vec<Arc<Target>> {
    let list = |name, path: &str, whose: &str| {
        let asks =
            pages(shop).map(|number| get(&format!("/{path}?{whose}&before={number}"), "", format!(">{}<", number - 1)));
        Target::new(name, at, asks.collect()).listing()
    };
    let (by_shop, by_cap) = (format!("shop={}", shop.id), format!("cap={}", shop.cap));
    let details =
        shop.jobs.iter().map(|(id, number)| get(&format!("/jobs/{id}?{by_shop}"), "", format!("<dd>{number}<")));
    [
        Target::new("floor: 50 rows, no database", at, vec![get("/render", "", ">5001<")]).listing(),
        list("floor: list, no RLS", "plain", &by_shop),
        list("floor: list, RLS", "rls", &by_shop),
        list("floor: list, RLS, set with begin", "rls-at-once", &by_shop),
        list("floor: list, RLS by capability", "cap", &by_cap),
        Target::new("floor: detail, RLS", at, details.collect()),
    ]
    .map(Arc::new)
    .into()
}

/// The list of jobs, from anywhere in a shop's past.
pub fn jobs(name: &'static str, at: &Running, shop: &Shop) -> Arc<Target> {
    let asks = pages(shop).map(|number| {
        get(&format!("/jobs?status=all&after={number}.{number}"), &shop.cookie, format!(">{}<", number - 1))
    });
    Arc::new(Target::new(name, at, asks.collect()).listing())
}

/// The same rows as a program gets them, from anywhere in the shop's past.
pub fn api_jobs(at: &Running, shop: &Shop, key: &str) -> Arc<Target> {
    let mut ids: Vec<_> = shop.jobs.iter().map(|(id, _)| *id).collect();
    ids.sort();
    let asks = ids.iter().skip(100).take(ids.len().saturating_sub(200)).map(|id| Ask {
        bytes: with_key(&format!("/api/v1/jobs?limit={PAGE}&cursor={id}"), key),
        marker: "\"next_cursor\":\"".into(),
    });
    Arc::new(Target::new("API jobs list", at, asks.collect()))
}

/// Our other pages.
pub fn pages_of_ours(at: &Running, shop: &Shop, seen: &[Seen]) -> Vec<Arc<Target>> {
    let jobs = shop.jobs.iter().map(|(id, number)| get(&format!("/jobs/{id}"), &shop.cookie, number.to_string()));
    let invoices = seen.iter().map(|one| get(&format!("/portal/invoices/{}", one.id), &one.cookie, &*one.number));
    [
        Target::new("job page", at, jobs.collect()),
        Target::new("portal invoice", at, invoices.collect()),
        // No goal names these two, but people look at them most, and they have a year's visits behind them.
        Target::new("home", at, vec![get("/", &shop.cookie, "Bench shop 00")]),
        Target::new("own day", at, vec![get("/today", &shop.cookie, "Bench shop 00")]),
    ]
    .map(Arc::new)
    .into()
}

/// Signing in, by all owners but the first, who has a second step, in turn: a redirection and a session.
pub fn sign_in(at: &Running) -> Arc<Target> {
    let asks = (1..=20).map(|nth| Ask {
        bytes: request("POST", "/fn/office/sign_in", "", &sign_in_form(&email(nth), PASSWORD)),
        marker: "set-cookie: session=".into(),
    });
    Arc::new(Target { status: 303, ..Target::new("sign-in", at, asks.collect()) })
}

/// Numbers of a shop below which a whole page of jobs lies. Numbers are given without gaps.
fn pages(shop: &Shop) -> impl Iterator<Item = i64> + '_ {
    let first = shop.jobs.iter().map(|(_, number)| *number).min().unwrap_or_default();
    shop.jobs.iter().map(|(_, number)| *number).filter(move |number| *number >= first + 100)
}
