//! Rows 19 and 21: hashes of older days, and passwords of older days.

use crate::harness::{self, TestDb, crowd::PASSWORD};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use domain::Role;
use store::{
    front_door::{passwords, tries::Tried},
    mail::Mail,
};

async fn right(on: &TestDb, email: &str, password: &str) -> bool {
    let tried = on.db.front_door().try_password(email, password.into(), None, &harness::crowd::origin()).await;
    matches!(tried, Ok(Tried::Right(_)))
}

/// A hash with the parameters of an older day.
fn older(password: &str) -> String {
    let params = Params::new(19_456, 1, 1, None).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes()).unwrap().to_string()
}

#[tokio::test]
async fn row_19_an_older_hash_still_verifies_and_is_made_anew_at_sign_in() {
    let on = harness::fresh().await;
    let email = on.crowd.a.email(Role::Dispatcher);
    let hash = format!("select password_hash from auth.people where email = '{email}'");
    for old in [passwords::hash(PASSWORD.into()).await.unwrap(), older(PASSWORD)] {
        on.sudo(&format!("update auth.people set password_hash = '{old}' where email = '{email}'")).await;
        assert!(!right(&on, &email, "wrong").await);
        assert_eq!(on.ask::<String>(&hash).await, old, "a wrong password changes nothing");
        assert!(right(&on, &email, PASSWORD).await, "{old}");
        let renewed: String = on.ask(&hash).await;
        assert!(renewed.starts_with("$argon2id$v=19$m=47104,t=1,p=1,keyid="), "{renewed}");
        let before = on.db.password_hashes();
        assert!(right(&on, &email, PASSWORD).await);
        assert_eq!((on.ask::<String>(&hash).await, on.db.password_hashes()), (renewed, before + 1), "once is enough");
    }
}

#[tokio::test]
async fn row_21_the_last_twelve_passwords_are_not_used_again() {
    let on = harness::fresh().await;
    let actor = on.crowd.a.actor(&on.db, Role::Dispatcher).await;
    let nth = |n: usize| if n == 1 { PASSWORD.to_owned() } else { format!("copper heron number {n} under the stairs") };
    let letter = |to: &str, _: &str| Mail { to: to.into(), subject: String::new(), text: String::new() };
    let set = async |now: String, new: String| on.db.front_door().change_password(&actor, now, new, None, letter).await;
    let kept = format!("select count(*) from auth.password_history where person_id = '{}'", actor.person);
    for n in 2..=12 {
        set(nth(n - 1), nth(n)).await.unwrap();
        assert!(set(nth(n), nth(n)).await.is_err(), "the present one");
    }
    for n in [1, 2, 11] {
        let refused = set(nth(12), nth(n)).await;
        assert!(
            refused.is_err_and(|error| format!("{error:?}").contains("last 12")),
            "password {n} after the eleventh change"
        );
    }
    set(nth(12), nth(13)).await.unwrap();
    assert!(set(nth(13), nth(2)).await.is_err());
    set(nth(13), nth(1)).await.unwrap();
    assert_eq!(on.ask::<i64>(&kept).await, 11, "no more is kept than is needed");
}
