//! "Confirm it is you": asked before acts that a browser left open must not be enough for.

use super::{
    factor_fns::{Confirm, ConfirmPasskey, confirm_means, sign_in_ask},
    passkeys::PasskeyButton,
};
use domain::{
    forms::{Page, Ticket},
    second_step::Means,
};
use gate::{Shown, action_away, load, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, Look, PageHeader, Panel};

/// Asks for the password, and a code where there is a second step; or for a passkey. Leads back to where one came from.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let page = load(|| (), |()| confirm_means());
    view! {
        <Title text="Confirm it is you"/>
        <PageHeader title="Confirm it is you" subtitle="This counts for ten minutes in this browser. What you typed is kept."/>
        <Shown page children=|page| view! { <Ways page/> }/>
    }
}

#[component]
fn Ways(page: Page<Means>) -> impl IntoView {
    let Page { ticket, data } = page;
    let by_passkey = data.passkeys.then(|| view! { <ByPasskey ticket=ticket.clone()/> });
    view! {
        {by_passkey}
        <Panel title="With your password"><ByPassword code=data.any() ticket/></Panel>
    }
}

#[component]
fn ByPassword(code: bool, ticket: Ticket) -> impl IntoView {
    let action = action_away::<Confirm>();
    let next = query("next");
    view! {
        <Form action ticket name="confirm">
            <Field name="password" label="Password" kind="password" autocomplete="current-password" autofocus=true/>
            {code.then(|| view! { <CodeField/> })}
            <input type="hidden" name="form[next]" value=next.get_untracked()/>
            <div class="form__actions"><Button look=Look::Primary>"Confirm"</Button></div>
        </Form>
    }
}

/// A code of an app, or a recovery code.
#[component]
pub fn CodeField(#[prop(optional)] autofocus: bool) -> impl IntoView {
    view! {
        <Field name="proof" label="Code" autocomplete="one-time-code" autofocus=autofocus
            hint="Six digits from your app, or one of your recovery codes."/>
    }
}

#[component]
fn ByPasskey(ticket: Ticket) -> impl IntoView {
    let action = action_away::<ConfirmPasskey>();
    let next = query("next");
    view! {
        <Panel title="With a passkey">
            <Form action ticket name="confirm-passkey">
                <input type="hidden" name="form[next]" value=next.get_untracked()/>
                <PasskeyButton words="Use a passkey" ask=|| Box::pin(sign_in_ask())/>
            </Form>
            <noscript><p class="muted">"Passkeys need script in this browser."</p></noscript>
        </Panel>
    }
}
