//! `/alerts`: what happened, how soon to look at it, and what came of it.

use super::server_fns::{CloseAlert, list_alerts};
use domain::{
    alerts::{AlertFilter, AlertRow, Alerts, Severity},
    forms::{Page, Ticket},
};
use gate::{Shown, action, load, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, ButtonLink, EmptyState, Fact, Facts, Field, FilterBar, Form, Icon, LinkTo, Notice, PageHeader,
    Pager, Panel, Tone,
};

fn asked() -> Memo<AlertFilter> {
    let [show, before] = ["show", "before"].map(query);
    Memo::new(move |_| AlertFilter { show: show.get(), before: before.get() })
}

/// The page.
#[component]
pub fn AlertsPage() -> impl IntoView {
    let filter = asked();
    let page = load(move || filter.get(), list_alerts);
    view! {
        <Title text="Alerts"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Alerts>) -> impl IntoView {
    let Page { ticket, data } = page;
    let filter = asked().get_untracked();
    let subtitle = match data.open {
        0 => "Nothing is open.".to_owned(),
        1 => "One is open.".to_owned(),
        many => format!("{many} are open."),
    };
    let older = data.before.map(|before| {
        let asked = [("show", &*filter.show), ("before", &before.to_string())];
        LinkTo::new(paths::query("/alerts", &asked), "Earlier")
    });
    let (may_close, may_plant, all) = (data.may_close, data.may_plant, filter.show == "all");
    let rows = if data.rows.is_empty() {
        let (title, words) = if all {
            (
                "No alert was ever raised",
                "When somebody opens far more than usual, tries doors, guesses a password or touches a honeypot, it stands here within seconds.",
            )
        } else {
            (
                "All quiet",
                "When somebody opens far more than usual, tries doors, guesses a password or touches a honeypot, it stands here within seconds, and a letter goes to the owners.",
            )
        };
        // Of decoys only those read who lay them out.
        match may_plant {
            true => {
                view! { <EmptyState title words action=LinkTo::new("/alerts/decoys", "Lay out a decoy")/> }.into_any()
            }
            false => view! { <EmptyState title words/> }.into_any(),
        }
    } else {
        data.rows
            .into_iter()
            .map(|row| view! { <Alert row may_close ticket=ticket.clone()/> })
            .collect_view()
            .into_any()
    };
    view! {
        <PageHeader title="Alerts" subtitle actions=move || may_plant.then(|| view! { <ButtonLink href="/alerts/decoys" icon=Icon::Key>"Decoys"</ButtonLink> })/>
        {(!data.hours).then(|| view! { <NoHours may_say=data.may_say_hours/> })}
        <FilterBar action="/alerts" label="Which alerts" submit="Show">
            <div class="field">
                <label class="field__label" for="show">"Show"</label>
                <select class="select" id="show" name="show">
                    <option value="">"Those that are open"</option>
                    <option value="all" selected=all>"All, the closed ones too"</option>
                </select>
            </div>
        </FilterBar>
        <div class="stack">{rows}</div>
        <Pager newer=None older label="Alerts"/>
    }
}

/// Nobody thinks a rule watches that does not.
#[component]
fn NoHours(may_say: bool) -> impl IntoView {
    let link = if may_say {
        view! { <a href="/shop#hours">"Say when you are open"</a> }.into_any()
    } else {
        "Ask the owner to say when you are open".into_any()
    };
    view! {
        <Notice tone=Tone::Brass title="After hours nothing is watched">
            <p>"The shop has no opening hours, so nothing that is opened at night raises an alert. "{link}"."</p>
        </Notice>
    }
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Bad,
        Severity::Warning => Tone::Brass,
        Severity::Notice => Tone::Steel,
    }
}

#[component]
fn Alert(row: AlertRow, may_close: bool, ticket: Ticket) -> impl IntoView {
    let (sentence, id, severity) = (row.sentence(), row.id.to_string(), row.rule.severity());
    let (anchor, open) = (format!("alert-{id}"), row.closed.is_none());
    let badge = move || {
        if open {
            view! { <Badge tone=tone(severity) text=severity.words()/> }
        } else {
            view! { <Badge tone=Tone::Quiet text="Closed"/> }
        }
    };
    let close = (open && may_close).then(|| view! { <Close id ticket/> });
    view! {
        <Panel title=row.rule.words() id=anchor actions=badge>
            <p>{sentence}</p>
            <p class="muted">{row.rule.advice()}</p>
            <Particulars row/>
            {close}
        </Panel>
    }
}

#[component]
fn Particulars(row: AlertRow) -> impl IntoView {
    let entries = row.entries.map(|(first, last)| {
        let href = format!("/audit?before={}", last + 1);
        let words = if first == last { format!("Entry {last}") } else { format!("Entries {first} to {last}") };
        view! { <Fact name="In the audit trail"><a href=href>{words}</a></Fact> }
    });
    let place = (!row.place.is_empty()).then(|| view! { <Fact name="From">{row.place}</Fact> });
    let closed = row.closed.map(|(at, by, note)| {
        view! {
            <Fact name="Closed">{format!("{at}, by {by}")}</Fact>
            <Fact name="What came of it">{note}</Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="When">{row.at}</Fact>
            <Fact name="Who">{row.who}</Fact>
            {place}
            {entries}
            {closed}
        </Facts>
    }
}

#[component]
fn Close(id: String, ticket: Ticket) -> impl IntoView {
    let close = action::<CloseAlert>();
    view! {
        <Form action=close ticket name=format!("close-{id}")>
            <input type="hidden" name="alert" value=id.clone()/>
            <Field name="note" label="What came of it?" placeholder="Asked Dana: stock-taking with the client" wide=true/>
            <div class="form__actions"><Button>"Close this alert"</Button></div>
        </Form>
    }
}
