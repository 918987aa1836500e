//! Changing the order: what is wanted, where, and what it may cost.

use super::server_fns::{ChangeOrder, SetOpenings, find_job};
use domain::{
    forms::{Page, Ticket},
    jobs::{JobOpening, JobPage},
};
use gate::saved::{self, Saved, SavedBeside};
use gate::{Shown, action, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Disclosure, Field, Form, LinkTo, Look, PageHeader, Panel, Select, TextArea};

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
        {if data.may.edit { view! { <OrderForm page=data ticket/> }.into_any() } else { view! { <p class="muted">"Your role here does not change orders. Ask a dispatcher."</p> }.into_any() }}
    }
}

#[component]
fn OrderForm(page: JobPage, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangeOrder>();
    let job = page.job.id;
    let opened = page.order();
    let fetch = move || async move { saved::data(find_job(job.to_string())).await.map(|page| page.order()) };
    let watch = Saved::watch(&ticket, "order", &opened, action.value(), fetch);
    let sites: Vec<_> = std::iter::once((String::new(), "None yet".to_owned()))
        .chain(page.sites.into_iter().map(|site| (site.id.to_string(), site.label)))
        .collect();
    view! {
        <Form action ticket name="order" class="form form--page">
            <input type="hidden" name="job" value=job.to_string()/>
            <SavedBeside saved=watch/>
            <TextArea name="requested" label="What is wanted" value=opened.requested rows=4/>
            <div class="form__grid">
                <Select name="site" label="Site" options=sites value=opened.site/>
                <Field name="ceiling" label="At most, taxes included" value=opened.ceiling inputmode="decimal" optional=true/>
                <Field name="po_number" label="Client's order number" value=opened.po_number optional=true/>
            </div>
            <Check name="urgent" label="Urgent: somebody waits in danger" checked=!opened.urgent.is_empty()/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save the order"</Button>
                <ButtonLink href=gate::paths::job(job) look=Look::Quiet>"Leave it"</ButtonLink>
            </div>
        </Form>
    }
}

/// Which openings of the site the job is about.
#[component]
pub fn OpeningsPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let may = page.may.edit && page.job.status.is_open() && !page.doors.is_empty();
    may.then(move || {
        view! {
            <Panel title="Openings" id="field-opening">
                <Disclosure summary="Choose the openings" open=false><OpeningsForm page ticket/></Disclosure>
            </Panel>
        }
    })
}

#[component]
fn OpeningsForm(page: JobPage, ticket: Ticket) -> impl IntoView {
    let action = action::<SetOpenings>();
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
