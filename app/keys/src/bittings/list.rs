//! `/bittings`: the keys on record.

use super::{releases::Waiting, server_fns::list_bittings};
use domain::{
    bittings::{BittingFilter, BittingList, BittingRow},
    forms::Page,
};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, ButtonLink, Cell, EmptyState, FilterBar, Head, Icon, LinkTo, PageHeader, Pager, Table, Tone, safe_href,
};

fn asked() -> Memo<BittingFilter> {
    let [q, client, state, after] = ["q", "client", "state", "after"].map(query);
    Memo::new(move |_| BittingFilter { q: q.get(), client: client.get(), state: state.get(), after: after.get() })
}

/// The page.
#[component]
pub fn BittingsPage() -> impl IntoView {
    let filter = asked();
    let page = load(move || filter.get(), list_bittings);
    view! {
        <Title text="Bitting records"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<BittingList>) -> impl IntoView {
    let Page { ticket, data: list } = page;
    let filter = asked().get_untracked();
    let rights = list.rights;
    let add = (rights.edit && !list.client_name.is_empty()).then(|| paths::bitting_new(&filter.client));
    let subtitle = if list.client_name.is_empty() {
        "Cuts and codes of loose keys. Sealed: opening one takes a reason and stands in the audit trail.".to_owned()
    } else {
        format!("Keys of {}.", list.client_name)
    };
    let acts = move || {
        let find = rights
            .reveal
            .then(|| view! { <ButtonLink href="/bittings/find" icon=Icon::Search>"Whose key is this?"</ButtonLink> });
        let add = add
            .map(|href| view! { <ButtonLink href look=ui::Look::Primary icon=Icon::Plus>"Record a key"</ButtonLink> });
        view! { {find}{add} }
    };
    view! {
        <PageHeader title="Bitting records" subtitle actions=acts/>
        <Waiting releases=list.waiting ticket/>
        <Filters filter=filter.clone()/>
        <Rows rows=list.rows after=list.after filter/>
    }
}

#[component]
fn Filters(filter: BittingFilter) -> impl IntoView {
    let narrowed = !filter.q.is_empty() || !filter.client.is_empty() || !filter.state.is_empty();
    let clear = if narrowed { LinkTo::new("/bittings", "Clear") } else { LinkTo::new("", "") };
    let one_client =
        (!filter.client.is_empty()).then(|| view! { <input type="hidden" name="client" value=filter.client/> });
    let archived = filter.state == "archived";
    let fields = view! {
        {one_client}
        <div class="field">
            <label class="field__label" for="bittings-q">"Label, or what it is for"</label>
            <input class="input" id="bittings-q" type="search" name="q" value=filter.q maxlength="120" autocomplete="off"/>
        </div>
        <div class="field">
            <label class="field__label" for="bittings-state">"Which"</label>
            <select class="select" id="bittings-state" name="state">
                <option value="" selected=!archived>"In use"</option>
                <option value="archived" selected=archived>"Out of use"</option>
            </select>
        </div>
    };
    if narrowed {
        view! { <FilterBar action="/bittings" label="Find bitting records" submit="Show" clear>{fields}</FilterBar> }
            .into_any()
    } else {
        view! { <FilterBar action="/bittings" label="Find bitting records" submit="Show">{fields}</FilterBar> }
            .into_any()
    }
}

#[component]
fn Rows(rows: Vec<BittingRow>, after: Option<uuid::Uuid>, filter: BittingFilter) -> impl IntoView {
    if rows.is_empty() {
        let words = if filter.q.is_empty() && filter.state.is_empty() {
            "A key is recorded from its client's page: open the client, then “Record a key”."
        } else {
            "Nothing by that label. To find a key by its cuts or stamp, use “Whose key is this?”."
        };
        return view! { <EmptyState title="No key on record" words action=LinkTo::new("/clients", "Clients")/> }
            .into_any();
    }
    let older = after.map(|after| {
        let asked =
            [("client", &*filter.client), ("q", &filter.q), ("state", &filter.state), ("after", &after.to_string())];
        LinkTo::new(paths::query("/bittings", &asked), "More")
    });
    view! { <BittingTable rows/> <Pager newer=None older label="Bitting records"/> }.into_any()
}

/// Records as a table.
#[component]
pub fn BittingTable(rows: Vec<BittingRow>) -> impl IntoView {
    let heads = vec![Head::new("Key"), Head::new("Client"), Head::new("Make"), Head::new("Keyway"), Head::new("")];
    let rows = rows.into_iter().map(|row| view! { <Row row/> }).collect_view();
    view! { <Table caption="Bitting records" heads>{rows}</Table> }
}

#[component]
fn Row(row: BittingRow) -> impl IntoView {
    let BittingRow { id, label, item, client, place, make, keyway, do_not_duplicate, top_secret, archived } = row;
    let where_it_is = [item, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <tr>
            <Cell lead=true>
                <a href=safe_href(&paths::bitting(id))>{label}</a>
                {(!where_it_is.is_empty()).then(|| view! { <div class="muted small">{where_it_is}</div> })}
            </Cell>
            <Cell label="Client">{client}</Cell>
            <Cell label="Make">{(!make.is_empty()).then_some(make)}</Cell>
            <Cell label="Keyway">{(!keyway.is_empty()).then_some(keyway)}</Cell>
            <Cell label="">
                {top_secret.then(|| view! { <Badge tone=Tone::Bad text="Top secret"/>" " })}
                {do_not_duplicate.then(|| view! { <Badge tone=Tone::Brass text="Do not duplicate"/>" " })}
                {archived.then(|| view! { <Badge tone=Tone::Void text="Out of use"/> })}
            </Cell>
        </tr>
    }
}
