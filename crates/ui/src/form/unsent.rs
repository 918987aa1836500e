//! What was typed into a page's other forms when one of them was done. The page loads again then, and shows it again:
//! nothing typed is ever lost.

use leptos::{prelude::*, wasm_bindgen::JsCast};
use std::collections::BTreeMap;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement};

/// Text typed and not sent, of the page it was typed on. Empty on the server.
#[derive(Clone, Copy)]
pub struct Unsent(StoredValue<Typed>);

#[derive(Clone, Default)]
struct Typed {
    /// Shop and path: on another page, or for another shop, none of it is shown.
    place: String,
    /// By form and by the field's name on the wire.
    fields: BTreeMap<(String, String), String>,
}

impl Unsent {
    /// Nothing typed yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it belongs to a reactive owner, and a default hides that")]
    pub fn new() -> Self {
        Self(StoredValue::new(Typed::default()))
    }

    /// What was typed into this form, by the field's name on the wire.
    pub(super) fn of(self, place: &str, form: &str) -> BTreeMap<String, String> {
        self.0.with_value(|typed| {
            let here = typed.fields.iter().filter(|((of, _), _)| typed.place == place && of == form);
            here.map(|((_, wire), text)| (wire.clone(), text.clone())).collect()
        })
    }

    /// Reads what stands changed in the page's forms, but in the one that is done. Runs in browsers alone.
    pub(super) fn gather(self, place: String, done: &str) {
        let before = self.0.get_value();
        let known =
            |key: &(String, String), text: &String| before.place == place && before.fields.get(key) == Some(text);
        let changed = page_fields()
            .into_iter()
            .filter(|field| field.form != done)
            .map(|field| ((field.form, field.wire), field.text, field.printed))
            .filter(|(key, text, printed)| text != printed || known(key, text))
            .map(|(key, text, _)| (key, text))
            .collect();
        self.0.set_value(Typed { fields: changed, place });
    }
}

/// A field as it stands on the page.
struct Standing {
    form: String,
    wire: String,
    /// What it holds now.
    text: String,
    /// What it held when the page was made.
    printed: String,
}

fn page_fields() -> Vec<Standing> {
    let Ok(found) = document().query_selector_all("form input, form textarea, form select") else { return Vec::new() };
    (0..found.length()).filter_map(|at| standing(&found.item(at)?.dyn_into().ok()?)).collect()
}

/// Nothing for secrets, ticks and hidden fields, and in forms that are not ours.
fn standing(element: &Element) -> Option<Standing> {
    let (form, wire, text, printed) = if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        if matches!(input.type_().as_str(), "hidden" | "password" | "checkbox" | "radio" | "file" | "submit") {
            return None;
        }
        (input.form()?, input.name(), input.value(), input.default_value())
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        (area.form()?, area.name(), area.value(), area.default_value().ok()?)
    } else {
        let select = element.dyn_ref::<HtmlSelectElement>()?;
        (select.form()?, select.name(), select.value(), printed_choice(select))
    };
    Some(Standing { form: name_of(&form)?, wire, text, printed })
}

/// The option a page was printed with: the one marked, or else the first.
fn printed_choice(select: &HtmlSelectElement) -> String {
    let marked = ["option[selected]", "option"].iter().find_map(|which| select.query_selector(which).ok().flatten());
    marked
        .and_then(|option| option.dyn_into::<HtmlOptionElement>().ok())
        .map(|option| option.value())
        .unwrap_or_default()
}

fn name_of(form: &HtmlFormElement) -> Option<String> {
    let name = form.query_selector("input[name='post[form]']").ok()??;
    Some(name.dyn_into::<HtmlInputElement>().ok()?.value())
}
