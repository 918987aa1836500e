//! A person as two letters.

use leptos::prelude::*;

/// The first letters of the first and the last word of a name, as they are written.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

/// The letters in a disc; hidden from screen readers, the name always stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true">{initials(&name)}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Byron King"), "AK");
        assert_eq!(initials("  Élodie "), "É");
        assert_eq!(initials(""), "");
    }
}
