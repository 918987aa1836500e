//! Panels of a job that only show: client and place, the order, the visit, signatures, what is missing, the history.

use crate::sites::{access_notes::RevealNotes, codes::CodeLinks};
use domain::{
    audit::TimelineEntry,
    forms::Ticket,
    jobs::{Answer, JobPage, Missing, Question, SignerRole},
    schedule::Visit,
    signatures::SignatureRow,
};
use leptos::prelude::*;
use std::collections::BTreeMap;
use ui::{ButtonLink, CallButton, Fact, Facts, MapsButton, Notice, Panel, PhoneLink, Timeline, Tone};

/// Whom and where: with the buttons that call and find the way.
#[component]
pub fn Whereabouts(
    page: JobPage,
    /// Whether the buttons stand here; the technician's page has them on top.
    #[prop(default = true)]
    reach: bool,
    ticket: Ticket,
) -> impl IntoView {
    let JobPage { job, openings, may, access_notes, codes, .. } = page;
    let client = if may.office {
        view! { <a href=gate::paths::client(job.client)>{job.client_name.clone()}</a> }.into_any()
    } else {
        job.client_name.clone().into_any()
    };
    let place = [job.site_name.clone(), job.address.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let site = match job.site {
        Some(site) if may.office => view! { <a href=gate::paths::site(site)>{place}</a> }.into_any(),
        Some(_) => place.into_any(),
        None => view! { <span class="muted">"None yet"</span> }.into_any(),
    };
    let reach = reach.then(|| view! { <Reach phone=job.phone().to_owned() address=job.address.clone()/> });
    let phone = filled(job.phone()).map(|phone| view! { <Fact name="Phone"><PhoneLink number=phone/></Fact> });
    let caller = filled(&job.caller).map(|caller| view! { <Fact name="Called">{caller}</Fact> });
    let hours = filled(&job.hours).map(|hours| view! { <Fact name="Hours">{hours}</Fact> });
    let alert = filled(&job.client_alert)
        .map(|alert| view! { <Notice tone=Tone::Brass title="Standing alert"><p>{alert}</p></Notice> });
    let hazards =
        filled(&job.hazards).map(|hazards| view! { <Notice tone=Tone::Bad title="Beware"><p>{hazards}</p></Notice> });
    let this_job = vec![(job.id.to_string(), format!("Job {}", job.number))];
    let notes = access_notes.map(|notes| {
        view! { <h3 class="legend">"How to get in"</h3><RevealNotes notes jobs=this_job ticket/> }
    });
    let codes = (!codes.is_empty()).then(|| view! { <h3 class="legend">"Codes"</h3><CodeLinks codes/> });
    let doors = openings
        .into_iter()
        .map(|door| view! { <li>{door.number}" "<span class="muted">{door.location}</span>" "{door.hardware}</li> })
        .collect_view();
    let doors = (!doors.is_empty()).then(|| view! { <Fact name="Openings"><ul class="lines">{doors}</ul></Fact> });
    view! {
        <Panel title="Client and place" id="field-site">
            <div class="stack">
                {alert}{hazards}
                <Facts><Fact name="Client">{client}</Fact><Fact name="Site">{site}</Fact>{caller}{phone}{hours}{doors}</Facts>
                {reach}
                {notes}
                {codes}
            </div>
        </Panel>
    }
}

/// A text that is not empty.
fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Call and find the way.
#[component]
pub fn Reach(phone: String, address: String) -> impl IntoView {
    view! {
        <div class="visit__reach">
            {(!phone.is_empty()).then(|| view! { <CallButton number=phone.clone() words=format!("Call {phone}")/> })}
            {(!address.is_empty()).then(|| view! { <MapsButton address=address words="Find the way"/> })}
        </div>
    }
}

/// What was ordered.
#[component]
pub fn OrderPanel(page: JobPage) -> impl IntoView {
    let currency = page.currency;
    let JobPage { job, may, .. } = page;
    let editable = may.edit && !job.status.is_final();
    let edit = editable.then(|| view! { <ButtonLink href=gate::paths::job_edit(job.id)>"Edit the order"</ButtonLink> });
    let ceiling = job
        .ceiling
        .map_or_else(|| "None agreed".to_owned(), |ceiling| format!("{}, taxes included", ceiling.format(currency)));
    view! {
        <Panel title="Order" id="field-ceiling">
            <div class="stack">
                <p class="as-typed">{job.requested.clone()}</p>
                <Answers questions=job.requirements.questions.clone() answers=job.answers.clone()/>
                <Facts>
                    <Fact name="At most">{ceiling}</Fact>
                    {(!job.po_number.is_empty()).then(|| view! { <Fact name="Order number">{job.po_number.clone()}</Fact> })}
                    <Fact name="Call taken">{job.taken.clone()}" by "{job.taken_by.clone()}</Fact>
                </Facts>
                {edit}
            </div>
        </Panel>
    }
}

#[component]
fn Answers(questions: Vec<Question>, answers: BTreeMap<String, String>) -> impl IntoView {
    let answered: Vec<_> = questions
        .into_iter()
        .filter_map(|question| {
            Some((shown(&question, answers.get(&question.key).filter(|answer| !answer.is_empty())?), question.label))
        })
        .collect();
    (!answered.is_empty()).then(|| view! { <Facts>{answered.into_iter().map(|(answer, label)| view! { <Fact name=label>{answer}</Fact> }).collect_view()}</Facts> })
}

/// An answer as people read it.
fn shown(question: &Question, answer: &str) -> String {
    match (&question.answer, answer) {
        (Answer::YesNo, "yes") => "Yes".into(),
        (Answer::YesNo, "no") => "No".into(),
        (_, other) => other.to_owned(),
    }
}

/// A visit in words.
#[component]
pub fn VisitFacts(visit: Visit) -> impl IntoView {
    let fact = |name: &'static str, when: Option<String>| when.map(|when| view! { <Fact name=name>{when}</Fact> });
    view! {
        <Facts>
            <Fact name="Who">{visit.technician_name}</Fact>
            <Fact name="When">{visit.starts}"–"{visit.ends}</Fact>
            {fact("Set off", visit.en_route)}{fact("Arrived", visit.on_site)}{fact("Left", visit.left)}
        </Facts>
    }
}

/// What is missing before the job may be completed, each with a link to where it is put right.
#[component]
pub fn MissingList(missing: Vec<Missing>) -> impl IntoView {
    if missing.is_empty() {
        return view! { <p class="muted">"Everything this kind of job demands is there."</p> }.into_any();
    }
    let items = missing
        .into_iter()
        .map(|one| view! { <li class="missing__item"><a href=format!("#{}", one.anchor())>{one.words()}</a></li> })
        .collect_view();
    view! { <ul class="missing">{items}</ul> }.into_any()
}

/// Who signed, and the way to the next signature.
#[component]
pub fn Signatures(page: JobPage) -> impl IntoView {
    let JobPage { job, signatures, may, .. } = page;
    let stopped = matches!(job.status, domain::jobs::JobStatus::Cancelled | domain::jobs::JobStatus::Refused);
    let anchors = job
        .requirements
        .signatures
        .iter()
        .map(|role: &SignerRole| view! { <span class="anchor" id=Missing::Signature(*role).anchor()></span> })
        .collect_view();
    let rows =
        signatures.into_iter().map(|row| view! { <SignatureLine row linked=may.see_signatures/> }).collect_view();
    view! {
        <Panel title="Signatures" id="signatures">
            {anchors}
            {if rows.is_empty() {
                view! { <p class="muted">"Nobody has signed yet."</p> }.into_any()
            } else {
                view! { <ul class="lines">{rows}</ul> }.into_any()
            }}
            {(may.sign && !stopped).then(|| view! { <ButtonLink href=gate::paths::sign(job.id)>"Get it signed"</ButtonLink> })}
        </Panel>
    }
}

#[component]
fn SignatureLine(row: SignatureRow, linked: bool) -> impl IntoView {
    let words = format!("{} ({})", row.name, row.role.words().to_lowercase());
    let name =
        if linked { view! { <a href=gate::paths::signature(row.id)>{words}</a> }.into_any() } else { words.into_any() };
    view! { <li>{name}<span class="muted">{format!(" · version {} · {}", row.version, row.at)}</span></li> }
}

/// What happened, newest first.
#[component]
pub fn History(entries: Vec<TimelineEntry>) -> impl IntoView {
    let entries: Vec<ui::TimelineEntry> = entries.into_iter().map(Into::into).collect();
    (!entries.is_empty()).then(|| view! { <Panel title="History"><Timeline entries/></Panel> })
}
