//! A person's answer to a program. Runs on the server alone.

use super::{BACK, TO};
use domain::{
    Permission, Refusal,
    forms::{Done, Flash, Page, Post},
    ids::ProgramId,
    machines::{Reach, Scope},
    programs::{Asked, Consent, DeviceForm, LetInForm, ProgramQuery, WrongAsk, offered},
};
use gate::{AppError, Result};
use std::{collections::BTreeMap, sync::Arc};
use store::{Actor, Db};
use uuid::Uuid;

/// Seconds it waits there: as long as a code is good for.
const BACK_AGE: u32 = 60;

pub async fn asked(link: String) -> Result<Page<Consent>> {
    let (_, actor) = gate::front(Permission::OwnAccount, None).await?;
    let (_, asked) = read(&link)?;
    gate::page(consent(&actor, link, asked.program.name, &asked.reach, None)).await
}

pub async fn let_in(post: Post, link: &str, form: LetInForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    let (query, asked) = read(link)?;
    let reach = given(&actor, &asked.reach, &form)?;
    let code = db.front_door().let_program_in(&actor, &asked, &reach).await?;
    back(&db, query.back(&gate::origin_url()?, &[("code", &code.reveal())])).await
}

pub async fn refuse(post: Post, link: &str) -> Result<Done> {
    let (db, _) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    let (query, _) = read(link)?;
    back(&db, query.back(&gate::origin_url()?, &[("error", "access_denied")])).await
}

pub async fn find_device(post: Post, form: DeviceForm) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    let ask = db.front_door().find_device(&actor, &form.code).await?;
    Ok(gate::go(format!("/device?ask={ask}")))
}

pub async fn device_asked(ask: &str) -> Result<Page<Option<Consent>>> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    let found = match Uuid::parse_str(ask) {
        Ok(id) => db.front_door().device_asked(&actor, id.into()).await?,
        Err(_) => None,
    };
    let data = found.map(|found| {
        consent(&actor, ask.to_owned(), found.program.name, &found.reach, Some((found.ip, found.machine)))
    });
    gate::page(data).await
}

pub async fn answer_device(post: Post, ask: ProgramId, form: Option<LetInForm>) -> Result<Done> {
    let (db, actor) = match form {
        Some(_) => gate::confirmed(Permission::OwnAccount, &post).await?,
        None => gate::front(Permission::OwnAccount, Some(&post)).await?,
    };
    let asked = db.front_door().device_asked(&actor, ask).await?.ok_or(Refusal::NotFound)?;
    let reach = form.map(|form| given(&actor, &asked.reach, &form)).transpose()?;
    db.front_door().answer_device(&actor, ask, asked.program, reach.as_ref()).await?;
    Ok(gate::go(if reach.is_some() { "/device?answer=in" } else { "/device?answer=refused" }))
}

fn read(link: &str) -> Result<(ProgramQuery, Asked)> {
    let refused = |wrong| match wrong {
        WrongAsk::Stranger(words) | WrongAsk::Told(_, words) => AppError::from(Refusal::Conflict(words.into())),
    };
    let query = ProgramQuery::parse(link).map_err(refused)?;
    let asked = query.read().map_err(refused)?;
    Ok((query, asked))
}

fn given(actor: &Arc<Actor>, asked: &Reach, form: &LetInForm) -> Result<Reach> {
    if actor.second_step_due {
        return Err(AppError::SecondStep);
    }
    Ok(form.read(asked, |permission| actor.power.allows(permission))?)
}

fn consent(actor: &Actor, ask: String, program: &str, asked: &Reach, device: Option<(String, String)>) -> Consent {
    Consent {
        ask,
        program: program.to_owned(),
        shop: actor.shop_name.clone(),
        rooms: offered(asked, |permission| actor.power.allows(permission)),
        writes: asked.scope == Scope::Write,
        device,
    }
}

/// Browsers hold what a form may lead to against a whole chain of answers; a page of ours that goes on by itself is a new
/// beginning. The address waits for it sealed, and for no other page.
async fn back(db: &Db, to: String) -> Result<Done> {
    let values = BTreeMap::from([(TO.to_owned(), to)]);
    let flash = Flash { form: BACK.into(), values, ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = db.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), BACK_AGE, true);
    Ok(gate::go("/authorize/back"))
}
