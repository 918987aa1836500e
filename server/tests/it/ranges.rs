//! Row 22: leaked passwords asked for by range, off unless the operator names an address.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, crowd::PASSWORD},
};
use domain::Role;
use server::ranges::RangeServer;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// The one password the server of ranges knows.
const LEAKED: &str = "copper heron under seven ladders";

/// A server of ranges, and the requests it has seen. It knows one password, and a padding line for any other.
async fn mirror(status: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/range/", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap_or_default();
            noted.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
            let rest = &digits(LEAKED)[5..];
            let body = format!("0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n{rest}:12\r\n");
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    (address, seen)
}

fn digits(password: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

async fn asking(address: &str) -> TestApp {
    let mut on = harness::fresh().await;
    on.db = on.db.clone().asking(Arc::new(RangeServer::new(address.parse().unwrap()).unwrap()));
    app::serve(on).await
}

async fn change(app: &TestApp, who: &Who, now: &str, new: &str) -> app::Answer {
    let mut form = app::post_fields(who, "/account");
    form.extend([("form[password_now]".into(), now.into()), ("form[password]".into(), new.into())]);
    app.post(who, "/fn/office/change_password", &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_22_who_is_asked_for_a_range_learns_five_digits() {
    let (address, seen) = mirror("200 OK").await;
    let app = asking(&address).await;
    let who = app.staff(Role::Dispatcher).await;
    let refused = change(&app, &who, PASSWORD, LEAKED).await;
    assert!(refused.status == 422 && refused.body.contains("lists of common and leaked"), "{}", refused.body);
    let fine = "copper heron under eight ladders";
    assert_eq!(change(&app, &who, PASSWORD, fine).await.status, 200);
    let asked = seen.lock().unwrap().clone();
    assert_eq!(asked.len(), 2, "{asked:?}");
    for (request, password) in asked.iter().zip([LEAKED, fine]) {
        let (prefix, rest) = (&digits(password)[..5], &digits(password)[5..]);
        assert!(request.starts_with(&format!("GET /range/{prefix} HTTP/1.1\r\n")), "{request}");
        assert!(request.to_lowercase().contains("add-padding: true"), "{request}");
        assert!(!request.to_uppercase().contains(rest) && !request.contains("heron"), "{request}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_22_nobody_is_kept_waiting_by_a_range_server_that_fails() {
    let (broken, seen) = mirror("500 Oh").await;
    for address in [broken.as_str(), "http://127.0.0.1:9/range/"] {
        let app = asking(address).await;
        let who = app.staff(Role::Dispatcher).await;
        assert_eq!(change(&app, &who, PASSWORD, LEAKED).await.status, 200, "{address}");
        let who = app.staff(Role::Manager).await;
        let refused = change(&app, &who, PASSWORD, "qwertyuiopasdf").await;
        assert_eq!(refused.status, 422, "the lists at hand count all the same");
    }
    assert!(!seen.lock().unwrap().is_empty());
}
