//! Adding and changing a site.

use super::server_fns::{CreateSite, UpdateSite, edit_site, new_site};
use domain::{
    clients::one_line,
    forms::Page,
    sites::{SiteEdit, SiteForm},
};
use gate::saved::{Saved, SavedBeside};
use gate::{Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Field, Form, LinkTo, Look, PageHeader, TextArea};

/// `/clients/:id/sites/new`.
#[component]
pub fn NewSitePage() -> impl IntoView {
    let client = param("id");
    let page = load(move || client.get(), new_site);
    view! {
        <Title text="New site"/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/sites/:id/edit`.
#[component]
pub fn EditSitePage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_site);
    view! {
        <Title text="Change site"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<SiteEdit>) -> impl IntoView {
    let Page { ticket, data: SiteEdit { client, client_name, form } } = page;
    let action = action::<CreateSite>();
    let back = paths::client(client);
    view! {
        <PageHeader title="New site" subtitle=format!("A place of {client_name}.") back=LinkTo::new(back.clone(), client_name)/>
        <Form action ticket name="new-site" class="form form--page">
            <input type="hidden" name="client" value=client.to_string()/>
            <SiteFields form/>
            <div class="form__actions">
                <Button look=Look::Primary>"Add the site"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<SiteEdit>) -> impl IntoView {
    let Page { ticket, data: SiteEdit { client_name, form, .. } } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateSite>();
    let fetched = id.clone();
    let fetch = move || {
        let page = edit_site(fetched.clone());
        async move { page.await.map(|page| page.data.form) }
    };
    let saved = Saved::watch(&ticket, "edit-site", &form, action.value(), fetch);
    let back = paths::site(&id);
    let (place, archived) = (one_line(&form.name, &form.address), !form.archived.is_empty());
    view! {
        <PageHeader title="Change site" subtitle=client_name back=LinkTo::new(back.clone(), place)/>
        <Form action ticket name="edit-site" class="form form--page">
            <input type="hidden" name="site" value=id/>
            <SavedBeside saved/>
            <SiteFields form/>
            <Check name="archived" label="Out of use: leave out of lists and search" checked=archived/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn SiteFields(form: SiteForm) -> impl IntoView {
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"The place"</legend>
            <div class="form__grid">
                <Field name="name" label="Name" value=form.name optional=true placeholder="North tower" autofocus=true/>
                <Field name="hours" label="Hours" value=form.hours optional=true placeholder="Mon–Fri 8–17, loading dock until 15"/>
            </div>
            <TextArea name="address" label="Address" value=form.address hint="As a map finds it; floor and unit on a line of their own."/>
            <TextArea name="hazards" label="Hazards" value=form.hazards optional=true rows=2 hint="What to beware of: dog, low ceiling, alarm on the back door. Not how to get in: that goes into the access notes, which are sealed."/>
        </fieldset>
    }
}
