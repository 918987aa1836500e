//! Row 47 with the real program: `shearline keys rotate` is killed in the middle, run again, and nobody who reads notices.

use crate::{
    app::{TestApp, Who},
    harness::{self, keyd::keys},
    keyd::{Served, command, until},
};
use domain::Role;
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;
use vault::{Place, ShopKey, WrappedShopKey};

/// How many secrets there are to turn.
const MANY: usize = 3_000;

/// The shop's key, as keyd has it.
async fn key(on: &harness::TestDb) -> ShopKey {
    let shop = on.crowd.a.id.uuid();
    let wrapped: Vec<u8> = on.ask(&format!("select wrapped from vault.shop_keys where shop_id = '{shop}'")).await;
    keys().load_shop_key(shop, &WrappedShopKey { kek_id: 1, wrapped }).unwrap()
}

/// Checks of that job, with the characters of a document sealed as the store seals them.
async fn checks(on: &harness::TestDb, key: &ShopKey, job: Uuid, count: usize) {
    for batch in (0..count).collect::<Vec<_>>().chunks(500) {
        let rows = batch.iter().map(|_| {
            let id = Uuid::now_v7();
            let place = Place { table: "app.authority_checks", row: id, column: "sealed_characters", version: 1 };
            let sealed: String = key.seal(&place, b"ZX47").unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
            format!("('{id}'::uuid, '\\x{sealed}'::bytea)")
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        on.sudo(&format!(
            "insert into app.authority_checks (shop_id, id, job_id, person_name, relation, document, sealed_characters, outcome, checked_by)
             select a.shop_id, n.id, a.job_id, a.person_name, a.relation, 'driving_licence', n.sealed, a.outcome, a.checked_by
             from (select * from app.authority_checks where job_id = '{job}' limit 1) a, (values {rows}) n (id, sealed)"
        ))
        .await;
    }
}

async fn turned(on: &harness::TestDb) -> i64 {
    on.ask("select count(*) from app.authority_checks where vault.generation(sealed_characters) = 2").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_47_a_turn_that_is_killed_goes_on_and_nobody_who_reads_notices() {
    let on = harness::fresh().await;
    // What stands for sealed things in the fixtures is none.
    on.sudo("delete from vault.own_keys").await;
    let (read, other) = (on.crowd.a.clients[0]["job"], on.crowd.a.clients[1]["job"]);
    let key = key(&on).await;
    checks(&on, &key, read, 1).await;
    checks(&on, &key, other, MANY).await;
    let mut server = Served::of(&on).await;
    server.answers().await;
    server.stop();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    server.start(|command| {
        command.env("SHEARLINE_ADDR", addr.to_string()).env("SHEARLINE_REQUESTS_A_MINUTE", "1000000");
    });
    server.answers().await;
    until("the server", || std::net::TcpStream::connect(addr).ok()).await;
    let (data, url) = (server.data.clone(), on.url());
    let app = Arc::new(TestApp { on, addr, from: Ipv4Addr::new(127, 0, 9, 47), admin: None });
    let who = app.staff(Role::Owner).await;
    let page = format!("/jobs/{read}");
    assert!(app.get(&who, &page).await.body.contains("ZX47"), "the characters are on the page");
    let (stop, good, bad) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let reader = {
        let (app, stop, good, bad) = (Arc::clone(&app), Arc::clone(&stop), Arc::clone(&good), Arc::clone(&bad));
        let who = Who { cookie: who.cookie.clone(), shop: who.shop.clone() };
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let fits = app.get(&who, &page).await.body.contains("ZX47");
                (if fits { &good } else { &bad }).fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let keys = |words: &[&str]| {
        let mut command = command(&data, &url, "127.0.0.1:0");
        command.arg("keys").args(words).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut turn = keys(&["rotate"]).spawn().unwrap();
    while turned(&app.on).await < 100 {
        assert!(turn.try_wait().unwrap().is_none(), "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    turn.kill().unwrap();
    assert!(!turn.wait().unwrap().success());
    let half = turned(&app.on).await;
    assert!((100..MANY as i64).contains(&half), "{half} of {MANY}: not in the middle");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(turned(&app.on).await, half, "somebody goes on with it");
    let mut again = keys(&["rotate", "--resume"]);
    assert!(tokio::task::spawn_blocking(move || again.status()).await.unwrap().unwrap().success());
    assert_eq!(turned(&app.on).await, MANY as i64 + 1);
    let generations: i64 = app.on.ask("select count(distinct kek_id) from vault.shop_keys").await;
    assert_eq!(generations, 2, "a second turn was begun instead");
    let mut retire = keys(&["retire"]);
    assert!(tokio::task::spawn_blocking(move || retire.status()).await.unwrap().unwrap().success());
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    reader.await.unwrap();
    assert_eq!(bad.load(Ordering::Relaxed), 0, "pages without what is sealed");
    assert!(good.load(Ordering::Relaxed) > 20, "{good:?} pages are no load");
}
