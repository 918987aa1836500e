//! The form with the shop's details.

use super::server_fns::{ChangeShop, find_shop};
use domain::{Refusal, forms::Ticket, shop::ShopDetails};
use gate::{AppError, action};
use leptos::{prelude::*, task::spawn_local};
use ui::{Button, Fact, Facts, Field, Form, Look, Notice, TextArea, Tone};

/// Name, licence, telephone, e-mail, address, terms. When somebody else saved meanwhile, the saved values stand above.
#[component]
pub fn Details(details: ShopDetails, version: i32, ticket: Ticket) -> impl IntoView {
    let action = action::<ChangeShop>();
    // Without script the page was loaded afresh and this is what is saved now; with script it is fetched below.
    let came_back = ticket.flash.as_ref().is_some_and(|flash| flash.form == "shop" && flash.errors.is_empty());
    let saved = RwSignal::new(came_back.then(|| (version, details.clone())));
    let answer = action.value();
    Effect::new(move || {
        if let Some(Err(AppError::Refusal(Refusal::Conflict(_)))) = answer.get() {
            spawn_local(async move {
                if let Ok(page) = find_shop().await {
                    saved.set(Some((page.data.version, page.data.details)));
                }
            });
        }
    });
    let now = move || saved.get().map_or(version, |(version, _)| version).to_string();
    let beside = move || saved.get().map(|(_, details)| view! { <Saved details/> });
    view! {
        <Form action ticket name="shop">
            {beside}
            <input type="hidden" name="version" value=now/>
            <div class="form__grid">
                <Field name="name" label="Name" value=details.name.clone() autocomplete="organization"/>
                <Field name="licence_number" label="Licence number" value=details.licence_number.clone() optional=true hint="Printed on every invoice."/>
                <Field name="phone" label="Telephone" kind="tel" value=details.phone.clone() optional=true/>
                <Field name="email" label="E-mail" kind="email" value=details.email.clone() optional=true/>
                <TextArea name="address" label="Address" value=details.address.clone() optional=true/>
                <Field name="terms_days" label="Days to pay" value=details.terms_days.to_string() inputmode="numeric" hint="For clients without terms of their own; 0 is due on receipt."/>
            </div>
            <div class="form__actions"><Button look=Look::Primary>"Save"</Button></div>
        </Form>
    }
}

#[component]
fn Saved(details: ShopDetails) -> impl IntoView {
    view! {
        <Notice tone=Tone::Steel title="Saved now">
            <Facts>
                <Fact name="Name">{details.name}</Fact>
                <Fact name="Licence number">{details.licence_number}</Fact>
                <Fact name="Telephone">{details.phone}</Fact>
                <Fact name="E-mail">{details.email}</Fact>
                <Fact name="Address">{details.address}</Fact>
                <Fact name="Days to pay">{details.terms_days}</Fact>
            </Facts>
        </Notice>
    }
}
