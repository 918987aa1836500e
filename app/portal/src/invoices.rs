//! The client's invoices.

use crate::{
    lists::InvoiceCards,
    server_fns::{see_invoice, see_invoices},
    shown::Shown,
};
use domain::{
    invoices::InvoiceSheet,
    portal::{PortalInvoice, PortalList},
};
use gate::{load, param, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Disclosure, EmptyState, PageHeader, ProofLinks};

/// All of them, the newest first.
#[component]
pub fn InvoicesPage() -> impl IntoView {
    let before = query("before");
    let page = load(move || before.get(), see_invoices);
    view! {
        <Title text="Invoices"/>
        <Shown page children=|list| view! { <List list/> }/>
    }
}

#[component]
fn List(list: PortalList<PortalInvoice>) -> impl IntoView {
    let PortalList { rows, more } = list;
    let empty = rows.is_empty().then(
        || view! { <EmptyState title="No invoices" words="Invoices appear here as soon as the shop sends them."/> },
    );
    let older = rows.last().filter(|_| more).map(|last| format!("/portal/invoices?before={}", last.serial));
    view! {
        <PageHeader title="Invoices"/>
        {empty}
        <InvoiceCards invoices=rows/>
        {older.map(|href| view! { <p><a class="button" href=href>"Older invoices"</a></p> })}
    }
}

/// One invoice: the same sheet as on paper.
#[component]
pub fn InvoicePage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), see_invoice);
    view! {
        <Title text="Invoice"/>
        <Shown page children=|sheet| view! { <Sheet sheet/> }/>
    }
}

#[component]
fn Sheet(sheet: InvoiceSheet) -> impl IntoView {
    let at = paths::portal_invoice_proof(param("id").get_untracked());
    let title = format!("Invoice {}", sheet.number.clone().unwrap_or_default());
    view! {
        <PageHeader title back=ui::LinkTo::new("/portal/invoices", "Invoices")/>
        <ui::InvoiceSheet sheet/>
        <Disclosure summary="Proof to take along"><ProofLinks at/></Disclosure>
    }
}
