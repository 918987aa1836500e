//! The search page: everything that fits, by kind.

use super::server_fns::search;
use domain::{
    choice::Choice,
    invoices::InvoiceStatus,
    jobs::JobStatus,
    search::{Found, Hit, PaperHit},
};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Cell, Code, EmptyState, Head, InvoiceBadge, JobBadge, PageHeader, Panel, SearchBox, Table, safe_href};

/// `/search?q=`.
#[component]
pub fn SearchPage() -> impl IntoView {
    let q = query("q");
    let page = load(move || q.get(), search);
    let nothing_typed = Memo::new(move |_| q.get().trim().chars().count() < 2);
    view! {
        <Title text="Search"/>
        <PageHeader title="Search" subtitle="Names, telephone numbers, e-mail, addresses, door numbers, job and invoice numbers."/>
        {move || view! { <SearchBox action="/search" label="Search everything" id="search-page" value=q.get()/> }}
        {move || if nothing_typed.get() { view! { <Teach/> }.into_any() } else { view! { <Shown page children=|found| view! { <Results found/> }/> }.into_any() }}
    }
}

#[component]
fn Teach() -> impl IntoView {
    view! {
        <EmptyState title="Type at least two characters"
            words="Part of a name or an address, three digits of a telephone number, the beginning of a door number (12B), a job number (1042) or an invoice number."/>
    }
}

#[component]
fn Results(found: Found) -> impl IntoView {
    if found.count() == 0 {
        return view! {
            <EmptyState title="Nothing fits"
                words="Try less of it: part of the name, the last digits of the number, the street without its number. Archived clients are on the clients list, under Archived."/>
        }
        .into_any();
    }
    let Found { clients, sites, openings, jobs, invoices } = found;
    let client: fn(uuid::Uuid) -> String = paths::client;
    let site: fn(uuid::Uuid) -> String = paths::site;
    view! {
        <div class="stack">
            <Hits title="Clients" hits=clients path=client/>
            <Hits title="Sites" hits=sites path=site/>
            <Hits title="Openings" hits=openings path=site/>
            <Papers title="Jobs" hits=jobs invoices=false/>
            <Papers title="Invoices" hits=invoices invoices=true/>
        </div>
    }
    .into_any()
}

#[component]
fn Hits(#[prop(into)] title: String, hits: Vec<Hit>, path: fn(uuid::Uuid) -> String) -> impl IntoView {
    (!hits.is_empty()).then(|| {
        let rows = hits.into_iter().map(|hit| view! {
            <tr>
                <Cell lead=true><a href=safe_href(&path(hit.id))>{hit.words}</a></Cell>
                <Cell>{hit.note}</Cell>
            </tr>
        }).collect_view();
        let caption = title.clone();
        view! { <Panel title flush=true><Table caption heads=vec![Head::new("Name"), Head::new("About")]>{rows}</Table></Panel> }
    })
}

#[component]
fn Papers(#[prop(into)] title: String, hits: Vec<PaperHit>, invoices: bool) -> impl IntoView {
    (!hits.is_empty()).then(|| {
        let rows = hits.into_iter().map(|hit| {
            let href = if invoices { paths::invoice(hit.id) } else { paths::job(hit.id) };
            view! {
                <tr>
                    <Cell lead=true><a href=safe_href(&href)><Code text=hit.number/></a></Cell>
                    <Cell label="Client">{hit.client}</Cell>
                    <Cell><PaperBadge invoices status=hit.status/></Cell>
                </tr>
            }
        }).collect_view();
        let caption = title.clone();
        view! { <Panel title flush=true><Table caption heads=vec![Head::new("Number"), Head::new("Client"), Head::new("State")]>{rows}</Table></Panel> }
    })
}

#[component]
fn PaperBadge(invoices: bool, status: String) -> impl IntoView {
    if invoices {
        let words = InvoiceStatus::parse(&status).map_or("", Choice::words);
        view! { <InvoiceBadge code=status text=words/> }.into_any()
    } else {
        let words = JobStatus::parse(&status).map_or("", Choice::words);
        view! { <JobBadge code=status text=words/> }.into_any()
    }
}
