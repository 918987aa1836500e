//! What goes, what stays, and the form that does it.

use super::server_fns::{
    ForgetClient, ForgetContact, ForgetMember, HoldClient, before_forgetting_client, before_forgetting_contact,
    before_forgetting_member,
};
use domain::{
    Refusal,
    forgetting::Forgetting,
    forms::{Page, Ticket},
    ids::{ClientId, ContactId, PersonId},
};
use gate::{Action, Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Field, Form, LinkTo, Look, Notice, PageHeader, Panel, Tone};

/// `/clients/{id}/forget`.
#[component]
pub fn ForgetClientPage() -> impl IntoView {
    let id = param("id");
    let page = load(
        move || id.get(),
        |id| async move {
            match id.parse() {
                Ok(id) => before_forgetting_client(ClientId(id)).await,
                Err(_) => Err(Refusal::NotFound.into()),
            }
        },
    );
    view! {
        <Title text="Forget a client"/>
        <Shown page children=|page| view! { <OfClient page/> }/>
    }
}

#[component]
fn OfClient(page: Page<Forgetting>) -> impl IntoView {
    let action = action::<ForgetClient>();
    let (client, held, ticket) = (page.data.id, page.data.held.clone(), page.ticket.clone());
    let (back, forgotten) = (LinkTo::new(paths::client(client), "The client"), page.data.forgotten);
    view! {
        <Body page field="client" back action/>
        {(!forgotten).then(|| view! { <Hold client=client.to_string() held ticket/> })}
    }
}

/// `/contacts/{id}/forget`.
#[component]
pub fn ForgetContactPage() -> impl IntoView {
    let id = param("id");
    let page = load(
        move || id.get(),
        |id| async move {
            match id.parse() {
                Ok(id) => before_forgetting_contact(ContactId(id)).await,
                Err(_) => Err(Refusal::NotFound.into()),
            }
        },
    );
    view! {
        <Title text="Forget a contact"/>
        <Shown page children=|page| view! { <OfContact page/> }/>
    }
}

#[component]
fn OfContact(page: Page<Forgetting>) -> impl IntoView {
    let action = action::<ForgetContact>();
    let back = LinkTo::new(paths::client(page.data.client), "The client");
    view! { <Body page field="contact" back action/> }
}

/// `/members/{id}/forget`.
#[component]
pub fn ForgetMemberPage() -> impl IntoView {
    let id = param("id");
    let page = load(
        move || id.get(),
        |id| async move {
            match id.parse() {
                Ok(id) => before_forgetting_member(PersonId(id)).await,
                Err(_) => Err(Refusal::NotFound.into()),
            }
        },
    );
    view! {
        <Title text="Forget a former member"/>
        <Shown page children=|page| view! { <OfMember page/> }/>
    }
}

#[component]
fn OfMember(page: Page<Forgetting>) -> impl IntoView {
    let action = action::<ForgetMember>();
    view! { <Body page field="member" back=LinkTo::new("/members", "Members") action/> }
}

#[component]
fn Body(page: Page<Forgetting>, field: &'static str, back: LinkTo, action: Action) -> impl IntoView {
    let Page { ticket, data } = page;
    let Forgetting { id, name, forgotten, obstacles, goes, stays, .. } = data;
    let free = !forgotten && obstacles.is_empty();
    let sure = free.then(|| view! { <Sure action ticket field id=id.to_string() name=name.clone()/> });
    let first = if forgotten {
        view! { <Notice tone=Tone::Void title="Forgotten"><p>"That was done already."</p></Notice> }.into_any()
    } else if free {
        ().into_any()
    } else {
        view! { <NotYet obstacles there=back.clone()/> }.into_any()
    };
    view! {
        <PageHeader title=format!("Forget {name}") subtitle="For good: nobody can bring back what goes, and no backup made from now on holds it." back/>
        {first}
        <div class="columns">
            {(!forgotten).then(|| view! { <Panel title="What goes"><Lines lines=goes/></Panel> })}
            <Panel title="What stays"><Lines lines=stays/></Panel>
        </div>
        {sure}
    }
}

#[component]
fn Lines(lines: Vec<String>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <ul class="lines">{lines}</ul> }
}

/// What stands in the way, and where it is settled.
#[component]
fn NotYet(obstacles: Vec<String>, there: LinkTo) -> impl IntoView {
    let words = obstacles.into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    view! {
        <Notice tone=Tone::Brass title="Not yet">
            {words}
            <p><a href=there.href>{format!("Back to {}", there.words.to_lowercase())}</a></p>
        </Notice>
    }
}

#[component]
fn Sure(action: Action, ticket: Ticket, field: &'static str, id: String, name: String) -> impl IntoView {
    let hint = format!("To be sure it is this one: {name}");
    view! {
        <Panel title="Are you sure?">
            <Form action ticket name="forget">
                <input type="hidden" name=field value=id/>
                <div class="form__grid">
                    <Field name="typed" label="Type the name" autocomplete="off" hint/>
                    <Field name="reason" label="Why" hint="Stays on the audit trail. Do not name them: “asked by letter of 3 March”."/>
                </div>
                <div class="form__actions"><Button look=Look::Danger>"Forget for good"</Button></div>
            </Form>
        </Panel>
    }
}

/// A legal hold: somebody may need what is on record, so nothing of it goes.
#[component]
fn Hold(client: String, held: String, ticket: Ticket) -> impl IntoView {
    let action = action::<HoldClient>();
    let words = if held.is_empty() {
        "A dispute, a claim, an inquiry: while there is a hold nothing of this client or their contacts is forgotten."
    } else {
        "Nothing of this client or their contacts is forgotten until it is lifted, nor what is noted about them beside somebody else. To lift it, empty the field; it asks you to confirm who you are."
    };
    view! {
        <Panel title="Legal hold">
            <p class="muted">{words}</p>
            <Form action ticket name="hold">
                <input type="hidden" name="client" value=client/>
                <Field name="reason" label="Why nothing may go" value=held optional=true/>
                <div class="form__actions"><Button>"Save the hold"</Button></div>
            </Form>
        </Panel>
    }
}
