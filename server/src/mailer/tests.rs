//! Letters over a real socket to a small sink that speaks SMTP, and letters as files.

use super::*;
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};
use store::mail::Mail;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

/// Takes one conversation; answers `rcpt` to the recipient. Yields all lines it was sent.
async fn sink(rcpt: &'static str) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let (mut lines, mut heard, mut in_data) = (BufReader::new(read).lines(), Vec::new(), false);
        write.write_all(b"220 sink\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.get(..4).unwrap_or("") {
                _ if in_data && line != "." => "",
                _ if in_data => "250 taken",
                "RCPT" => rcpt,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                "EHLO" => "250-sink\r\n250 AUTH PLAIN",
                "AUTH" => "235 come in",
                _ => "250 ok",
            };
            in_data = (in_data && line != ".") || answer.starts_with("354");
            heard.push(line);
            if !answer.is_empty() && write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
        heard
    });
    (url, heard)
}

fn mail() -> Mail {
    let text = "Dear Ada,\n\nyour invoice: https://shop.example.org/p/abc\n.\nZoë";
    Mail {
        to: "ada@example.org".into(),
        subject: "Invoice R-2026-0001\r\nBcc: thief@example.org".into(),
        text: text.into(),
    }
}

fn door(url: &str) -> Door {
    Door { sender: "Keyed Alike <shop@example.org>".into(), way: Way::Smtp(Box::new(Post::read(url, None).unwrap())) }
}

#[tokio::test]
async fn a_letter_reaches_the_server_whole() {
    let (url, heard) = sink("250 ok").await;
    let door = door(&url);
    door.send(&mail()).await.unwrap();
    drop(door);
    let heard = heard.await.unwrap();
    let begins = |start: &str| heard.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        (begins("MAIL FROM:<shop@example.org>"), begins("RCPT TO:<ada@example.org>"), begins("RCPT")),
        (1, 1, 1),
        "{heard:#?}"
    );
    assert_eq!(
        (begins("From: \"Keyed Alike\" <shop@"), begins("Auto-Submitted: auto-generated")),
        (1, 1),
        "{heard:#?}"
    );
    // The break in the subject begins no header, the lone dot ends no letter.
    assert_eq!(begins("Bcc:"), 0, "{heard:#?}");
    assert_eq!(begins("Zo=C3=AB"), 1, "{heard:#?}");
    assert!(heard.iter().any(|line| line.contains("https://shop.example.org/p/abc")), "{heard:#?}");
}

#[tokio::test]
async fn row_46_what_opens_the_mail_server_is_read_from_its_file_at_each_letter() {
    let folder = std::env::temp_dir().join(format!("shearline-smtp-{}", uuid::Uuid::now_v7()));
    fs::create_dir(&folder).unwrap();
    let file = folder.join("smtp");
    let (url, heard) = sink("250 ok").await;
    let settings = crate::config::Config::from_sources(&folder, |name| match name {
        "SHEARLINE_SMTP_URL" => Some(url.clone()),
        "SHEARLINE_SMTP_CREDENTIALS" => Some(file.display().to_string()),
        "SHEARLINE_MAIL_FROM" => Some("shop@example.org".into()),
        _ => None,
    });
    let door = Door::open(&settings.unwrap());
    let write = |text: &str, mode| {
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    };
    for (text, mode, words) in [
        ("mailer\ngeheim\n", 0o644, "may be read by others"),
        ("mailer\n", 0o600, "first line"),
        ("mailer\ngeheim\n", 0o640, "may be read by others"),
    ] {
        write(text, mode);
        let said = format!("{:#}", door.send(&mail()).await.expect_err("refused"));
        assert!(said.contains(words) && !said.contains("geheim"), "{said}");
    }
    // Replaced while the server runs.
    write("mailer\ngeheim\n", 0o600);
    door.send(&mail()).await.unwrap();
    let heard = heard.await.unwrap();
    // PLAIN (RFC 4616): NUL, user, NUL, password, in base64.
    assert!(heard.iter().any(|line| line == "AUTH PLAIN AG1haWxlcgBnZWhlaW0="), "{heard:#?}");
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_refusal_is_an_error_without_the_address() {
    let (url, heard) = sink("550 no ada@example.org here").await;
    let error = door(&url).send(&mail()).await.expect_err("refused");
    let said = post::without_addresses(&format!("{error:#}"));
    assert!(said.contains("550"), "{said}");
    assert!(!said.contains("ada@"), "{said}");
    assert!(!heard.await.unwrap().iter().any(|line| line == "DATA"));
}

#[tokio::test]
async fn a_server_that_is_down_is_an_error() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    assert!(door(&format!("smtp://127.0.0.1:{port}")).send(&mail()).await.is_err());
}

#[tokio::test]
async fn without_a_server_letters_are_files_of_the_owner() {
    let folder: PathBuf = std::env::temp_dir().join(format!("shearline-outbox-{}", uuid::Uuid::now_v7()));
    let door = Door { sender: "shop@example.org".into(), way: Way::Folder(folder.clone()) };
    door.send(&mail()).await.unwrap();
    door.send(&mail()).await.unwrap();
    let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    for file in &files {
        assert_eq!(file.extension().unwrap(), "eml");
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains("To: ada@example.org") && text.contains("https://shop.example.org/p/abc"), "{text}");
    }
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_and_not_repeated() {
    let door = Door { sender: "shop@example.org".into(), way: Way::Folder("/nonexistent".into()) };
    let error = door.send(&Mail { to: "nobody at all".into(), ..mail() }).await.expect_err("no address");
    assert!(!format!("{error:#}").contains("nobody"), "{error:#}");
}

#[test]
fn unencrypted_mail_stays_on_this_machine() {
    for url in [
        "smtp://localhost",
        "smtp://127.0.0.1:25",
        "smtp://[::1]:2525",
        "smtps://mail.example.org",
        "smtp://mail.example.org:587?tls=required",
    ] {
        assert!(Post::read(url, None).is_ok(), "{url}");
    }
    for url in [
        "smtp://mail.example.org",
        "smtp://mail.example.org?tls=opportunistic",
        "smtps://u:p@mail.example.org",
        "smtp://",
        "http://localhost",
    ] {
        assert!(Post::read(url, None).is_err(), "{url}");
    }
}
