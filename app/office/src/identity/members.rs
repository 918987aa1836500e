//! The members page: who works here, as what, and who was invited.

use super::server_fns::{Invite, Members, RevokeInvite, SetMember, list_members};
use domain::{
    Role,
    choice::Choice,
    forms::{Page, Ticket},
    shop::{Member, OpenInvite},
};
use gate::{Shown, action, load};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Field, Form, Head, Look, PageHeader, Panel, Select, Table, Tone};

/// Members, invitations, and for owner and admin the forms to change them.
#[component]
pub fn MembersPage() -> impl IntoView {
    let page = load(|| (), |()| list_members());
    view! {
        <Title text="Members"/>
        <PageHeader title="Members" subtitle="Who works in this shop, and as what."/>
        <Shown page children=|page| view! { <Everybody page/> }/>
    }
}

#[component]
fn Everybody(page: Page<Members>) -> impl IntoView {
    let Page { ticket, data } = page;
    let (may, owner) = (data.may_manage, data.owner);
    let rows = data
        .members
        .into_iter()
        .map(|member| {
            let managed = may && member.id != data.me.uuid() && (owner || member.role != Role::Owner.as_str());
            view! { <MemberRow member managed owner ticket=ticket.clone()/> }
        })
        .collect_view();
    let invites =
        (!data.invites.is_empty()).then(|| view! { <Invited invites=data.invites may ticket=ticket.clone()/> });
    view! {
        <Panel title="In the shop" flush=true>
            <Table caption="Members" heads=vec![Head::new("Name"), Head::new("E-mail"), Head::new("Since"), Head::new("Role"), Head::new("")]>{rows}</Table>
        </Panel>
        {invites}
        {may.then(|| view! { <Panel title="Invite somebody"><InviteForm owner ticket/></Panel> })}
        <p class="row">
            <a href="/members/roles">"What each role may do"</a>
            {may.then(|| view! { <a href="/members/review">"Access review"</a> })}
            {may.then(|| view! { <a href="/members/second-step">"Who needs a second step"</a> })}
        </p>
    }
}

/// The roles somebody may give: an owner's is given by an owner.
fn given(owner: bool) -> impl Iterator<Item = &'static Role> {
    Role::ALL.iter().filter(move |role| owner || **role != Role::Owner)
}

fn roles(owner: bool) -> Vec<(String, String)> {
    given(owner).map(|role| (role.as_str().to_owned(), format!("{} – {}", role.words(), role.purpose()))).collect()
}

#[component]
fn MemberRow(member: Member, managed: bool, owner: bool, ticket: Ticket) -> impl IntoView {
    let label = member.role_label();
    let Member { name, email, since, disabled, forgotten, .. } = member.clone();
    view! {
        <tr>
            <Cell lead=true>{name}</Cell>
            <Cell label="E-mail">{email}</Cell>
            <Cell label="Since">{since}</Cell>
            <Cell label="Role">{if forgotten { view! { <Badge tone=Tone::Void text="Forgotten"/> }.into_any() } else if disabled { view! { <Badge tone=Tone::Void text="Left"/> }.into_any() } else { label.into_any() }}</Cell>
            <Cell>{(managed && !forgotten).then(|| view! { <Change member owner ticket/> })}</Cell>
        </tr>
    }
}

#[component]
fn Change(member: Member, owner: bool, ticket: Ticket) -> impl IntoView {
    let action = action::<SetMember>();
    let id = member.id.to_string();
    let (leave, forget) = (gate::paths::member_leave(&id), gate::paths::member_forget(&id));
    let options = given(owner)
        .map(|role| {
            let selected = role.as_str() == member.role;
            view! { <option value=role.as_str() selected=selected>{role.words()}</option> }
        })
        .collect_view();
    let save = if member.disabled { "Restore" } else { "Save role" };
    view! {
        <Form action ticket name=format!("role-{id}") class="row">
            <input type="hidden" name="member" value=id.clone()/>
            <input type="hidden" name="enabled" value="on"/>
            <select class="select" name="role" aria-label=format!("Role of {}", member.name)>{options}</select>
            <Button look=Look::Quiet>{save}</Button>
        </Form>
        {(!member.disabled).then(|| view! { <a class="button button--danger" href=leave>"Leaves…"</a> })}
        {(member.disabled && owner).then(|| view! { <a class="button button--danger" href=forget>"Forget…"</a> })}
    }
}

#[component]
fn Invited(invites: Vec<OpenInvite>, may: bool, ticket: Ticket) -> impl IntoView {
    let rows = invites
        .into_iter()
        .map(|invite| {
            let ticket = ticket.clone();
            view! {
                <tr>
                    <Cell lead=true>{invite.email.clone()}</Cell>
                    <Cell label="As">{Role::parse(&invite.role).map_or("", Role::label)}</Cell>
                    <Cell label="Valid until">{invite.expires.clone()}</Cell>
                    <Cell>{may.then(|| view! { <Withdraw id=invite.id.to_string() ticket/> })}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Panel title="Invited, not here yet" flush=true>
            <Table caption="Open invitations" heads=vec![Head::new("E-mail"), Head::new("As"), Head::new("Valid until"), Head::new("")]>{rows}</Table>
        </Panel>
    }
}

#[component]
fn Withdraw(id: String, ticket: Ticket) -> impl IntoView {
    let action = action::<RevokeInvite>();
    view! {
        <Form action ticket name=format!("withdraw-{id}") class="row">
            <input type="hidden" name="invite" value=id.clone()/>
            <Button look=Look::Quiet>"Withdraw"</Button>
        </Form>
    }
}

#[component]
fn InviteForm(owner: bool, ticket: Ticket) -> impl IntoView {
    let action = action::<Invite>();
    view! {
        <Form action ticket name="invite">
            <div class="form__grid">
                <Field name="email" label="E-mail" kind="email" hint="Only this address can accept, within seven days."/>
                <Select name="role" label="As" options=roles(owner) value="technician"/>
            </div>
            <div class="form__actions"><Button look=Look::Primary>"Send the invitation"</Button></div>
        </Form>
    }
}
