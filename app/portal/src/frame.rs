//! The frame around every page of the portal: the shop, where one can go, and the way out.

use crate::server_fns::Leave;
use domain::portal::Visit;
use gate::action;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{LinkTo, PortalFrame};

/// A page inside the frame.
#[component]
pub fn Framed(visit: Visit, children: Children) -> impl IntoView {
    let Visit { shop, phone, client, contact } = visit;
    let places = vec![
        LinkTo::new("/portal", "Overview"),
        LinkTo::new("/portal/invoices", "Invoices"),
        LinkTo::new("/portal/jobs", "Jobs"),
        LinkTo::new("/portal/sites", "Sites"),
    ];
    let path = use_location().pathname.get_untracked();
    let current = ["/portal/invoices", "/portal/jobs", "/portal/sites"]
        .into_iter()
        .find(|place| path.starts_with(place))
        .unwrap_or("/portal");
    let foot = if contact == client { format!("For {client}") } else { format!("For {contact}, {client}") };
    view! {
        <PortalFrame shop phone places current foot>
            {children()}
            <LeaveForm/>
        </PortalFrame>
    }
}

#[component]
fn LeaveForm() -> impl IntoView {
    let action = action::<Leave>();
    view! {
        <ui::Sent action>
            <input type="hidden" name="post[back]" value="/portal"/>
            <button class="button button--quiet" type="submit">"Close the portal on this device"</button>
        </ui::Sent>
    }
}
