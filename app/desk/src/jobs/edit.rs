//! Changing the order: what is wanted, where, and what it may cost.

use super::server_fns::{ChangeOrder, SetOpenings, find_job};
use domain::{
    forms::{Page, Ticket},
    jobs::{JobOpening, JobPage},
};
use gate::{Shown, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Disclosure, Fact, Facts, Field, Form, LinkTo, Look, Notice, PageHeader, Panel, Refused, Select, TextArea, Tone};

/// The order of a job, to be edited.
#[component]
pub fn EditJobPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_job);
    view! { <Title text="Edit the order"/><Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<JobPage>) -> impl IntoView {
    let Page { ticket, data } = page;
    let back = LinkTo::new(gate::paths::job(data.job.id), format!("Job {}", data.job.number));
    view! {
        <PageHeader title="Edit the order" number=data.job.number.to_string() back/>
        <OrderForm page=data ticket/>
    }
}

#[component]
fn OrderForm(page: JobPage, ticket: Ticket) -> impl IntoView {
    let action = ServerAction::<ChangeOrder>::new();
    let currency = page.currency;
    let job = page.job;
    let sites: Vec<_> = std::iter::once((String::new(), "None yet".to_owned())).chain(page.sites.into_iter().map(|site| (site.id.to_string(), site.label))).collect();
    let site = job.site.map(|site| site.to_string()).unwrap_or_default();
    let ceiling = job.ceiling.map(|ceiling| ceiling.plain(currency)).unwrap_or_default();
    // Without script a stale form comes back on a page that already holds the saved values and the typed ones.
    let flashed = ticket.flash.as_ref().is_some_and(|flash| flash.form == "order" && flash.errors.is_empty());
    let saved = view! { <Saved id=job.id.to_string() action flashed/> };
    view! {
        <Form action ticket name="order" class="form form--page">
            <input type="hidden" name="job" value=job.id.to_string()/>
            <input type="hidden" name="form[version]" value=job.version.to_string()/>
            <TextArea name="requested" label="What is wanted" value=job.requested rows=4/>
            <div class="form__grid">
                <Select name="site" label="Site" options=sites value=site/>
                <Field name="ceiling" label="At most, taxes included" value=ceiling inputmode="decimal" optional=true/>
                <Field name="po_number" label="Client's order number" value=job.po_number optional=true/>
            </div>
            <Check name="urgent" label="Urgent: somebody waits in danger" checked=job.urgent/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save the order"</Button>
                <ButtonLink href=gate::paths::job(job.id) look=Look::Quiet>"Leave it"</ButtonLink>
            </div>
        </Form>
        {saved}
    }
}

/// What is saved now, beside what was typed, once somebody else was quicker.
#[component]
fn Saved(id: String, action: ServerAction<ChangeOrder>, flashed: bool) -> impl IntoView {
    let late = Memo::new(move |_| match action.value().get() {
        Some(Err(error)) => error.errors().is_empty(),
        Some(Ok(_)) => false,
        None => flashed,
    });
    let saved = Resource::new(move || late.get(), move |late| { let id = id.clone(); async move { if late { find_job(id).await.ok() } else { None } } });
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move { saved.await.map(|page| view! { <SavedValues page=page.data/> }) })}
        </Transition>
    }
}

#[component]
fn SavedValues(page: JobPage) -> impl IntoView {
    let JobPage { job, currency, .. } = page;
    view! {
        <Notice tone=Tone::Brass title="Saved now">
            <Facts>
                <Fact name="What is wanted"><span class="as-typed">{job.requested}</span></Fact>
                <Fact name="Site">{job.address}</Fact>
                <Fact name="At most">{job.ceiling.map_or_else(|| "None".to_owned(), |ceiling| ceiling.format(currency))}</Fact>
                <Fact name="Order number">{job.po_number}</Fact>
                <Fact name="Urgent">{if job.urgent { "Yes" } else { "No" }}</Fact>
            </Facts>
            <p>"Open the page again to edit these."</p>
        </Notice>
    }
}

/// Which openings of the site the job is about.
#[component]
pub fn OpeningsPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let may = page.may.edit && page.job.status.is_open() && !page.doors.is_empty();
    may.then(move || view! {
        <Panel title="Openings" id="field-opening">
            <Disclosure summary="Choose the openings" open=false><OpeningsForm page ticket/></Disclosure>
        </Panel>
    })
}

#[component]
fn OpeningsForm(page: JobPage, ticket: Ticket) -> impl IntoView {
    let action = ServerAction::<SetOpenings>::new();
    let chosen = page.openings;
    let doors = page.doors.into_iter().map(|door: JobOpening| {
        let checked = chosen.iter().any(|one| one.id == door.id);
        view! { <label class="check"><input type="checkbox" name="opening[]" value=door.id.to_string() checked=checked/><span>{door.number}" "<span class="muted">{door.location}</span></span></label> }
    });
    let doors = doors.collect_view();
    view! {
        <Form action ticket name="openings">
            <input type="hidden" name="job" value=page.job.id.to_string()/>
            <fieldset class="fieldset"><legend class="legend">"This job is about"</legend>{doors}</fieldset>
            <div class="form__actions"><Button>"Save the openings"</Button></div>
        </Form>
    }
}
