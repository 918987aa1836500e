//! Fields: a label, an input, a hint, an error, tied together for eyes and screen readers alike.

use super::FormState;
use crate::{Icon, IconMark};
use leptos::prelude::*;

/// Names and state of one field, worked out once.
pub(super) struct Wiring {
    pub id: String,
    pub wire: String,
    pub error: Signal<Option<String>>,
    pub typed: Option<String>,
    pub described: String,
}

pub(super) fn wire(name: &str, hint: bool) -> Wiring {
    let state = expect_context::<FormState>();
    let wire = format!("form[{name}]");
    // A map's field is called `answers][pets`; an id may hold no brackets.
    let id = format!("{}-{}", state.name, name.replace("][", "-"));
    let (errors, key) = (state.errors, name.to_owned());
    let described = if hint { format!("{id}-error {id}-hint") } else { format!("{id}-error") };
    Wiring {
        typed: state.typed(&wire),
        error: Signal::derive(move || errors.with(|all| all.get(&key).cloned())),
        id,
        wire,
        described,
    }
}

/// What stands around an input.
#[component]
pub(super) fn Around(
    id: String,
    label: String,
    hint: String,
    wide: bool,
    optional: bool,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        <div class="field" class:field--wide=wide class:field--error=move || error.get().is_some()>
            <label class="field__label" for=id>{label}{optional.then(|| view! { <span class="muted small">" (optional)"</span> })}</label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
            <p class="field__error" id=error_id hidden=move || error.get().is_none()>
                <IconMark icon=Icon::Warning/>
                <span>{move || error.get().unwrap_or_default()}</span>
            </p>
        </div>
    }
}

/// A line of text, a number, a date: any `<input>`.
#[component]
pub fn Field(
    /// Field of the form struct.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    /// `type` of the input; "text" when left out. A password's value is never printed.
    #[prop(into, default = "text".into())]
    kind: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    /// Example shown while empty.
    #[prop(into, optional)]
    placeholder: String,
    #[prop(into, default = "off".into())] autocomplete: String,
    /// Keyboard on a tablet: "decimal", "tel", "email" …
    #[prop(into, optional)]
    inputmode: String,
    #[prop(optional)] wide: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    /// Id of a `<datalist>` with suggestions.
    #[prop(into, optional)]
    list: Option<String>,
) -> impl IntoView {
    let field = wire(&name, !hint.is_empty());
    let shown = if kind == "password" { String::new() } else { field.typed.unwrap_or(value) };
    let error = field.error;
    view! {
        <Around id=field.id.clone() label hint wide optional error>
            <input class="input" id=field.id name=field.wire type=kind value=shown placeholder=placeholder autocomplete=autocomplete
                inputmode=(!inputmode.is_empty()).then_some(inputmode) list=list autofocus=autofocus
                aria-describedby=field.described aria-invalid=move || error.get().map(|_| "true")/>
        </Around>
    }
}

/// A choice from a short list.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// (value, words), in the order they are offered.
    options: Vec<(String, String)>,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] wide: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let field = wire(&name, !hint.is_empty());
    let chosen = field.typed.unwrap_or(value);
    let error = field.error;
    let options = options.into_iter().map(move |(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <Around id=field.id.clone() label hint wide optional error>
            <select class="select" id=field.id name=field.wire aria-describedby=field.described aria-invalid=move || error.get().map(|_| "true")>
                {options.collect_view()}
            </select>
        </Around>
    }
}

/// A tick. Sends "on" when ticked, nothing otherwise.
#[component]
pub fn Check(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    let field = wire(&name, false);
    let ticked = field.typed.map_or(checked, |typed| !typed.is_empty());
    let error = field.error;
    view! {
        <div class="field">
            <label class="check">
                <input type="checkbox" id=field.id.clone() name=field.wire checked=ticked aria-describedby=field.described/>
                <span>{label}</span>
            </label>
            <p class="field__error" id=format!("{}-error", field.id) hidden=move || error.get().is_none()>
                <IconMark icon=Icon::Warning/>
                <span>{move || error.get().unwrap_or_default()}</span>
            </p>
        </div>
    }
}

/// A choice as large chips: for gloves.
#[component]
pub fn Choices(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(into, optional)] value: String,
) -> impl IntoView {
    let field = wire(&name, false);
    let chosen = field.typed.unwrap_or(value);
    let error = field.error;
    let wire = field.wire;
    let chips = options.into_iter().map(move |(value, words)| {
        let checked = value == chosen;
        view! { <label class="choice"><input type="radio" name=wire.clone() value=value checked=checked/><span>{words}</span></label> }
    });
    view! {
        <fieldset class="fieldset" aria-describedby=field.described>
            <legend class="legend">{label}</legend>
            <div class="choices">{chips.collect_view()}</div>
            <p class="field__error" id=format!("{}-error", field.id) hidden=move || error.get().is_none()>
                <IconMark icon=Icon::Warning/>
                <span>{move || error.get().unwrap_or_default()}</span>
            </p>
        </fieldset>
    }
}

/// Several of a few, as ticks.
#[component]
pub fn Ticks(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// (value, words), in the order they are offered.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let field = wire(&name, false);
    let (error, wire) = (field.error, format!("{}[]", field.wire));
    let ticks = options
        .into_iter()
        .map(|(value, words)| {
            view! { <label class="check"><input type="checkbox" name=wire.clone() value=value/><span>{words}</span></label> }
        })
        .collect_view();
    view! {
        <fieldset class="fieldset" aria-describedby=field.described>
            <legend class="legend">{label}</legend>
            {ticks}
            <p class="field__error" id=format!("{}-error", field.id) hidden=move || error.get().is_none()>
                <IconMark icon=Icon::Warning/>
                <span>{move || error.get().unwrap_or_default()}</span>
            </p>
        </fieldset>
    }
}
