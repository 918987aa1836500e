//! Loose keys of the demo. All cuts are invented.

use super::{clients::read, road::Hand};
use anyhow::Result;
use domain::{
    Event, Permission,
    bittings::BittingForm,
    ids::{ClientId, SiteId},
};

/// A key as the demo tells it.
#[derive(Clone, Copy)]
pub struct LooseKey {
    /// "Rear door".
    pub label: &'static str,
    /// What it is for; empty for a door of the first place.
    pub item: &'static str,
    /// Of the published specification; may be empty.
    pub make: &'static str,
    /// May be empty.
    pub keyway: &'static str,
    /// In the make's depths; may be empty.
    pub cuts: &'static str,
    /// Stamp or blind code; may be empty.
    pub code: &'static str,
    /// Opens to two people.
    pub top_secret: bool,
    /// No copies without leave.
    pub guarded: bool,
}

/// Puts it on record.
///
/// # Errors
/// Only faults.
pub async fn record(desk: &Hand, client: ClientId, site: Option<SiteId>, key: &LooseKey) -> Result<()> {
    let tick = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    let site = site.filter(|_| key.item.is_empty()).map(|site| site.to_string());
    let form = BittingForm {
        label: key.label.into(),
        item: key.item.into(),
        site: site.unwrap_or_default(),
        make: key.make.into(),
        keyway: key.keyway.into(),
        bitting: key.cuts.into(),
        key_code: key.code.into(),
        reading: "bow_to_tip".into(),
        source: if key.cuts.is_empty() { "code" } else { "decoded" }.into(),
        confidence: "likely".into(),
        do_not_duplicate: tick(key.guarded),
        top_secret: tick(key.top_secret),
        ..BittingForm::default()
    };
    let mut tx = desk.begin(Permission::EditBittings).await?;
    let record = store::bittings::create(&mut tx, client, &read(form.read())?).await?;
    Ok(tx.commit(Event::BittingRecorded { record, client }).await?)
}
