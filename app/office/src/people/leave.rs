//! `/members/{id}/leave`: everything that ends when somebody leaves the shop, in one act.

use super::server_fns::{LeavePage as Data, LetGo, find_leaving};
use domain::forms::Page;
use gate::{Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Cell, Check, Fact, Facts, Form, Head, LinkTo, Look, PageHeader, Panel, Select, Table};

/// A member who leaves.
#[component]
pub fn LeavePage() -> impl IntoView {
    let member = param("id");
    let page = load(
        move || member.get(),
        |member| async move {
            match member.parse() {
                Ok(member) => find_leaving(domain::ids::PersonId(member)).await,
                Err(_) => Err(domain::Refusal::NotFound.into()),
            }
        },
    );
    view! {
        <Title text="A member leaves"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let action = action::<LetGo>();
    let Page { ticket, data: Data { leaving, successors } } = page;
    let (name, links, count) = (leaving.name.clone(), leaving.links, leaving.visits.len());
    let rows = leaving
        .visits
        .into_iter()
        .map(|visit| {
            view! {
                <tr>
                    <Cell lead=true><a href=paths::job(visit.job)>{format!("Job {}", visit.number)}</a></Cell>
                    <Cell label="Client">{visit.client}</Cell>
                    <Cell label="When">{visit.starts}</Cell>
                </tr>
            }
        })
        .collect_view();
    let mut options = vec![(String::new(), "Choose".to_owned())];
    options.extend(successors.into_iter().map(|one| (one.id.to_string(), one.name)));
    view! {
        <PageHeader title=format!("{name} leaves") subtitle="All of this happens at once, and stands on the audit trail." back=LinkTo::new("/members", "Members")/>
        {(count > 0).then(|| view! {
            <Panel title="Open visits" flush=true>
                <Table caption="Open visits" heads=vec![Head::new("Job"), Head::new("Client"), Head::new("When")]>{rows}</Table>
            </Panel>
        })}
        <Panel title="What ends">
            <Facts>
                <Fact name="Membership">{format!("{}, from now on", leaving.role.label())}</Fact>
                <Fact name="Sessions and keys">{ended(leaving.sessions)}</Fact>
                <Fact name="What they have seen">
                    <a href=paths::query("/audit/openings", &[("person", &leaving.person.to_string())])>"Bittings and codes they opened"</a>": weigh what to rekey."
                </Fact>
                <Fact name="Portal links they made">{if links == 0 { "None is open".to_owned() } else { format!("{links} open") }}</Fact>
            </Facts>
            <Form action ticket name="leave">
                <input type="hidden" name="member" value=leaving.person.to_string()/>
                {(count > 0).then(|| view! { <Select name="successor" label="Who takes the visits over" options/> })}
                {(links > 0).then(|| view! { <Check name="end_links" label="End those links too: their clients will need new ones"/> })}
                <div class="form__actions"><Button look=Look::Danger>{format!("Let {name} go")}</Button></div>
            </Form>
        </Panel>
    }
}

fn ended(sessions: i64) -> String {
    match sessions {
        0 => "None is open".into(),
        1 => "One, ended at once".into(),
        more => format!("{more}, ended at once"),
    }
}
