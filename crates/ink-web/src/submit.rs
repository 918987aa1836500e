//! Keeping a form from leaving without a signature. The server checks again.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement, SubmitEvent};

use crate::listen::Listener;
use crate::pad::Pad;

/// Watches the form around the pad, if there is one.
pub fn guard(pad: &Rc<Pad>) -> Option<Listener> {
    let form: HtmlFormElement = pad.root.closest("form").ok()??.dyn_into().ok()?;
    let (pad, inside) = (pad.clone(), form.clone());
    Listener::new(&form, "submit", move |event| check(&pad, &inside, &event))
}

fn check(pad: &Pad, form: &HtmlFormElement, event: &Event) {
    tell_time(form);
    if form.no_validate() || is_unchecked(event) {
        return;
    }
    let Some(complaint) = pad.complaint() else { return };
    let names = pad.root.get_attribute("data-typed").unwrap_or_default();
    if !names.trim().is_empty() && names.split_whitespace().all(|name| is_given(form, name)) {
        // Less than a signature beside a typed name is a stray mark.
        pad.withhold();
        return;
    }
    event.prevent_default();
    event.stop_immediate_propagation();
    let alternative = if names.trim().is_empty() { "" } else { " You can also type your name instead." };
    pad.refuse(&format!("{complaint}{alternative}"));
}

/// Fills the form's `data-device-time` field, if it has one, with what this device takes for the time.
fn tell_time(form: &HtmlFormElement) {
    let field = form
        .query_selector("[data-device-time]")
        .ok()
        .flatten()
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(&String::from(js_sys::Date::new_0().to_iso_string()));
    }
}

/// Sent by a button that asks for no checks, such as "Decline".
fn is_unchecked(event: &Event) -> bool {
    let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
    button.is_some_and(|button| button.has_attribute("formnovalidate"))
}

/// True for a field with words in it, or a ticked box, of this name. Quotes in a name would end the selector.
fn is_given(form: &HtmlFormElement, name: &str) -> bool {
    let selector = format!("[name=\"{}\"]", name.replace(['"', '\\'], ""));
    let field =
        form.query_selector(&selector).ok().flatten().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.is_some_and(|field| match field.type_().as_str() {
        "checkbox" | "radio" => field.checked(),
        _ => !field.value().trim().is_empty(),
    })
}
