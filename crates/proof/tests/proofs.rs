//! A proof holds; whatever is changed in it, in the document or in the key, it says no and names what differs.

mod sample;

use proof::*;
use proptest::prelude::*;
use sample::*;

fn field(verdict: &Verdict) -> Option<Field> {
    if let Verdict::No { field, .. } = verdict { Some(*field) } else { None }
}

/// Verdict on the sample after this change.
fn changed(change: impl FnOnce(&mut ProofFile)) -> Option<Field> {
    let mut sample = sample();
    change(&mut sample.file);
    let text = sample.file.to_text().unwrap();
    field(&verify(text.as_bytes(), Some(DOCUMENT), &trusted(&sample)))
}

#[test]
fn a_signed_document_is_proved_in_plain_words() {
    let sample = sample();
    let text = sample.file.to_text().unwrap();
    let verdict = verify(text.as_bytes(), Some(DOCUMENT), &trusted(&sample));
    assert!(verdict.is_yes(), "{verdict}");
    assert_eq!(verdict.to_string(), include_str!("sample/yes.txt"));
    assert_eq!(ProofFile::read(text.as_bytes()).unwrap(), sample.file);
}

/// Made once: whatever is handed out today must be read by every later version.
#[test]
fn a_file_of_the_first_version_still_holds() {
    let sample = sample();
    let kept = include_bytes!("sample/signed.tlog-proof");
    assert!(verify(kept, Some(DOCUMENT), &trusted(&sample)).is_yes());
    assert_eq!(sample.file.to_text().unwrap().as_bytes(), kept);
}

#[test]
fn without_the_document_it_is_not_yes() {
    let sample = sample();
    let text = sample.file.to_text().unwrap();
    let verdict = verify(text.as_bytes(), None, &trusted(&sample));
    assert!(matches!(verdict, Verdict::DocumentMissing(_)) && !verdict.is_yes());
}

#[test]
fn the_key_is_the_readers_not_the_files() {
    let sample = sample();
    let text = sample.file.to_text().unwrap();
    let other = Signer::new(Origin(SHOP), &[1; 32]).key();
    assert_eq!(field(&verify(text.as_bytes(), Some(DOCUMENT), &Trusted::Key(other))), Some(Field::Key));
    let printed = Trusted::read(&format!("  {}\n", sample.signer.key().fingerprint().to_uppercase())).unwrap();
    assert!(verify(text.as_bytes(), Some(DOCUMENT), &printed).is_yes());
    assert_eq!(Trusted::read("not a key"), Err(Unreadable::Key));
    let unknown = verify(text.as_bytes(), Some(DOCUMENT), &Trusted::read(" ").unwrap());
    assert!(!unknown.is_yes() && unknown.headline().contains(&sample.signer.key().fingerprint()), "{unknown}");
}

#[test]
fn each_change_names_its_field() {
    assert_eq!(changed(|_| ()), None);
    assert_eq!(changed(|file| file.index += 1), Some(Field::Position));
    assert_eq!(changed(|file| file.path[0][0] ^= 1), Some(Field::Entry));
    assert_eq!(changed(|file| file.bundle.entry.time_us += 1), Some(Field::Entry));
    assert_eq!(changed(|file| file.bundle.payload.push(' ')), Some(Field::Payload));
    assert_eq!(changed(|file| file.bundle.sealed = None), Some(Field::Evidence));
    let sealed = |change: fn(&mut Sealed)| changed(|file| file.bundle.sealed.iter_mut().for_each(change));
    assert_eq!(sealed(|it| it.evidence = it.evidence.replace("drawn", "typed")), Some(Field::Evidence));
    assert_eq!(sealed(|it| it.seal = base64(&[0; 64])), Some(Field::Evidence));
    assert_eq!(sealed(|it| it.key = Signer::new(Origin(SHOP), &[1; 32]).key().to_string()), Some(Field::Evidence));
    assert_eq!(sealed(|it| it.consent.push('!')), Some(Field::Consent));
    let opened = |change: fn(&mut Secrets<Option<Opening>>)| {
        changed(|file| file.bundle.sealed.iter_mut().for_each(|it| change(&mut it.opened)))
    };
    assert_eq!(opened(|it| it.signer.iter_mut().for_each(|it| it.value = "Carl Meier".into())), Some(Field::Signer));
    assert_eq!(opened(|it| it.ip.iter_mut().for_each(|it| it.value = "203.0.113.8".into())), Some(Field::Ip));
    assert_eq!(opened(|it| it.user_agent.iter_mut().for_each(|it| it.value.clear())), Some(Field::UserAgent));
    assert_eq!(opened(|it| it.device_time.iter_mut().for_each(|it| it.value.push('1'))), Some(Field::DeviceTime));
    assert_eq!(opened(|it| it.witness.iter_mut().for_each(|it| it.value = "Tess".into())), Some(Field::Witness));
    assert_eq!(opened(|it| *it = Secrets::default()), None, "what is not opened is not needed");
}

/// Recorded by the shop, and yet not sealed by its key.
#[test]
fn a_recorded_seal_of_another_key_is_refused() {
    let mut sample = sample();
    let file = &mut sample.file;
    for seal in [base64(&[3; 64]), base64(&Signer::new(Origin(SHOP), &[1; 32]).sign(b"x")), String::new()] {
        let sealed = file.bundle.sealed.as_mut().unwrap();
        let before = hex(&Evidence::hash(&sealed.evidence, &sealed.key, &sealed.seal));
        sealed.seal = seal;
        let after = hex(&Evidence::hash(&sealed.evidence, &sealed.key, &sealed.seal));
        file.bundle.payload = file.bundle.payload.replace(&before, &after);
        file.bundle.entry.payload = sha256(&[file.bundle.payload.as_bytes()]);
        file.bundle.entry.seq = 1;
        (file.index, file.path) = (0, Vec::new());
        file.checkpoint = Checkpoint::sign(1, leaf(&file.bundle.entry.to_bytes()), &sample.signer);
        let text = file.to_text().unwrap();
        let trusted = Trusted::Key(sample.signer.key());
        assert_eq!(field(&verify(text.as_bytes(), Some(DOCUMENT), &trusted)), Some(Field::Seal));
    }
}

#[test]
fn a_checkpoint_of_another_key_or_shop_is_refused() {
    let other = |shop: u128, seed| Signer::new(Origin(uuid::Uuid::from_u128(shop)), &[seed; 32]);
    for signer in [other(SHOP.as_u128(), 1), other(5, 7)] {
        let forged = changed(|file| file.checkpoint = Checkpoint::sign(40, file.checkpoint.root, &signer));
        assert_eq!(forged, Some(Field::Checkpoint));
    }
}

#[test]
fn every_flipped_bit_of_the_file_and_of_the_document_is_noticed() {
    let sample = sample();
    let (text, trusted) = (sample.file.to_text().unwrap().into_bytes(), trusted(&sample));
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone();
            bytes[at] ^= 1 << bit;
            assert!(!verify(&bytes, Some(DOCUMENT), &trusted).is_yes(), "byte {at}, bit {bit}");
        }
    }
    for at in 0..DOCUMENT.len() {
        let mut bytes = DOCUMENT.to_vec();
        bytes[at] ^= 1;
        assert_eq!(field(&verify(&text, Some(&bytes), &trusted)), Some(Field::Document));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn parsers_take_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000), text in ".{0,400}") {
        let trusted = trusted(&sample());
        prop_assert!(!verify(&bytes, None, &trusted).is_yes());
        prop_assert!(!verify(text.as_bytes(), None, &trusted).is_yes());
        let _ = (Checkpoint::read(&text), Trusted::read(&text), Entry::read(&bytes), Evidence::read(&text), Bundle::read(&bytes));
    }

    #[test]
    fn any_splice_is_noticed(at in any::<prop::sample::Index>(), cut in 0..6_usize, put in prop::collection::vec(any::<u8>(), 0..6)) {
        let sample = sample();
        let text = sample.file.to_text().unwrap().into_bytes();
        let at = at.index(text.len());
        let mut bytes = text.clone();
        bytes.splice(at..(at + cut).min(text.len()), put);
        prop_assert_eq!(verify(&bytes, Some(DOCUMENT), &trusted(&sample)).is_yes(), bytes == text);
    }

    #[test]
    fn entries_read_back(seq in any::<u64>(), time_us in any::<i64>(), action in any::<i16>(), kind in any::<u8>(), ids in any::<(u128, u128, u128)>(), hashes in any::<([u8; 32], [u8; 32])>()) {
        let entry = Entry {
            shop: uuid::Uuid::from_u128(ids.0), seq, time_us, action, actor_kind: kind, actor: uuid::Uuid::from_u128(ids.1),
            entity: uuid::Uuid::from_u128(ids.2), result: 1, payload: hashes.0, commitment: hashes.1,
        };
        prop_assert_eq!(Entry::read(&entry.to_bytes()), Some(entry));
    }
}

#[test]
fn a_bundle_in_another_spelling_is_refused() {
    let bytes = sample().file.bundle.to_bytes().unwrap();
    assert!(Bundle::read(&bytes).is_some());
    assert!(Bundle::read(&[b" ", bytes.as_slice()].concat()).is_none(), "a space before");
    let spaced = String::from_utf8(bytes).unwrap().replacen("\"v\":1", "\"v\": 1", 1);
    assert!(Bundle::read(spaced.as_bytes()).is_none(), "a space within");
}
