//! Rows 42, 46 and 47 with a key in a real PKCS#11 token: it never leaves it, wraps for one installation alone, its PIN is in no
//! words and no loop, and while the token is away what is sealed is closed, and nothing else.

mod beside;
mod stand;

use cryptoki::{
    error::{Error, RvError},
    mechanism::Mechanism,
    object::{Attribute, AttributeInfo, AttributeType, KeyType, ObjectClass},
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use server::keyd::{
    service::Credential,
    token::{Token, TokenKey},
};
use stand::{PIN, Stand, made, module, template, uri, within};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use vault::{Context, KeyService, VaultError, try_out};

fn context(installation: &str) -> Context {
    Context::new(vec![("installation", installation.into()), ("key", "1".into())])
}

fn denied<T: std::fmt::Debug>(asked: Result<T, VaultError>) -> String {
    match asked {
        Err(VaultError::Denied(words)) => words,
        other => panic!("not denied: {other:?}"),
    }
}

fn away<T: std::fmt::Debug>(asked: Result<T, VaultError>) -> String {
    match asked {
        Err(VaultError::Provider(words)) => words,
        other => panic!("not away: {other:?}"),
    }
}

#[test]
fn row_42_a_tokens_key_wraps_within_it_and_cannot_be_taken_out() {
    let Some(stand) = Stand::of("row_42_a_tokens_key_wraps_within_it_and_cannot_be_taken_out") else { return };
    stand.token_with_key("shop");
    let service = stand.service("shop", "root");
    let wrapped = service.wrap(&context("one"), &[7; 32]).unwrap();
    assert_eq!(*service.unwrap(&context("one"), &wrapped).unwrap(), [7; 32]);
    assert_ne!(service.wrap(&context("one"), &[7; 32]).unwrap()[1..13], wrapped[1..13], "an IV used twice");
    let renewed = service.renew(&context("one"), &wrapped).unwrap();
    assert!(renewed != wrapped && *service.unwrap(&context("one"), &renewed).unwrap() == [7; 32]);
    // Neither shown nor wrapped under another key.
    within("shop", |session| {
        let key = session.find_objects(&[Attribute::Label("root".into())]).unwrap()[0];
        let about = session.get_attribute_info(key, &[AttributeType::Value]).unwrap();
        assert!(matches!(about[..], [AttributeInfo::Sensitive]), "{about:?}");
        assert!(session.get_attributes(key, &[AttributeType::Value]).unwrap().is_empty());
        let other = made(session, "other", &[Attribute::Wrap(true)]);
        let taken = session.wrap_key(&Mechanism::AesKeyWrap, other, key);
        assert!(matches!(taken, Err(Error::Pkcs11(RvError::KeyUnextractable, _))), "{taken:?}");
        let opened = session.update_attributes(key, &[Attribute::Extractable(true)]);
        assert!(opened.is_err(), "made extractable afterwards");
    });
}

#[test]
fn row_42_what_a_token_wraps_is_aes_256_gcm_with_the_context_as_additional_data() {
    let test = "row_42_what_a_token_wraps_is_aes_256_gcm_with_the_context_as_additional_data";
    let Some(stand) = Stand::of(test) else { return };
    stand.token("shop");
    // A key whose bytes the test knows, for it put them there.
    within("shop", |session| {
        let known = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Value(vec![9; 32]),
        ];
        let like = template("root", &known).into_iter().filter(|one| !matches!(one, Attribute::ValueLen(_)));
        session.create_object(&like.collect::<Vec<_>>()).unwrap();
    });
    let mut wrapped = stand.service("shop", "root").wrap(&context("one"), &[7; 32]).unwrap();
    assert_eq!((wrapped[0], wrapped.len()), (1, 61));
    let nonce = Nonce::try_assume_unique_for_key(&wrapped[1..13]).unwrap();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[9; 32]).unwrap());
    let clear = key.open_in_place(nonce, Aad::from(context("one").bytes()), &mut wrapped[13..]).expect("its own bytes");
    assert_eq!(clear, [7; 32]);
}

#[test]
fn row_42_what_one_key_wrapped_opens_in_its_place_and_under_it_alone() {
    let Some(stand) = Stand::of("row_42_what_one_key_wrapped_opens_in_its_place_and_under_it_alone") else { return };
    for token in ["shop", "other"] {
        stand.token_with_key(token);
    }
    within("shop", |session| made(session, "second", &[]));
    let service = stand.service("shop", "root");
    let wrapped = try_out(&service, &context("one"), &[7; 32]).unwrap();
    assert!(denied(service.unwrap(&context("two"), &wrapped)).contains("does not open"));
    for other in [stand.service("other", "root"), stand.service("shop", "second")] {
        assert!(denied(other.unwrap(&context("one"), &wrapped)).contains("does not open"), "{other:?}");
    }
    for at in [1, 12, 13, 44, 60] {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        denied(service.unwrap(&context("one"), &changed));
    }
    for cut in [&wrapped[..60], &wrapped[1..], &[wrapped.as_slice(), &[0]].concat(), &[]] {
        assert!(matches!(service.unwrap(&context("one"), cut), Err(VaultError::Malformed)));
    }
    assert_eq!(*service.unwrap(&context("one"), &wrapped).unwrap(), [7; 32]);
}

#[test]
fn row_42_a_key_that_may_leave_its_token_is_not_used() {
    let Some(stand) = Stand::of("row_42_a_key_that_may_leave_its_token_is_not_used") else { return };
    stand.token("shop");
    within("shop", |session| {
        made(session, "extractable", &[Attribute::Extractable(true)]);
        made(session, "shown", &[Attribute::Sensitive(false)]);
        made(session, "short", &[Attribute::ValueLen(16.into())]);
        made(session, "one-way", &[Attribute::Encrypt(false), Attribute::Decrypt(false)]);
        made(session, "twice", &[Attribute::Id(vec![1])]);
        made(session, "twice", &[Attribute::Id(vec![2])]);
        made(session, "passing", &[Attribute::Token(false)]);
    });
    for (object, words) in [
        ("extractable", "may be taken out"),
        ("shown", "may be taken out"),
        ("short", "none of AES with 256 bits"),
        ("one-way", "may not encrypt"),
        ("twice", "by its id"),
        ("passing", "no such key"),
        ("none", "no such key"),
    ] {
        let said = denied(stand.service("shop", object).wrap(&context("one"), &[7; 32]));
        assert!(said.contains(words), "{object}: {said}");
    }
    let first = stand.with(&uri("shop", "twice;id=%01"), "pin", PIN);
    let second = stand.with(&uri("shop", "twice;id=%02"), "pin", PIN);
    let wrapped = first.wrap(&context("one"), &[7; 32]).unwrap();
    assert!(first.unwrap(&context("one"), &wrapped).is_ok() && second.unwrap(&context("one"), &wrapped).is_err());
}

#[test]
fn row_46_a_wrong_pin_is_shown_once_and_stands_in_no_words() {
    let Some(stand) = Stand::of("row_46_a_wrong_pin_is_shown_once_and_stands_in_no_words") else { return };
    stand.token_with_key("shop");
    let wrong = "ZZQ-wrong";
    let service = stand.with(&uri("shop", "root"), "pin", wrong);
    let wrap = |service: &Token| service.wrap(&context("one"), &[7; 32]);
    assert!(!stand.doubts("shop"));
    let error = wrap(&service).unwrap_err();
    let words = format!("{error} {error:?} {service:?} {}", service.name());
    assert!(words.contains("the PIN is wrong") && !words.contains("ZZQ"), "no PIN in words");
    assert!(stand.doubts("shop"), "it was shown");
    // From now on it is the right one. Were it shown again, it would open.
    stand.new_pin("shop", PIN, wrong);
    for _ in 0..3 {
        assert!(denied(wrap(&service)).contains("not shown again"));
    }
    // Nor does another process try it.
    let credential = || Credential::File(stand.0.join("pin"), 0);
    let at = TokenKey::read(&uri("shop", "root")).unwrap();
    let restarted = Token::new(at.clone(), credential(), stand.0.join("pin.refused"));
    assert!(denied(wrap(&restarted)).contains("not shown again"));
    let kept = fs::read_to_string(stand.0.join("pin.refused")).unwrap();
    assert!(!kept.contains("ZZQ"));
    // Where there is no place to remember it for others, it is remembered here.
    let placeless = Token::new(at, Credential::File(stand.pin_file("third", "ZZQ-third"), 0), "/proc/none".into());
    assert!(denied(wrap(&placeless)).contains("the PIN is wrong"));
    assert!(denied(wrap(&placeless)).contains("not shown again"));
    // Written anew it is another.
    stand.pin_file("pin", wrong);
    wrap(&service).unwrap();
    wrap(&restarted).unwrap();
    for text in ["", "two\nlines", "a\tb"] {
        let error = wrap(&stand.with(&uri("shop", "root"), "no-pin", text)).unwrap_err();
        assert!(error.to_string().contains("is no PIN"), "{error}");
    }
    fs::set_permissions(stand.0.join("pin"), fs::Permissions::from_mode(0o440)).unwrap();
    assert!(away(wrap(&service)).contains("chmod 400"));
}

#[test]
fn row_42_a_token_that_was_taken_away_is_missed_and_found_again() {
    let Some(stand) = Stand::of("row_42_a_token_that_was_taken_away_is_missed_and_found_again") else { return };
    stand.token_with_key("shop");
    let service = stand.service("shop", "root");
    let wrapped = service.wrap(&context("one"), &[7; 32]).unwrap();
    let opens = |service: &Token| service.unwrap(&context("one"), &wrapped);
    let elsewhere = stand.0.join("elsewhere");
    for _ in 0..3 {
        opens(&service).unwrap();
        fs::rename(stand.tokens(), &elsewhere).unwrap();
        away(opens(&service));
        fs::create_dir(stand.tokens()).unwrap();
        assert!(away(opens(&service)).contains("the token is not there"));
        fs::remove_dir(stand.tokens()).unwrap();
        fs::rename(&elsewhere, stand.tokens()).unwrap();
    }
    opens(&service).unwrap();
    // Several of one name are told apart by nothing but their serials.
    stand.token("shop");
    assert!(denied(opens(&service)).contains("by its serial"));
    // A module that is away, is none, or that others could replace.
    let own = stand.0.join("own.so");
    fs::copy(module(), &own).unwrap();
    let by =
        |path: &Path| stand.with(&format!("pkcs11:token=shop;object=root?module-path={}", path.display()), "pin", PIN);
    fs::set_permissions(&own, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(away(opens(&by(&own))).contains("others than root"));
    fs::set_permissions(&own, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(denied(opens(&by(&own))).contains("by its serial"), "it is used");
    assert!(away(opens(&by(&stand.0.join("none.so")))).contains("No such file"));
    // Another file: this one may still be mapped.
    fs::remove_file(&own).unwrap();
    fs::write(&own, "no library").unwrap();
    assert!(away(opens(&by(&own))).contains("cannot be loaded"));
}

#[test]
fn row_42_a_token_that_hangs_is_not_waited_for() {
    let Some(stand) = Stand::of("row_42_a_token_that_hangs_is_not_waited_for") else { return };
    stand.token_with_key("shop");
    let service = stand.service("shop", "root");
    let wrapped = service.wrap(&context("one"), &[7; 32]).unwrap();
    // A pipe in place of its file: whoever reads it waits.
    let folder = fs::read_dir(stand.tokens()).unwrap().next().unwrap().unwrap().path();
    let (file, kept) = (folder.join("token.object"), stand.0.join("kept"));
    fs::rename(&file, &kept).unwrap();
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    for words in ["no answer of the token within 4 seconds", "did not end an earlier request within 4 seconds"] {
        let begun = Instant::now();
        assert!(away(service.unwrap(&context("one"), &wrapped)).contains(words));
        assert!(begun.elapsed() < Duration::from_secs(8), "waited for");
    }
    // It comes to its end, and the next is served.
    let pipe = stand.0.join("pipe");
    fs::rename(&file, &pipe).unwrap();
    fs::rename(&kept, &file).unwrap();
    drop(fs::OpenOptions::new().write(true).open(&pipe).unwrap());
    let until = Instant::now() + Duration::from_secs(20);
    while service.unwrap(&context("one"), &wrapped).is_err() {
        assert!(Instant::now() < until, "never again");
    }
}
