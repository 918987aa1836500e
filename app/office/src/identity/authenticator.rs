//! Asking the browser's authenticator. The browser itself reads our options and writes down its answer
//! (`parse…OptionsFromJSON`, `toJSON`); one that cannot is one without passkeys.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn of(holder: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(holder, &name.into()).ok().filter(|found| !found.is_undefined())
}

fn reader(making: bool) -> Option<(JsValue, Function)> {
    let class = of(&window(), "PublicKeyCredential")?;
    let name = if making { "parseCreationOptionsFromJSON" } else { "parseRequestOptionsFromJSON" };
    let reader = of(&class, name)?.dyn_into().ok()?;
    Some((class, reader))
}

/// Whether this browser has passkeys.
pub fn able() -> bool {
    reader(true).is_some()
}

/// What the authenticator answers; nothing when the person said no, or there is none.
pub async fn answer(options: &str, making: bool) -> Option<String> {
    let (class, reader) = reader(making)?;
    let options = reader.call1(&class, &JSON::parse(options).ok()?).ok()?;
    let ask = Object::new();
    Reflect::set(&ask, &"publicKey".into(), &options).ok()?;
    let credentials = of(&of(&window(), "navigator")?, "credentials")?;
    let act: Function = of(&credentials, if making { "create" } else { "get" })?.dyn_into().ok()?;
    let promise: Promise = act.call1(&credentials, &ask).ok()?.dyn_into().ok()?;
    let credential = JsFuture::from(promise).await.ok().filter(|found| !found.is_null())?;
    JSON::stringify(&credential).ok().map(Into::into)
}
