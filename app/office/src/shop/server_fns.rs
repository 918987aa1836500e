//! Server functions of the shop's own page.

use domain::{
    Event, Permission,
    alerts::HoursForm,
    forms::{Done, Page, Post},
    ids::TaxRateId,
    passwords::PasswordRuleForm,
    shop::{ShopForm, ShopPage, TaxRateForm},
};
use gate::Result;
use leptos::prelude::*;

/// The shop's page.
#[server(prefix = "/fn", endpoint = "office/find_shop")]
pub async fn find_shop() -> Result<Page<ShopPage>> {
    let mut tx = gate::read(Permission::ManageShop).await?;
    gate::page(store::identity::shop::find(&mut tx).await?).await
}

/// Changes what stands on the shop's papers.
#[server(prefix = "/fn", endpoint = "office/change_shop")]
pub async fn change_shop(post: Post, version: i32, form: ShopForm) -> Result<Done> {
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    store::identity::shop::change(&mut tx, version, &form.read()?).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::ShopChanged { shop }, "/shop").await
}

/// Adds a tax rate.
#[server(prefix = "/fn", endpoint = "office/add_tax_rate")]
pub async fn add_tax_rate(post: Post, form: TaxRateForm) -> Result<Done> {
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    store::identity::shop::add_rate(&mut tx, &form.read()?).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::TaxRatesChanged { shop }, "/shop").await
}

/// Stops charging a tax rate.
#[server(prefix = "/fn", endpoint = "office/archive_tax_rate")]
pub async fn archive_tax_rate(post: Post, rate: TaxRateId) -> Result<Done> {
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    store::identity::shop::archive_rate(&mut tx, rate).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::TaxRatesChanged { shop }, "/shop").await
}

/// Says when the shop is open.
#[server(prefix = "/fn", endpoint = "office/change_hours")]
pub async fn change_hours(post: Post, form: HoursForm) -> Result<Done> {
    gate::confirmed(Permission::ManageShop, &post).await?;
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    store::identity::shop::change_hours(&mut tx, &form.read()?).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::OpeningHoursChanged { shop }, "/shop").await
}

/// Says what the shop asks of new passwords.
#[server(prefix = "/fn", endpoint = "office/ask_of_passwords")]
pub async fn ask_of_passwords(post: Post, #[server(default)] form: PasswordRuleForm) -> Result<Done> {
    gate::confirmed(Permission::ManageShop, &post).await?;
    let mut tx = gate::write(Permission::ManageShop, &post).await?;
    store::identity::shop::ask_of_passwords(&mut tx, !form.cmmc.is_empty()).await?;
    let shop = tx.actor().shop;
    gate::done(tx, Event::PasswordRulesChanged { shop }, "/shop").await
}
