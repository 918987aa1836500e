//! Forms: one component around every form, one around every field. They work as plain posts; a script only makes the
//! answer come without a new page.

mod action;
mod fields;
mod photos;
mod sending;
mod text_area;
mod unsent;

pub use action::{Action, Sent};
pub use fields::{Check, Choices, Field, Select, Ticks};
pub use photos::PhotoField;
pub use sending::{Progress, SendFiles};
pub use text_area::TextArea;
pub use unsent::Unsent;

use domain::{
    FieldErrors,
    forms::{Done, Flash, Ticket},
};
use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_location;
use sending::*;
use std::collections::BTreeMap;

/// An error of a server function, as a form can show it.
pub trait Refused {
    /// Words above the form.
    fn problem(&self) -> String;
    /// Words beside fields.
    fn errors(&self) -> FieldErrors;
}

/// Grows by one when a form was done on the very page it stands on: resources that follow it load again.
#[derive(Clone, Copy)]
pub struct Reload(pub RwSignal<u32>);

/// What fields know of the form around them.
#[derive(Clone)]
pub(crate) struct FormState {
    name: String,
    errors: Signal<FieldErrors>,
    flash: Option<Flash>,
    unsent: BTreeMap<String, String>,
}

impl FormState {
    /// What was typed into this field before the form came back, or before the page around it loaded again.
    fn typed(&self, wire: &str) -> Option<String> {
        let came_back = self.flash.as_ref().map(|flash| flash.values.get(wire).cloned().unwrap_or_default());
        came_back.or_else(|| self.unsent.get(wire).cloned())
    }
}

/// A form that posts to a server function taking `post: Post, form: …`.
#[component]
pub fn Form<E>(
    /// Where it is sent.
    action: Action<E>,
    /// From the page's data.
    ticket: Ticket,
    /// The form's name, unique on its page.
    #[prop(into)]
    name: String,
    /// Classes; `form` alone when left out.
    #[prop(into, default = "form".into())]
    class: String,
    children: Children,
) -> impl IntoView
where
    E: Refused + Clone + Send + Sync + 'static,
{
    let flash = ticket.flash.filter(|flash| flash.form == name);
    let value = action.value();
    let before = flash.clone();
    let errors = Signal::derive(move || match value.get() {
        Some(Err(error)) => error.errors(),
        Some(Ok(_)) => FieldErrors::new(),
        None => before.as_ref().map(|flash| flash.errors.clone()).unwrap_or_default(),
    });
    let before = flash.as_ref().map(|flash| flash.problem.clone()).unwrap_or_default();
    let problem = Signal::derive(move || match value.get() {
        Some(Err(error)) => error.problem(),
        Some(Ok(_)) => String::new(),
        None => before.clone(),
    });
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get_untracked(), with_mark(&location.search.get_untracked()));
    let back = here();
    let place = format!("{} {}", ticket.shop, location.pathname.get_untracked());
    let unsent = use_context::<Unsent>().map(|unsent| unsent.of(&place, &name)).unwrap_or_default();
    reload_when_done(value, location.pathname, place, name.clone());
    let state = FormState { name: name.clone(), errors, flash, unsent };
    view! {
        <div class=class>
            <Sent action>
                <input type="hidden" name="post[id]" value=format!("{}.{name}", ticket.id)/>
                <input type="hidden" name="post[shop]" value=ticket.shop/>
                <input type="hidden" name="post[back]" value=back/>
                <input type="hidden" name="post[form]" value=name/>
                <Problem words=problem/>
                // Of its own: two forms on a page must not read each other's errors.
                <Provider value=state>{children()}</Provider>
                {action.sending().map(|sending| view! { <SendingShown sending/> })}
            </Sent>
        </div>
    }
}

fn with_mark(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// A form done on its own page leaves the path as it was, so nothing would load again by itself.
fn reload_when_done<E: Clone + Send + Sync + 'static>(
    value: Signal<Option<Result<Done, E>>>,
    pathname: Memo<String>,
    place: String,
    form: String,
) {
    let unsent = use_context::<Unsent>();
    if let Some(Reload(count)) = use_context::<Reload>() {
        Effect::new(move || {
            let Some(Ok(done)) = value.get() else { return };
            if let Some(unsent) = unsent {
                unsent.gather(place.clone(), &form);
            }
            if done.to.split(['?', '#']).next() == Some(pathname.get_untracked().as_str()) {
                count.update(|n| *n += 1);
            }
        });
    }
}

/// What is wrong with the form as a whole.
#[component]
fn Problem(words: Signal<String>) -> impl IntoView {
    move || (!words.get().is_empty()).then(|| view! { <div class="form__problem" role="alert">{words.get()}</div> })
}
