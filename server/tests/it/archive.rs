//! The archive of checkpoints as it is found: gone, smaller, not to be read, full of strangers' files; and runs that are
//! missed.

use crate::{
    harness::{self, TestDb, cluster::scratch},
    proof::cut_off,
};
use domain::{Event, Permission, Role, ids::ClientId};
use proof::{Checkpoint, Origin, Signer};
use server::proof::{Folder, archived, rounds, rounds::Memory};
use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use store::audit::{
    installation::{self, Outside},
    verify::Verdict,
};
use uuid::Uuid;

/// An archive that holds what is there an hour later.
async fn filled(on: &TestDb) -> (PathBuf, rounds::Archive) {
    let folder = scratch().join(format!("archive-{}", on.name));
    let sink: rounds::Archive = Arc::new(Folder::new(folder.clone()));
    act(on).await;
    on.later("61 minutes").await;
    rounds::round(&on.db, &sink, &mut Memory::default()).await.expect("round");
    assert!(!archived(&*sink, on.crowd.a.id.uuid()).expect("reads").is_empty());
    (folder, sink)
}

pub async fn act(on: &TestDb) {
    let owner = on.crowd.a.actor(&on.db, Role::Owner).await;
    let tx = on.db.write(owner.allow(Permission::EditClients).expect("owner")).await.expect("write");
    tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.expect("commit");
}

/// So much later, a round of everything that is due then.
async fn round(on: &TestDb, sink: &rounds::Archive, later: &str) {
    on.later(later).await;
    rounds::round(&on.db, sink, &mut Memory::default()).await.expect("round");
}

async fn told(on: &TestDb, code: i16) -> i64 {
    let shop = on.crowd.a.id;
    on.ask(&format!("select count(*) from audit.entries where shop_id = '{shop}' and action = {code}")).await
}

async fn reached(on: &TestDb) -> i64 {
    on.ask(&format!("select max(size) from audit.checkpoints where shop_id = '{}'", on.crowd.a.id)).await
}

/// As the operator's command says it.
async fn verified(on: &TestDb, sink: &rounds::Archive) -> Verdict {
    let found = installation::verify(&on.url(), Some(on.crowd.a.slug), |shop| archived(&**sink, shop)).await;
    found.expect("verified").remove(0).1
}

#[tokio::test]
async fn row_66_an_archive_that_is_gone_is_missed_and_not_filled_anew() {
    let on = harness::fresh().await;
    let shop = on.crowd.a.id.uuid();
    let (folder, sink) = filled(&on).await;
    let letters = "select count(*) from worker.outbox where state = 'waiting'";
    let (size, before): (i64, i64) = (reached(&on).await, on.ask(letters).await);
    let kept = scratch().join(format!("taken-{}", on.name));
    fs::rename(&folder, &kept).expect("taken away");
    cut_off(&on, shop, size - 2).await;
    round(&on, &sink, "16 minutes").await;
    assert_eq!(told(&on, 220).await, 1, "the archive is missed");
    assert!(on.ask::<i64>(letters).await > before, "by letter, too");
    round(&on, &sink, "25 hours").await;
    assert_eq!(told(&on, 220).await, 1, "and told once");
    assert!(!folder.exists(), "what is left of the trail was put there as the new archive");
    assert!(matches!(verified(&on, &sink).await, Verdict::Broken { why, .. } if why.contains("gone")));
    // Smaller is no better.
    let mut old = fs::read_dir(kept.join(shop.to_string())).expect("kept").flatten().map(|it| it.path());
    let first = old.by_ref().filter(|it| it.is_file()).min().expect("a first one");
    let place = folder.join(shop.to_string());
    fs::create_dir_all(&place).expect("made");
    fs::copy(&first, place.join(first.file_name().expect("a name"))).expect("copied");
    round(&on, &sink, "25 hours").await;
    assert_eq!(archived(&*sink, shop).expect("reads").len(), 1, "a smaller one was filled");
    let taken =
        installation::accept(&on.url(), Outside::Archive, |shop| archived(&*sink, shop)).await.expect("accepted");
    assert_eq!((taken.len(), told(&on, 221).await), (2, 1), "each shop has it on record: {taken:?}");
    fs::remove_dir_all(&place).expect("emptied");
    installation::accept(&on.url(), Outside::Archive, |shop| archived(&*sink, shop)).await.expect("accepted");
    act(&on).await;
    round(&on, &sink, "25 hours").await;
    assert!(!archived(&*sink, shop).expect("reads").is_empty(), "what was accepted is gone on with");
    assert!(matches!(verified(&on, &sink).await, Verdict::Holds { .. }));
}

#[tokio::test]
async fn row_65_an_archive_that_cannot_be_read_stops_no_verification() {
    let on = harness::fresh().await;
    let (a, b) = (on.crowd.a.id, on.crowd.b.id);
    let (folder, sink) = filled(&on).await;
    let place = folder.join(a.to_string());
    fs::remove_dir_all(&place).expect("gone");
    fs::write(&place, "no folder").expect("a file in its place");
    on.sudo("alter table audit.entries disable trigger all").await;
    let change = format!("update audit.entries set actor = gen_random_uuid() where shop_id = '{a}' and seq = 3");
    on.sudo(&change).await;
    round(&on, &sink, "25 hours").await;
    assert_eq!(told(&on, 165).await, 1, "the chain was not read");
    let late = format!(
        "select count(*) from audit.verifications where shop_id = '{b}' and full_at < app.now() - interval '1 hour'"
    );
    assert_eq!(on.ask::<i64>(&late).await, 0, "another shop waits for it");
    assert_eq!(told(&on, 220).await, 0, "a store may answer again in a moment");
    round(&on, &sink, "16 minutes").await;
    round(&on, &sink, "16 minutes").await;
    assert_eq!(told(&on, 220).await, 1, "it did not, and that is told once");
}

#[tokio::test]
async fn row_66_strangers_files_in_the_archive_block_nothing_and_break_nothing() {
    let on = harness::fresh().await;
    let shop = on.crowd.a.id.uuid();
    let (folder, sink) = filled(&on).await;
    let place = folder.join(shop.to_string());
    fs::create_dir(place.join("x.checkpoint")).expect("a folder");
    fs::create_dir(place.join(format!("{:020}.checkpoint", 99_999))).expect("a folder of one of our names");
    fs::write(place.join(format!("{:020}.checkpoint", 99_998)), "junk\njunk").expect("junk");
    std::os::unix::fs::symlink("/dev/zero", place.join(format!("{:020}.checkpoint", 99_997))).expect("a link");
    let pipe = Command::new("mkfifo").arg(place.join(format!("{:020}.checkpoint", 99_996))).status();
    assert!(pipe.is_ok_and(|status| status.success()));
    act(&on).await;
    let next: i64 = on.ask(&format!("select seq from audit.heads where shop_id = '{shop}'")).await;
    // The name that the next one would take.
    fs::write(place.join(format!("{next:020}.checkpoint")), "junk").expect("junk");
    round(&on, &sink, "61 minutes").await;
    assert_eq!(reached(&on).await, next, "a checkpoint was kept from being made");
    let held: Vec<_> = archived(&*sink, shop).expect("reads").iter().filter_map(|it| it.checkpoint(shop)).collect();
    assert_eq!(held.last().map(|it| it.size.cast_signed()), Some(next), "and it is in the archive");
    round(&on, &sink, "25 hours").await;
    assert_eq!((told(&on, 165).await, told(&on, 220).await), (0, 0), "nothing is broken");
    // What is signed, and contradicts, is a break.
    let signer = Signer::new(Origin(shop), &[1; 32]);
    let forged = format!("{}\n{}", signer.key(), Checkpoint::sign(2, [7; 32], &signer).note());
    fs::write(place.join(format!("{:020}.checkpoint", 2)), forged).expect("signed");
    round(&on, &sink, "25 hours").await;
    assert_eq!(told(&on, 165).await, 1, "a signed contradiction");
}

#[tokio::test]
async fn row_65_a_missed_run_is_told_by_a_clock_of_its_own_while_runs_fail() {
    let on = harness::fresh().await;
    let (_, sink) = filled(&on).await;
    on.later("24 hours").await;
    assert_eq!(on.db.tell_missed_runs().await.expect("asked"), 0, "in time");
    on.later("2 hours").await;
    // No round is made: whatever they fail of.
    assert_eq!(on.db.tell_missed_runs().await.expect("asked"), 2, "each shop");
    assert_eq!(told(&on, 166).await, 1);
    assert_eq!(on.db.tell_missed_runs().await.expect("asked"), 0, "once");
    round(&on, &sink, "1 minute").await;
    assert_eq!(told(&on, 166).await, 1, "and not again by the run that comes at last");
    on.later("26 hours").await;
    assert_eq!(on.db.tell_missed_runs().await.expect("asked"), 2, "the next time it is told again");
}

#[tokio::test]
async fn row_65_days_that_are_moved_in_the_database_skip_no_whole_round() {
    let on = harness::fresh().await;
    let (_, sink) = filled(&on).await;
    let hours = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&hours);
    let mut memory = Memory::new(move || Duration::from_secs(clock.load(Ordering::SeqCst) * 3600));
    on.later("16 minutes").await;
    rounds::round(&on.db, &sink, &mut memory).await.expect("the first is whole");
    on.sudo("alter table audit.entries disable trigger all").await;
    let change = |seq: i64| {
        let shop = on.crowd.a.id;
        format!("update audit.entries set actor = gen_random_uuid() where shop_id = '{shop}' and seq = {seq}")
    };
    on.sudo(&change(3)).await;
    for hour in [1, 25] {
        hours.store(hour, Ordering::SeqCst);
        on.later("16 minutes").await;
        on.sudo("update audit.verifications set full_at = app.now()").await;
        rounds::round(&on.db, &sink, &mut memory).await.expect("round");
        assert_eq!(told(&on, 165).await, i64::from(hour == 25), "after {hour} hours");
    }
    // Nor does a day in the future.
    let shop = on.crowd.b.id;
    on.sudo("update audit.verifications set full_at = app.now() + interval '1 year', new_at = app.now() + interval '1 year'").await;
    let due = on.db.rounds_due().await.expect("due");
    assert!(due.iter().any(|round| round.shop == shop.uuid() && round.whole));
}
