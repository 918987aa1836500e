//! Notices on a page and flashes above it.

use crate::{Icon, IconMark, Tone};
use leptos::prelude::*;

fn icon_of(tone: Tone) -> Icon {
    match tone {
        Tone::Verdigris => Icon::Check,
        Tone::Brass | Tone::Copper => Icon::Warning,
        Tone::Bad | Tone::Void => Icon::Stop,
        _ => Icon::Info,
    }
}

/// A standing remark: an alert on a client, a ceiling reached, what is missing.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice notice--{}", tone.class())>
            <IconMark icon=icon_of(tone)/>
            <div class="notice__words">
                {title.map(|title| view! { <p class="notice__title">{title}</p> })}
                {children()}
            </div>
        </div>
    }
}

/// What came of the last act, said once at the head of the page. Trouble interrupts a screen reader, success waits.
#[component]
pub fn Flash(tone: Tone, #[prop(into)] words: String) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=format!("flash notice notice--{}", tone.class()) role=role>
            <IconMark icon=icon_of(tone)/>
            <p class="notice__words">{words}</p>
        </div>
    }
}
