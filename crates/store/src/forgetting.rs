//! What forgetting somebody would mean: what goes, what stays, and what stands in the way.

use crate::{ReadTx, Result, Scope, WriteTx};
use domain::{
    Event, Refusal,
    forgetting::{Forgetting, counted},
    ids::{ClientId, ContactId, PersonId},
};
use serde_json::json;
use sqlx::{query, query_as, query_scalar};

/// What goes of everybody's post.
const UNSENT: &str = "Letters to them that wait or could not be sent";
/// What stays of everybody, and why.
const LETTERS: &str = "Letters that went out: with whoever received them. Without a mail server they lie as files on this machine, readable, for 30 days.";
const CHAIN: &str = "The audit trail itself: that something was done, when, and to which record, under numbers that name nobody. It holds hashes, and they still add up.";

/// Before a client is forgotten.
///
/// # Errors
/// Not found.
pub async fn client(tx: &mut ReadTx, client: ClientId) -> Result<Forgetting> {
    let shop = tx.shop().uuid();
    let row = query_as!(
        OfClient,
        r#"select c.name, c.held_reason, c.forgotten_at is not null as "forgotten!",
             (select count(*) from app.jobs j where j.shop_id = c.shop_id and j.client_id = c.id and j.status in ('new','scheduled','en_route','on_site','completed')) as "open!",
             (select count(*) from app.invoices i where i.shop_id = c.shop_id and i.client_id = c.id and i.status in ('draft','sent','part_paid')) as "unpaid!",
             (select count(*) from app.invoices i where i.shop_id = c.shop_id and i.client_id = c.id and i.serial is not null) as "invoices!",
             (select count(distinct s.document_id) from app.signatures s where s.shop_id = c.shop_id and s.client_id = c.id) as "signed!",
             (select count(*) from app.contacts k where k.shop_id = c.shop_id and k.client_id = c.id and k.forgotten_at is null) as "contacts!",
             (select count(*) from app.sites s where s.shop_id = c.shop_id and s.client_id = c.id) as "sites!",
             (select count(*) from app.jobs j where j.shop_id = c.shop_id and j.client_id = c.id) as "jobs!",
             (select count(*) from app.client_notes n where n.shop_id = c.shop_id and n.client_id = c.id) as "notes!",
             (select count(*) from app.attachments a where a.shop_id = c.shop_id and a.client_id = c.id) as "photos!",
             (select count(*) from vault.bittings b where b.shop_id = c.shop_id and b.client_id = c.id) as "keys!"
           from app.clients c where c.shop_id = $1 and c.id = $2"#,
        shop,
        client.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let (goes, stays, obstacles) = (row.goes(), row.stays(), row.obstacles());
    let (name, forgotten, held) = (row.name, row.forgotten, row.held_reason);
    Ok(Forgetting { id: client.uuid(), client: client.uuid(), name, forgotten, held, obstacles, goes, stays })
}

/// What there is of a client.
struct OfClient {
    name: String,
    held_reason: String,
    forgotten: bool,
    open: i64,
    unpaid: i64,
    invoices: i64,
    signed: i64,
    contacts: i64,
    sites: i64,
    jobs: i64,
    notes: i64,
    photos: i64,
    keys: i64,
}

impl OfClient {
    fn goes(&self) -> Vec<String> {
        let lines = [
            Some("Name, addresses, telephones, e-mail, tags and the standing alert".to_owned()),
            counted(self.contacts, "contact", "contacts, with everything that names them"),
            counted(
                self.sites,
                "site with its openings, its codes and how to get in",
                "sites with their openings, their codes and how to get in",
            ),
            counted(
                self.jobs,
                "job's words: what was asked and done, by whom, and who was believed",
                "jobs' words: what was asked and done, by whom, and who was believed",
            ),
            counted(self.notes, "note", "notes"),
            counted(self.photos, "photo: its key is destroyed", "photos: their keys are destroyed"),
            counted(self.keys, "bitting record", "bitting records"),
            Some("Portal links and every visit by them".to_owned()),
            Some(UNSENT.to_owned()),
            Some("Who signed, from where, and the strokes; the proof of a signature then opens no name".to_owned()),
            Some(
                "What the audit trail notes beside its entries about them: names, reasons, addresses, what changed"
                    .to_owned(),
            ),
        ];
        lines.into_iter().flatten().collect()
    }

    fn stays(&self) -> Vec<String> {
        let lines = [
            counted(
                self.invoices,
                "issued invoice, as long as the law asks for it: the name and address on it with it",
                "issued invoices, as long as the law asks for them: the name and address on them with them",
            ),
            counted(
                self.signed,
                "signed work order, byte for byte, for it is evidence",
                "signed work orders, byte for byte, for they are evidence",
            ),
            Some(LETTERS.to_owned()),
            Some(CHAIN.to_owned()),
        ];
        lines.into_iter().flatten().collect()
    }

    fn obstacles(&self) -> Vec<String> {
        let lines = [
            (!self.held_reason.is_empty()).then(|| "There is a legal hold on this client. Lift it first.".to_owned()),
            counted(self.open, "job is open. Close or cancel it first.", "jobs are open. Close or cancel them first."),
            counted(
                self.unpaid,
                "invoice is a draft or not paid. Settle or void it first.",
                "invoices are drafts or not paid. Settle or void them first.",
            ),
        ];
        lines.into_iter().flatten().collect()
    }
}

/// Before a contact is forgotten.
///
/// # Errors
/// Not found.
pub async fn contact(tx: &mut ReadTx, contact: ContactId) -> Result<Forgetting> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select k.client_id, k.name, c.name as client, c.held_reason, k.forgotten_at is not null as "forgotten!",
             (select count(*) from app.jobs j where j.shop_id = k.shop_id and j.contact_id = k.id and j.status in ('new','scheduled','en_route','on_site','completed')) as "open!"
           from app.contacts k join app.clients c on c.shop_id = k.shop_id and c.id = k.client_id where k.shop_id = $1 and k.id = $2"#,
        shop,
        contact.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let obstacles = [
        (!row.held_reason.is_empty()).then(|| format!("There is a legal hold on {}. Lift it first.", row.client)),
        counted(
            row.open,
            "job they asked for is open. Close or cancel it first.",
            "jobs they asked for are open. Close or cancel them first.",
        ),
    ];
    Ok(Forgetting {
        id: contact.uuid(),
        client: row.client_id,
        name: row.name,
        forgotten: row.forgotten,
        held: String::new(),
        obstacles: obstacles.into_iter().flatten().collect(),
        goes: vec![
            "Name, position, telephone and e-mail".into(),
            "Portal links and every visit by them".into(),
            UNSENT.into(),
            "Their name and number as caller, and the authority checks of jobs they asked for".into(),
            "Who signed, from where, and the strokes, where they signed".into(),
            "What the audit trail notes beside its entries about them".into(),
        ],
        stays: vec![
            "Invoices, and work orders that were signed".into(),
            format!(
                "Jobs, sites and notes of {}. Where somebody wrote this name into them, take it out by hand.",
                row.client
            ),
            LETTERS.into(),
            CHAIN.into(),
        ],
    })
}

/// Before somebody who was a member is forgotten.
///
/// # Errors
/// Not found.
pub async fn member(tx: &mut ReadTx, member: PersonId) -> Result<Forgetting> {
    let row = query!(
        r#"select name as "name!", disabled_at is not null as "left!", forgotten as "forgotten!" from app.members() where person_id = $1"#,
        member.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let works = (!row.left).then(|| format!("{} is still a member. Let them go first.", row.name));
    let held =
        query_scalar!(r#"select name as "name!" from app.holds_on($1)"#, member.uuid()).fetch_all(tx.conn()).await?;
    let held = held.into_iter().map(|client| {
        format!("There is a legal hold on {client}, and what is noted about them would go too. Lift it first.")
    });
    Ok(Forgetting {
        id: member.uuid(),
        name: row.name,
        forgotten: row.forgotten,
        obstacles: works.into_iter().chain(held).collect(),
        goes: vec![
            "Name and e-mail; in each list and on each page they are called Forgotten".into(),
            "Their sign-in, unless they work in another shop here: password, second step, passkeys".into(),
            "Addresses and browsers of their sessions, and the invitation they came by".into(),
            UNSENT.into(),
            "What the audit trail notes beside what they did, values and reasons too".into(),
        ],
        stays: vec![
            "What they did, when, and to what: under a number that names nobody".into(),
            "Their name where they wrote it themselves, or others did, into jobs and notes".into(),
            LETTERS.into(),
            CHAIN.into(),
        ],
        ..Forgetting::default()
    })
}

/// Lays a legal hold on a client, or lifts it. Gives the event to commit.
///
/// # Errors
/// Not found.
pub async fn hold(tx: &mut WriteTx, client: ClientId, reason: &str) -> Result<Event> {
    let shop = tx.shop().uuid();
    let done = query!(
        "update app.clients set held_reason = $3, version = version + 1 where shop_id = $1 and id = $2",
        shop,
        client.uuid(),
        reason
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Refusal::NotFound.into());
    }
    tx.fact("reason", json!(reason));
    Ok(Event::HoldChanged { client, held: !reason.is_empty() })
}
