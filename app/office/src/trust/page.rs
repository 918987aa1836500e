//! `/audit/trust`: whether the shop's record holds, what binds it, and who may take or open what.

use super::server_fns::find_shop_trust;
use domain::exports::trust::ShopTrust;
use gate::{Shown, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Fact, Facts, LinkTo, Notice, PageHeader, Panel, PrintButton, StampLine, Tone};

/// The page.
#[component]
pub fn TrustPage() -> impl IntoView {
    let page = load(|| (), |()| find_shop_trust());
    view! {
        <Title text="How records are kept"/>
        <PageHeader title="How records are kept" subtitle="Whether this shop's record holds, what binds it, and who may open or take what."
            back=LinkTo::new("/audit", "Audit trail") actions=|| view! { <PrintButton/> }/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: ShopTrust) -> impl IntoView {
    let ShopTrust { verified, looked_at, broken, stamp, exports, openings, may_reveal, may_export } = page;
    let stamp = match stamp {
        Some(stamp) => view! { <StampLine stamp/> }.into_any(),
        None => view! { <p class="muted">"None yet."</p> }.into_any(),
    };
    view! {
        <Holds broken verified looked_at/>
        <div class="record">
            <div class="record__main">
                <Panel title="Newest checkpoint">
                    {stamp}
                    <p class="muted small">"It stands at the foot of invoices and work orders. Whoever keeps such a paper can show later whether this record was changed."</p>
                </Panel>
                <Panel title="Who may reveal what is sealed"><Names names=may_reveal/></Panel>
                <Panel title="Who may export the shop's data"><Names names=may_export/></Panel>
            </div>
            <aside class="record__aside">
                <Panel title="The last ninety days">
                    <Facts>
                        <Fact name="Secrets opened"><a href="/audit/openings">{openings}</a></Fact>
                        <Fact name="Exports"><a href="/exports">{exports}</a></Fact>
                    </Facts>
                </Panel>
                <Panel title="For everybody">
                    <p>"What this installation says of itself to clients and everybody else: "<a href="/trust" rel="external">"how records are kept here"</a>"."</p>
                </Panel>
            </aside>
        </div>
    }
}

#[component]
fn Holds(broken: Option<String>, verified: String, looked_at: String) -> impl IntoView {
    match broken {
        Some(why) => view! { <Notice tone=Tone::Bad title="The record does not hold"><p>{why}</p></Notice> }.into_any(),
        None if verified.is_empty() => view! {
            <Notice tone=Tone::Brass title="Not verified yet"><p>"The first verification comes within a quarter of an hour."</p></Notice>
        }
        .into_any(),
        None => view! {
            <Notice tone=Tone::Verdigris title="The record holds">
                <p>{format!("Every entry was read again on {verified}, and what is new on {looked_at}.")}</p>
            </Notice>
        }
        .into_any(),
    }
}

/// Names with their roles.
#[component]
fn Names(names: Vec<(String, String)>) -> impl IntoView {
    if names.is_empty() {
        return view! { <p class="muted">"Nobody."</p> }.into_any();
    }
    let lines = names
        .into_iter()
        .map(|(name, role)| view! { <li>{name}<span class="muted">{format!(" · {role}")}</span></li> })
        .collect_view();
    view! {
        <ul class="lines">{lines}</ul>
        <p class="muted small">"By their roles. What a "<a href="/members/roles">"role of the shop's own"</a>" holds back from some of them is not taken off here."</p>
    }
    .into_any()
}
