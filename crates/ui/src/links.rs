//! Links whose target comes from data: telephone, mail, maps. Only known schemes get through.

use crate::{Icon, IconMark};
use leptos::prelude::*;

/// A place to go and the words on the link.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LinkTo {
    /// A path of ours, or an address with a scheme [`safe_href`] lets through.
    pub href: String,
    /// What the link says.
    pub words: String,
}

impl LinkTo {
    /// A link to `href` that says `words`.
    pub fn new(href: impl Into<String>, words: impl Into<String>) -> Self {
        Self { href: href.into(), words: words.into() }
    }
}

/// Lets our own paths, fragments, queries and `https:`, `mailto:`, `tel:`, `geo:` through; anything else
/// (`javascript:`, `data:`, `//other.host`, control characters that browsers drop before reading the scheme)
/// becomes `#`.
pub fn safe_href(href: &str) -> String {
    let bad_character = href.chars().any(|c| c.is_control() || c == '\\');
    let first = href.split(['/', '?', '#']).next().unwrap_or_default();
    let allowed = match first.split_once(':') {
        Some((scheme, _)) => ["https", "mailto", "tel", "geo"].iter().any(|known| scheme.eq_ignore_ascii_case(known)),
        None => !href.starts_with("//"),
    };
    if allowed && !bad_character && !href.starts_with(char::is_whitespace) { href.to_owned() } else { "#".to_owned() }
}

/// Percent-encodes everything but letters, digits and `-._~` (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The `tel:` target of a number as people write it: digits, and the plus if it leads.
pub fn tel_href(number: &str) -> String {
    let plus = if number.trim_start().starts_with('+') { "+" } else { "" };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    format!("tel:{plus}{digits}")
}

/// Directions to an address; phones open it in their map application.
pub fn maps_href(address: &str) -> String {
    format!("https://www.google.com/maps/dir/?api=1&destination={}", encoded(address))
}

/// A telephone number one can tap.
#[component]
pub fn PhoneLink(#[prop(into)] number: String) -> impl IntoView {
    let href = tel_href(&number);
    view! { <a class="phone" href=href>{number}</a> }
}

/// A mail address one can tap.
#[component]
pub fn MailLink(#[prop(into)] address: String) -> impl IntoView {
    let href = format!("mailto:{}", encoded(&address).replace("%40", "@"));
    view! { <a class="mail" href=href>{address}</a> }
}

/// The tall button that calls a number, for the technician and the portal.
#[component]
pub fn CallButton(#[prop(into)] number: String, #[prop(into)] words: String) -> impl IntoView {
    view! {
        <a class="button" href=tel_href(&number)>
            <IconMark icon=Icon::Phone/>
            {words}
        </a>
    }
}

/// The tall button that opens directions; a new tab, so that the job stays open.
#[component]
pub fn MapsButton(#[prop(into)] address: String, #[prop(into)] words: String) -> impl IntoView {
    view! {
        <a class="button" href=maps_href(&address) target="_blank" rel="noopener noreferrer">
            <IconMark icon=Icon::Pin/>
            {words}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_get_through() {
        for good in
            ["/jobs?after=1:2", "#main", "?page=2", "jobs/1", "https://a.example/", "tel:+1555", "MAILTO:a@b.example"]
        {
            assert_eq!(safe_href(good), good);
        }
        let bad = [
            "javascript:alert(1)",
            "JaVaScript:alert(1)",
            " javascript:x",
            "java\nscript:x",
            "//evil.example",
            "/\\evil.example",
            "data:text/html,x",
            "http://a.example",
        ];
        for bad in bad {
            assert_eq!(safe_href(bad), "#", "{bad}");
        }
    }

    #[test]
    fn numbers_keep_digits_and_the_leading_plus() {
        assert_eq!(tel_href("+1 (416) 555-0134"), "tel:+14165550134");
        assert_eq!(tel_href("555 0134 ext. +9"), "tel:55501349");
    }

    #[test]
    fn an_address_cannot_leave_its_parameter() {
        let href = maps_href("12 Rue & Fils #4, Québec");
        assert!(href.ends_with("destination=12%20Rue%20%26%20Fils%20%234%2C%20Qu%C3%A9bec"), "{href}");
    }
}
