//! Kinds of job and what each demands. A version never changes: a job keeps the one it was created with.

use super::{from_json, to_json};
use crate::{ReadTx, Result, Scope, WriteTx};
use domain::{
    Event, Permission, Refusal,
    choice::Choice,
    jobs::{DefaultLine, JobKind, Requirements, TemplateChoice, TemplateForm, TemplatePage},
};
use sqlx::query;
use uuid::Uuid;

/// A template in the version new jobs are made from.
pub(crate) struct Current {
    pub id: Uuid,
    pub version: i32,
    pub name: String,
    pub requirements: Requirements,
    pub lines: Vec<DefaultLine>,
}

/// Kinds of job one can choose. A shop that has taken no call yet is offered the starters it will adopt with the first.
///
/// # Errors
/// Only faults.
pub async fn choices(tx: &mut impl Scope) -> Result<Vec<TemplateChoice>> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select t.key, t.name, v.requirements from app.job_templates t
         join app.job_template_versions v on v.shop_id = t.shop_id and v.template_id = t.id and v.version = t.current_version
         where t.shop_id = $1 and t.archived_at is null order by t.id",
        shop
    )
    .fetch_all(tx.conn())
    .await?;
    if rows.is_empty() {
        let starter = |kind: &JobKind| TemplateChoice {
            key: kind.as_str().into(),
            name: kind.words().into(),
            requirements: kind.starter().requirements,
        };
        return Ok(JobKind::ALL.iter().map(starter).collect());
    }
    rows.into_iter()
        .map(|row| Ok(TemplateChoice { key: row.key, name: row.name, requirements: from_json(row.requirements)? }))
        .collect()
}

/// Gives the shop the starters it does not have yet, as version 1.
///
/// # Errors
/// Only faults.
pub async fn adopt_starters(tx: &mut WriteTx) -> Result<()> {
    let shop = tx.shop().uuid();
    let ids: Vec<Uuid> = JobKind::ALL.iter().map(|_| Uuid::now_v7()).collect();
    let text = |words: fn(JobKind) -> &'static str| {
        JobKind::ALL.iter().map(|kind| words(*kind).to_owned()).collect::<Vec<String>>()
    };
    let starters = JobKind::ALL.iter().map(|kind| kind.starter());
    let (requirements, lines): (Vec<_>, Vec<_>) = starters
        .map(|starter| Ok((to_json(&starter.requirements)?, to_json(&starter.lines)?)))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    query!(
        "with fresh as (insert into app.job_templates (shop_id, id, key, name)
           select $1, t.id, t.key, t.name from unnest($2::uuid[], $3::text[], $4::text[]) t(id, key, name) on conflict (shop_id, key) do nothing returning id)
         insert into app.job_template_versions (shop_id, template_id, version, requirements, default_lines)
           select $1, v.id, 1, v.requirements, v.lines from unnest($2::uuid[], $5::jsonb[], $6::jsonb[]) v(id, requirements, lines) join fresh on fresh.id = v.id",
        shop, &ids, &text(JobKind::as_str), &text(JobKind::words), &requirements, &lines
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The template a new job is made from.
///
/// # Errors
/// Refuses the field `template` when the shop has none by that key.
pub(crate) async fn current(tx: &mut WriteTx, key: &str) -> Result<Current> {
    if let Some(found) = by_key(tx, key).await? {
        return Ok(found);
    }
    adopt_starters(tx).await?;
    by_key(tx, key).await?.ok_or_else(|| Refusal::field("template", "Choose a kind of job from the list.").into())
}

/// One kind of job, with all it demands.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut ReadTx, key: &str) -> Result<TemplatePage> {
    let (currency, may_change) = (tx.currency(), tx.actor().power.allows(Permission::ManageShop));
    let page = |key: &str, found: Current| TemplatePage {
        key: key.to_owned(),
        name: found.name,
        version: found.version,
        requirements: found.requirements,
        lines: found.lines,
        currency,
        may_change,
    };
    if let Some(found) = by_key(tx, key).await? {
        return Ok(page(key, found));
    }
    // Before the first call a shop has the starters in all but name.
    let kind = JobKind::parse(key).ok_or(Refusal::NotFound)?;
    let starter = kind.starter();
    Ok(page(
        key,
        Current {
            id: Uuid::nil(),
            version: 1,
            name: kind.words().into(),
            requirements: starter.requirements,
            lines: starter.lines,
        },
    ))
}

/// Writes the next version of a kind of job. Jobs that exist keep theirs.
///
/// # Errors
/// Words beside fields; a conflict when somebody wrote a version meanwhile.
pub async fn change(tx: &mut WriteTx, key: &str, form: &TemplateForm) -> Result<Event> {
    let before = current(tx, key).await.map_err(|_| Refusal::NotFound)?;
    let new = form.read(&before.requirements, tx.currency())?;
    let shop = tx.shop().uuid();
    let moved = query!(
        "update app.job_templates set name = $3, current_version = current_version + 1 where shop_id = $1 and id = $2 and current_version = $4",
        shop, before.id, new.name, new.version
    )
    .execute(tx.conn())
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Refusal::stale("kind of job").into());
    }
    let version = new.version + 1;
    query!(
        "insert into app.job_template_versions (shop_id, template_id, version, requirements, default_lines) values ($1, $2, $3, $4, $5)",
        shop, before.id, version, to_json(&new.requirements)?, to_json(&new.lines)?
    )
    .execute(tx.conn())
    .await?;
    tx.fact("template", new.name);
    Ok(Event::TemplateChanged { template: before.id.into(), version })
}

async fn by_key(tx: &mut impl Scope, key: &str) -> Result<Option<Current>> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select t.id, t.name, v.version, v.requirements, v.default_lines from app.job_templates t
         join app.job_template_versions v on v.shop_id = t.shop_id and v.template_id = t.id and v.version = t.current_version
         where t.shop_id = $1 and t.key = $2 and t.archived_at is null",
        shop, key
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Current {
            id: row.id,
            version: row.version,
            name: row.name,
            requirements: from_json(row.requirements)?,
            lines: from_json(row.default_lines)?,
        })
    })
    .transpose()
}
