//! The pages: plain tables, no session, no frame, no script.

use crate::data::Job;
use leptos::prelude::*;

/// Fifty rows.
pub fn list(jobs: &[Job]) -> String {
    let rows = jobs
        .iter()
        .cloned()
        .map(|job| {
            view! {
                <tr>
                    <td><a href=format!("/jobs/{}", job.id)>{job.number}</a></td>
                    <td>{job.title}</td>
                    <td>{job.customer}</td>
                    <td>{job.assignee}</td>
                    <td>{job.due}</td>
                    <td>{cents(job.total_cents)}</td>
                    <td>{job.status}</td>
                </tr>
            }
        })
        .collect_view();
    html("Jobs", move || {
        view! {
            <table>
                <thead><tr><th>"Number"</th><th>"Title"</th><th>"Client"</th><th>"Technician"</th><th>"Due"</th><th>"Total"</th><th>"Status"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

/// One row, as a list of terms.
pub fn detail(job: &Job) -> String {
    let job = job.clone();
    html("Job", move || {
        view! {
            <dl>
                <dt>"Number"</dt><dd>{job.number}</dd>
                <dt>"Title"</dt><dd>{job.title}</dd>
                <dt>"Client"</dt><dd>{job.customer}</dd>
                <dt>"Technician"</dt><dd>{job.assignee}</dd>
                <dt>"Due"</dt><dd>{job.due}</dd>
                <dt>"Total"</dt><dd>{cents(job.total_cents)}</dd>
                <dt>"Status"</dt><dd>{job.status}</dd>
            </dl>
        }
    })
}

fn html<V: IntoView>(title: &'static str, body: impl FnOnce() -> V) -> String {
    let page = Owner::new().with(|| {
        view! {
            <html lang="en">
                <head><meta charset="utf-8"/><title>{title}</title></head>
                <body><main><h1>{title}</h1>{body()}</main></body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{page}")
}

fn cents(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}
