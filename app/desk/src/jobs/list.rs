//! The list of jobs: filters and order in the address, fifty at a time.

use super::server_fns::list_jobs;
use domain::{
    choice::Choice,
    jobs::{JobFilter, JobList, JobSort, JobStatus, JobSummary},
    schedule::Technician,
};
use gate::{Shown, load, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, ButtonLink, Cell, EmptyState, FilterBar, Head, JobBadge, LinkTo, Look, PageHeader, Pager, Sorted, Table,
    Tone,
};

/// Jobs, open ones first asked for.
#[component]
pub fn JobsPage() -> impl IntoView {
    let filter = filter();
    let page = load(move || filter.get(), list_jobs);
    view! {
        <Title text="Jobs"/>
        <PageHeader title="Jobs" subtitle="Every call, from the telephone to the closed file." actions=kinds/>
        <Shown page children=|list| view! { <Listed list/> }/>
    }
}

fn kinds() -> impl IntoView {
    view! { <ButtonLink href="/templates" look=Look::Quiet>"Kinds of job"</ButtonLink> }
}

/// What the address asks for.
fn filter() -> Memo<JobFilter> {
    let (status, technician, q, sort, after) =
        (query("status"), query("technician"), query("q"), query("sort"), query("after"));
    Memo::new(move |_| JobFilter {
        status: status.get(),
        technician: technician.get(),
        q: q.get(),
        sort: sort.get(),
        after: after.get(),
    })
}

#[component]
fn Listed(list: JobList) -> impl IntoView {
    let asked = filter().get_untracked();
    let JobList { rows, after, technicians } = list;
    let older = after.map(|after| LinkTo::new(address(&JobFilter { after, ..asked.clone() }), "More jobs"));
    let newer = (!asked.after.is_empty())
        .then(|| LinkTo::new(address(&JobFilter { after: String::new(), ..asked.clone() }), "Back to the first"));
    let body = if rows.is_empty() {
        view! { <Nobody narrowed=asked.narrows()/> }.into_any()
    } else {
        view! { <Rows rows asked=asked.clone()/> }.into_any()
    };
    view! {
        <Filters asked technicians/>
        {body}
        <Pager newer older label="Pages of jobs"/>
    }
}

#[component]
fn Nobody(narrowed: bool) -> impl IntoView {
    if narrowed {
        return view! { <EmptyState title="No job fits" words="Nothing matches these filters. Look at all jobs instead." action=LinkTo::new("/jobs?status=all", "All jobs")/> };
    }
    view! { <EmptyState title="No open jobs" words="A job begins with a call: who, where, what. Take one and it will stand here." action=LinkTo::new("/jobs/new", "Take a call")/> }
}

#[component]
fn Filters(asked: JobFilter, technicians: Vec<Technician>) -> impl IntoView {
    let statuses = [("".to_owned(), "Open".to_owned()), ("all".into(), "All".into())]
        .into_iter()
        .chain(JobStatus::ALL.iter().map(|status| (status.as_str().to_owned(), status.words().to_owned())));
    let people = std::iter::once((String::new(), "Anybody".to_owned()))
        .chain(technicians.into_iter().map(|one| (one.id.to_string(), one.name)));
    let orders = JobSort::ALL.iter().map(|sort| (sort.as_str().to_owned(), sort.words().to_owned()));
    let clear = asked.narrows().then(|| view! { <ButtonLink href="/jobs" look=Look::Quiet>"Clear"</ButtonLink> });
    let statuses = options(statuses, &asked.status);
    let people = options(people, &asked.technician);
    let orders = options(orders, &asked.sort);
    view! {
        <FilterBar action="/jobs" label="Filter jobs" submit="Show">
            <div class="field">
                <label class="field__label" for="jobs-q">"Number or client"</label>
                <input class="input" type="search" id="jobs-q" name="q" value=asked.q maxlength="200" autocomplete="off"/>
            </div>
            <div class="field"><label class="field__label" for="jobs-status">"Status"</label><select class="select" id="jobs-status" name="status">{statuses}</select></div>
            <div class="field"><label class="field__label" for="jobs-technician">"Technician"</label><select class="select" id="jobs-technician" name="technician">{people}</select></div>
            <div class="field"><label class="field__label" for="jobs-sort">"Order"</label><select class="select" id="jobs-sort" name="sort">{orders}</select></div>
            {clear}
        </FilterBar>
    }
}

fn options(options: impl Iterator<Item = (String, String)>, chosen: &str) -> AnyView {
    options
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view()
        .into_any()
}

/// The list's address for a filter.
fn address(filter: &JobFilter) -> String {
    let parts = [
        ("q", &filter.q),
        ("status", &filter.status),
        ("technician", &filter.technician),
        ("sort", &filter.sort),
        ("after", &filter.after),
    ];
    let query: Vec<_> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", leptos_router::location::Url::escape(value)))
        .collect();
    if query.is_empty() { "/jobs".into() } else { format!("/jobs?{}", query.join("&")) }
}

#[component]
fn Rows(rows: Vec<JobSummary>, asked: JobFilter) -> impl IntoView {
    let by = |sort: JobSort| address(&JobFilter { sort: sort.as_str().into(), after: String::new(), ..asked.clone() });
    let order = asked.order();
    let heads = vec![
        Head::new("Number").sortable(by(JobSort::Newest), (order == JobSort::Newest).then_some(Sorted::Down)),
        Head::new("Kind"),
        Head::new("Client"),
        Head::new("Site"),
        Head::new("Visit").sortable(by(JobSort::Visit), (order == JobSort::Visit).then_some(Sorted::Up)),
        Head::new("Status"),
    ];
    let rows = rows.into_iter().map(|job| view! { <Row job/> }).collect_view();
    view! { <Table caption="Jobs" heads>{rows}</Table> }
}

#[component]
fn Row(job: JobSummary) -> impl IntoView {
    let visit = if job.starts.is_empty() { "Nobody sent".to_owned() } else { job.starts };
    view! {
        <tr>
            <Cell lead=true><a href=gate::paths::job(job.id)>{job.number}</a>{job.urgent.then(|| view! { " "<Badge tone=Tone::Bad text="Urgent"/> })}</Cell>
            <Cell label="Kind"><span class="nowrap">{job.kind}</span></Cell>
            <Cell label="Client">{job.client}</Cell>
            <Cell label="Site">{job.address}</Cell>
            <Cell label="Visit"><span class="nowrap">{visit}</span>{(!job.technician.is_empty()).then(|| view! { <span class="under">{job.technician}</span> })}</Cell>
            <Cell label="Status"><JobBadge code=job.status.as_str() text=job.status.words()/></Cell>
        </tr>
    }
}
