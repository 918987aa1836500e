//! Where a webhook may not go, decided when the connection is made.

use super::{
    act, drain, outbound,
    receiver::{Manner, Receiver},
    register,
};
use crate::harness;
use domain::webhooks::Group;
use reqwest::header::HeaderMap;
use server::outbound::{Lookup, Outbound, system_lookup};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

async fn post(out: &Outbound, url: &str) -> Result<u16, String> {
    out.post(url, HeaderMap::new(), b"{}".to_vec()).await
}

/// Answers these in turn, the last one for ever; counts how often it was asked.
fn turning(answers: &[&[&str]]) -> (Lookup, Arc<AtomicUsize>) {
    let answers: Vec<Vec<IpAddr>> =
        answers.iter().map(|all| all.iter().map(|ip| ip.parse().expect("an address")).collect()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        let turn = count.fetch_add(1, Ordering::Relaxed);
        let answer = answers[turn.min(answers.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    });
    (lookup, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_webhook_never_reaches_inside() {
    let (four, six) = (Receiver::at("0.0.0.0:0").await, Receiver::at("[::]:0").await);
    let closed = Outbound::new(&[], system_lookup()).expect("client");
    let (p, q) = (four.port(), six.port());
    for scheme in ["https", "http"] {
        for host in [
            format!("127.0.0.1:{p}"),
            format!("127.9.9.9:{p}"),
            format!("0.0.0.0:{p}"),
            format!("localhost:{p}"),
            format!("[::1]:{q}"),
            format!("[::]:{q}"),
            format!("[::ffff:127.0.0.1]:{p}"),
            format!("[::ffff:7f00:1]:{p}"),
            format!("[64:ff9b::7f00:1]:{q}"),
            format!("[2002:7f00:1::]:{q}"),
            "10.0.0.1".into(),
            "172.16.0.1".into(),
            "192.168.0.1".into(),
            "169.254.169.254".into(),
            "100.64.0.1".into(),
            "198.18.0.1".into(),
            "224.0.0.1".into(),
            "192.0.2.1".into(),
            "[fe80::1]".into(),
            "[fd00:ec2::254]".into(),
            "[ff02::1]".into(),
        ] {
            let url = format!("{scheme}://{host}/in");
            let refused = post(&closed, &url).await.expect_err(&url);
            assert!(refused.contains("inside"), "{url}: {refused}");
        }
        for odd in [
            format!("127.1:{p}"),
            format!("2130706433:{p}"),
            format!("0x7f000001:{p}"),
            format!("017700000001:{p}"),
            format!("a@127.0.0.1:{p}"),
        ] {
            assert!(post(&closed, &format!("{scheme}://{odd}/in")).await.is_err(), "{odd}");
        }
    }
    // A name leads there as well as an address does, whatever else it leads to; and so does this machine's own address.
    let own = server::outbound::reachable(&[]).own;
    assert!(own.iter().any(IpAddr::is_loopback), "{own:?}");
    for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd00::1"]
        .map(str::to_owned)
        .into_iter()
        .chain(own.iter().map(ToString::to_string))
    {
        let (lookup, _) = turning(&[&[&inside]]);
        let named = Outbound::new(&[], lookup).expect("client");
        let url = format!("https://siem.example.com:{}/in", if inside.contains(':') { q } else { p });
        let refused = post(&named, &url).await.expect_err(&url);
        assert!(refused.contains("inside"), "{inside}: {refused}");
    }
    assert_eq!((four.connections(), six.connections()), (0, 0), "nobody came");
    let open = outbound();
    assert_eq!(post(&open, &format!("http://127.0.0.1:{p}/in")).await, Ok(401), "the operator may allow it");
    assert_eq!(four.connections(), 1);
    let refused = post(&open, &format!("http://[::1]:{q}/in")).await.expect_err("another network");
    assert!(refused.contains("inside") && six.connections() == 0, "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_name_that_changes_its_address_is_refused_at_connect() {
    let inside = Receiver::at("127.0.0.1:0").await;
    let open = Receiver::at(&format!("127.0.0.2:{}", inside.port())).await;
    open.does(Manner::Answer(200));
    inside.does(Manner::Answer(200));
    let url = format!("http://siem.example.com:{}/in", inside.port());
    // Only 127.0.0.2 may be reached: it stands for the open internet, from which a test must keep away.
    let networks = ["127.0.0.2/32".parse().expect("network")];
    let (lookup, asked) = turning(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let out = Outbound::new(&networks, lookup).expect("client");
    assert_eq!(post(&out, &url).await, Ok(200), "the first time it leads outside");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "what was checked is what was used: nobody asks a second time");
    let refused = post(&out, &url).await.expect_err("the second time it leads inside");
    assert!(refused.contains("inside"), "{refused}");
    assert_eq!((open.connections(), inside.connections()), (1, 0), "and no connection of before is used again");
    let (lookup, _) = turning(&[&["127.0.0.1", "127.0.0.2"]]);
    let out = Outbound::new(&networks, lookup).expect("client");
    assert_eq!(post(&out, &url).await, Ok(200), "of two, the one that may be reached");
    assert_eq!((open.connections(), inside.connections()), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_redirect_is_not_followed() {
    let on = harness::fresh().await;
    let (shop, out) = (on.crowd.a.clone(), outbound());
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    receiver.does(Manner::SendOn(elsewhere.url()));
    let id = register(&on, &shop, &receiver, &[Group::All]).await;
    act(&on, &shop, 1).await;
    drain(&on, &out).await;
    assert_eq!((receiver.connections(), elsewhere.connections()), (1, 0));
    let noted: i32 = on.ask(&format!("select status from worker.attempts where receiver_id = '{id}'")).await;
    assert_eq!(noted, 302, "it counts as not accepted");
    let waits: i64 = on.ask(&format!("select count(*) from worker.deliveries where receiver_id = '{id}' and state = 'waiting' and due_at > app.now()")).await;
    assert_eq!(waits, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_receiver_has_five_seconds() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/in", listener.local_addr().expect("address"));
    let begun = std::time::Instant::now();
    let refused = post(&outbound(), &url).await.expect_err("nobody answers");
    assert!(refused.contains("No answer within 5 seconds"), "{refused}");
    assert!(begun.elapsed().as_secs_f32() < 8.0, "{:?}", begun.elapsed());
}
