//! A case file: everything about one job, client or site that may be handed to whoever complains, asks or judges. Nothing
//! that is sealed is in it.

use super::CaseOf;
use crate::{
    audit::changes::{FieldChange, Told},
    jobs::JobPage,
    signatures::Writer,
};

/// Whom or what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseFile {
    /// The shop.
    pub shop: String,
    /// Its time zone: all times are written in it.
    pub zone: String,
    /// "Job 1042", "Ada Reyes", "12 King Street".
    pub title: String,
    /// Name and value of what is known of it.
    pub facts: Vec<(String, String)>,
    /// Its jobs, the oldest first.
    pub jobs: Vec<CaseJob>,
    /// What happened, the oldest first.
    pub chronicle: Vec<Happened>,
}

/// A job in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseJob {
    /// As its page shows it.
    pub page: JobPage,
    /// Every check of authority, the oldest first.
    pub authority: Vec<CaseAuthority>,
}

/// Who asked, and why the shop believed them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CaseAuthority {
    pub at: String,
    pub by: String,
    pub person: String,
    pub relation: String,
    pub document: String,
    pub outcome: String,
    pub reason: String,
}

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Its position.
    pub entry: i64,
    /// Server time in UTC.
    pub utc: String,
    /// The same in the shop's zone.
    pub at: String,
    /// Who.
    pub who: String,
    /// What, to follow the name.
    pub sentence: String,
    /// Whether it was refused.
    pub refused: bool,
    /// What stands beside it.
    pub told: Told,
}

/// Styles for screen and paper; the file stands alone.
const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2024;background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #c8ccd0}h3{font-size:1rem}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #e2e5e8;overflow-wrap:anywhere}\
tbody th{font-weight:600}dt{font-weight:600}dd{margin:0 0 .4rem}@media print{body{margin:0;max-width:none;font-size:11px}tr{break-inside:avoid}}";

impl CaseFile {
    /// The timeline as a page of its own, for screen and paper: no script, no link, no image.
    #[must_use]
    pub fn to_html(&self, of: CaseOf) -> String {
        let mut page = Writer::new();
        page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n<style>");
        page.raw(STYLE);
        page.raw("</style>\n");
        page.element("title", &format!("Case file: {}", self.title));
        page.raw("</head><body>\n");
        page.element("h1", &format!("Case file of {}: {}", of.words(), self.title));
        page.element("p", &format!("{}. All times are those of the shop's server, shown in {}.", self.shop, self.zone));
        facts(&mut page, &self.facts);
        for job in &self.jobs {
            job.write(&mut page);
        }
        self.chronicle(&mut page);
        page.raw("</body></html>\n");
        page.written()
    }

    fn chronicle(&self, page: &mut Writer) {
        page.element("h2", "What happened");
        page.head(&["Entry", "When", "UTC", "Who and what", "Beside it"]);
        for one in &self.chronicle {
            let refused = if one.refused { " (refused)" } else { "" };
            let what = format!("{} {}{refused}", one.who, one.sentence);
            page.row(&[&one.entry.to_string(), &one.at, &one.utc, &what, &beside(&one.told)]);
        }
        page.raw("</tbody>\n</table>\n");
    }
}

fn beside(told: &Told) -> String {
    let mut lines = Vec::new();
    if !told.reason.is_empty() {
        lines.push(format!("Reason: {}", told.reason));
    }
    for FieldChange { field, before, after } in &told.changes {
        let nothing = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
        lines.push(format!("{field}: {} to {}", nothing(before), nothing(after)));
    }
    lines.extend(told.others.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.join("\n")
}

fn facts(page: &mut Writer, rows: &[(String, String)]) {
    page.raw("<dl>\n");
    rows.iter().for_each(|(name, value)| page.fact(name, value));
    page.raw("</dl>\n");
}

fn table(page: &mut Writer, title: &str, heads: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    page.element("h3", title);
    page.head(heads);
    for row in rows {
        page.row(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    page.raw("</tbody>\n</table>\n");
}

impl CaseJob {
    fn write(&self, page: &mut Writer) {
        let job = &self.page.job;
        page.element("h2", &format!("Job {}: {}", job.number, job.kind));
        let place = [&job.site_name, &job.address].into_iter().filter(|part| !part.is_empty()).cloned();
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        facts(
            page,
            &[
                named("Client", &job.client_name),
                named("Place", &place.collect::<Vec<_>>().join(", ")),
                named("State", job.status.words()),
                named("Asked by", format!("{} {}", job.caller, job.caller_phone).trim()),
                named("Taken", &format!("{} by {}", job.taken, job.taken_by)),
                named("Requested", &job.requested),
                named("Performed", &job.performed),
                named("Completed", &job.completed),
                named("Ended because", &job.ended_reason),
                named("Completed with something missing because", &job.override_reason),
            ],
        );
        self.answers(page);
        self.people(page);
        self.work(page);
    }

    fn answers(&self, page: &mut Writer) {
        let job = &self.page.job;
        let answers = job.requirements.questions.iter().filter_map(|question| {
            job.answers.get(&question.key).map(|answer| vec![question.label.clone(), answer.clone()])
        });
        table(page, "Questions", &["Question", "Answer"], &answers.collect::<Vec<_>>());
        let checks = job.requirements.checks.iter().map(|check| {
            let tick = self.page.ticks.iter().find(|tick| tick.key == check.key);
            let words = tick.map_or_else(|| "not ticked".to_owned(), |tick| format!("{} by {}", tick.at, tick.by));
            vec![check.label.clone(), words]
        });
        table(page, "Checklist", &["Item", "Ticked"], &checks.collect::<Vec<_>>());
    }

    fn people(&self, page: &mut Writer) {
        let rows = self.authority.iter().map(|a| {
            let outcome = if a.reason.is_empty() { a.outcome.clone() } else { format!("{}: {}", a.outcome, a.reason) };
            vec![a.at.clone(), a.person.clone(), a.relation.clone(), a.document.clone(), outcome, a.by.clone()]
        });
        let heads = ["When", "Who asked", "As", "Document seen", "Outcome", "Checked by"];
        table(page, "Authority", &heads, &rows.collect::<Vec<_>>());
        let visits = self.page.visits.iter().rev().map(|visit| {
            let or_nothing = |when: &Option<String>| when.clone().unwrap_or_default();
            let cancelled = if visit.cancelled { " (cancelled)" } else { "" };
            vec![
                format!("{}–{}{cancelled}", visit.starts, visit.ends),
                visit.technician_name.clone(),
                or_nothing(&visit.en_route),
                or_nothing(&visit.on_site),
                or_nothing(&visit.left),
            ]
        });
        let heads = ["Planned", "Technician", "Set off", "Arrived", "Left"];
        table(page, "Visits", &heads, &visits.collect::<Vec<_>>());
    }

    fn work(&self, page: &mut Writer) {
        let currency = self.page.currency;
        let lines = self.page.lines.iter().map(|line| {
            vec![
                format!("{}: {}", line.line.kind.words(), line.description),
                line.line.quantity.to_string(),
                line.line.unit_price.format(currency),
            ]
        });
        table(page, "Lines", &["What", "Quantity", "Price"], &lines.collect::<Vec<_>>());
        let openings = self
            .page
            .openings
            .iter()
            .map(|opening| vec![opening.number.clone(), opening.location.clone(), opening.hardware.clone()]);
        table(page, "Openings", &["Number", "Location", "Hardware"], &openings.collect::<Vec<_>>());
        let signatures = self.page.signatures.iter().map(|one| {
            vec![one.at.clone(), one.name.clone(), one.role.words().to_owned(), format!("version {}", one.version)]
        });
        table(page, "Signatures", &["When", "Name", "As", "Work order"], &signatures.collect::<Vec<_>>());
        let photos = self.page.photos.iter().map(|photo| {
            let state = match (&photo.removed, photo.restricted) {
                (Some(gone), _) => format!("removed {} by {}: {}", gone.at, gone.by, gone.reason),
                (None, true) => "restricted: not in this file".to_owned(),
                (None, false) => String::new(),
            };
            vec![photo.at.clone(), photo.words(), photo.by.clone(), state]
        });
        table(page, "Photos", &["When", "What", "By", ""], &photos.collect::<Vec<_>>());
    }
}
