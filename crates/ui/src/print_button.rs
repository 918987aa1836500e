//! Printing a page: the browser's own dialog, one press nearer.

use crate::{Icon, IconMark};
use leptos::prelude::*;

/// Opens the print dialog. Without script there is no such button, and the browser's menu prints the same.
#[component]
pub fn PrintButton() -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move || awake.set(true));
    // A browser that may not print says nothing; neither do we.
    let print = move |_| drop(window().print());
    view! {
        <button type="button" class="button" hidden=move || !awake.get() on:click=print>
            <IconMark icon=Icon::Printer/>
            "Print"
        </button>
    }
}
