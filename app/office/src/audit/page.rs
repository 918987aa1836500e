//! The shop-wide audit page.

use super::{facts, server_fns::audit};
use domain::{
    Event,
    audit::{AuditFilter, TimelineEntry},
};
use gate::{Shown, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, ButtonLink, Cell, EmptyState, FilterBar, Head, Icon, LinkTo, PageHeader, Pager, Table, Tone};

/// Every entry of the chain, with filters in the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let (before, action, subject) = (query("before"), query("action"), query("subject"));
    let filter = move || AuditFilter {
        before: before.get().parse().ok(),
        action: action.get().parse().ok(),
        subject: subject.get().parse().ok(),
        actor: None,
    };
    let page = load(filter, audit);
    view! {
        <Title text="Audit trail"/>
        <PageHeader title="Audit trail" subtitle="Every act, in order, on a chain that cannot be changed without showing."
            actions=|| view! {
                <ButtonLink href="/audit/openings" icon=Icon::Lock>"Who opened what"</ButtonLink>
                <ButtonLink href="/audit/trust" icon=Icon::Shield>"How it is kept"</ButtonLink>
                <ButtonLink href="/exports" icon=Icon::Next>"Exports"</ButtonLink>
            }/>
        <FilterBar action="/audit" label="Filter the trail" submit="Show"><ActionFilter chosen=action.get_untracked()/></FilterBar>
        <Shown page children=|entries| view! { <Entries entries/> }/>
    }
}

#[component]
fn ActionFilter(chosen: String) -> impl IntoView {
    let options = Event::CODES
        .iter()
        .map(|(code, name)| {
            let selected = code.to_string() == chosen;
            view! { <option value=code.to_string() selected=selected>{spaced(name)}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field__label" for="action">"What happened"</label>
            <select class="select" id="action" name="action"><option value="">"Anything"</option>{options}</select>
        </div>
    }
}

/// "JobCompleted" as "Job completed".
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for (i, ch) in name.chars().enumerate() {
        if i > 0 && ch.is_uppercase() {
            words.push(' ');
            words.extend(ch.to_lowercase());
        } else {
            words.push(ch);
        }
    }
    words
}

#[component]
fn Entries(entries: Vec<TimelineEntry>) -> impl IntoView {
    if entries.is_empty() {
        return view! { <EmptyState title="Nothing here yet" words="What people of this shop do will stand here, the newest first."/> }.into_any();
    }
    let older = (entries.len() == 50).then(|| entries.last().map(|last| last.seq)).flatten();
    let older = older.map(|seq| LinkTo::new(format!("/audit?before={seq}"), "Older entries"));
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <Cell label="No." number=true>{entry.seq}</Cell>
                    <Cell label="When"><span class="nowrap">{entry.at}</span></Cell>
                    <Cell lead=true>{entry.who}" "{entry.sentence}{entry.refused.then(|| view! { " "<Badge tone=Tone::Bad text="Refused"/> })}</Cell>
                    <Cell>
                        {if entry.erased {
                            view! { <span class="muted">"Erased with somebody who was forgotten"</span> }.into_any()
                        } else {
                            view! { <Facts entry=facts::read(&entry.facts) seq=entry.seq/> }.into_any()
                        }}
                    </Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="Audit trail" heads=vec![Head::number("No."), Head::new("When"), Head::new("What"), Head::new("Facts")]>{rows}</Table>
        <Pager newer=None older label="Older entries"/>
    }
    .into_any()
}

/// What is kept beside an entry, on request: most readers want the sentence alone.
#[component]
fn Facts(entry: Vec<(String, String)>, seq: i64) -> impl IntoView {
    let rows = entry
        .into_iter()
        .map(
            |(name, value)| view! { <div class="facts__row"><dt class="facts__name">{name}</dt><dd>{value}</dd></div> },
        )
        .collect_view();
    view! {
        <details class="beside">
            <summary>"Facts"</summary>
            <dl class="facts">{rows}</dl>
            <p><a href=paths::entry_proof(seq) rel="external">"Proof of this entry"</a></p>
        </details>
    }
}
