//! `/authorize`: a program on this person's own machine asks to be let in. The server has looked at the link before.

use super::{
    consent::Question,
    server_fns::{LetProgramIn, RefuseProgram, program_asked},
};
use domain::{forms::Page, programs::Consent};
use gate::{Shown, action_away, load};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use ui::PageHeader;

/// The page.
#[component]
pub fn AuthorizePage() -> impl IntoView {
    let search = use_location().search;
    let page = load(move || search.get(), program_asked);
    view! {
        <Title text="Let a program in"/>
        <PageHeader title="Let a program in?" subtitle="It would work here in your name until you sign it out."/>
        <Shown page children=|page| view! { <Asked page/> }/>
    }
}

#[component]
fn Asked(page: Page<Consent>) -> impl IntoView {
    let Page { ticket, data } = page;
    let (let_in, refuse) = (action_away::<LetProgramIn>(), action_away::<RefuseProgram>());
    view! { <Question consent=data ticket let_in refuse field="link"/> }
}
