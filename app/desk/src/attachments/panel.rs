//! Photos on the page of what they are of: small copies in a grid, and the form that adds more.

use super::server_fns::{AddOpeningPhotos, AddPhotos};
use domain::{
    attachments::{Photo, PhotoKind},
    choice::Choice,
    forms::Ticket,
    jobs::{Check as Demand, JobPage, Missing},
};
use gate::{Action, action_with_files, paths};
use leptos::prelude::*;
use std::collections::BTreeSet;
use ui::{Button, Check, Choices, Disclosure, Field, Form, Icon, IconMark, Panel, PhotoField, Select};

/// Longest side of a small copy, as `pictures` makes it.
const SMALL: i32 = 320;
/// The form's name on its page.
const FORM: &str = "photos";

/// A job's photos.
#[component]
pub fn JobPhotos(page: JobPage, ticket: Ticket) -> impl IntoView {
    let (job, may) = (page.job.id.to_string(), page.may.work);
    let action = action_with_files::<AddPhotos>();
    let demanded = page.job.requirements.photos;
    let asked = demanded.clone();
    let add = may.then(|| view! { <Add action field="job" of=job demanded=asked ticket/> });
    view! { <Panel title="Photos" id="photos"><Demanded demanded there=page.photos_there/><Shown photos=page.photos/>{add}</Panel> }
}

/// An opening's photos.
#[component]
pub fn OpeningPhotos(opening: String, photos: Vec<Photo>, may: bool, ticket: Ticket) -> impl IntoView {
    let action = action_with_files::<AddOpeningPhotos>();
    let add = may.then(|| view! { <Add action field="opening" of=opening demanded=Vec::new() ticket/> });
    view! { <Panel title="Photos" id="photos"><Shown photos/>{add}</Panel> }
}

/// What its kind of job demands, and whether it is there.
#[component]
fn Demanded(demanded: Vec<Demand>, there: BTreeSet<String>) -> impl IntoView {
    (!demanded.is_empty()).then(move || {
        let items = demanded.into_iter().map(|photo| {
            let done = there.contains(&photo.key);
            let id = Missing::Photo { key: photo.key, label: String::new() }.anchor();
            let words = if done { "There" } else { "Missing" };
            view! { <li class="missing__item" class:is-done=done id=id><span>{photo.label}<span class="muted small">{format!(" · {words}")}</span></span></li> }
        });
        let items = items.collect_view();
        view! { <ul class="missing">{items}</ul> }
    })
}

#[component]
fn Shown(photos: Vec<Photo>) -> impl IntoView {
    let (removed, there): (Vec<_>, Vec<_>) = photos.into_iter().partition(|photo| photo.removed.is_some());
    let grid = match there.is_empty() {
        true => view! { <p class="muted">"No photos yet."</p> }.into_any(),
        false => view! { <Grid photos=there/> }.into_any(),
    };
    let gone = (!removed.is_empty()).then(|| view! { <Gone removed/> });
    view! { {grid}{gone} }
}

#[component]
fn Grid(photos: Vec<Photo>) -> impl IntoView {
    let items = photos.into_iter().map(|photo| view! { <Thumb photo/> }).collect_view();
    view! { <ul class="photos">{items}</ul> }
}

#[component]
fn Thumb(photo: Photo) -> impl IntoView {
    let words = photo.words();
    let caption = if photo.caption.is_empty() { photo.kind.words().to_owned() } else { photo.caption.clone() };
    let picture = if photo.restricted {
        view! { <span class="photo__hidden"><IconMark icon=Icon::Lock/>"Restricted"</span> }.into_any()
    } else {
        let longest = photo.width.max(photo.height).max(1);
        let side = |one: i32| (one * SMALL.min(longest) / longest).max(1);
        view! {
            <img class="photo__small" src=paths::photo_small(photo.id) alt=words width=side(photo.width) height=side(photo.height)
                loading="lazy" decoding="async"/>
        }
        .into_any()
    };
    view! {
        <li class="photo">
            <a class="photo__link" href=paths::photo(photo.id)>{picture}<span class="photo__caption">{caption}</span></a>
        </li>
    }
}

#[component]
fn Gone(removed: Vec<Photo>) -> impl IntoView {
    let summary = format!("Removed ({})", removed.len());
    let items = removed
        .into_iter()
        .map(|photo| {
            let why =
                photo.removed.as_ref().map(|removed| format!(" · {}, {}: {}", removed.by, removed.at, removed.reason));
            view! { <li><a href=paths::photo(photo.id)>{photo.words()}</a><span class="muted small">{why}</span></li> }
        })
        .collect_view();
    view! { <Disclosure summary><ul class="lines">{items}</ul></Disclosure> }
}

#[component]
fn Add(action: Action, field: &'static str, of: String, demanded: Vec<Demand>, ticket: Ticket) -> impl IntoView {
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == FORM);
    let kinds: Vec<_> = PhotoKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect();
    let slots = std::iter::once((String::new(), "None of them".to_owned()));
    let slots: Vec<_> = slots.chain(demanded.into_iter().map(|photo| (photo.key, photo.label))).collect();
    let which = move || {
        (slots.len() > 1).then(|| view! { <Select name="slot" label="Which of those demanded" options=slots/> })
    };
    view! {
        <Disclosure summary="Add photos" icon=Icon::Camera open>
            <Form action ticket name=FORM>
                <input type="hidden" name=field value=of/>
                // Filled in by a script, which knows what the device says of each file.
                <input type="hidden" name="form[taken]" value=""/>
                {which()}
                <Choices name="kind" label="Taken" options=kinds value="before"/>
                <Field name="caption" label="Words under them" optional=true/>
                <Check name="restricted" label="Restricted: a key or a code is in it"/>
                <p class="field__hint">"A photo of a key can be copied from: cover the blade or mark it restricted."</p>
                <PhotoField name="photos"/>
                <div class="form__actions"><Button>"Add the photos"</Button></div>
            </Form>
        </Disclosure>
    }
}
