//! The archive as a bucket with object lock, before a store that checks what it is sent as the real ones do: each signature
//! is computed anew, and nothing is taken without its lock.

use crate::{
    harness::{self, cluster::scratch},
    proof::cut_off,
};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use server::{
    config::{ArchivePlace, Config},
    proof::{self, rounds},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::PermissionsExt,
    sync::{Arc, Mutex},
};

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// What a store keeps of an object: its bytes, and the headers of its lock.
#[derive(Clone)]
struct Object {
    bytes: Vec<u8>,
    mode: String,
    until: String,
}

type Objects = Arc<Mutex<BTreeMap<String, Object>>>;

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signature version 4 of a presigned address, from the description of the format.
fn signature(method: &Method, uri: &Uri, headers: &HeaderMap, query: &BTreeMap<String, String>) -> Option<String> {
    let said = uri.query()?;
    let mut pairs: Vec<_> = said.split('&').filter(|pair| !pair.starts_with("X-Amz-Signature=")).collect();
    pairs.sort_unstable();
    let signed = query.get("X-Amz-SignedHeaders")?;
    let lines = signed
        .split(';')
        .map(|name| Some(format!("{name}:{}\n", headers.get(name)?.to_str().ok()?)))
        .collect::<Option<String>>()?;
    let canonical = format!("{method}\n{}\n{}\n{lines}\n{signed}\nUNSIGNED-PAYLOAD", uri.path(), pairs.join("&"));
    let (date, scope) = (query.get("X-Amz-Date")?, query.get("X-Amz-Credential")?.strip_prefix(&format!("{KEY}/"))?);
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let key = scope.split('/').fold(format!("AWS4{SECRET}").into_bytes(), |key, part| hmac(&key, part));
    Some(hex(&hmac(&key, &text)))
}

async fn store(
    State(objects): State<Objects>,
    Path(key): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    (method, uri, headers, body): (Method, Uri, HeaderMap, Bytes),
) -> Response {
    let given = query.get("X-Amz-Signature");
    if given.is_none() || signature(&method, &uri, &headers, &query).as_ref() != given {
        return StatusCode::FORBIDDEN.into_response();
    }
    let signed = query.get("X-Amz-SignedHeaders").map_or("", String::as_str);
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        signed.split(';').any(|one| one == name).then(|| value.to_owned())
    };
    let mut objects = objects.lock().expect("objects");
    match method {
        Method::PUT => {
            let lock = (header("x-amz-object-lock-mode"), header("x-amz-object-lock-retain-until-date"));
            let (Some(mode), Some(until)) = lock else { return StatusCode::BAD_REQUEST.into_response() };
            if header("x-amz-checksum-sha256") != Some(BASE64_STANDARD.encode(Sha256::digest(&body))) {
                return StatusCode::BAD_REQUEST.into_response();
            }
            if header("if-none-match").as_deref() == Some("*") && objects.contains_key(&key) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            objects.insert(key, Object { bytes: body.to_vec(), mode, until });
            StatusCode::OK.into_response()
        }
        Method::GET => match objects.get(&key) {
            Some(object) => object.bytes.clone().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// `ListObjectsV2`, two to a page, so that there is more than one.
async fn list(
    State(objects): State<Objects>,
    Query(query): Query<BTreeMap<String, String>>,
    (method, uri, headers): (Method, Uri, HeaderMap),
) -> Response {
    if signature(&method, &uri, &headers, &query).as_ref() != query.get("X-Amz-Signature") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    let after = query.get("continuation-token").cloned().unwrap_or_default();
    let objects = objects.lock().expect("objects");
    let names: Vec<_> = objects
        .keys()
        .filter(|key| key.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/')) && **key > after)
        .cloned()
        .collect();
    let more = names.len() > 2;
    let page: String = names.iter().take(2).map(|key| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    let token =
        if more { format!("<NextContinuationToken>{}</NextContinuationToken>", names[1]) } else { String::new() };
    format!("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>{more}</IsTruncated>{page}{token}</ListBucketResult>")
        .into_response()
}

/// A store of its own, and the archive in it as the settings name it.
async fn bucket(name: &str, secret: &str) -> (Objects, ArchivePlace) {
    let objects = Objects::default();
    let routes = Router::new().route("/worm", any(list)).route("/worm/", any(list)).route("/worm/{*key}", any(store));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("address");
    let serving = axum::serve(listener, routes.with_state(Arc::clone(&objects)));
    tokio::spawn(async move { serving.await });
    let file = scratch().join(format!("s3-{name}"));
    fs::write(&file, format!("{KEY}\n{secret}\n")).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("mode");
    let config = Config::from_sources(&scratch(), |setting| match setting {
        "SHEARLINE_ARCHIVE" => Some(format!("s3+http://{addr}/worm/shops?region=eu-1")),
        "SHEARLINE_ARCHIVE_CREDENTIALS" => Some(file.display().to_string()),
        _ => None,
    });
    (objects, config.expect("settings").archive)
}

/// Off the runtime that serves the store: sinks wait.
async fn asked<T: Send + 'static>(
    sink: &rounds::Archive,
    work: impl FnOnce(&dyn proof::WormSink) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let sink = Arc::clone(sink);
    tokio::task::spawn_blocking(move || work(&*sink)).await.expect("joined")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_66_what_is_put_into_the_bucket_is_locked_for_seven_years_and_never_overwritten() {
    let (objects, at) = bucket("put", SECRET).await;
    let sink = proof::open(&at).expect("opens");
    for nth in 1..=5 {
        asked(&sink, move |sink| sink.put(&format!("a/{nth}"), format!("{nth}").as_bytes())).await.expect("put");
    }
    asked(&sink, |sink| sink.put("a/log/1", b"log")).await.expect("put");
    asked(&sink, |sink| sink.put("a/1", b"1")).await.expect("the same again");
    let other = asked(&sink, |sink| sink.put("a/1", b"other")).await.expect_err("other bytes");
    assert_eq!(other.kind(), io::ErrorKind::AlreadyExists);
    let names = asked(&sink, |sink| sink.list("a")).await.expect("a list of three pages");
    assert_eq!(names, ["a/1", "a/2", "a/3", "a/4", "a/5"]);
    assert_eq!(asked(&sink, |sink| sink.get("a/3")).await.expect("read"), b"3");
    assert_eq!(asked(&sink, |sink| sink.get("a/9")).await.expect_err("none").kind(), io::ErrorKind::NotFound);
    let kept = objects.lock().expect("objects").clone();
    let year: i32 = jiff::Timestamp::now().strftime("%Y").to_string().parse().expect("a year");
    for (key, object) in &kept {
        assert!(key.starts_with("shops/a/"), "{key}");
        assert_eq!(object.mode, "COMPLIANCE");
        assert!(object.until >= format!("{}", year + 7) && object.until.ends_with('Z'), "{}", object.until);
    }
    assert_eq!(kept["shops/a/1"].bytes, b"1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_66_checkpoints_and_log_go_into_the_bucket_and_contradict_a_cut_chain() {
    let on = harness::fresh().await;
    let (objects, at) = bucket("rounds", SECRET).await;
    let sink = proof::open(&at).expect("opens");
    on.later("61 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let kept = objects.lock().expect("objects").clone();
    let shop = on.crowd.a.id;
    let of = |ending: &str| kept.keys().filter(|key| key.contains(&shop.to_string()) && key.ends_with(ending)).count();
    assert!(of(".checkpoint") >= 1 && of(".ndjson") >= 1, "{:?}", kept.keys());
    cut_off(&on, shop.uuid(), 1).await;
    on.later("16 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let told: i64 =
        on.ask(&format!("select count(*) from audit.entries where shop_id = '{shop}' and action = 165")).await;
    assert_eq!(told, 1, "the bucket remembers what the database was made to forget");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_refuses_is_named_without_its_signed_address() {
    let (objects, at) = bucket("wrong", "another secret").await;
    let sink = proof::open(&at).expect("opens");
    let words = asked(&sink, |sink| sink.put("a/1", b"1")).await.expect_err("refused").to_string();
    assert!(words.contains("403") && !words.contains("X-Amz") && !words.contains("another"), "{words}");
    assert!(objects.lock().expect("objects").is_empty());
    let ArchivePlace::Bucket(place) = at else { panic!("a bucket") };
    fs::set_permissions(place.secret.path(), fs::Permissions::from_mode(0o644)).expect("mode");
    let words = format!("{:#}", place.secret.read().expect_err("others may read it"));
    assert!(words.contains("chmod 600") && !words.contains("another"), "{words}");
}
