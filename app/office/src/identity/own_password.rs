//! Changing one's own password.

use super::{password_fns::ChangePassword, strength::NewPassword};
use domain::forms::Ticket;
use gate::{action, query};
use leptos::prelude::*;
use ui::{Button, Field, Form, Look, Notice, Panel, Tone};

/// The present password, and the new one.
#[component]
pub fn OwnPassword(ticket: Ticket) -> impl IntoView {
    let action = action::<ChangePassword>();
    let changed = query("password");
    view! {
        <Panel title="Password">
            {move || (changed.get() == "changed").then(|| view! {
                <Notice tone=Tone::Verdigris title="Your password is changed">
                    <p>"Every other browser that was signed in as you is signed out, in all your shops."</p>
                </Notice>
            })}
            <Form action ticket name="password">
                <div class="form__grid">
                    <Field name="password_now" label="Present password" kind="password" autocomplete="current-password"/>
                    <NewPassword label="New password"/>
                </div>
                <div class="form__actions"><Button look=Look::Primary>"Change the password"</Button></div>
            </Form>
        </Panel>
    }
}
