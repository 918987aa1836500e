//! What the shop asks of its people's new passwords.

use super::server_fns::AskOfPasswords;
use domain::forms::Ticket;
use gate::action;
use leptos::prelude::*;
use ui::{Button, Check, Form, Panel};

/// The rule, and the one switch in it.
#[component]
pub fn PasswordRule(cmmc: bool, ticket: Ticket) -> impl IntoView {
    let action = action::<AskOfPasswords>();
    view! {
        <Panel title="Passwords">
            <p>"A new password has at least 15 characters, 12 beside a second step, is hard to guess, is on no list of leaked ones, holds no name of the person or the shop, and is none of the last 12. Passwords people have already stay good."</p>
            <Form action ticket name="password-rule">
                <Check name="cmmc" label="Ask for three of four, too: small letters, capitals, digits, other characters (CMMC)" checked=cmmc/>
                <div class="form__actions"><Button>"Save the rule"</Button></div>
            </Form>
        </Panel>
    }
}
