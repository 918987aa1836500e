//! Row 47: keys turn under load, from any point on where they were cut off, and the old ones go at zero.

use super::note;
use crate::{
    clients::read,
    harness::{self, TestDb},
    reveal::{form, recorded, swept},
};
use domain::{Permission, Role};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use store::{keyd::rotation, signatures};
use vault::{
    KeyFile, Vault,
    keyd::{Asked, Bearer, Record},
};

/// Secrets that need their shop's older key.
async fn behind(db: &TestDb) -> i64 {
    let one = |(table, _, column): (&str, &str, &str)| {
        format!(
            "(select count(*) from {table} t where vault.generation(t.{column}) < (select max(kek_id) from vault.shop_keys k where k.shop_id = t.shop_id))"
        )
    };
    db.ask(&format!("select {}", rotation::SEALED.map(one).join(" + "))).await
}

/// Seals many receivers' secrets by hand; they are what the load reads.
async fn sealed(db: &TestDb, count: u128) -> Vec<(Asked, Vec<u8>)> {
    let mut all = Vec::new();
    let cap = crate::caps::session(db, &db.crowd.a, Role::Owner).await;
    for n in 0..count {
        let row = uuid::Uuid::from_u128(0x4700 + n);
        let record = Record { table: "vault.signature_strokes".into(), row, column: "sealed".into(), version: 1 };
        let bearer = Bearer::Capability(vault::Zeroizing::new(cap.clone()));
        let asked = Asked { bearer, shop: db.crowd.a.id.uuid(), record };
        all.push((asked.clone(), db.keyd.client.seal(asked, b"strokes").await.unwrap()));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_47_keys_turn_under_load_without_one_read_error() {
    let db = harness::fresh().await;
    swept(&db).await;
    for n in 0..30 {
        recorded(&db, &db.crowd.a, 0, &form(&format!("Door {n}"), "41836", "")).await;
    }
    let held = Arc::new(sealed(&db, 20).await);
    let (stop, reads, errors) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let load = (0..4).map(|_| {
        let (client, held) = (db.keyd.client.clone(), Arc::clone(&held));
        let (stop, reads, errors) = (Arc::clone(&stop), Arc::clone(&reads), Arc::clone(&errors));
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                for (asked, bytes) in held.iter() {
                    let opened = client.open(asked.clone(), bytes).await;
                    let good = opened.is_ok_and(|clear| clear.as_slice() == b"strokes");
                    (if good { &reads } else { &errors }).fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    let load: Vec<_> = load.collect();
    let (url, keyd) = (db.url(), &db.keyd.client);
    for root in 2..=4 {
        assert_eq!(keyd.next_root().await.unwrap(), root);
        assert_eq!(rotation::begin_generation(&url, keyd).await.unwrap(), 2);
        assert!(behind(&db).await > 30);
        let turned = rotation::catch_up(&url, keyd).await.unwrap();
        assert!(turned.secrets > 30 && turned.shop_keys > 0, "{turned:?}");
        assert_eq!(behind(&db).await, 0);
        note(&db, "Key safe 4711", i32::try_from(root).unwrap() - 1).await.unwrap();
    }
    assert!(keyd.retire_root(4).await.is_err(), "the active one");
    stop.store(true, Ordering::Relaxed);
    for one in load {
        one.await.unwrap();
    }
    assert_eq!(errors.load(Ordering::Relaxed), 0);
    assert!(reads.load(Ordering::Relaxed) > 100, "{reads:?} reads are no load");
    // Evidence may not change, and did not: nothing but the wrap of its key.
    let clear = held[0].0.clone();
    let moved = db.keyd.client.rewrap(Asked { bearer: Bearer::House, ..clear.clone() }, &held[0].1).await.unwrap();
    assert_eq!(moved[66..], held[0].1[66..]);
}

#[tokio::test]
async fn row_47_cut_off_anywhere_it_goes_on_and_the_old_keys_go_at_zero() {
    let db = harness::fresh().await;
    swept(&db).await;
    for n in 0..40 {
        recorded(&db, &db.crowd.a, 0, &form(&format!("Door {n}"), "41836", "")).await;
    }
    let (url, keyd) = (db.url(), &db.keyd.client);
    keyd.next_root().await.unwrap();
    rotation::begin_generation(&url, keyd).await.unwrap();
    assert!(keyd.retire_root(1).await.is_err(), "given up while shops' keys are under it");
    let (mut cuts, mut at) = (0, 15);
    while tokio::time::timeout(Duration::from_millis(at), rotation::catch_up(&url, keyd)).await.is_err() {
        cuts += 1;
        at += 10;
        assert!(cuts < 500, "never done");
    }
    assert!(cuts > 0, "it was never cut off");
    assert_eq!(behind(&db).await, 0);
    assert_eq!(
        rotation::retire(&url, keyd).await.unwrap(),
        1,
        "the root; a shop's key stays while it may be read under"
    );
    db.later("11 minutes").await;
    assert_eq!(rotation::retire(&url, keyd).await.unwrap(), 2, "one key of each shop");
    let left: i64 = db.ask("select count(*) from vault.shop_keys where kek_id = 1").await;
    assert_eq!(left, 0);
    // All is readable, by the new keys alone.
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeJobs).await;
    for signature in db.crowd.a.clients.iter().map(|client| client["signature"]) {
        signatures::find(&mut tx, signature.into()).await.unwrap();
    }
}

#[tokio::test]
async fn without_the_root_key_nothing_opens() {
    let mut db = harness::fresh().await;
    let held = sealed(&db, 1).await.remove(0);
    assert!(db.keyd.client.open(held.0.clone(), &held.1).await.is_ok());
    let other = harness::cluster::scratch().join(format!("{}-other.key", db.name));
    db.keyd.go_on_with(Vault::new(KeyFile::create_or_open(&other).unwrap()));
    assert!(db.keyd.client.open(held.0.clone(), &held.1).await.is_err(), "another root key opens it");
    db.keyd.go_on();
    assert!(db.keyd.client.open(held.0, &held.1).await.is_ok());
}
