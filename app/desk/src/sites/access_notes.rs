//! How to get in: sealed. Revealed with a reason to those entitled, written anew by those allowed to.

use super::server_fns::{WriteAccessNotes, reveal_access_notes};
use domain::{forms::Ticket, sites::SealedNotes};
use gate::{AppError, action, reveal::Reveal};
use leptos::prelude::*;
use ui::{Button, Disclosure, Form, Icon, Panel, TextArea};

const FORM: &str = "access-notes";

/// The panel of a site's page; this is only called where the notes may be known of.
#[component]
pub fn HowToGetIn(notes: SealedNotes, jobs: Vec<(String, String)>, ticket: Ticket, may_write: bool) -> impl IntoView {
    let write = may_write.then(|| view! { <Write notes ticket=ticket.clone()/> });
    view! {
        <Panel title="How to get in" id="access-notes">
            <div class="stack">
                {if notes.version == 0 {
                    view! { <p class="muted">"Nothing written yet: key safe, alarm, gate code, whom to call. Kept sealed; technicians reveal it only while a job of theirs here is open."</p> }.into_any()
                } else {
                    view! { <RevealNotes notes jobs ticket/> }.into_any()
                }}
                {write}
            </div>
        </Panel>
    }
}

/// The way to the text, wherever the site is shown.
#[component]
pub fn RevealNotes(notes: SealedNotes, jobs: Vec<(String, String)>, ticket: Ticket) -> impl IntoView {
    view! {
        <Reveal ticket subject=notes.site.to_string() jobs standing=notes.standing call=|post, site, form| {
            Box::pin(async move { reveal_access_notes(post, site.parse().map_err(|_| AppError::Call)?, form).await })
        }/>
    }
}

#[component]
fn Write(notes: SealedNotes, ticket: Ticket) -> impl IntoView {
    let action = action::<WriteAccessNotes>();
    let back = ticket.flash.as_ref().is_some_and(|flash| flash.form == FORM);
    let again = back
        .then(|| view! { <p class="field__hint">"What you typed is a secret and was not kept. Type it again."</p> });
    let hint = if notes.version == 0 { "" } else { "Takes the place of all that is sealed now." };
    view! {
        <Disclosure summary="Write how to get in" icon=Icon::Lock open=back>
            <Form action ticket name=FORM>
                <input type="hidden" name="site" value=notes.site.to_string()/>
                <input type="hidden" name="form[version]" value=notes.version.to_string()/>
                {again}
                <TextArea name="access_notes" label="How to get in" rows=4 hint/>
                <div class="form__actions"><Button>"Seal and save"</Button></div>
            </Form>
        </Disclosure>
    }
}
