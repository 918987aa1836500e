//! Server functions of exports.

use domain::{
    Permission,
    exports::{ExportForm, Exports},
    forms::{Done, Page, Post},
};
use gate::Result;
use leptos::prelude::*;

/// What may be exported, and who exported what.
#[server(prefix = "/fn", endpoint = "office/open_exports")]
pub async fn open_exports() -> Result<Page<Exports>> {
    let mut tx = gate::read(Permission::SeeAudit).await?;
    gate::page(store::exports::page(&mut tx).await?).await
}

/// Records an export; the file is fetched from the page.
#[server(prefix = "/fn", endpoint = "office/run_export")]
pub async fn run_export(post: Post, #[server(default)] form: ExportForm) -> Result<Done> {
    let (kind, reason) = match form.read() {
        Ok(read) => read,
        Err(errors) => {
            // Whoever may not export at all is told that first.
            gate::front(Permission::ExportAudit, Some(&post)).await?;
            return Err(errors.into());
        }
    };
    // Each export is its own entry, and auditors change nothing: not even that a form was sent.
    let (db, grant) = gate::secret(kind.permission(), &post).await?;
    store::exports::record(db.write(grant).await?, kind, &reason).await?;
    Ok(gate::go(MADE))
}

/// Where the newest export is fetched.
#[cfg(not(target_arch = "wasm32"))]
const MADE: &str = "/exports#made";
