//! The frame around every page of the office: who is here, where one can go.

use super::server_fns::{Frame, SignOut, whoami};
use domain::Permission;
use gate::{NotShown, action, load};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use ui::{Icon, NavItem, OfficeFrame, Person, Sent};

/// Loads who is signed in and puts the page inside the frame; without anyone, says so.
#[component]
pub fn InFrame() -> impl IntoView {
    let me = load(|| (), |()| whoami());
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <Framed me/> }.into_any(),
                    Err(error) => view! { <main class="content" id="main"><NotShown error/></main> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The page. On the server Transition walks what is in it to learn what else must load, and renders afterwards: each walk
/// would make the page anew and load it in vain. The page waits for its own data.
#[component]
fn Inside() -> impl IntoView {
    let page = view! { <Outlet/> };
    Unsuspend::new(move || page)
}

#[component]
fn Framed(me: Frame) -> impl IntoView {
    let may = |permission| me.power.allows(permission);
    let mut nav = vec![NavItem::new("/", if may(Permission::SeeOffice) { "Home" } else { "Today" }, Icon::Home)];
    for (permission, href, words, icon) in [
        (Permission::SeeJobs, "/jobs", "Jobs", Icon::Jobs),
        (Permission::SeeClients, "/clients", "Clients", Icon::Clients),
        (Permission::SeeBittings, "/bittings", "Bittings", Icon::Key),
        (Permission::SeeInvoices, "/invoices", "Invoices", Icon::Invoice),
        (Permission::SeeAlerts, "/alerts", "Alerts", Icon::Warning),
        (Permission::SeeMembers, "/members", "Members", Icon::Team),
        (Permission::ManageShop, "/shop", "Shop", Icon::Settings),
        (Permission::SeeAudit, "/audit", "Audit trail", Icon::Ledger),
    ] {
        if may(permission) {
            let waiting = if permission == Permission::SeeAlerts { me.alerts } else { 0 };
            nav.push(NavItem::new(href, words, icon).waiting(waiting));
        }
    }
    let person = Person { name: me.name, role: me.power.role.label().into() };
    let call = if may(Permission::CreateJobs) { "/jobs/new".to_owned() } else { String::new() };
    view! {
        <OfficeFrame nav shop=me.shop person menu search="/search" take_call=call field=!may(Permission::SeeOffice)>
            <Inside/>
        </OfficeFrame>
    }
}

fn menu() -> impl IntoView {
    let action = action::<SignOut>();
    let answer = action.value();
    // Over already (idle, ended elsewhere) or not to be had now: either way the page must not just stand there with the
    // shop's data, and loaded again it says which.
    Effect::new(move || {
        if matches!(answer.get(), Some(Err(_))) {
            let _ = window().location().reload();
        }
    });
    view! {
        <a class="menu__item" href="/account">"Your sessions"</a>
        <a class="menu__item" href="/account/shops">"Your shops"</a>
        <Sent action>
            <input type="hidden" name="post[back]" value="/"/>
            <button class="menu__item" type="submit">"Sign out"</button>
        </Sent>
    }
}
