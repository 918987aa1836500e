//! The panel on a client's page.

use super::server_fns::{MakePortalLink, RevokePortalLink};
use domain::{
    forms::{Flash, Ticket},
    ids::ClientId,
    portal::{PortalLink, Recipient},
};
use gate::{action, paths};
use leptos::{prelude::*, server_fn::ServerFn};
use ui::{Badge, Button, Cell, Form, Head, Look, Notice, Panel, Table, Tone};

/// Name of the form that makes a link, and of the flash that shows it.
pub const FORM: &str = "portal-link";
/// Where the flash holds the link.
pub const SHOWN: &str = "shown";

/// Links of a client: make, show once, mail, revoke. For those who may share the portal.
#[component]
pub fn PortalLinks(
    client: ClientId,
    links: Vec<PortalLink>,
    contacts: Vec<Recipient>,
    ticket: Ticket,
) -> impl IntoView {
    let flash = ticket.flash.clone().filter(|flash| flash.form == FORM);
    let nobody = contacts.is_empty();
    let rows = links.into_iter().map(|link| view! { <Row link client ticket=ticket.clone()/> }).collect_view();
    view! {
        <Panel title="Client portal" id="portal-links">
            {flash.map(|flash| view! { <Fresh flash/> })}
            {if nobody {
                view! { <p class="muted">"A link is made for a contact. Add a contact first."</p> }.into_any()
            } else {
                view! { <Make client contacts ticket=ticket.clone()/> }.into_any()
            }}
            {(!rows.is_empty()).then(|| view! {
                <Table caption="Portal links" heads=vec![Head::new("For"), Head::new("Made"), Head::new("Last used"), Head::new("Until"), Head::new("")]>{rows}</Table>
            })}
        </Panel>
    }
}

/// The link just made, or why none was.
#[component]
fn Fresh(flash: Flash) -> impl IntoView {
    match flash.values.get(SHOWN).cloned() {
        Some(link) => view! {
            <Notice tone=Tone::Verdigris title="Copy this link now: it is shown only once">
                <input class="input" type="text" size="72" readonly=true value=link aria-label="Portal link" autocomplete="off"/>
            </Notice>
        }
        .into_any(),
        None => view! { <Notice tone=Tone::Bad title="No link was made"><p>{flash.problem}</p></Notice> }.into_any(),
    }
}

/// A plain form: the answer is a new page, the only one that can show the link.
#[component]
fn Make(client: ClientId, contacts: Vec<Recipient>, ticket: Ticket) -> impl IntoView {
    let options = contacts
        .into_iter()
        .map(|contact| {
            let words = if contact.email.is_empty() {
                format!("{} (no e-mail)", contact.name)
            } else {
                format!("{} <{}>", contact.name, contact.email)
            };
            view! { <option value=contact.id.to_string()>{words}</option> }
        })
        .collect_view();
    view! {
        <form class="row" method="post" action=MakePortalLink::url()>
            <input type="hidden" name="post[id]" value=format!("{}.{FORM}", ticket.id)/>
            <input type="hidden" name="post[shop]" value=ticket.shop/>
            <input type="hidden" name="post[back]" value=paths::client(client)/>
            <input type="hidden" name="post[form]" value=FORM/>
            <input type="hidden" name="client" value=client.to_string()/>
            <select class="select" name="contact" aria-label="Contact the link is for">{options}</select>
            <Button name="how" value="mail">"Mail a link"</Button>
            <Button look=Look::Quiet name="how" value="show">"Show a link"</Button>
        </form>
    }
}

#[component]
fn Row(link: PortalLink, client: ClientId, ticket: Ticket) -> impl IntoView {
    let action = action::<RevokePortalLink>();
    let id = link.id.to_string();
    let act = link.live.then(|| {
        view! {
            <Form action ticket name=format!("revoke-{id}") class="row">
                <input type="hidden" name="client" value=client.to_string()/>
                <input type="hidden" name="link" value=id.clone()/>
                <Button look=Look::Danger>"Revoke"</Button>
            </Form>
        }
    });
    view! {
        <tr>
            <Cell lead=true>{link.contact_name}</Cell>
            <Cell label="Made">{link.created}</Cell>
            <Cell label="Last used">{link.last_used.unwrap_or_else(|| "Never".into())}</Cell>
            <Cell label="Until">{if link.live { link.expires.into_any() } else { view! { <Badge tone=Tone::Void text="Over"/> }.into_any() }}</Cell>
            <Cell>{act}</Cell>
        </tr>
    }
}
