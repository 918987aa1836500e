//! Listening to pointers, buttons and the size of the pad.

use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, PointerEvent, ResizeObserver};

use crate::pad::Pad;

/// A listener that is taken away when dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    call: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens in the capturing phase, so that nothing inside can keep an event from us, and not passively, so that
    /// `preventDefault` works.
    pub fn new(target: &EventTarget, name: &'static str, call: impl FnMut(Event) + 'static) -> Option<Self> {
        let call = Closure::new(call);
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        options.set_passive(false);
        target.add_event_listener_with_callback_and_add_event_listener_options(name, function(&call), &options).ok()?;
        Some(Self { target: target.clone(), name, call })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Removing a listener that is gone is no error worth telling.
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, function(&self.call), true);
    }
}

fn function(call: &Closure<dyn FnMut(Event)>) -> &Function {
    call.as_ref().unchecked_ref()
}

/// A size observer that stops when dropped.
pub struct Resize {
    observer: ResizeObserver,
    _call: Closure<dyn FnMut()>,
}

impl Resize {
    /// Refits the pad whenever its canvas changes size.
    pub fn observe(pad: &Rc<Pad>) -> Option<Self> {
        let ours = pad.clone();
        let call = Closure::<dyn FnMut()>::new(move || ours.fit(false));
        let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
        observer.observe(&pad.canvas);
        Some(Self { observer, _call: call })
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Contacts start on the canvas; moving and lifting count anywhere, so that a stroke may leave the box.
pub fn pointer(pad: &Rc<Pad>) -> Option<Vec<Listener>> {
    let (began, moved) = (pad.clone(), pad.clone());
    let begin = move |event: Event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        // Other buttons of a mouse or a pen mean something else.
        if event.button() == 0 && began.begin(event) && event.pointer_type() != "touch" {
            // Keeps a mouse from selecting text outside. Not for touch: there it breaks drawing on iPadOS.
            event.prevent_default();
        }
    };
    let extend = move |event: Event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            moved.extend(event);
        }
    };
    let window: &EventTarget = &pad.window;
    Some(vec![
        Listener::new(&pad.canvas, "pointerdown", begin)?,
        Listener::new(window, "pointermove", extend)?,
        Listener::new(window, "pointerup", ending(pad))?,
        Listener::new(window, "pointercancel", ending(pad))?,
        // iPadOS's Scribble swallows the pen's moves unless the touch events under them are refused.
        Listener::new(&pad.canvas, "touchmove", |event| event.prevent_default())?,
    ])
}

/// A lifted contact and one the system takes away both end the stroke; else the pad would be locked.
fn ending(pad: &Rc<Pad>) -> impl FnMut(Event) + 'static {
    let pad = pad.clone();
    move |event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            pad.end(event);
        }
    }
}

/// The buttons; one that is missing is no error.
pub fn tools(pad: &Rc<Pad>) -> Vec<Listener> {
    let button = |which: &str| -> Option<Element> { pad.root.query_selector(which).ok()? };
    let (undo, clear) = (pad.clone(), pad.clone());
    let undo = button("[data-pad=undo]").and_then(|button| Listener::new(&button, "click", move |_| undo.undo()));
    let clear = button("[data-pad=clear]").and_then(|button| Listener::new(&button, "click", move |_| clear.clear()));
    undo.into_iter().chain(clear).collect()
}

/// The readings a browser bundled into one move; none where it does not tell (Safari before 17, plain http).
pub fn coalesced(event: &PointerEvent) -> Vec<PointerEvent> {
    let known = Reflect::get(event, &JsValue::from_str("getCoalescedEvents")).is_ok_and(|method| method.is_function());
    let bundle = if known { event.get_coalesced_events() } else { Array::new() };
    bundle.iter().filter_map(|reading| reading.dyn_into().ok()).collect()
}

/// Position in the window with fractions, which the typed getters cut off.
pub fn position(event: &PointerEvent) -> (f64, f64) {
    let read = |name: &str| {
        Reflect::get(event, &JsValue::from_str(name)).ok().and_then(|number| number.as_f64()).unwrap_or(f64::NAN)
    };
    (read("clientX"), read("clientY"))
}
