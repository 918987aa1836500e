//! A client's page.

use super::{
    notes::Notes,
    panels::{Contacts, Jobs, Keys, Sites},
    server_fns::{ArchiveClient, RestoreClient, find_client},
};
use crate::{case_file::panel::CaseFilePanel, portal_links::panel::PortalLinks};
use domain::{
    clients::{
        form::Channel,
        page::{ClientPage as Data, ClientRecord},
    },
    exports::CaseOf,
    forms::{Page, Ticket},
    money::Money,
    portal::Recipient,
};
use gate::{Shown, action, history::History, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, ButtonLink, Fact, Facts, Form, Icon, LinkTo, Look, MailLink, Notice, PageHeader, Panel, PhoneLink,
    Tone,
};

/// `/clients/:id`.
#[component]
pub fn ClientPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_client);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Data { client, sites, contacts, notes, jobs, keys, history, owed_minor, links, currency, rights } = data;
    let id = client.id.to_string();
    let (for_sites, for_contacts, for_notes) = (id.clone(), id.clone(), id.clone());
    let record_keys = rights.record_keys;
    let keys = keys.map(|count| view! { <Keys count client=id.clone() may_record=record_keys/> });
    let owed = owed_minor.map(|minor| Money::from_minor(minor).format(currency));
    let (name, alert, archived) = (client.name.clone(), client.alert.clone(), client.archived.clone());
    let (forgotten, held, forget) = (client.forgotten, client.held.clone(), rights.forget);
    let recipients: Vec<Recipient> = contacts
        .iter()
        .map(|one| Recipient { id: one.id.into(), name: one.name.clone(), email: one.email.clone() })
        .collect();
    let panel = links
        .map(|links| view! { <PortalLinks client=client.id.into() links contacts=recipients ticket=ticket.clone()/> });
    let (edit, take_call) = (rights.edit, rights.take_call && archived.is_empty());
    view! {
        <Title text=name.clone()/>
        <PageHeader title=name subtitle=client.kind.clone() back=LinkTo::new("/clients", "Clients") actions=move || view! { <Acts id edit take_call/> }/>
        {(!alert.is_empty()).then(|| view! { <Notice tone=Tone::Bad title="Standing alert"><p><strong>{alert}</strong></p></Notice> })}
        {shelved(forgotten, &archived)}
        {(!held.is_empty()).then(|| view! { <Notice tone=Tone::Brass title="Legal hold"><p>{held}</p></Notice> })}
        <div class="record">
            <div class="record__main">
                <Sites sites client=for_sites may_edit=edit/>
                <Contacts contacts client=for_contacts may_edit=edit may_forget=forget currency/>
                <Jobs jobs place=true/>
                {keys}
                {panel}
                <Notes notes client=for_notes ticket=ticket.clone() may_write=edit/>
            </div>
            <aside class="record__aside">
                <Record client=client.clone() owed/>
                <History entries=history/>
                {rights.case_file.then(|| view! { <CaseFilePanel of=CaseOf::Client subject=client.id.to_string() ticket=ticket.clone()/> })}
                {edit.then(|| view! { <Shelf client ticket forget/> })}
            </aside>
        </div>
    }
}

#[component]
fn Acts(id: String, edit: bool, take_call: bool) -> impl IntoView {
    let (change, call) = (paths::client_edit(&id), format!("/jobs/new?client={id}"));
    view! {
        {edit.then(|| view! { <ButtonLink href=change icon=Icon::Pen>"Change"</ButtonLink> })}
        {take_call.then(|| view! { <ButtonLink href=call look=Look::Primary icon=Icon::Phone>"Take a call"</ButtonLink> })}
    }
}

/// How to reach the client, where the invoices go, on what terms.
#[component]
fn Record(client: ClientRecord, owed: Option<String>) -> impl IntoView {
    let ClientRecord { phones, emails, billing_address, tags, terms, tax_exempt, since, .. } = client;
    let nobody = phones.is_empty() && emails.is_empty();
    let phones = phones
        .into_iter()
        .map(|Channel { label, value }| view! { <Fact name=or(label, "Telephone")><PhoneLink number=value/></Fact> })
        .collect_view();
    let emails = emails
        .into_iter()
        .map(|Channel { label, value }| view! { <Fact name=or(label, "E-mail")><MailLink address=value/></Fact> })
        .collect_view();
    let lines = billing_address.lines().map(|line| view! { <span>{line.to_owned()}<br/></span> }).collect_view();
    let has_address = !billing_address.is_empty();
    let tags = (!tags.is_empty()).then(|| {
        let tags = tags.into_iter().map(|tag| view! { <Badge text=tag/> }).collect_view();
        view! { <Fact name="Tags"><span class="row">{tags}</span></Fact> }
    });
    view! {
        <Panel title="Client">
            <Facts>
                {phones}
                {emails}
                {nobody.then(|| view! { <Fact name="Telephone"><span class="muted">"None known"</span></Fact> })}
                {has_address.then(|| view! { <Fact name="Billing address">{lines}</Fact> })}
                <Fact name="Terms">{terms}</Fact>
                {tax_exempt.then(|| view! { <Fact name="Tax"><Badge tone=Tone::Steel text="Exempt"/></Fact> })}
                {owed.map(|owed| view! { <Fact name="Open balance"><ui::Money amount=owed/></Fact> })}
                {tags}
                <Fact name="Known since">{since}</Fact>
            </Facts>
        </Panel>
    }
}

fn or(label: String, else_: &str) -> String {
    if label.is_empty() { else_.to_owned() } else { label }
}

/// That it is out of the lists, and why.
fn shelved(forgotten: bool, archived: &str) -> Option<impl IntoView + use<>> {
    let (title, words) = match (forgotten, archived.is_empty()) {
        (true, _) => (
            "Forgotten",
            format!(
                "On {archived}. What named this client is gone; invoices, signed work orders and the audit trail stay."
            ),
        ),
        (false, false) => ("Archived", format!("Out of the lists since {archived}.")),
        (false, true) => return None,
    };
    Some(view! { <Notice tone=Tone::Void title><p>{words}</p></Notice> })
}

/// Out of the lists, or back.
#[component]
fn Shelf(client: ClientRecord, ticket: Ticket, forget: bool) -> impl IntoView {
    let id = client.id.to_string();
    let forget = forget.then(|| {
        view! {
            <p class="small"><a href=paths::client_forget(&id)>"Forget this client for good…"</a></p>
        }
    });
    if client.archived.is_empty() {
        let action = action::<ArchiveClient>();
        view! {
            <Panel title="Archive">
                <p class="muted">"An archived client leaves the lists and search. Nothing is lost."</p>
                <Form action ticket name="archive" class="row">
                    <input type="hidden" name="client" value=id.clone()/>
                    <Button look=Look::Danger>"Archive this client"</Button>
                </Form>
                {forget}
            </Panel>
        }
        .into_any()
    } else {
        let action = action::<RestoreClient>();
        view! {
            <Panel title="Archive">
                <Form action ticket name="restore" class="row">
                    <input type="hidden" name="client" value=id.clone()/>
                    <Button>"Put back into the lists"</Button>
                </Form>
                {forget}
            </Panel>
        }
        .into_any()
    }
}
