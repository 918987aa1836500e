//! keyd with root keys that a service guards: in pages, and by the commands of the real program.

use super::{
    credential,
    stub::{Stub, TOKEN},
    transit,
};
use crate::{
    app, harness,
    keyd::{Served, command, folder},
};
use domain::Role;
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    process::Command,
    time::Duration,
};
use vault::{ServiceKeys, Vault};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_42_while_the_key_service_is_away_secrets_are_closed_in_words_and_all_else_works() {
    let stub = Stub::transit().await;
    let mut app = app::start().await;
    let path = app.on.keyd.root_key.clone();
    let service = transit(&stub, "pages", TOKEN);
    let keys = tokio::task::spawn_blocking(move || ServiceKeys::adopt(path, service)).await.unwrap().unwrap();
    app.on.keyd.go_on_with(Vault::new(keys.keeping(Duration::ZERO)).keeping(Duration::ZERO));
    let who = app.staff(Role::Owner).await;
    let site = app.on.crowd.a.clients[0]["site"];
    let (page, path) = (format!("/sites/{site}"), "/fn/desk/write_access_notes");
    let write = |version: u32| {
        let mut form = app::post_fields(&who, &page);
        for (name, value) in [
            ("site", site.to_string()),
            ("form[access_notes]", "ZZQ key safe 4711".into()),
            ("form[version]", version.to_string()),
        ] {
            form.push((name.into(), value));
        }
        form
    };
    for mood in [503, 403] {
        stub.mood(mood);
        let refused = app.post(&who, path, &write(1)).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        assert!(
            refused.body.contains("key service") && refused.body.contains("Everything else works"),
            "{}",
            refused.body
        );
        for page in ["/", "/clients", "/jobs", &page] {
            assert_eq!(app.get(&who, page).await.status, 200, "{page}");
        }
        assert!(app.staff(Role::Dispatcher).await.cookie.contains("session"), "people sign in");
        let kept: bool = app
            .on
            .ask("select exists (select from vault.access_notes where position('4711'::bytea in sealed) > 0)")
            .await;
        assert!(!kept, "stored in clear");
        assert!(app.on.keyd.client.ready().await.is_ok() && app.on.keyd.client.usable().await.is_err());
        stub.mood(0);
        // It is given a moment before it is asked again.
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        assert!(app.on.keyd.client.usable().await.is_ok());
    }
    let again = app.post(&who, path, &write(1)).await;
    assert_ne!(again.status, 503, "{}", again.body);
}

/// Runs a command of `keys`; what it said, and whether it was content.
pub fn keys(command: &mut Command, words: &[&str]) -> (bool, String) {
    let ran = command.arg("keys").args(words).output().unwrap();
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(!said.contains("ZZQ"), "{said}");
    (ran.status.success(), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_42_the_commands_make_move_turn_and_retire_keys_that_a_service_guards() {
    let stub = Stub::transit().await;
    let on = harness::fresh().await;
    let server = Served::of(&on).await;
    let (data, url) = (server.data.clone(), on.url());
    let root = server.keyd_folder().await.join("root.key");
    // Where it is looked for, and keyd's alone as the key is.
    let token = root.with_file_name("root.credential");
    fs::copy(credential("commands", TOKEN), &token).unwrap();
    let owner = fs::metadata(&root).unwrap().uid();
    std::os::unix::fs::chown(&token, Some(owner), None).unwrap();
    let with = |setting: &str| {
        let mut command = command(&data, &url, "127.0.0.1:0");
        command.env("SHEARLINE_ROOT_KEY", setting);
        command
    };
    let run = |setting: &str, words: &'static [&'static str]| {
        let mut command = with(setting);
        tokio::task::spawn_blocking(move || keys(&mut command, words))
    };
    let (vault, none) = (stub.vault(), "file");
    // Not beside a running server.
    let (done, said) = run(&vault, &["move"]).await.unwrap();
    assert!(!done && said.contains("stop the server first"), "{said}");
    let mut server = server;
    server.stop();
    let (done, said) = run(none, &["move"]).await.unwrap();
    assert!(!done && said.contains("names no key service"), "{said}");
    stub.mood(503);
    let (done, said) = run(&vault, &["move"]).await.unwrap();
    assert!(!done && said.contains("status 503"), "{said}");
    stub.mood(0);
    let (done, said) = run(&vault, &["move"]).await.unwrap();
    assert!(done && said.contains("wrapped by vault:http"), "{said}");
    let text = fs::read_to_string(&root).unwrap();
    assert!(text.starts_with("shearline-root-keys 2") && !text.contains("\nkey "), "{text}");
    assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o400);
    let (done, said) = run(&vault, &["move"]).await.unwrap();
    assert!(!done && said.contains("nothing was changed"), "{said}");
    // The setting and the file must agree.
    let (done, said) = run(none, &["status"]).await.unwrap();
    assert!(!done && said.contains("SHEARLINE_ROOT_KEY names no key service"), "{said}");
    server.start(|command| {
        command.env("SHEARLINE_ROOT_KEY", &vault);
    });
    server.answers().await;
    let (done, said) = run(&vault, &["status"]).await.unwrap();
    assert!(done && said.contains("They open.") && said.contains("root key 2 opens"), "{said}");
    let (done, said) = run(&vault, &["rotate"]).await.unwrap();
    assert!(done && said.contains("Root key 3 is the active one now"), "{said}");
    let rewraps = stub.asked().iter().filter(|one| one.path.contains("/rewrap/")).count();
    assert_eq!(rewraps, 2, "the service wraps what it had wrapped under its newest key");
    let (done, said) = run(&vault, &["retire"]).await.unwrap();
    assert!(done && said.contains("2 keys that nothing needs"), "{said}");
    let (done, said) = run(&vault, &["status"]).await.unwrap();
    assert!(done && said.contains("Keys 3; 3 is") && said.contains("shop keys are under root key 3"), "{said}");
    stub.mood(403);
    let (done, said) = run(&vault, &["status"]).await.unwrap();
    assert!(!done && said.contains("do not open now") && said.contains("status 403"), "{said}");
    stub.mood(0);
    server.stop();
    let (done, said) = run(&vault, &["move", "--back"]).await.unwrap();
    assert!(done && fs::read_to_string(&root).unwrap().starts_with("shearline-root-keys 1"), "{said}");
    // A first root key, under the service from the beginning.
    fs::remove_file(&root).unwrap();
    let (done, said) = run(&vault, &["init"]).await.unwrap();
    assert!(done && fs::read_to_string(&root).unwrap().starts_with("shearline-root-keys 2"), "{said}");
}

#[tokio::test]
async fn row_46_a_start_with_a_secret_in_a_setting_is_refused_in_words() {
    let data = folder("secret-in-a-setting");
    for (name, value) in [
        ("SHEARLINE_ROOT_KEY", "vault:https://root:ZZQ@vault.example.org/transit/keys/k"),
        ("SHEARLINE_ROOT_KEY", "vault:https://vault.example.org/transit/keys/k?token=ZZQ"),
        ("SHEARLINE_ROOT_KEY", "pkcs11:token=shop;object=root?module-path=/usr/lib/m.so&pin-value=ZZQ"),
        ("SHEARLINE_ROOT_KEY_CREDENTIAL", "hvs.ZZQ"),
    ] {
        for written in [false, true] {
            let mut command = command(&data, "postgres://nobody@localhost/none", "127.0.0.1:0");
            let file = data.join("shearline.toml");
            if written {
                let key = name.trim_start_matches("SHEARLINE_").to_lowercase();
                fs::write(&file, format!("{key} = \"{value}\"\n")).unwrap();
            } else {
                command.env(name, value);
            }
            let ran = command.arg("serve").output().unwrap();
            let said = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert!(
                !ran.status.success() && said.contains("SHEARLINE_ROOT_KEY_CREDENTIAL") && said.contains("mode 0400"),
                "{said}"
            );
            assert!(!said.contains("ZZQ"), "{said}");
            let _ = fs::remove_file(file);
        }
    }
    fs::remove_dir_all(data).unwrap();
}
