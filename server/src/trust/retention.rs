//! How long what is kept, as it is today: what nothing purges is said to be kept.

use store::front_door::{SESSION_IDLE, SESSION_LIFETIME};

/// One category.
pub struct Keeping {
    /// What.
    pub what: &'static str,
    /// How long.
    pub how_long: String,
    /// What becomes of it then.
    pub then: &'static str,
}

/// All of them.
pub fn table() -> Vec<Keeping> {
    let row = |what, how_long: &str, then| Keeping { what, how_long: how_long.to_owned(), then };
    let sessions =
        format!("{:.0} minutes without a click, {:.0} hours at most", SESSION_IDLE / 60.0, SESSION_LIFETIME / 3600.0);
    vec![
        Keeping { what: "Signed-in sessions", how_long: sessions, then: "End. A line that they were there stays." },
        row("Half-finished sign-ins, links to reset a password", "Minutes", "Worth nothing, and erased within a day."),
        row("What was typed into a form that came back", "Ten minutes", "Erased."),
        row(
            "Letters",
            "Until they are sent, 30 days where that fails",
            "Their text is erased; that they were sent stays.",
        ),
        row("Clients' links", "As long as the shop gives them, or until it ends them", "Worth nothing from then on."),
        row(
            "Clients, sites, jobs, invoices, payments",
            "Kept: nothing is purged by itself",
            "A client, a contact or a former member can be forgotten by the shop's owner: names, addresses, notes and links go; jobs and invoices stay.",
        ),
        row("Signed papers and their evidence", "Kept for good", "Nobody can change or delete them."),
        row(
            "Photos, bitting records, access notes",
            "Kept until the shop replaces them",
            "A removed photo is hidden; its file stays, sealed.",
        ),
        row("The audit trail", "Kept for good", "Nobody can change or delete it, the shop's owner included."),
        row(
            "Names, addresses and browsers beside the audit trail",
            "Kept under keys of the people they are about; no term is enforced yet",
            "Whoever is forgotten loses the key: unreadable then in every copy, and the trail still verifies.",
        ),
        row("Backups", "As whoever runs this installation decides", "This program makes none by itself."),
    ]
}
