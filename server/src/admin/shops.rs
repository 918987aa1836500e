//! All shops, and a new one.

use super::{Admin, Caller, Sent, caller, changing, fault, origin, page};
use axum::{
    Form,
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode},
    response::Redirect,
};
use domain::{
    FieldErrors,
    choice::Choice,
    instance::{OpenShopForm, ShopRow},
    money::Currency,
};
use maud::{Markup, html};
use store::{Error, Token, mail::Mail};

const PLACE: &str = "/installation/shops";

pub async fn list(State(admin): State<Admin>, headers: HeaderMap) -> Response<Body> {
    let caller = match caller(&admin, &headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    match admin.door().shops(&caller.who).await {
        Ok(shops) => page::inside(&admin, &caller, StatusCode::OK, ("Shops", PLACE), &listed(&shops)),
        Err(error) => fault(&error),
    }
}

fn listed(shops: &[ShopRow]) -> Markup {
    let new = html! { a class="button button--primary" href="/installation/shops/new" { "Open a shop" } };
    html! {
        (page::head(None, "Shops", &format!("{} on this installation", shops.len()), &new))
        @if shops.is_empty() { p class="muted" { "There is no shop yet." } } @else {
            div class="table-wrap" { table class="table" {
                caption class="visually-hidden" { "Shops" }
                thead { tr {
                    th scope="col" { "Shop" } th scope="col" { "State" } th scope="col" { "Since" }
                    th scope="col" class="is-number" { "Members" } th scope="col" class="is-number" { "Clients" }
                    th scope="col" class="is-number" { "Jobs" } th scope="col" { "Last active" }
                } }
                tbody { @for shop in shops { tr {
                    td class="is-lead" {
                        a href=(format!("/installation/shops/{}", shop.id)) { (shop.name) }
                        div class="muted small" { (shop.slug) }
                    }
                    td data-label="State" { (state(shop)) }
                    td data-label="Since" { (shop.created) }
                    td class="is-number" data-label="Members" { (shop.members) }
                    td class="is-number" data-label="Clients" { (shop.clients) }
                    td class="is-number" data-label="Jobs" { (shop.jobs) }
                    td data-label="Last active" { (shop.last_entry.as_deref().unwrap_or("never")) }
                } } }
            } }
        }
    }
}

/// How a shop stands, in one word.
pub(super) fn state(shop: &ShopRow) -> Markup {
    let (tone, word) = match () {
        () if shop.suspended.is_some() => ("bad", "Suspended"),
        () if shop.members == 0 => ("copper", "Owner invited"),
        () => ("verdigris", "Open"),
    };
    html! { span class=(format!("badge badge--{tone}")) { (word) } }
}

pub async fn new(State(admin): State<Admin>, headers: HeaderMap) -> Response<Body> {
    let caller = match caller(&admin, &headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    let empty = OpenShopForm {
        time_zone: "America/Toronto".into(),
        currency: Currency::Cad.as_str().to_owned(),
        ..OpenShopForm::default()
    };
    asked(&admin, &caller, (StatusCode::OK, String::new(), FieldErrors::new()), &empty)
}

fn asked(
    admin: &Admin,
    caller: &Caller,
    (status, trouble, errors): (StatusCode, String, FieldErrors),
    typed: &OpenShopForm,
) -> Response<Body> {
    let line = |name, label, kind, value, hint| page::Line { name, label, kind, value, hint }.shown(&errors);
    let fields = html! {
        (page::problem(&trouble))
        div class="form__grid" {
            (line("name", "Name of the shop", "text", &typed.name, ""))
            (line("slug", "Short name", "text", &typed.slug, "Letters, digits and hyphens; made from the name when empty."))
            (line("time_zone", "Time zone", "text", &typed.time_zone, "By its full name, such as America/Toronto or Europe/Paris."))
            div class="field" {
                label class="field__label" for="currency" { "Currency" }
                select class="select" id="currency" name="currency" {
                    @for currency in Currency::ALL {
                        option value=(currency.as_str()) selected[currency.as_str() == typed.currency] { (currency.as_str()) }
                    }
                }
            }
            (line("email", "The owner's e-mail", "email", &typed.email, "An invitation goes there; it is good for seven days."))
        }
    };
    let button = html! { button class="button button--primary" type="submit" { "Open the shop and invite its owner" } };
    let body = html! {
        (page::head(Some((PLACE, "Shops")), "Open a shop", "", &html! {}))
        (page::panel("The shop and its owner", &page::form(caller, PLACE, &button, &fields)))
    };
    page::inside(admin, caller, status, ("Open a shop", PLACE), &body)
}

pub async fn open(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Form(sent): Form<Sent<OpenShopForm>>,
) -> Response<Body> {
    let caller = match caller(&admin, &headers).await {
        Ok(caller) => caller,
        Err(away) => return away,
    };
    let (caller, error) = match changing(&admin, caller, &sent).await {
        Ok(caller) => match opened(&admin, &caller, &headers, &sent.form).await {
            Ok(to) => return caller.answers(&admin, Redirect::to(&to)),
            Err(error) => (caller, error),
        },
        Err(refused) => refused,
    };
    match page::refused(error) {
        Ok(trouble) => asked(&admin, &caller, trouble, &sent.form),
        Err(error) => super::fault(&error),
    }
}

async fn opened(admin: &Admin, caller: &Caller, headers: &HeaderMap, form: &OpenShopForm) -> Result<String, Error> {
    let (shop, email) = form.read(store::identity::zone_known)?;
    let written = |token: &Token| letter(&email, &shop.name, &admin.public_url, token);
    let id = admin.door().open_shop(&caller.who, &origin(headers), &shop, &email, written).await?;
    Ok(format!("{PLACE}/{id}"))
}

/// The owner's invitation.
pub(super) fn letter(to: &str, shop: &str, site: &str, token: &Token) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("Your shop {shop} on Shearline"),
        text: format!(
            "{shop} was opened for you on Shearline, with you as its owner.\n\nOpen this link within seven days:\n\n{site}/invite/{}\n\nOnly {to} can accept. If you did not expect this, do nothing.\n",
            token.reveal(),
        ),
    }
}
