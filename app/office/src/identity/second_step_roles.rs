//! Which roles must have a second step: the owner's to say.

use super::factor_fns::{RequireSecondStep, second_step_roles};
use domain::{Role, choice::Choice, forms::Page};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Check, Form, Look, PageHeader, Panel};

/// A tick for each role.
#[component]
pub fn SecondStepRolesPage() -> impl IntoView {
    let page = load(|| (), |()| second_step_roles());
    view! {
        <Title text="Who needs a second step"/>
        <PageHeader title="Who needs a second step" subtitle="Members of a ticked role who have none are led to set one up, and can do nothing else before."/>
        <Shown page children=|page| view! { <Roles page/> }/>
    }
}

#[component]
fn Roles(page: Page<Vec<String>>) -> impl IntoView {
    let action = action::<RequireSecondStep>();
    let ticked = page.data;
    view! {
        <Panel title="Roles">
            <Form action ticket=page.ticket name="second-step-roles">
                {Role::ALL
                    .into_iter()
                    .map(|role| {
                        let checked = ticked.iter().any(|one| one == role.as_str());
                        view! { <Check name=format!("roles][{}", role.as_str()) label=role.words() checked/> }
                    })
                    .collect_view()}
                <div class="form__actions"><Button look=Look::Primary>"Save"</Button></div>
            </Form>
        </Panel>
    }
}
