//! The list of jobs, as its address describes it.

use super::JobStatus;
use crate::{closed_set, ids::JobId, schedule::Technician};
use serde::{Deserialize, Serialize};

closed_set! {
    /// In which order.
    pub enum JobSort {
        /// Latest call first.
        Newest = "newest", "Latest call first";
        /// By the time of the visit; jobs nobody was sent to are not among them.
        Visit = "visit", "By time of visit";
    }
}

/// What is asked of the list: the texts of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobFilter {
    /// A status, "all", or empty for the open ones.
    pub status: String,
    /// A member's id.
    pub technician: String,
    /// A number, or the start of a client's name.
    pub q: String,
    /// A [`JobSort`].
    pub sort: String,
    /// Where the page before ended: a number, or a time and a number.
    pub after: String,
}

impl JobFilter {
    /// The statuses asked for.
    #[must_use]
    pub fn statuses(&self) -> Vec<&'static str> {
        use crate::choice::Choice;
        match JobStatus::parse(&self.status) {
            Some(one) => vec![one.as_str()],
            None => JobStatus::ALL
                .iter()
                .filter(|status| self.status == "all" || status.is_open())
                .map(|status| status.as_str())
                .collect(),
        }
    }

    /// The order asked for.
    #[must_use]
    pub fn order(&self) -> JobSort {
        JobSort::parse(&self.sort).unwrap_or(JobSort::Newest)
    }

    /// Whether anything but the open jobs, newest first, is asked for.
    #[must_use]
    pub fn narrows(&self) -> bool {
        *self != Self::default()
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSummary {
    /// Which.
    pub id: JobId,
    /// Its number.
    pub number: i64,
    /// Kind of job.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Name of the client.
    pub client: String,
    /// Address of the site.
    pub address: String,
    /// Who goes; empty when nobody is sent.
    pub technician: String,
    /// "Mon 3 Mar 2026, 14:00"; empty when nobody is sent.
    pub starts: String,
    /// Somebody waits in danger.
    pub urgent: bool,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobList {
    /// Fifty at most.
    pub rows: Vec<JobSummary>,
    /// Where the next page begins, if there is one.
    pub after: Option<String>,
    /// Whom one can filter by.
    pub technicians: Vec<Technician>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_ones_unless_asked_otherwise() {
        let of = |status: &str| JobFilter { status: status.into(), ..JobFilter::default() }.statuses().len();
        assert_eq!((of(""), of("nonsense"), of("all"), of("closed")), (4, 4, 9, 1));
    }
}
