//! Home: the day at a glance for the office, one's own day for a technician.

pub mod server_fns;

use crate::schedule::day::Day;
use domain::{
    home::{Home, OfficeHome, Unpaid, WaitingJob},
    money::Currency,
    schedule::VisitRow,
};
use gate::{Shown, load};
use leptos::prelude::*;
use leptos_meta::Title;
use server_fns::open_home;
use ui::{Badge, EmptyState, JobBadge, LinkTo, PageHeader, Panel, StatTile, Tone};

/// The first page after signing in.
#[component]
pub fn HomePage() -> impl IntoView {
    let page = load(|| (), |()| open_home());
    view! {
        <Shown page children=|home| match home {
            Home::Office(office) => view! { <Office office=*office/> }.into_any(),
            Home::Day(visits) => view! { <Day visits/> }.into_any(),
        }/>
    }
}

#[component]
fn Office(office: OfficeHome) -> impl IntoView {
    let call = office.may_take_calls;
    let body =
        if office.any_job { view! { <Glance office/> }.into_any() } else { view! { <FirstDay call/> }.into_any() };
    view! {
        <Title text="Home"/>
        <PageHeader title="Home"/>
        {body}
    }
}

#[component]
fn FirstDay(call: bool) -> impl IntoView {
    if call {
        view! { <EmptyState title="The first call makes the first job" words="Take it here: type who calls and what they need. The client, the place and the job are made at once, and this page fills with the day's work." action=LinkTo::new("/jobs/new", "Take a call")/> }
    } else {
        view! { <EmptyState title="No jobs yet" words="As soon as a call is taken, the day's work stands here: visits, what runs late, what waits for an invoice."/> }
    }
}

#[component]
fn Glance(office: OfficeHome) -> impl IntoView {
    let careful = |count: i64, tone: Tone| if count > 0 { tone } else { Tone::Plain };
    let currency = office.currency;
    // Lateness pushes everything else down; that there is none stands on its tile.
    let late = (!office.late.is_empty()).then(|| view! { <Visits title="Running late" words="" visits=office.late/> });
    let unpaid = office.unpaid.map(|unpaid| view! { <UnpaidTile unpaid currency/> });
    view! {
        <ul class="tiles">
            <StatTile name="Visits today" figure=office.visits_today.to_string() href="/jobs?sort=visit" tone=careful(office.visits_today, Tone::Steel)/>
            <StatTile name="Nobody sent" figure=office.unassigned_count.to_string() href="/jobs?status=new" tone=careful(office.unassigned_count, Tone::Brass)/>
            <StatTile name="Running late" figure=office.late_count.to_string() href="/jobs?sort=visit" tone=careful(office.late_count, Tone::Bad)/>
            <StatTile name="To be invoiced" figure=office.uninvoiced_count.to_string() href="/jobs?status=completed" tone=careful(office.uninvoiced_count, Tone::Copper)/>
            {unpaid}
        </ul>
        <div class="columns">
            <div class="columns__column">
                {late}
                <Visits title="Today" words="No visits today. Jobs nobody is sent to stand beside." visits=office.today/>
            </div>
            <div class="columns__column">
                <Waiting title="Nobody sent" words="Everybody who called has somebody coming." jobs=office.unassigned/>
                <Waiting title="Done, to be invoiced" words="Every finished job is invoiced or closed." jobs=office.uninvoiced/>
            </div>
        </div>
    }
}

#[component]
fn UnpaidTile(unpaid: Unpaid, currency: Currency) -> impl IntoView {
    let note = match (unpaid.count, unpaid.overdue) {
        (0, _) => "Everything is paid.".to_owned(),
        (count, 0) => format!("{count} invoices, none overdue"),
        (count, overdue) => format!("{count} invoices, {overdue} overdue"),
    };
    let tone = if unpaid.overdue > 0 { Tone::Bad } else { Tone::Plain };
    view! { <StatTile name="Unpaid" figure=unpaid.left.format(currency) note href="/invoices" tone/> }
}

#[component]
fn Visits(title: &'static str, words: &'static str, visits: Vec<VisitRow>) -> impl IntoView {
    let rows = visits.into_iter().map(|visit| view! { <VisitLine visit/> }).collect_view();
    let empty = rows.is_empty().then(|| view! { <p class="muted">{words}</p> });
    view! { <Panel title>{empty}<ul class="lines agenda">{rows}</ul></Panel> }
}

#[component]
fn VisitLine(visit: VisitRow) -> impl IntoView {
    let badge = if visit.late {
        view! { <Badge tone=Tone::Bad text="Late"/> }.into_any()
    } else {
        view! { <JobBadge code=visit.status.as_str() text=visit.status.words()/> }.into_any()
    };
    let when = format!("{} {}", visit.day, visit.window);
    view! {
        <li class="agenda__row">
            <span class="agenda__time">{when.trim().to_owned()}</span>
            <span class="agenda__what">
                <a href=gate::paths::job(visit.job)>{format!("{} for {}", visit.kind, visit.client)}</a>
                <span class="agenda__note">{format!("{} · {}", visit.number, visit.technician)}</span>
            </span>
            {badge}
        </li>
    }
}

#[component]
fn Waiting(title: &'static str, words: &'static str, jobs: Vec<WaitingJob>) -> impl IntoView {
    let rows = jobs.into_iter().map(|job| {
        view! {
            <li class="agenda__row">
                <span class="agenda__what">
                    <a href=gate::paths::job(job.id)>{format!("{} for {}", job.kind, job.client)}</a>
                    <span class="agenda__note">{format!("{} · {}", job.number, job.note)}</span>
                </span>
                {job.urgent.then(|| view! { <Badge tone=Tone::Bad text="Urgent"/> })}
            </li>
        }
    });
    let rows = rows.collect_view();
    let empty = rows.is_empty().then(|| view! { <p class="muted">{words}</p> });
    view! { <Panel title>{empty}<ul class="lines agenda">{rows}</ul></Panel> }
}
