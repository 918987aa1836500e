//! Tables: dense on a desk, cards on a phone, real tables for screen readers.

use crate::safe_href;
use leptos::prelude::*;

/// Which way a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Smallest or earliest first.
    Up,
    /// Largest or latest first.
    Down,
}

/// The head of one column.
#[derive(Clone, Debug, Default)]
pub struct Head {
    words: String,
    number: bool,
    sort_href: Option<String>,
    sorted: Option<Sorted>,
}

impl Head {
    /// A column of words.
    pub fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }

    /// A column of figures, set to the right.
    pub fn number(words: impl Into<String>) -> Self {
        Self { words: words.into(), number: true, ..Self::default() }
    }

    /// Makes the head a link that sorts by this column; `sorted` says how it is sorted now.
    pub fn sortable(self, href: impl Into<String>, sorted: Option<Sorted>) -> Self {
        Self { sort_href: Some(href.into()), sorted, ..self }
    }

    fn cell(self) -> impl IntoView {
        let aria_sort = self.sorted.map(|sorted| match sorted {
            Sorted::Up => "ascending",
            Sorted::Down => "descending",
        });
        let blank = self.words.is_empty();
        let words = match self.sort_href {
            Some(href) => view! { <a class="table__sort" href=safe_href(&href)>{self.words}</a> }.into_any(),
            None => self.words.into_any(),
        };
        // A column of buttons has no heading, and an empty one would be announced.
        if blank {
            return view! { <td></td> }.into_any();
        }
        view! { <th scope="col" class:is-number=self.number aria-sort=aria_sort>{words}</th> }.into_any()
    }
}

/// A table. `caption` names it for screen readers; children are `<tr>` of [`Cell`]s.
#[component]
pub fn Table(#[prop(into)] caption: String, heads: Vec<Head>, children: Children) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>{heads.into_iter().map(Head::cell).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// One cell. `label` repeats the column's name where the table is shown as cards; `lead` is the cell that
/// names the row; `number` sets figures to the right.
#[component]
pub fn Cell(
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional)] lead: bool,
    #[prop(optional)] number: bool,
    children: Children,
) -> impl IntoView {
    view! { <td data-label=label class:is-lead=lead class:is-number=number>{children()}</td> }
}
