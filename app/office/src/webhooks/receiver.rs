//! `/shop/webhooks/{id}`: one receiver, how it stands, what was given up and what was tried.

use super::{
    page::badges,
    server_fns::{
        PauseReceiver, ReplaceReceiverSecret, RestartReceiver, ResumeReceiver, SendAgain, TestReceiver,
        UnregisterReceiver, receiver,
    },
};
use domain::{
    forms::{Flash, Page, Ticket},
    ids::ReceiverId,
    webhooks::{DeadRow, ReceiverPage as Data, Standing, TryRow, range_words},
};
use gate::{Action, Shown, action, action_away, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, Cell, Fact, Facts, Field, Form, Head, Look, Notice, PageHeader, Panel, Table, Tone};

/// Name of the flash that shows a secret.
pub const FORM: &str = "receiver-shown";
/// Where the flash holds the secret.
pub const SHOWN: &str = "shown";

/// The page.
#[component]
pub fn ReceiverPage() -> impl IntoView {
    let id = param("id");
    let page = load(
        move || id.get(),
        |id| async move {
            match id.parse() {
                Ok(id) => receiver(ReceiverId(id)).await,
                Err(_) => Err(domain::Refusal::NotFound.into()),
            }
        },
    );
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let shown = ticket.flash.clone().filter(|flash| flash.form == FORM);
    let (name, title, url) = (data.row.name.clone(), data.row.name.clone(), data.row.url.clone());
    let id = data.row.id.to_string();
    let (for_dead, for_restart, for_acts) = (ticket.clone(), ticket.clone(), ticket);
    let (dead, tries, newest) = (data.dead.clone(), data.tries.clone(), data.newest);
    let standing = data.row.standing;
    let (acts_id, start_id) = (id.clone(), id.clone());
    let given_up = (!dead.is_empty()).then(|| view! { <GivenUp dead id ticket=for_dead/> });
    view! {
        <Title text=title/>
        <PageHeader title=name subtitle=url/>
        {shown.map(|flash| view! { <Fresh flash/> })}
        <div class="record">
            <div class="record__main">
                {given_up}
                <Panel title="Lately" flush=true><Lately tries/></Panel>
            </div>
            <aside class="record__aside">
                <Panel title="How it stands"><Stands data/></Panel>
                <Panel title="Do"><Acts id=acts_id standing ticket=for_acts/></Panel>
                <Panel title="Start again"><StartAgain id=start_id newest ticket=for_restart/></Panel>
            </aside>
        </div>
    }
}

/// The secret just made.
#[component]
fn Fresh(flash: Flash) -> impl IntoView {
    flash.values.get(SHOWN).cloned().map(|secret| {
        view! {
            <Notice tone=Tone::Verdigris title="Copy this secret now: it is shown only once">
                <input class="input" type="text" size="60" readonly=true value=secret aria-label="The secret" autocomplete="off"/>
                <p>"The receiver checks with it that a delivery is from here. "<a href="/api/v1/docs#webhooks" rel="external">"How"</a></p>
            </Notice>
        }
    })
}

#[component]
fn Stands(data: Data) -> impl IntoView {
    let badges = badges(&data.row);
    let place = format!("{} of {}", data.cursor, data.newest);
    let next = data.next_try.filter(|_| data.row.standing == Standing::On);
    view! {
        <Facts>
            <Fact name="Now">{badges}</Fact>
            <Fact name="Told">{data.row.groups}</Fact>
            <Fact name="Sent up to entry">{place}</Fact>
            {next.map(|at| view! { <Fact name="Tried again">{at}</Fact> })}
            {data.old_secret_until.map(|at| view! { <Fact name="Old secret signs until">{at}</Fact> })}
            <Fact name="Registered">{data.made}</Fact>
        </Facts>
    }
}

/// A form of one button.
#[component]
fn Act(
    action: Action,
    ticket: Ticket,
    name: String,
    id: String,
    #[prop(optional)] look: Look,
    words: &'static str,
) -> impl IntoView {
    view! {
        <Form action ticket name class="row">
            <input type="hidden" name="receiver" value=id.clone()/>
            <Button look>{words}</Button>
        </Form>
    }
}

#[component]
fn Acts(id: String, standing: Standing, ticket: Ticket) -> impl IntoView {
    let (test, replace, remove) =
        (action::<TestReceiver>(), action_away::<ReplaceReceiverSecret>(), action_away::<UnregisterReceiver>());
    let (switch, words) = match standing {
        Standing::On => (action::<PauseReceiver>(), "Pause"),
        Standing::Paused | Standing::Gone => (action::<ResumeReceiver>(), "Resume"),
    };
    view! {
        <div class="stack">
            <Act action=test ticket=ticket.clone() name="test".to_owned() id=id.clone() words="Send a test"/>
            <Act action=switch ticket=ticket.clone() name="switch".to_owned() id=id.clone() words/>
            <Act action=replace ticket=ticket.clone() name="secret".to_owned() id=id.clone() words="Replace the secret"/>
            <Act action=remove ticket name="remove".to_owned() id look=Look::Danger words="Remove"/>
        </div>
    }
}

#[component]
fn StartAgain(id: String, newest: i64, ticket: Ticket) -> impl IntoView {
    let restart = action::<RestartReceiver>();
    let hint =
        format!("Everything from this entry on is sent, again where it was sent before. The newest is {newest}.");
    view! {
        <Form action=restart ticket name="restart">
            <input type="hidden" name="receiver" value=id.clone()/>
            <Field name="entry" label="From entry" inputmode="numeric" hint=hint.clone()/>
            <div class="form__actions"><Button>"Start again"</Button></div>
        </Form>
    }
}

#[component]
fn GivenUp(dead: Vec<DeadRow>, id: String, ticket: Ticket) -> impl IntoView {
    let all = action::<SendAgain>();
    let waiting = dead.iter().any(|row| !row.again);
    let (for_all, all_id) = (ticket.clone(), id.clone());
    let every = waiting.then(|| {
        view! {
            <Form action=all ticket=for_all name="again-all" class="row">
                <input type="hidden" name="receiver" value=all_id.clone()/>
                <input type="hidden" name="delivery" value=""/>
                <Button>"Send all again"</Button>
            </Form>
        }
    });
    let rows: Vec<_> = dead.into_iter().map(|row| view! { <Dead row id=id.clone() ticket=ticket.clone()/> }).collect();
    let heads = vec![Head::new("Not accepted"), Head::new("Last answer"), Head::new("Last tried"), Head::new("")];
    view! {
        <Panel title="Given up" flush=true><Table caption="Deliveries that were given up" heads>{rows}</Table></Panel>
        {every}
    }
}

#[component]
fn Dead(row: DeadRow, id: String, ticket: Ticket) -> impl IntoView {
    let again = action::<SendAgain>();
    let delivery = row.id.to_string();
    let act = if row.again {
        view! { <Badge text="On its way"/> }.into_any()
    } else {
        view! {
            <Form action=again ticket name=format!("again-{delivery}") class="row">
                <input type="hidden" name="receiver" value=id.clone()/>
                <input type="hidden" name="delivery" value=delivery.clone()/>
                <Button look=Look::Quiet>"Send again"</Button>
            </Form>
        }
        .into_any()
    };
    view! {
        <tr>
            <Cell lead=true>{range_words(row.range.0, row.range.1)}</Cell>
            <Cell label="Last answer">{row.outcome}</Cell>
            <Cell label="Last tried"><span class="nowrap">{row.at}</span></Cell>
            <Cell>{act}</Cell>
        </tr>
    }
}

#[component]
fn Lately(tries: Vec<TryRow>) -> impl IntoView {
    if tries.is_empty() {
        return view! { <p class="panel__words muted">"Nothing was sent yet. Send a test to see that it arrives; it takes a moment, then load the page again."</p> }
            .into_any();
    }
    let heads = vec![Head::new("What"), Head::new("When"), Head::new("Answer"), Head::new("Took")];
    let rows: Vec<_> = tries
        .into_iter()
        .map(|row| {
            let tone = if row.accepted { Tone::Verdigris } else { Tone::Bad };
            view! {
                <tr>
                    <Cell lead=true>{row.what}</Cell>
                    <Cell label="When"><span class="nowrap">{row.at}</span></Cell>
                    <Cell label="Answer"><Badge tone text=row.outcome/></Cell>
                    <Cell label="Took">{format!("{} ms", row.millis)}</Cell>
                </tr>
            }
        })
        .collect();
    view! { <Table caption="The last fifty attempts" heads>{rows}</Table> }.into_any()
}
