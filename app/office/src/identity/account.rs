//! Own sessions: which browsers are signed in as me, and ending one.

use super::{
    factor_fns::EndOtherSessions,
    own_password::OwnPassword,
    server_fns::{RevokeSession, own_sessions},
};
use crate::programs::list::MyPrograms;
use domain::{
    forms::{Page, Ticket},
    shop::OwnSession,
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Form, Head, Look, PageHeader, Table, Tone};

/// Everybody's own page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let page = load(|| (), |()| own_sessions());
    view! {
        <Title text="Your sessions"/>
        <PageHeader title="Where you are signed in" subtitle="Browsers signed in as you. End any you do not know."/>
        <Shown page children=|page| view! { <Mine page/> }/>
    }
}

#[component]
fn Mine(page: Page<Vec<OwnSession>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let others = data.iter().any(|session| !session.current);
    let (for_rows, for_others) = (ticket.clone(), ticket.clone());
    let rows = data.into_iter().map(move |session| view! { <Row session ticket=for_rows.clone()/> }).collect_view();
    view! {
        <Table caption="Your sessions" heads=vec![Head::new("Browser"), Head::new("Network address"), Head::new("Signed in"), Head::new("Last used"), Head::new("")]>
            {rows}
        </Table>
        {others.then(|| view! { <EndOthers ticket=for_others/> })}
        <p class="row"><a href="/account/second-step">"Second step: code app, passkeys, recovery codes"</a></p>
        <MyPrograms/>
        <OwnPassword ticket/>
    }
}

#[component]
fn EndOthers(ticket: Ticket) -> impl IntoView {
    let action = action::<EndOtherSessions>();
    view! {
        <Form action ticket name="end-others" class="row"><Button look=Look::Danger>"End all others"</Button></Form>
    }
}

#[component]
fn Row(session: OwnSession, ticket: Ticket) -> impl IntoView {
    let action = action::<RevokeSession>();
    let end = if session.current {
        view! { <Badge tone=Tone::Verdigris text="This browser"/> }.into_any()
    } else {
        view! {
            <Form action ticket name=format!("end-{}", session.id) class="row">
                <input type="hidden" name="session" value=session.id.to_string()/>
                <Button look=Look::Danger>"End"</Button>
            </Form>
        }
        .into_any()
    };
    view! {
        <tr>
            <Cell lead=true>{ui::browser(&session.user_agent)}</Cell>
            <Cell label="Address">{session.ip}</Cell>
            <Cell label="Signed in"><span class="nowrap">{session.since}</span></Cell>
            <Cell label="Last used"><span class="nowrap">{session.last_seen}</span></Cell>
            <Cell>{end}</Cell>
        </tr>
    }
}
