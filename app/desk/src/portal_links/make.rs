//! Making a link: its token is known here and nowhere else. Runs on the server alone.

use super::panel::{FORM, SHOWN};
use domain::{
    Permission, Refusal,
    forms::{Flash, Post},
    ids::{ClientId, ContactId},
};
use gate::{AppError, Result};
use std::collections::BTreeMap;
use store::{Token, mail::Mail};

/// Seconds a link waits to be shown: the lifetime of a flash.
const FLASH_AGE: u32 = 600;

pub async fn link(post: &Post, client: ClientId, contact: ContactId, mailed: bool) -> Result<()> {
    let mut tx = gate::read(Permission::SharePortal).await?;
    let recipient = store::portal::recipients(&mut tx, client)
        .await?
        .into_iter()
        .find(|one| one.id == contact)
        .ok_or(Refusal::NotFound)?;
    drop(tx);
    let (db, actor) = gate::front(Permission::SharePortal, Some(post)).await?;
    let site = gate::origin_url()?;
    let address = move |token: &Token| format!("{site}/p/{}", token.reveal());
    if !mailed {
        let token = db.front_door().show_portal_link(&actor, &post.id, client, contact).await?;
        return show_once(&db, address(&token)).await;
    }
    if recipient.email.is_empty() {
        return Err(Refusal::Conflict(format!(
            "{} has no e-mail address. Add one, or show the link and send it another way.",
            recipient.name
        ))
        .into());
    }
    let shop = actor.shop_name.clone();
    db.front_door()
        .mail_portal_link(&actor, &post.id, client, contact, move |token| Mail {
            to: recipient.email,
            subject: format!("Your invoices and work orders with {shop}"),
            text: format!(
                "Hello {},\n\nhere you see your invoices, jobs and work orders with {shop}, and sign what is to be signed:\n\n{}\n\nThe link works for 30 days. Whoever has it can see your papers, so keep it to yourself.\n\n{shop}\n",
                recipient.name,
                address(token)
            ),
        })
        .await?;
    Ok(())
}

/// Keeps the link, sealed, for the next page alone.
async fn show_once(db: &store::Db, link: String) -> Result<()> {
    let flash = Flash { form: FORM.into(), values: BTreeMap::from([(SHOWN.to_owned(), link)]), ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = db.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), FLASH_AGE, true);
    Ok(())
}
