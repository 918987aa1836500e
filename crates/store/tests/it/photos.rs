//! Photos in the store: how many there may be.

use crate::harness;
use domain::{
    Permission, Refusal, Role,
    attachments::{NewPhotos, PhotoKind, Subject},
};
use std::sync::Arc;
use store::{
    Error,
    attachments::{self, Files, Picture, Received},
};

fn one() -> (NewPhotos, Received) {
    let new = NewPhotos {
        kind: PhotoKind::Before,
        caption: String::new(),
        slot: String::new(),
        restricted: false,
        device_time: String::new(),
    };
    let picture = Picture { whole: vec![1; 9], small: vec![2; 9], width: 3, height: 3 };
    (new, Received(Arc::new(vec![Ok(picture)])))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_12_fifty_photos_at_the_cap_make_one() {
    let db = harness::fresh().await;
    let folder = harness::cluster::scratch().join(format!("files-{}", db.name));
    let boss = db.crowd.a.actor(&db.db, Role::Manager).await;
    let (shop, job) = (db.crowd.a.id, db.crowd.a.clients[0]["job"]);
    let count = format!("select auth.taken('{shop}', 'photos')");
    let most: i64 = db.ask::<i64>(&count).await + 1;
    db.sudo(&format!("insert into auth.caps values ('{shop}', 'photos', {most})")).await;
    let mut tasks = Vec::new();
    for _ in 0..50 {
        let (pool, boss) = (db.db.clone().keeping(Files::within(&folder)), Arc::clone(&boss));
        tasks.push(tokio::spawn(async move {
            loop {
                let (new, received) = one();
                let mut tx = match pool.write(boss.allow(Permission::WorkJobs).expect("allowed")).await {
                    // Fifty wait for twelve connections.
                    Err(Error::Unavailable) => continue,
                    tx => tx.expect("begun"),
                };
                let event = attachments::add(&mut tx, Subject::Job(job.into()), &new, &received).await?;
                return tx.commit(event).await;
            }
        }));
    }
    let (mut made, mut full) = (0, 0);
    for task in tasks {
        match task.await.expect("ran") {
            Ok(()) => made += 1,
            Err(Error::Refusal(Refusal::Conflict(words))) if words.contains("as many photos") => full += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((made, full, db.ask::<i64>(&count).await), (1, 49, most));
    let rival: i64 = db.ask(&format!("select auth.cap('{}', 'photos')::int8", db.crowd.b.id)).await;
    assert_eq!(rival, 20_000, "a cap is one shop's alone");
}
