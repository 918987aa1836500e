//! The field for photos: one input to choose some, and on a telephone one that opens the camera.

use super::fields::{Around, wire};
use leptos::prelude::*;

/// What photos may be. A telephone that keeps others hands over one of these.
const KINDS: &str = "image/jpeg,image/png,image/webp";

/// Files of a form that was given `files`. Stands last in it, so that the words come before the pictures.
#[component]
pub fn PhotoField(
    /// Field of the form struct.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let field = wire(&name, true);
    let error = field.error;
    let hint = "JPEG, PNG or WebP, up to 25 MB each. Where and when they were taken is not kept from the file.";
    view! {
        <Around id=field.id.clone() label="Photos".into() hint=hint.into() wide=true optional=false error>
            <input class="input input--file" id=field.id.clone() name=field.wire.clone() type="file" accept=KINDS multiple=true
                aria-describedby=field.described aria-invalid=move || error.get().map(|_| "true")/>
            <label class="input--camera">
                "Or take one now"
                <input class="input input--file" name=field.wire type="file" accept=KINDS capture="environment"/>
            </label>
        </Around>
    }
}
