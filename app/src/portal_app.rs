//! The client's portal: path → page. Rendered on the server; nothing of it is hydrated.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};
use portal::{
    home::HomePage,
    invoices::{InvoicePage, InvoicesPage},
    jobs::{JobPage, JobsPage},
    sign::{DeclinedPage, SignPage},
    sites::SitesPage,
};

/// Everything a client sees by link.
#[component]
pub fn PortalApp() -> impl IntoView {
    provide_meta_context();
    let whole = SsrMode::Async;
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Your locksmith".into() } else { format!("{} · Your locksmith", crate::titled(&page)) }/>
        <Router>
            <Routes fallback=|| ()>
                <Route path=path!("/portal") view=HomePage ssr=whole.clone()/>
                <Route path=path!("/portal/invoices") view=InvoicesPage ssr=whole.clone()/>
                <Route path=path!("/portal/invoices/:id") view=InvoicePage ssr=whole.clone()/>
                <Route path=path!("/portal/jobs") view=JobsPage ssr=whole.clone()/>
                <Route path=path!("/portal/jobs/:id") view=JobPage ssr=whole.clone()/>
                <Route path=path!("/portal/jobs/:id/sign") view=SignPage ssr=whole.clone()/>
                <Route path=path!("/portal/jobs/:id/declined") view=DeclinedPage ssr=whole.clone()/>
                <Route path=path!("/portal/sites") view=SitesPage ssr=whole/>
            </Routes>
        </Router>
    }
}
