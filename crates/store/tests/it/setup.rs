//! What keeps a server from serving: a schema of another build, logins with too much power.

use crate::harness::{self, Spare};
use store::{Error, bootstrap};
use vault::{KeyFile, Vault};

#[tokio::test]
async fn a_schema_of_another_build_is_refused_and_left_as_it_is() {
    let db = harness::fresh().await;
    // Named as the demo's shops are: no reason to take somebody's shop away.
    db.sudo("update auth.shops set slug = 'demo-' || slug; update public._migrations set checksum = '\\x00' where version = 5")
        .await;
    let before: i64 = db.ask("select count(*) from app.jobs").await;
    let refused = bootstrap::migrate(&db.url()).await.err().expect("another build's schema was migrated");
    assert!(matches!(refused, Error::Setup(_)), "{refused:?}");
    for words in ["made by another build of Shearline", "leaves it as it is", "nothing but the demo"] {
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert_eq!(db.ask::<i64>("select count(*) from app.jobs").await, before);
}

#[tokio::test]
async fn the_driver_speaks_tls() {
    let db = harness::fresh().await;
    let refused =
        bootstrap::inspect(&format!("{}&sslmode=verify-full", db.url())).await.expect_err("no TLS on a socket");
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

#[tokio::test]
async fn a_server_serves_on_the_schema_it_knows_only() {
    let db = harness::fresh().await;
    bootstrap::check_schema(&db.db).await.expect("is the one it knows");
    for (change, words) in [
        ("delete from public._migrations where version = 16", "1 missing (portal archived). Run `shearline migrate`"),
        ("insert into public._migrations select 9999, 'of tomorrow', now(), true, '\\x00', 0", "made by another build"),
        ("revoke select (version, checksum) on public._migrations from shearline_worker", "Run `shearline migrate`"),
        ("alter table public._migrations rename to older", "Run `shearline migrate`"),
    ] {
        db.sudo(change).await;
        let refused = bootstrap::check_schema(&db.db).await.err().unwrap_or_else(|| panic!("served after {change}"));
        assert!(matches!(refused, Error::Setup(_)) && refused.to_string().contains(words), "{change}: {refused}");
    }
}

#[tokio::test]
async fn the_root_key_is_the_one_the_shops_are_sealed_under() {
    let db = harness::fresh().await;
    assert!(bootstrap::inhabited(&db.url()).await.expect("can be read"));
    assert_eq!(bootstrap::opened_keys(&db.url(), &harness::keyd::keys()).await.expect("can be read"), (2, 0));
    let other = Vault::new(KeyFile::create_or_open(harness::cluster::scratch().join("other.key")).expect("key"));
    assert_eq!(bootstrap::opened_keys(&db.url(), &other).await.expect("can be read"), (0, 2));
    // Row security must not make it look empty.
    let hidden = db.url().replace("user=postgres", "user=shearline_migrator");
    db.sudo("grant connect on database current to shearline_migrator".replace("current", &db.name).as_str()).await;
    assert!(bootstrap::opened_keys(&hidden, &other).await.is_err());
    let empty = db.url().replace(&db.name, &format!("{}_empty", db.name));
    assert!(!bootstrap::inhabited(&empty).await.expect("is not there"));
    bootstrap::migrate(&empty).await.expect("migrates");
    assert!(!bootstrap::inhabited(&empty).await.expect("can be read"));
    db.sudo(&format!("drop database {}_empty with (force)", db.name)).await;
}
