//! Closed sets: enums whose values are stored and posted as short texts and shown as words.

/// A value from a closed set. The stored text is the same in SQL, in forms and in JSON.
pub trait Choice: Copy + PartialEq + 'static {
    /// Every value, in the order a person should be offered them.
    const ALL: &'static [Self];

    /// The stored text, such as `en_route`.
    fn as_str(self) -> &'static str;

    /// The words a person reads, such as "On the way".
    fn words(self) -> &'static str;

    /// The value with this stored text; `None` for anything else.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == text)
    }
}

impl Choice for crate::permission::Role {
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }

    fn words(self) -> &'static str {
        self.label()
    }
}

/// Declares an enum that is a [`Choice`]: `Name = "stored_text", "Words";` for each value.
#[macro_export]
macro_rules! closed_set {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $value:ident = $text:literal, $words:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $value,)+ }

        impl $crate::choice::Choice for $name {
            const ALL: &'static [Self] = &[$($name::$value),+];
            fn as_str(self) -> &'static str { match self { $($name::$value => $text),+ } }
            fn words(self) -> &'static str { match self { $($name::$value => $words),+ } }
        }

        impl $name {
            /// The stored text.
            pub fn as_str(self) -> &'static str { $crate::choice::Choice::as_str(self) }
            /// The words a person reads.
            pub fn words(self) -> &'static str { $crate::choice::Choice::words(self) }
            /// The value with this stored text; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> { <Self as $crate::choice::Choice>::parse(text) }
        }
    };
}
