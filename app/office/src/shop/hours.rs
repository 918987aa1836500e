//! When the shop is open: what is opened of the sealed records outside these hours raises an alert.

use super::server_fns::ChangeHours;
use domain::{
    alerts::{DAYS, OpeningHours},
    forms::Ticket,
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Field, Form, Panel};

/// A row for each day; empty is closed.
#[component]
pub fn Hours(hours: OpeningHours, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangeHours>();
    let written = hours.days();
    view! {
        <Panel title="Opening hours" id="hours">
            <p class="muted">
                "When a bitting or a way in is revealed outside these hours, an alert is raised. Leave a day empty when you are closed, and all of them if no hour is unusual."
            </p>
            <Form action ticket name="hours">
                {DAYS.into_iter().zip(written).map(|(day, (from, until))| view! { <Day day from until/> }).collect_view()}
                <div class="form__actions"><Button>"Save the hours"</Button></div>
            </Form>
        </Panel>
    }
}

#[component]
fn Day(day: &'static str, from: String, until: String) -> impl IntoView {
    let name = day[..1].to_uppercase() + &day[1..];
    view! {
        <div class="form__grid">
            <Field name=format!("{day}_from") label=format!("{name} from") kind="time" value=from/>
            <Field name=format!("{day}_until") label=format!("{name} until") kind="time" value=until/>
        </div>
    }
}
