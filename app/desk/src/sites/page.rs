//! A site's page: the place, how to get in, its openings, its jobs.

use super::{access_notes::HowToGetIn, codes::Codes, server_fns::find_site};
use crate::{case_file::panel::CaseFilePanel, clients::panels::Jobs};
use domain::{
    exports::CaseOf,
    forms::Page,
    jobs::JobStatus,
    sites::{SitePage as Data, SiteRecord, opening::Opening},
};
use gate::{Shown, history::History, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, ButtonLink, Cell, Code, Fact, Facts, Head, Icon, LinkTo, Look, MapsButton, Notice, PageHeader, Panel, Table,
    Tone, safe_href,
};

/// `/sites/:id`.
#[component]
pub fn SitePage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_site);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Data { site, notes, codes, openings, jobs, history, rights } = data;
    let id = site.id.to_string();
    let title = if site.name.is_empty() {
        site.address.lines().next().unwrap_or_default().to_owned()
    } else {
        site.name.clone()
    };
    let open = jobs.iter().filter(|job| JobStatus::parse(&job.status).is_some_and(JobStatus::is_open));
    let open_jobs =
        open.map(|job| (job.id.to_string(), format!("Job {}: {}", job.number, job.what))).collect::<Vec<_>>();
    let back = LinkTo::new(paths::client(site.client), site.client_name.clone());
    let (alert, hazards) = (site.alert.clone(), lines(&site.hazards));
    let (dangerous, archived) = (!site.hazards.is_empty(), site.archived);
    let (for_acts, for_openings) = (site.clone(), id.clone());
    let edit = rights.edit;
    let acts = move || view! { <Acts site=for_acts edit take_call=rights.take_call/> };
    view! {
        <Title text=title.clone()/>
        <PageHeader title back actions=acts/>
        {(!alert.is_empty()).then(|| view! { <Notice tone=Tone::Bad title="Standing alert of the client"><p><strong>{alert}</strong></p></Notice> })}
        {dangerous.then(|| view! { <Notice tone=Tone::Brass title="Hazards"><p>{hazards}</p></Notice> })}
        {archived.then(|| view! { <Notice tone=Tone::Void title="Out of use"><p>"This place is left out of lists and search."</p></Notice> })}
        <div class="record">
            <div class="record__main">
                <Openings openings site=for_openings edit/>
                <Jobs jobs place=false/>
            </div>
            <aside class="record__aside">
                <Place site/>
                {notes.map(|notes| view! { <HowToGetIn notes jobs=open_jobs ticket=ticket.clone() may_write=rights.edit_notes/> })}
                {codes.map(|codes| view! { <Codes codes site=id.clone() may_write=rights.edit_notes/> })}
                {rights.case_file.then(|| view! { <CaseFilePanel of=CaseOf::Site subject=id ticket/> })}
                <History entries=history/>
            </aside>
        </div>
    }
}

fn lines(text: &str) -> impl IntoView + use<> {
    text.lines().map(|line| view! { <span>{line.to_owned()}<br/></span> }).collect_view()
}

#[component]
fn Acts(site: SiteRecord, edit: bool, take_call: bool) -> impl IntoView {
    let SiteRecord { id, client, archived, .. } = site;
    let (change, call) = (paths::site_edit(id), format!("/jobs/new?client={client}&site={id}"));
    view! {
        {edit.then(|| view! { <ButtonLink href=change icon=Icon::Pen>"Change"</ButtonLink> })}
        {(take_call && !archived).then(|| view! { <ButtonLink href=call look=Look::Primary icon=Icon::Phone>"Take a call"</ButtonLink> })}
    }
}

#[component]
fn Place(site: SiteRecord) -> impl IntoView {
    let SiteRecord { client, client_name, address, hours, .. } = site;
    let shown = lines(&address);
    view! {
        <Panel title="The place">
            <div class="stack">
                <Facts>
                    <Fact name="Client"><a href=safe_href(&paths::client(client))>{client_name}</a></Fact>
                    <Fact name="Address">{shown}</Fact>
                    {(!hours.is_empty()).then(|| view! { <Fact name="Hours">{hours}</Fact> })}
                </Facts>
                <MapsButton address=address.replace('\n', ", ") words="Directions"/>
            </div>
        </Panel>
    }
}

#[component]
fn Openings(openings: Vec<Opening>, site: String, edit: bool) -> impl IntoView {
    let none = openings.is_empty();
    let rows = openings.into_iter().map(|opening| view! { <Row opening edit/> }).collect_view();
    let add = move || {
        edit.then(|| view! { <ButtonLink href=paths::opening_new(&site) icon=Icon::Plus>"Add opening"</ButtonLink> })
    };
    let heads = vec![
        Head::new("Number"),
        Head::new("Location"),
        Head::new("Hand"),
        Head::new("Function"),
        Head::new("Hardware"),
    ];
    view! {
        <Panel title="Openings" id="openings" flush=!none actions=add>
            {if none {
                view! { <p class="muted">"No opening yet. Openings are doors and other things with cylinders, each by the number on the door."</p> }.into_any()
            } else {
                view! { <Table caption="Openings" heads>{rows}</Table> }.into_any()
            }}
        </Panel>
    }
}

#[component]
fn Row(opening: Opening, edit: bool) -> impl IntoView {
    let Opening { id, number, location, hand, function, hardware, archived } = opening;
    let number = view! { <Code text=number/> };
    let number = if edit {
        view! { <a href=safe_href(&paths::opening_edit(id))>{number}</a> }.into_any()
    } else {
        number.into_any()
    };
    view! {
        <tr>
            <Cell lead=true>{number}{archived.then(|| view! { " "<Badge tone=Tone::Void text="Gone"/> })}</Cell>
            <Cell label="Location">{(!location.is_empty()).then_some(location)}</Cell>
            <Cell label="Hand">{(!hand.is_empty()).then_some(hand)}</Cell>
            <Cell label="Function">{(!function.is_empty()).then_some(function)}</Cell>
            <Cell label="Hardware">{lines(&hardware)}</Cell>
        </tr>
    }
}
