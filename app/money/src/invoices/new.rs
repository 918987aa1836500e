//! Making a job's invoice: what will be on it, then the draft.

use super::{
    draft::DraftFields,
    server_fns::{DraftInvoice, propose_invoice},
};
use domain::{forms::Page, invoices::Proposal};
use gate::{Shown, action, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Form, InvoiceSheet, LinkTo, Look, Notice, PageHeader, Panel, Tone};

/// The page behind "Make invoice"; the job comes as `?job=`.
#[component]
pub fn NewInvoicePage() -> impl IntoView {
    let job = query("job");
    let page = load(move || job.get(), propose_invoice);
    view! {
        <Title text="New invoice"/>
        <Shown page children=|page| view! { <Proposed page/> }/>
    }
}

#[component]
fn Proposed(page: Page<Proposal>) -> impl IntoView {
    let Page { ticket, data } = page;
    let back = LinkTo::new(paths::job(data.job), format!("Job {}", data.sheet.job_number));
    let aside = match (data.live, data.problem.clone()) {
        (Some(live), _) => view! {
            <Notice tone=Tone::Brass title="This job has an invoice already">
                <p><a href=paths::invoice(live)>"Open that invoice"</a>". Void it first if it is wrong."</p>
            </Notice>
        }
        .into_any(),
        (None, Some(problem)) => view! {
            <Notice tone=Tone::Brass title="Not yet">
                <p>{problem}</p>
                <p><ButtonLink href=paths::job(data.job)>"Open the job"</ButtonLink></p>
            </Notice>
        }
        .into_any(),
        (None, None) => {
            let action = action::<DraftInvoice>();
            let (job, words) = (data.job.to_string(), data.words.clone());
            view! {
                <Panel title="Make the draft">
                    <Form action ticket name="draft">
                        <input type="hidden" name="job" value=job.clone()/>
                        <DraftFields words=words.clone()/>
                        <div class="form__actions"><Button look=Look::Primary>"Make the draft"</Button></div>
                    </Form>
                </Panel>
            }
            .into_any()
        }
    };
    let exempt = data
        .tax_exempt
        .then(|| view! { <Notice tone=Tone::Steel><p>"This client is tax exempt: no tax is charged."</p></Notice> });
    view! {
        <PageHeader title=format!("Invoice for {}", data.client_name) subtitle="This is what will be on it. Until it is issued, lines can still be added and taken off the draft." back/>
        <div class="record">
            <div class="record__main"><InvoiceSheet sheet=data.sheet/></div>
            <aside class="record__aside">{exempt}{aside}</aside>
        </div>
    }
}
