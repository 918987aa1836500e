//! The form of a call.

use super::{page::Call, server_fns::TakeCall};
use crate::{
    jobs::evidence::QuestionField,
    schedule::visit_form::{lengths, offered},
};
use domain::{
    choice::Choice,
    clients::{ClientKind, ClientMatch},
    forms::Ticket,
    jobs::Intake,
    phone::digits,
    schedule::Technician,
};
use gate::{Action, action};
use leptos::prelude::*;
use ui::{Button, Check, Field, Form, Look, Refused, Select, TextArea};

/// The whole form: for whom, what, when.
#[component]
pub fn CallForm(call: Call, intake: Intake, ticket: Ticket) -> impl IntoView {
    let action = action::<TakeCall>();
    let doubled = doubled(action, &ticket);
    let Intake { templates, technicians, today, soon, may_schedule, .. } = intake;
    view! {
        <Form action ticket name="call" class="form form--page">
            <input type="hidden" name="form[template]" prop:value=move || call.kind.get() value=call.kind.get_untracked()/>
            <Who call/>
            <fieldset class="fieldset">
                <legend class="legend">"What for"</legend>
                <TextArea name="requested" label="What is wanted" rows=2/>
                <Questions call templates/>
                <div class="form__grid">
                    <Field name="ceiling" label="At most, taxes included" inputmode="decimal" optional=true/>
                    <Field name="po_number" label="Client's order number" optional=true/>
                </div>
                <Check name="urgent" label="Urgent: somebody waits in danger"/>
            </fieldset>
            {may_schedule.then(|| view! { <WhoGoes technicians today soon/> })}
            <Doubled doubled/>
            <div class="form__actions"><Button look=Look::Primary>"Take the job"</Button></div>
        </Form>
    }
}

/// Technician and window, where the caller of this page may plan.
#[component]
fn WhoGoes(technicians: Vec<Technician>, today: String, soon: String) -> impl IntoView {
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"Who goes"</legend>
            <div class="form__grid">
                <Select name="technician" label="Technician" options=offered(technicians, "Decide later")/>
                <Field name="date" label="Date" kind="date" value=today/>
                <Field name="time" label="From" kind="time" value=soon/>
                <Select name="minutes" label="For" options=lengths() value="60"/>
            </div>
        </fieldset>
    }
}

/// The job that may be the same one, once the form was refused for it.
fn doubled(action: Action, ticket: &Ticket) -> Signal<Option<String>> {
    let before = ticket.flash.as_ref().filter(|flash| flash.form == "call" && flash.errors.contains_key("another"));
    let before = before.map(|flash| flash.errors.get("another_job").cloned().unwrap_or_default());
    let answer = action.value();
    Signal::derive(move || match answer.get() {
        Some(Err(error)) => {
            let errors = error.errors();
            errors.contains_key("another").then(|| errors.get("another_job").cloned().unwrap_or_default())
        }
        Some(Ok(_)) => None,
        None => before.clone(),
    })
}

#[component]
fn Doubled(doubled: Signal<Option<String>>) -> impl IntoView {
    let shown = Memo::new(move |_| doubled.get());
    move || {
        shown.get().map(|job| view! {
        <div class="stack">
            <Check name="another" label="This is another one"/>
            {(!job.is_empty()).then(|| view! { <a href=gate::paths::job(&job)>"Look at the job that is there"</a> })}
        </div>
    })
    }
}

/// For whom: the client that was found, or a new one.
#[component]
fn Who(call: Call) -> impl IntoView {
    // What was typed into the search becomes the new client's number or name.
    let typed = Memo::new(move |_| if call.picked.with(Option::is_none) { call.q.get() } else { String::new() });
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"For whom, and where"</legend>
            {move || match call.picked.get() {
                Some(client) => view! { <Found call client/> }.into_any(),
                None => view! { <New typed=typed.get()/> }.into_any(),
            }}
        </fieldset>
    }
}

#[component]
fn Found(call: Call, client: ClientMatch) -> impl IntoView {
    let first = client.sites.first().map(|site| site.id.to_string()).unwrap_or_default();
    let sites: Vec<_> = client
        .sites
        .iter()
        .map(|site| (site.id.to_string(), site.label.clone()))
        .chain([(String::new(), "None, or a new address".to_owned())])
        .collect();
    let people = client.contacts.iter().map(|(_, name)| view! { <option value=name.clone()></option> }).collect_view();
    let somebody_else = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        call.picked.set(None);
    };
    view! {
        <input type="hidden" name="form[client]" value=client.id.to_string()/>
        <p><strong>{client.name.clone()}</strong>" "<a href="/jobs/new" on:click=somebody_else>"Somebody else"</a></p>
        <div class="form__grid">
            <Select name="site" label="Site" options=sites value=first/>
            <Field name="address" label="New address" hint="Only when it is none of the sites." optional=true/>
            <Field name="caller" label="Who calls" list="call-people" optional=true/>
            <Field name="caller_phone" label="Number to call back" kind="tel" value=client.phone.clone() optional=true/>
        </div>
        <datalist id="call-people">{people}</datalist>
    }
}

#[component]
fn New(typed: String) -> impl IntoView {
    let is_number = digits(&typed).len() >= 3 && !typed.chars().any(char::is_alphabetic);
    let (name, phone) = if is_number { (String::new(), typed) } else { (typed, String::new()) };
    let kinds: Vec<_> =
        ClientKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect();
    view! {
        <div class="form__grid">
            <Field name="caller" label="Name of the caller" value=name/>
            <Field name="caller_phone" label="Number to call back" kind="tel" value=phone optional=true/>
            <Field name="address" label="Address of the work" optional=true/>
            <Select name="client_kind" label="The client is" options=kinds/>
            <Field name="client_name" label="Client, if not the caller" hint="The company or office that pays." optional=true/>
        </div>
    }
}

/// What the chosen kind of job asks on the phone.
#[component]
fn Questions(call: Call, templates: Vec<domain::jobs::TemplateChoice>) -> impl IntoView {
    move || {
        let asked = templates
            .iter()
            .find(|template| template.key == call.kind.get())
            .map(|template| template.requirements.clone())
            .unwrap_or_default();
        let told = asked.authority.then(|| view! { <p class="muted">"Tell the caller: before any work somebody must show a right to the place."</p> });
        let fields = asked
            .questions
            .into_iter()
            .map(|question| view! { <QuestionField question value=String::new()/> })
            .collect_view();
        view! { {told}{fields} }
    }
}
