//! The mark: four pin stacks whose cuts meet in one line, the shear line.

use leptos::prelude::*;

/// The mark alone, for screens; `public/favicon.svg` is the same drawing.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="mark__drivers" d="M3 14.5V6h5v8.5zM10 14.5V3h5v11.5zM17 14.5V8h5v6.5zM24 14.5V5h5v9.5z"></path>
            <path class="mark__pins" d="M3 17.5h5V24l-2.5 3L3 24zM10 17.5h5V20l-2.5 3L10 20zM17 17.5h5V27l-2.5 3L17 27zM24 17.5h5V22l-2.5 3L24 22z"></path>
        </svg>
    }
}

/// The mark and the name.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <Mark/>
            <span class="wordmark__name" translate="no">"Shearline"</span>
        </span>
    }
}
