//! `/shop/webhooks`: the shop's receivers, and registering one.

use super::server_fns::{AddReceiver, receivers};
use domain::{
    choice::Choice,
    forms::{Page, Ticket},
    webhooks::{Group, MOST, ReceiverRow, Standing},
};
use gate::{Shown, action_away, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Check, EmptyState, Field, Form, Head, Look, PageHeader, Panel, Table, Tone};

/// The page.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let page = load(|| (), |()| receivers());
    view! {
        <Title text="Webhooks"/>
        <PageHeader title="Webhooks" subtitle="What happens in the shop, sent to a program of yours as it happens: a SIEM, accounting, a dispatch board."/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Vec<ReceiverRow>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let full = data.len() >= MOST;
    let rows: Vec<_> = data.into_iter().map(|receiver| view! { <Row receiver/> }).collect();
    let heads = vec![Head::new("Receiver"), Head::new("Told"), Head::new("Waiting"), Head::new("")];
    let table = if rows.is_empty() {
        view! { <EmptyState title="Nobody is told yet" words="Register a receiver below. Every delivery is signed, and none is lost while it is down."/> }
            .into_any()
    } else {
        view! { <Table caption="Receivers" heads>{rows}</Table> }.into_any()
    };
    let add = if full {
        view! { <p class="muted">"A shop has at most ten receivers. Remove one that is not used any more."</p> }
            .into_any()
    } else {
        view! { <Add ticket/> }.into_any()
    };
    view! {
        <Panel title="Receivers" flush=true>{table}</Panel>
        <Panel title="Register a receiver">{add}</Panel>
    }
}

#[component]
fn Add(ticket: Ticket) -> impl IntoView {
    let add = action_away::<AddReceiver>();
    view! {
        <Form action=add ticket name="receiver">
            <div class="form__grid">
                <Field name="name" label="What is it?" placeholder="Our SIEM"/>
                <Field name="url" label="Address" kind="url" placeholder="https://siem.example.com/shearline" wide=true
                    hint="It must begin with https:// and be open to the internet."/>
            </div>
            <fieldset class="fieldset">
                <legend class="legend">"What it is told"</legend>
                {Group::ALL.iter().map(|group| view! { <Check name=group.as_str() label=group.words()/> }).collect_view()}
            </fieldset>
            <div class="form__actions"><Button look=Look::Primary>"Register"</Button></div>
        </Form>
    }
}

#[component]
fn Row(receiver: ReceiverRow) -> impl IntoView {
    let href = format!("/shop/webhooks/{}", receiver.id);
    let waiting = match receiver.behind {
        0 => "Nothing".to_owned(),
        1 => "One entry".to_owned(),
        many => format!("{many} entries"),
    };
    let badges = badges(&receiver);
    view! {
        <tr>
            <Cell lead=true><a href=href>{receiver.name}</a><br/><span class="muted small">{receiver.url}</span></Cell>
            <Cell label="Told">{receiver.groups}</Cell>
            <Cell label="Waiting">{waiting}</Cell>
            <Cell>{badges}</Cell>
        </tr>
    }
}

/// How a receiver stands.
pub fn badges(receiver: &ReceiverRow) -> impl IntoView + use<> {
    let (tone, words) = match receiver.standing {
        Standing::On if receiver.failing => (Tone::Brass, "Trying again"),
        Standing::On => (Tone::Verdigris, "On"),
        Standing::Paused => (Tone::Void, "Paused"),
        Standing::Gone => (Tone::Bad, "Gone, paused"),
    };
    let dead = (receiver.dead > 0).then(|| {
        let text = format!("{} given up", receiver.dead);
        view! { " " <Badge tone=Tone::Bad text/> }
    });
    view! { <Badge tone text=words/> {dead} }
}
