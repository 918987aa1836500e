//! Identifiers: one type a noun, so that a site's id cannot stand where a client's belongs.
//!
//! All are UUID version 7, made by the application; the database never invents one.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The plain UUID, for the edge to SQL.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A shop: the tenant.
    ShopId,
    /// A person with an account, in one shop or several.
    PersonId,
    /// One signed-in browser.
    SessionId,
    /// An invitation to become a member.
    InviteId,
    /// Who the shop works for.
    ClientId,
    /// A person of a client.
    ContactId,
    /// A note on a client.
    NoteId,
    /// A place of a client.
    SiteId,
    /// A door, or another thing with cylinders.
    OpeningId,
    /// A code of a site.
    SiteCodeId,
    /// A kind of job, with the evidence it demands.
    TemplateId,
    /// A piece of work.
    JobId,
    /// A line of a job: labour, part, fee or travel.
    LineId,
    /// A record of who asked and why he was believed.
    AuthorityCheckId,
    /// A technician at a time.
    VisitId,
    /// A rendered paper, byte for byte.
    DocumentId,
    /// A signature under a document.
    SignatureId,
    /// An invoice.
    InvoiceId,
    /// A payment on an invoice.
    PaymentId,
    /// A tax rate of a shop.
    TaxRateId,
    /// A client's link to the portal.
    PortalLinkId,
    /// A machine's key.
    ApiKeyId,
    /// A program signed in as somebody.
    ProgramId,
    /// A receiver of webhooks.
    ReceiverId,
    /// A mail that waits to be sent.
    MailId,
    /// A person's passkey.
    PasskeyId,
    /// A role of a shop's own.
    CustomRoleId,
    /// A photo of a job or an opening.
    PhotoId,
    /// What is known of a loose key's cuts.
    BittingId,
    /// Leave for one person to open one top secret record.
    ReleaseId,
    /// Something somebody should look at soon.
    AlertId,
    /// A record that is there to be touched by whoever has no business there.
    DecoyId,
}
