//! A forgotten password: asking for a link, and the page behind it.

use super::{
    password_fns::{ForgotPassword, ResetPassword, find_reset},
    server_fns::blank,
    sign_in::statement,
    strength::NewPassword,
};
use domain::forms::{Page, Ticket};
use gate::{Shown, action, load, param, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, Look, Notice, SignInFrame, Tone};

/// Asks for a link.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let page = load(|| (), |()| blank());
    let sent = query("sent");
    view! {
        <Title text="Forgotten password"/>
        <SignInFrame title="Choose a new password" statement>
            {move || (!sent.get().is_empty()).then(|| view! {
                <Notice tone=Tone::Verdigris title="Look into your mailbox">
                    <p>"If somebody who works in a shop here has that address, a link is on its way to it. It works once, within 30 minutes. Nothing there? Look among the unwanted mail, and check the address."</p>
                </Notice>
            })}
            <Shown page children=|page| view! { <Ask ticket=page.ticket/> }/>
            <p class="muted"><a href="/sign-in">"Back to sign-in"</a></p>
        </SignInFrame>
    }
}

#[component]
fn Ask(ticket: Ticket) -> impl IntoView {
    let action = action::<ForgotPassword>();
    view! {
        <Form action ticket name="forgot">
            <Field name="email" label="E-mail of your account" kind="email" autocomplete="username" hint="We mail a link to it."/>
            <div class="form__actions"><Button look=Look::Primary>"Mail me a link"</Button></div>
        </Form>
    }
}

/// The page behind the link. Opening it uses nothing up: mail scanners open links, too.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = param("token");
    let page = load(move || token.get(), find_reset);
    view! {
        <Title text="New password"/>
        <SignInFrame title="Choose a new password" statement>
            <Shown page children=|page| view! { <Behind page/> }/>
            <p class="muted"><a href="/sign-in">"Back to sign-in"</a></p>
        </SignInFrame>
    }
}

#[component]
fn Behind(page: Page<bool>) -> impl IntoView {
    if !page.data {
        return view! {
            <Notice tone=Tone::Brass title="This link works no more">
                <p>"It was used, a newer one was sent, or 30 minutes are over. "<a href="/forgot">"Ask for a new link"</a>"."</p>
            </Notice>
        }
        .into_any();
    }
    let action = action::<ResetPassword>();
    let token = param("token");
    view! {
        <Form action ticket=page.ticket name="reset">
            <input type="hidden" name="token" value=token.get_untracked()/>
            <NewPassword label="New password"/>
            <p class="field__hint">"Every browser signed in as you is signed out. Then you sign in with the new password."</p>
            <div class="form__actions"><Button look=Look::Primary>"Set the password"</Button></div>
        </Form>
    }
    .into_any()
}
