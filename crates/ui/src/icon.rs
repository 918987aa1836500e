//! Icons: a closed set of strokes on a 20 by 20 grid, drawn inline so that they take the colour of the text.

use leptos::prelude::*;

/// What an icon shows. An icon never stands alone as the only name of a control.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Icon {
    Home,
    Jobs,
    Calendar,
    Clients,
    Site,
    Door,
    Invoice,
    Key,
    Ledger,
    Team,
    Settings,
    Search,
    Plus,
    Check,
    Warning,
    Stop,
    Info,
    Phone,
    Pin,
    Mail,
    Clock,
    Pen,
    Camera,
    Back,
    Next,
    More,
    SignOut,
    Lock,
    Person,
    Printer,
    Link,
    Shield,
    Van,
}

impl Icon {
    /// The path of the strokes.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "M3 9.5 10 3.5l7 6M5 8v8.5h10V8M8.5 16.5v-5h3v5",
            Self::Jobs => "M5 4.5h10v12.5H5zM7.5 4.5V3h5v1.5M7.5 9h5M7.5 12.5h5",
            Self::Calendar => "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5M7 12h2.5",
            Self::Clients => {
                "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c.3-3 2.3-4.5 5.5-4.5s5.2 1.5 5.5 4.5M13 4a2.7 2.7 0 0 1 0 5.2M15 12.3c1.8.6 2.8 2 3 4.2"
            }
            Self::Site => "M4 17V3.5h8V17M12 8h4.5v9M2.5 17h15M6.5 7h1M9 7h.5M6.5 10.5h1M9 10.5h.5M7 17v-3h2v3",
            Self::Door => "M5 17.5V2.5h10v15M3 17.5h14M12.2 10v1",
            Self::Invoice => "M5 2.5h10v15l-2-1.3-1.5 1.3L10 16.2l-1.5 1.3L7 16.2l-2 1.3zM8 6.5h4M8 9.5h4M8 12.5h2",
            Self::Key => "M6.5 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM9.7 10h8v3M14 10v2.5",
            Self::Ledger => "M4 3h12v14H4zM7 3v14M9.5 7h4M9.5 10h4M9.5 13h4",
            Self::Team => {
                "M10 8.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM4.5 17c.2-4 2.2-6 5.5-6s5.3 2 5.5 6M7.5 17v-2M12.5 17v-2"
            }
            Self::Settings => "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
            Self::Search => "M8.7 14a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6zM12.6 12.6l4.4 4.4",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Check => "M4 10.5l4 4 8-9",
            Self::Warning => "M10 3l7.5 13.5h-15zM10 8v4M10 14v.3",
            Self::Stop => "M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7zM10 6.5v4.5M10 13.5v.3",
            Self::Info => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9v5M10 6v.3",
            Self::Phone => "M4 3h3l1.5 4-2 1.5a10 10 0 0 0 5 5l1.5-2 4 1.5v3c-7.5 1.5-14.5-5.5-13-13z",
            Self::Pin => {
                "M10 17.5c3.8-4 5.5-6.8 5.5-9.3a5.5 5.5 0 0 0-11 0c0 2.5 1.7 5.3 5.5 9.3zM10 10a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z"
            }
            Self::Mail => "M2.5 4.5h15v11h-15zM2.5 5.5l7.5 6 7.5-6",
            Self::Clock => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 5.5V10l3 2",
            Self::Pen => "M3 17l1-4L13.5 3.5l3 3L7 16zM11.5 5.5l3 3M10 17h7",
            Self::Camera => "M2.5 6h4L8 4h4l1.5 2h4v10h-15zM10 13.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4z",
            Self::Back => "M12 4.5 6.5 10l5.5 5.5",
            Self::Next => "M8 4.5l5.5 5.5L8 15.5",
            Self::More => "M4 6h12M4 10h12M4 14h12",
            Self::SignOut => "M8 3.5H4v13h4M8.5 10H17M13.5 6.5 17 10l-3.5 3.5",
            Self::Lock => "M4.5 9h11v8h-11zM7 9V6a3 3 0 0 1 6 0v3M10 12v2",
            Self::Person => "M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM4 17c.3-3.7 2.5-5.2 6-5.2s5.7 1.5 6 5.2",
            Self::Printer => "M6 7.5V3h8v4.5M6 14H3V7.5h14V14h-3M6 11.5h8V17H6z",
            Self::Link => {
                "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1"
            }
            Self::Shield => "M10 2.5l6.5 2v5c0 4-2.5 6.5-6.5 8-4-1.5-6.5-4-6.5-8v-5zM7 9.8l2.2 2.2 4-4.5",
            Self::Van => {
                "M1.5 5h10v9h-10zM11.5 8H15l3.5 3.5V14h-7M5 16.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM15 16.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z"
            }
        }
    }
}

/// The icon, hidden from screen readers: the words beside it say the same.
#[component]
pub fn IconMark(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
