//! Visits: a technician at a time.

use crate::{
    FieldErrors,
    calendar::{Date, Time},
    fields::{self, Checker},
    ids::{JobId, PersonId, VisitId},
    jobs::JobStatus,
};
use serde::{Deserialize, Serialize};

/// Longest window of a visit, in minutes: twelve hours. The database allows a week, for imports.
pub const LONGEST: i64 = 720;

/// The form that sends somebody, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitForm {
    /// Who goes.
    pub technician: String,
    /// On which day.
    pub date: String,
    /// From what time.
    pub time: String,
    /// For how many minutes.
    pub minutes: String,
}

/// Who goes, and when, in the shop's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVisit {
    /// Who goes.
    pub technician: PersonId,
    /// On which day.
    pub date: Date,
    /// From what time.
    pub time: Time,
    /// For how many minutes.
    pub minutes: i64,
}

impl VisitForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<NewVisit, FieldErrors> {
        fields::check(|c| self.visit(c))
    }

    /// Reads the form as part of the intake, where it may be left for later: then nobody is chosen.
    pub(crate) fn optional(&self, c: &mut Checker) -> Option<NewVisit> {
        (!self.technician.trim().is_empty()).then(|| self.visit(c))
    }

    fn visit(&self, c: &mut Checker) -> NewVisit {
        NewVisit {
            technician: c.id("technician", &self.technician),
            date: c.date("date", &self.date),
            time: c.time("time", &self.time),
            minutes: c.integer("minutes", &self.minutes, 5..=LONGEST),
        }
    }
}

/// A visit as a job's page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Which.
    pub id: VisitId,
    /// Who goes.
    pub technician: PersonId,
    /// The name.
    pub technician_name: String,
    /// "Mon 3 Mar 2026, 14:00", in the shop's zone.
    pub starts: String,
    /// "15:30".
    pub ends: String,
    /// Day, for the form.
    pub date: String,
    /// Time, for the form.
    pub time: String,
    /// Length, for the form.
    pub minutes: i64,
    /// When the technician set off.
    pub en_route: Option<String>,
    /// When the technician arrived.
    pub on_site: Option<String>,
    /// When the technician left.
    pub left: Option<String>,
    /// Whether it was taken off the schedule.
    pub cancelled: bool,
}

/// A visit in a list: of today, of a technician, of those that run late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRow {
    /// Its job.
    pub job: JobId,
    /// The job's number.
    pub number: i64,
    /// Kind of job.
    pub kind: String,
    /// Where the job stands.
    pub status: JobStatus,
    /// The client's name.
    pub client: String,
    /// Address of the site; empty where there is none.
    pub address: String,
    /// Who goes.
    pub technician: String,
    /// The day, when it is not today; empty for today.
    pub day: String,
    /// "14:00–15:30".
    pub window: String,
    /// Whether the window is over and the job is not done.
    pub late: bool,
    /// Whether somebody waits in danger.
    pub urgent: bool,
}

/// Somebody who may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Technician {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_needs_all_four() {
        let form = VisitForm {
            technician: "0198c1a2-0000-7000-8000-00000000000a".into(),
            date: "2026-11-22".into(),
            time: "14:30".into(),
            minutes: "90".into(),
        };
        assert_eq!(
            form.read().map(|visit| (visit.date.to_string(), visit.time.to_string(), visit.minutes)),
            Ok(("2026-11-22".into(), "14:30".into(), 90))
        );
        let errors = VisitForm::default().read().expect_err("empty");
        assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), ["date", "minutes", "technician", "time"]);
        let long = VisitForm { minutes: "721".into(), ..form };
        assert_eq!(long.read().expect_err("too long").len(), 1);
    }

    #[test]
    fn nobody_chosen_is_no_visit() {
        let form = VisitForm { date: "not a date".into(), ..VisitForm::default() };
        assert_eq!(fields::check(|c| form.optional(c)), Ok(None));
    }
}
