//! The signature pad in the browser: canvas, pointer events and buttons over `ink`. No framework.
//!
//! The pad's HTML comes from the server and is useless but harmless without script; a way to type the name stands
//! beside it. [`mount`] brings it to life:
//!
//! ```html
//! <div class="signature-pad" data-signature-pad="FIELD" data-typed="TYPED_FIELD CHECKBOX">
//!   <canvas class="signature-pad__canvas" width="600" height="200" role="img" aria-label="…"></canvas>
//!   <input type="hidden" name="FIELD" value="">
//!   <div class="signature-pad__tools">
//!     <button type="button" data-pad="undo">Undo stroke</button>
//!     <button type="button" data-pad="clear">Clear</button>
//!   </div>
//!   <p class="signature-pad__hint" role="status"></p>
//! </div>
//! ```
//!
//! After each stroke the hidden field holds [`ink::Ink::to_json`] and fires `input`. `data-typed` names the fields
//! that together are as good as ink; without it only ink will do.
#![forbid(unsafe_code)]

mod draw;
mod listen;
mod pad;
mod submit;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

use listen::Listener;
use pad::Pad;

/// A pad that works. Dropping it takes its listeners away and leaves the HTML and the drawn picture.
pub struct Mounted {
    root: Element,
    _listeners: Vec<Listener>,
    _resize: listen::Resize,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Failing would mean the attribute is not there.
        let _ = self.root.remove_attribute(READY);
    }
}

/// Set on a pad while it works, so that it is mounted once and tests and styles can see it.
const READY: &str = "data-ready";

/// Brings one pad to life. `None` when it already is, or its HTML lacks the canvas or the hidden field.
pub fn mount(root: &Element) -> Option<Mounted> {
    if root.has_attribute(READY) {
        return None;
    }
    let pad = Rc::new(Pad::find(root)?);
    let resize = listen::Resize::observe(&pad)?;
    let mut listeners = listen::pointer(&pad)?;
    listeners.extend(listen::tools(&pad));
    listeners.extend(submit::guard(&pad));
    root.set_attribute(READY, "").ok()?;
    Some(Mounted { root: root.clone(), _listeners: listeners, _resize: resize })
}

/// Brings every pad of a page to life for as long as the page lives; returns how many.
pub fn mount_all(document: &Document) -> usize {
    let Ok(found) = document.query_selector_all("[data-signature-pad]") else { return 0 };
    let roots = (0..found.length()).filter_map(|nth| found.item(nth)?.dyn_into::<Element>().ok());
    roots.filter_map(|root| mount(&root)).map(std::mem::forget).count()
}
