//! The form that sends somebody.

use super::server_fns::SendTechnician;
use domain::{
    forms::Ticket,
    ids::JobId,
    schedule::{Technician, Visit},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Field, Form, Select};

/// Sends somebody to a job, or moves the visit there is.
#[component]
pub fn SendForm(
    job: JobId,
    visit: Option<Visit>,
    technicians: Vec<Technician>,
    today: String,
    ticket: Ticket,
) -> impl IntoView {
    let action = action::<SendTechnician>();
    let (technician, date, time, minutes) = match visit {
        Some(visit) => (visit.technician.to_string(), visit.date, visit.time, visit.minutes),
        None => (String::new(), today, String::new(), 60),
    };
    view! {
        <Form action ticket name="send">
            <input type="hidden" name="job" value=job.to_string()/>
            <div class="form__grid">
                <Select name="technician" label="Technician" options=offered(technicians, "Choose…") value=technician/>
                <Field name="date" label="Date" kind="date" value=date/>
                <Field name="time" label="From" kind="time" value=time/>
                <Select name="minutes" label="For" options=lengths() value=minutes.to_string()/>
            </div>
            <div class="form__actions"><Button>"Save the visit"</Button></div>
        </Form>
    }
}

/// Technicians as options, after one that chooses nobody.
pub fn offered(technicians: Vec<Technician>, nobody: &str) -> Vec<(String, String)> {
    std::iter::once((String::new(), nobody.to_owned()))
        .chain(technicians.into_iter().map(|one| (one.id.to_string(), one.name)))
        .collect()
}

/// Usual lengths of a visit, in minutes.
pub fn lengths() -> Vec<(String, String)> {
    [
        (30, "30 minutes"),
        (60, "1 hour"),
        (90, "1½ hours"),
        (120, "2 hours"),
        (180, "3 hours"),
        (240, "4 hours"),
        (360, "6 hours"),
        (480, "8 hours"),
    ]
    .map(|(minutes, words)| (minutes.to_string(), words.to_owned()))
    .into()
}
