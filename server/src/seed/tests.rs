//! The demo and the synthetic shops against a real PostgreSQL: `scripts/test-postgres.sh cargo test -p server seed`.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use super::*;
use store::audit::{installation, verify::Verdict};
use vault::{KeyFile, Vault};

/// A database of this test's own, with all logins.
async fn database(name: &str) -> (Db, String) {
    let cluster = std::env::var("SHEARLINE_TEST_PG")
        .expect("SHEARLINE_TEST_PG is not set: run these tests by scripts/test-postgres.sh or make test");
    let url = cluster.replacen("/postgres?", &format!("/{name}?"), 1);
    assert_ne!(url, cluster, "SHEARLINE_TEST_PG names no database");
    let roles = store::bootstrap::migrate(&url).await.expect("migrates");
    let key = std::env::temp_dir().join(format!("shearline-{name}-{}.key", std::process::id()));
    let vault = Vault::new(KeyFile::create_or_open(&key).expect("a root key"));
    std::fs::remove_file(key).expect("the key is in memory");
    (Db::open(&roles, vault).expect("opens"), url)
}

async fn entries(url: &str) -> Vec<(String, i64)> {
    let verdicts = installation::verify(url, None).await.expect("verifies");
    verdicts
        .into_iter()
        .map(|(shop, verdict)| match verdict {
            Verdict::Holds { entries } => (shop, entries),
            Verdict::Broken { seq, why } => panic!("{shop} is broken at {seq}: {why}"),
        })
        .collect()
}

#[tokio::test]
async fn a_demo_made_twice_is_made_once() {
    let (db, url) = database("seed_demo").await;
    assert_eq!(demo(&db).await.expect("is made").len(), PEOPLE.len());
    let first = entries(&url).await;
    assert_eq!(
        first.iter().map(|(shop, _)| shop.as_str()).collect::<Vec<_>>(),
        ["demo-bluebell", "demo-northgate", "demo-port"]
    );
    assert!(first[1].1 > 3_000, "{first:?}");
    assert_eq!(demo(&db).await.expect("is there").len(), PEOPLE.len());
    assert_eq!(entries(&url).await, first);
    // Beside a demo nobody works; beside a shop of somebody's no synthetic row is written.
    size(&db, &url, 100).await.expect("fills");
    assert_eq!(entries(&url).await.len(), 3 + 21);
    let again = size(&db, &url, 100).await.expect_err("fills once");
    assert!(again.to_string().contains("already"), "{again}");
}
