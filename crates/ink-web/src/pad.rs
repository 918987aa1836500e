//! One pad: its elements, and what is drawn on it.

use std::cell::{Cell, RefCell};

use ink::{Ink, PointerKind, Sample, Sheet};
use wasm_bindgen::JsCast;
use web_sys::{
    CanvasRenderingContext2d, Element, Event, EventInit, HtmlCanvasElement, HtmlInputElement, PointerEvent, Window,
};

use crate::{draw, listen};

/// Device pixels to a CSS pixel beyond this only cost memory.
const MAX_RATIO: f64 = 3.0;
/// Narrower than this, a screen held upright leaves little room for a name. CSS pixels.
const NARROW: f64 = 480.0;
/// Set on a pad whose form was not sent for want of a signature.
const REFUSED: &str = "signature-pad--refused";

/// The elements of one pad and its sheet.
pub struct Pad {
    /// The element with `data-signature-pad`.
    pub root: Element,
    /// Where it is drawn.
    pub canvas: HtmlCanvasElement,
    /// The window it is in.
    pub window: Window,
    field: HtmlInputElement,
    hint: Option<Element>,
    context: CanvasRenderingContext2d,
    sheet: RefCell<Sheet>,
    /// Device pixels to a CSS pixel, at most [`MAX_RATIO`].
    ratio: Cell<f64>,
}

impl Pad {
    /// Finds the parts inside `root` and shows what the hidden field already holds.
    pub fn find(root: &Element) -> Option<Self> {
        let canvas: HtmlCanvasElement = root.query_selector("canvas").ok()??.dyn_into().ok()?;
        let field: HtmlInputElement = root.query_selector("input[type=hidden]").ok()??.dyn_into().ok()?;
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let hint = root.query_selector(".signature-pad__hint").ok()?;
        let window = web_sys::window()?;
        let sheet = RefCell::new(Sheet::new(0.0, 0.0, 1.0));
        let pad = Self { root: root.clone(), canvas, window, field, hint, context, sheet, ratio: Cell::new(1.0) };
        pad.claim_touch();
        pad.restore();
        pad.fit(true);
        pad.advise_landscape();
        Some(pad)
    }

    /// Without these a finger scrolls the page instead of drawing, and a long press selects.
    fn claim_touch(&self) {
        let style = self.canvas.style();
        for (property, value) in [
            ("touch-action", "none"),
            ("user-select", "none"),
            ("-webkit-user-select", "none"),
            ("-webkit-touch-callout", "none"),
        ] {
            // A browser that does not know a property ignores it.
            let _ = style.set_property(property, value);
        }
    }

    fn restore(&self) {
        match Ink::parse(&self.field.value()) {
            Ok(ink) => self.sheet.borrow_mut().restore(ink),
            // What nobody can read must not be sent again.
            Err(_) => self.field.set_value(""),
        }
    }

    fn advise_landscape(&self) {
        let length = |side: Result<wasm_bindgen::JsValue, _>| side.ok().and_then(|side| side.as_f64()).unwrap_or(0.0);
        let (width, height) = (length(self.window.inner_width()), length(self.window.inner_height()));
        if width < NARROW && width < height && self.sheet.borrow().ink().strokes().is_empty() {
            self.say("Turn your phone sideways for more room.");
        }
    }

    /// Makes the canvas as fine as the screen and redraws it from the strokes, when its size changed or `always`.
    pub fn fit(&self, always: bool) {
        let (width, height) = self.size();
        if width < 1.0 || height < 1.0 {
            return; // Not shown at present.
        }
        let ratio = self.window.device_pixel_ratio().clamp(1.0, MAX_RATIO);
        let fine = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if !always && fine == (self.canvas.width(), self.canvas.height()) {
            return;
        }
        self.ratio.set(ratio);
        self.canvas.set_width(fine.0);
        self.canvas.set_height(fine.1);
        self.pin(width, height);
        self.sheet.borrow_mut().resize(width, height, ratio);
        self.redraw();
    }

    /// Content box of the canvas in CSS pixels.
    fn size(&self) -> (f64, f64) {
        let frame = self.canvas.get_bounding_client_rect();
        let border = (f64::from(self.canvas.client_left()), f64::from(self.canvas.client_top()));
        (frame.width() - 2.0 * border.0, frame.height() - 2.0 * border.1)
    }

    /// A canvas whose size no style sheet sets takes that of its bitmap, and would grow each time it is refined.
    fn pin(&self, width: f64, height: f64) {
        let now = self.size();
        if (now.0 - width).abs() > 0.5 || (now.1 - height).abs() > 0.5 {
            let style = self.canvas.style();
            let _ = style.set_property("box-sizing", "content-box");
            // Whole pixels: formatting fractions would weigh more in WASM than all drawing.
            let _ = style.set_property("width", &format!("{}px", width.round() as u32));
            let _ = style.set_property("height", &format!("{}px", height.round() as u32));
        }
    }

    /// Draws everything anew.
    pub fn redraw(&self) {
        let mut sheet = self.sheet.borrow_mut();
        sheet.fresh_segments();
        draw::blank(&self.context, &self.canvas);
        draw::segments(&self.context, self.ratio.get() * sheet.scale(), &sheet.ink().segments());
    }

    /// A contact on the canvas. True when it draws.
    pub fn begin(&self, event: &PointerEvent) -> bool {
        // A move to another screen changes the ratio without changing the size.
        self.fit(false);
        let kind = PointerKind::from_word(&event.pointer_type()).unwrap_or(PointerKind::Mouse);
        let began = self.sheet.borrow_mut().begin(event.pointer_id(), kind, self.sample(event));
        if began {
            let _ = self.root.class_list().remove_1(REFUSED);
            self.say("");
            // A pen may have wiped away the ink of the hand.
            self.redraw();
        } else if self.sheet.borrow().is_full() {
            self.say("The pad is full. Undo a stroke or clear it.");
        }
        began
    }

    /// The drawing contact moved: takes the readings the browser bundled into this event, if it tells them.
    pub fn extend(&self, event: &PointerEvent) {
        if !self.sheet.borrow().is_active(event.pointer_id()) {
            return;
        }
        let mut sheet = self.sheet.borrow_mut();
        let bundled = listen::coalesced(event);
        if bundled.is_empty() {
            sheet.extend(event.pointer_id(), self.sample(event));
        }
        for reading in &bundled {
            sheet.extend(event.pointer_id(), self.sample(reading));
        }
        let fresh = sheet.fresh_segments();
        draw::segments(&self.context, self.ratio.get() * sheet.scale(), &fresh);
    }

    /// The drawing contact lifted or was taken away by the system.
    pub fn end(&self, event: &PointerEvent) {
        if self.sheet.borrow_mut().end(event.pointer_id()) {
            self.changed();
        }
    }

    /// Takes back the last stroke.
    pub fn undo(&self) {
        let had = self.sheet.borrow_mut().undo();
        self.say(if had { "Last stroke removed." } else { "There is nothing to undo." });
        self.changed();
    }

    /// Takes back everything.
    pub fn clear(&self) {
        self.sheet.borrow_mut().clear();
        self.say("The pad is empty.");
        self.changed();
    }

    /// Why the ink on the pad is no signature; `None` when it is one.
    pub fn complaint(&self) -> Option<ink::InkError> {
        self.sheet.borrow().ink().ensure_signature().err()
    }

    /// Empties the field, for a form sent with a typed name beside a stray mark.
    pub fn withhold(&self) {
        self.field.set_value("");
    }

    /// Marks the pad as missing its signature and says why.
    pub fn refuse(&self, words: &str) {
        let _ = self.root.class_list().add_1(REFUSED);
        self.say(words);
        self.root.scroll_into_view();
    }

    fn say(&self, words: &str) {
        if let Some(hint) = &self.hint {
            hint.set_text_content(Some(words));
        }
    }

    /// Redraws, so that the picture is exactly the SVG's, and tells the form.
    fn changed(&self) {
        self.redraw();
        let json = {
            let sheet = self.sheet.borrow();
            if sheet.ink().strokes().is_empty() { String::new() } else { sheet.ink().to_json() }
        };
        self.field.set_value(&json);
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &bubbling) {
            // Whether a listener cancelled it does not matter.
            let _ = self.field.dispatch_event(&event);
        }
    }

    fn sample(&self, event: &PointerEvent) -> Sample {
        let frame = self.canvas.get_bounding_client_rect();
        let (x, y) = listen::position(event);
        Sample {
            x: x - frame.left() - f64::from(self.canvas.client_left()),
            y: y - frame.top() - f64::from(self.canvas.client_top()),
            pressure: f64::from(event.pressure()),
            at: event.time_stamp(),
        }
    }
}
