//! What keeps a server from serving: a schema of another build, logins with too much power.

use crate::harness::{self, Spare};
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

/// In a cluster of its own: roles are the whole cluster's, and other tests would see the grant.
#[tokio::test]
async fn a_serving_login_that_is_anybodys_member_does_not_serve() {
    let spare = Spare::start("");
    let db = spare.people().await;
    db.db.check_walls().await.expect("the walls stand");
    for role in ["shearline_backup", "shearline_owner", "pg_read_all_data", "shearline_auth"] {
        db.sudo(&format!("grant {role} to shearline_app")).await;
        let refused = db.db.check_walls().await.err().unwrap_or_else(|| panic!("a member of {role} may serve"));
        assert!(refused.to_string().starts_with("the app login has more power"), "{refused}");
        db.sudo(&format!("revoke {role} from shearline_app")).await;
    }
    db.db.check_walls().await.expect("the walls stand again");
}
