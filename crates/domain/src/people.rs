//! People of the shop: where else they work, what they leave behind, and whether they need what they may do.

use crate::{FieldErrors, Permission, Role, fields, ids::*};
use serde::{Deserialize, Serialize};

/// A shop somebody works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workplace {
    /// Which.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Whether this is the one they are in now.
    pub current: bool,
}

/// What a member who leaves would leave behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Live sessions and keys.
    pub sessions: i64,
    /// Live portal links they made.
    pub links: i64,
    /// Visits still to be made or finished.
    pub visits: Vec<OpenVisit>,
}

/// A visit somebody else must take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenVisit {
    /// Which.
    pub visit: VisitId,
    /// For which job.
    pub job: JobId,
    /// The job's number.
    pub number: i64,
    /// Whose.
    pub client: String,
    /// When, in the shop's zone.
    pub starts: String,
}

/// The form that lets somebody go, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeaveForm {
    /// Who takes the open visits over; empty when there are none.
    pub successor: String,
    /// "on" to end the portal links they made.
    pub end_links: String,
}

/// A member as the review of access sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Last here, in the shop's zone.
    pub last_seen: Option<String>,
    /// Not here for [`DORMANT_DAYS`].
    pub dormant: bool,
    /// What their role opens and the last ninety days do not show them doing.
    pub unused: Vec<String>,
}

/// The review of everybody's access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReview {
    /// Everybody, by name.
    pub members: Vec<Reviewed>,
    /// When it was last done, in the shop's zone.
    pub last: Option<String>,
    /// When it is due.
    pub due: String,
    /// Whether that day has come.
    pub overdue: bool,
}

/// A role of the shop's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRole {
    /// Which.
    pub id: CustomRoleId,
    /// As the shop calls it.
    pub name: String,
    /// The role it is less of.
    pub base: Role,
    /// What it holds back.
    pub withheld: Vec<Permission>,
    /// Who holds it.
    pub holders: Vec<PersonId>,
}

/// Roles a shop may take something from: none that manages members, keys or the shop.
pub const BASES: [Role; 6] =
    [Role::Manager, Role::Dispatcher, Role::Bookkeeper, Role::FrontDesk, Role::Technician, Role::Auditor];

/// The form that makes or changes a role, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    /// Its name.
    pub name: String,
    /// Stored text of the role it is less of.
    pub base: String,
    /// Names of the permissions held back.
    pub withheld: Vec<String>,
}

/// The form that gives a member a role of the shop's own, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiveForm {
    /// Who.
    pub member: String,
    /// Which; empty for the whole of their role again.
    pub role: String,
}

impl RoleForm {
    /// Name, base, and what is held back, in the order of the policy.
    ///
    /// # Errors
    /// Words beside fields: also when nothing of the base is held back.
    pub fn read(&self) -> Result<(String, Role, Vec<Permission>), FieldErrors> {
        fields::check(|c| {
            let name = c.text("name", &self.name, 40);
            let base = c.choice::<Role>("base", &self.base);
            if !BASES.contains(&base) {
                c.refuse("base", "This role cannot be cut down.");
            }
            let held: Vec<_> = Permission::ALL
                .into_iter()
                .filter(|permission| base.allows(*permission) && *permission != Permission::OwnAccount)
                .filter(|permission| self.withheld.contains(&permission.to_string()))
                .collect();
            if held.is_empty() {
                c.refuse("withheld", "Choose at least one thing that this role may do and yours may not.");
            }
            (name, base, held)
        })
    }
}

/// Days without a visit after which somebody counts as dormant.
pub const DORMANT_DAYS: i32 = 60;

/// A part of the work: its name, the permission that opens it, and the events that show it being done.
pub struct Area {
    /// As people call it.
    pub name: &'static str,
    /// Who holds this may do it.
    pub permission: Permission,
    codes: &'static [i16],
}

/// The parts of the work that leave a trace on the chain.
pub const AREAS: [Area; 9] = [
    Area {
        name: "clients and sites",
        permission: Permission::EditClients,
        codes: &[20, 21, 22, 23, 24, 25, 26, 30, 31, 32, 33, 34],
    },
    Area { name: "calls and orders", permission: Permission::CreateJobs, codes: &[40, 41, 48, 49, 50, 59] },
    Area { name: "planning of visits", permission: Permission::Schedule, codes: &[42, 43, 58] },
    Area {
        name: "work on site",
        permission: Permission::WorkJobs,
        codes: &[44, 45, 46, 47, 51, 52, 53, 54, 55, 56, 60, 61],
    },
    Area { name: "invoices", permission: Permission::EditInvoices, codes: &[70, 71, 72, 75, 76] },
    Area { name: "payments", permission: Permission::TakePayments, codes: &[73, 74] },
    Area { name: "portal links", permission: Permission::SharePortal, codes: &[80, 81] },
    Area { name: "members", permission: Permission::ManageMembers, codes: &[6, 8, 10, 11, 135, 136] },
    Area { name: "the shop's settings", permission: Permission::ManageShop, codes: &[13, 14, 57] },
];

/// What `role` opens and none of these events shows being done.
#[must_use]
pub fn unused(role: Role, done: &[i16]) -> Vec<String> {
    AREAS
        .iter()
        .filter(|area| role.allows(area.permission) && !area.codes.iter().any(|code| done.contains(code)))
        .map(|area| area.name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    #[test]
    fn an_area_is_of_events_there_are_and_no_event_is_of_two() {
        let all: Vec<i16> = AREAS.iter().flat_map(|area| area.codes).copied().collect();
        for code in &all {
            assert!(Event::CODES.iter().any(|(known, _)| known == code), "{code}");
            assert_eq!(all.iter().filter(|other| *other == code).count(), 1, "{code}");
        }
    }

    #[test]
    fn what_a_role_does_not_open_is_not_missed() {
        assert_eq!(unused(Role::Technician, &[]), ["work on site"]);
        assert_eq!(unused(Role::Technician, &[44]), Vec::<String>::new());
        assert_eq!(unused(Role::Auditor, &[]), Vec::<String>::new());
        assert!(unused(Role::Owner, &[20, 40, 42, 46, 70, 73, 80, 6]).contains(&"the shop's settings".to_owned()));
    }
}
