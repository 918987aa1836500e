//! Every auditable event, and its sentence. A closed list: what is not here does not happen.

use crate::{
    Permission, Role,
    exports::{CaseOf, ExportKind, PaperOf},
    ids::*,
    own_key::Kind,
    reveal::SecretKind,
    webhooks::ReceiverChange,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! events {
    ($($(#[$doc:meta])* $code:literal $name:ident { $($field:ident : $type:ty),* } about [$($about:expr),*] => $sentence:literal $(, $word:expr)?;)+) => {
        /// One act, as it stands on the chain. Holds ids and plain words of the trade, never a name, an address or a secret:
        /// those are facts, kept apart (see `store::audit`).
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "event", rename_all = "snake_case")]
        pub enum Event {
            $($(#[$doc])* $name { $($field: $type),* },)+
        }

        impl Event {
            /// The number on the chain; never reused.
            #[must_use]
            pub const fn code(&self) -> i16 {
                match self { $(Self::$name { .. } => $code,)+ }
            }

            /// On whose timelines this event stands; the first is the entity itself.
            #[must_use]
            #[allow(unused_variables)]
            pub fn about(&self) -> Vec<Uuid> {
                match self { $(Self::$name { $($field),* } => vec![$(($about).uuid()),*],)+ }
            }

            /// What happened, to follow the actor's name: "… took the call".
            #[must_use]
            #[allow(unused_variables)]
            pub fn sentence(&self) -> String {
                match self { $(Self::$name { $($field),* } => format!($sentence $(, $word)?),)+ }
            }

            /// All (code, name) pairs, for filters and for the test that no code serves twice.
            pub const CODES: &'static [(i16, &'static str)] = &[$(($code, stringify!($name))),+];
        }
    };
}

/// A key as words: "keeper_matches" as "keeper matches".
fn spoken(key: &str) -> String {
    key.replace('_', " ")
}

/// What was refused, as words: "SeeMembers" as "see members"; and how often more than this once.
fn denied(permission: &str, more: i32) -> String {
    let mut words = String::new();
    for letter in permission.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    if more > 0 { format!("{words} (and {more} more times)") } else { words }
}

/// How many open visits a colleague took over, if any.
fn handed_over(visits: i32) -> String {
    match visits {
        0 => String::new(),
        1 => " and handed one visit over".to_owned(),
        more => format!(" and handed {more} visits over"),
    }
}

/// Roles as words: "owner and technician", or nobody.
fn roles_named(roles: &[Role]) -> String {
    if roles.is_empty() {
        return "nobody".into();
    }
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ")
}

events! {
    /// A shop began.
    1 ShopSignedUp { shop: ShopId, person: PersonId } about [shop, person] => "opened the shop";
    /// Somebody signed in.
    2 SignedIn { person: PersonId } about [person] => "signed in";
    /// A wrong password.
    3 SignInRefused { person: PersonId } about [person] => "was refused at sign-in";
    /// Signed out.
    4 SignedOut { person: PersonId } about [person] => "signed out";
    /// Ended another of his own sessions.
    5 SessionRevoked { person: PersonId } about [person] => "ended another of their sessions";
    /// Invited a member.
    6 MemberInvited { invite: InviteId, role: Role } about [invite] => "invited a new member as {role}";
    /// Joined.
    7 InviteAccepted { invite: InviteId } about [invite] => "accepted the invitation";
    /// Invitation withdrawn.
    8 InviteRevoked { invite: InviteId } about [invite] => "withdrew an invitation";
    /// Tried what the role does not allow; `unrecorded` earlier tries since the last such entry.
    9 AccessDenied { person: PersonId, permission: String, unrecorded: i32 } about [person] => "was refused: {}", denied(permission, *unrecorded);
    /// Role changed.
    10 MemberChanged { person: PersonId, role: Role } about [person] => "made a member {role}";
    /// Member left.
    11 MemberDisabled { person: PersonId } about [person] => "ended a membership";
    /// Shop details changed.
    13 ShopChanged { shop: ShopId } about [shop] => "changed the shop's details";
    /// Tax rates changed.
    14 TaxRatesChanged { shop: ShopId } about [shop] => "changed the tax rates";

    /// New client.
    20 ClientCreated { client: ClientId } about [client] => "added the client";
    /// Changed client.
    21 ClientChanged { client: ClientId } about [client] => "changed the client";
    /// Note.
    22 ClientNoteAdded { client: ClientId, note: NoteId } about [client, note] => "added a note";
    /// New contact.
    23 ContactAdded { client: ClientId, contact: ContactId } about [client, contact] => "added a contact";
    /// Changed contact.
    24 ContactChanged { client: ClientId, contact: ContactId } about [client, contact] => "changed a contact";
    /// Out of the lists.
    25 ClientArchived { client: ClientId } about [client] => "archived the client";
    /// Back in the lists.
    26 ClientRestored { client: ClientId } about [client] => "restored the client";

    /// New site.
    30 SiteAdded { client: ClientId, site: SiteId } about [site, client] => "added the site";
    /// Changed site.
    31 SiteChanged { client: ClientId, site: SiteId } about [site, client] => "changed the site";
    /// Sealed notes written; the text is in no entry.
    32 AccessNotesChanged { site: SiteId } about [site] => "changed the access notes";
    /// New opening.
    33 OpeningAdded { site: SiteId, opening: OpeningId } about [opening, site] => "added an opening";
    /// Changed opening.
    34 OpeningChanged { site: SiteId, opening: OpeningId } about [opening, site] => "changed an opening";

    /// A call taken.
    40 JobCreated { job: JobId, client: ClientId, number: i64 } about [job, client] => "took the call: job {number}";
    /// Order changed.
    41 JobChanged { job: JobId } about [job] => "changed the order";
    /// Technician and window set.
    42 JobScheduled { job: JobId, visit: VisitId, technician: PersonId } about [job, visit, technician] => "scheduled a visit";
    /// Window or technician changed.
    43 VisitMoved { job: JobId, visit: VisitId, technician: PersonId } about [job, visit, technician] => "moved the visit";
    /// On the road.
    44 SetOff { job: JobId, visit: Option<VisitId> } about [job] => "set off";
    /// There.
    45 Arrived { job: JobId, visit: Option<VisitId> } about [job] => "arrived on site";
    /// Done, with everything its template demands.
    46 JobCompleted { job: JobId } about [job] => "completed the job";
    /// Done with something missing; the reason is among the facts.
    47 JobCompletedWithout { job: JobId, missing: Vec<String> } about [job] => "completed the job with {missing:?} missing";
    /// Called off.
    48 JobCancelled { job: JobId } about [job] => "cancelled the job";
    /// Refused for want of authority or another reason.
    49 JobRefused { job: JobId } about [job] => "refused the job";
    /// Nothing left to do.
    50 JobClosed { job: JobId } about [job] => "closed the job";
    /// Authority checked.
    51 AuthorityChecked { job: JobId, check: AuthorityCheckId, allowed: bool } about [job, check] => "checked authority: {}", if *allowed { "allowed" } else { "refused" };
    /// Checklist item ticked.
    52 CheckTicked { job: JobId, key: String } about [job] => "ticked “{}”", spoken(key);
    /// Checklist item unticked.
    53 CheckUnticked { job: JobId, key: String } about [job] => "took back the tick of “{}”", spoken(key);
    /// Line added.
    54 LineAdded { job: JobId, line: LineId } about [job, line] => "added a line";
    /// Line taken off.
    55 LineRemoved { job: JobId, line: LineId } about [job, line] => "removed a line";
    /// Questions answered or performed work written.
    56 WorkRecorded { job: JobId } about [job] => "recorded the work";
    /// A kind of job got new demands.
    57 TemplateChanged { template: TemplateId, version: i32 } about [template] => "wrote version {version} of a job template";

    /// Taken off the schedule.
    58 JobUnscheduled { job: JobId, visit: VisitId, technician: PersonId } about [job, visit, technician] => "took the visit off the schedule";

    /// A finished job entered from the shop's earlier files, with the times that stand there.
    59 JobBroughtOver { job: JobId, client: ClientId, number: i64 } about [job, client] => "brought job {number} over from the earlier files";

    /// A document frozen for signing.
    60 DocumentPrepared { document: DocumentId, job: JobId, version: i32 } about [document, job] => "prepared the work order, version {version}, for signing";
    /// Signed; the hash is that of the signature's evidence (see `proof::Evidence::hash`).
    61 DocumentSigned { signature: SignatureId, document: DocumentId, job: JobId, client: ClientId, evidence_sha256: Option<String> } about [signature, document, job, client] => "signed the work order";
    /// Declined.
    62 DocumentDeclined { document: DocumentId, job: JobId, client: ClientId } about [document, job, client] => "declined to sign the work order";

    /// Drafted from a completed job.
    70 InvoiceDrafted { invoice: InvoiceId, job: JobId, client: ClientId } about [invoice, job, client] => "drafted the invoice";
    /// Issued: number, date and totals are fixed, and the paper's bytes with them.
    71 InvoiceSent { invoice: InvoiceId, job: JobId, client: ClientId, number: String, total_minor: i64, paper_sha256: Option<String> } about [invoice, job, client] => "issued invoice {number}";
    /// Void.
    72 InvoiceVoided { invoice: InvoiceId, job: JobId, client: ClientId } about [invoice, job, client] => "voided the invoice";
    /// Paid, in whole or in part.
    73 PaymentRecorded { payment: PaymentId, invoice: InvoiceId, client: ClientId, amount_minor: i64 } about [payment, invoice, client] => "recorded a payment";
    /// Taken back.
    74 PaymentReversed { payment: PaymentId, invoice: InvoiceId, client: ClientId } about [payment, invoice, client] => "reversed a payment";
    /// Mailed.
    75 InvoiceMailed { invoice: InvoiceId, client: ClientId } about [invoice, client] => "mailed the invoice";
    /// Bill-to, terms or note of a draft.
    76 InvoiceDraftChanged { invoice: InvoiceId, client: ClientId } about [invoice, client] => "changed the draft";

    /// A client's link.
    80 PortalLinkCreated { link: PortalLinkId, client: ClientId, contact: ContactId } about [link, client, contact] => "made a portal link";
    /// Dead from now on.
    81 PortalLinkRevoked { link: PortalLinkId } about [link] => "revoked a portal link";
    /// Opened by the client.
    82 PortalLinkRedeemed { link: PortalLinkId, client: ClientId, contact: ContactId } about [link, client, contact] => "opened the portal";
    /// An invoice or work order was looked at.
    83 DocumentViewed { subject: Uuid, kind: String, link: PortalLinkId, client: ClientId } about [Subject(*subject), client, link] => "looked at the {kind}";
    /// Left by himself, before the visit ran out.
    84 PortalLeft { link: PortalLinkId, client: ClientId, contact: ContactId } about [link, client, contact] => "left the portal";

    /// Ten wrong passwords in a row.
    90 SignInLocked { person: PersonId } about [person] => "was refused at sign-in for the tenth time: closed to unknown browsers for 30 minutes";
    /// A new password, by whoever knew the old one.
    91 PasswordChanged { person: PersonId } about [person] => "changed the password; every other session ended";
    /// A link to reset the password was asked for.
    92 PasswordResetAsked { person: PersonId } about [person] => "was sent a link to reset the password";
    /// A new password, by such a link.
    93 PasswordReset { person: PersonId } about [person] => "reset the password; every session ended";
    /// What the shop asks of passwords.
    94 PasswordRulesChanged { shop: ShopId } about [shop] => "changed what the shop asks of passwords";

    /// Somebody left the shop: sessions and keys ended with the membership, open visits went to a colleague.
    135 MemberLeft { person: PersonId, successor: Option<PersonId>, visits: i32, links_ended: bool } about [person] => "let a member go{}", handed_over(*visits);
    /// Everybody's access was looked at.
    136 AccessReviewed { shop: ShopId } about [shop] => "looked at everybody's access";
    /// A role of the shop's own, new or changed: a role of ours less what is held back.
    137 RoleSaved { role: CustomRoleId, base: Role, withheld: Vec<Permission> } about [role] => "wrote a role of the shop's own";
    /// No more.
    138 RoleDropped { role: CustomRoleId } about [role] => "removed a role of the shop's own";
    /// To a member; none is the whole of their role again.
    139 RoleGiven { person: PersonId, role: Option<CustomRoleId> } about [person] => "changed what a member may do";

    /// A receiver of the audit trail.
    130 ReceiverAdded { receiver: ReceiverId } about [receiver] => "registered a webhook";
    /// Paused, resumed, started again, tried.
    131 ReceiverChanged { receiver: ReceiverId, change: ReceiverChange } about [receiver] => "{} a webhook", change.words();
    /// A new secret; the one before signs beside it for a day.
    132 ReceiverSecretReplaced { receiver: ReceiverId } about [receiver] => "replaced the secret of a webhook";
    /// No more.
    133 ReceiverRemoved { receiver: ReceiverId } about [receiver] => "removed a webhook";
    /// A delivery was given up, or the receiver answered that it is gone and was paused for it.
    134 ReceiverFailed { receiver: ReceiverId, gone: bool, first: i64, last: i64 } about [receiver] => "{}", if *gone { "paused a webhook whose receiver is gone".to_owned() } else { format!("gave up sending entries {first} to {last} to a webhook") };

    /// The shop's keys are under a lock that a key service of its own keeps.
    185 OwnKeyTaken { shop: ShopId, kind: Kind } about [shop] => "put what the shop has sealed under a key of its own at {}", kind.words();
    /// And out from under it.
    186 OwnKeyLeft { shop: ShopId, kind: Kind } about [shop] => "took what the shop has sealed out from under its own key at {}", kind.words();

    /// A key for a machine.
    115 ApiKeyMade { key: ApiKeyId } about [key] => "made an API key";
    /// A new one in the place of an old one, which is dead.
    116 ApiKeyRotated { key: ApiKeyId, replaced: ApiKeyId } about [key, replaced] => "replaced an API key";
    /// Dead from now on.
    117 ApiKeyRevoked { key: ApiKeyId } about [key] => "revoked an API key";
    /// A key that opens nothing and tells when it is tried.
    118 HoneypotMade { key: ApiKeyId } about [key] => "laid out a honeypot key";
    /// Somebody tried one; `unrecorded` earlier tries since the last such entry.
    119 HoneypotTriggered { key: ApiKeyId, unrecorded: i32 } about [key] => "used a honeypot key{}", if *unrecorded > 0 { format!(" (and {unrecorded} more times)") } else { String::new() };

    /// A program may act as this person.
    120 ProgramLetIn { program: ProgramId, person: PersonId } about [program, person] => "let a program sign in as them";
    /// It came for its first tokens.
    121 ProgramSignedIn { program: ProgramId, person: PersonId } about [program, person] => "signed in";
    /// Its person ended it.
    122 ProgramSignedOut { program: ProgramId, person: PersonId } about [program, person] => "signed a program out";
    /// It gave its own tokens back.
    123 ProgramLeft { program: ProgramId, person: PersonId } about [program, person] => "signed out";
    /// A code was used a second time: what it had given has ended.
    124 ProgramCodeReused { program: ProgramId, person: PersonId } about [program, person] => "used a program's code a second time; the program was signed out";
    /// A spent refresh token came again: two hold it, and the program was ended for both.
    125 ProgramTokenReused { program: ProgramId, person: PersonId } about [program, person] => "used a program's old token again; the program was signed out";

    /// A code app is the person's second step from now on.
    100 CodeAppAdded { person: PersonId } about [person] => "set up a code app as second step";
    /// No longer.
    101 CodeAppRemoved { person: PersonId } about [person] => "removed the code app";
    /// New recovery codes; the old ones are worth nothing.
    102 RecoveryCodesMade { person: PersonId, count: i32 } about [person] => "made {count} recovery codes";
    /// A recovery code in place of the second step.
    103 RecoveryCodeUsed { person: PersonId } about [person] => "used a recovery code";
    /// New passkey.
    104 PasskeyAdded { person: PersonId, passkey: PasskeyId } about [person, passkey] => "added a passkey";
    /// Opens nothing any more.
    105 PasskeyRemoved { person: PersonId, passkey: PasskeyId } about [person, passkey] => "removed a passkey";
    /// The password was right, the second step was not.
    106 SecondStepRefused { person: PersonId } about [person] => "was refused at the second step";
    /// Proved again to be whoever signed in.
    107 IdentityConfirmed { person: PersonId } about [person] => "confirmed who they are";
    /// Signed in everywhere else no more.
    109 OtherSessionsEnded { person: PersonId } about [person] => "ended all their other sessions";
    /// Which roles must have a second step.
    110 SecondStepRequired { shop: ShopId, roles: Vec<Role> } about [shop] => "asked for a second step of {}", roles_named(roles);
    /// Signed in by a browser that was not known.
    112 StrangeBrowser { person: PersonId } about [person] => "signed in with a browser not seen before";
    /// Opened by whoever runs the installation; its owner is invited.
    140 ShopOpenedFor { shop: ShopId, invite: InviteId } about [shop, invite] => "opened the shop and invited its owner";
    /// An owner invited once more, while nobody works there yet.
    141 OwnerInvited { shop: ShopId, invite: InviteId } about [shop, invite] => "invited the owner again";
    /// Nobody acts there any more; the reason is among the facts.
    142 ShopSuspended { shop: ShopId } about [shop] => "suspended the shop";
    /// Everything as before.
    143 ShopResumed { shop: ShopId } about [shop] => "resumed the shop";
    /// How many members and keys the shop may have; none is what the installation gives everybody.
    144 CapsChanged { shop: ShopId, members: Option<i32>, api_keys: Option<i32> } about [shop] => "changed how many members and API keys the shop may have";
    /// A loose key's cuts or code put on record.
    145 BittingRecorded { record: BittingId, client: ClientId } about [record, client] => "recorded a bitting";
    /// Changed; whether the sealed part was replaced.
    146 BittingChanged { record: BittingId, client: ClientId, resealed: bool } about [record, client] => "changed a bitting record{}", if *resealed { " and sealed new cuts" } else { "" };
    /// Somebody is about to look through what is sealed for one key; what was looked for is in no entry.
    147 SecretsSearched { person: PersonId, among: i32 } about [person] => "looked for a key among {among} sealed records";
    /// Something sealed is about to be shown: committed before it leaves. The reason is among the facts.
    148 SecretRevealed { kind: SecretKind, record: Uuid, client: ClientId, job: Option<JobId>, person: PersonId } about [Subject(*record), client, person] => "revealed {}", kind.words();
    /// Nothing was shown after all: keyd said no to the opening that this entry recorded.
    223 NothingOpened { record: Uuid, client: ClientId, entry: i64 } about [Subject(*record), client] => "was shown nothing: entry {entry} opened nothing";
    /// A second person is needed.
    149 ReleaseAsked { release: ReleaseId, record: BittingId, client: ClientId } about [record, client, release] => "asked for the release of a top secret record";
    /// The second person said yes or no.
    150 ReleaseDecided { release: ReleaseId, record: BittingId, client: ClientId, granted: bool } about [record, client, release] => "{} the release of a top secret record", if *granted { "granted" } else { "refused" };
    /// A numbered sheet.
    151 SecretPrinted { record: BittingId, client: ClientId, copy: i32, person: PersonId } about [record, client, person] => "printed a bitting record, copy {copy}";
    /// A code of a site's alarm, gate or safe; the code is in no entry.
    215 SiteCodeRecorded { site: SiteId, code: SiteCodeId } about [code, site] => "put a code on record";
    /// Its words, or the code itself.
    216 SiteCodeChanged { site: SiteId, code: SiteCodeId, resealed: bool } about [code, site] => "changed {}", if *resealed { "a code" } else { "what is said of a code" };
    /// Photos of a job or an opening.
    175 PhotosAdded { subject: Uuid, photos: Vec<PhotoId> } about [Subject(*subject)] => "added {}", so_many_photos(photos.len());
    /// A photo was looked at in full: committed before it leaves.
    176 PhotoViewed { photo: PhotoId, subject: Uuid, restricted: bool } about [photo] => "looked at a {}photo", if *restricted { "restricted " } else { "" };
    /// Its words, or who may see it.
    177 PhotoChanged { photo: PhotoId, subject: Uuid, restricted: bool } about [photo, Subject(*subject)] => "changed what is said of a photo";
    /// A restricted photo is shown to everybody who sees its job from now on.
    217 PhotoOpened { photo: PhotoId, subject: Uuid } about [photo, Subject(*subject)] => "opened a restricted photo to everybody";
    /// Taken out; the reason is among the facts and the file stays.
    178 PhotoRemoved { photo: PhotoId, subject: Uuid } about [photo, Subject(*subject)] => "removed a photo";
    /// Put back.
    179 PhotoRestored { photo: PhotoId, subject: Uuid } about [photo, Subject(*subject)] => "put a photo back";
    /// Everything that names a client and their contacts is gone; the reason is among the facts of who did it.
    210 ClientForgotten { client: ClientId } about [client] => "forgot the client";
    /// The same of one person of a client.
    211 ContactForgotten { contact: ContactId, client: ClientId } about [contact, client] => "forgot a contact";
    /// The same of somebody who was a member.
    212 MemberForgotten { person: PersonId } about [person] => "forgot somebody who was a member";
    /// A copy of what was signed goes to whoever signed; to which address is among the facts.
    213 CopyMailed { signature: SignatureId, document: DocumentId, job: JobId, client: ClientId } about [signature, document, job, client] => "mailed a copy of the signed work order";
    /// While it lasts nothing of the client is forgotten.
    214 HoldChanged { client: ClientId, held: bool } about [client] => "{} a legal hold", if *held { "laid" } else { "lifted" };
    /// The verifier found what the chain's own hashes or a checkpoint do not allow.
    165 ChainBroken { shop: ShopId, at: i64, why: String } about [shop] => "found the audit trail broken at entry {at}: {why}";
    /// The daily verification came late.
    166 VerificationMissed { shop: ShopId, hours: i32 } about [shop] => "noticed that the audit trail was not verified for {hours} hours";
    /// The archive of checkpoints does not hold what it held, or cannot be read; how many entries it reached.
    220 ArchiveMissed { shop: ShopId, reached: i64, why: String } about [shop] => "missed the archive of checkpoints: {why}";
    /// Whoever runs the installation took what lies outside the database as it is.
    221 OutsideAccepted { shop: ShopId, what: String } about [shop] => "took {what}";
    /// keyd's log of openings was changed, or does not agree with the chains.
    222 OpeningsDiffer { shop: ShopId, why: String } about [shop] => "found the log of openings changed: {why}";
    /// Somebody looked at an alert and closed it; what it said and the note are among the facts. A decoy's leaves no entry.
    190 AlertClosed { alert: AlertId, who: Option<Uuid>, subject: Option<Uuid> } about [alert, Subject(who.unwrap_or(alert.uuid())), Subject(subject.unwrap_or(alert.uuid()))] => "closed an alert";
    /// Somebody closed an alert about themselves, for there was nobody else who may.
    218 OwnAlertClosed { alert: AlertId, who: Uuid, subject: Uuid } about [alert, Subject(*who), Subject(*subject)] => "closed an alert about themselves: nobody else could";
    /// Refused, or asked for what is not there, so often within a minute.
    191 DoorsTried { who: Uuid, times: i32 } about [Subject(*who)] => "was refused or found nothing {times} times within a minute";
    /// When the shop is open.
    192 OpeningHoursChanged { shop: ShopId } about [shop] => "changed the opening hours";
    /// Something is about to leave the shop in bulk: committed before the first byte. The reason is among the facts.
    200 ExportMade { kind: ExportKind, person: PersonId } about [person] => "exported {}", kind.words();
    /// A case file is about to be taken along.
    201 CaseFileMade { of: CaseOf, subject: Uuid, client: ClientId, person: PersonId } about [Subject(*subject), client, person] => "made a case file of {}", of.words();
    /// A signed work order or an invoice's paper was opened in the office: committed before it is shown.
    205 PaperOpened { paper: PaperOf, subject: Uuid, client: ClientId, person: PersonId } about [Subject(*subject), client, person] => "opened {}", paper.words();
    /// Renamed passkey.
    111 PasskeyRenamed { person: PersonId, passkey: PasskeyId } about [person, passkey] => "renamed a passkey";
}

/// "a photo", "3 photos".
fn so_many_photos(count: usize) -> String {
    if count == 1 { "a photo".to_owned() } else { format!("{count} photos") }
}

/// A subject whose noun only the event's `kind` tells.
struct Subject(Uuid);

impl Subject {
    const fn uuid(&self) -> Uuid {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_serves_twice() {
        let mut codes: Vec<_> = Event::CODES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Event::CODES.len());
    }

    #[test]
    fn an_event_reads_back_from_what_the_chain_keeps() {
        let event =
            Event::JobCreated { job: Uuid::from_u128(1).into(), client: Uuid::from_u128(2).into(), number: 1042 };
        let kept = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&kept).unwrap(), event);
        assert_eq!(event.sentence(), "took the call: job 1042");
        assert_eq!(event.about(), [Uuid::from_u128(1), Uuid::from_u128(2)]);
    }
}
