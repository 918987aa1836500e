//! The office's frame: rail, top bar, content. On a phone the rail becomes a bar at the bottom.
//! Menus are native popovers: they open, close and take Escape without a script.

use crate::{Avatar, Icon, IconMark, Mark, SearchBox, safe_href};
use leptos::children::ViewFnOnce;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::components::A;
use wasm_bindgen::JsCast;

/// A place in the rail. The first four stand in the phone's bottom bar, the others behind "more".
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NavItem {
    /// The path.
    pub href: String,
    /// Its name.
    pub words: String,
    /// Its picture.
    pub icon: Icon,
    /// How many things wait there.
    pub waiting: i64,
}

impl NavItem {
    /// A place in the rail.
    pub fn new(href: impl Into<String>, words: impl Into<String>, icon: Icon) -> Self {
        Self { href: href.into(), words: words.into(), icon, waiting: 0 }
    }

    /// The same, with so many things waiting there.
    #[must_use]
    pub fn waiting(self, waiting: i64) -> Self {
        Self { waiting, ..self }
    }

    fn item(self) -> impl IntoView {
        let exact = self.href == "/";
        view! {
            <li class="rail__item">
                <A href=self.href exact=exact attr:class="rail__link">
                    <IconMark icon=self.icon/>
                    <span class="rail__words">{self.words}</span>
                    {(self.waiting > 0).then(|| view! { <Waiting count=self.waiting/> })}
                </A>
            </li>
        }
    }
}

/// A number at a place of the rail.
#[component]
fn Waiting(count: i64) -> impl IntoView {
    let words = format!("{count} open");
    view! { <span class="rail__count"><span aria-hidden="true">{count}</span><span class="visually-hidden">{words}</span></span> }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// The role in this shop, as people call it.
    pub role: String,
}

/// How many places stand in the phone's bottom bar.
const IN_THE_BAR: usize = 4;

/// Closes the popover a link was chosen from: a page changed by script would leave it open.
fn close_popover(event: &MouseEvent) {
    let list = event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    // A refusal means that it was not open: on a desktop the list is no popover at all.
    let _ = list.map(|list| list.hide_popover());
}

/// The frame. `menu` is what the person's menu holds (links and the sign-out form); `take_call` is the path
/// of the intake form, if this person may use it.
#[component]
pub fn OfficeFrame(
    nav: Vec<NavItem>,
    #[prop(into)] shop: String,
    person: Person,
    #[prop(into)] menu: ViewFnOnce,
    #[prop(optional, into)] search: Option<String>,
    #[prop(optional, into)] take_call: Option<String>,
    /// The technician's density: larger type and 56 px targets.
    #[prop(optional)]
    field: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="office" data-density=field.then_some("field")>
            <a class="skip" href="#main">"Skip to content"</a>
            <header class="bar">
                <a class="bar__shop" href="/">
                    <Mark/>
                    <span class="bar__shop-name">{shop}</span>
                </a>
                {search.map(|action| view! {
                    <SearchBox action id="search" label="Search" placeholder="Name, phone, address, job or invoice number"/>
                })}
                {take_call.map(|href| view! {
                    <a class="button button--primary bar__call" href=safe_href(&href)>
                        <IconMark icon=Icon::Phone/>
                        <span class="bar__call-words">"Take a call"</span>
                    </a>
                })}
                <PersonMenu person menu/>
            </header>
            <Rail nav/>
            <main class="content" id="main" tabindex="-1">{children()}</main>
        </div>
    }
}

#[component]
fn PersonMenu(person: Person, menu: ViewFnOnce) -> impl IntoView {
    view! {
        <div class="menu">
            <button type="button" class="menu__button" popovertarget="person-menu">
                <Avatar name=person.name.clone()/>
                <span class="menu__who">{person.name.clone()}</span>
                <span class="visually-hidden">"Menu"</span>
            </button>
            <div class="menu__panel" id="person-menu" popover="auto" on:click=move |event| close_popover(&event)>
                <p class="menu__person">
                    <strong>{person.name}</strong>
                    <span>{person.role}</span>
                </p>
                {menu.run()}
            </div>
        </div>
    }
}

#[component]
fn Rail(nav: Vec<NavItem>) -> impl IntoView {
    let mut first = nav;
    let rest = first.split_off(first.len().min(IN_THE_BAR));
    let waiting: i64 = rest.iter().map(|item| item.waiting).sum();
    let more = (!rest.is_empty()).then(|| view! {
        <button type="button" class="rail__more" popovertarget="rail-more">
            <IconMark icon=Icon::More/>
            <span class="rail__words">"More"</span>
            {(waiting > 0).then(|| view! { <Waiting count=waiting/> })}
        </button>
        <ul class="rail__list rail__list--more" id="rail-more" popover="auto" on:click=move |event| close_popover(&event)>
            {rest.into_iter().map(NavItem::item).collect_view()}
        </ul>
    });
    view! {
        <nav class="rail" aria-label="Main">
            <ul class="rail__list">{first.into_iter().map(NavItem::item).collect_view()}</ul>
            {more}
        </nav>
    }
}
