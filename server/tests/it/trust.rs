//! The page of trust: facts for everybody, more for the shop's own people, and nothing that helps to get in.

use crate::{
    app::{self, Who},
    exports::checkpointed,
};
use domain::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_95_the_page_of_trust_says_what_is_so_and_what_is_not_certified() {
    let app = app::start().await;
    let nobody = Who::default();
    let early = app.get(&nobody, "/trust").await;
    assert_eq!(early.status, 200);
    for words in ["not SOC 2", "Cuts and codes of keys", "How long what is kept", "No mail server", "named no contact"]
    {
        assert!(early.body.contains(words), "{words}: {}", early.body);
    }
    let policy = early.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    for told in ["Northgate", "northgate", "127.0.0.1", "PostgreSQL", env!("CARGO_PKG_VERSION"), "/var/", "localhost"] {
        assert!(!early.body.contains(told), "the page tells {told}");
    }
    assert!(app.get(&nobody, "/sign-in").await.body.contains("href=\"/trust\""));
    assert!(app.get(&app.client(0).await, "/portal").await.body.contains("href=\"/trust\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_trust_follows_what_the_verifier_found() {
    let on = crate::harness::fresh().await;
    on.sudo("delete from audit.verifications").await;
    on.later("2 hours").await;
    assert_eq!(on.db.kept().await.expect("asked").verified, None, "nothing was verified yet");
    checkpointed(&on).await;
    let kept = on.db.kept().await.expect("asked");
    assert!(!kept.broken && kept.verified == Some(0), "{kept:?}");
    let age = kept.checkpoint.expect("there is one");
    on.later("3 hours").await;
    let later = on.db.kept().await.expect("asked").checkpoint.expect("still");
    assert!((180..183).contains(&(later - age)), "{age} and then {later}");
    let shop = on.crowd.a.id;
    on.sudo(&format!(
        "update audit.verifications set broken_at = now(), broken_seq = 2, why = 'ZZQ-WHY' where shop_id = '{shop}'"
    ))
    .await;
    let app = app::serve(on).await;
    let public = app.get(&Who::default(), "/trust").await;
    assert!(public.body.contains("does not hold") && !public.body.contains("ZZQ-WHY"), "{}", public.body);
    let own = app.get(&app.staff(Role::Auditor).await, "/audit/trust").await;
    assert!(own.status == 200 && own.body.contains("ZZQ-WHY"), "{}", own.body);
    let rival = app.get(&app.rival().await, "/audit/trust").await;
    assert!(rival.status == 200 && !rival.body.contains("ZZQ-WHY"), "the rival learns of it");
    assert_eq!(app.get(&app.staff(Role::Dispatcher).await, "/audit/trust").await.status, 403);
}
