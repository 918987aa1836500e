//! keyd's log against the audit chains: what was opened, and what was recorded.

use super::{DbWitness, away};
use crate::Result;
use sqlx::{Connection, PgConnection, query};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use vault::keyd::{Away, Opening, OpeningKind};

/// What the comparison gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Reveals and searches in keyd's log.
    pub opened: usize,
    /// Those of them that stand on a chain, by the same person and about the same record.
    pub recorded: usize,
    /// Entries on the chains that nothing was opened against: the process ended between the two, or the log lost lines.
    pub unopened: usize,
    /// What does not fit, in words.
    pub differences: Vec<String>,
}

/// What the chains say: an entry's shop and number, whether it is a search, by whom and about what; and how long each is.
struct Chains {
    entries: HashMap<(Uuid, i64), (bool, Uuid, Uuid)>,
    lengths: HashMap<Uuid, i64>,
}

/// Compares, by a login that may become the owner. An entry without an opening is no difference by itself, and is counted
/// apart. An opening without its entry is one, and so is an entry that was opened against twice, and a chain that is shorter
/// than a checkpoint that was signed over it.
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
    let lengths = sqlx::query_as("select shop_id, seq from audit.heads").fetch_all(&mut conn).await?;
    conn.close().await?;
    let entry = |(shop, seq, action, actor, entity)| ((shop, seq), (action == 147, actor, entity));
    let chains = Chains { entries: rows.into_iter().map(entry).collect(), lengths: lengths.into_iter().collect() };
    Ok(compared(&chains, log))
}

impl DbWitness {
    /// As [`reconciled`], by keyd itself.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn reconciled(&self, log: &[Opening]) -> Result<Reconciled, Away> {
        let rows = query!(
            r#"select shop_id as "shop!", seq as "seq!", search as "search!", actor as "actor!", entity as "entity!" from keyd.receipts()"#
        );
        let rows = rows.fetch_all(&self.pool).await.map_err(away)?;
        let lengths = query!(r#"select shop_id as "shop!", seq as "seq!" from keyd.lengths()"#);
        let lengths = lengths.fetch_all(&self.pool).await.map_err(away)?;
        let chains = Chains {
            entries: rows.into_iter().map(|row| ((row.shop, row.seq), (row.search, row.actor, row.entity))).collect(),
            lengths: lengths.into_iter().map(|row| (row.shop, row.seq)).collect(),
        };
        Ok(compared(&chains, log))
    }
}

fn compared(chains: &Chains, log: &[Opening]) -> Reconciled {
    let (mut found, mut used, mut signed) = (Reconciled::default(), HashSet::new(), HashMap::new());
    for line in log {
        if line.kind == OpeningKind::Sign {
            let longest = signed.entry(line.shop).or_insert(0);
            *longest = line.receipt.max(*longest);
        }
        if !line.kind.is_reveal() {
            continue;
        }
        found.opened += 1;
        let said = (line.kind == OpeningKind::Find, line.actor, line.row);
        match chains.entries.get(&(line.shop, line.receipt)) {
            Some(entry) if *entry == said => found.recorded += 1,
            Some(_) => found.differences.push(about(line, "stands on the chain as something else")),
            None => found.differences.push(about(line, "stands on no chain")),
        }
        if !used.insert((line.shop, line.receipt)) {
            found.differences.push(about(line, "was opened before against the same entry"));
        }
    }
    for (shop, size) in signed {
        if chains.lengths.get(&shop).is_none_or(|length| *length < size) {
            found
                .differences
                .push(format!("shop {shop}: a checkpoint over {size} entries was signed, and its chain ends before"));
        }
    }
    found.unopened = chains.entries.keys().filter(|entry| !used.contains(*entry)).count();
    found
}

fn about(line: &Opening, what: &str) -> String {
    format!("shop {}, entry {}: what {} opened of {} {what}", line.shop, line.receipt, line.actor, line.row)
}
