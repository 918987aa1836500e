//! keyd from both ends, on a real socket, with a witness whose word the test chooses.

mod stand;

use stand::{Stand, asked, digits, place};
use uuid::Uuid;
use vault::Zeroizing;
use vault::keyd::{
    Answer, Bearer, Candidate, KeydError, Log, LogError, No, Opening, OpeningKind, Record, Request, Sought,
};

const NOTES: &str = "vault.signature_strokes";
const BITTINGS: &str = "vault.bittings";

fn no<T: std::fmt::Debug>(answer: Result<T, KeydError>) -> No {
    match answer {
        Err(KeydError::No(no)) => no,
        other => panic!("a no was due: {other:?}"),
    }
}

#[tokio::test]
async fn what_a_shop_works_with_opens_for_its_people_and_nobody_else() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, NOTES, 10), b"box 4417").await.expect("sealed");
    let opened = on.client.open(asked("dana", 1, NOTES, 10), &sealed).await.expect("opened");
    assert_eq!(opened.as_slice(), b"box 4417");
    for (who, shop) in [("client", 1), ("rival", 1), ("nobody", 1), ("dana", 2)] {
        assert_eq!(no(on.client.open(asked(who, shop, NOTES, 10), &sealed).await), No::Forbidden, "{who} in {shop}");
    }
    assert_eq!(no(on.client.open(asked("rival", 2, NOTES, 10), &sealed).await), No::Refused, "another shop's key");
    assert_eq!(no(on.client.open(asked("dana", 1, NOTES, 11), &sealed).await), No::Refused, "another row");
    for bearer in [Bearer::House, Bearer::Claim(Uuid::from_u128(77))] {
        let asked = vault::keyd::Asked { bearer, ..asked("dana", 1, NOTES, 10) };
        assert_eq!(no(on.client.open(asked, &sealed).await), No::Forbidden);
    }
    assert_eq!(no(on.client.seal(asked("dana", 1, "app.clients", 10), b"x").await), No::Forbidden, "no such secrets");
    assert_eq!(on.opened(), [OpeningKind::Open], "only what was opened is in the log");
}

#[tokio::test]
async fn a_workers_secret_opens_for_its_claim_alone() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, "worker.receivers", 10), b"whsec").await.expect("sealed");
    assert_eq!(no(on.client.open(asked("dana", 1, "worker.receivers", 10), &sealed).await), No::Forbidden);
    for (claim, row, opens) in [(77, 10, true), (78, 10, false), (77, 11, false)] {
        let bearer = Bearer::Claim(Uuid::from_u128(claim));
        let asked = vault::keyd::Asked { bearer, ..asked("dana", 1, "worker.receivers", row) };
        assert_eq!(on.client.open(asked, &sealed).await.is_ok(), opens, "{claim} {row}");
    }
}

#[tokio::test]
async fn a_reveal_needs_its_own_committed_entry_and_needs_it_anew() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, BITTINGS, 10), b"34521").await.expect("sealed");
    let dana = || asked("dana", 1, BITTINGS, 10);
    assert_eq!(no(on.client.open(dana(), &sealed).await), No::Forbidden, "never without an entry");
    assert_eq!(no(on.client.reveal(dana(), 5, &sealed).await), No::Forbidden, "not committed");
    on.commit(1, "dana", 5, BITTINGS, 10);
    for other in [asked("theo", 1, BITTINGS, 10), asked("dana", 1, BITTINGS, 11), asked("program", 1, BITTINGS, 10)] {
        assert_eq!(no(on.client.reveal(other.clone(), 5, &sealed).await), No::Forbidden, "{other:?}");
    }
    assert_eq!(on.client.reveal(dana(), 5, &sealed).await.expect("revealed").as_slice(), b"34521");
    assert_eq!(no(on.client.reveal(dana(), 5, &sealed).await), No::Forbidden, "used already");
    let on = on.again().await;
    assert_eq!(no(on.client.reveal(dana(), 5, &sealed).await), No::Forbidden, "used before the restart");
    on.commit(1, "dana", 6, BITTINGS, 10);
    assert!(on.client.reveal(dana(), 6, &sealed).await.is_ok());
    assert_eq!(on.opened(), [OpeningKind::Reveal, OpeningKind::Reveal]);
}

#[tokio::test]
async fn two_at_once_with_one_entry_get_one_secret() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, BITTINGS, 10), b"34521").await.expect("sealed");
    on.commit(1, "dana", 5, BITTINGS, 10);
    let tries = (0..16).map(|_| {
        let (client, sealed) = (on.client.clone(), sealed.clone());
        tokio::spawn(async move { client.reveal(asked("dana", 1, BITTINGS, 10), 5, &sealed).await.is_ok() })
    });
    let mut got = 0;
    for one in tries.collect::<Vec<_>>() {
        got += usize::from(one.await.expect("no panic"));
    }
    assert_eq!(got, 1);
}

#[tokio::test]
async fn thirty_an_hour_for_a_person_also_across_a_restart() {
    let mut on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, BITTINGS, 10), b"34521").await.expect("sealed");
    for entry in 1..=30 {
        on.commit(1, "dana", entry, BITTINGS, 10);
        on.client.reveal(asked("dana", 1, BITTINGS, 10), entry, &sealed).await.expect("within the quota");
        if entry == 15 {
            on.later(60);
            on = on.again().await;
        }
    }
    on = on.again().await;
    on.commit(1, "dana", 31, BITTINGS, 10);
    let answer = no(on.client.reveal(asked("dana", 1, BITTINGS, 10), 31, &sealed).await);
    assert_eq!(answer, No::PersonQuota { wait: 3_540 });
    on.commit(1, "theo", 32, BITTINGS, 10);
    on.client.reveal(asked("theo", 1, BITTINGS, 10), 32, &sealed).await.expect("another person");
    on.later(3_540);
    on.client.reveal(asked("dana", 1, BITTINGS, 10), 31, &sealed).await.expect("an hour later");
    assert_eq!(on.opened().len(), 32, "what was refused is not in the log");
}

#[tokio::test]
async fn a_search_gives_places_and_counts_as_one_reveal() {
    let on = Stand::start().await;
    let mut candidates = Vec::new();
    for (n, code) in ["5A1234", "5A1235", "X5A1234", "5A1234"].iter().enumerate() {
        let row = 10 + n as u128;
        let sealed = on.client.seal(asked("dana", 1, BITTINGS, row), code.as_bytes()).await.expect("sealed");
        candidates.push(Candidate { row: Uuid::from_u128(row), version: 1, sealed });
    }
    candidates.push(Candidate { row: Uuid::from_u128(99), ..candidates[0].clone() });
    let sought = |receipt, value: &str| Sought {
        asked: asked("dana", 1, BITTINGS, 0),
        receipt,
        wanted: Zeroizing::new(value.into()),
        candidates: candidates.clone(),
    };
    assert_eq!(no(on.client.find(sought(5, "5A1234")).await), No::Forbidden, "no entry");
    on.commit(1, "dana", 5, BITTINGS, 0);
    assert_eq!(
        no(on.client.find(sought(5, "5A1234")).await),
        No::Forbidden,
        "an entry of a reveal is none of a search"
    );
    on.commit_search(1, "dana", 6, BITTINGS, 0);
    assert_eq!(on.client.find(sought(6, "5A1234")).await.expect("found"), [0, 3]);
    assert_eq!(on.opened(), [OpeningKind::Find], "one unit for all");
}

#[tokio::test]
async fn without_its_witness_nothing_opens_or_seals() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, NOTES, 10), b"box 4417").await.expect("sealed");
    on.witness_away(true);
    assert_eq!(no(on.client.open(asked("dana", 1, NOTES, 10), &sealed).await), No::Unavailable);
    assert_eq!(no(on.client.seal(asked("dana", 1, NOTES, 10), b"x").await), No::Unavailable);
    on.witness_away(false);
    assert!(on.client.open(asked("dana", 1, NOTES, 10), &sealed).await.is_ok());
    on.stop().await;
    let gone = on.client.open(asked("dana", 1, NOTES, 10), &sealed).await;
    assert!(matches!(gone, Err(KeydError::Away(_))), "{gone:?}");
}

#[tokio::test]
async fn other_users_are_turned_away_at_both_ends() {
    let own = nix_uid();
    let on = Stand::start_for(vec![own + 1]).await;
    assert!(matches!(on.client.ready().await, Err(KeydError::Away(_))), "keyd answers its user alone");
    let on = Stand::start().await;
    let fooled = vault::keyd::Client::new(on.client.socket().to_owned(), vec![own + 1]);
    let refused = fooled.seal(asked("dana", 1, NOTES, 10), b"secret").await.expect_err("somebody else's socket");
    assert!(refused.to_string().contains("somebody else's process"), "{refused}");
}

fn nix_uid() -> u32 {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("proc"))
}

#[tokio::test]
async fn signatures_check_and_differ_by_shop_and_purpose() {
    let on = Stand::start().await;
    let sign = async |shop: u128, purpose: &str| {
        let asked = vault::keyd::Asked { bearer: Bearer::House, ..asked("dana", shop, NOTES, 0) };
        on.client.sign(asked, purpose, b"size 10").await
    };
    let one = sign(1, "checkpoint").await.expect("signed");
    assert_eq!(one, sign(1, "checkpoint").await.expect("signed"), "the same each time");
    let key = ed25519_dalek::VerifyingKey::from_bytes(&one.public_key).expect("a key");
    assert!(key.verify_strict(b"size 10", &one.signature.into()).is_ok());
    assert!(key.verify_strict(b"size 11", &one.signature.into()).is_err());
    assert_ne!(one.public_key, sign(2, "checkpoint").await.expect("signed").public_key);
    assert_ne!(one.public_key, sign(1, "evidence").await.expect("signed").public_key);
    assert_eq!(no(sign(1, "a/b").await), No::Malformed);
}

#[tokio::test]
async fn a_changed_log_stops_keyd_and_a_torn_end_does_not() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, NOTES, 10), b"box").await.expect("sealed");
    for _ in 0..3 {
        on.client.open(asked("dana", 1, NOTES, 10), &sealed).await.expect("opened");
    }
    on.stop().await;
    let whole = std::fs::read_to_string(on.log()).expect("log");
    assert!(!whole.contains("box") && whole.lines().count() == 3, "{whole}");
    let lines: Vec<&str> = whole.lines().collect();
    let other = Uuid::from_u128(10).to_string();
    for changed in [
        whole.replacen(&other, &Uuid::from_u128(11).to_string(), 1),
        format!("{}\n{}\n", lines[0], lines[2]),
        format!("{}\n{}\n", lines[1], lines[2]),
        format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]),
        format!("{whole}\n"),
    ] {
        std::fs::write(on.log(), &changed).expect("written");
        assert!(matches!(Log::review(&on.log(), drop), Err(LogError::Changed { .. })), "{changed}");
        assert!(on.try_again().is_err());
    }
    std::fs::write(on.log(), format!("{whole}4 17000000 open 00000")).expect("written");
    let mut seen: Vec<Opening> = Vec::new();
    Log::open(&on.log(), |line| seen.push(line)).expect("a torn end is taken off");
    assert_eq!((seen.len(), std::fs::read_to_string(on.log()).expect("log")), (3, whole));
}

#[tokio::test]
async fn row_48_whole_lines_taken_off_the_end_of_the_log_stop_keyd() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, BITTINGS, 10), b"41836").await.expect("sealed");
    for entry in 1..=3 {
        on.commit(1, "dana", entry, BITTINGS, 10);
        on.client.reveal(asked("dana", 1, BITTINGS, 10), entry, &sealed).await.expect("revealed");
    }
    on.stop().await;
    let whole = std::fs::read_to_string(on.log()).expect("log");
    let shorter = |lines: usize| whole.split_inclusive('\n').take(lines).collect::<String>();
    for cut in [2, 1, 0].map(shorter) {
        std::fs::write(on.log(), &cut).expect("written");
        assert!(Log::review(&on.log(), drop).is_ok(), "by itself it looks whole");
        assert!(matches!(on.try_again().map(drop), Err(LogError::Behind { line: 3, .. })), "{cut}");
    }
    std::fs::write(on.log(), &whole).expect("put back");
    assert!(on.try_again().is_ok());
}

#[tokio::test]
async fn wrapped_anew_a_secret_keeps_its_box() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, NOTES, 10), b"box 4417").await.expect("sealed");
    on.second_generation(1);
    let house = || vault::keyd::Asked { bearer: Bearer::House, ..asked("dana", 1, NOTES, 10) };
    let moved = on.client.rewrap(house(), &sealed).await.expect("rewrapped");
    assert_eq!((vault::ShopKey::generation_of(&moved).expect("ours"), &moved[66..]), (2, &sealed[66..]));
    for bytes in [&sealed, &moved] {
        assert_eq!(on.client.open(asked("dana", 1, NOTES, 10), bytes).await.expect("opened").as_slice(), b"box 4417");
    }
    let elsewhere = vault::keyd::Asked { record: Record::from(&place(NOTES, 11)), ..house() };
    assert_eq!(no(on.client.rewrap(elsewhere, &sealed).await), No::Refused);
}

#[tokio::test]
async fn a_root_key_is_given_up_only_once_nothing_is_under_it() {
    let on = Stand::start().await;
    let sealed = on.client.seal(asked("dana", 1, NOTES, 10), b"box 4417").await.expect("sealed");
    assert_eq!(on.client.next_root().await.expect("turned"), 2);
    assert_eq!(no(on.client.retire_root(2).await), No::Unavailable, "the active one stays");
    for shop in [1, 2] {
        assert_eq!(no(on.client.retire_root(1).await), No::Forbidden, "shop {shop} is still under it");
        let stored = on.stored(shop);
        let moved = on.client.rewrap_shop_key(Uuid::from_u128(shop), stored).await.expect("rewrapped");
        on.store(shop, moved);
        assert!(on.client.open(asked("dana", 1, NOTES, 10), &sealed).await.is_ok(), "while it turns");
    }
    assert_eq!(on.client.retire_root(1).await.expect("retired"), 2);
    let on = on.again().await;
    assert_eq!(on.client.open(asked("dana", 1, NOTES, 10), &sealed).await.expect("opened").as_slice(), b"box 4417");
    assert!(on.client.retire_root(1).await.is_err(), "gone");
}

/// Found by the fuzzer: a waiting time where none belongs was passed over.
#[test]
fn a_refusal_has_one_spelling() {
    let forbidden = Answer::No(No::Forbidden).to_bytes();
    assert_eq!(*forbidden, [1, 6, 2, 0, 0, 0, 0]);
    assert!(Answer::from_bytes(&[1, 6, 2, 0, 0, 0, 1]).is_none());
    assert!(Answer::from_bytes(&[1, 6, 7, 0, 0, 0, 2, 0, 0, 0, 0]).is_none());
}

proptest::proptest! {
    #[test]
    fn no_frame_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), kind in 0u8..13) {
        let _ = Request::from_bytes(&bytes);
        let _ = Answer::from_bytes(&bytes);
        let known = [&[1, kind][..], &bytes].concat();
        let _ = Request::from_bytes(&known);
        let _ = Answer::from_bytes(&known);
    }

    #[test]
    fn a_request_reads_back_and_no_part_of_it_does(clear in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cut in 0usize..100, receipt: i64) {
        for request in [Request::Seal(asked("dana", 1, NOTES, 10), Zeroizing::new(clear.clone())), Request::Reveal(asked("dana", 1, NOTES, 10), receipt, clear.clone())] {
            let bytes = request.to_bytes();
            let read = Request::from_bytes(&bytes).expect("its own frame");
            proptest::prop_assert_eq!(read.to_bytes(), bytes.clone());
            let shorter = bytes.len() - 1 - cut.min(bytes.len() - 1);
            proptest::prop_assert!(Request::from_bytes(&bytes[..shorter]).is_none());
            proptest::prop_assert!(Request::from_bytes(&[&bytes[..], &[0]].concat()).is_none());
            let shown = format!("{:?}", read);
            proptest::prop_assert!(!shown.contains(&*digits("dana")), "{}", shown);
        }
    }
}
