//! The second step of signing in: the password was right, and the door is still shut.

use super::{
    confirm::CodeField,
    factor_fns::{SignInCode, SignInPasskey, sign_in_ask, sign_in_means},
    passkeys::PasskeyButton,
    sign_in::statement,
};
use domain::{
    forms::{Page, Ticket},
    second_step::Means,
};
use gate::{Shown, action, load, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Form, Look, SignInFrame};

/// Asks for a code, a recovery code or a passkey.
#[component]
pub fn SecondStepAtDoor() -> impl IntoView {
    let page = load(|| (), |()| sign_in_means());
    view! {
        <Title text="Second step"/>
        <SignInFrame title="Second step" statement=statement>
            <Shown page children=|page| view! { <Ways page/> }/>
        </SignInFrame>
    }
}

#[component]
fn Ways(page: Page<Option<Means>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Some(means) = data else {
        return view! {
            <p>"No sign-in is waiting here. It may have taken too long, or too many codes were wrong."</p>
            <ButtonLink href="/sign-in" look=Look::Primary>"Sign in"</ButtonLink>
        }
        .into_any();
    };
    let action = action::<SignInCode>();
    let next = query("next");
    let by_code = (means.app || means.codes).then(|| {
        let ticket = ticket.clone();
        view! {
            <Form action ticket name="second-step">
                <CodeField autofocus=true/>
                <input type="hidden" name="form[next]" value=next.get_untracked()/>
                <div class="form__actions"><Button look=Look::Primary>"Sign in"</Button></div>
            </Form>
        }
    });
    view! {
        <p>"Your password is right. One more thing shows that it is you."</p>
        {by_code}
        {means.passkeys.then(|| view! { <PasskeySignIn ticket/> })}
        <p class="muted"><a href="/sign-in">"Sign in as somebody else"</a></p>
    }
    .into_any()
}

/// Signs in by a passkey alone.
#[component]
pub fn PasskeySignIn(ticket: Ticket) -> impl IntoView {
    let action = action::<SignInPasskey>();
    let next = query("next");
    view! {
        <Form action ticket name="sign-in-passkey">
            <input type="hidden" name="form[next]" value=next.get_untracked()/>
            <PasskeyButton words="Sign in with a passkey" ask=|| Box::pin(sign_in_ask())/>
        </Form>
    }
}
