//! `/members/review`: once a quarter somebody looks at who may do what, and whether they still need it.

use super::server_fns::{RecordReview, open_review};
use domain::{
    forms::{Page, Ticket},
    people::{AccessReview, Reviewed},
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Form, Head, LinkTo, Look, Notice, PageHeader, Panel, Table, Tone};

/// The review of everybody's access.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let page = load(|| (), |()| open_review());
    view! {
        <Title text="Access review"/>
        <PageHeader title="Access review" subtitle="Who may do what, and whether they still need it." back=LinkTo::new("/members", "Members")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<AccessReview>) -> impl IntoView {
    let Page { ticket, data } = page;
    let when = match &data.last {
        Some(last) => format!("Last looked at {last}. Due again {}.", data.due),
        None => format!("Never looked at yet. Due {}.", data.due),
    };
    let rows = data.members.into_iter().map(row).collect_view();
    view! {
        {if data.overdue {
            view! { <Notice tone=Tone::Brass title="Due now">{when}</Notice> }.into_any()
        } else {
            view! { <p class="muted">{when}</p> }.into_any()
        }}
        <Panel title="Members" flush=true>
            <Table caption="Members and their access" heads=vec![Head::new("Name"), Head::new("Role"), Head::new("Last here"), Head::new("Not used in 90 days")]>{rows}</Table>
        </Panel>
        <Looked ticket/>
    }
}

fn row(member: Reviewed) -> impl IntoView {
    let seen = member.last_seen.unwrap_or_else(|| "Never".into());
    let unused = if member.unused.is_empty() { "–".to_owned() } else { member.unused.join(", ") };
    view! {
        <tr>
            <Cell lead=true>{member.name}</Cell>
            <Cell label="Role">{member.role.label()}</Cell>
            <Cell label="Last here">{seen}" "{member.dormant.then(|| view! { <Badge tone=Tone::Brass text="Dormant"/> })}</Cell>
            <Cell label="Not used">{unused}</Cell>
        </tr>
    }
}

#[component]
fn Looked(ticket: Ticket) -> impl IntoView {
    let action = action::<RecordReview>();
    view! {
        <Panel title="Done?">
            <p>"Change roles and let people go on the members page first. Then put on the audit trail that you looked."</p>
            <Form action ticket name="review">
                <div class="form__actions"><Button look=Look::Primary>"I have looked at everybody"</Button></div>
            </Form>
        </Panel>
    }
}
