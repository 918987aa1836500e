//! `/members/roles`: the whole policy as a table, the one the program goes by, and roles of the shop's own.

use super::server_fns::{DropRole, GiveRole, Roles, SaveRole, open_roles};
use domain::{
    Permission, Role,
    forms::{Page, Ticket},
    people::{BASES, CustomRole},
    shop::Member,
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Cell, Fact, Facts, Field, Form, Head, LinkTo, Look, PageHeader, Panel, Select, Table, Ticks};

/// Which role may do what, and what the shop takes from some.
#[component]
pub fn RolesPage() -> impl IntoView {
    let page = load(|| (), |()| open_roles());
    view! {
        <Title text="Roles"/>
        <PageHeader title="Roles" subtitle="Who may do what." back=LinkTo::new("/members", "Members")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<Roles>) -> impl IntoView {
    let Page { ticket, data } = page;
    let Roles { custom, members, may_give, may_make } = data;
    let own = custom
        .iter()
        .map(|role| {
            view! { <Own role=role.clone() members=members.clone() may_give may_make ticket=ticket.clone()/> }
        })
        .collect_view();
    view! {
        {own}
        {may_make.then(|| view! {
            <Panel title="A role of your own">
                <p>"Take a role and hold something back from it. It can never do more than the role it is made from."</p>
                <RoleForm ticket/>
            </Panel>
        })}
        <Policy/>
    }
}

#[component]
fn Policy() -> impl IntoView {
    let mut heads = vec![Head::new("May")];
    heads.extend(Role::ALL.iter().map(|role| Head::new(role.label())));
    let rows = Permission::ALL
        .iter()
        .map(|permission| {
            let marks = Role::ALL
                .iter()
                .map(|role| {
                    let allowed = role.allows(*permission);
                    view! { <Cell label=role.label()>{if allowed { "Yes" } else { "–" }}</Cell> }
                })
                .collect_view();
            view! { <tr><Cell lead=true>{permission.words()}</Cell>{marks}</tr> }
        })
        .collect_view();
    let purposes =
        Role::ALL.iter().map(|role| view! { <Fact name=role.label()>{role.purpose()}</Fact> }).collect_view();
    view! {
        <Panel title="What each role is for"><Facts>{purposes}</Facts></Panel>
        <Panel title="What each role may do" flush=true><Table caption="Roles and what they may do" heads>{rows}</Table></Panel>
    }
}

/// One role of the shop's own: what it holds back, who holds it.
#[component]
fn Own(role: CustomRole, members: Vec<Member>, may_give: bool, may_make: bool, ticket: Ticket) -> impl IntoView {
    let held = role.withheld.iter().map(|one| view! { <li>{one.words()}</li> }).collect_view();
    let (holds, lacks): (Vec<Member>, Vec<Member>) = members
        .into_iter()
        .filter(|member| !member.disabled && member.role == role.base.as_str())
        .partition(|member| role.holders.iter().any(|one| one.uuid() == member.id));
    let (id, title) = (role.id.to_string(), format!("{}: {}, less", role.name, role.base.label()));
    let holders = holds
        .into_iter()
        .map(|member| {
            let (ticket, id) = (ticket.clone(), id.clone());
            view! { <li class="row">{member.name.clone()}{may_give.then(|| view! { <TakeBack member role=id ticket/> })}</li> }
        })
        .collect_view();
    let (for_give, for_drop) = (ticket.clone(), ticket);
    let give = (may_give && !lacks.is_empty()).then(|| view! { <Give lacks role=id.clone() ticket=for_give/> });
    view! {
        <Panel title=title>
            <ul>{held}</ul>
            {(!role.holders.is_empty()).then(|| view! { <p class="muted">"Held by"</p><ul>{holders}</ul> })}
            {give}
            {(may_make && role.holders.is_empty()).then(|| view! { <Drop role=id ticket=for_drop/> })}
        </Panel>
    }
}

#[component]
fn Give(lacks: Vec<Member>, role: String, ticket: Ticket) -> impl IntoView {
    let action = action::<GiveRole>();
    let options: Vec<_> = lacks.into_iter().map(|member| (member.id.to_string(), member.name)).collect();
    view! {
        <Form action ticket name=format!("give-{role}")>
            <input type="hidden" name="form[role]" value=role/>
            <Select name="member" label="Give it to" options/>
            <div class="form__actions"><Button>"Give this role"</Button></div>
        </Form>
    }
}

#[component]
fn TakeBack(member: Member, role: String, ticket: Ticket) -> impl IntoView {
    let action = action::<GiveRole>();
    view! {
        <Form action ticket name=format!("take-{role}-{}", member.id) class="row">
            <input type="hidden" name="form[member]" value=member.id.to_string()/>
            <Button look=Look::Quiet>"Give the whole role back"</Button>
        </Form>
    }
}

#[component]
fn Drop(role: String, ticket: Ticket) -> impl IntoView {
    let action = action::<DropRole>();
    view! {
        <Form action ticket name=format!("drop-{role}") class="row">
            <input type="hidden" name="role" value=role/>
            <Button look=Look::Danger>"Remove this role"</Button>
        </Form>
    }
}

#[component]
fn RoleForm(ticket: Ticket) -> impl IntoView {
    let action = action::<SaveRole>();
    let bases: Vec<_> = BASES.iter().map(|role| (role.as_str().to_owned(), role.label().to_owned())).collect();
    let held: Vec<_> = Permission::ALL
        .iter()
        .filter(|permission| {
            **permission != Permission::OwnAccount && BASES.iter().any(|role| role.allows(**permission))
        })
        .map(|permission| (permission.to_string(), permission.words().to_owned()))
        .collect();
    view! {
        <Form action ticket name="role">
            <div class="form__grid">
                <Field name="name" label="Name" hint="Such as “Junior dispatcher”."/>
                <Select name="base" label="Made from" options=bases/>
            </div>
            <Ticks name="withheld" label="Held back" options=held/>
            <div class="form__actions"><Button look=Look::Primary>"Make the role"</Button></div>
        </Form>
    }
}
