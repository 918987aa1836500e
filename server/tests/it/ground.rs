//! What `migrate`, `serve` and `doctor` stand on, with a database of the operator's own.

use crate::harness;
use server::{
    config::Config,
    doctor::{self, Report},
    ground::{Ground, Threshold},
    privileges::Place,
};
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

/// A data folder of its own for this database, without key and logins.
fn config(name: &str, url: &str) -> (PathBuf, Arc<Config>) {
    let data = harness::cluster::scratch().join(format!("ground-{name}"));
    fs::create_dir_all(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    let config = Config::from_sources(&data, |name| (name == "DATABASE_URL").then(|| url.to_owned())).unwrap();
    (data, Arc::new(config))
}

async fn migrate(config: &Arc<Config>) -> Result<(), String> {
    let ground = Ground::open(Arc::clone(config)).await.unwrap();
    ground.migrate().await.map(drop).map_err(|error| format!("{error:#}"))
}

/// Whether the doctor finds nothing wrong.
async fn healthy(data: &std::path::Path, config: &Arc<Config>) -> bool {
    let place = Place { data: data.to_owned(), person: None, notice: None };
    doctor::after(Report::default(), Some(Threshold { config: Arc::clone(config), place })).await
}

#[tokio::test]
async fn a_lost_front_key_is_missed_and_not_made_anew() {
    let on = harness::fresh().await;
    let (data, config) = config(&on.name, &on.url());
    let front = config.front_key_file();
    let said = migrate(&config).await.expect_err("a key was made for people it does not know");
    assert!(said.contains("front key is missing") && said.contains(&front.display().to_string()), "{said}");
    assert!(!front.exists() && !config.roles_file().exists());
    assert!(!healthy(&data, &config).await, "the doctor does not miss the key");
    fs::copy(harness::cluster::scratch().join("front.key"), &front).unwrap();
    migrate(&config).await.unwrap();
    config.keyd.make().unwrap();
    fs::copy(harness::cluster::scratch().join("root.key"), config.keyd.root_key()).unwrap();
    assert!(healthy(&data, &config).await, "the doctor refuses the right keys");
    fs::remove_file(config.keyd.root_key()).unwrap();
    assert!(!healthy(&data, &config).await, "the doctor does not miss the root key");
    vault::KeyFile::create_or_open(config.keyd.root_key()).unwrap();
    assert!(!healthy(&data, &config).await, "the doctor takes another root key for the right one");
}

#[tokio::test]
async fn an_installation_from_before_keyd_hands_its_root_key_over() {
    let on = harness::fresh().await;
    let (data, config) = config(&format!("{}_older", on.name), &on.url());
    fs::copy(harness::cluster::scratch().join("root.key"), data.join("root.key")).unwrap();
    migrate(&config).await.unwrap();
    assert!(config.front_key_file().exists() && config.handed_over().exists() && !data.join("root.key").exists());
    let keyd = server::keyd::Ready::make(&config, false).unwrap();
    assert!(!config.handed_over().exists(), "a copy of keyd's key is left to the web");
    let keys = vault::KeyFile::open(config.keyd.root_key()).unwrap();
    assert_eq!((keys.ids(), vault::KeyProvider::active(&keys)), (vec![1, 2], 2), "a key the web never held");
    assert_eq!(fs::metadata(config.keyd.root_key()).unwrap().permissions().mode() & 0o777, 0o400);
    assert!(server::keyd::Ready::make(&config, false).is_err(), "two of them in one folder");
    drop(keyd);
    assert!(healthy(&data, &config).await, "the old key among them opens the shops' keys");
}

#[tokio::test]
async fn a_database_without_shops_gets_a_key() {
    let on = harness::fresh().await;
    let name = format!("{}_empty", on.name);
    let (_, config) = config(&name, &on.url().replace(&on.name, &name));
    migrate(&config).await.unwrap();
    assert!(config.front_key_file().exists() && config.roles_file().exists());
    on.sudo(&format!("drop database {name} with (force)")).await;
}
