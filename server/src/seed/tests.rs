//! The demo and the synthetic shops against a real PostgreSQL: `scripts/test-postgres.sh cargo test -p server seed`.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use super::*;
use store::audit::{installation, verify::Verdict};
use store::keyd::DbWitness;
use vault::{
    KeyFile, Vault,
    keyd::{Client, Keyd},
};

/// A database of this test's own, with all logins.
async fn database(name: &str) -> (Db, String) {
    let cluster = std::env::var("SHEARLINE_TEST_PG")
        .expect("SHEARLINE_TEST_PG is not set: run these tests by scripts/test-postgres.sh or make test");
    let url = cluster.replacen("/postgres?", &format!("/{name}?"), 1);
    assert_ne!(url, cluster, "SHEARLINE_TEST_PG names no database");
    let roles = store::bootstrap::migrate(&url).await.expect("migrates");
    let folder = std::env::temp_dir().join(format!("shearline-{name}-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder");
    let keys = |name| Vault::new(KeyFile::create_or_open(folder.join(name)).expect("a key"));
    let (witness, log) = (DbWitness::open(&roles).expect("a witness"), folder.join("openings.log"));
    let keyd = Keyd::new(keys("root.key").into(), witness, &log, crate::keyd::rules()).expect("keyd");
    let socket = folder.with_extension("sock");
    let listener = tokio::net::UnixListener::bind(&socket).expect("a socket");
    let me = nix::unistd::getuid().as_raw();
    tokio::spawn(keyd.serve(listener, vec![me]));
    let db = Db::open(&roles, keys("front.key")).expect("opens").asking_keyd(Client::new(socket, vec![me]));
    std::fs::remove_dir_all(folder).expect("the keys are in memory");
    (db, url)
}

async fn entries(url: &str) -> Vec<(String, i64)> {
    let verdicts = installation::verify(url, None, |_| Ok(Vec::new())).await.expect("verifies");
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
