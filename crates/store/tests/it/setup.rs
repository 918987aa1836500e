//! What keeps a server from serving: a schema of another build, logins with too much power.

use crate::harness;
use store::{Error, bootstrap};

#[tokio::test]
async fn a_schema_of_another_build_is_refused_and_left_as_it_is() {
    let db = harness::fresh().await;
    // Named as the demo's shops are: no reason to take somebody's shop away.
    db.sudo("update auth.shops set slug = 'demo-' || slug; update public._migrations set checksum = '\\x00' where version = 5")
        .await;
    let password = "select rolpassword from pg_authid where rolname = 'shearline_app'";
    let before: (i64, String) = (db.ask("select count(*) from app.jobs").await, db.ask(password).await);
    let refused = bootstrap::migrate(&db.url()).await.err().expect("another build's schema was migrated");
    assert!(matches!(refused, Error::Setup(_)), "{refused:?}");
    for words in ["made by another build of Shearline", "nothing was changed", "nothing but the demo"] {
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert_eq!((db.ask("select count(*) from app.jobs").await, db.ask(password).await), before);
}

#[tokio::test]
async fn the_driver_speaks_tls() {
    let db = harness::fresh().await;
    let refused =
        bootstrap::inspect(&format!("{}&sslmode=verify-full", db.url())).await.err().expect("no TLS on a socket");
    assert!(refused.to_string().contains("server does not support TLS"), "{refused}");
}
