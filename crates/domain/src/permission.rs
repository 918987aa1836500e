//! Who may do what: the whole policy, in one `match`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a member of a shop is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for the shop; there is always one.
    Owner,
    /// Runs the installation's shop for the owner.
    Admin,
    /// Runs the work and the money.
    Manager,
    /// Takes calls and sends technicians.
    Dispatcher,
    /// Keeps the books.
    Bookkeeper,
    /// Meets clients at the counter.
    FrontDesk,
    /// Does the work; sees only what his visits show him.
    Technician,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// All roles, most powerful first.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Admin,
        Self::Manager,
        Self::Dispatcher,
        Self::Bookkeeper,
        Self::FrontDesk,
        Self::Technician,
        Self::Auditor,
    ];

    /// The text stored in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Dispatcher => "dispatcher",
            Self::Bookkeeper => "bookkeeper",
            Self::FrontDesk => "front_desk",
            Self::Technician => "technician",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a stored text; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The word on the page.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Manager => "Manager",
            Self::Dispatcher => "Dispatcher",
            Self::Bookkeeper => "Bookkeeper",
            Self::FrontDesk => "Front desk",
            Self::Technician => "Technician",
            Self::Auditor => "Auditor",
        }
    }

    /// What the role is for, in one sentence.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Owner => "Everything, and answers for it.",
            Self::Admin => "Everything but the owner's own standing and the shop's own key.",
            Self::Manager => "Runs the work, the money and the audit trail; does not manage members.",
            Self::Dispatcher => "Takes calls, plans visits, keeps clients and jobs.",
            Self::Bookkeeper => "Invoices and payments; reads clients and jobs.",
            Self::FrontDesk => "Takes calls and keeps clients; no money.",
            Self::Technician => "Sees and does the jobs of own visits, nothing else.",
            Self::Auditor => "Reads everything, changes nothing.",
        }
    }

    /// Whether this role may do that. Rows are still the database's to hide; this decides verbs.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        if matches!(permission, P::OwnAccount) {
            return true;
        }
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(permission, P::ManageOwnKey | P::ManageDecoys),
            Self::Manager => !matches!(
                permission,
                P::ManageMembers
                    | P::ManageShop
                    | P::ManageApiKeys
                    | P::ManageOwnKey
                    | P::ManageDecoys
                    | P::ExportAudit
                    | P::RunExports
            ),
            Self::Dispatcher => matches!(
                permission,
                P::SeeOffice
                    | P::SeeJobs
                    | P::SeeClients
                    | P::EditClients
                    | P::SeeAccessNotes
                    | P::EditAccessNotes
                    | P::SeeBittings
                    | P::EditBittings
                    | P::CreateJobs
                    | P::EditJobs
                    | P::Schedule
                    | P::WorkJobs
                    | P::OverrideEvidence
                    | P::Sign
                    | P::SeeSignatures
                    | P::SharePortal
            ),
            Self::Bookkeeper => matches!(
                permission,
                P::SeeOffice
                    | P::SeeJobs
                    | P::SeeClients
                    | P::EditClients
                    | P::SeeInvoices
                    | P::EditInvoices
                    | P::TakePayments
                    | P::SeeSignatures
                    | P::SharePortal
            ),
            Self::FrontDesk => matches!(
                permission,
                P::SeeOffice
                    | P::SeeJobs
                    | P::SeeClients
                    | P::EditClients
                    | P::SeeBittings
                    | P::CreateJobs
                    | P::SharePortal
            ),
            Self::Technician => matches!(
                permission,
                P::SeeJobs
                    | P::SeeClients
                    | P::SeeAccessNotes
                    | P::SeeBittings
                    | P::RevealSecrets
                    | P::WorkJobs
                    | P::Sign
                    | P::SeeSignatures
            ),
            Self::Auditor => matches!(
                permission,
                P::SeeOffice
                    | P::SeeJobs
                    | P::SeeClients
                    | P::SeeBittings
                    | P::SeeInvoices
                    | P::SeeSignatures
                    | P::SeeAudit
                    | P::SeeAlerts
                    | P::ExportAudit
                    | P::SeeMembers
            ),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// One verb the shop's people may or may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// The office's home with figures over all jobs; without it, home is one's own day.
    SeeOffice,
    /// Clients, contacts, sites, openings.
    SeeClients,
    /// Add and change them.
    EditClients,
    /// How to get in. For a technician the database opens it only while his job there is open.
    SeeAccessNotes,
    /// Write how to get in.
    EditAccessNotes,
    /// Bitting records, without what is sealed.
    SeeBittings,
    /// Add and change them.
    EditBittings,
    /// Open what is sealed of them, with a reason, after confirming who one is.
    RevealSecrets,
    /// Print it, on numbered sheets.
    PrintSecrets,
    /// Job list and job pages.
    SeeJobs,
    /// Take a call.
    CreateJobs,
    /// Change the order, cancel, refuse, close.
    EditJobs,
    /// Assign a technician and a window.
    Schedule,
    /// Set off, arrive, tick, add lines, check authority, complete.
    WorkJobs,
    /// Complete with evidence missing, with a reason.
    OverrideEvidence,
    /// Prepare a document and witness its signature.
    Sign,
    /// The evidence page: strokes, address, time.
    SeeSignatures,
    /// Invoices and payments.
    SeeInvoices,
    /// Draft, issue, void.
    EditInvoices,
    /// Record and reverse payments.
    TakePayments,
    /// Make and revoke a client's link.
    SharePortal,
    /// The shop-wide audit page.
    SeeAudit,
    /// The page of alerts.
    SeeAlerts,
    /// Close one, with a note.
    CloseAlerts,
    /// Lay out decoys, and know which records are some.
    ManageDecoys,
    /// Take the whole audit trail along, to be verified elsewhere.
    ExportAudit,
    /// Take the shop's data along.
    RunExports,
    /// Take everything about one job, client or site along, for a complaint.
    MakeCaseFiles,
    /// The members page.
    SeeMembers,
    /// Invite, change role, disable.
    ManageMembers,
    /// The shop's own details, taxes and job templates.
    ManageShop,
    /// The keys of machines, and where the audit trail is sent.
    ManageApiKeys,
    /// The key service of the shop's own, which closes what is sealed when it is taken back.
    ManageOwnKey,
    /// Own sessions and sign-out: everybody's.
    OwnAccount,
}

impl Permission {
    /// All permissions, in the order of the policy.
    pub const ALL: [Self; 34] = [
        Self::SeeOffice,
        Self::SeeClients,
        Self::EditClients,
        Self::SeeAccessNotes,
        Self::EditAccessNotes,
        Self::SeeBittings,
        Self::EditBittings,
        Self::RevealSecrets,
        Self::PrintSecrets,
        Self::SeeJobs,
        Self::CreateJobs,
        Self::EditJobs,
        Self::Schedule,
        Self::WorkJobs,
        Self::OverrideEvidence,
        Self::Sign,
        Self::SeeSignatures,
        Self::SeeInvoices,
        Self::EditInvoices,
        Self::TakePayments,
        Self::SharePortal,
        Self::SeeAudit,
        Self::SeeAlerts,
        Self::CloseAlerts,
        Self::ManageDecoys,
        Self::ExportAudit,
        Self::RunExports,
        Self::MakeCaseFiles,
        Self::SeeMembers,
        Self::ManageMembers,
        Self::ManageShop,
        Self::ManageApiKeys,
        Self::ManageOwnKey,
        Self::OwnAccount,
    ];
}

impl Permission {
    /// What it lets one do, as people say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SeeOffice => "See the figures over all jobs",
            Self::SeeClients => "See clients and sites",
            Self::EditClients => "Change clients and sites",
            Self::SeeAccessNotes => "See how to get in",
            Self::EditAccessNotes => "Write how to get in",
            Self::SeeBittings => "See bitting records, sealed",
            Self::EditBittings => "Write bitting records",
            Self::RevealSecrets => "Reveal bittings and key codes",
            Self::PrintSecrets => "Print bittings",
            Self::SeeJobs => "See jobs",
            Self::CreateJobs => "Take calls",
            Self::EditJobs => "Change, cancel and close jobs",
            Self::Schedule => "Send technicians",
            Self::WorkJobs => "Do the work on site",
            Self::OverrideEvidence => "Complete a job with something missing",
            Self::Sign => "Have work orders signed",
            Self::SeeSignatures => "See the evidence of signatures",
            Self::SeeInvoices => "See invoices and payments",
            Self::EditInvoices => "Draft, send and void invoices",
            Self::TakePayments => "Take and reverse payments",
            Self::SharePortal => "Give clients a portal link",
            Self::SeeAudit => "See the audit trail",
            Self::SeeAlerts => "See alerts",
            Self::CloseAlerts => "Close alerts",
            Self::ManageDecoys => "Lay out decoys",
            Self::ExportAudit => "Export the audit trail",
            Self::RunExports => "Export the shop's data",
            Self::MakeCaseFiles => "Make case files",
            Self::SeeMembers => "See the members",
            Self::ManageMembers => "Invite, change and let members go",
            Self::ManageShop => "Change the shop's settings",
            Self::ManageApiKeys => "Manage keys and webhooks for machines",
            Self::ManageOwnKey => "Bring a key of the shop's own",
            Self::OwnAccount => "Manage their own account",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// What somebody may do: a role, less what the shop holds back from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    /// The role; what the walls of the tables go by.
    pub role: Role,
    /// A bit for each permission held back, by its place in the policy.
    withheld: u64,
}

impl Power {
    /// The whole of a role.
    #[must_use]
    pub const fn whole(role: Role) -> Self {
        Self { role, withheld: 0 }
    }

    /// A role less these permissions.
    #[must_use]
    pub fn less(role: Role, withheld: &[Permission]) -> Self {
        Self { role, withheld: withheld.iter().fold(0, |bits, permission| bits | bit(*permission)) }
    }

    /// Whether it reaches so far.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        self.role.allows(permission)
            && (self.withheld & bit(permission) == 0 || matches!(permission, Permission::OwnAccount))
    }
}

const fn bit(permission: Permission) -> u64 {
    1 << permission as u64
}

impl Permission {
    /// The permission of a stored name; `None` for any other text.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.to_string() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_holds_no_verb_that_changes() {
        use Permission as P;
        let held: Vec<_> = Permission::ALL.into_iter().filter(|p| Role::Auditor.allows(*p)).collect();
        assert_eq!(
            held,
            [
                P::SeeOffice,
                P::SeeClients,
                P::SeeBittings,
                P::SeeJobs,
                P::SeeSignatures,
                P::SeeInvoices,
                P::SeeAudit,
                P::SeeAlerts,
                P::ExportAudit,
                P::SeeMembers,
                P::OwnAccount
            ]
        );
    }

    #[test]
    fn only_owner_and_admin_manage_members() {
        let may: Vec<_> = Role::ALL.into_iter().filter(|r| r.allows(Permission::ManageMembers)).collect();
        assert_eq!(may, [Role::Owner, Role::Admin]);
    }

    #[test]
    fn every_role_reads_back_from_its_stored_text() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn what_is_held_back_is_gone_and_nothing_is_added() {
        let held = [Permission::TakePayments, Permission::SharePortal, Permission::OwnAccount, Permission::ManageShop];
        let power = Power::less(Role::Bookkeeper, &held);
        for permission in Permission::ALL {
            let expected = permission == Permission::OwnAccount
                || Role::Bookkeeper.allows(permission) && !held.contains(&permission);
            assert_eq!(power.allows(permission), expected, "{permission}");
            assert_eq!(Permission::parse(&permission.to_string()), Some(permission));
        }
    }
}
