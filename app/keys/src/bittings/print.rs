//! Numbered prints: the sheet exists while the print dialog is open, and no longer.

use super::server_fns::print_bitting;
use domain::{forms::Ticket, reveal::Printed};
use gate::reveal::WhyForm;
use leptos::prelude::*;
use ui::{Disclosure, Icon};

/// Asks what for, prints, and forgets.
#[component]
pub fn PrintNumbered(ticket: Ticket, subject: String, jobs: Vec<(String, String)>) -> impl IntoView {
    let sheet = RwSignal::new(None::<Printed>);
    let done = move |printed: Printed| {
        sheet.set(Some(printed));
        // The sheet must stand in the page before the dialog opens; when that closes, it goes.
        request_animation_frame(move || {
            drop(window().print());
            sheet.try_set(None);
        });
    };
    view! {
        <Disclosure summary="Print a numbered copy" icon=Icon::Printer>
            <p class="muted small">"The sheet carries your name, the time and the copy's number. Keep it under lock, shred it after use."</p>
            <WhyForm ticket subject jobs words="Print" done call=|post, id, form| {
                Box::pin(async move { print_bitting(post, id.parse().map_err(|_| gate::AppError::Call)?, form).await })
            }/>
        </Disclosure>
        {move || sheet.get().map(|printed| view! { <Sheet printed/> })}
    }
}

#[component]
fn Sheet(printed: Printed) -> impl IntoView {
    let Printed { secret, about, copy, reader, at, reason } = printed;
    let parts = secret.parts.into_iter().map(|(name, text)| {
        view! {
            <div class="revealed__part">
                <dt class="revealed__name">{name}</dt>
                <dd class="revealed__text" translate="no">{text}</dd>
            </div>
        }
    });
    view! {
        <section class="numbered" aria-hidden="true">
            <h2>{about}</h2>
            <dl class="revealed__parts">{parts.collect_view()}</dl>
            <p>{format!("Copy {copy} · printed for {reader} · {at}")}</p>
            <p>{format!("For: {reason}")}</p>
            <p>"Confidential. Shred after use. This print stands in the audit trail."</p>
        </section>
    }
}
