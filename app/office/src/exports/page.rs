//! `/exports`: takes the audit trail or the shop's data along, and shows who did so before.

use super::server_fns::{RunExport, open_exports};
use domain::{
    exports::{ExportKind, Exported, Exports},
    forms::{Page, Ticket},
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Cell, Choices, EmptyState, Field, Form, Head, LinkTo, Look, Notice, PageHeader, Panel, Table, Tone};

/// The page.
#[component]
pub fn ExportsPage() -> impl IntoView {
    let page = load(|| (), |()| open_exports());
    view! {
        <Title text="Exports"/>
        <PageHeader title="Exports" subtitle="Files to take along. Each stands in the audit trail, with your name and the reason, before its first byte leaves."
            back=LinkTo::new("/audit", "Audit trail")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Exports>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Exports { may, made } = data;
    let ready: Vec<_> = made.iter().filter(|one| !one.fetch.is_empty()).cloned().collect();
    let ready = ready.into_iter().map(|one| view! { <Ready one/> }).collect_view();
    let new = (!may.is_empty()).then(|| view! { <New may ticket/> });
    let rows = made.into_iter().map(|one| view! { <Row one/> }).collect::<Vec<_>>();
    let table = if rows.is_empty() {
        view! { <EmptyState title="Nothing was exported yet" words="Who takes what along, when and why, will stand here."/> }
            .into_any()
    } else {
        let heads = vec![Head::new("When"), Head::new("What"), Head::new("What for")];
        view! { <Table caption="Exports" heads>{rows}</Table> }.into_any()
    };
    view! {
        <span class="anchor" id="made"></span>
        {ready}
        {new}
        <Panel title="Exports so far" flush=true>{table}</Panel>
    }
}

/// A file that can be fetched now.
#[component]
fn Ready(one: Exported) -> impl IntoView {
    let file = one.fetch.rsplit('/').next().unwrap_or_default().to_owned();
    let bound = if one.bound {
        "A signed checkpoint binds it to its end."
    } else {
        "It is being signed: the download waits for that, some seconds at most."
    };
    view! {
        <Notice tone=Tone::Verdigris title="Ready to download">
            <p>{format!("Entry {}, {}. For ten minutes, and for you alone.", one.entry, one.at)}</p>
            <p><a href=one.fetch rel="external" download=file.clone()>{format!("Download {file}")}</a></p>
            <p class="muted small">{bound}</p>
        </Notice>
    }
}

#[component]
fn New(may: Vec<ExportKind>, ticket: Ticket) -> impl IntoView {
    let run = action::<RunExport>();
    let holds = may
        .iter()
        .map(|kind| {
            view! { <div class="facts__row"><dt class="facts__name">{label(*kind)}</dt><dd>{kind.holds()}" "<span class="muted small code">{kind.file()}</span></dd></div> }
        })
        .collect_view();
    let options: Vec<_> = may.iter().map(|kind| (kind.as_str().to_owned(), label(*kind).to_owned())).collect();
    view! {
        <Panel title="Export">
            <dl class="facts facts--wide">{holds}</dl>
            <Form action=run ticket name="export">
                <Choices name="kind" label="What" options/>
                <Field name="reason" label="What for" placeholder="Yearly audit by our accountants"
                    hint="Stands in the audit trail with your name."/>
                <div class="form__actions"><Button look=Look::Primary>"Export"</Button></div>
            </Form>
            <p class="muted small">"Cells that a spreadsheet would take for a formula begin with an apostrophe. Check an audit trail with: shearline verify FILE --key FINGERPRINT"</p>
        </Panel>
    }
}

const fn label(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::AuditLog => "Audit trail (to be verified)",
        ExportKind::AuditTable => "Audit trail (table)",
        ExportKind::Data => "The shop's data",
    }
}

#[component]
fn Row(one: Exported) -> impl IntoView {
    view! {
        <tr>
            <Cell label="When"><span class="nowrap">{one.at}</span><div class="muted small">{format!("Entry {}", one.entry)}</div></Cell>
            <Cell lead=true>{format!("{} {}", one.who, one.what)}</Cell>
            <Cell label="What for">{one.reason}</Cell>
        </tr>
    }
}
