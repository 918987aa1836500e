//! The device's way: a code typed elsewhere; and the command line, which takes it.

use super::*;
use crate::app;
use domain::Role;
use std::{
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn begin(app: &TestApp, scope: &str) -> (String, String) {
    let answer = send(app, "/oauth/device_authorization", &[("client_id", CLIENT), ("scope", scope)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = read(&answer);
    assert_eq!((told["interval"].as_u64(), told["expires_in"].as_u64()), (Some(5), Some(600)));
    let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
    assert!(text("verification_uri").ends_with("/device"));
    (text("device_code"), text("user_code"))
}

async fn poll(app: &TestApp, device: &str) -> Answer {
    token(app, &[("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device)]).await
}

/// Types a code; gives the page it leads to, or the words beside the field.
async fn typed(app: &TestApp, who: &Who, code: &str) -> Result<String, String> {
    let answer = app.plain(who, "/fn/office/find_device", &form(who, "/device", &[("form[code]", code)])).await;
    match answer.header("location").strip_prefix("/device?ask=") {
        Some(ask) => Ok(ask.to_owned()),
        None => {
            let flash = set(&answer, "flash").unwrap_or_default();
            let carrying = Who { cookie: format!("{}; flash={flash}", who.cookie), ..who.clone() };
            Err(app.get(&carrying, "/device").await.body)
        }
    }
}

async fn answer(app: &TestApp, who: &Who, function: &str, ask: &str) -> Answer {
    let fields = [("ask", ask), ("form[clients]", "on"), ("form[jobs]", "on"), ("form[scope]", "write")];
    app.plain(who, function, &form(who, "/device", &fields)).await
}

const IN: &str = "/fn/office/let_device_in";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_device_code_is_typed_answered_and_polled_for() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let (device, code) = begin(&app, "clients write").await;
    assert!(code.len() == 9 && code.as_bytes()[4] == b'-', "{code}");
    assert_eq!(error(&poll(&app, &device).await), "authorization_pending");
    assert_eq!(error(&poll(&app, &device).await), "slow_down", "sooner than five seconds");
    app.on.later("9 seconds").await;
    assert_eq!(error(&poll(&app, &device).await), "slow_down", "five seconds more since");
    app.on.later("16 seconds").await;
    assert_eq!(error(&poll(&app, &device).await), "authorization_pending");
    let ask = typed(&app, &owner, &code.to_lowercase().replace('-', " ")).await.expect("found");
    let page = app.get(&owner, &format!("/device?ask={ask}")).await;
    assert!(
        page.status == 200
            && page.body.contains("Did you start this yourself?")
            && page.body.contains(&app.from.to_string()),
        "{}",
        page.body
    );
    // Whoever typed the code answers, and nobody else.
    let (admin, rival) = (app.staff(Role::Admin).await, app.rival().await);
    for other in [&admin, &rival] {
        assert!(typed(&app, other, &code).await.is_err());
        assert!(!app.get(other, &format!("/device?ask={ask}")).await.body.contains("Let it in"));
        answer(&app, other, IN, &ask).await;
    }
    app.on.later("16 seconds").await;
    assert_eq!(error(&poll(&app, &device).await), "authorization_pending");
    let done = answer(&app, &owner, IN, &ask).await;
    assert_eq!((done.status, done.header("location")), (303, "/device?answer=in"), "{}", done.body);
    app.on.later("16 seconds").await;
    let given = poll(&app, &device).await;
    let got = tokens(&given);
    assert_eq!(read(&given)["scope"].as_str(), Some("clients write"), "no more than was asked for");
    assert_eq!(reads(&app, &got.access).await, 200);
    app.on.later("16 seconds").await;
    assert_eq!(error(&poll(&app, &device).await), "invalid_grant");
    assert_eq!(reads(&app, &got.access).await, 401, "a device's code is good once, like any");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_device_code_is_refused_too_old_and_not_to_be_guessed() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let (device, code) = begin(&app, "").await;
    let ask = typed(&app, &owner, &code).await.expect("found");
    assert_eq!(
        answer(&app, &owner, "/fn/office/refuse_device", &ask).await.header("location"),
        "/device?answer=refused"
    );
    assert_eq!(error(&poll(&app, &device).await), "access_denied");
    assert_ne!(answer(&app, &owner, IN, &ask).await.header("location"), "/device?answer=in", "answered is answered");
    let (old, code) = begin(&app, "").await;
    app.on.later("10 minutes 1 second").await;
    assert_eq!(error(&poll(&app, &old).await), "expired_token");
    assert!(typed(&app, &owner, &code).await.expect_err("too old").contains("No device waits with this code"));
    let (_, code) = begin(&app, "").await;
    for _ in 0..9 {
        assert!(typed(&app, &owner, "BBBB-BBBB").await.is_err());
    }
    assert!(
        typed(&app, &owner, &code).await.expect_err("too many").contains("one code too many"),
        "even the right one"
    );
    app.on.later("10 minutes 1 second").await;
    let (_, code) = begin(&app, "").await;
    let owner = app.staff(Role::Owner).await;
    assert!(typed(&app, &owner, &code).await.is_ok());
    assert_eq!(error(&poll(&app, "x").await), "invalid_grant");
}

fn shearline(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shearline"));
    command.args(arguments).env_clear().env("XDG_CONFIG_HOME", home).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a command prints, whether it went well, and what it complains of.
async fn run(home: &Path, arguments: &[&str]) -> (bool, String, String) {
    let mut command = shearline(home, arguments);
    let out = tokio::task::spawn_blocking(move || command.output().expect("runs")).await.expect("ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (out.status.success(), text(out.stdout), text(out.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_25_the_command_line_signs_in_and_renews_by_itself() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let home = std::env::temp_dir().join(format!("shearline-cli-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&home).expect("home");
    let url = read(&app.get(&Who::default(), "/.well-known/oauth-authorization-server").await)["issuer"]
        .as_str()
        .unwrap()
        .to_owned();
    let insecure = run(&home, &["login", "http://shop.example"]).await;
    assert!(!insecure.0 && insecure.2.contains("https only"), "{insecure:?}");
    let (mut login, line) = starts(&home, &["login", &url, "--device"], "type the code").await;
    let code = line.rsplit(' ').next().unwrap_or_default().to_owned();
    let ask = typed(&app, &owner, &code).await.unwrap_or_else(|_| panic!("{code}"));
    let fields = [("ask", ask.as_str()), ("form[clients]", "on"), ("form[scope]", "write")];
    app.plain(&owner, IN, &form(&owner, "/device", &fields)).await;
    // The next asking shall not be too soon, however busy this machine is.
    app.on.later("20 seconds").await;
    let ended = tokio::task::spawn_blocking(move || login.wait().expect("ends")).await.expect("ended");
    assert!(ended.success());
    let kept = home.join("shearline/credentials.json");
    assert_eq!(std::fs::metadata(&kept).expect("kept").permissions().mode() & 0o777, 0o600);
    let clients = run(&home, &["api", "GET", "/api/v1/clients"]).await;
    assert!(clients.0 && clients.1.contains("\"data\""), "{clients:?}");
    let refused = run(&home, &["api", "GET", "/api/v1/jobs"]).await;
    assert!(!refused.0 && refused.2.contains("403"), "{refused:?}");
    // Near its end for the command line, so that several at once renew it: the sign-in lives on.
    let near = |before: &str| {
        let mut credentials: Value = serde_json::from_str(before).expect("credentials");
        credentials["expires_at"] = 0.into();
        std::fs::write(&kept, credentials.to_string()).expect("written");
    };
    let before = std::fs::read_to_string(&kept).expect("kept");
    near(&before);
    let all = tokio::join!(
        run(&home, &["api", "GET", "/api/v1/clients"]),
        run(&home, &["api", "GET", "/api/v1/clients"]),
        run(&home, &["api", "GET", "/api/v1/clients"]),
        run(&home, &["api", "GET", "/api/v1/clients"]),
    );
    assert!(all.0.0 && all.1.0 && all.2.0 && all.3.0, "{all:?}");
    assert_ne!(std::fs::read_to_string(&kept).expect("kept"), before);
    // Over for the server, which the command line does not know: it renews when told so.
    app.on.later("11 minutes").await;
    assert!(run(&home, &["api", "GET", "/api/v1/clients"]).await.0);
    let made =
        run(&home, &["api", "POST", "/api/v1/clients", "--data", r#"{"name":"By terminal","kind":"company"}"#]).await;
    assert!(made.0 && made.1.contains("By terminal"), "{made:?}");
    let out = run(&home, &["logout"]).await;
    assert!(out.0 && !kept.exists(), "{out:?}");
    assert_eq!(
        app.on.ask::<i64>("select count(*) from auth.capabilities where kind = 'program' and revoked_at is null").await,
        0
    );
    let over = run(&home, &["api", "GET", "/api/v1/clients"]).await;
    assert!(!over.0 && over.2.contains("shearline login"), "{over:?}");
    std::fs::remove_dir_all(&home).expect("removed");
}

/// Starts a sign-in and reads on until a line says where to go.
async fn starts(home: &Path, arguments: &[&str], marks: &'static str) -> (Child, String) {
    let mut child = shearline(home, arguments).spawn().expect("starts");
    let mut said = BufReader::new(child.stdout.take().expect("stdout"));
    let (line, said) = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        while said.read_line(&mut line).expect("reads") > 0 && !line.contains(marks) {
            line.clear();
        }
        (line.trim().to_owned(), said)
    })
    .await
    .expect("said");
    child.stdout = Some(said.into_inner());
    (child, line)
}

/// What a browser is shown where the command line listens.
async fn visit(at: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(at).await.expect("listens");
    stream.write_all(format!("GET /{path} HTTP/1.1\r\nhost: {at}\r\n\r\n").as_bytes()).await.expect("asked");
    let mut page = String::new();
    stream.read_to_string(&mut page).await.expect("answered");
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_38_the_command_line_takes_the_answer_of_its_own_question_alone() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let home = std::env::temp_dir().join(format!("shearline-cli-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&home).expect("home");
    let described = read(&app.get(&Who::default(), "/.well-known/oauth-authorization-server").await);
    let url = described["issuer"].as_str().expect("issuer").to_owned();
    for honest in [false, true] {
        let (mut login, address) = starts(&home, &["login", &url, "--read-only"], "/authorize?").await;
        let asked = address.split_once('?').expect("link").1;
        let to = answered(&app, &owner, "/fn/office/let_program_in", asked, &BOTH).await;
        let (at, path) = to.trim_start_matches("http://").split_once('/').expect("callback");
        let path = if honest { path.to_owned() } else { path.replace("&state=", "&state=x") };
        let page = visit(at, &path).await;
        assert_eq!(page.contains("has your answer"), honest, "{page}");
        let status = tokio::task::spawn_blocking(move || login.wait().expect("ends")).await.expect("ended");
        assert_eq!(status.success(), honest);
    }
    assert!(run(&home, &["api", "GET", "/api/v1/clients"]).await.0);
    let writes = run(&home, &["api", "POST", "/api/v1/clients", "--data", "{}"]).await;
    assert!(!writes.0 && writes.2.contains("403"), "{writes:?}");
    std::fs::remove_dir_all(&home).expect("removed");
}
