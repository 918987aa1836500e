//! What a form does: where it is sent, and what came back.

use super::{
    Refused,
    sending::{self, SendFiles, Sending},
};
use domain::forms::Done;
use leptos::{form::form_data_from_event, prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};
use web_sys::{SubmitEvent, UrlSearchParams};

/// Sends URL-encoded fields to a path.
pub type Send<E> = fn(&'static str, String) -> Pin<Box<dyn Future<Output = Result<Done, E>>>>;

/// A form's way to its server function.
pub struct Action<E: 'static> {
    path: &'static str,
    send: Send<E>,
    files: Option<(SendFiles<E>, Sending)>,
    answer: RwSignal<Option<Result<Done, E>>>,
}

impl<E> Clone for Action<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Action<E> {}

impl<E> Action<E> {
    /// Where it is sent.
    pub(super) const fn path(self) -> &'static str {
        self.path
    }

    /// How far its files are, if it sends any.
    pub(super) fn sending(self) -> Option<Sending> {
        self.files.map(|(_, sending)| sending)
    }
}

impl<E: Clone + std::marker::Send + Sync + 'static> Action<E> {
    /// Sends to `path` by `send`, once there is a script; without, the browser sends by itself.
    pub fn new(path: &'static str, send: Send<E>) -> Self {
        Self { path, send, files: None, answer: RwSignal::new(None) }
    }

    /// The same for a form with files: those go by `files`, one after another.
    #[must_use]
    pub fn with_files(self, files: SendFiles<E>) -> Self {
        Self { files: Some((files, Sending::new())), ..self }
    }

    pub(super) fn set(self, answer: Option<Result<Done, E>>) {
        self.answer.set(answer);
    }

    /// What came back last.
    pub fn value(self) -> Signal<Option<Result<Done, E>>> {
        self.answer.into()
    }

    fn submit(self, event: &SubmitEvent)
    where
        E: Refused,
    {
        if let Some((send, sending)) = self.files {
            return sending::submit(self, sending, send, event);
        }
        if event.default_prevented() {
            return;
        }
        // What cannot be read here is left to the browser, which sends a form without our help.
        let Ok(fields) = form_data_from_event(event) else { return };
        let Ok(fields) = UrlSearchParams::new_with_str_sequence_sequence(&fields) else { return };
        event.prevent_default();
        let sending = (self.send)(self.path, fields.to_string().into());
        spawn_local(async move { self.answer.set(Some(sending.await)) });
    }
}

/// The bare form, for what needs no ticket.
#[component]
pub fn Sent<E: Refused + Clone + std::marker::Send + Sync + 'static>(
    /// Where it is sent.
    action: Action<E>,
    children: Children,
) -> impl IntoView {
    let enctype = action.files.map(|_| "multipart/form-data");
    view! { <form method="post" action=action.path enctype=enctype on:submit=move |event| action.submit(&event)>{children()}</form> }
}
