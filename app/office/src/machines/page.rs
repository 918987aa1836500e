//! `/shop/keys`: keys for programs, made, shown once, replaced, revoked.

use super::server_fns::{MakeApiKey, RevokeApiKey, RotateApiKey, api_keys};
use domain::{
    forms::{Flash, Page, Ticket},
    machines::ApiKeyRow,
};
use gate::{Shown, action, load};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use ui::{Badge, Button, Cell, EmptyState, Form, Head, Look, Notice, PageHeader, Panel, Table, Tone};

/// Name of the flash that shows a key.
pub const FORM: &str = "api-key-shown";
/// Where the flash holds the key.
pub const SHOWN: &str = "shown";
/// Name of the form that makes one.
const MAKE: &str = "api-key";

/// The page.
#[component]
pub fn KeysPage() -> impl IntoView {
    let page = load(|| (), |()| api_keys());
    view! {
        <Title text="Keys for programs"/>
        <PageHeader title="Keys for programs" subtitle="A key lets another program work with this shop: accounting, a website, a dispatch board."/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Vec<ApiKeyRow>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let shown = ticket.flash.clone().filter(|flash| flash.form == FORM);
    let back = ticket.flash.clone().filter(|flash| flash.form == MAKE);
    let rows: Vec<_> = data.into_iter().map(|key| view! { <Row key ticket=ticket.clone()/> }).collect();
    let heads = vec![Head::new("Key"), Head::new("Reaches"), Head::new("Last used"), Head::new("Until"), Head::new("")];
    let table = if rows.is_empty() {
        view! { <EmptyState title="No program has a key" words="Make one below. It is shown once; only its fingerprint is kept."/> }.into_any()
    } else {
        view! { <Table caption="Keys" heads>{rows}</Table> }.into_any()
    };
    view! {
        {shown.map(|flash| view! { <Fresh flash/> })}
        <Panel title="Keys" flush=true>{table}</Panel>
        <Panel title="Make a key"><Make ticket back/></Panel>
        <p class="muted small">
            "What a program can do with a key stands in the "
            <a href="/api/v1/docs" rel="external">"description of the API"</a>"."
        </p>
    }
}

/// The key just made.
#[component]
fn Fresh(flash: Flash) -> impl IntoView {
    flash.values.get(SHOWN).cloned().map(|key| {
        view! {
            <Notice tone=Tone::Verdigris title="Copy this key now: it is shown only once">
                <input class="input" type="text" size="60" readonly=true value=key aria-label="The key" autocomplete="off"/>
            </Notice>
        }
    })
}

/// The rooms a key may be given, as sent and as read.
const ROOMS: [(&str, &str); 5] = [
    ("clients", "Clients, sites and openings"),
    ("jobs", "Jobs"),
    ("invoices", "Invoices (to read)"),
    ("payments", "Payments"),
    ("audit", "Audit trail (to read)"),
];

/// A plain form: the answer is a new page, the only one that can show the key.
#[component]
fn Make(ticket: Ticket, back: Option<Flash>) -> impl IntoView {
    let typed = back.clone().map(|flash| flash.values).unwrap_or_default();
    let errors = back.as_ref().map(|flash| flash.errors.clone()).unwrap_or_default();
    let problem = back.map(|flash| flash.problem).filter(|words| !words.is_empty());
    let value = move |name: &str| typed.get(&format!("form[{name}]")).cloned().unwrap_or_default();
    let (name, days, scope) = (value("name"), value("days"), value("scope"));
    let rooms = ROOMS.map(|(room, words)| view! { <Tick name=room words on=!value(room).is_empty()/> });
    let trap = !value("trap").is_empty();
    let wrong = move |name: &str| errors.get(name).cloned();
    let (wrong_name, wrong_rooms) = (wrong("name"), wrong("clients"));
    let (refused, described) = (wrong_name.is_some(), wrong_name.is_some().then_some("key-name-error"));
    view! {
        <form class="form" method="post" action=MakeApiKey::url()>
            <input type="hidden" name="post[id]" value=format!("{}.{MAKE}", ticket.id)/>
            <input type="hidden" name="post[shop]" value=ticket.shop/>
            <input type="hidden" name="post[back]" value="/shop/keys"/>
            <input type="hidden" name="post[form]" value=MAKE/>
            {problem.map(|words| view! { <div class="form__problem" role="alert">{words}</div> })}
            <div class="form__grid">
                <div class="field" class:field--error=refused>
                    <label class="field__label" for="key-name">"What is it for?"</label>
                    <input class="input" id="key-name" name="form[name]" value=name maxlength="80" required=true placeholder="Accounting export" autocomplete="off"
                        aria-describedby=described aria-invalid=refused.then_some("true")/>
                    {wrong_name.map(|words| view! { <p class="field__error" id="key-name-error">{words}</p> })}
                </div>
                <div class="field">
                    <label class="field__label" for="key-scope">"May"</label>
                    <select class="select" id="key-scope" name="form[scope]">
                        <option value="read" selected=scope != "write">"Read only"</option>
                        <option value="write" selected=scope == "write">"Read and write"</option>
                    </select>
                </div>
                <div class="field">
                    <label class="field__label" for="key-days">"Works for"</label>
                    <select class="select" id="key-days" name="form[days]">
                        <option value="30" selected=days == "30">"30 days"</option>
                        <option value="90" selected=days.is_empty() || days == "90">"90 days"</option>
                        <option value="365" selected=days == "365">"A year"</option>
                    </select>
                </div>
            </div>
            <fieldset class="fieldset">
                <legend class="legend">"What it may see"</legend>
                {rooms}
                {wrong_rooms.map(|words| view! { <p class="field__error">{words}</p> })}
            </fieldset>
            <fieldset class="fieldset">
                <legend class="legend">"Honeypot"</legend>
                <Tick name="trap" words="Opens nothing, and writes to the owners when somebody tries it" on=trap/>
            </fieldset>
            <div class="form__actions"><Button look=Look::Primary>"Make the key"</Button></div>
        </form>
    }
}

#[component]
fn Tick(name: &'static str, words: &'static str, on: bool) -> impl IntoView {
    view! {
        <div class="field">
            <label class="check">
                <input type="checkbox" name=format!("form[{name}]") value="on" checked=on/>
                <span>{words}</span>
            </label>
        </div>
    }
}

#[component]
fn Row(key: ApiKeyRow, ticket: Ticket) -> impl IntoView {
    let id = key.id.to_string();
    let used = match key.last_used {
        Some(at) => {
            view! { <span class="nowrap">{at}</span><br/><span class="muted small">{key.last_ip}</span> }.into_any()
        }
        None => "Never".into_any(),
    };
    let until = if key.live {
        view! { <span class="nowrap">{key.expires}</span> }.into_any()
    } else {
        view! { <Badge tone=Tone::Void text="Over"/> }.into_any()
    };
    let acts = key.live.then(|| view! { <Acts id ticket/> });
    view! {
        <tr>
            <Cell lead=true>{key.name}<br/><span class="muted small">{key.made_by}", "{key.made}</span></Cell>
            <Cell label="Reaches">{key.reach}</Cell>
            <Cell label="Last used">{used}</Cell>
            <Cell label="Until">{until}</Cell>
            <Cell>{acts}</Cell>
        </tr>
    }
}

#[component]
fn Acts(id: String, ticket: Ticket) -> impl IntoView {
    let revoke = action::<RevokeApiKey>();
    let key = id.clone();
    view! {
        <div class="row">
            <form class="row" method="post" action=RotateApiKey::url()>
                <input type="hidden" name="post[id]" value=format!("{}.rotate-{id}", ticket.id)/>
                <input type="hidden" name="post[shop]" value=ticket.shop.clone()/>
                <input type="hidden" name="post[back]" value="/shop/keys"/>
                <input type="hidden" name="post[form]" value=FORM/>
                <input type="hidden" name="key" value=id.clone()/>
                <Button look=Look::Quiet>"Replace"</Button>
            </form>
            <Form action=revoke ticket name=format!("revoke-{id}") class="row">
                <input type="hidden" name="key" value=key.clone()/>
                <Button look=Look::Danger>"Revoke"</Button>
            </Form>
        </div>
    }
}
