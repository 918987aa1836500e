//! keyd's log against the audit chains: what was opened, and what was recorded.

use crate::Result;
use sqlx::{Connection, PgConnection};
use std::collections::HashMap;
use uuid::Uuid;
use vault::keyd::{Opening, OpeningKind};

/// What the comparison gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Reveals and searches in keyd's log.
    pub opened: usize,
    /// Those of them that stand on a chain, by the same person and about the same record.
    pub recorded: usize,
    /// What does not fit, in words.
    pub differences: Vec<String>,
}

/// Compares. An entry without an opening is no difference by itself: the process may have ended between the two, and then
/// nothing was shown. An opening without its entry is one, and so is an entry that was opened against twice.
///
/// # Errors
/// A database that cannot be read.
pub async fn reconciled(url: &str, log: &[Opening]) -> Result<Reconciled> {
    let mut conn = PgConnection::connect(url).await?;
    sqlx::raw_sql("set row_security = off").execute(&mut conn).await?;
    let rows: Vec<(Uuid, i64, i16, Uuid, Uuid)> =
        sqlx::query_as("select shop_id, seq, action, actor, entity from audit.entries where action in (147, 148, 151)")
            .fetch_all(&mut conn)
            .await?;
    conn.close().await?;
    let mut entries: HashMap<(Uuid, i64), (bool, Uuid, Uuid)> = HashMap::new();
    for (shop, seq, action, actor, entity) in rows {
        entries.insert((shop, seq), (action == 147, actor, entity));
    }
    let (mut found, mut used) = (Reconciled::default(), HashMap::new());
    for line in log.iter().filter(|line| line.kind.is_reveal()) {
        found.opened += 1;
        let said = (line.kind == OpeningKind::Find, line.actor, line.row);
        match entries.get(&(line.shop, line.receipt)) {
            Some(entry) if *entry == said => found.recorded += 1,
            Some(_) => found.differences.push(about(line, "stands on the chain as something else")),
            None => found.differences.push(about(line, "stands on no chain")),
        }
        if used.insert((line.shop, line.receipt), ()).is_some() {
            found.differences.push(about(line, "was opened before against the same entry"));
        }
    }
    Ok(found)
}

fn about(line: &Opening, what: &str) -> String {
    format!("shop {}, entry {}: what {} opened of {} {what}", line.shop, line.receipt, line.actor, line.row)
}
