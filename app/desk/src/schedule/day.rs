//! A technician's own day: visits of today, and earlier ones whose job is not done.

use super::server_fns::own_day;
use domain::schedule::VisitRow;
use gate::{Shown, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, EmptyState, JobBadge, PageHeader, Tone};

/// One's own day, for those whose home is the office.
#[component]
pub fn DayPage() -> impl IntoView {
    let page = load(|| (), |()| own_day());
    view! { <Shown page children=|visits| view! { <Day visits/> }/> }
}

/// Cards, one a visit, in order of time.
#[component]
pub fn Day(visits: Vec<VisitRow>) -> impl IntoView {
    let count = visits.len();
    let subtitle = match count {
        0 => "No visits.".to_owned(),
        1 => "One visit.".into(),
        more => format!("{more} visits."),
    };
    let body = if visits.is_empty() {
        view! { <EmptyState title="Nothing for today" words="When the office sends you somewhere, the visit stands here with its address, and you go on by one big button."/> }.into_any()
    } else {
        let now = visits.iter().position(|visit| visit.status.is_open());
        let card = |(at, visit)| view! { <Card visit next=now == Some(at)/> };
        let cards = visits.into_iter().enumerate().map(card).collect_view();
        view! { <ol class="visits">{cards}</ol> }.into_any()
    };
    view! {
        <Title text="Today"/>
        <PageHeader title="Today" subtitle/>
        {body}
    }
}

#[component]
fn Card(
    visit: VisitRow,
    /// The first that is not done.
    next: bool,
) -> impl IntoView {
    let time = if visit.day.is_empty() { visit.window } else { format!("{} {}", visit.day, visit.window) };
    view! {
        <li class="visit-card" class:visit-card--next=next>
            <p class="visit-card__time">{time}</p>
            <a class="visit-card__what" href=gate::paths::visit(visit.job)>{format!("{} for {}", visit.kind, visit.client)}</a>
            <p class="visit-card__where">{visit.address}</p>
            {if visit.late { view! { <Badge tone=Tone::Bad text="Late"/> }.into_any() } else { view! { <JobBadge code=visit.status.as_str() text=visit.status.words()/> }.into_any() }}
        </li>
    }
}
