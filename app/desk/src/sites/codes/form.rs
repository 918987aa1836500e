//! Adding and changing a code.

use super::server_fns::{RecordSiteCode, UpdateSiteCode, edit_site_code, new_site_code};
use domain::{
    choice::Choice,
    forms::Page,
    sites::codes::{CodeEdit, CodeForm, CodeKind},
};
use gate::saved::{Saved, SavedBeside};
use gate::{Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Field, Form, LinkTo, Look, PageHeader, Select};

/// `/sites/:id/codes/new`.
#[component]
pub fn NewCodePage() -> impl IntoView {
    let site = param("id");
    let page = load(move || site.get(), new_site_code);
    view! {
        <Title text="New code"/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/codes/:id/edit`.
#[component]
pub fn EditCodePage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_site_code);
    view! {
        <Title text="Change code"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<CodeEdit>) -> impl IntoView {
    let Page { ticket, data: CodeEdit { site, place, form } } = page;
    let action = action::<RecordSiteCode>();
    let back = paths::site(site);
    view! {
        <PageHeader title="New code" subtitle="An alarm, a gate, a key safe, a keypad, a safe." back=LinkTo::new(back.clone(), place)/>
        <Form action ticket name="new-code" class="form form--page">
            <input type="hidden" name="site" value=site.to_string()/>
            <CodeFields form hint="As it is typed or dialled: 30-15-45, 4711#."/>
            <div class="form__actions">
                <Button look=Look::Primary>"Seal and save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<CodeEdit>) -> impl IntoView {
    let Page { ticket, data: CodeEdit { place, form, .. } } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateSiteCode>();
    let fetched = id.clone();
    let fetch = move || {
        let page = edit_site_code(fetched.clone());
        async move { page.await.map(|page| page.data.form) }
    };
    let saved = Saved::watch(&ticket, "edit-code", &form, action.value(), fetch);
    let back = format!("/codes/{id}");
    let archived = !form.archived.is_empty();
    view! {
        <PageHeader title=format!("Change {}", form.label) subtitle=place back=LinkTo::new(back.clone(), form.label.clone())/>
        <Form action ticket name="edit-code" class="form form--page">
            <input type="hidden" name="code" value=id/>
            <SavedBeside saved/>
            <CodeFields form hint="Leave empty to keep the one that is sealed."/>
            <Check name="archived" label="Opens nothing any more: throw the code away" checked=archived/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn CodeFields(form: CodeForm, hint: &'static str) -> impl IntoView {
    let kinds =
        CodeKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect::<Vec<_>>();
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"The code"</legend>
            <div class="form__grid">
                <Select name="kind" label="Kind" options=kinds value=form.kind/>
                <Field name="label" label="Which one" value=form.label placeholder="Back office" autofocus=true/>
                <Field name="site_code" label="Code" autocomplete="off" hint/>
            </div>
        </fieldset>
    }
}
