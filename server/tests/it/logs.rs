//! Row 19 and more: the log of the real binary, as fine as it gets, while people and programs show it their secrets.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, crowd::PASSWORD},
    lockout::{cookies, sign_in},
    photos,
};
use domain::{
    Role,
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Duration,
};
use store::front_door::api_keys;

/// A server of its own; it ends with the test.
pub struct Binary(Child);

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(data: &Path, url: &str, addr: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shearline"));
    command.env("SHEARLINE_DATA", data).env("DATABASE_URL", url).env("SHEARLINE_ADDR", addr.to_string());
    command.env("SHEARLINE_SITE", app::SITE.display().to_string()).env("SHEARLINE_LOG", "trace");
    command
}

/// Where the binary keeps its files.
pub fn folder(app: &TestApp) -> PathBuf {
    harness::cluster::scratch().join(format!("logs-{}", app.on.name))
}

/// The real binary on this database, its log as fine as it gets.
pub async fn served(app: &TestApp, log: &Path) -> Binary {
    let data = folder(app);
    fs::create_dir_all(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    let keys = harness::cluster::scratch();
    fs::copy(keys.join("front.key"), data.join("front.key")).unwrap();
    fs::copy(keys.join("root.key"), data.join("root.key.before")).unwrap();
    let ran = command(&data, &app.on.url(), app.addr).arg("migrate").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let into = File::create(log).unwrap();
    let mut serve = command(&data, &app.on.url(), app.addr);
    serve.arg("serve").stdout(into.try_clone().unwrap()).stderr(into);
    let binary = Binary(serve.spawn().unwrap());
    for _ in 0..600 {
        if tokio::net::TcpStream::connect(app.addr).await.is_ok()
            && app.get(&Who::default(), "/readyz").await.status == 200
        {
            return binary;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the server is not ready:\n{}", fs::read_to_string(log).unwrap_or_default());
}

/// Everything secret that this test has shown the server.
async fn shown(app: &TestApp) -> Vec<String> {
    let (a, door) = (&app.on.crowd.a, app.on.db.front_door());
    let email = a.email(Role::Dispatcher);
    let wrong = "zzq planted wrong heron";
    assert_eq!(sign_in(app, "", &email, wrong).await.0, 422);
    let who = Who::default();
    let mut form = app::post_fields(&who, "/sign-in");
    form.extend([("form[email]".into(), email), ("form[password]".into(), PASSWORD.into())]);
    let given = cookies(&app.post(&who, "/fn/office/sign_in", &form).await);
    let who = Who { cookie: format!("session={}", given["session"]), shop: a.id.to_string() };
    assert_eq!(app.get(&who, "/account").await.status, 200);
    let new = "zzq planted brass heron 4711";
    let mut form = app::post_fields(&who, "/account");
    form.extend([("form[password_now]".into(), PASSWORD.into()), ("form[password]".into(), new.into())]);
    assert_eq!(app.post(&who, "/fn/office/change_password", &form).await.status, 200);
    let (_, link) = &a.links[0];
    assert_eq!(app.get(&Who::default(), &format!("/p/{link}")).await.status, 200);
    let reset = "zzqResetTokenThatOpensNothingAtAll000000000";
    assert_eq!(app.get(&Who::default(), &format!("/reset/{reset}")).await.status, 200);
    let owner = a.actor(&app.on.db, Role::Owner).await;
    let reach = Reach { scope: Scope::Read, namespaces: vec![Namespace::Clients] };
    let made = NewApiKey { name: "log".into(), reach, days: 1, trap: false };
    let key = api_keys::text(&door.make_api_key(&owner, "log", &made).await.unwrap());
    let bearer = format!("Bearer {key}");
    assert_eq!(app.send("GET", "/api/v1/clients", &[("authorization", &bearer)], b"").await.status, 200);
    let place = "ZZQ-PLACE-52.5200N-13.4050E";
    photo(app, &Who { shop: a.id.to_string(), ..who }, place).await;
    vec![
        place.into(),
        wrong.into(),
        wrong.replace(' ', "+"),
        new.into(),
        new.replace(' ', "+"),
        PASSWORD.into(),
        PASSWORD.replace(' ', "+"),
        given["session"].clone(),
        given["device"].clone(),
        link.clone(),
        reset.into(),
        key,
    ]
}

/// A photo with the place it was taken in it, sent and looked at.
pub async fn photo(app: &TestApp, who: &Who, place: &str) {
    let mut fields = app::post_fields(who, "/");
    fields
        .extend([("job".into(), app.on.crowd.a.clients[0]["job"].to_string()), ("form[taken]".into(), String::new())]);
    let body = photos::multipart(&fields, &[("door.jpg", &photos::marked(&photos::jpeg(64, 48), place.as_bytes()))]);
    let headers = [
        ("cookie", who.cookie.as_str()),
        ("content-type", "multipart/form-data; boundary=zzq"),
        ("sec-fetch-site", "same-origin"),
    ];
    let added = app.send("POST", photos::JOB, &headers, &body).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let id: uuid::Uuid = app.on.ask("select id from app.attachments order by id desc limit 1").await;
    assert_eq!(app.get(who, &format!("/photos/{id}/whole")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_19_the_log_at_its_finest_holds_no_password_and_no_token() {
    let on = harness::fresh().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let app = TestApp { on, addr: free, from: Ipv4Addr::new(127, 0, 7, 254), admin: None };
    let log = harness::cluster::scratch().join(format!("log-{}", app.on.name));
    let binary = served(&app, &log).await;
    let secrets = shown(&app).await;
    drop(binary);
    let written = fs::read_to_string(&log).unwrap();
    for route in
        ["/fn/office/sign_in", "/fn/office/change_password", "/p/{token}", "/api/v1/clients", "/photos/{id}/whole"]
    {
        assert!(written.contains(&format!("\"route\":\"{route}\"")), "the log does not tell of {route}:\n{written}");
    }
    for secret in secrets {
        let line = written.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret} stands in the log");
    }
}
