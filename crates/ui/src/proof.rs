//! What a reader can check without us: the checkpoint at the foot of a paper, and the files of a proof.

use domain::audit::Stamp;
use leptos::prelude::*;

/// The newest checkpoint, printed: whoever keeps the paper can show later what the shop's record held.
#[component]
pub fn StampLine(stamp: Stamp) -> impl IntoView {
    let Stamp { size, root, fingerprint, at } = stamp;
    view! {
        <p class="stamp">
            {format!("The shop's record, {at}: {size} entries, root ")}<span class="stamp__code" translate="no">{root}</span>
            ". Key "<span class="stamp__code" translate="no">{fingerprint}</span>"."
        </p>
    }
}

/// Links to a proof, to the document it is about and to the page that checks both. `at` is the path of the proof.
#[component]
pub fn ProofLinks(#[prop(into)] at: String, #[prop(optional)] event: bool) -> impl IntoView {
    let document = (!event).then(|| {
        view! { <li><a href=format!("{at}/document") rel="external">"The document"</a>", byte for byte as it was recorded"</li> }
    });
    view! {
        <p>"Keep these files together. With them anybody can check, now or in years, that nothing was changed: without us, and without a network."</p>
        <ul class="proof-links">
            <li><a href=at rel="external">"The proof"</a>" that it stands in the shop's record"</li>
            {document}
            <li><a href="/verify.html" rel="external">"The page that checks them"</a></li>
        </ul>
    }
}
