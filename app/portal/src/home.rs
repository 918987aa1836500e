//! The portal's first page.

use crate::{
    lists::{InvoiceCards, JobCards},
    server_fns::see_home,
    shown::Shown,
};
use domain::portal::PortalHome;
use gate::load;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// What is to be signed and paid, and the latest jobs.
#[component]
pub fn HomePage() -> impl IntoView {
    let page = load(|| (), |()| see_home());
    view! {
        <Title text="Overview"/>
        <Shown page children=|data| view! { <Body data/> }/>
    }
}

#[component]
fn Body(data: PortalHome) -> impl IntoView {
    let PortalHome { jobs, invoices } = data;
    let nothing_owed = invoices.is_empty().then(|| view! { <p class="muted">"Nothing to pay."</p> });
    let no_jobs = jobs.is_empty().then(|| view! { <p class="muted">"No jobs yet."</p> });
    view! {
        <PageHeader title="Overview"/>
        <h2>"To pay"</h2>
        {nothing_owed}
        <InvoiceCards invoices/>
        <h2>"Latest jobs"</h2>
        {no_jobs}
        <JobCards jobs/>
    }
}
