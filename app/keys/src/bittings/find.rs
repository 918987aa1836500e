//! `/bittings/find`: whose key is this? Looks through everything sealed, names records, opens none.

use super::{
    list::BittingTable,
    server_fns::{search_bittings, search_ready},
};
use domain::{
    bittings::{FindForm, Found},
    forms::{Page, Post},
};
use gate::{AppError, Shown, confirm_path, load};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_meta::Title;
use ui::{Button, ButtonLink, EmptyState, Icon, LinkTo, Look, PageHeader, Panel, Refused};

/// The page.
#[component]
pub fn FindKeyPage() -> impl IntoView {
    let page = load(|| (), |()| search_ready());
    view! {
        <Title text="Whose key is this?"/>
        <PageHeader title="Whose key is this?" subtitle="By its stamp, its code or its cuts, read from either end. The search itself stands in the audit trail."
            back=LinkTo::new("/bittings", "Bitting records")/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<bool>) -> impl IntoView {
    let Page { ticket, data: confirmed } = page;
    if !confirmed {
        return view! {
            <Panel title="Confirm it is you">
                <p class="muted">"Looking through what is sealed asks for a fresh proof of who you are."</p>
                <ButtonLink href=confirm_path("/bittings/find") look=Look::Primary icon=Icon::Lock>"Confirm it is you"</ButtonLink>
            </Panel>
        }
        .into_any();
    }
    let found = RwSignal::new(None::<Found>);
    view! {
        <Panel title="The key in your hand"><Search shop=ticket.shop found/></Panel>
        {move || found.get().map(|found| view! { <Result found/> })}
    }
    .into_any()
}

#[component]
fn Result(found: Found) -> impl IntoView {
    let among = match found.among {
        1 => "Looked through the one record that opens to you alone.".to_owned(),
        more => format!("Looked through {more} records. Top secret ones open to two people and are not among them."),
    };
    let table = if found.rows.is_empty() {
        view! { <EmptyState title="No such key on record" words=among/> }.into_any()
    } else {
        view! { <p class="muted">{among}</p><BittingTable rows=found.rows/> }.into_any()
    };
    view! { <section class="stack" role="status">{table}</section> }
}

#[component]
fn Search(shop: String, found: RwSignal<Option<Found>>) -> impl IntoView {
    let form = RwSignal::new(FindForm::default());
    let (problem, busy, awake) = (RwSignal::new(None::<AppError>), RwSignal::new(false), RwSignal::new(false));
    Effect::new(move || awake.set(true));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let answer = search_bittings(Post { shop: shop.clone(), ..Post::default() }, form.get_untracked());
        spawn_local(async move {
            let answer = answer.await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            problem.set(answer.as_ref().err().cloned());
            found.set(answer.ok());
        });
    };
    let wrong =
        move |field: &'static str| problem.with(|error| error.as_ref().and_then(|error| error.errors().remove(field)));
    let field = move |name: &'static str, label: &'static str, hint: &'static str, put: fn(&mut FindForm, String)| {
        let id = format!("find-{name}");
        view! {
            <div class="field" class:field--error=move || wrong(name).is_some()>
                <label class="field__label" for=id.clone()>{label}</label>
                <input class="input" id=id maxlength="200" autocomplete="off" on:input=move |event| form.update(|form| put(form, event_target_value(&event)))/>
                <p class="field__hint">{hint}</p>
                <p class="field__error" hidden=move || wrong(name).is_none()>{move || wrong(name)}</p>
            </div>
        }
    };
    view! {
        <form class="form" method="post" on:submit=send>
            {move || problem.get().filter(|error| error.errors().is_empty()).map(|error| view! { <div class="form__problem" role="alert">{error.problem()}</div> })}
            <fieldset class="fieldset" disabled=move || !awake.get()>
                <legend class="visually-hidden">"What is looked for"</legend>
                <div class="form__grid">
                    {field("key_code", "Stamp or code", "As on the key.", |form, text| form.key_code = text)}
                    {field("bitting", "Cuts", "From either end.", |form, text| form.bitting = text)}
                    {field("reason", "Why you look", "Found in the street; client at the counter.", |form, text| form.reason = text)}
                </div>
                <div class="form__actions"><Button look=Look::Primary icon=Icon::Search disabled=busy>"Look"</Button></div>
            </fieldset>
            <noscript><p class="muted">"Searching what is sealed needs a script."</p></noscript>
        </form>
    }
}
