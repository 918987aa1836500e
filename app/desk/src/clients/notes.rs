//! Notes on a client: append-only.

use super::server_fns::AddClientNote;
use domain::{clients::page::Note, forms::Ticket};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Form, Panel, TextArea};

/// The notes and, for those who may write, the form for one more.
#[component]
pub fn Notes(notes: Vec<Note>, client: String, ticket: Ticket, may_write: bool) -> impl IntoView {
    let none = notes.is_empty();
    let items = notes.into_iter().map(|note| view! { <Written note/> }).collect_view();
    view! {
        <Panel title="Notes" id="notes">
            <div class="stack">
                {may_write.then(|| view! { <Write client ticket/> })}
                {none.then(|| view! { <p class="muted">"Nothing noted yet. Notes keep their author and time and are never changed."</p> })}
                {(!none).then(|| view! { <ol class="timeline">{items}</ol> })}
            </div>
        </Panel>
    }
}

#[component]
fn Write(client: String, ticket: Ticket) -> impl IntoView {
    let action = action::<AddClientNote>();
    view! {
        <Form action ticket name="note">
            <input type="hidden" name="client" value=client.clone()/>
            <TextArea name="note" label="New note" rows=2/>
            <div class="form__actions"><Button>"Add the note"</Button></div>
        </Form>
    }
}

#[component]
fn Written(note: Note) -> impl IntoView {
    let lines = note.body.lines().map(|line| view! { <span>{line.to_owned()}<br/></span> }).collect_view();
    view! {
        <li class="timeline__entry">
            <p class="timeline__sentence">{lines}</p>
            <p class="timeline__meta"><span class="timeline__who">{note.author}</span>" · "<span class="timeline__when">{note.at}</span></p>
        </li>
    }
}
