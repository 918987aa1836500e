//! Buttons and links that look like buttons.

use crate::Icon;
use leptos::prelude::*;

/// How much a button asks for attention. One primary a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// An ordinary choice.
    #[default]
    Plain,
    /// The next step: brass.
    Primary,
    /// Without a border, beside others.
    Quiet,
    /// Takes something away.
    Danger,
}

fn class_of(look: Look, big: bool) -> String {
    let look = match look {
        Look::Plain => "",
        Look::Primary => " button--primary",
        Look::Quiet => " button--quiet",
        Look::Danger => " button--danger",
    };
    format!("button{look}{}", if big { " button--big" } else { "" })
}

/// A button inside a form; it submits unless `kind` is `"button"`. `name` and `value` travel with the form.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    /// Full width and tall: the next-step button, the portal.
    #[prop(optional)]
    big: bool,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(default = "submit")] kind: &'static str,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type=kind class=class_of(look, big) name=name value=value disabled=move || disabled.get()>
            {icon.map(|icon| view! { <crate::IconMark icon/> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] big: bool,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class_of(look, big) href=crate::safe_href(&href)>
            {icon.map(|icon| view! { <crate::IconMark icon/> })}
            {children()}
        </a>
    }
}
