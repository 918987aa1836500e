//! Programs that are signed in: for whom each speaks, and a person's own list of them.

use super::reach;
use crate::{
    Actor, Error, Origin, Result, Token,
    front_door::{FrontDoor, entry, roles},
    scope::Key,
};
use domain::{Event, Power, Refusal, Role, ids::ProgramId, money::Currency, programs::ProgramRow};
use sqlx::{query, query_scalar};

impl FrontDoor<'_> {
    /// For whom an access token speaks: its person with the person's own rights, narrowed. Notes the use, at most once a
    /// minute.
    ///
    /// # Errors
    /// Only faults.
    pub async fn resolve_program(&self, token: &Token, origin: Origin) -> Result<Option<Actor>> {
        let cap = token.cap();
        let Some(row) = query!(
            r#"select program_id as "program!", person_id as "person!", person_name as "name!", shop_id as "shop!", shop_name as "shop_name!",
               shop_slug as "shop_slug!", role as "role!", time_zone as "zone!", currency as "currency!", writes as "writes!", namespaces as "namespaces!",
               withheld as "withheld!", second_step_due as "second_step_due!" from auth.resolve_program($1, $2, $3)"#,
            cap.hash(),
            origin.ip,
            origin.user_agent
        )
        .fetch_optional(&self.db.auth)
        .await?
        else {
            return Ok(None);
        };
        let unreadable = || Error::Vault("a stored role or currency cannot be read".into());
        let role = Role::parse(&row.role).ok_or_else(unreadable)?;
        Ok(Some(Actor {
            session: row.program.into(),
            person: row.person.into(),
            name: row.name,
            shop: row.shop.into(),
            shop_name: row.shop_name,
            shop_slug: row.shop_slug,
            role,
            power: Power::less(role, &roles::permissions(&row.withheld)),
            zone: row.zone,
            currency: Currency::parse(&row.currency).ok_or_else(unreadable)?,
            origin,
            // No program can say that a person sits before it.
            confirmed: false,
            second_step_due: row.second_step_due,
            key: Some(Key { id: row.program.into(), reach: reach(row.writes, &row.namespaces) }),
            cap,
        }))
    }

    /// Programs signed in as the actor, in all their shops, the latest used first.
    ///
    /// # Errors
    /// Only faults.
    pub async fn my_programs(&self, actor: &Actor) -> Result<Vec<ProgramRow>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let rows = query!(
            r#"select id as "id!", name as "name!", shop_name as "shop!", writes as "writes!", namespaces as "namespaces!",
               app.local_time(created_at, $1) as "since!", app.local_time(used_at, $1) as "used!", used_ip as "ip!", used_by as "machine!" from auth.my_programs()"#,
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ProgramRow {
                id: row.id,
                name: row.name,
                shop: row.shop,
                reach: reach(row.writes, &row.namespaces).words(),
                since: row.since,
                used: row.used,
                ip: row.ip,
                machine: row.machine,
            })
            .collect())
    }

    /// Signs out one of the actor's own programs, at once.
    ///
    /// # Errors
    /// Not found when it is not the actor's, or is signed out.
    pub async fn sign_program_out(&self, actor: &Actor, program: ProgramId) -> Result<()> {
        let event = Event::ProgramSignedOut { program, person: actor.person };
        let (payload, facts) = entry(&event, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done =
            query_scalar!(r#"select auth.sign_program_out($1, $2, $3) as "done!""#, program.uuid(), payload, facts)
                .fetch_one(&mut *tx)
                .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
