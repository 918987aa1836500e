//! `/account/shops`: the shops in which somebody works, and the way from one to the other.

use super::server_fns::{SwitchShop, workplaces};
use domain::{
    forms::{Page, Ticket},
    people::Workplace,
};
use gate::{Shown, action_away, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Form, Head, LinkTo, PageHeader, Panel, Table, Tone};

/// The shops of whoever is signed in.
#[component]
pub fn ShopsPage() -> impl IntoView {
    let page = load(|| (), |()| workplaces());
    view! {
        <Title text="Your shops"/>
        <PageHeader title="Your shops" subtitle="You are in one shop at a time: its clients, its jobs, its keys." back=LinkTo::new("/account", "Your sessions")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Vec<Workplace>>) -> impl IntoView {
    let Page { ticket, data } = page;
    let alone = data.len() == 1;
    let rows = data
        .into_iter()
        .map(|one| {
            let (name, role) = (one.name.clone(), one.role.label());
            let step = if one.current {
                view! { <Badge tone=Tone::Verdigris text="You are here"/> }.into_any()
            } else {
                view! { <Enter shop=one ticket=ticket.clone()/> }.into_any()
            };
            view! {
                <tr>
                    <Cell lead=true>{name}</Cell>
                    <Cell label="As">{role}</Cell>
                    <Cell>{step}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Panel title="Where you work" flush=true>
            <Table caption="Your shops" heads=vec![Head::new("Shop"), Head::new("As"), Head::new("")]>{rows}</Table>
        </Panel>
        {alone.then(|| view! { <p class="muted">"Another shop that takes you on sends an invitation to your e-mail address; it appears here then."</p> })}
    }
}

#[component]
fn Enter(shop: Workplace, ticket: Ticket) -> impl IntoView {
    let action = action_away::<SwitchShop>();
    view! {
        <Form action ticket name=format!("enter-{}", shop.shop) class="row">
            <input type="hidden" name="shop" value=shop.shop.to_string()/>
            <Button>{format!("Go to {}", shop.name)}</Button>
        </Form>
    }
}
