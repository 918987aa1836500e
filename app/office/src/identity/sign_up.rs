//! Opening a shop.

use super::{
    server_fns::{SignUp, blank},
    sign_in::statement,
    strength::NewPassword,
};
use domain::{choice::Choice, money::Currency, shop::Units};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Check, Field, Form, Look, Select, SignInFrame};

/// Shop, taxes, owner: one page, then signed in.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let page = load(|| (), |()| blank());
    view! {
        <Title text="Open your shop"/>
        <SignInFrame title="Open your shop" statement>
            <Shown page children=|page| view! { <SignUpForm ticket=page.ticket/> }/>
            <p class="muted">"Already here? "<a href="/sign-in">"Sign in"</a>"."</p>
        </SignInFrame>
    }
}

#[component]
fn SignUpForm(ticket: domain::forms::Ticket) -> impl IntoView {
    let action = action::<SignUp>();
    view! {
        <Form action ticket name="sign-up">
            <ShopFields/>
            <TaxFields/>
            <fieldset class="fieldset">
                <legend class="legend">"You, the owner"</legend>
                <div class="form__grid">
                    <Field name="name" label="Your name" autocomplete="name"/>
                    <Field name="email" label="E-mail" kind="email" autocomplete="username"/>
                    <NewPassword label="Password" wide=true/>
                </div>
            </fieldset>
            <div class="form__actions"><Button look=Look::Primary>"Open the shop"</Button></div>
        </Form>
    }
}

#[component]
fn ShopFields() -> impl IntoView {
    let currencies = Currency::ALL
        .iter()
        .map(|c| (c.as_str().into(), format!("{} – {}", c.as_str(), c.words())))
        .collect::<Vec<_>>();
    let units = Units::ALL.iter().map(|u| (u.as_str().into(), u.words().into())).collect::<Vec<_>>();
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"The shop"</legend>
            <div class="form__grid">
                <Field name="shop_name" label="Shop name" autocomplete="organization" hint="As it stands on invoices."/>
                <Field name="licence_number" label="Licence number" hint="Printed on work orders and invoices." optional=true/>
                <Field name="phone" label="Telephone" kind="tel" autocomplete="tel" optional=true/>
                <Field name="time_zone" label="Time zone" value="America/Toronto" list="zones" hint="Such as America/Toronto or Europe/Paris."/>
                <Select name="currency" label="Currency" options=currencies value="CAD"/>
                <Select name="units" label="Depths and spacings in" options=units/>
            </div>
            <datalist id="zones">
                {["America/Toronto", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax", "America/Vancouver", "Europe/London", "Europe/Paris", "Europe/Berlin", "Australia/Sydney", "Pacific/Auckland"]
                    .map(|zone| view! { <option value=zone></option> })}
            </datalist>
        </fieldset>
    }
}

#[component]
fn TaxFields() -> impl IntoView {
    let on = vec![("all".to_owned(), "Labour and parts".to_owned()), ("parts".to_owned(), "Parts only".to_owned())];
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"Taxes"</legend>
            <div class="form__grid">
                <Field name="tax_name" label="Tax" placeholder="HST" optional=true/>
                <Field name="tax_rate" label="Percent" placeholder="13" inputmode="decimal" optional=true/>
                <Select name="tax_on" label="Charged on" options=on/>
                <Field name="tax2_name" label="Second tax" placeholder="QST" optional=true/>
                <Field name="tax2_rate" label="Percent of the second" placeholder="9.975" inputmode="decimal" optional=true/>
                <Check name="tax2_compound" label="The second tax is charged on top of the first"/>
            </div>
        </fieldset>
    }
}
