//! People of the shop: going over to another shop of one's own, letting a member go, looking at everybody's access.

use super::{FrontDoor, entry};
use crate::{Actor, Error, Result, Token, error::OnConstraint};
use domain::{
    Event, Refusal, Role,
    ids::*,
    people::{self, AccessReview, DORMANT_DAYS, Leaving, OpenVisit, Reviewed, Workplace},
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

fn role(stored: &str) -> Result<Role> {
    Role::parse(stored).ok_or_else(|| Error::Vault("a stored role cannot be read".into()))
}

impl FrontDoor<'_> {
    /// The shops in which the actor works, by name.
    ///
    /// # Errors
    /// Only faults.
    pub async fn workplaces(&self, actor: &Actor) -> Result<Vec<Workplace>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        query!(
            r#"select shop_id as "shop!", name as "name!", role as "role!", current as "current!" from auth.my_shops()"#
        )
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Workplace { shop: row.shop.into(), name: row.name, role: role(&row.role)?, current: row.current })
        })
        .collect()
    }

    /// Ends this session and opens one in another of the actor's shops.
    ///
    /// # Errors
    /// Not found when the actor does not work there.
    pub async fn switch_shop(&self, actor: &Actor, shop: ShopId) -> Result<Token> {
        let token = Token::fresh();
        let (left, left_facts) = entry(&Event::SignedOut { person: actor.person }, &actor.origin, &[])?;
        let (payload, facts) = entry(&Event::SignedIn { person: actor.person }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.switch_shop($1, $2, $3, $4, $5, $6, $7) as "done!""#,
            Uuid::now_v7(),
            token.cap().hash(),
            shop.uuid(),
            left,
            left_facts,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if done { Ok(token) } else { Err(Refusal::NotFound.into()) }
    }

    /// What a member who leaves would leave behind.
    ///
    /// # Errors
    /// Not found for nobody, for oneself, and for an owner when the actor is none.
    pub async fn leaving(&self, actor: &Actor, member: PersonId) -> Result<Leaving> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let row = query!(
            r#"select name as "name!", role as "role!", sessions as "sessions!", links as "links!" from auth.leaving($1)"#,
            member.uuid()
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Refusal::NotFound)?;
        let visits = query!(
            r#"select visit_id as "visit!", job_id as "job!", number as "number!", client as "client!", app.local_time(starts_at, $2) as "starts!"
               from auth.visits_left_by($1)"#,
            member.uuid(),
            actor.zone
        )
        .fetch_all(&mut *tx)
        .await?;
        Ok(Leaving {
            person: member,
            name: row.name,
            role: role(&row.role)?,
            sessions: row.sessions,
            links: row.links,
            visits: visits
                .into_iter()
                .map(|row| OpenVisit {
                    visit: row.visit.into(),
                    job: row.job.into(),
                    number: row.number,
                    client: row.client,
                    starts: row.starts,
                })
                .collect(),
        })
    }

    /// Lets a member go: membership, sessions, keys, if asked the portal links, and open visits go to `successor`, all in one act.
    ///
    /// # Errors
    /// Beside the field when there are visits and nobody to take them; a conflict when other visits than shown are open, and
    /// for the last owner.
    pub async fn let_go(
        &self,
        actor: &Actor,
        member: PersonId,
        successor: Option<PersonId>,
        end_links: bool,
    ) -> Result<()> {
        let visits = self.leaving(actor, member).await?.visits;
        if !visits.is_empty() && successor.is_none() {
            return Err(Refusal::field("successor", "Choose who takes the open visits over.").into());
        }
        let moved: Vec<_> = visits
            .iter()
            .filter_map(|one| successor.map(|to| Event::VisitMoved { job: one.job, visit: one.visit, technician: to }))
            .map(|event| entry(&event, &actor.origin, &[]))
            .collect::<Result<_>>()?;
        let (moves, move_facts): (Vec<_>, Vec<_>) = moved.into_iter().unzip();
        let ids: Vec<_> = visits.iter().map(|one| one.visit.uuid()).collect();
        let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        let event = Event::MemberLeft { person: member, successor, visits: count, links_ended: end_links };
        let (payload, facts) = entry(&event, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.let_go($1, $2, $3, $4, $5, $6, $7, $8) as "done!""#,
            member.uuid(),
            successor.map(|one| one.uuid()),
            end_links,
            &ids,
            &moves,
            &move_facts,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .on_constraint("memberships_last_owner", || Refusal::Conflict("A shop keeps at least one owner.".into()))
        .map_err(refused)?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Everybody's access: who was long not here, and what of their role they did not need in ninety days.
    ///
    /// # Errors
    /// Only faults.
    pub async fn access_review(&self, actor: &Actor) -> Result<AccessReview> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        let when = query!(
            r#"select app.local_date(last, $1) as last, app.local_date(due, $1) as "due!", due <= app.now() as "overdue!" from auth.review_due()"#,
            actor.zone
        )
        .fetch_one(&mut *tx)
        .await?;
        let members = query!(
            r#"select person_id as "person!", name as "name!", role as "role!", app.local_date(last_seen, $1) as last_seen, acts as "acts!",
                 coalesce(last_seen, since) < app.now() - make_interval(days => $2) as "dormant!" from auth.access_review()"#,
            actor.zone,
            DORMANT_DAYS
        )
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(|row| {
            let role = role(&row.role)?;
            Ok(Reviewed {
                person: row.person.into(),
                name: row.name,
                role,
                last_seen: row.last_seen,
                dormant: row.dormant,
                unused: people::unused(role, &row.acts),
            })
        })
        .collect::<Result<_>>()?;
        Ok(AccessReview { members, last: when.last, due: when.due, overdue: when.overdue })
    }

    /// Puts on the chain that everybody's access was looked at; the next time is three months on.
    ///
    /// # Errors
    /// Only faults.
    pub async fn record_review(&self, actor: &Actor) -> Result<()> {
        let (payload, facts) = entry(&Event::AccessReviewed { shop: actor.shop }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        query!("select auth.record_review($1, $2)", payload, facts).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn refused(error: Error) -> Error {
    if error.is_constraint("visits_left") {
        return Refusal::Conflict("Their visits changed meanwhile. Look at the list again.".into()).into();
    }
    if error.is_constraint("visits_successor") {
        return Refusal::field("successor", "Choose somebody of the shop who can be sent.").into();
    }
    error
}
