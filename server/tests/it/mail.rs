//! Letters on their way from the database to a mail server: each is sent once, and one refused waits for its next try.

use crate::harness;
use server::{config::Config, mailer};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// Speaks SMTP with one caller; gives what came as the letter when `takes`, and refuses the recipient when not.
async fn converse(stream: TcpStream, takes: bool, letters: mpsc::UnboundedSender<String>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let (mut lines, mut letter) = (BufReader::new(read).lines(), None::<String>);
    write.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        if let Some(text) = &mut letter {
            if line == "." {
                let _ = letters.send(std::mem::take(text));
                letter = None;
                write.write_all(b"250 taken\r\n").await?;
            } else {
                text.push_str(&line);
                text.push('\n');
            }
            continue;
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "RCPT" if !takes => "451 later",
            "DATA" => {
                letter = Some(String::new());
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// A sink's address and what it takes.
async fn sink(takes: bool) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("address"));
    let (send, receive) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, takes, send.clone()));
        }
    });
    (url, receive)
}

fn config(url: &str) -> Arc<Config> {
    let url = url.to_owned();
    let of = move |name: &str| match name {
        "SHEARLINE_SMTP_URL" => Some(url.clone()),
        "SHEARLINE_MAIL_FROM" => Some("Shop <shop@example.org>".to_owned()),
        _ => None,
    };
    Arc::new(Config::from_sources(&harness::cluster::scratch(), of).expect("config"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_that_waits_is_sent_once_and_emptied() {
    let on = harness::fresh().await;
    let waiting: i64 = on.ask("select count(*) from worker.outbox where state = 'waiting'").await;
    assert!(waiting > 3, "{waiting}");
    let (url, mut letters) = sink(true).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(mailer::run(on.db.clone(), config(&url), async {
        let _ = stopped.await;
    }));
    let mut to = Vec::new();
    for _ in 0..waiting {
        let letter = tokio::time::timeout(Duration::from_secs(60), letters.recv()).await.expect("a letter");
        let letter = letter.expect("text");
        to.push(letter.lines().find(|line| line.starts_with("To: ")).expect("an addressee").to_owned());
    }
    // What was sent is marked after the sink has answered.
    let left = "select count(*) from worker.outbox where state <> 'sent' or tries > 0 and sealed <> ''";
    for _ in 0..200 {
        if on.ask::<i64>(left).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(on.ask::<i64>(left).await, 0);
    let _ = stop.send(());
    worker.await.expect("the worker ends when told");
    assert!(letters.try_recv().is_err(), "nothing was sent twice");
    to.sort();
    to.dedup();
    assert!(to.len() > 3, "{to:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_letter_waits_for_its_next_try() {
    let on = harness::fresh().await;
    on.sudo("delete from worker.outbox where id not in (select id from worker.outbox where state = 'waiting' limit 1)")
        .await;
    let (url, _letters) = sink(false).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(mailer::run(on.db.clone(), config(&url), async {
        let _ = stopped.await;
    }));
    let put_back =
        "select count(*) from worker.outbox where state = 'waiting' and tries = 1 and due_at > now() and sealed <> ''";
    for _ in 0..400 {
        if on.ask::<i64>(put_back).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(on.ask::<i64>(put_back).await, 1, "kept, counted, and due later");
    let _ = stop.send(());
    worker.await.expect("the worker ends when told");
}
