//! From the bare request to what pages know of it: cookies, origin, what came back from a refused form.

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{forms::Flash, webhooks::Reachable};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use store::{Db, Origin, Token};

/// What the layers know of this installation.
#[derive(Clone)]
pub struct Site {
    /// The database.
    pub db: Db,
    /// Address people reach us by.
    pub public_url: Arc<str>,
    /// Proxies whose word about the client's address we take.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Addresses of styles, for answers of the layers themselves.
    pub entries: Arc<app::Entries>,
    /// What was asked lately, by whom.
    pub limits: Arc<super::rate::Limits>,
    /// What webhooks may reach.
    pub reachable: Arc<Reachable>,
    /// Who was refused lately.
    pub tries: Arc<super::tries::Tries>,
}

/// Puts a [`gate::Request`] into the request's extensions.
pub async fn provide(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let token =
        |what: &str| cookie(&headers, &gate::cookie_name(what, &site.public_url)).and_then(|text| Token::parse(&text));
    let (session, portal, flash_token) = (token("session"), token("portal"), token("flash"));
    let spent = flash_token.filter(|_| *request.method() == Method::GET);
    let flash = match &spent {
        Some(token) => take_flash(&site.db, token).await,
        None => None,
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let ip = client_ip(peer, &headers, &site.trusted_proxies).map(|ip| ip.to_string()).unwrap_or_default();
    let origin = Origin { ip, user_agent: user_agent(&headers) };
    let bearer = crate::api::shown_token(&headers);
    let asked = gate::Request {
        db: site.db.clone(),
        session,
        portal,
        origin,
        flash,
        body_hash: Vec::new(),
        public_url: Arc::clone(&site.public_url),
        reachable: Arc::clone(&site.reachable),
        actor: Arc::default(),
        visitor: Arc::default(),
    };
    request.extensions_mut().insert(asked.clone());
    let mut response = next.run(request).await;
    if matches!(response.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        site.tries.note(&asked, bearer.as_ref());
    }
    if spent.is_some()
        && let Ok(gone) = HeaderValue::from_str(&gate::cookie_text("flash", "", 0, true, &site.public_url))
    {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

async fn take_flash(db: &Db, token: &Token) -> Option<Flash> {
    let kept = db.front_door().take_flash(token).await.ok().flatten()?;
    serde_json::from_slice(&kept).ok()
}

/// The value of a cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|all| all.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect()
}

/// The client's address: the peer, or, when the peer is a trusted proxy, the last address it vouches for.
pub(super) fn client_ip(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let vouches = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let mut last = peer?;
    let named =
        headers.get_all("x-forwarded-for").iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    for written in named.collect::<Vec<_>>().into_iter().rev() {
        if !vouches(&last) {
            break;
        }
        // Left of what cannot be read stands only what the client itself may have written.
        let Some(ip) = address(written) else { break };
        last = ip;
    }
    Some(last)
}

/// An address as proxies write it, some of them with a port.
fn address(written: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(written).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|six| six.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))?;
    Some(IpAddr::to_canonical(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_37_only_a_trusted_proxy_may_name_the_client() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        for (peer, written, expected) in [
            ("198.51.100.1", "6.6.6.6, 203.0.113.7, 10.0.0.9", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7:50123", "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, [2001:db8::1]:443", "2001:db8::1"),
            ("10.0.0.1", "6.6.6.6, ::ffff:203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, unknown", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(written));
            let found = client_ip(peer.parse().ok(), &headers, &trusted).unwrap().to_string();
            assert_eq!(found, expected, "{peer} says {written}");
        }
        assert_eq!(client_ip(None, &HeaderMap::new(), &trusted), None);
    }
}
