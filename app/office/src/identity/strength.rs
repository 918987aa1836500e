//! A new password: the field and, with script, how hard it is to guess while it is typed.

use super::password_fns::weigh_password;
use domain::passwords::{LEAST_SCORE, Weight};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use ui::Field;

const HINT: &str = "At least 15 characters, 12 once you have a second step. Four unrelated words make a good one.";
/// How long nothing is typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(350);

/// The field `password` of a form, with its meter.
#[component]
pub fn NewPassword(#[prop(into)] label: String, #[prop(optional)] wide: bool) -> impl IntoView {
    let latest = StoredValue::new(String::new());
    let weight = RwSignal::new(None::<Weight>);
    let mut weigh = debounce(PAUSE, move |typed: String| {
        spawn_local(async move {
            let found = if typed.is_empty() { None } else { weigh_password(typed.clone()).await.ok() };
            // An answer that comes late is about something, or to a page, that is there no more.
            if latest.try_with_value(|latest| *latest == typed) == Some(true) {
                weight.try_set(found);
            }
        });
    });
    // What is typed in the field comes up here as well.
    let typed = move |event| {
        let typed = event_target_value(&event);
        latest.set_value(typed.clone());
        weigh(typed);
    };
    view! {
        <div class="new-password" class:field--wide=wide on:input=typed>
            <Field name="password" label kind="password" autocomplete="new-password" hint=HINT/>
            <div class="new-password__weight" role="status">
                {move || weight.get().map(|Weight { score, words }| view! {
                    <meter min="0" max="4" low="2" high=LEAST_SCORE.to_string() optimum="4" value=score.to_string() aria-label="Strength"></meter>
                    <span>{words}</span>
                })}
            </div>
        </div>
    }
}
