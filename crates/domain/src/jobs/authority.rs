//! The authority check: who asked, by what right, and what they could show for it.

use crate::closed_set;
use crate::fields::Checker;

closed_set! {
    /// What the technician decided. Refused stops the job.
    pub enum AuthorityOutcome {
        /// The person may have this done.
        Allowed = "allowed", "Allowed";
        /// The person could not show it.
        Refused = "refused", "Refused";
    }
}

closed_set! {
    /// What the person asking is to the place or the vehicle.
    pub enum Relation {
        /// Owns it.
        Owner = "owner", "Owner";
        /// Rents it.
        Tenant = "tenant", "Tenant";
        /// Runs it for the owner.
        Manager = "manager", "Property manager";
        /// Works there.
        Employee = "employee", "Employee";
        /// Related to who lives there.
        Relative = "relative", "Relative";
        /// Acts for the owner with a letter of authority.
        Agent = "agent", "Agent with a letter";
        /// Police, bailiff, fire service.
        Police = "police", "Police or official";
        /// Something else, told in the reason.
        Other = "other", "Other";
    }
}

closed_set! {
    /// The kind of document seen. Its number is never kept, only the last characters.
    pub enum DocumentSeen {
        /// Driving licence.
        DrivingLicence = "driving_licence", "Driving licence";
        /// Passport.
        Passport = "passport", "Passport";
        /// National or state identity card.
        IdentityCard = "identity_card", "Identity card";
        /// Lease.
        Lease = "lease", "Lease";
        /// Utility bill with name and address.
        UtilityBill = "utility_bill", "Utility bill";
        /// Vehicle registration.
        Registration = "registration", "Vehicle registration";
        /// Letter of authority from a signatory.
        Letter = "letter", "Letter of authority";
        /// The person is known to the shop.
        KnownToShop = "known_to_shop", "Known to the shop";
        /// Nothing was shown.
        Nothing = "none", "Nothing shown";
    }
}

/// How many last characters of a document's number may be kept.
pub const DOCUMENT_TAIL: usize = 4;

impl Checker {
    /// The last characters of a document's number: letters and digits, four at most. A whole number is refused, so
    /// that it can never be stored by accident. `None` when nothing was typed.
    pub fn document_tail(&mut self, field: &str, value: &str) -> Option<String> {
        let tail = self.optional_text(field, value, 60)?;
        let plain = tail.chars().all(char::is_alphanumeric);
        if plain && tail.chars().count() <= DOCUMENT_TAIL {
            return Some(tail.to_uppercase());
        }
        self.refuse(field, "Enter only the last 4 letters or digits, never the whole number.");
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::fields::check;

    #[test]
    fn only_the_tail_of_a_document_is_taken() {
        assert_eq!(check(|c| c.document_tail("tail", " 4f7k ")), Ok(Some("4F7K".into())));
        assert_eq!(check(|c| c.document_tail("tail", "")), Ok(None));
        for text in ["D6101-40706-60905", "12345", "1-2", "4F 7"] {
            assert!(check(|c| c.document_tail("tail", text)).is_err(), "{text}");
        }
    }
}
