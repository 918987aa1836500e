//! The client's sites and doors.

use crate::{server_fns::see_sites, shown::Shown};
use domain::portal::PortalSite;
use gate::load;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{EmptyState, PageHeader, Panel};

/// What the shop looks after, place by place.
#[component]
pub fn SitesPage() -> impl IntoView {
    let page = load(|| (), |()| see_sites());
    view! {
        <Title text="Sites"/>
        <Shown page children=|sites| view! { <All sites/> }/>
    }
}

#[component]
fn All(sites: Vec<PortalSite>) -> impl IntoView {
    let empty = sites.is_empty().then(|| view! { <EmptyState title="No sites yet" words="Places the shop works at for you appear here, with their doors."/> });
    view! {
        <PageHeader title="Sites"/>
        {empty}
        {sites.into_iter().map(|site| view! { <Site site/> }).collect_view()}
    }
}

#[component]
fn Site(site: PortalSite) -> impl IntoView {
    let title = if site.name.is_empty() { site.address.clone() } else { site.name.clone() };
    let address = (!site.name.is_empty()).then(|| view! { <p>{site.address.clone()}</p> });
    let doors = site
        .openings
        .into_iter()
        .map(|(number, location)| {
            view! { <li><strong>{number}</strong>{(!location.is_empty()).then(|| format!(" {location}"))}</li> }
        })
        .collect::<Vec<_>>();
    let doors = if doors.is_empty() {
        view! { <p class="muted">"No doors on record."</p> }.into_any()
    } else {
        view! { <ul class="lines">{doors}</ul> }.into_any()
    };
    view! { <Panel title>{address}{doors}</Panel> }
}
