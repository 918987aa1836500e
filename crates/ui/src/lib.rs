//! The look: fields, buttons, tables, timelines, documents. No server calls.
//!
//! Every component is plain data in, HTML out: no clock, no random, no locale, no `style=`. Class names are
//! catalogued in `style/README.md`. Words come from the page that uses the component.

mod avatar;
mod badge;
mod browser;
mod button;
mod disclosure;
mod document;
mod empty_state;
mod facts;
mod figure;
mod filter_bar;
mod form;
mod frame;
mod icon;
mod invoice_sheet;
mod links;
mod mark;
mod notice;
mod page_header;
mod pager;
mod panel;
mod print_button;
mod proof;
mod signature_pad;
mod stat_tile;
mod step_bar;
mod table;
mod timeline;
mod tone;

pub use avatar::{Avatar, initials};
pub use badge::{Badge, InvoiceBadge, JobBadge};
pub use browser::browser;
pub use button::{Button, ButtonLink, Look};
pub use disclosure::Disclosure;
pub use document::{Document, InkDrawing};
pub use empty_state::EmptyState;
pub use facts::{Fact, Facts};
pub use figure::{Code, Money};
pub use filter_bar::{FilterBar, SearchBox};
pub use form::{
    Action, Check, Choices, Field, Form, PhotoField, Progress, Refused, Reload, Select, SendFiles, Sent, TextArea,
    Ticks, Unsent,
};
pub use frame::{NavItem, OfficeFrame, Person, PortalFrame, SignInFrame};
pub use icon::{Icon, IconMark};
pub use invoice_sheet::InvoiceSheet;
pub use links::{CallButton, LinkTo, MailLink, MapsButton, PhoneLink, maps_href, safe_href, tel_href};
pub use mark::{Mark, Wordmark};
pub use notice::{Flash, Notice};
pub use page_header::PageHeader;
pub use pager::Pager;
pub use panel::Panel;
pub use print_button::PrintButton;
pub use proof::{ProofLinks, StampLine};
pub use signature_pad::SignaturePad;
pub use stat_tile::StatTile;
pub use step_bar::{Step, StepBar, StepState};
pub use table::{Cell, Head, Sorted, Table};
pub use timeline::{Timeline, TimelineEntry};
pub use tone::Tone;
