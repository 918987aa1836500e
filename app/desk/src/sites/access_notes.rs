//! How to get in: shown to those entitled, written by those allowed to.

use super::server_fns::WriteAccessNotes;
use domain::{forms::Ticket, sites::AccessNotes};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Disclosure, Form, Icon, Panel, TextArea};

const FORM: &str = "access-notes";

/// The notes; this is only called where they may be read.
#[component]
pub fn HowToGetIn(notes: AccessNotes, site: String, ticket: Ticket, may_write: bool) -> impl IntoView {
    let lines = notes.text.lines().map(|line| view! { <span>{line.to_owned()}<br/></span> }).collect_view();
    let none = notes.text.is_empty();
    view! {
        <Panel title="How to get in" id="access-notes">
            <div class="stack">
                {if none {
                    view! { <p class="muted">"Nothing written yet: key safe, alarm, gate code, whom to call. Kept sealed; technicians see it only while a job of theirs here is open."</p> }.into_any()
                } else {
                    view! { <p translate="no">{lines}</p> }.into_any()
                }}
                {may_write.then(|| view! { <Write notes site ticket/> })}
            </div>
        </Panel>
    }
}

#[component]
fn Write(notes: AccessNotes, site: String, ticket: Ticket) -> impl IntoView {
    let action = action::<WriteAccessNotes>();
    let mut ticket = ticket;
    let back = ticket.flash.as_ref().is_some_and(|flash| flash.form == FORM);
    if let Some(flash) = ticket.flash.as_mut().filter(|_| back) {
        // A secret is never kept in a flash, so the form comes back with what is saved, not with what was typed.
        flash.values.insert("form[access_notes]".into(), notes.text.clone());
    }
    let again = back
        .then(|| view! { <p class="field__hint">"What you typed is a secret and was not kept. Type it again."</p> });
    view! {
        <Disclosure summary="Change how to get in" icon=Icon::Lock open=back>
            <Form action ticket name=FORM>
                <input type="hidden" name="site" value=site.clone()/>
                <input type="hidden" name="form[version]" value=notes.version.to_string()/>
                {again}
                <TextArea name="access_notes" label="How to get in" value=notes.text rows=4/>
                <div class="form__actions"><Button>"Seal and save"</Button></div>
            </Form>
        </Disclosure>
    }
}
