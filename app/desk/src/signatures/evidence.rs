//! The evidence of a signature: what was signed, by whom, how, from where, and where it stands on the chain.

use super::server_fns::find_evidence;
use domain::{forms::Page, signatures::Evidence};
use gate::{Shown, load, param, seen::SeenBy};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Disclosure, Document, Fact, Facts, InkDrawing, LinkTo, PageHeader, Panel, ProofLinks, StampLine, Tone,
};

/// One signature's page.
#[component]
pub fn EvidencePage() -> impl IntoView {
    let signature = param("id");
    let page = load(move || signature.get(), find_evidence);
    view! {
        <Title text="Signature"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Evidence>) -> impl IntoView {
    let evidence = page.data;
    let Evidence { signature, job, number, client, paper, drawing, seen, .. } = evidence.clone();
    let label = format!("Work order {number}, version {}", paper.version);
    let (at, stamp) = (gate::paths::signature_proof(signature.id), evidence.stamp.clone());
    let proof = evidence.provable.then(move || {
        view! { <Panel title="Proof"><ProofLinks at/>{stamp.map(|stamp| view! { <StampLine stamp/> })}</Panel> }
    });
    let (who, kept) = (evidence.clone(), evidence.clone());
    let undrawn = if signature.drawn {
        "The drawing is sealed and cannot be opened at the moment. Open this page again in a minute.".to_owned()
    } else {
        format!("Signed by typing the name: {}", signature.name)
    };
    view! {
        <PageHeader title=format!("Signature of {}", signature.name) subtitle=format!("{label}, {client}") back=LinkTo::new(gate::paths::job(job), format!("Job {number}"))/>
        <div class="record">
            <div class="record__main">
                <Panel title="Signature">
                    <div class="evidence">
                        {drawing.map_or_else(|| view! { <p>{undrawn}</p> }.into_any(), |svg| view! { <InkDrawing svg/> }.into_any())}
                        <Who evidence=who/>
                    </div>
                </Panel>
                <Panel title="What was signed"><Document html=paper.html label/></Panel>
            </div>
            <aside class="record__aside">
                <Integrity evidence=kept/>
                {proof}
                <SeenBy seen/>
                <Consent evidence/>
            </aside>
        </div>
    }
}

#[component]
fn Who(evidence: Evidence) -> impl IntoView {
    let Evidence { signature, device_time, ip, user_agent, witness, .. } = evidence;
    let how = if signature.drawn { "Drawn by hand" } else { "Typed name" };
    let beside = witness
        .map_or_else(|| "Signed through the client's portal link".to_owned(), |name| format!("{name} stood beside"));
    let or_untold = |text: String| if text.is_empty() { "Not told".to_owned() } else { text };
    view! {
        <Facts>
            <Fact name="Name">{signature.name}</Fact>
            <Fact name="Signed as">{signature.role.words()}</Fact>
            <Fact name="How">{how}</Fact>
            <Fact name="Server time">{signature.at}</Fact>
            <Fact name="Device time">{or_untold(clock(&device_time))}</Fact>
            <Fact name="Witness">{beside}</Fact>
            <Fact name="Network address">{or_untold(ip)}</Fact>
            <Fact name="Browser">{or_untold(user_agent)}</Fact>
        </Facts>
    }
}

/// The device's own words for its time, "2026-03-04T10:11:12.345Z", without the letters between.
fn clock(told: &str) -> String {
    let whole = told.split_once('.').map_or(told, |(seconds, _)| seconds);
    match (whole.trim_end_matches('Z').split_once('T'), told.ends_with('Z')) {
        (Some((day, time)), true) => format!("{day} {time} UTC"),
        _ => told.to_owned(),
    }
}

/// Hashes, worked out anew for this page.
#[component]
fn Integrity(evidence: Evidence) -> impl IntoView {
    let Evidence { paper, signed_sha256, bytes_hold, strokes_sha256, strokes_hold, seq, entry_hash, .. } = evidence;
    let strokes = strokes_sha256.zip(strokes_hold).map(|(hash, holds)| {
        view! {
            <Fact name="Strokes"><Holds holds/><p class="evidence__hash">{hash}</p></Fact>
        }
    });
    let entry = seq.map_or_else(
        || view! { <Badge tone=Tone::Bad text="No entry found"/> }.into_any(),
        |seq| view! { <p>{format!("Entry {seq}")}</p><p class="evidence__hash">{entry_hash}</p> }.into_any(),
    );
    view! {
        <Panel title="Does it still hold?">
            <Facts>
                <Fact name="Document"><Holds holds=bytes_hold/><p class="evidence__hash">{signed_sha256}</p></Fact>
                {strokes}
                <Fact name="Audit chain">{entry}</Fact>
                <Fact name="Prepared">{format!("Version {}, {}", paper.version, paper.prepared)}</Fact>
            </Facts>
        </Panel>
    }
}

#[component]
fn Holds(holds: bool) -> impl IntoView {
    if holds {
        view! { <Badge tone=Tone::Verdigris text="Unchanged since signing"/> }
    } else {
        view! { <Badge tone=Tone::Bad text="Differs from what was signed"/> }
    }
}

#[component]
fn Consent(evidence: Evidence) -> impl IntoView {
    let Evidence { consent_version, consent_text, could_read, copy_at, copy_to, .. } = evidence;
    let read = if could_read { "Affirmed: the document could be opened and read" } else { "Not asked at that time" };
    let copy = match (copy_at.is_empty(), copy_to.is_empty()) {
        (true, _) => "None was mailed".to_owned(),
        (false, true) => format!("Mailed, {copy_at}"),
        (false, false) => format!("Mailed to {copy_to}, {copy_at}"),
    };
    view! {
        <Panel title="Consent">
            <Facts>
                <Fact name="Open test">{read}</Fact>
                <Fact name="Copy">{copy}</Fact>
            </Facts>
            <Disclosure summary=format!("Text shown, version {consent_version}")><p class="small">{consent_text}</p></Disclosure>
        </Panel>
    }
}
