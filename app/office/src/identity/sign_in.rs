//! The sign-in page.

use super::{
    at_door::PasskeySignIn,
    server_fns::{SignIn, blank},
};
use gate::{Shown, action, load, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, Look, Notice, SignInFrame, Tone};

/// Says what the product is, and lets in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let page = load(|| (), |()| blank());
    let password = query("password");
    view! {
        <Title text="Sign in"/>
        <SignInFrame title="Sign in" statement=statement>
            {move || (password.get() == "reset").then(|| view! {
                <Notice tone=Tone::Verdigris title="Your new password is set">
                    <p>"Every browser was signed out. Sign in with the new password."</p>
                </Notice>
            })}
            <Shown page children=|page| view! { <SignInForm ticket=page.ticket.clone()/><PasskeySignIn ticket=page.ticket/> }/>
            <p class="muted"><a href="/forgot">"Forgot your password?"</a></p>
            <p class="muted">"New here? "<a href="/sign-up">"Open your shop"</a>"."</p>
            <p class="muted small"><a href="/trust" rel="external">"How records are kept here"</a></p>
        </SignInFrame>
    }
}

#[component]
fn SignInForm(ticket: domain::forms::Ticket) -> impl IntoView {
    let action = action::<SignIn>();
    let next = query("next");
    view! {
        <Form action ticket name="sign-in">
            <Field name="email" label="E-mail" kind="email" autocomplete="username" autofocus=true/>
            <Field name="password" label="Password" kind="password" autocomplete="current-password"/>
            <input type="hidden" name="form[next]" value=next.get_untracked()/>
            <div class="form__actions"><Button look=Look::Primary>"Sign in"</Button></div>
        </Form>
    }
}

/// What the product is, in the words of the trade.
pub fn statement() -> impl IntoView {
    view! {
        <h2>"The whole shop, from the call to the signed work order."</h2>
        <p>"Shearline keeps a locksmith's clients, doors, jobs, signatures and invoices in one place that you own."</p>
        <ul class="gate__points">
            <li>"A call becomes a job in under a minute, from the keyboard."</li>
            <li>"Nobody opens a door before somebody has shown the right to it."</li>
            <li>"The client signs on the glass; the evidence stands up in a dispute."</li>
            <li>"Other shops on the same machine cannot see yours: the database itself keeps them apart."</li>
        </ul>
    }
}
