//! `/audit/openings`: who opened what is sealed, when and why. What a client who asks is told, and what is looked at when a
//! member leaves.

use super::server_fns::who_opened;
use domain::reveal::{Opening, Openings, OpeningsFilter};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Cell, EmptyState, Head, LinkTo, PageHeader, Pager, PrintButton, Table};

fn asked() -> Memo<OpeningsFilter> {
    let [client, person, before] = ["client", "person", "before"].map(query);
    Memo::new(move |_| OpeningsFilter { client: client.get(), person: person.get(), before: before.get().parse().ok() })
}

/// The page.
#[component]
pub fn OpeningsPage() -> impl IntoView {
    let filter = asked();
    let page = load(move || filter.get(), who_opened);
    view! {
        <Title text="Who opened what"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Openings) -> impl IntoView {
    let Openings { rows, before, about } = page;
    let filter = asked().get_untracked();
    let whose = if filter.client.is_empty() { "by" } else { "of" };
    let subtitle = match about.as_str() {
        "" => "Every bitting, code and access note that was revealed, printed or looked for, with the reason given, and every signed paper that was opened."
            .to_owned(),
        about => format!(
            "Everything sealed {whose} {about} that was revealed, printed or looked for, with the reason given, and every signed paper that was opened."
        ),
    };
    let older = before.map(|before| {
        let asked = [("client", &*filter.client), ("person", &filter.person), ("before", &before.to_string())];
        LinkTo::new(paths::query("/audit/openings", &asked), "Earlier")
    });
    let table = if rows.is_empty() {
        view! { <EmptyState title="Nothing was opened" words="When somebody reveals, prints or looks for something sealed, it stands here."/> }.into_any()
    } else {
        let rows = rows.into_iter().map(|row| view! { <Row row/> }).collect_view();
        let heads =
            vec![Head::new("When"), Head::new("Who"), Head::new("Of"), Head::new("Client"), Head::new("What for")];
        view! { <Table caption="Openings" heads>{rows}</Table> }.into_any()
    };
    view! {
        <PageHeader title="Who opened what" subtitle back=LinkTo::new("/audit", "Audit trail") actions=|| view! { <PrintButton/> }/>
        {table}
        <Pager newer=None older label="Openings"/>
    }
}

#[component]
fn Row(row: Opening) -> impl IntoView {
    let Opening { entry, at, who, what, of, client, why } = row;
    view! {
        <tr>
            <Cell label="When"><span class="nowrap">{at}</span><div class="muted small">{format!("Entry {entry}")}</div></Cell>
            <Cell lead=true>{format!("{who} {what}")}</Cell>
            <Cell label="Of">{(!of.is_empty()).then_some(of)}</Cell>
            <Cell label="Client">{(!client.is_empty()).then_some(client)}</Cell>
            <Cell label="What for">{(!why.is_empty()).then_some(why)}</Cell>
        </tr>
    }
}
