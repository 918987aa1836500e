//! Server functions of alerts.

use domain::{
    Permission,
    alerts::{AlertFilter, AlertForm, Alerts},
    forms::{Done, Page, Post},
    ids::AlertId,
};
use gate::Result;
use leptos::prelude::*;

/// One page of alerts, the newest first.
#[server(prefix = "/fn", endpoint = "office/list_alerts")]
pub async fn list_alerts(#[server(default)] filter: AlertFilter) -> Result<Page<Alerts>> {
    let mut tx = gate::read(Permission::SeeAlerts).await?;
    let (rows, before) = store::alerts::list(&mut tx, &filter).await?;
    let open = store::alerts::open(&mut tx).await?;
    let power = tx.actor().power;
    let (may_close, may_plant) = (power.allows(Permission::CloseAlerts), power.allows(Permission::ManageDecoys));
    let (hours, may_say_hours) = (store::alerts::hours_are_set(&mut tx).await?, power.allows(Permission::ManageShop));
    gate::page(Alerts { rows, open, before, may_close, may_plant, hours, may_say_hours }).await
}

/// Closes one, with what came of it.
#[server(prefix = "/fn", endpoint = "office/close_alert")]
pub async fn close_alert(post: Post, alert: AlertId, form: AlertForm) -> Result<Done> {
    let mut tx = gate::write(Permission::CloseAlerts, &post).await?;
    match store::alerts::close(&mut tx, alert, &form.read()?).await? {
        Some(event) => gate::done(tx, event, "/alerts").await,
        None => {
            tx.commit_unsaid("/alerts").await?;
            Ok(gate::go("/alerts"))
        }
    }
}
