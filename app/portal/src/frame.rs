//! The frame around every page of the portal: the shop, where one can go, and the way out.

use crate::{
    server_fns::{Leave, who_visits},
    shown::NotShown,
};
use domain::portal::Visit;
use gate::load;
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use ui::{LinkTo, PortalFrame};

/// Loads who visits and puts the page inside the frame; without a living link, says whom to ask.
#[component]
pub fn InPortal() -> impl IntoView {
    let visit = load(|| (), |()| who_visits());
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match visit.await {
                    Ok(visit) => view! { <Framed visit/> }.into_any(),
                    Err(error) => view! { <div class="portal"><main class="portal__main" id="main"><NotShown error/></main></div> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Framed(visit: Visit) -> impl IntoView {
    let Visit { shop, phone, client, contact } = visit;
    let places = vec![
        LinkTo::new("/portal", "Overview"),
        LinkTo::new("/portal/invoices", "Invoices"),
        LinkTo::new("/portal/jobs", "Jobs"),
        LinkTo::new("/portal/sites", "Sites"),
    ];
    let path = use_location().pathname.get_untracked();
    let current = ["/portal/invoices", "/portal/jobs", "/portal/sites"].into_iter().find(|place| path.starts_with(place)).unwrap_or("/portal");
    let foot = if contact == client { format!("For {client}") } else { format!("For {contact}, {client}") };
    view! {
        <PortalFrame shop phone places current foot>
            <Outlet/>
            <LeaveForm/>
        </PortalFrame>
    }
}

#[component]
fn LeaveForm() -> impl IntoView {
    let action = ServerAction::<Leave>::new();
    view! {
        <leptos::form::ActionForm action>
            <input type="hidden" name="post[back]" value="/portal"/>
            <button class="button button--quiet" type="submit">"Close the portal on this device"</button>
        </leptos::form::ActionForm>
    }
}
