//! The fields of a draft, and the form that changes them.

use super::server_fns::{ChangeDraft, find_invoice};
use domain::{
    Refusal,
    forms::Ticket,
    ids::InvoiceId,
    invoices::{DraftWords, InvoicePage},
};
use gate::{AppError, action};
use leptos::{prelude::*, task::spawn_local};
use ui::{Button, Fact, Facts, Field, Form, Notice, TextArea, Tone};

/// Bill-to, terms and note.
#[component]
pub fn DraftFields(words: DraftWords) -> impl IntoView {
    view! {
        <div class="form__grid">
            <TextArea name="bill_to" label="Bill to" value=words.bill_to rows=4/>
            <Field name="terms_days" label="Days to pay" value=words.terms_days.to_string() inputmode="numeric" hint="0 is due on receipt."/>
            <TextArea name="note" label="Note to the client" value=words.note optional=true hint="Stands at the foot of the invoice."/>
        </div>
    }
}

fn words_of(page: &InvoicePage) -> DraftWords {
    DraftWords { bill_to: page.sheet.bill_to.clone(), terms_days: page.sheet.terms_days, note: page.sheet.note.clone() }
}

/// Changes the words of a draft. When somebody else saved meanwhile, what is saved
/// now stands above what was typed.
#[component]
pub fn ChangeForm(page: InvoicePage, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangeDraft>();
    let (invoice, version, words): (InvoiceId, i32, DraftWords) = (page.invoice, page.version, words_of(&page));
    // Without script the page was loaded afresh and this is what is saved now; with script it is fetched below.
    let came_back = ticket.flash.as_ref().is_some_and(|flash| flash.form == "change" && flash.errors.is_empty());
    let saved = RwSignal::new(came_back.then(|| (version, words.clone())));
    let answer = action.value();
    Effect::new(move || {
        if let Some(Err(AppError::Refusal(Refusal::Conflict(_)))) = answer.get() {
            spawn_local(async move {
                if let Ok(page) = find_invoice(invoice.to_string()).await {
                    saved.set(Some((page.data.version, words_of(&page.data))));
                }
            });
        }
    });
    let now = move || saved.get().map_or(version, |(version, _)| version).to_string();
    let beside = move || saved.get().map(|(_, words)| view! { <Saved words/> });
    view! {
        <Form action ticket name="change">
            {beside}
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <input type="hidden" name="version" value=now/>
            <DraftFields words=words.clone()/>
            <div class="form__actions"><Button>"Save the draft"</Button></div>
        </Form>
    }
}

#[component]
fn Saved(words: DraftWords) -> impl IntoView {
    view! {
        <Notice tone=Tone::Steel title="Saved now">
            <Facts>
                <Fact name="Bill to">{words.bill_to}</Fact>
                <Fact name="Days to pay">{words.terms_days}</Fact>
                <Fact name="Note">{words.note}</Fact>
            </Facts>
        </Notice>
    }
}
