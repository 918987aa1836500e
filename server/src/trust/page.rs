//! The page itself: the portal's look, no script.

use super::{FRONT, Facts, holds, opens, retention};
use app::Entries;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};
use store::exports::trust::Kept;
use vault::keyd::sealed_tables;

/// The whole document. Without `kept` the database could not be asked, and the page says so.
pub(super) fn page(facts: &Facts, kept: Option<Kept>, entries: &Entries) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="theme-color" content="#272c35";
                title { "How records are kept here" }
                link rel="icon" href=(entries.favicon);
                link rel="stylesheet" href=(entries.portal_style);
            }
            body {
                div class="portal trust" {
                    header class="portal__head" { p class="portal__shop" translate="no" { "Shearline" } }
                    div {}
                    main class="portal__main" id="main" {
                        header class="page-header" { h1 class="page-header__title" { "How records are kept here" } }
                        (body(facts, kept))
                    }
                    footer class="portal__foot" {
                        p { a href="/sign-in" { "Sign in" } }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}

fn body(facts: &Facts, kept: Option<Kept>) -> Markup {
    html! {
        p { "Shearline keeps the records of locksmith shops: clients, doors, jobs, signed papers, invoices. What stands here is "
            "read from this installation's own code, settings and database at the moment you look, and says only what is so today." }
        (panel("Is the record whole?", &standing(kept)))
        (panel("What is sealed", &sealed(facts)))
        (panel("Who else gets something", &others(facts)))
        (panel("How long what is kept", &retained()))
        (panel("What is not certified", &html! {
            p { "No certificate and no audit by others stands behind this page: not SOC 2, not ISO 27001, not PCI DSS, not CMMC, not FIPS 140. "
                "The code is tested against the controls of OWASP ASVS 5.0, and its matrix says of each control whether it is built, in part, or not." }
            p { "Where this machine stands, who may touch it and how it is backed up is decided by whoever runs it; ask them." }
        }))
        (panel("You found a weakness?", &html! {
            @match &facts.contact {
                Some(contact) => p { "Tell " a href=(contact) { (contact.trim_start_matches("mailto:")) } ". It is also in "
                    a href="/.well-known/security.txt" { "security.txt" } "." },
                None => p { "Whoever runs this installation has named no contact. Tell the shop you deal with." },
            }
        }))
    }
}

fn panel(title: &str, content: &Markup) -> Markup {
    html! { section class="panel" { div class="panel__head" { h2 class="panel__title" { (title) } } div class="panel__body" { (content) } } }
}

fn standing(kept: Option<Kept>) -> Markup {
    let Some(kept) = kept else {
        return html! { p { "The database cannot be asked at the moment." } };
    };
    html! {
        dl class="facts" {
            (fact("Verified", &match (kept.broken, kept.verified) {
                (true, _) => "At least one shop's record does not hold. Its owner has been told what and where.".to_owned(),
                (false, Some(minutes)) => format!("Every entry of every shop's record was read again, and held, within the last {}.", age(minutes)),
                (false, None) => "Not every shop's record has been verified yet.".to_owned(),
            }))
            (fact("Newest checkpoint", &kept.checkpoint.map_or_else(|| "None yet.".to_owned(), |minutes| format!("Signed within the last {}.", age(minutes)))))
        }
        p { "Each entry of a shop's audit trail carries the fingerprint of those before it. Signed checkpoints of it are kept outside the database, and "
            "stand on invoices and work orders: whoever has such a paper can show years later whether a record was changed. "
            a href="/verify.html" download="verify.html" { "Download the page that checks a proof" } ": it works without this server, and without a network." }
    }
}

/// "3 hours": never smaller than what it is about, so that "within" is true.
fn age(minutes: i64) -> String {
    let (number, unit) = match minutes {
        ..=59 => (minutes.max(0) + 1, "minute"),
        60..=2879 => (minutes / 60 + 1, "hour"),
        _ => (minutes / 1440 + 1, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn sealed(facts: &Facts) -> Markup {
    html! {
        p { "Sealed with AES-256-GCM before it reaches the database, each record under a key of its own. The shops' keys are held by a process of its "
            "own that does nothing else; a copy of the database opens nothing." }
        dl class="facts facts--wide" {
            @for (table, class) in sealed_tables() {
                @if let Some(words) = holds(table) { (fact(words, opens(*class))) }
            }
            @for (words, opens) in FRONT { (fact(words, opens)) }
        }
        p { "Passwords are kept as Argon2id hashes, links and session keys as SHA-256. Everything else, such as names, addresses, jobs and invoices, "
            "stands in the database unsealed: each shop's rows behind the database's own walls, the disk as safe as its owner makes it. "
            @if facts.tls { "Connections to here are encrypted (TLS)." } @else { "This address is served without TLS." } }
    }
}

fn others(facts: &Facts) -> Markup {
    html! {
        @if facts.others.is_empty() {
            p { "Nobody. No mail server and no other service is set up here." }
        } @else {
            dl class="facts facts--wide" { @for (who, what) in &facts.others { (fact(who, what)) } }
        }
        p { "A shop may have entries of its own audit trail sent to programs of its own. No pages are counted, and no script, font or picture comes from elsewhere." }
    }
}

fn retained() -> Markup {
    html! {
        dl class="facts facts--wide" {
            @for row in retention::table() { (fact(row.what, &format!("{}. {}", row.how_long, row.then))) }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div class="facts__row" { dt class="facts__name" { (name) } dd class="facts__value" { (value) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_never_said_smaller_than_it_is() {
        for (minutes, words) in
            [(0, "1 minute"), (59, "60 minutes"), (60, "2 hours"), (179, "3 hours"), (2880, "3 days")]
        {
            assert_eq!(age(minutes), words);
        }
    }
}
