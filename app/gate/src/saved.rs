//! When somebody else saved the record meanwhile: what is saved now stands beside what was typed.

use crate::{AppError, Result};
use domain::{
    Refusal,
    forms::{Done, Page, Stored, Ticket},
};
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;
use ui::{Fact, Facts, Notice, Tone};

/// What a form needs to know of the saved record: its version, and where it differs.
#[derive(Clone, Copy)]
pub struct Saved {
    version: Signal<String>,
    rows: Signal<Vec<(String, String)>>,
}

impl Saved {
    /// Watches a form. Without script a refused form comes back to a page that was loaded afresh, so what was typed is
    /// compared with that; with script the page is as it was opened, and the record is fetched again.
    pub fn watch<T, F>(
        ticket: &Ticket,
        name: &str,
        opened: &T,
        answer: Signal<Option<Result<Done>>>,
        fetch: impl Fn() -> F + 'static,
    ) -> Self
    where
        T: Stored + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T>> + 'static,
    {
        let flash = ticket.flash.as_ref().filter(|flash| flash.form == name && flash.errors.is_empty());
        let came_back = flash
            .map(|flash| {
                differing(opened, |field| flash.values.get(&format!("form[{field}]")).cloned().unwrap_or_default())
            })
            .unwrap_or_default();
        let now = RwSignal::new(None::<T>);
        Effect::new(move || {
            if let Some(Err(AppError::Refusal(Refusal::Conflict(_)))) = answer.get() {
                let fetched = fetch();
                spawn_local(async move {
                    if let Ok(form) = fetched.await {
                        now.set(Some(form));
                    }
                });
            }
        });
        let before = opened.clone();
        let first = opened.version().to_owned();
        Self {
            version: Signal::derive(move || {
                now.with(|now| now.as_ref().map_or_else(|| first.clone(), |form| form.version().to_owned()))
            }),
            rows: Signal::derive(move || {
                now.with(|now| match now {
                    Some(form) => differing(form, |field| value_of(&before, field)),
                    None => came_back.clone(),
                })
            }),
        }
    }
}

fn value_of(form: &impl Stored, field: &str) -> String {
    form.shown().into_iter().find(|(name, ..)| *name == field).map(|(.., value)| value.to_owned()).unwrap_or_default()
}

/// Label and value of each field that stands otherwise in `saved` than `other` says.
fn differing(saved: &impl Stored, other: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let same = |a: &str, b: &str| a.trim().lines().map(str::trim_end).eq(b.trim().lines().map(str::trim_end));
    saved
        .shown()
        .into_iter()
        .filter(|(field, _, value)| !same(value, &other(field)))
        .map(|(field, label, value)| {
            (label.to_owned(), if value.is_empty() { "–".to_owned() } else { saved.read_out(field, value) })
        })
        .collect()
}

/// The form's hidden version and, after a conflict, what is saved now.
#[component]
pub fn SavedBeside(saved: Saved) -> impl IntoView {
    let Saved { version, rows } = saved;
    let shown = move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(|(label, value)| view! { <Fact name=label>{value}</Fact> }).collect_view();
            view! {
                <Notice tone=Tone::Brass title="Saved meanwhile">
                    <Facts>{rows}</Facts>
                    <p>"Saving again puts what stands in the form below in its place."</p>
                </Notice>
            }
        })
    };
    view! {
        <input type="hidden" name="form[version]" value=move || version.get()/>
        {shown}
    }
}

/// The data of a page, for a fetch that needs no ticket.
pub async fn data<T>(page: impl Future<Output = Result<Page<T>>>) -> Result<T> {
    page.await.map(|page| page.data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sites::SiteForm;

    #[test]
    fn only_what_differs_is_shown() {
        let saved = SiteForm {
            name: "North".into(),
            address: "12 King St\nToronto".into(),
            hours: String::new(),
            ..SiteForm::default()
        };
        let typed = |field: &str| match field {
            "address" => "12 King St\r\nToronto".to_owned(),
            "hours" => "9 to 5".to_owned(),
            _ => String::new(),
        };
        assert_eq!(differing(&saved, typed), [("Name".into(), "North".into()), ("Hours".into(), "–".to_owned())]);
    }
}
