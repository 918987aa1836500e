//! Sending a form's files, one at a time: each is an act of its own, and whoever waits sees how far it is.

use super::{Action, Refused};
use domain::forms::Done;
use leptos::{
    form::form_data_from_event,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
};
use std::{future::Future, pin::Pin};
use web_sys::{File, FormData, SubmitEvent};

/// Where a sending tells how far it is, in hundredths.
pub type Progress = RwSignal<u32>;

/// Sends a form with a file to a path.
pub type SendFiles<E> = fn(&'static str, FormData, Progress) -> Pin<Box<dyn Future<Output = Result<Done, E>>>>;

/// How far a sending is.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Which file, from 1, and of how many; zero when nothing is sent.
    at: RwSignal<(usize, usize)>,
    hundredths: Progress,
    told: RwSignal<String>,
}

impl Sending {
    pub(super) fn new() -> Self {
        Self { at: RwSignal::new((0, 0)), hundredths: RwSignal::new(0), told: RwSignal::new(String::new()) }
    }

    fn under_way(self) -> bool {
        self.at.with_untracked(|at| at.0 > 0)
    }
}

/// The words of a form and its files.
type Parts = (Vec<(String, String)>, Vec<(String, File)>);

/// Takes the form apart; `None` when it cannot be read here, and is left to the browser.
fn parts(event: &SubmitEvent) -> Option<Parts> {
    let data = form_data_from_event(event).ok()?;
    let (mut words, mut files) = (Vec::new(), Vec::new());
    for entry in js_sys::try_iter(&data).ok()?? {
        let entry: js_sys::Array = entry.ok()?.dyn_into().ok()?;
        let (name, value) = (entry.get(0).as_string()?, entry.get(1));
        match value.dyn_into::<File>() {
            Ok(file) if file.size() > 0.0 => files.push((name, file)),
            Ok(_) => {}
            Err(value) => words.push((name, value.as_string()?)),
        }
    }
    Some((words, files))
}

/// One file with the form's words. Its id is of this file in this form: sent twice, it is kept once.
fn one(words: &[(String, String)], field: &str, file: &File) -> Result<FormData, JsValue> {
    let data = FormData::new()?;
    for (name, value) in words {
        let value = match name.as_str() {
            "post[id]" => format!("{value}.{:.0}-{:.0}", file.size(), file.last_modified()),
            "form[taken]" => taken(file),
            _ => value.clone(),
        };
        data.append_with_str(name, &value)?;
    }
    data.append_with_blob_and_filename(field, file, "photo")?;
    Ok(data)
}

/// When the device says the file was made.
fn taken(file: &File) -> String {
    let at = js_sys::Date::new(&JsValue::from_f64(file.last_modified())).to_iso_string();
    let minutes: String = String::from(at).chars().take(16).collect();
    format!("{} UTC", minutes.replace('T', " "))
}

/// What became of the files.
struct Outcome<E> {
    done: usize,
    last: Option<Result<Done, E>>,
    refused: Vec<String>,
}

/// Sends the form's files one after another, and then what came of it.
pub(super) fn submit<E: Refused + Clone + Send + Sync + 'static>(
    action: Action<E>,
    sending: Sending,
    send: SendFiles<E>,
    event: &SubmitEvent,
) {
    if event.default_prevented() {
        return;
    }
    let Some((words, files)) = parts(event) else { return };
    event.prevent_default();
    if sending.under_way() {
        return;
    }
    spawn_local(async move {
        sending.told.set(String::new());
        let outcome = all(action, sending, send, &words, &files).await;
        sending.at.set((0, 0));
        if !outcome.refused.is_empty() && files.len() > 1 {
            sending.told.set(told(&outcome.refused, outcome.done));
        }
        action.set(outcome.last);
    });
}

async fn all<E: Refused>(
    action: Action<E>,
    sending: Sending,
    send: SendFiles<E>,
    words: &[(String, String)],
    files: &[(String, File)],
) -> Outcome<E> {
    let mut outcome = Outcome { done: 0, last: None, refused: Vec::new() };
    if files.is_empty() {
        let data = FormData::new();
        if let Ok(data) = &data {
            words.iter().for_each(|(name, value)| drop(data.append_with_str(name, value)));
        }
        if let Ok(data) = data {
            outcome.last = Some(send(action.path(), data, sending.hundredths).await);
        }
        return outcome;
    }
    let mut refused = None;
    for (at, (field, file)) in files.iter().enumerate() {
        sending.at.set((at + 1, files.len()));
        sending.hundredths.set(0);
        let Ok(data) = one(words, field, file) else { continue };
        match send(action.path(), data, sending.hundredths).await {
            Ok(done) => {
                outcome.done += 1;
                outcome.last = Some(Ok(done));
            }
            Err(error) => {
                outcome.refused.push(file.name());
                // What is wrong with a photo is wrong with that one; what is wrong otherwise is wrong with the next as well.
                let go_on = !error.errors().is_empty();
                refused = Some(Err(error));
                if !go_on {
                    break;
                }
            }
        }
    }
    outcome.last = refused.or(outcome.last);
    outcome
}

fn told(refused: &[String], done: usize) -> String {
    let names = refused.join(", ");
    match done {
        0 => format!("Not added: {names}."),
        1 => format!("Not added: {names}. One other was; it shows when you open this page again."),
        more => format!("Not added: {names}. {more} others were; they show when you open this page again."),
    }
}

/// How far it is, while files are sent; and which of them were not taken.
#[component]
pub(super) fn SendingShown(sending: Sending) -> impl IntoView {
    let words = move || {
        let (at, of) = sending.at.get();
        if at == 0 { sending.told.get() } else { format!("Sending photo {at} of {of}") }
    };
    view! {
        <div class="sending">
            <p role="status">{words}</p>
            {move || {
                (sending.at.get().0 > 0)
                    .then(|| view! { <progress max="100" value=move || sending.hundredths.get().to_string() aria-label="How far it is"></progress> })
            }}
        </div>
    }
}
