//! Panels of a client's page: sites, contacts, jobs.

use domain::{
    choice::Choice,
    clients::{
        contact::{Contact, Standing},
        one_line,
        page::JobRow,
    },
    jobs::JobStatus,
    money::{Currency, Money},
    sites::SiteSummary,
};
use gate::paths;
use leptos::prelude::*;
use ui::{Badge, ButtonLink, Cell, Code, Head, Icon, JobBadge, MailLink, Panel, PhoneLink, Table, Tone, safe_href};

/// How many keys of the client are on record: what they are stands on a page of its own.
#[component]
pub fn Keys(count: i64, client: String, may_record: bool) -> impl IntoView {
    let (all, new) = (paths::bittings_of(&client), paths::bitting_new(&client));
    let add = move || may_record.then(|| view! { <ButtonLink href=new icon=Icon::Plus>"Record a key"</ButtonLink> });
    let words = match count {
        0 => view! { <p class="muted">"No key on record. A record keeps a loose key's cuts and code, sealed."</p> }
            .into_any(),
        1 => view! { <a href=safe_href(&all)>"One key on record"</a> }.into_any(),
        more => view! { <a href=safe_href(&all)>{format!("{more} keys on record")}</a> }.into_any(),
    };
    view! { <Panel title="Keys" id="keys" actions=add>{words}</Panel> }
}

/// Places of the client.
#[component]
pub fn Sites(sites: Vec<SiteSummary>, client: String, may_edit: bool) -> impl IntoView {
    let none = sites.is_empty();
    let rows = sites.into_iter().map(|site| view! {
        <tr>
            <Cell lead=true><a href=safe_href(&paths::site(site.id))>{one_line(&site.name, &site.address)}</a></Cell>
            <Cell label="Openings" number=true>{site.openings}</Cell>
            <Cell>
                {site.hazards.then(|| view! { <Badge tone=Tone::Brass text="Hazards"/> })}
                {site.archived.then(|| view! { <Badge tone=Tone::Void text="Out of use"/> })}
            </Cell>
        </tr>
    }).collect_view();
    let add = move || {
        may_edit.then(|| view! { <ButtonLink href=paths::site_new(&client) icon=Icon::Plus>"Add site"</ButtonLink> })
    };
    view! {
        <Panel title="Sites" id="sites" flush=!none actions=add>
            {if none {
                view! { <p class="muted">"No site yet. A site is a place to work at: its address, hours, hazards and doors."</p> }.into_any()
            } else {
                view! { <Table caption="Sites" heads=vec![Head::new("Place"), Head::number("Openings"), Head::new("")]>{rows}</Table> }.into_any()
            }}
        </Panel>
    }
}

/// People of the client.
#[component]
pub fn Contacts(
    contacts: Vec<Contact>,
    client: String,
    may_edit: bool,
    may_forget: bool,
    currency: Currency,
) -> impl IntoView {
    let none = contacts.is_empty();
    let rows =
        contacts.into_iter().map(|contact| view! { <Person contact may_edit may_forget currency/> }).collect_view();
    let mut heads: Vec<_> = ["Name", "Reach", "May"].map(Head::new).into();
    heads.extend(may_forget.then(|| Head::new("")));
    let add = move || {
        may_edit
            .then(|| view! { <ButtonLink href=paths::contact_new(&client) icon=Icon::Plus>"Add contact"</ButtonLink> })
    };
    view! {
        <Panel title="Contacts" id="contacts" flush=!none actions=add>
            {if none {
                view! { <p class="muted">"Nobody yet. Contacts are people of the client: who may ask for work, approve a price, pay, let us in, and sign."</p> }.into_any()
            } else {
                view! { <Table caption="Contacts" heads>{rows}</Table> }.into_any()
            }}
        </Panel>
    }
}

#[component]
fn Person(contact: Contact, may_edit: bool, may_forget: bool, currency: Currency) -> impl IntoView {
    let Contact { id, name, title, phone, email, roles, standing, validity, limit_minor } = contact;
    let name = if may_edit {
        view! { <a href=safe_href(&paths::contact_edit(id))>{name}</a> }.into_any()
    } else {
        name.into_any()
    };
    let roles = roles.words().into_iter().map(|words| view! { <Badge text=words/> }).collect_view();
    let standing = standing.map(|standing| match standing {
        Standing::Valid => view! { <Badge tone=Tone::Verdigris text="May sign today"/> },
        Standing::Expired => view! { <Badge tone=Tone::Bad text="Right to sign expired"/> },
        Standing::NotYet => view! { <Badge tone=Tone::Brass text="May not sign yet"/> },
    });
    let limit = limit_minor.map(|minor| format!("up to {}", Money::from_minor(minor).format(currency)));
    let bounds =
        [Some(validity).filter(|words| !words.is_empty()), limit].into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <Cell lead=true>{name}{(!title.is_empty()).then(|| view! { <span class="muted small">" "{title}</span> })}</Cell>
            <Cell label="Reach">
                {(!phone.is_empty()).then(|| view! { <PhoneLink number=phone/> })}" "
                {(!email.is_empty()).then(|| view! { <MailLink address=email/> })}
            </Cell>
            <Cell label="May"><span class="row">{roles}{standing}</span>{(!bounds.is_empty()).then(|| view! { <span class="muted small">{bounds}</span> })}</Cell>
            {may_forget.then(|| view! { <Cell><a class="small nowrap" href=paths::contact_forget(id)>"Forget…"</a></Cell> })}
        </tr>
    }
}

/// Jobs of the client or the site, the newest first.
#[component]
pub fn Jobs(jobs: Vec<JobRow>, place: bool) -> impl IntoView {
    let none = jobs.is_empty();
    let rows = jobs.into_iter().map(|job| {
        let words = JobStatus::parse(&job.status).map_or("", Choice::words);
        view! {
            <tr>
                <Cell lead=true><a href=safe_href(&paths::job(job.id))><Code text=job.number.to_string()/></a></Cell>
                <Cell label="Work"><span class="nowrap">{job.what}</span></Cell>
                {place.then(|| view! { <Cell label="Where">{job.place}</Cell> })}
                <Cell label="Taken"><span class="nowrap">{job.taken}</span></Cell>
                <Cell><JobBadge code=job.status text=words/></Cell>
            </tr>
        }
    }).collect_view();
    let heads = ["Job", "Work", "Where", "Taken", "State"];
    let heads = heads.into_iter().filter(|head| place || *head != "Where").map(Head::new).collect();
    view! {
        <Panel title="Jobs" id="jobs" flush=!none>
            {if none {
                view! { <p class="muted">"No job yet. Taking a call makes one."</p> }.into_any()
            } else {
                view! { <Table caption="Jobs" heads>{rows}</Table> }.into_any()
            }}
        </Panel>
    }
}
