//! The signature pad: a canvas, its hidden field and two buttons. Put a way to type the name beside it.

use leptos::html::Div;
use leptos::prelude::*;

/// A pad to sign on. Its HTML is what `ink_web` mounts on, here once hydrated and on portal pages by their own small
/// entry; without script it is dead, so a typed name must stand beside it in the same form.
#[component]
pub fn SignaturePad(
    /// Name of the hidden field that carries `ink::Ink::to_json`, empty while nothing is drawn.
    #[prop(into)]
    name: String,
    /// What the pad is for, read out in place of the picture.
    #[prop(into, default = "Signature pad. Draw your signature here, or type your name instead.".into())]
    label: String,
    /// Ink drawn before, when a form is shown again.
    #[prop(into, default = String::new())]
    value: String,
    /// Names of the fields, separated by spaces, that together are as good as ink: the typed name and the box
    /// beside it. Empty: only ink will do.
    #[prop(into, default = String::new())]
    typed: String,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            // Lives in the effect's owner: gone with the component, and with it the listeners on the window.
            StoredValue::new_local(ink_web::mount(&root));
        }
    });
    let typed = (!typed.is_empty()).then_some(typed);
    view! {
        <div class="signature-pad" data-signature-pad=name data-typed=typed node_ref=root>
            <canvas class="signature-pad__canvas" width="600" height="200" role="img" aria-label=label></canvas>
            <input type="hidden" name=name.clone() value=value/>
            <div class="signature-pad__tools">
                <button type="button" data-pad="undo">"Undo stroke"</button>
                <button type="button" data-pad="clear">"Clear"</button>
            </div>
            <p class="signature-pad__hint" role="status"></p>
        </div>
    }
}
