//! The only `<textarea>` of the project.

use super::fields::{Around, wire};
use leptos::prelude::*;

/// Several lines of text. Leptos 0.8 prints a textarea's children unescaped (stored XSS), so the text goes in escaped by
/// hand; the line break before it is the one that HTML parsers drop.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = 3)] rows: u8,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let field = wire(&name, !hint.is_empty());
    let text = field.typed.unwrap_or(value);
    let escaped = format!("\n{}", escape(&text));
    let error = field.error;
    view! {
        <Around id=field.id.clone() label hint wide=true optional error>
            <textarea class="textarea" id=field.id name=field.wire rows=rows.to_string() placeholder=placeholder
                aria-describedby=field.described aria-invalid=move || error.get().map(|_| "true") inner_html=escaped prop:value=text></textarea>
        </Around>
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_text_cannot_end_its_textarea() {
        assert_eq!(escape("</textarea><script>&"), "&lt;/textarea&gt;&lt;script&gt;&amp;");
    }
}
