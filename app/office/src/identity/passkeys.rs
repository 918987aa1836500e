//! Passkeys on a page: the button that asks the authenticator, and one's own list.

use super::factor_fns::{AddPasskey, RemovePasskey, RenamePasskey, ask_new_passkey};
use domain::{
    forms::Ticket,
    second_step::{Challenge, OwnPasskey},
};
use gate::{AppError, Result, action, action_away};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};
use ui::{Button, Cell, Field, Form, Head, Look, Table};

/// Asks the server what to ask the authenticator for.
pub type Ask = fn() -> Pin<Box<dyn Future<Output = Result<Challenge>>>>;

#[cfg(not(target_arch = "wasm32"))]
mod authenticator {
    //! The server has no authenticator.

    pub const fn able() -> bool {
        false
    }

    pub async fn answer(_: &str, _: bool) -> Option<String> {
        None
    }
}
#[cfg(target_arch = "wasm32")]
use super::authenticator;

/// A button inside a form: asks the authenticator, writes its answer into the form and sends it. Without script, or in a
/// browser without passkeys, there is no such button.
#[component]
pub fn PasskeyButton(
    #[prop(into)] words: String,
    ask: Ask,
    /// A new passkey, not one that is there already.
    #[prop(optional)]
    making: bool,
) -> impl IntoView {
    let (able, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (challenge, credential) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    Effect::new(move || able.set(authenticator::able()));
    let press = move |event: ev::MouseEvent| {
        // The form is sent once the authenticator has answered.
        event.prevent_default();
        problem.set(String::new());
        spawn_local(async move {
            match answered(ask, making).await {
                Ok((token, answer)) => fill_in(challenge, credential, &token, &answer),
                Err(words) => problem.set(words),
            }
        });
    };
    view! {
        <input type="hidden" name="form[challenge]" node_ref=challenge/>
        <input type="hidden" name="form[credential]" node_ref=credential/>
        <button type="submit" class="button" hidden=move || !able.get() on:click=press>{words}</button>
        <p class="field__error" role="status" hidden=move || problem.get().is_empty()>{problem}</p>
    }
}

async fn answered(ask: Ask, making: bool) -> Result<(String, String), String> {
    let challenge = ask().await.map_err(|error| {
        if error == AppError::Confirm {
            let location = window().location();
            let _ = location.assign(&gate::confirm_path(&location.pathname().unwrap_or_default()));
        }
        error.to_string()
    })?;
    let answer = authenticator::answer(&challenge.options, making).await;
    answer
        .map(|answer| (challenge.token, answer))
        .ok_or_else(|| "Nothing came from your device. Try again, or use another way.".to_owned())
}

fn fill_in(challenge: NodeRef<Input>, credential: NodeRef<Input>, token: &str, answer: &str) {
    let (Some(challenge), Some(credential)) = (challenge.get_untracked(), credential.get_untracked()) else { return };
    challenge.set_value(token);
    credential.set_value(answer);
    if let Some(form) = credential.form() {
        let _ = form.request_submit();
    }
}

/// Own passkeys, to rename and take away.
#[component]
pub fn OwnPasskeys(passkeys: Vec<OwnPasskey>, ticket: Ticket) -> impl IntoView {
    if passkeys.is_empty() {
        return view! { <p class="muted">"No passkeys yet."</p> }.into_any();
    }
    let rows = passkeys.into_iter().map(|passkey| view! { <Row passkey ticket=ticket.clone()/> }).collect_view();
    view! {
        <Table caption="Your passkeys" heads=vec![Head::new("Name"), Head::new("Added"), Head::new("Last used"), Head::new("")]>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn Row(passkey: OwnPasskey, ticket: Ticket) -> impl IntoView {
    let (rename, remove) = (action::<RenamePasskey>(), action::<RemovePasskey>());
    let id = passkey.id.to_string();
    let (of_removal, for_removal) = (id.clone(), ticket.clone());
    let used = passkey.last_used.unwrap_or_else(|| "Not yet".into());
    let label = format!("Name of the passkey {}", passkey.name);
    view! {
        <tr>
            <Cell lead=true>
                <Form action=rename ticket name=format!("rename-{id}") class="row">
                    <input type="hidden" name="passkey" value=id.clone()/>
                    <input class="input" name="form[name]" value=passkey.name.clone() maxlength="60" aria-label=label/>
                    <Button look=Look::Quiet>"Rename"</Button>
                </Form>
            </Cell>
            <Cell label="Added"><span class="nowrap">{passkey.since}</span></Cell>
            <Cell label="Last used"><span class="nowrap">{used}</span></Cell>
            <Cell>
                <Form action=remove ticket=for_removal name=format!("remove-{of_removal}") class="row">
                    <input type="hidden" name="passkey" value=of_removal.clone()/>
                    <Button look=Look::Danger>"Remove"</Button>
                </Form>
            </Cell>
        </tr>
    }
}

/// Adds one.
#[component]
pub fn AddPasskeyForm(ticket: Ticket) -> impl IntoView {
    let action = action_away::<AddPasskey>();
    view! {
        <Form action ticket name="passkey">
            <Field name="name" label="What to call it" value="This device" hint="Such as “Shop laptop” or “My phone”."/>
            <div class="form__actions">
                <PasskeyButton words="Add a passkey" ask=|| Box::pin(ask_new_passkey()) making=true/>
            </div>
            <noscript><p class="muted">"Passkeys need script in this browser. A code app works without."</p></noscript>
        </Form>
    }
}
