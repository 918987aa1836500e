//! Acts of the settings, each by its page, and their entries on the chain. Whether every kind of event stands on some chain
//! after all tests is `scripts/events.sh`'s to say.

use crate::{
    app::{self, TestApp, Who},
    passkeys::{self, with_passkey},
};
use domain::{
    Role,
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use uuid::Uuid;

async fn stands(app: &TestApp, action: i16) -> bool {
    let shop = app.on.crowd.a.id;
    let asked = format!("select exists (select from audit.entries where shop_id = '{shop}' and action = {action})");
    app.on.ask(&asked).await
}

async fn act(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) {
    let mut form = app::post_fields(who, "/shop");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let answer = app.post(who, path, &form).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_67_taxes_keys_and_names_of_passkeys_stand_on_the_chain() {
    let app = passkeys::start().await;
    let owner = app.staff(Role::Owner).await;
    act(&app, &owner, "/fn/office/add_tax_rate", &[("form[name]", "PST"), ("form[rate]", "7"), ("form[part]", "on")])
        .await;
    assert!(stands(&app, 14).await, "taxes");

    let actor = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let reach = Reach { scope: Scope::Read, namespaces: vec![Namespace::Clients] };
    let new = NewApiKey { name: "Accounting".into(), reach, days: 90, trap: false };
    app.on.db.front_door().make_api_key(&actor, "events", &new).await.expect("a key");
    let key: Uuid = app.on.ask("select id from auth.api_keys order by id desc limit 1").await;
    act(&app, &owner, "/fn/office/revoke_api_key", &[("key", &key.to_string())]).await;
    assert!(stands(&app, 117).await, "a key was revoked");

    with_passkey(&app, &owner).await;
    let passkey: Uuid = app.on.ask("select id from auth.passkeys order by id desc limit 1").await;
    act(&app, &owner, "/fn/office/rename_passkey", &[("passkey", &passkey.to_string()), ("form[name]", "Bench phone")])
        .await;
    assert!(stands(&app, 111).await, "a passkey was renamed");
}
