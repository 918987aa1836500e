//! `/shop`: what stands on the shop's papers, and its taxes.

use super::{
    details::Details,
    hours::Hours,
    passwords::PasswordRule,
    server_fns::find_shop,
    taxes::{AddRate, Rates},
};
use domain::{forms::Page, shop::ShopPage as Data};
use gate::{Shown, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Fact, Facts, PageHeader, Panel};

/// The shop's own page.
#[component]
pub fn ShopPage() -> impl IntoView {
    let page = load(|| (), |()| find_shop());
    view! {
        <Title text="Shop"/>
        <PageHeader title="Shop" subtitle="What stands on work orders and invoices, and what is charged on top."/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let (currency, rates) = (data.currency, data.rates.clone());
    let (for_rates, for_new, for_passwords, for_hours) =
        (ticket.clone(), ticket.clone(), ticket.clone(), ticket.clone());
    view! {
        <div class="record">
            <div class="record__main">
                <Panel title="On your papers"><Details details=data.details version=data.version ticket/></Panel>
                <Panel title="Taxes" flush=true><Rates rates ticket=for_rates/></Panel>
                <Panel title="Add a tax"><AddRate ticket=for_new/></Panel>
                <Hours hours=data.hours ticket=for_hours/>
                <PasswordRule cmmc=data.cmmc_passwords ticket=for_passwords/>
            </div>
            <aside class="record__aside">
                <Panel title="Fixed since sign-up">
                    <Facts>
                        <Fact name="Short name">{data.slug}</Fact>
                        <Fact name="Currency">{currency.words()}" ("{currency.as_str()}")"</Fact>
                        <Fact name="Time zone">{data.time_zone}</Fact>
                    </Facts>
                </Panel>
                <Panel title="Programs">
                    <p>"Accounting, a website, a dispatch board: what works with this shop has a key of its own."</p>
                    <p><a href="/shop/keys">"Keys for programs"</a></p>
                    <p><a href="/shop/webhooks">"Webhooks"</a></p>
                </Panel>
                <Panel title="What is sealed">
                    <p>"An owner may put it under a key of the shop's own, and take that back."</p>
                    <p><a href="/shop/own-key">"Own key"</a></p>
                </Panel>
            </aside>
        </div>
    }
}
