//! The list of invoices, with what is owed above it.

use super::server_fns::list_invoices;
use domain::{
    choice::Choice,
    invoices::{InvoiceFilter, InvoiceList, InvoiceQuery, InvoiceSort, InvoiceSummary, Outstanding},
    money::Currency,
};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    ButtonLink, Cell, EmptyState, FilterBar, Head, InvoiceBadge, LinkTo, Look, Money, PageHeader, Pager, Sorted,
    StatTile, Table, Tone,
};

/// What the address asks for.
fn asked() -> Memo<InvoiceQuery> {
    let [status, q, sort, after] = ["status", "q", "sort", "after"].map(query);
    Memo::new(move |_| InvoiceQuery { status: status.get(), q: q.get(), sort: sort.get(), after: after.get() })
}

/// `/invoices`.
#[component]
pub fn InvoicesPage() -> impl IntoView {
    let asked = asked();
    let page = load(move || asked.get(), list_invoices);
    view! {
        <Title text="Invoices"/>
        <PageHeader title="Invoices" subtitle="Made from completed jobs. A number once given is never given again."/>
        <Shown page children=|list| view! { <Body list/> }/>
    }
}

#[component]
fn Body(list: InvoiceList) -> impl IntoView {
    let asked = asked().get_untracked();
    let InvoiceList { currency, outstanding, rows, more } = list;
    let older = rows
        .last()
        .filter(|_| more)
        .map(|last| LinkTo::new(address(&InvoiceQuery { after: last.invoice.to_string(), ..asked.clone() }), "More"));
    let newer = (!asked.after.is_empty())
        .then(|| LinkTo::new(address(&InvoiceQuery { after: String::new(), ..asked.clone() }), "From the start"));
    let shown = if rows.is_empty() {
        view! { <Empty asked=asked.clone()/> }.into_any()
    } else {
        view! { <Rows rows currency asked=asked.clone()/> }.into_any()
    };
    view! {
        <div class="page">
            <Owed outstanding currency/>
            <Filters asked/>
            {shown}
            <Pager newer older label="More invoices"/>
        </div>
    }
}

#[component]
fn Owed(outstanding: Outstanding, currency: Currency) -> impl IntoView {
    let invoices = |count: i64| if count == 1 { "1 invoice".to_owned() } else { format!("{count} invoices") };
    let tone = if outstanding.late == 0 { Tone::Verdigris } else { Tone::Bad };
    view! {
        <ul class="tiles">
            <StatTile name="Owed" figure=outstanding.owed.format(currency) note=invoices(outstanding.unpaid) href="/invoices?status=unpaid"/>
            <StatTile name="Overdue" figure=outstanding.overdue.format(currency) note=invoices(outstanding.late) href="/invoices?status=overdue&sort=due" tone=tone/>
        </ul>
    }
}

#[component]
fn Filters(asked: InvoiceQuery) -> impl IntoView {
    let (filters, sorts) = (options::<InvoiceFilter>(), options::<InvoiceSort>());
    let narrowed = asked != InvoiceQuery::default();
    let clear = narrowed.then(|| view! { <ButtonLink href="/invoices" look=Look::Quiet>"Clear"</ButtonLink> });
    view! {
        <FilterBar action="/invoices" label="Find invoices" submit="Show">
            <div class="field">
                <label class="field__label" for="invoices-q">"Number or client"</label>
                <input class="input" id="invoices-q" type="search" name="q" value=asked.q maxlength="200" autocomplete="off"/>
            </div>
            <Choose id="status" label="State" options=filters chosen=asked.status/>
            <Choose id="sort" label="Order" options=sorts chosen=asked.sort/>
            {clear}
        </FilterBar>
    }
}

fn options<T: Choice>() -> Vec<(&'static str, &'static str)> {
    T::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
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
            <label class="field__label" for=format!("invoices-{id}")>{label}</label>
            <select class="select" id=format!("invoices-{id}") name=id>{options}</select>
        </div>
    }
}

#[component]
fn Rows(rows: Vec<InvoiceSummary>, currency: Currency, asked: InvoiceQuery) -> impl IntoView {
    let sorted = |sort: InvoiceSort, way| {
        (InvoiceSort::parse(&asked.sort).unwrap_or(InvoiceSort::Newest) == sort).then_some(way)
    };
    let by = |sort: InvoiceSort| {
        address(&InvoiceQuery { sort: sort.as_str().into(), after: String::new(), ..asked.clone() })
    };
    let heads = vec![
        Head::new("Number").sortable(by(InvoiceSort::Newest), sorted(InvoiceSort::Newest, Sorted::Down)),
        Head::new("Client"),
        Head::new("Issued"),
        Head::new("Due").sortable(by(InvoiceSort::Due), sorted(InvoiceSort::Due, Sorted::Up)),
        Head::number("Total"),
        Head::number("Owed"),
        Head::new("State"),
    ];
    let rows = rows.into_iter().map(|row| view! { <Row row currency/> }).collect_view();
    view! { <Table caption="Invoices" heads>{rows}</Table> }
}

#[component]
fn Row(row: InvoiceSummary, currency: Currency) -> impl IntoView {
    let total = if row.number.is_some() { row.total.format(currency) } else { "–".into() };
    let owed = if row.owed.is_zero() { "–".into() } else { row.owed.format(currency) };
    let (code, words) = (row.standing.as_str(), row.standing.words());
    view! {
        <tr>
            <Cell lead=true><a href=paths::invoice(row.invoice)>{row.number.unwrap_or_else(|| "Draft".into())}</a></Cell>
            <Cell label="Client">{row.client_name}</Cell>
            <Cell label="Issued">{row.issued}</Cell>
            <Cell label="Due">{row.due}</Cell>
            <Cell label="Total" number=true><Money amount=total/></Cell>
            <Cell label="Owed" number=true><Money amount=owed/></Cell>
            <Cell><InvoiceBadge code=code text=words/></Cell>
        </tr>
    }
}

#[component]
fn Empty(asked: InvoiceQuery) -> impl IntoView {
    if asked == InvoiceQuery::default() {
        let words = "An invoice is made from a completed job, with one button on the job's page. It is drafted first, then issued with the next number.";
        view! { <EmptyState title="No invoices yet" words action=LinkTo::new("/jobs?status=completed", "Completed jobs")/> }
    } else {
        view! { <EmptyState title="No invoice fits" words="Numbers and client names are found by how they begin." action=LinkTo::new("/invoices", "All invoices")/> }
    }
}

/// The list's address with these wishes.
fn address(asked: &InvoiceQuery) -> String {
    let parts = [("status", &asked.status), ("q", &asked.q), ("sort", &asked.sort), ("after", &asked.after)];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value.trim())))
        .collect();
    if parts.is_empty() { "/invoices".into() } else { format!("/invoices?{}", parts.join("&")) }
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
    fn an_address_keeps_the_wishes_and_cannot_be_broken_out_of() {
        let asked = InvoiceQuery { q: "Ça & co".into(), status: "paid".into(), ..InvoiceQuery::default() };
        assert_eq!(address(&asked), "/invoices?status=paid&q=%C3%87a%20%26%20co");
        assert_eq!(address(&InvoiceQuery::default()), "/invoices");
    }
}
