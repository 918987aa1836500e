//! The form that makes a case file, on the page of what it is about.

use super::server_fns::{CaseOfClient, CaseOfJob, CaseOfSite};
use domain::{exports::CaseOf, forms::Ticket};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Disclosure, Field, Form, Panel};

/// For those who may; the page asks.
#[component]
pub fn CaseFilePanel(of: CaseOf, subject: String, ticket: Ticket) -> impl IntoView {
    let action = match of {
        CaseOf::Job => action::<CaseOfJob>(),
        CaseOf::Client => action::<CaseOfClient>(),
        CaseOf::Site => action::<CaseOfSite>(),
    };
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == "case");
    view! {
        <Panel title="Case file" id="case-file">
            <p class="muted small">"For a complaint or a court: times, technician, checks, signed papers with their proofs, invoices and photos in one archive. Nothing sealed is in it."</p>
            <Disclosure summary="Make a case file" open>
                <Form action ticket name="case">
                    <input type="hidden" name=of.as_str() value=subject/>
                    <Field name="reason" label="What for" placeholder="Complaint of 12 March" hint="Stands in the audit trail with your name."/>
                    <div class="form__actions"><Button>"Make it"</Button></div>
                </Form>
            </Disclosure>
        </Panel>
    }
}
