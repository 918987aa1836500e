//! The question itself: who asks, into which shop, and what of it.

use domain::{
    choice::Choice,
    forms::Ticket,
    machines::{Namespace, Scope},
    programs::Consent,
};
use gate::Action;
use leptos::prelude::*;
use ui::{Button, Check, Choices, Fact, Facts, Form, Look, Notice, Panel, Tone};

/// The question and its two answers.
#[component]
pub fn Question(
    consent: Consent,
    ticket: Ticket,
    let_in: Action,
    refuse: Action,
    /// The field that names who asks.
    field: &'static str,
) -> impl IntoView {
    let Consent { ask, program, shop, rooms, writes, device } = consent;
    let nothing = rooms.is_empty();
    let from = device.map(|(ip, machine)| view! { <Device ip machine/> });
    let answer = if nothing {
        view! { <p>"Your role here sees nothing of what it asks for, so there is nothing to let it into."</p> }
            .into_any()
    } else {
        view! { <LetIn ask=ask.clone() rooms writes ticket=ticket.clone() let_in field/> }.into_any()
    };
    view! {
        {from}
        <Panel title="Who asks">
            <Facts>
                <Fact name="Program">{program}</Fact>
                <Fact name="Shop">{shop}" "<a class="small" href="/account/shops">"Not this one?"</a></Fact>
            </Facts>
        </Panel>
        <Panel title="What it may see">
            {answer}
            <Form action=refuse ticket name="refuse" class="row">
                <input type="hidden" name=field value=ask/>
                <Button look=Look::Plain>"Refuse"</Button>
            </Form>
        </Panel>
    }
}

/// A code read out by somebody else is how strangers get let in: said before anything is ticked.
#[component]
fn Device(ip: String, machine: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Brass title="Did you start this yourself?">
            <p>"The device calls itself “"{machine}"” and asked from the network address "{ip}". If somebody gave you the code, refuse."</p>
        </Notice>
    }
}

#[component]
fn LetIn(
    ask: String,
    rooms: Vec<Namespace>,
    writes: bool,
    ticket: Ticket,
    let_in: Action,
    field: &'static str,
) -> impl IntoView {
    let words = |scope: &Scope| (scope.as_str().to_owned(), scope.words().to_owned());
    view! {
        <Form action=let_in ticket name="let-in">
            <input type="hidden" name=field value=ask/>
            <fieldset class="fieldset">
                <legend class="legend">"As far as you see it yourself"</legend>
                {rooms.into_iter().map(|room| view! { <Check name=room.as_str() label=room.words() checked=true/> }).collect_view()}
            </fieldset>
            {(!writes).then(|| view! { <p class="muted">"It asks to read, and changes nothing."</p> })}
            {writes.then(|| view! { <Choices name="scope" label="It may" options=Scope::ALL.iter().map(words).collect() value=Scope::Write.as_str()/> })}
            <div class="form__actions"><Button look=Look::Primary>"Let it in"</Button></div>
        </Form>
    }
}
