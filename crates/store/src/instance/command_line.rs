//! Administrators as the command line knows them: named and removed by whoever has the rights on the data folder, in the
//! name of the schema's owner. No login that serves may do any of it.

use crate::{Error, Result, Token};
use domain::Refusal;
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

/// An enrolment link lives this many minutes.
pub const LINK_MINUTES: i32 = 30;

/// An administrator of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// As named at the command line.
    pub name: String,
    /// Since when, in UTC.
    pub since: String,
    /// How many passkeys.
    pub passkeys: i64,
    /// When one of them was shown last, in UTC.
    pub last_used: Option<String>,
}

async fn owner(url: &str) -> Result<PgConnection> {
    let mut conn = PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?;
    sqlx::raw_sql("set role shearline_owner").execute(&mut conn).await?;
    Ok(conn)
}

/// Makes a link for one passkey of an administrator, new or known, and gives its token: the only time it is known. An
/// earlier link of the same name is dead.
///
/// # Errors
/// A name that is empty or too long.
pub async fn enrol(url: &str, name: &str) -> Result<Token> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(Error::Setup("the name must have between 1 and 60 characters".into()));
    }
    let (mut conn, token) = (owner(url).await?, Token::fresh());
    sqlx::query(
        "with known as (select a.id, a.name from instance.admins a where lower(a.name) = lower($2) and a.removed_at is null),
           dead as (update instance.enrolments e set used_at = app.now() where lower(e.name) = lower($2) and e.used_at is null)
         insert into instance.enrolments (hash, admin_id, name, expires_at)
         select $1, coalesce((select id from known), $3), coalesce((select name from known), $2), app.now() + make_interval(mins => $4)",
    )
    .bind(token.hash())
    .bind(name)
    .bind(Uuid::now_v7())
    .bind(LINK_MINUTES)
    .execute(&mut conn)
    .await?;
    note(&mut conn, "link made", name).await?;
    conn.close().await?;
    Ok(token)
}

/// Everybody who may administer the installation, by name.
///
/// # Errors
/// Only faults.
pub async fn list(url: &str) -> Result<Vec<Enrolled>> {
    let mut conn = owner(url).await?;
    let rows = sqlx::query(
        "select a.name, to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD') as since, count(k.id) as passkeys,
           to_char(max(k.last_used_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as last_used
         from instance.admins a left join instance.passkeys k on k.admin_id = a.id where a.removed_at is null group by a.id order by lower(a.name)",
    )
    .fetch_all(&mut conn)
    .await?;
    conn.close().await?;
    Ok(rows
        .iter()
        .map(|row| Enrolled {
            name: row.get("name"),
            since: row.get("since"),
            passkeys: row.get("passkeys"),
            last_used: row.get("last_used"),
        })
        .collect())
}

/// Ends an administrator: passkeys, sessions and a link that was not used yet.
///
/// # Errors
/// Not found when nobody and no open link has that name.
pub async fn remove(url: &str, name: &str) -> Result<()> {
    let mut conn = owner(url).await?;
    let gone = sqlx::query(
        "with gone as (update instance.admins a set removed_at = app.now() where lower(a.name) = lower($1) and a.removed_at is null returning a.id),
           keys as (delete from instance.passkeys k using gone where k.admin_id = gone.id),
           ended as (update instance.sessions s set revoked_at = app.now() from gone where s.admin_id = gone.id and s.revoked_at is null),
           links as (update instance.enrolments e set used_at = app.now() where lower(e.name) = lower($1) and e.used_at is null returning e.name)
         select (select count(*) from gone) + (select count(*) from links) as gone",
    )
    .bind(name.trim())
    .fetch_one(&mut conn)
    .await?
    .get::<i64, _>("gone");
    if gone == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(&mut conn, "administrator removed", name.trim()).await?;
    conn.close().await?;
    Ok(())
}

async fn note(conn: &mut PgConnection, act: &str, name: &str) -> Result<()> {
    sqlx::query("select instance.note('command line', $1, null, $2)").bind(act).bind(name).execute(conn).await?;
    Ok(())
}
