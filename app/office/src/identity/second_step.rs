//! One's own second step: a code app, recovery codes, passkeys.

use super::{
    factor_fns::{BeginApp, ConfirmApp, RemoveApp, RenewCodes, new_app, own_factors},
    passkeys::{AddPasskeyForm, OwnPasskeys},
    server_fns::blank,
};
use domain::{
    forms::{Page, Ticket},
    second_step::{AppSecret, SecondSteps},
};
use gate::{Shown, action, action_away, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, ButtonLink, Field, Form, Look, Notice, PageHeader, Panel, PrintButton, Tone};

/// Name of the form that brings recovery codes to the page which shows them.
const CODES: &str = "codes";

/// What one has, and what one may add.
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let page = load(|| (), |()| own_factors());
    view! {
        <Title text="Second step"/>
        <PageHeader title="Second step" subtitle="Something you have, besides the password you know. Asked each time you sign in."/>
        <Shown page children=|page| view! { <Overview page/> }/>
    }
}

#[component]
fn Overview(page: Page<SecondSteps>) -> impl IntoView {
    let Page { ticket, data } = page;
    let due = data.due.then(|| {
        view! {
            <Notice tone=Tone::Copper title="Your shop asks for a second step">
                <p>"Set up a code app or a passkey. Everything else opens after that."</p>
            </Notice>
        }
    });
    let any = data.app || !data.passkeys.is_empty();
    let (for_app, for_codes, for_new) = (ticket.clone(), ticket.clone(), ticket.clone());
    view! {
        {due}
        <Panel title="Code app"><CodeApp set_up=data.app ticket=for_app/></Panel>
        <Panel title="Passkeys">
            <p class="muted">"A passkey lives in your telephone, computer or security key and opens with a finger, a face or a PIN. It signs you in by itself, without password and code."</p>
            <OwnPasskeys passkeys=data.passkeys ticket=ticket.clone()/>
            {if data.passkeys_possible {
                view! { <AddPasskeyForm ticket=for_new/> }.into_any()
            } else {
                view! { <p class="muted">"Passkeys need this installation to have a name; this one is reached by a bare network address."</p> }.into_any()
            }}
        </Panel>
        {any.then(|| view! { <Panel title="Recovery codes"><Codes left=data.codes_left ticket=for_codes/></Panel> })}
    }
}

#[component]
fn CodeApp(set_up: bool, ticket: Ticket) -> impl IntoView {
    if !set_up {
        let begin = action::<BeginApp>();
        return view! {
            <p>"An app on your telephone shows six digits that change every thirty seconds. Any app for one-time codes will do."</p>
            <Form action=begin ticket name="begin-app">
                <div class="form__actions"><Button look=Look::Primary>"Set up a code app"</Button></div>
            </Form>
        }
        .into_any();
    }
    let (begin, remove) = (action::<BeginApp>(), action::<RemoveApp>());
    view! {
        <p><Badge tone=Tone::Verdigris text="Set up"/>" You are asked for a code when you sign in."</p>
        <div class="row">
            <Form action=begin ticket=ticket.clone() name="begin-app" class="row"><Button>"Move to another telephone"</Button></Form>
            <Form action=remove ticket name="remove-app" class="row"><Button look=Look::Danger>"Remove"</Button></Form>
        </div>
    }
    .into_any()
}

#[component]
fn Codes(left: i64, ticket: Ticket) -> impl IntoView {
    let renew = action_away::<RenewCodes>();
    let left = match left {
        0 => "No recovery code is left.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        more => format!("{more} recovery codes are left."),
    };
    view! {
        <p>{left}" Each signs you in once when your telephone is lost."</p>
        <Form action=renew ticket name="renew-codes">
            <p class="field__hint">"The old ones stop working."</p>
            <div class="form__actions"><Button>"Make ten new codes"</Button></div>
        </Form>
    }
}

/// The secret of a new app: a picture for its camera, the same as text, and the field for its first code.
#[component]
pub fn NewAppPage() -> impl IntoView {
    let page = load(|| (), |()| new_app());
    view! {
        <Title text="Set up a code app"/>
        <PageHeader title="Set up a code app" subtitle="Show the picture to your app, then type the code it shows."/>
        <Shown page children=|page| view! { <NewAppForm page/> }/>
    }
}

#[component]
fn NewAppForm(page: Page<AppSecret>) -> impl IntoView {
    let action = action_away::<ConfirmApp>();
    let AppSecret { secret, size, picture } = page.data;
    view! {
        <Panel title="1. Show this to your app">
            <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label="QR code with the secret; the same stands below as text">
                <path d=picture></path>
            </svg>
            <p>"Or type this key into the app: "<code class="secret">{secret}</code></p>
        </Panel>
        <Panel title="2. Type the code it shows">
            <Form action ticket=page.ticket name="confirm-app">
                <Field name="proof" label="Code" autocomplete="one-time-code" inputmode="numeric" autofocus=true hint="Six digits from your app."/>
                <div class="form__actions">
                    <Button look=Look::Primary>"Confirm"</Button>
                    <ButtonLink href="/account/second-step" look=Look::Quiet>"Not now"</ButtonLink>
                </div>
            </Form>
        </Panel>
    }
}

/// Recovery codes, shown once.
#[component]
pub fn CodesPage() -> impl IntoView {
    let page = load(|| (), |()| blank());
    view! {
        <Title text="Recovery codes"/>
        <PageHeader title="Recovery codes" subtitle="For the day your telephone is lost. Each works once."/>
        <Shown page children=|page| view! { <CodesOnce ticket=page.ticket/> }/>
    }
}

#[component]
fn CodesOnce(ticket: Ticket) -> impl IntoView {
    let codes = ticket.flash.filter(|flash| flash.form == CODES).and_then(|flash| flash.values.get(CODES).cloned());
    let Some(codes) = codes else {
        return view! {
            <p>"Codes are shown once, when they are made. If you did not keep them, make new ones."</p>
            <ButtonLink href="/account/second-step">"Second step"</ButtonLink>
        }
        .into_any();
    };
    let codes = codes.split(' ').map(|code| view! { <li><code>{code.to_owned()}</code></li> }).collect_view();
    view! {
        <Notice tone=Tone::Verdigris title="Keep these now: they are shown only once">
            <p>"Print them or write them down, and keep them where your telephone is not."</p>
        </Notice>
        <Panel title="Ten codes for Shearline">
            <ol class="codes">{codes}</ol>
            <div class="form__actions">
                <ButtonLink href="/account/second-step" look=Look::Primary>"I have kept them"</ButtonLink>
                <PrintButton/>
            </div>
        </Panel>
    }
    .into_any()
}
