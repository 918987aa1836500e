//! The frame of the pages before anyone is known: sign-in, sign-up, an accepted invitation.

use crate::Wordmark;
use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// The form at one side, what the product is at the other; on a phone the form comes first.
#[component]
pub fn SignInFrame(
    #[prop(into)] title: String,
    /// What the product is: a heading and a few lines.
    #[prop(into)]
    statement: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="gate">
            <main class="gate__form" id="main">
                <Wordmark/>
                <h1 class="gate__title">{title}</h1>
                {children()}
            </main>
            <aside class="gate__statement">{statement.run()}</aside>
        </div>
    }
}
