//! Machines: API keys, and how far each of them reaches.

use crate::{
    FieldErrors, Permission, closed_set,
    fields::{self, Checker},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// A room of the shop that a key may be let into.
    pub enum Namespace {
        /// Clients with their contacts, sites and openings.
        Clients = "clients", "Clients, sites and openings";
        /// Jobs and their steps.
        Jobs = "jobs", "Jobs";
        /// Invoices, to be read.
        Invoices = "invoices", "Invoices";
        /// Payments.
        Payments = "payments", "Payments";
        /// The audit trail, to be read.
        Audit = "audit", "Audit trail";
    }
}

closed_set! {
    /// What a key may do in its rooms.
    pub enum Scope {
        /// Read.
        Read = "read", "Read only";
        /// Read and write.
        Write = "write", "Read and write";
    }
}

impl Namespace {
    /// What somebody must be allowed on the pages, for a key of theirs to do the same here.
    #[must_use]
    pub const fn permissions(self, scope: Scope) -> &'static [Permission] {
        use Permission as P;
        match (self, scope) {
            (Self::Clients, Scope::Read) => &[P::SeeClients],
            (Self::Clients, Scope::Write) => &[P::EditClients],
            (Self::Jobs, Scope::Read) => &[P::SeeJobs],
            (Self::Jobs, Scope::Write) => &[P::CreateJobs, P::EditJobs, P::Schedule, P::WorkJobs],
            (Self::Invoices | Self::Payments, Scope::Read) => &[P::SeeInvoices],
            (Self::Invoices | Self::Audit, Scope::Write) => &[],
            (Self::Payments, Scope::Write) => &[P::TakePayments],
            (Self::Audit, Scope::Read) => &[P::SeeAudit],
        }
    }
}

/// How far a key reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Read, or read and write.
    pub scope: Scope,
    /// Rooms it is let into.
    pub namespaces: Vec<Namespace>,
}

impl Reach {
    /// Whether the key may read, or write, in that room.
    #[must_use]
    pub fn includes(&self, namespace: Namespace, scope: Scope) -> bool {
        self.namespaces.contains(&namespace) && (scope == Scope::Read || self.scope == Scope::Write)
    }

    /// Whether any of its rooms needs that permission.
    #[must_use]
    pub fn covers(&self, permission: Permission) -> bool {
        [Scope::Read, Scope::Write].into_iter().any(|scope| {
            self.namespaces
                .iter()
                .any(|room| self.includes(*room, scope) && room.permissions(scope).contains(&permission))
        })
    }
}

/// A key as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ApiKeyForm {
    /// What it is for: "Accounting export".
    pub name: String,
    /// A [`Scope`].
    pub scope: String,
    /// Days it lives.
    pub days: String,
    pub clients: String,
    pub jobs: String,
    pub invoices: String,
    pub payments: String,
    pub audit: String,
    /// Ticked for a honeypot, which opens nothing.
    pub trap: String,
}

/// A key about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub reach: Reach,
    /// Days it lives.
    pub days: i32,
    /// A honeypot.
    pub trap: bool,
}

/// The longest a key may live, in days.
pub const LONGEST_DAYS: i64 = 730;

impl ApiKeyForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewApiKey, FieldErrors> {
        fields::check(|c| {
            let trap = c.ticked("trap", Some(&self.trap));
            let scope = c.optional_choice("scope", &self.scope).unwrap_or(Scope::Read);
            NewApiKey {
                name: c.text("name", &self.name, 80),
                reach: Reach { scope, namespaces: self.rooms(c, trap) },
                days: i32::try_from(c.integer("days", &self.days, 1..=LONGEST_DAYS)).unwrap_or(1),
                trap,
            }
        })
    }

    fn rooms(&self, c: &mut Checker, trap: bool) -> Vec<Namespace> {
        let ticked = [
            (Namespace::Clients, "clients", &self.clients),
            (Namespace::Jobs, "jobs", &self.jobs),
            (Namespace::Invoices, "invoices", &self.invoices),
            (Namespace::Payments, "payments", &self.payments),
            (Namespace::Audit, "audit", &self.audit),
        ];
        let rooms: Vec<_> =
            ticked.into_iter().filter_map(|(room, name, value)| c.ticked(name, Some(value)).then_some(room)).collect();
        if rooms.is_empty() && !trap {
            c.refuse("clients", "Tick at least one thing this key may see.");
        }
        if trap { Vec::new() } else { rooms }
    }
}

/// A key on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRow {
    /// Of the key.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// A honeypot.
    pub trap: bool,
    /// "Clients, sites and openings; Jobs: read only".
    pub reach: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made: String,
    /// Last day.
    pub expires: String,
    /// When it was last used; `None` for never.
    pub last_used: Option<String>,
    /// From where.
    pub last_ip: String,
    /// Whether it opens anything.
    pub live: bool,
}

impl Reach {
    /// The reach as people read it.
    #[must_use]
    pub fn words(&self) -> String {
        let rooms: Vec<_> = self.namespaces.iter().map(|room| room.words()).collect();
        format!("{}. {}", rooms.join("; "), self.scope.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;
    use Permission as P;

    #[test]
    fn a_key_covers_what_its_rooms_need_and_nothing_else() {
        let reach = |scope, namespaces: &[Namespace]| Reach { scope, namespaces: namespaces.to_vec() };
        let held = |reach: &Reach| Permission::ALL.into_iter().filter(|p| reach.covers(*p)).collect::<Vec<_>>();
        assert_eq!(held(&reach(Scope::Read, &[Namespace::Clients])), [P::SeeClients]);
        assert_eq!(held(&reach(Scope::Write, &[Namespace::Clients])), [P::SeeClients, P::EditClients]);
        assert_eq!(held(&reach(Scope::Read, Namespace::ALL)), [P::SeeClients, P::SeeJobs, P::SeeInvoices, P::SeeAudit]);
        let all = held(&reach(Scope::Write, Namespace::ALL));
        for never in
            [P::ManageMembers, P::ManageShop, P::OwnAccount, P::SeeAccessNotes, P::SeeSignatures, P::SharePortal]
        {
            assert!(!all.contains(&never), "a key is never good for {never}");
        }
        assert!(!reach(Scope::Write, &[Namespace::Invoices]).includes(Namespace::Payments, Scope::Read));
    }

    #[test]
    fn a_key_without_a_room_is_a_honeypot_or_a_mistake() {
        let form =
            ApiKeyForm { name: "Export".into(), scope: "read".into(), days: "90".into(), ..ApiKeyForm::default() };
        assert!(form.read().is_err_and(|errors| errors.contains_key("clients")));
        let trap = ApiKeyForm { trap: "on".into(), jobs: "on".into(), ..form.clone() }.read().expect("reads");
        assert!(trap.trap && trap.reach.namespaces.is_empty());
        let lasting = ApiKeyForm { days: "731".into(), jobs: "on".into(), ..form };
        assert!(lasting.read().is_err_and(|errors| errors.contains_key("days")));
    }
}
