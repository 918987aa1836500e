//! Programs signed in as oneself, on the account's page.

use super::server_fns::{SignProgramOut, my_programs};
use domain::{
    forms::{Page, Ticket},
    programs::ProgramRow,
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use ui::{Button, Cell, EmptyState, Form, Head, Look, Panel, Table};

/// The list.
#[component]
pub fn MyPrograms() -> impl IntoView {
    let page = load(|| (), |()| my_programs());
    view! { <Shown page children=|page| view! { <Signed page/> }/> }
}

#[component]
fn Signed(page: Page<Vec<ProgramRow>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let heads =
        vec![Head::new("Program"), Head::new("Reaches"), Head::new("Since"), Head::new("Last used"), Head::new("")];
    let inside = if data.is_empty() {
        view! { <EmptyState title="No program is signed in as you" words="One asks you first, in your browser, and shows up here."/> }.into_any()
    } else {
        let rows = data.into_iter().map(|program| view! { <Row program ticket=ticket.clone()/> }).collect_view();
        view! { <Table caption="Programs signed in as you" heads>{rows}</Table> }.into_any()
    };
    view! { <Panel title="Programs signed in as you" flush=true>{inside}</Panel> }
}

#[component]
fn Row(program: ProgramRow, ticket: Ticket) -> impl IntoView {
    let action = action::<SignProgramOut>();
    let id = program.id.to_string();
    view! {
        <tr>
            <Cell lead=true>{program.name}<br/><span class="muted small">{program.shop}</span></Cell>
            <Cell label="Reaches">{program.reach}</Cell>
            <Cell label="Since"><span class="nowrap">{program.since}</span></Cell>
            <Cell label="Last used"><span class="nowrap">{program.used}</span><br/><span class="muted small">{program.machine}", "{program.ip}</span></Cell>
            <Cell>
                <Form action ticket name=format!("program-{id}") class="row">
                    <input type="hidden" name="program" value=id.clone()/>
                    <Button look=Look::Danger>"Sign out"</Button>
                </Form>
            </Cell>
        </tr>
    }
}
