//! Roles of the shop's own: a role of ours less what the shop holds back.

use super::{FrontDoor, entry};
use crate::{Actor, Error, Result, error::OnConstraint};
use domain::{Event, Permission, Refusal, Role, ids::*, people::CustomRole};
use serde_json::json;
use sqlx::{query, query_scalar};

/// Stored names as permissions; one that this program does not know holds nothing back.
pub(super) fn permissions(stored: &[String]) -> Vec<Permission> {
    stored.iter().filter_map(|name| Permission::parse(name)).collect()
}

impl FrontDoor<'_> {
    /// The shop's own roles, by name.
    ///
    /// # Errors
    /// Only faults.
    pub async fn custom_roles(&self, actor: &Actor) -> Result<Vec<CustomRole>> {
        let mut tx = self.db.begin(&self.db.auth, "begin read only", actor.cap()).await?;
        query!(
            r#"select id as "id!", name as "name!", base as "base!", withheld as "withheld!", holders as "holders!" from auth.custom_roles()"#
        )
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(|row| {
            Ok(CustomRole {
                id: row.id.into(),
                name: row.name,
                base: Role::parse(&row.base).ok_or_else(|| Error::Vault("a stored role cannot be read".into()))?,
                withheld: permissions(&row.withheld),
                holders: row.holders.into_iter().map(PersonId).collect(),
            })
        })
        .collect()
    }

    /// Makes a role, or changes its name and what it holds back.
    ///
    /// # Errors
    /// Beside the name when it is taken; not found when the role is of another base.
    pub async fn save_role(
        &self,
        actor: &Actor,
        id: CustomRoleId,
        name: &str,
        base: Role,
        withheld: &[Permission],
    ) -> Result<()> {
        let event = Event::RoleSaved { role: id, base, withheld: withheld.to_vec() };
        let (payload, facts) = entry(&event, &actor.origin, &[("name", json!(name))])?;
        let stored: Vec<_> = withheld.iter().map(ToString::to_string).collect();
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.save_role($1, $2, $3, $4, $5, $6) as "done!""#,
            id.uuid(),
            name,
            base.as_str(),
            &stored,
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await
        .on_constraint("custom_roles_name", || Refusal::field("name", "The shop has a role of this name."))
        .map_err(|error| match error.is_constraint("custom_roles_most") {
            true => Refusal::Conflict("A shop has at most thirty roles of its own.".into()).into(),
            false => error,
        })?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Removes a role nobody holds.
    ///
    /// # Errors
    /// A conflict while somebody holds it; not found otherwise.
    pub async fn drop_role(&self, actor: &Actor, id: CustomRoleId) -> Result<()> {
        let (payload, facts) = entry(&Event::RoleDropped { role: id }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(r#"select auth.drop_role($1, $2, $3) as "done!""#, id.uuid(), payload, facts)
            .fetch_one(&mut *tx)
            .await
            .on_constraint("custom_roles_held", || {
                Refusal::Conflict("Somebody still holds this role. Give them another first.".into())
            })?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Gives a member a role of the shop's own, or with none the whole of theirs again. Their sessions end.
    ///
    /// # Errors
    /// Not found when the role is of another base than the member's.
    pub async fn give_role(&self, actor: &Actor, member: PersonId, role: Option<CustomRoleId>) -> Result<()> {
        let (payload, facts) = entry(&Event::RoleGiven { person: member, role }, &actor.origin, &[])?;
        let mut tx = self.db.begin(&self.db.auth, "begin", actor.cap()).await?;
        let done = query_scalar!(
            r#"select auth.give_role($1, $2, $3, $4) as "done!""#,
            member.uuid(),
            role.map(CustomRoleId::uuid),
            payload,
            facts
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
