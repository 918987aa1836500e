//! The floor: the same stack with nothing on it. Pages of one table, with and without row-level security, by which the
//! driver measures what our own pages add.
//!
//! Settings: `FLOOR_ADDR`, `FLOOR_URL` (login `floor_app`) and `FLOOR_CAP_URL` (login `shearline_app`, whose policy on
//! the table asks `app.ctx_shop()` as all of ours do).

mod data;
mod page;

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use data::{Floor, Job, Walls};
use serde::Deserialize;
use uuid::Uuid;

type Page = Result<Html<String>, StatusCode>;

/// What the driver asks for: whose rows, before which number.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    shop: Uuid,
    #[serde(default)]
    before: i64,
    #[serde(default)]
    cap: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let addr = std::env::var("FLOOR_ADDR").context("FLOOR_ADDR")?;
    let router = Router::new()
        .route("/render", get(render))
        .route("/plain", get(plain))
        .route("/rls", get(rls))
        .route("/rls-at-once", get(rls_at_once))
        .route("/cap", get(cap))
        .route("/jobs/{id}", get(job))
        .with_state(Floor::open(
            &std::env::var("FLOOR_URL").context("FLOOR_URL")?,
            &std::env::var("FLOOR_CAP_URL").context("FLOOR_CAP_URL")?,
        )?);
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).await?;
    Ok(())
}

/// Fifty rows that need no database.
async fn render() -> Html<String> {
    Html(page::list(&Job::invented()))
}

async fn plain(State(floor): State<Floor>, Query(asked): Query<Asked>) -> Page {
    shown(floor.list_plain(asked.shop, asked.before).await)
}

/// Four round trips: begin, the setting, the query, commit.
async fn rls(State(floor): State<Floor>, Query(asked): Query<Asked>) -> Page {
    shown(floor.list(&Walls::Setting(asked.shop), asked.before).await)
}

/// Three: the setting travels with begin.
async fn rls_at_once(State(floor): State<Floor>, Query(asked): Query<Asked>) -> Page {
    shown(floor.list(&Walls::SettingAtOnce(asked.shop), asked.before).await)
}

/// The same with a capability in the setting's place, and connections cleaned up when given back, as the store does.
async fn cap(State(floor): State<Floor>, Query(asked): Query<Asked>) -> Page {
    shown(floor.list(&Walls::Capability(asked.cap), asked.before).await)
}

async fn job(State(floor): State<Floor>, Path(id): Path<Uuid>, Query(asked): Query<Asked>) -> Page {
    let found = floor.job(asked.shop, id).await.map_err(failed)?;
    found.map(|job| Html(page::detail(&job))).ok_or(StatusCode::NOT_FOUND)
}

fn shown(rows: sqlx::Result<Vec<Job>>) -> Page {
    rows.map(|rows| Html(page::list(&rows))).map_err(failed)
}

/// The driver counts whatever is not 200 and stops.
fn failed(error: sqlx::Error) -> StatusCode {
    eprintln!("floor: {error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
