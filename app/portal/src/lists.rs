//! Cards of invoices and jobs, as several pages show them.

use domain::portal::{PortalInvoice, PortalJob};
use leptos::prelude::*;
use ui::{Badge, InvoiceBadge, JobBadge, Tone};

/// Invoices as cards.
#[component]
pub fn InvoiceCards(invoices: Vec<PortalInvoice>) -> impl IntoView {
    let cards = invoices.into_iter().map(|invoice| {
        let settled = invoice.owed.is_zero();
        let amount = if settled { invoice.total } else { invoice.owed };
        let note = if settled { format!("Issued {}", invoice.issued) } else { format!("Due {}", invoice.due) };
        view! {
            <li class="portal-card">
                <a class="portal-card__what" href=gate::paths::portal_invoice(invoice.id)>{format!("Invoice {}", invoice.number)}</a>
                <span class="portal-card__amount">{amount.format(invoice.currency)}</span>
                <span class="portal-card__note">{note}</span>
                <InvoiceBadge code=invoice.standing.as_str() text=invoice.standing.words()/>
            </li>
        }
    }).collect_view();
    view! { <ul class="portal-list">{cards}</ul> }
}

/// Jobs as cards; one with a work order to sign leads straight to it.
#[component]
pub fn JobCards(jobs: Vec<PortalJob>) -> impl IntoView {
    let cards = jobs.into_iter().map(|job| {
        let href = if job.to_sign { gate::paths::portal_sign(job.id) } else { gate::paths::portal_job(job.id) };
        let badge = if job.to_sign {
            view! { <Badge tone=Tone::Brass text="To sign"/> }.into_any()
        } else {
            view! { <JobBadge code=job.status.as_str() text=job.status.words_for_client()/> }.into_any()
        };
        view! {
            <li class="portal-card">
                <a class="portal-card__what" href=href>{format!("Job {}: {}", job.number, first_line(&job.requested))}</a>
                {badge}
                <span class="portal-card__note">{if job.site.is_empty() { job.taken } else { format!("{}, {}", job.taken, job.site) }}</span>
            </li>
        }
    }).collect_view();
    view! { <ul class="portal-list">{cards}</ul> }
}

/// Enough of a text for a card: its first line, at most 80 characters.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 80 {
        format!("{}…", line.chars().take(79).collect::<String>())
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_card_shows_one_short_line() {
        assert_eq!(first_line("Front door\nand back"), "Front door");
        assert_eq!(first_line(&"é".repeat(200)).chars().count(), 80);
        assert_eq!(first_line(""), "");
    }
}
