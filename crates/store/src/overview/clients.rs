//! Clients with what they owe, and a client with everything about it.

use crate::{ReadTx, Result, Scope};
use domain::{
    Permission, Role,
    clients::{
        ClientMatch,
        list::{ClientFilter, ClientList},
        page::{ClientPage, ClientRights},
    },
    ids::ClientId,
};
use sqlx::query;
use std::collections::HashMap;
use uuid::Uuid;

/// What is open on the issued invoices of these clients, in minor units; a client who owes nothing is not in it.
async fn owed(tx: &mut impl Scope, clients: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        r#"select client_id, sum(total_minor - paid_minor)::bigint as "owed!" from app.invoices
           where shop_id = $1 and client_id = any($2) and status in ('sent', 'part_paid') group by client_id"#,
        shop,
        clients
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.owed)).collect())
}

/// One page of the list of clients, with what each owes for those who see money.
///
/// # Errors
/// Only faults.
pub async fn clients(tx: &mut ReadTx, filter: &ClientFilter) -> Result<ClientList> {
    let mut page = crate::clients::list(tx, filter).await?;
    let power = tx.actor().power;
    page.may_edit = power.allows(Permission::EditClients);
    page.sees_money = power.allows(Permission::SeeInvoices);
    if page.sees_money {
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        let owed = owed(tx, &ids).await?;
        page.rows.iter_mut().for_each(|row| row.owed_minor = owed.get(&row.id).copied().unwrap_or_default());
    }
    Ok(page)
}

/// Who is calling, with what each owes for those who see money: [`crate::clients::lookup`] for the intake form.
///
/// # Errors
/// Only faults.
pub async fn callers(tx: &mut ReadTx, q: &str) -> Result<Vec<ClientMatch>> {
    let found = crate::clients::lookup(tx, q).await?;
    with_debts(tx, found).await
}

/// One client in use, as [`callers`] gives it.
///
/// # Errors
/// Only faults.
pub async fn caller(tx: &mut ReadTx, id: ClientId) -> Result<Option<ClientMatch>> {
    let found = crate::clients::by_ids(tx, &[id.uuid()]).await?;
    Ok(with_debts(tx, found).await?.pop())
}

async fn with_debts(tx: &mut ReadTx, mut found: Vec<ClientMatch>) -> Result<Vec<ClientMatch>> {
    if tx.actor().power.allows(Permission::SeeInvoices) && !found.is_empty() {
        let ids: Vec<_> = found.iter().map(|client| client.id).collect();
        let owed = owed(tx, &ids).await?;
        found
            .iter_mut()
            .for_each(|client| client.open_balance_minor = Some(owed.get(&client.id).copied().unwrap_or_default()));
    }
    Ok(found)
}

/// All of a client's page.
///
/// # Errors
/// Not found.
pub async fn client(tx: &mut ReadTx, id: ClientId) -> Result<ClientPage> {
    let power = tx.actor().power;
    let client = crate::clients::find(tx, id).await?;
    let owed_minor = match power.allows(Permission::SeeInvoices) {
        true => Some(owed(tx, &[id.uuid()]).await?.remove(&id.uuid()).unwrap_or_default()),
        false => None,
    };
    let links = match power.allows(Permission::SharePortal) && !client.forgotten {
        true => Some(tx.db().front_door().portal_links(tx.actor(), id).await?),
        false => None,
    };
    let (in_reach, owner) = (!client.forgotten, tx.actor().role == Role::Owner);
    Ok(ClientPage {
        client,
        links,
        sites: crate::sites::of(tx, id).await?,
        contacts: crate::clients::contacts::of(tx, id).await?,
        notes: crate::clients::notes::of(tx, id).await?,
        jobs: super::jobs::of(tx, id.uuid(), None).await?,
        keys: match power.allows(Permission::SeeBittings) {
            true => Some(crate::bittings::count(tx, id).await?),
            false => None,
        },
        history: super::history(tx, power, id.uuid()).await?,
        owed_minor,
        currency: tx.currency(),
        rights: ClientRights {
            edit: in_reach && power.allows(Permission::EditClients),
            take_call: in_reach && power.allows(Permission::CreateJobs),
            record_keys: in_reach && power.allows(Permission::EditBittings),
            forget: in_reach && owner && power.allows(Permission::ManageShop),
            case_file: in_reach && power.allows(Permission::MakeCaseFiles),
        },
    })
}
