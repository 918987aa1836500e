//! A whole record as a file: it verifies, and with one byte flipped it does not.

use proof::{
    Checkpoint, Entry, Frontier, LogCheck, LogHead, LogLine, Origin, Signer, Trusted, Verdict, chain, genesis, leaf,
    sha256,
};
use uuid::Uuid;

const SHOP: Uuid = Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);

/// Twelve entries, all under a checkpoint; the facts of the third were erased.
fn log() -> (String, Signer) {
    log_of(12, 2_000_000)
}

/// The same with the first `signed` under the checkpoint (none of them: no checkpoint), another time of the fifth entry, and
/// every hash after it as it then should be.
fn log_of(signed: u64, time_us: i64) -> (String, Signer) {
    let signer = Signer::new(Origin(SHOP), &[7; 32]);
    let (mut tree, mut last, mut lines, mut note) =
        (Frontier::default(), genesis(SHOP, 1_000_000), String::new(), String::new());
    for seq in 1..=12_u64 {
        let payload = format!(r#"{{"about":["{SHOP}"],"event":{{"event":"shop_changed","shop":"{SHOP}"}}}}"#);
        let (salt, facts) = (sha256(&[&seq.to_be_bytes()]).to_vec(), r#"{"ip":"203.0.113.9"}"#.to_owned());
        let entry = Entry {
            shop: SHOP,
            seq,
            time_us: if seq == 5 { time_us } else { 2_000_000 },
            action: 13,
            actor_kind: 1,
            actor: SHOP,
            entity: SHOP,
            result: 0,
            payload: sha256(&[payload.as_bytes()]),
            commitment: sha256(&[&salt, facts.as_bytes()]),
        };
        let bytes = entry.to_bytes();
        last = chain(&last, &bytes);
        tree.push(leaf(&bytes));
        lines += &LogLine::new(&bytes, &last, payload, (seq != 3).then_some((salt, facts))).to_text().unwrap();
        lines += "\n";
        if seq == signed {
            note = Checkpoint::sign(signed, tree.root(), &signer).note().to_owned();
        }
    }
    let head = LogHead::new(SHOP, 1_000_000, 12, signer.key().to_string(), note).to_text().unwrap();
    (format!("{head}\n{lines}"), signer)
}

fn check(file: &[u8], trusted: &Trusted) -> Verdict {
    let Ok(text) = std::str::from_utf8(file) else {
        return Verdict::No { field: proof::Field::File, why: String::new() };
    };
    let mut lines = text.split_terminator('\n');
    let walked = LogCheck::begin(lines.next().unwrap_or_default())
        .and_then(|mut check| lines.try_for_each(|line| check.line(line)).map(|()| check.end(trusted)));
    walked.unwrap_or_else(|no| no)
}

#[test]
fn row_71_an_exported_log_verifies_and_with_any_byte_flipped_it_does_not() {
    let (file, signer) = log();
    let trusted = Trusted::Key(signer.key());
    let verdict = check(file.as_bytes(), &trusted);
    assert!(verdict.is_yes(), "{verdict}");
    let told = verdict.to_string();
    assert!(
        told.contains("This is the shop's record") && told.contains("the first 12") && told.contains("in 1 entries"),
        "{told}"
    );
    for at in 0..file.len() - 1 {
        let mut other = file.clone().into_bytes();
        other[at] ^= 1;
        assert!(!check(&other, &trusted).is_yes(), "byte {at} of {} may be anything", file.len());
    }
    assert!(matches!(check(file.as_bytes(), &Trusted::Nothing), Verdict::KeyUnknown(..)));
    let other = Signer::new(Origin(SHOP), &[8; 32]).key();
    assert!(!check(file.as_bytes(), &Trusted::Key(other)).is_yes(), "any key will do");
}

/// Whoever holds the database changes an entry and makes every hash anew: the chain holds, the signed checkpoint does not.
#[test]
fn row_71_a_log_made_anew_around_a_changed_entry_contradicts_its_checkpoint() {
    let ((honest, signer), (forged, _)) = (log(), log_of(12, 3_000_000));
    let head = honest.split_inclusive('\n').next().unwrap();
    let lines = forged.split_once('\n').unwrap().1;
    let verdict = check(format!("{head}{lines}").as_bytes(), &Trusted::Key(signer.key()));
    assert!(matches!(&verdict, Verdict::No { field: proof::Field::Checkpoint, .. }), "{verdict}");
}

/// The shop's public key stands in every proof it gave away: whoever has one writes a trail around it, and chains it well.
#[test]
fn row_71_a_trail_that_nobody_signed_to_its_end_is_not_the_shops() {
    for signed in [0, 1, 5, 11] {
        let (file, signer) = log_of(signed, 2_000_000);
        for trusted in [Trusted::Key(signer.key()), Trusted::Nothing] {
            let verdict = check(file.as_bytes(), &trusted);
            assert!(matches!(&verdict, Verdict::Unsigned(_, last) if *last == 12 - signed), "{signed}: {verdict}");
            assert!(verdict.headline().starts_with("Not complete") && !verdict.is_yes(), "{verdict}");
        }
    }
}

#[test]
fn what_is_cut_off_or_put_in_is_missed() {
    let (file, signer) = log();
    let trusted = Trusted::Key(signer.key());
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    for gone in 1..lines.len() {
        let less: String = lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
        assert!(!check(less.as_bytes(), &trusted).is_yes(), "line {gone} is not missed");
    }
    let twice = format!("{file}{}", lines[12]);
    assert!(!check(twice.as_bytes(), &trusted).is_yes());
    // A checkpoint over another number of entries than its root is of.
    let other = file.replacen("\\n12\\n", "\\n11\\n", 1);
    assert!(other != file && !check(other.as_bytes(), &trusted).is_yes());
}
