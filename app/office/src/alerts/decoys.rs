//! `/alerts/decoys`: what is laid out, how often it was touched, and laying out more. For owners alone.

use super::decoy_fns::{ChangeDecoy, PlantClient, PlantKey, PlantLink, RemoveDecoy, list_decoys};
use domain::{
    alerts::{DecoyForm, DecoyKeyForm, DecoyKind, DecoyRow, Decoys},
    bittings::makes,
    forms::{Flash, Page, Ticket},
};
use gate::{Shown, action, action_away, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, EmptyState, Fact, Facts, Field, Form, LinkTo, Look, Notice, PageHeader, Panel, Select, TextArea,
    Tone,
};

/// Name of the flash that shows a link.
pub const FORM: &str = "decoy-link";
/// Where the flash holds the link.
pub const SHOWN: &str = "shown";

/// The page.
#[component]
pub fn DecoysPage() -> impl IntoView {
    let page = load(|| (), |()| list_decoys());
    view! {
        <Title text="Decoys"/>
        <PageHeader title="Decoys" subtitle="Records nobody has a reason to open. Whoever opens one raises an alert within seconds, and sees a record like any other. Only owners see this page; what is opened from here counts, too."
            back=LinkTo::new("/alerts", "Alerts")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Decoys>) -> impl IntoView {
    let Page { ticket, data: Decoys { rows, client, key } } = page;
    let shown = ticket.flash.clone().filter(|flash| flash.form == FORM);
    let for_new = ticket.clone();
    let list = if rows.is_empty() {
        view! { <EmptyState title="Nothing is laid out" words="Lay out a client below, then a key or a portal link of that client. A decoy in an old backup, a notes file or a mail tells you when somebody reads there."/> }
            .into_any()
    } else {
        rows.into_iter()
            .map(|row| view! { <Decoy row key=key.clone() ticket=ticket.clone()/> })
            .collect_view()
            .into_any()
    };
    view! {
        {shown.map(|flash| view! { <Fresh flash/> })}
        <div class="record">
            <div class="record__main"><div class="stack">{list}</div></div>
            <aside class="record__aside"><Panel title="Lay out a client"><NewClient client ticket=for_new/></Panel></aside>
        </div>
    }
}

/// The link just made.
#[component]
fn Fresh(flash: Flash) -> impl IntoView {
    flash.values.get(SHOWN).cloned().map(|link| {
        view! {
            <Notice tone=Tone::Verdigris title="Copy this link now: it is shown only once">
                <input class="input" type="text" size="72" readonly=true value=link aria-label="Portal link" autocomplete="off"/>
                <p>"Leave it where somebody would find it who reads what is not theirs. Do not open it yourself."</p>
            </Notice>
        }
    })
}

#[component]
fn NewClient(client: DecoyForm, ticket: Ticket) -> impl IntoView {
    let plant = action::<PlantClient>();
    view! {
        <p class="muted">"This is made up. Change what you like; a telephone number of your own is best."</p>
        <Form action=plant ticket name="plant-client">
            <Field name="name" label="Name" value=client.name.clone()/>
            <Field name="phone" label="Telephone" kind="tel" value=client.phone.clone()/>
            <TextArea name="address" label="Address" value=client.address.clone()/>
            <Field name="contact" label="Contact" value=client.contact.clone()/>
            <div class="form__actions"><Button look=Look::Primary>"Lay out this client"</Button></div>
        </Form>
    }
}

#[component]
fn Decoy(row: DecoyRow, key: DecoyKeyForm, ticket: Ticket) -> impl IntoView {
    let (kind, id, client) = (row.kind, row.id.to_string(), row.client.to_string());
    let tone = if row.touches > 0 { Tone::Bad } else { Tone::Verdigris };
    let touched = match (row.touches, row.touched.clone()) {
        (0, _) | (_, None) => "Never touched".to_owned(),
        (1, Some(at)) => format!("Touched {at}"),
        (many, Some(at)) => format!("Touched {many} times, last {at}"),
    };
    let badge = move || view! { <Badge tone text=touched/> };
    let title = match kind {
        DecoyKind::PortalLink => format!("Link of {}", row.name),
        _ => row.name.clone(),
    };
    let laid_out = format!("{}, by {}", row.at, row.by);
    let of_client = kind == DecoyKind::Client;
    let link = of_client.then(|| view! { <NewLink client=client.clone() ticket=ticket.clone()/> });
    let more = of_client.then(|| view! { <NewKey client key ticket=ticket.clone()/> });
    let change = (kind != DecoyKind::PortalLink).then(|| view! { <Change row ticket=ticket.clone()/> });
    view! {
        <Panel title actions=badge>
            <Facts>
                <Fact name="What it is">{kind.words()}</Fact>
                <Fact name="Laid out">{laid_out}</Fact>
            </Facts>
            {change}
            {more}
            <div class="row">{link}<Remove id ticket/></div>
        </Panel>
    }
}

#[component]
fn Change(row: DecoyRow, ticket: Ticket) -> impl IntoView {
    let change = action::<ChangeDecoy>();
    let (id, client) = (row.id.to_string(), row.kind == DecoyKind::Client);
    let (name, detail) = if client { ("Name", "Telephone") } else { ("Label", "What it is for") };
    view! {
        <details class="beside">
            <summary>"Change what it says"</summary>
            <Form action=change ticket name=format!("change-{id}")>
                <input type="hidden" name="decoy" value=id.clone()/>
                <Field name="name" label=name value=row.name.clone()/>
                <Field name="detail" label=detail value=row.detail.clone()/>
                {client.then(|| view! { <TextArea name="more" label="Address" value=row.more.clone()/> })}
                <div class="form__actions"><Button>"Save"</Button></div>
            </Form>
        </details>
    }
}

/// A key laid out at such a client.
#[component]
fn NewKey(client: String, key: DecoyKeyForm, ticket: Ticket) -> impl IntoView {
    let plant = action::<PlantKey>();
    let at_key = client.clone();
    let options: Vec<_> = makes().into_iter().map(|make| (make.id, make.name)).collect();
    view! {
        <details class="beside">
            <summary>"Lay out a key of this client"</summary>
            <Form action=plant ticket name=format!("key-{client}")>
                <input type="hidden" name="client" value=at_key.clone()/>
                <div class="form__grid">
                    <Field name="label" label="Label" value=key.label.clone()/>
                    <Field name="item" label="What it is for" value=key.item.clone()/>
                    <Select name="make" label="Make" options=options.clone() value=key.make.clone()/>
                    <Field name="cuts" label="Cuts" value=key.cuts.clone() hint="Of no key there is."/>
                </div>
                <div class="form__actions"><Button>"Lay out this key"</Button></div>
            </Form>
        </details>
    }
}

/// A portal link of such a client.
#[component]
fn NewLink(client: String, ticket: Ticket) -> impl IntoView {
    let link = action_away::<PlantLink>();
    view! {
        <Form action=link ticket name=format!("link-{client}")>
            <input type="hidden" name="client" value=client.clone()/>
            <Button>"Make a portal link to lay out"</Button>
        </Form>
    }
}

#[component]
fn Remove(id: String, ticket: Ticket) -> impl IntoView {
    let remove = action::<RemoveDecoy>();
    view! {
        <Form action=remove ticket name=format!("remove-{id}")>
            <input type="hidden" name="decoy" value=id.clone()/>
            <Button look=Look::Danger>"Take away"</Button>
        </Form>
    }
}
