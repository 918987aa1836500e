//! Every server function with arguments that fit, read from the sources, and every page with its path filled in.

use server::router::PAGES;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// A server function: its path and its arguments, as (name, type).
#[derive(Clone, Debug)]
pub struct Function {
    /// `/fn/desk/find_client`.
    pub path: String,
    /// Its Rust name.
    pub name: String,
    /// Arguments in order.
    pub arguments: Vec<(String, String)>,
}

/// All server functions the server knows. One the sources do not show is a mistake of this reader, and fails.
pub fn functions() -> Vec<Function> {
    let mut written = BTreeMap::new();
    for area in ["desk", "keys", "money", "office", "portal"] {
        read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app").join(area), &mut written);
    }
    let mut known: Vec<_> = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    known.sort();
    known
        .into_iter()
        .map(|path| {
            written.remove(&path).unwrap_or_else(|| panic!("{path}: this function was not found in the sources"))
        })
        .collect()
}

fn read_folder(folder: &Path, found: &mut BTreeMap<String, Function>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            read_folder(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            read_file(&fs::read_to_string(&path).expect("source"), found);
        }
    }
}

fn read_file(text: &str, found: &mut BTreeMap<String, Function>) {
    let text = text.replace("#[server(default)]", "");
    for part in text.split("#[server(").skip(1) {
        let Some(endpoint) = part.split("endpoint = \"").nth(1).and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        let Some(signature) = part.split("pub async fn ").nth(1).and_then(|rest| rest.split("-> ").next()) else {
            continue;
        };
        let Some((name, rest)) = signature.split_once('(') else { continue };
        let inside = rest.trim_end().trim_end_matches(')').to_owned();
        let arguments = split(&inside)
            .iter()
            .filter_map(|one| one.split_once(':'))
            .map(|(name, kind)| (name.trim().to_owned(), kind.trim().to_owned()))
            .collect();
        let path = format!("/fn/{endpoint}");
        found.insert(path.clone(), Function { path, name: name.trim().to_owned(), arguments });
    }
}

/// At commas outside angle brackets.
fn split(arguments: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in arguments.chars() {
        depth += i32::from(c == '<') - i32::from(c == '>');
        if c == ',' && depth == 0 { parts.push(String::new()) } else { parts.last_mut().expect("one").push(c) }
    }
    parts
}

/// A body the function can read, about these things, with its forms empty.
pub fn body(function: &Function, things: &BTreeMap<&str, Uuid>, post: &[(String, String)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (name, kind) in &function.arguments {
        match kind.as_str() {
            "Post" => fields.extend(post.iter().cloned()),
            kind if ["Form", "Filter", "Query"].iter().any(|end| kind.ends_with(end)) => {
                fields.push((format!("{name}[nothing]"), String::new()))
            }
            kind if kind.ends_with("Id") => {
                fields.push((name.clone(), thing(kind.trim_end_matches("Id"), things).to_string()))
            }
            "String" => fields.push((name.clone(), text(function, name, things))),
            "i32" | "i64" | "Money" => fields.push((name.clone(), "1".into())),
            "Step" => fields.push((name.clone(), "cancel".into())),
            kind if kind.starts_with("Vec<") || kind.starts_with("Option<") => {}
            other => panic!("{}: say here how an argument `{name}: {other}` is filled", function.path),
        }
    }
    fields
}

/// What a program's link to `/authorize` says.
const LINK: &str = "response_type=code&client_id=shearline-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback&\
    code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256&state=xyz";

/// The thing a type or argument names.
fn thing(noun: &str, things: &BTreeMap<&str, Uuid>) -> Uuid {
    let snake: String = noun
        .chars()
        .flat_map(|c| if c.is_ascii_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
        .collect();
    let noun = match snake.trim_start_matches('_') {
        "person" => "member",
        "authority_check" => "authority",
        "site_code" => "code",
        other => other,
    };
    things.get(noun).copied().unwrap_or(Uuid::nil())
}

fn text(function: &Function, argument: &str, things: &BTreeMap<&str, Uuid>) -> String {
    if argument == "link" {
        return LINK.into();
    }
    let noun = if argument == "id" { function.name.rsplit('_').next().unwrap_or_default() } else { argument };
    match things.get(noun) {
        Some(id) => id.to_string(),
        None if argument == "id" => panic!("{}: what does `id` name? Say so here", function.path),
        None => match argument {
            "role" => "technician".into(),
            "key" => "photo".into(),
            _ => "zz".into(),
        },
    }
}

/// Paths of all routes that are neither page nor server function, as the sources write them; whatever stands in braces is
/// filled. `/dev/outbox` is among them, though it exists for developers alone.
pub fn others() -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    read_routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.into_iter().collect()
}

fn read_routes(folder: &Path, found: &mut std::collections::BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("sources").flatten() {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            read_routes(&path, found);
            continue;
        }
        // A listener of its own: see instance/door.rs.
        if path.ends_with("src/admin.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("source");
        for mark in [".route(\"/", "path = \"/"] {
            let written = text.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(written.map(|path| format!("/{}", without_braces(path))));
        }
    }
}

fn without_braces(path: &str) -> String {
    let fill = |segment: &str| match segment {
        "{token}" => "A".repeat(43),
        "{*file}" | "{*rest}" => "none".into(),
        _ if segment.starts_with('{') => Uuid::nil().to_string(),
        _ => segment.to_owned(),
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// A page: its pattern and the path with everything filled in.
pub struct Page {
    /// `/clients/{id}`.
    pub pattern: String,
    /// `/clients/0193…`.
    pub path: String,
}

/// All pages of the office and of the portal.
pub fn pages(things: &BTreeMap<&str, Uuid>) -> Vec<Page> {
    let mut pages: Vec<_> = [&PAGES.office, &PAGES.portal]
        .into_iter()
        .flatten()
        .filter(|route| !route.path().starts_with("/fn/"))
        .map(|route| {
            let pattern = route.path().to_owned();
            let mut segments = Vec::new();
            for segment in pattern.split('/') {
                let noun = singular(segments.last().map_or("", String::as_str));
                segments.push(if segment.starts_with('{') || segment.starts_with(':') {
                    filled(segment, &noun, things)
                } else {
                    segment.to_owned()
                });
            }
            let asks = if pattern == "/authorize" { format!("?{LINK}") } else { String::new() };
            Page { path: segments.join("/") + &asks, pattern }
        })
        .collect();
    pages.sort_by(|a, b| a.pattern.cmp(&b.pattern));
    pages
}

fn filled(segment: &str, noun: &str, things: &BTreeMap<&str, Uuid>) -> String {
    if segment.contains("token") {
        return "A".repeat(43);
    }
    things.get(noun).unwrap_or_else(|| panic!("what does {segment} after `{noun}` name? Say so here")).to_string()
}

fn singular(plural: &str) -> String {
    match plural {
        "today" => "job".into(),
        other => other.trim_end_matches('s').to_owned(),
    }
}
