//! The list of clients.

use super::server_fns::list_clients;
use domain::{
    choice::Choice,
    clients::{
        ClientKind,
        list::{ClientFilter, ClientList, ClientSummary},
    },
    money::{Currency, Money},
};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, ButtonLink, Cell, EmptyState, FilterBar, Head, Icon, LinkTo, Look, PageHeader, Pager, PhoneLink, Sorted,
    Table, Tone, safe_href,
};

/// What the address asks for.
fn asked() -> Memo<ClientFilter> {
    let [q, kind, state, sort, after, before] = ["q", "kind", "state", "sort", "after", "before"].map(query);
    Memo::new(move |_| ClientFilter {
        q: q.get(),
        kind: kind.get(),
        state: state.get(),
        sort: sort.get(),
        after: after.get(),
        before: before.get(),
    })
}

/// `/clients`.
#[component]
pub fn ClientsPage() -> impl IntoView {
    let filter = asked();
    let page = load(move || filter.get(), list_clients);
    view! {
        <Title text="Clients"/>
        <Shown page children=|list| view! { <Body list/> }/>
    }
}

#[component]
fn Body(list: ClientList) -> impl IntoView {
    let filter = asked().get_untracked();
    let add = move || {
        list.may_edit.then(
            || view! { <ButtonLink href="/clients/new" look=Look::Primary icon=Icon::Plus>"New client"</ButtonLink> },
        )
    };
    view! {
        <PageHeader title="Clients" subtitle="Who the shop works for." actions=add/>
        <Filters filter=filter.clone()/>
        <Rows list filter/>
    }
}

#[component]
fn Filters(filter: ClientFilter) -> impl IntoView {
    let kinds = ClientKind::ALL.iter().map(|kind| (kind.as_str(), kind.words())).collect::<Vec<_>>();
    let any = std::iter::once(("", "Any kind")).chain(kinds).collect::<Vec<_>>();
    let clear = if filter.narrows() || filter.newest() { "/clients" } else { "" };
    let clear = LinkTo::new(clear, if clear.is_empty() { "" } else { "Clear" });
    let fields = view! {
        <div class="field">
            <label class="field__label" for="clients-q">"Name, telephone or e-mail"</label>
            <input class="input" id="clients-q" type="search" name="q" value=filter.q.clone() maxlength="200" autocomplete="off"/>
        </div>
        <Choose id="kind" label="Kind" options=any chosen=filter.kind.clone()/>
        <Choose id="state" label="Which" options=vec![("", "In use"), ("archived", "Archived")] chosen=filter.state.clone()/>
        <Choose id="sort" label="Order" options=vec![("", "By name"), ("newest", "Newest first")] chosen=filter.sort/>
    };
    if clear.href.is_empty() {
        view! { <FilterBar action="/clients" label="Find clients" submit="Show">{fields}</FilterBar> }.into_any()
    } else {
        view! { <FilterBar action="/clients" label="Find clients" submit="Show" clear>{fields}</FilterBar> }.into_any()
    }
}

#[component]
fn Choose(
    id: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: String,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field__label" for=format!("clients-{id}")>{label}</label>
            <select class="select" id=format!("clients-{id}") name=id>{options}</select>
        </div>
    }
}

#[component]
fn Rows(list: ClientList, filter: ClientFilter) -> impl IntoView {
    let ClientList { rows, before, after, sees_money, may_edit, currency } = list;
    if rows.is_empty() {
        return view! { <Empty filter may_edit/> }.into_any();
    }
    let by_name = address(&ClientFilter { sort: String::new(), ..filter.clone() }, "", None);
    let sorted = (!filter.newest()).then_some(Sorted::Up);
    let mut heads = vec![
        Head::new("Name").sortable(by_name, sorted),
        Head::new("Kind"),
        Head::new("Telephone"),
        Head::number("Sites"),
    ];
    if sees_money {
        heads.push(Head::number("Open balance"));
    }
    let (newer, older) = if filter.newest() { ("Newer", "Older") } else { ("Before", "After") };
    let newer = before.map(|id| LinkTo::new(address(&filter, "before", Some(id)), newer));
    let older = after.map(|id| LinkTo::new(address(&filter, "after", Some(id)), older));
    let rows = rows.into_iter().map(|client| view! { <Row client sees_money currency/> }).collect_view();
    view! {
        <Table caption="Clients" heads>{rows}</Table>
        <Pager newer older label="More clients"/>
    }
    .into_any()
}

#[component]
fn Row(client: ClientSummary, sees_money: bool, currency: Currency) -> impl IntoView {
    let ClientSummary { id, name, kind, phone, sites, alert, owed_minor, .. } = client;
    let owed = if owed_minor == 0 { "–".to_owned() } else { Money::from_minor(owed_minor).format(currency) };
    view! {
        <tr>
            <Cell lead=true>
                <a href=safe_href(&paths::client(id))>{name}</a>
                {(!alert.is_empty()).then(|| view! { " "<Badge tone=Tone::Bad text="Alert"/> })}
            </Cell>
            <Cell label="Kind">{kind}</Cell>
            <Cell label="Telephone">{(!phone.is_empty()).then(|| view! { <PhoneLink number=phone/> })}</Cell>
            <Cell label="Sites" number=true>{sites}</Cell>
            {sees_money.then(|| view! { <Cell label="Open balance" number=true><ui::Money amount=owed/></Cell> })}
        </tr>
    }
}

#[component]
fn Empty(filter: ClientFilter, may_edit: bool) -> impl IntoView {
    if filter.narrows() || !filter.after.is_empty() || !filter.before.is_empty() {
        let words = "Names are found by how they begin, by part of them, by digits of a telephone number or part of an e-mail address.";
        return view! { <EmptyState title="No client fits" words action=LinkTo::new("/clients", "All clients")/> }
            .into_any();
    }
    let words = "Clients are people and companies the shop works for. Each has sites, and each site its doors.";
    if may_edit {
        view! { <EmptyState title="No clients yet" words action=LinkTo::new("/clients/new", "Add the first client")/> }
            .into_any()
    } else {
        view! { <EmptyState title="No clients to see" words/> }.into_any()
    }
}

/// The list's address with this filter, turned to another page when `cursor` is given.
fn address(filter: &ClientFilter, direction: &str, cursor: Option<uuid::Uuid>) -> String {
    let cursor = cursor.map(|id| id.to_string()).unwrap_or_default();
    let parts = [
        ("q", filter.q.trim()),
        ("kind", &filter.kind),
        ("state", &filter.state),
        ("sort", &filter.sort),
        (direction, &cursor),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if parts.is_empty() { "/clients".into() } else { format!("/clients?{}", parts.join("&")) }
}

/// Percent-encodes all but the unreserved characters (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_filter_and_cannot_be_broken_out_of() {
        let filter = ClientFilter { q: " é&sort=newest ".into(), kind: "fleet".into(), ..ClientFilter::default() };
        assert_eq!(
            address(&filter, "after", Some(uuid::Uuid::nil())),
            "/clients?q=%C3%A9%26sort%3Dnewest&kind=fleet&after=00000000-0000-0000-0000-000000000000"
        );
        assert_eq!(address(&ClientFilter::default(), "", None), "/clients");
    }
}
