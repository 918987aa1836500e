//! `/device`: a program on a machine without a browser shows a code, which is typed here.

use super::{
    consent::Question,
    server_fns::{FindDevice, LetDeviceIn, RefuseDevice, device_asked},
};
use domain::{
    forms::{Page, Ticket},
    programs::Consent,
};
use gate::{Shown, action, load, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, Look, Notice, PageHeader, Panel, Tone};

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let ask = query("ask");
    let page = load(move || ask.get(), device_asked);
    view! {
        <Title text="Let a device in"/>
        <PageHeader title="Let a device in" subtitle="A program on a machine without a browser shows a code. Whoever types it here answers for it."/>
        <Answered/>
        <Shown page children=|page| view! { <Asked page/> }/>
    }
}

/// What came of the last answer.
#[component]
fn Answered() -> impl IntoView {
    let answer = query("answer");
    move || {
        match answer.get().as_str() {
        "in" => Some(
            view! {
                <Notice tone=Tone::Verdigris title="The device is let in">
                    <p>"It goes on by itself within a few seconds. You see it, and can sign it out, on "<a href="/account">"your account's page"</a>"."</p>
                </Notice>
            }
            .into_any(),
        ),
        "refused" => Some(view! { <Notice title="Refused"><p>"The device was told so, and got nothing."</p></Notice> }.into_any()),
        _ => None,
    }
    }
}

#[component]
fn Asked(page: Page<Option<Consent>>) -> impl IntoView {
    let Page { ticket, data } = page;
    match data {
        Some(consent) => {
            let (let_in, refuse) = (action::<LetDeviceIn>(), action::<RefuseDevice>());
            view! { <Question consent ticket let_in refuse field="ask"/> }.into_any()
        }
        None => view! { <TypeCode ticket/> }.into_any(),
    }
}

#[component]
fn TypeCode(ticket: Ticket) -> impl IntoView {
    let action = action::<FindDevice>();
    let (ask, code) = (query("ask"), query("code"));
    let over = !ask.get_untracked().is_empty();
    view! {
        {over.then(|| view! { <Notice title="That request is over"><p>"It was answered, or is older than ten minutes. Start again on the device."</p></Notice> })}
        <Panel title="The code">
            <Form action ticket name="device">
                <Field name="code" label="Code on the device" value=code.get_untracked() placeholder="BCDF-GHJK" hint="Eight letters. Small letters and a missing dash do not matter." autofocus=true/>
                <div class="form__actions"><Button look=Look::Primary>"Next"</Button></div>
            </Form>
        </Panel>
    }
}
