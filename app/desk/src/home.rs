//! Home: the day at a glance.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// The first page after signing in.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="Home"/>
        <PageHeader title="Home"/>
    }
}
