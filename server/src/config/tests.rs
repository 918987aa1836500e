//! Settings: what is taken when nothing is said, which source wins, and the words for each mistake.

use super::*;
use std::{collections::HashMap, fs};

/// A data folder of its own for each test, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(file: Option<&str>) -> Self {
        let path = std::env::temp_dir().join(format!("shearline-config-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&path).unwrap();
        if let Some(text) = file {
            fs::write(path.join(FILE), text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn load(file: Option<&str>, env: &[(&str, &str)]) -> Result<Config> {
    let folder = Folder::new(file);
    let env: HashMap<String, String> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Config::from_sources(&folder.0, |name| env.get(name).cloned())
}

fn fault(file: Option<&str>, env: &[(&str, &str)]) -> String {
    format!("{:#}", load(file, env).expect_err("should be refused"))
}

#[test]
fn nothing_said_is_this_machine_only() {
    let config = load(None, &[]).unwrap();
    assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url, "http://127.0.0.1:3000");
    assert!(config.trusted_proxies.is_empty() && !config.dev && config.smtp.is_none() && config.database_url.is_none());
    assert!(config.site.is_absolute() && config.site.ends_with("target/site"));
    assert!(config.cookies_hold());
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "addr = \"0.0.0.0:8080\"\npublic_url = \"https://shop.example.org/\"\ntrusted_proxies = [\"10.1.2.3/8\"]\ndev = true\n";
    let config = load(Some(file), &[]).unwrap();
    assert_eq!((config.addr.port(), config.public_url.as_str(), config.dev), (8080, "https://shop.example.org", true));
    assert_eq!(config.trusted_proxies[0].to_string(), "10.0.0.0/8");
    let config = load(
        Some(file),
        &[
            ("SHEARLINE_ADDR", "[::1]:3001"),
            ("SHEARLINE_DEV", "0"),
            ("SHEARLINE_TRUSTED_PROXIES", "192.168.0.1, fd00::/8"),
        ],
    )
    .unwrap();
    assert_eq!((config.addr.to_string().as_str(), config.dev), ("[::1]:3001", false));
    let nets: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(nets, ["192.168.0.1/32", "fd00::/8"]);
}

#[test]
fn an_empty_variable_is_not_set() {
    assert_eq!(load(None, &[("SHEARLINE_ADDR", ""), ("DATABASE_URL", " ")]).unwrap().addr.port(), 3000);
}

#[test]
fn each_mistake_is_named() {
    for (name, value, part) in [
        ("SHEARLINE_ADDR", "localhost", "SHEARLINE_ADDR is `localhost`"),
        ("SHEARLINE_ADDR", "127.0.0.1:99999", "SHEARLINE_ADDR"),
        ("SHEARLINE_PUBLIC_URL", "shop.example.org", "must begin with https://"),
        ("SHEARLINE_PUBLIC_URL", "https://shop.example.org/office", "scheme, host and port only"),
        ("SHEARLINE_PUBLIC_URL", "https://", "scheme, host and port only"),
        ("SHEARLINE_TRUSTED_PROXIES", "10.0.0.0/33", "`10.0.0.0/33`"),
        ("SHEARLINE_TRUSTED_PROXIES", "proxy.example.org", "`proxy.example.org`"),
        ("SHEARLINE_TRUSTED_PROXIES", "0.0.0.0/0", "everybody"),
        ("SHEARLINE_TRUSTED_PROXIES", "10.0.0.1, ::/0", "everybody"),
        ("SHEARLINE_DEV", "perhaps", "SHEARLINE_DEV"),
        ("SHEARLINE_MAIL_FROM", "nobody", "SHEARLINE_MAIL_FROM"),
        ("SHEARLINE_SMTP_URL", "mail.example.org", "SHEARLINE_SMTP_URL"),
        ("SHEARLINE_SMTP_URL", "smtp://mail.example.org", "?tls=required"),
        ("SHEARLINE_SMTP_URL", "smtps://mail.example.org", "SHEARLINE_MAIL_FROM must be too"),
        ("DATABASE_URL", "mysql://x", "postgres://"),
    ] {
        let said = fault(None, &[(name, value)]);
        assert!(said.contains(part), "{name}={value}: {said}");
    }
}

#[test]
fn a_fault_in_the_file_names_the_file() {
    for file in ["adr = \"127.0.0.1:1\"", "addr = 5", "addr = [", "dev = 7"] {
        let said = fault(Some(file), &[]);
        assert!(said.contains(FILE), "{file}: {said}");
    }
    assert!(fault(Some("adr = \"x\""), &[]).contains("adr"));
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_not_shown() {
    for line in [
        "smtp_url = smtps://user:geheim@mail.example.org",
        "smtp_url = \"smtps://user:geheim@mail.example.org",
        "smtp_url \"smtps://user:geheim@mail.example.org\"",
        "smtp_url = 'smtps://user:geheim@mail.example.org\"",
        "smtp_url = \"smtps://user:\\geheim@mail.example.org\"",
        "smtps://user:geheim@mail.example.org",
        "smtp_url = \"a\"\nsmtp_url = \"smtps://user:geheim@mail.example.org\"",
        "smtp_url = [\"smtps://user:geheim@mail.example.org\"]",
        "dev = \"smtps://user:geheim@mail.example.org\"",
    ] {
        let folder = Folder::new(Some(&format!("dev = false\n\n{line}\n").replace("dev = false\n\ndev", "\n\ndev")));
        let error = Config::from_sources(&folder.0, |_| None).expect_err("was read");
        let said = format!("{error:#} {error:?}");
        assert!(!said.contains("geheim") && said.contains(FILE), "{line}: {said}");
    }
    let said = fault(Some("dev = false\nsmtp_url = smtps://user:geheim@mail.example.org\n"), &[]);
    assert!(said.contains("line 2, column 12: "), "{said}");
}

#[test]
fn row_46_a_password_in_an_address_is_refused_wherever_it_is_written_and_not_repeated() {
    for (key, name, address, place) in [
        ("smtp_url", "SHEARLINE_SMTP_URL", "smtps://user:geheim@mail.example.org", "SHEARLINE_SMTP_CREDENTIALS"),
        (
            "smtp_url",
            "SHEARLINE_SMTP_URL",
            "smtps://user:ge/heim@geheim@mail.example.org",
            "SHEARLINE_SMTP_CREDENTIALS",
        ),
        ("smtp_url", "SHEARLINE_SMTP_URL", "smtp://geheim@127.0.0.1", "SHEARLINE_SMTP_CREDENTIALS"),
        ("database_url", "DATABASE_URL", "postgres://user:geheim@db.example.org/shearline", "PGPASSFILE"),
        ("database_url", "DATABASE_URL", "postgresql://user:ge@heim@db.example.org/shearline", "PGPASSFILE"),
        ("database_url", "DATABASE_URL", "postgres:///shearline?host=/run&user=u&password=geheim", "PGPASSFILE"),
    ] {
        let file = format!("mail_from = \"a@example.org\"\n{key} = \"{address}\"\n");
        for said in [fault(Some(&file), &[]), fault(None, &[("SHEARLINE_MAIL_FROM", "a@example.org"), (name, address)])]
        {
            assert!(said.contains(place) && said.contains(name), "{said}");
            assert!(!said.contains("heim"), "{said}");
        }
    }
    for address in ["postgres://user@db.example.org:5432/shearline", "postgres:///shearline?host=/run&user=u"] {
        assert_eq!(load(None, &[("DATABASE_URL", address)]).unwrap().database_url.as_deref(), Some(address));
    }
}

#[test]
fn plain_http_keeps_cookies_on_this_machine_only() {
    for (url, holds) in [
        ("https://a.example", true),
        ("http://localhost:3000", true),
        ("http://[::1]:3000", true),
        ("http://192.168.1.5:3000", false),
    ] {
        assert_eq!(load(None, &[("SHEARLINE_PUBLIC_URL", url)]).unwrap().cookies_hold(), holds, "{url}");
    }
}

#[test]
fn row_29_the_administration_listens_on_this_machine_alone() {
    assert_eq!(load(None, &[]).unwrap().admin_url(), None, "off when nothing is said");
    for (said, url) in [
        ("127.0.0.1:3001", "http://localhost:3001"),
        ("[::1]:3001", "http://localhost:3001"),
        ("127.0.0.9:80", "http://localhost"),
    ] {
        let config = load(None, &[("SHEARLINE_ADMIN_ADDR", said)]).unwrap();
        assert_eq!(config.admin_url().as_deref(), Some(url), "{said}");
    }
    for (said, words) in [
        ("0.0.0.0:3001", "which others can reach"),
        ("192.0.2.1:3001", "which others can reach"),
        ("[::]:3001", "which others can reach"),
        ("[2001:db8::1]:3001", "which others can reach"),
        ("localhost:3001", "must be an IP address and a port"),
        ("3001", "must be an IP address and a port"),
        ("127.0.0.1:3000", "the same port"),
    ] {
        let said_so = fault(None, &[("SHEARLINE_ADMIN_ADDR", said)]);
        assert!(said_so.contains("SHEARLINE_ADMIN_ADDR") && said_so.contains(words), "{said}: {said_so}");
    }
}
