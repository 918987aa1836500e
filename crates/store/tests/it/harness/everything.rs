//! A database as a thief reads it: every row of every table of ours, with what is bytes in hexadecimal digits.

use super::TestDb;

/// The text of all rows.
pub struct Everything(String);

impl Everything {
    /// Whether `what` stands in a column, as text or as bytes. A planted secret needs eight characters or more: identifiers
    /// and ciphertext are full of every shorter one.
    pub fn holds(&self, what: &str) -> bool {
        assert!(what.len() >= 8, "{what} is found by chance");
        let digits: String = what.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.0.contains(what) || self.0.contains(&digits)
    }
}

impl TestDb {
    /// Reads all of it, as the superuser.
    pub async fn everything(&self) -> Everything {
        const ROWS: &str = "
            select string_agg((xpath('/row/t/text()', query_to_xml(format(
                $$select coalesce(string_agg(to_jsonb(r)::text, ' '), '') as t from %I.%I r$$, n.nspname, c.relname), true, true, '')))[1]::text, ' ')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname in ('app', 'vault', 'audit', 'auth', 'worker', 'portal', 'instance')";
        Everything(self.ask(ROWS).await)
    }
}
