//! The page behind an invitation.

use super::{
    server_fns::{AcceptInvite, Invitation, find_invitation},
    sign_in::statement,
    strength::NewPassword,
};
use domain::forms::Page;
use gate::{Shown, action, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, Look, SignInFrame};

/// Name and password for somebody new; the account's own password for somebody known.
#[component]
pub fn InvitePage() -> impl IntoView {
    let token = param("token");
    let page = load(move || token.get(), find_invitation);
    view! {
        <Title text="Invitation"/>
        <SignInFrame title="You are invited" statement>
            <Shown page children=|page| view! { <Accept page/> }/>
        </SignInFrame>
    }
}

#[component]
fn Accept(page: Page<Invitation>) -> impl IntoView {
    let action = action::<AcceptInvite>();
    let token = param("token");
    let Invitation { shop, email, role, has_account } = page.data;
    view! {
        <p><strong>{shop}</strong>" wants you as "{role.to_lowercase()}". The invitation is for "<strong>{email}</strong>"."</p>
        <Form action ticket=page.ticket name="accept">
            <input type="hidden" name="token" value=token.get_untracked()/>
            <AcceptFields has_account/>
            <div class="form__actions"><Button look=Look::Primary>"Join"</Button></div>
        </Form>
    }
}

/// Name and password for somebody new, the account's password for somebody known.
#[component]
fn AcceptFields(has_account: bool) -> impl IntoView {
    if has_account {
        view! { <Field name="password" label="Password of your account" kind="password" autocomplete="current-password"/> }.into_any()
    } else {
        view! {
            <Field name="name" label="Your name" autocomplete="name"/>
            <NewPassword label="Choose a password"/>
        }
        .into_any()
    }
}
