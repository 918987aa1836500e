//! A bitting record's page: what may be seen, and the way to what may not.

use super::{
    print::PrintNumbered,
    releases::Asking,
    server_fns::{find_bitting, reveal_bitting},
};
use domain::{
    bittings::{BittingPage as Data, BittingRecord, Confidence, Reading, Source},
    forms::{Page, Ticket},
    reveal::{Release, ReleaseState, Standing},
};
use gate::{Shown, history::History, load, param, paths, reveal::Reveal};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, Fact, Facts, Icon, LinkTo, Notice, PageHeader, Panel, Tone, safe_href};

/// `/bittings/:id`.
#[component]
pub fn BittingPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_bitting);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Data { record, jobs, standing, release, history, rights } = data;
    let jobs: Vec<_> = jobs.into_iter().map(|(id, words)| (id.to_string(), words)).collect();
    let (title, change) = (record.label.clone(), paths::bitting_edit(record.id));
    let back = LinkTo::new(paths::bittings_of(record.client), record.client_name.clone());
    let acts = move || rights.edit.then(|| view! { <ButtonLink href=change icon=Icon::Pen>"Change"</ButtonLink> });
    let (guarded, archived) = (record.do_not_duplicate, record.archived);
    let sealed = rights.reveal.then(|| {
        let (id, top_secret) = (record.id.to_string(), record.top_secret);
        view! { <Sealed id top_secret release jobs standing print=rights.print ticket/> }
    });
    view! {
        <Title text=title.clone()/>
        <PageHeader title back actions=acts/>
        {guarded.then(|| view! { <Notice tone=Tone::Brass title="Do not duplicate"><p>"No copy without the written leave of whoever may give it."</p></Notice> })}
        {archived.then(|| view! { <Notice tone=Tone::Void title="Out of use"><p>"This record is left out of the list. It is still found by its cuts."</p></Notice> })}
        <div class="record">
            <div class="record__main">
                {sealed}
                <TheKey record/>
            </div>
            <aside class="record__aside"><History entries=history/></aside>
        </div>
    }
}

#[component]
fn Sealed(
    id: String,
    top_secret: bool,
    release: Option<Release>,
    jobs: Vec<(String, String)>,
    standing: Standing,
    print: bool,
    ticket: Ticket,
) -> impl IntoView {
    let released = release.as_ref().is_some_and(|release| release.state == ReleaseState::Granted);
    let closed = top_secret && !released && standing.second_step;
    let until = release.as_ref().filter(|_| released).map(|release| {
        let words = format!("Released by {}. It opens once, until {}.", release.decided_by, release.until);
        view! { <p class="muted">{words}</p> }
    });
    let (for_print, print_jobs, print_ticket) = (id.clone(), jobs.clone(), ticket.clone());
    let ready = !closed && standing.confirmed && standing.second_step && print;
    view! {
        <Panel title="Cuts and code" id="sealed">
            {until}
            {if closed {
                view! { <Asking release record=id jobs ticket/> }.into_any()
            } else {
                view! { <Reveal ticket subject=id jobs standing call=|post, id, form| Box::pin(async move { reveal_bitting(post, id.parse().map_err(|_| gate::AppError::Call)?, form).await })/> }.into_any()
            }}
            {ready.then(|| view! { <PrintNumbered ticket=print_ticket subject=for_print jobs=print_jobs/> })}
        </Panel>
    }
}

#[component]
fn TheKey(record: BittingRecord) -> impl IntoView {
    let BittingRecord {
        client,
        client_name,
        site,
        place,
        item,
        make_name,
        keyway,
        blank,
        reading,
        source,
        confidence,
        prints,
        ..
    } = record;
    let reading = Reading::parse(&reading).map_or("", Reading::words);
    let source = Source::parse(&source).map_or("", Source::words);
    let confidence = Confidence::parse(&confidence).map_or("", Confidence::words);
    let fact = |name: &'static str, text: String| (!text.is_empty()).then(|| view! { <Fact name>{text}</Fact> });
    view! {
        <Panel title="The key">
            <Facts>
                <Fact name="Client"><a href=safe_href(&paths::client(client))>{client_name}</a></Fact>
                {site.map(|site| view! { <Fact name="Site"><a href=safe_href(&paths::site(site))>{place}</a></Fact> })}
                {fact("For", item)}
                {fact("Make", make_name)}
                {fact("Keyway", keyway)}
                {fact("Blank", blank)}
                <Fact name="Read">{reading}</Fact>
                <Fact name="Known by">{source}</Fact>
                <Fact name="How sure">{confidence}</Fact>
                {(prints > 0).then(|| view! { <Fact name="Prints">{prints}</Fact> })}
            </Facts>
        </Panel>
    }
}
