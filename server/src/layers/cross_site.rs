//! Requests that change something must come from our own pages.

use super::{context::Site, notice};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use gate::AppError;

/// Lets through what browsers mark as ours; refuses other sites, other origins, and cookies without either mark.
pub async fn check(State(site): State<Site>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || ours(request.headers(), &site.public_url) || link_opens(&request) {
        next.run(request).await
    } else {
        notice::Notice {
            status: StatusCode::FORBIDDEN,
            title: "Not from a page of ours",
            text: "This request did not come from a page of ours. Open the page again and send it from there.".into(),
            error: AppError::Call,
        }
        .answer(&request, &site.entries)
    }
}

/// A client's link: its page sends no referrer, so browsers write `Origin: null`. Its form proves itself by a nonce instead
/// (see `portal_link`); what a browser plainly marks as another site's is refused all the same.
fn link_opens(request: &Request) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    request.uri().path().starts_with("/p/")
        && text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"))
        && text(header::ORIGIN.as_str()).is_none_or(|origin| origin == "null")
}

fn ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some("same-origin" | "none"), origin) => origin.is_none_or(|origin| origin == public_url),
        (Some(_), _) => false,
        (None, Some(origin)) => origin == public_url,
        // Neither mark: no browser of the last years. Without a cookie there is nothing to misuse.
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_without_an_origin_but_not_from_another_site() {
        for (path, site, passes) in [
            ("/p/x", Some("same-origin"), true),
            ("/p/x", None, true),
            ("/p/x", Some("cross-site"), false),
            ("/p/x", Some("same-site"), false),
            ("/fn/p/x", None, false),
            ("/", None, false),
        ] {
            let mut request = Request::builder().uri(path).header("origin", "null");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            assert_eq!(link_opens(&request.body(axum::body::Body::empty()).unwrap()), passes, "{path} {site:?}");
        }
    }

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), header::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_requests_of_our_own_pages_pass() {
        let us = "https://shop.example";
        for (headers, passes) in [
            (with(&[("sec-fetch-site", "same-origin")]), true),
            (with(&[("sec-fetch-site", "same-origin"), ("origin", "https://shop.example")]), true),
            (with(&[("sec-fetch-site", "same-origin"), ("origin", "http://shop.example")]), false),
            (with(&[("sec-fetch-site", "none")]), true),
            (with(&[("sec-fetch-site", "none"), ("origin", "https://evil.example")]), false),
            (with(&[("sec-fetch-site", "same-site")]), false),
            (with(&[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")]), false),
            (with(&[("origin", "https://shop.example")]), true),
            (with(&[("origin", "https://shop.example.evil")]), false),
            (with(&[("origin", "null")]), false),
            (with(&[("cookie", "session=x")]), false),
            (with(&[]), true),
        ] {
            assert_eq!(ours(&headers, us), passes, "{headers:?}");
        }
    }
}
