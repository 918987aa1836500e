//! Adding and changing an opening.

use super::server_fns::{CreateOpening, UpdateOpening, edit_opening, new_opening};
use crate::attachments::panel::OpeningPhotos;
use domain::{
    choice::Choice,
    forms::Page,
    sites::opening::{FUNCTIONS, Hand, OpeningEdit, OpeningForm},
};
use gate::saved::{Saved, SavedBeside};
use gate::{Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Field, Form, LinkTo, Look, PageHeader, Select, TextArea};

/// `/sites/:id/openings/new`.
#[component]
pub fn NewOpeningPage() -> impl IntoView {
    let site = param("id");
    let page = load(move || site.get(), new_opening);
    view! {
        <Title text="New opening"/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/openings/:id/edit`.
#[component]
pub fn EditOpeningPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_opening);
    view! {
        <Title text="Change opening"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<OpeningEdit>) -> impl IntoView {
    let Page { ticket, data: OpeningEdit { site, place, form, .. } } = page;
    let action = action::<CreateOpening>();
    let back = paths::site(site);
    view! {
        <PageHeader title="New opening" subtitle="A door, a padlock, a cam: anything with a cylinder." back=LinkTo::new(back.clone(), place)/>
        <Form action ticket name="new-opening" class="form form--page">
            <input type="hidden" name="site" value=site.to_string()/>
            <OpeningFields form/>
            <div class="form__actions">
                <Button look=Look::Primary>"Add the opening"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<OpeningEdit>) -> impl IntoView {
    let Page { ticket, data: OpeningEdit { site, place, form, photos, may_add_photos } } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateOpening>();
    let fetched = id.clone();
    let fetch = move || {
        let page = edit_opening(fetched.clone());
        async move { page.await.map(|page| page.data.form) }
    };
    let saved = Saved::watch(&ticket, "edit-opening", &form, action.value(), fetch);
    let back = paths::site(site);
    let archived = !form.archived.is_empty();
    view! {
        <PageHeader title=format!("Change opening {}", form.number) back=LinkTo::new(back.clone(), place)/>
        <OpeningPhotos opening=id.clone() photos may=may_add_photos ticket=ticket.clone()/>
        <Form action ticket name="edit-opening" class="form form--page">
            <input type="hidden" name="opening" value=id/>
            <SavedBeside saved/>
            <OpeningFields form/>
            <Check name="archived" label="Gone: leave out of lists and search" checked=archived/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn OpeningFields(form: OpeningForm) -> impl IntoView {
    let hands = Hand::ALL.iter().map(|hand| (hand.as_str().to_owned(), hand.words().to_owned()));
    let hands = std::iter::once((String::new(), "None, or not known".to_owned())).chain(hands).collect::<Vec<_>>();
    let functions = FUNCTIONS.iter().map(|function| view! { <option value=*function></option> }).collect_view();
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"The opening"</legend>
            <div class="form__grid">
                <Field name="number" label="Number" value=form.number hint="As on the door or its schedule: 101A." autofocus=true/>
                <Field name="location" label="Location" value=form.location optional=true placeholder="2nd floor, east stair"/>
                <Select name="hand" label="Hand" options=hands value=form.hand/>
                <Field name="function" label="Function" value=form.function optional=true list="functions" hint="ANSI function, such as F86 storeroom."/>
            </div>
            <datalist id="functions">{functions}</datalist>
            <TextArea name="hardware" label="Hardware" value=form.hardware optional=true hint="What is fitted: lock, cylinder, closer, strike."/>
        </fieldset>
    }
}
