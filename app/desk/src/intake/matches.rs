//! Who fits what was typed, and what is known about whom the call is for.

use super::page::Call;
use domain::{
    clients::ClientMatch,
    money::{Currency, Money},
};
use leptos::{ev::MouseEvent, prelude::*};
use ui::{Fact, Facts, Notice, Panel, PhoneLink, Tone};

/// Those who fit, each a link that chooses.
#[component]
pub fn Matches(call: Call, currency: Currency) -> impl IntoView {
    let shown = Memo::new(move |_| call.picked.with(Option::is_none) && call.q.with(|q| q.trim().chars().count() >= 2));
    view! {
        <div role="status">
            {move || shown.get().then(|| {
                let found = call.matches.get();
                if found.is_empty() {
                    return view! { <p class="muted">"Nobody here by that. Fill in the caller below and a new client is made."</p> }.into_any();
                }
                let rows = found.into_iter().map(|client| view! { <Match call client currency/> }).collect_view();
                view! { <Panel title="Is it one of these?"><ul class="lines">{rows}</ul></Panel> }.into_any()
            })}
        </div>
    }
}

#[component]
fn Match(call: Call, client: ClientMatch, currency: Currency) -> impl IntoView {
    let href = format!("/jobs/new?client={}&template={}", client.id, call.kind.get_untracked());
    let place = client.sites.first().map(|site| site.label.clone()).unwrap_or_default();
    let owes = owes(&client, currency);
    let (name, phone) = (client.name.clone(), client.phone.clone());
    let pick = move |event: MouseEvent| {
        event.prevent_default();
        call.picked.set(Some(client.clone()));
    };
    view! { <li><a href=href on:click=pick>{name}</a><span class="muted">{format!(" {phone} {place} {owes}")}</span></li> }
}

/// "owes $85.00", for those who see money and where something is owed.
fn owes(client: &ClientMatch, currency: Currency) -> String {
    let open = client.open_balance_minor.filter(|minor| *minor > 0);
    open.map(|minor| format!("owes {}", Money::from_minor(minor).format(currency))).unwrap_or_default()
}

/// What is known about whom the call is for.
#[component]
pub fn Known(call: Call, currency: Currency) -> impl IntoView {
    move || {
        match call.picked.get() {
        Some(client) => view! { <Card client currency/> }.into_any(),
        None => view! {
            <Panel title="What is known">
                <p class="muted">"Nothing yet. Alerts, places and what is owed appear here as soon as the caller is found."</p>
            </Panel>
        }.into_any(),
    }
    }
}

#[component]
fn Card(client: ClientMatch, currency: Currency) -> impl IntoView {
    let owes = owes(&client, currency);
    let ClientMatch { id, name, kind, alert, phone, sites, .. } = client;
    let alert = Some(alert)
        .filter(|alert| !alert.is_empty())
        .map(|alert| view! { <Notice tone=Tone::Brass title="Standing alert"><p>{alert}</p></Notice> });
    let debt = Some(format!("{name} {owes}."))
        .filter(|_| !owes.is_empty())
        .map(|words| view! { <Notice tone=Tone::Copper title="Open balance"><p>{words}</p></Notice> });
    let phone = Some(phone)
        .filter(|phone| !phone.is_empty())
        .map(|phone| view! { <Fact name="Phone"><PhoneLink number=phone/></Fact> });
    view! {
        <Panel title="What is known">
            <div class="stack">
                {alert}
                {debt}
                <Facts>
                    <Fact name="Client"><a href=gate::paths::client(id)>{name}</a></Fact>
                    <Fact name="Kind">{kind}</Fact>
                    {phone}
                    <Fact name="Sites">{sites.len().to_string()}</Fact>
                </Facts>
            </div>
        </Panel>
    }
}
