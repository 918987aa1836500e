//! A photo's page: the picture, who added it, and what may be done with it.

use super::server_fns::{ChangePhoto, RemovePhoto, RestorePhoto, find_photo};
use domain::{
    attachments::{Photo, PhotoKind, PhotoPage as Data, Removed, Subject},
    choice::Choice,
    forms::{Page, Ticket},
    reveal::Standing,
};
use gate::{Shown, action, load, param, paths, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Button, ButtonLink, Check, Disclosure, Fact, Facts, Field, Form, Icon, LinkTo, Look, Notice, PageHeader, Panel,
    Select, Tone,
};

/// `/photos/:id`.
#[component]
pub fn PhotoPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_photo);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let photo = data.photo.clone();
    let back = match data.subject {
        Subject::Job(job) if data.office => paths::job(job),
        Subject::Job(job) => paths::visit(job),
        Subject::Opening(opening) => paths::opening_edit(opening),
    };
    let title = if photo.caption.is_empty() { "Photo".to_owned() } else { photo.caption.clone() };
    let edit = (data.may_change && photo.removed.is_none()).then(|| {
        let (photo, ticket) = (photo.clone(), ticket.clone());
        view! { <Edit photo ticket/> }
    });
    let end = data.may_change.then(|| match photo.removed.is_some() {
        true => view! { <Restore photo=photo.clone() ticket/> }.into_any(),
        false => view! { <Remove photo=photo.clone() ticket/> }.into_any(),
    });
    view! {
        <Title text=format!("Photo of {}", data.of)/>
        <PageHeader title subtitle=photo.kind.words().to_owned() back=LinkTo::new(back, data.of.clone())/>
        <div class="record">
            <div class="record__main"><Picture photo=photo.clone() standing=data.standing/></div>
            <aside class="record__aside"><About photo/>{edit}{end}</aside>
        </div>
    }
}

/// The picture, at once or, for one that is restricted or removed, when asked for. Each fetching of it is recorded.
#[component]
fn Picture(photo: Photo, standing: Standing) -> impl IntoView {
    let asked = query("show");
    let held_back = photo.restricted || photo.removed.is_some();
    move || {
        if held_back && (asked.get().is_empty() || photo.restricted && !proved(standing)) {
            return view! { <HeldBack photo=photo.clone() standing/> }.into_any();
        }
        view! {
            <img class="photo__whole" src=paths::photo_whole(photo.id) alt=photo.words() width=photo.width height=photo.height/>
        }
        .into_any()
    }
}

const fn proved(standing: Standing) -> bool {
    standing.confirmed && standing.second_step
}

#[component]
fn HeldBack(photo: Photo, standing: Standing) -> impl IntoView {
    let here = paths::photo(photo.id);
    let shown = format!("{here}?show=yes");
    let show = if photo.restricted && !standing.second_step {
        view! {
            <p class="muted">"It opens only to people who sign in with a second step. "<a href="/account/second-step">"Set one up"</a>": it takes a minute."</p>
        }
        .into_any()
    } else if photo.restricted && !standing.confirmed {
        view! { <div class="row"><ButtonLink href=paths::confirm_path(&here) look=Look::Primary icon=Icon::Lock>"Confirm it is you"</ButtonLink></div> }
            .into_any()
    } else {
        view! { <div class="row"><ButtonLink href=shown look=Look::Primary>"Show it"</ButtonLink></div> }.into_any()
    };
    let gone = photo.removed.clone().map(|removed| view! { <WhyGone removed/> });
    let restricted = photo.restricted.then(|| {
        view! {
            <Notice tone=Tone::Brass title="Restricted">
                <p>"A key or a code is in this photo. Every look at it is recorded."</p>
            </Notice>
        }
    });
    view! { <div class="stack">{gone}{restricted}{show}</div> }
}

#[component]
fn WhyGone(removed: Removed) -> impl IntoView {
    let words = format!("{}, {}: {}", removed.by, removed.at, removed.reason);
    view! { <Notice tone=Tone::Void title="Removed"><p>{words}</p></Notice> }
}

#[component]
fn About(photo: Photo) -> impl IntoView {
    let size = format!("{} × {}", photo.width, photo.height);
    let device = (!photo.device_time.is_empty()).then(|| {
        view! { <Fact name="Taken">{photo.device_time.clone()}<span class="muted small">" by the device's own clock"</span></Fact> }
    });
    view! {
        <Panel title="About it">
            <Facts>
                <Fact name="Added by">{photo.by.clone()}</Fact>
                <Fact name="Added">{photo.at.clone()}</Fact>
                {device}
                <Fact name="Pixels">{size}</Fact>
            </Facts>
        </Panel>
    }
}

#[component]
fn Edit(photo: Photo, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangePhoto>();
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == "photo");
    let kinds: Vec<_> = PhotoKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect();
    view! {
        <Disclosure summary="Change the words" icon=Icon::Pen open>
            <Form action ticket name="photo">
                <input type="hidden" name="photo" value=photo.id.to_string()/>
                <input type="hidden" name="form[version]" value=photo.version.to_string()/>
                <Select name="kind" label="Taken" options=kinds value=photo.kind.as_str().to_owned()/>
                <Field name="caption" label="Words under it" value=photo.caption optional=true/>
                <Check name="restricted" label="Restricted: a key or a code is in it" checked=photo.restricted/>
                {photo.restricted.then(|| view! { <p class="muted small">"Taking this off shows it to everybody on the job. You confirm who you are first, and it is recorded."</p> })}
                <div class="form__actions"><Button>"Save"</Button></div>
            </Form>
        </Disclosure>
    }
}

#[component]
fn Remove(photo: Photo, ticket: Ticket) -> impl IntoView {
    let action = action::<RemovePhoto>();
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == "remove-photo");
    view! {
        <Disclosure summary="Remove it" open>
            <Form action ticket name="remove-photo">
                <input type="hidden" name="photo" value=photo.id.to_string()/>
                <Field name="reason" label="Why" hint="It can be put back; who removed it and why stays on record."/>
                <div class="form__actions"><Button look=Look::Danger>"Remove the photo"</Button></div>
            </Form>
        </Disclosure>
    }
}

#[component]
fn Restore(photo: Photo, ticket: Ticket) -> impl IntoView {
    let action = action::<RestorePhoto>();
    view! {
        <Form action ticket name="restore-photo">
            <input type="hidden" name="photo" value=photo.id.to_string()/>
            <div class="form__actions"><Button>"Put it back"</Button></div>
        </Form>
    }
}
