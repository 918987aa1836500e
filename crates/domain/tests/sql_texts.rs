//! The closed sets here and in the migrations are the same. (The table of steps: see the store's tests.)

use domain::choice::Choice;
use domain::invoices::{InvoiceStatus, PaymentMethod};
use domain::jobs::{AuthorityOutcome, DocumentSeen, JobStatus, Relation};
use domain::lines::LineKind;
use std::collections::BTreeSet;

const JOBS: &str = include_str!("../../../migrations/0007_jobs.sql");
const INVOICES: &str = include_str!("../../../migrations/0010_invoices.sql");

/// The texts of the SQL list that follows the first `opening` after `after`.
fn listed<'s>(sql: &'s str, after: &str, opening: &str, closing: char) -> BTreeSet<&'s str> {
    let from = sql.find(after).expect(after);
    let from = from + sql[from..].find(opening).expect(opening) + opening.len();
    let list = &sql[from..from + sql[from..].find(closing).expect("an end")];
    list.split(',').map(|text| text.trim().trim_matches('\'')).collect()
}

fn texts<T: Choice>() -> BTreeSet<&'static str> {
    T::ALL.iter().map(|one| one.as_str()).collect()
}

#[test]
fn closed_sets() {
    let jobs = |column| listed(JOBS, column, " in (", ')');
    assert_eq!(texts::<JobStatus>(), jobs("check (status in ("));
    assert_eq!(texts::<Relation>(), jobs("check (relation in ("));
    assert_eq!(texts::<DocumentSeen>(), jobs("check (document in ("));
    assert_eq!(texts::<AuthorityOutcome>(), jobs("check (outcome in ("));
    assert_eq!(texts::<LineKind>(), jobs("check (kind in ("));
    let invoices = |column| listed(INVOICES, column, " in (", ')');
    assert_eq!(texts::<InvoiceStatus>(), invoices("check (status in ("));
    assert_eq!(texts::<LineKind>(), invoices("check (kind in ("));
    assert_eq!(texts::<PaymentMethod>(), invoices("check (method in ("));
}

#[test]
fn the_dearest_line() {
    let largest = format!("abs(unit_minor) <= {}", domain::jobs::DEAREST);
    assert!(JOBS.contains(&largest), "{largest}");
}
