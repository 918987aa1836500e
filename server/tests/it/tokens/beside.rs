//! keyd with root keys that a token guards: in pages, and by the commands of the real program.

use super::stand::{PIN, Stand, made, uri, within};
use crate::{
    app, harness,
    key_services::beside::keys,
    keyd::{Served, command, keyd_of},
};
use domain::Role;
use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
    time::Duration,
};
use vault::{ServiceKeys, Vault};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_42_while_the_token_is_away_secrets_are_closed_in_words_and_all_else_works() {
    let test = "beside::row_42_while_the_token_is_away_secrets_are_closed_in_words_and_all_else_works";
    let Some(stand) = Stand::of(test) else { return };
    stand.token_with_key("shop");
    let mut app = app::start().await;
    let (path, service) = (app.on.keyd.root_key.clone(), stand.service("shop", "root"));
    let keys = tokio::task::spawn_blocking(move || ServiceKeys::adopt(path, service)).await.unwrap().unwrap();
    app.on.keyd.go_on_with(Vault::new(keys.keeping(Duration::ZERO)).keeping(Duration::ZERO));
    let who = app.staff(Role::Owner).await;
    let site = app.on.crowd.a.clients[0]["site"];
    let (page, path) = (format!("/sites/{site}"), "/fn/desk/write_access_notes");
    let mut form = app::post_fields(&who, &page);
    for (name, value) in
        [("site", site.to_string()), ("form[access_notes]", "ZZQ key safe 4711".into()), ("form[version]", "1".into())]
    {
        form.push((name.into(), value));
    }
    let elsewhere = stand.0.join("elsewhere");
    fs::rename(stand.tokens(), &elsewhere).unwrap();
    let refused = app.post(&who, path, &form).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("key service") && refused.body.contains("Everything else works"), "its words");
    for page in ["/", "/clients", "/jobs", &page] {
        assert_eq!(app.get(&who, page).await.status, 200, "{page}");
    }
    let kept: bool =
        app.on.ask("select exists (select from vault.access_notes where position('4711'::bytea in sealed) > 0)").await;
    assert!(!kept, "stored in clear");
    assert!(app.on.keyd.client.ready().await.is_ok() && app.on.keyd.client.usable().await.is_err());
    fs::rename(&elsewhere, stand.tokens()).unwrap();
    // It is given a moment before it is asked again.
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert!(app.on.keyd.client.usable().await.is_ok());
    assert_ne!(app.post(&who, path, &form).await.status, 503);
}

/// Gives a folder and what is in it to keyd's user.
fn give(path: &Path, owner: u32) {
    chown(path, Some(owner), None).unwrap();
    for entry in fs::read_dir(path).into_iter().flatten() {
        give(&entry.unwrap().path(), owner);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_47_root_keys_move_into_a_token_turn_there_and_move_on_to_another_key() {
    let Some(stand) = Stand::of("beside::row_47_root_keys_move_into_a_token_turn_there_and_move_on_to_another_key")
    else {
        return;
    };
    stand.token_with_key("shop");
    within("shop", |session| made(session, "second", &[]));
    let on = harness::fresh().await;
    let mut server = Served::of(&on).await;
    let (data, url) = (server.data.clone(), on.url());
    let root = server.keyd_folder().await.join("root.key");
    let owner = fs::metadata(&root).unwrap().uid();
    give(&stand.tokens(), owner);
    let pin = |pin: &str| {
        let path = root.with_file_name("root.credential");
        let _ = fs::remove_file(&path);
        fs::copy(stand.pin_file("pin", pin), &path).unwrap();
        chown(path, Some(owner), None).unwrap();
    };
    let run = |setting: &str, words: &'static [&'static str]| {
        let mut command = command(&data, &url, "127.0.0.1:0");
        command.env("SHEARLINE_ROOT_KEY", setting);
        tokio::task::spawn_blocking(move || keys(&mut command, words))
    };
    let (first, second) = (uri("shop", "root"), uri("shop", "second"));
    server.stop();
    // A wrong PIN is tried by the first of them alone.
    pin("ZZQ-wrong");
    for words in ["the PIN is wrong", "not shown again"] {
        let (done, said) = run(&first, &["move"]).await.unwrap();
        assert!(!done && said.contains(words), "{said}");
    }
    assert!(fs::read_to_string(&root).unwrap().starts_with("shearline-root-keys 1"), "given up though nobody took it");
    pin(PIN);
    let (done, said) = run(&first, &["move"]).await.unwrap();
    assert!(done && said.contains("wrapped by pkcs11:token=shop;object=root now"), "{said}");
    let text = fs::read_to_string(&root).unwrap();
    assert!(text.starts_with("shearline-root-keys 2") && !text.contains("\nkey "), "{text}");
    server.start(|command| {
        command.env("SHEARLINE_ROOT_KEY", &first);
    });
    server.answers().await;
    let (done, said) = run(&first, &["status"]).await.unwrap();
    assert!(done && said.contains("They open.") && said.contains("root key 2 opens"), "{said}");
    // keyd has loaded the module, the web has not.
    let loads = |pid: u32| fs::read_to_string(format!("/proc/{pid}/maps")).ok().map(|maps| maps.contains("softhsm"));
    assert_eq!(loads(server.pid()), Some(false));
    let keyd = keyd_of(server.pid()).unwrap().0;
    assert_ne!(loads(keyd), Some(false));
    let (done, said) = run(&first, &["rotate"]).await.unwrap();
    assert!(done && said.contains("Root key 3 is the active one now"), "{said}");
    let (done, said) = run(&first, &["retire"]).await.unwrap();
    assert!(done && said.contains("2 keys that nothing needs"), "{said}");
    let (done, said) = run(&first, &["status"]).await.unwrap();
    assert!(done && said.contains("Keys 3; 3 is") && said.contains("shop keys are under root key 3"), "{said}");
    // On to another key of the token: the first does not open it any more.
    server.stop();
    let (done, said) = run(&first, &["move", "--back"]).await.unwrap();
    assert!(done && fs::read_to_string(&root).unwrap().starts_with("shearline-root-keys 1"), "{said}");
    let (done, said) = run(&second, &["move"]).await.unwrap();
    assert!(done && said.contains("wrapped by pkcs11:token=shop;object=second now"), "{said}");
    let (done, said) = run(&first, &["status"]).await.unwrap();
    assert!(!done && said.contains("does not open with this key"), "{said}");
    server.start(|command| {
        command.env("SHEARLINE_ROOT_KEY", &second);
    });
    server.answers().await;
    let (done, said) = run(&second, &["status"]).await.unwrap();
    assert!(done && said.contains("They open.") && said.contains("root key 3 opens"), "{said}");
    server.stop();
    let log = fs::read_to_string(data.join("said")).unwrap();
    assert!(!log.contains("ZZQ"), "a PIN in the log");
    // A first root key, under a token from the beginning.
    fs::remove_file(&root).unwrap();
    let (done, said) = run(&second, &["init"]).await.unwrap();
    assert!(done && fs::read_to_string(&root).unwrap().starts_with("shearline-root-keys 2"), "{said}");
}
