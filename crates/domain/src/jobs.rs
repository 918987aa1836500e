//! Jobs: their states, the steps between them, and what a template demands before a job may be completed.

mod authority;
mod ceiling;
mod evidence;
mod forms;
mod intake;
mod list;
mod page;
mod requirements;
mod starters;
mod templates;

pub use authority::{AuthorityOutcome, DocumentSeen, Relation};
pub use ceiling::Ceiling;
pub use evidence::{Evidence, Missing, missing};
pub use forms::{
    AuthorityForm, DEAREST, LineForm, NewAuthorityCheck, NewLine, Order, OrderForm, ReasonForm, Work, WorkForm,
};
pub use intake::{CallFor, Intake, IntakeForm, NewJob, Place, TemplateChoice, answer_field};
pub use list::{JobFilter, JobList, JobSort, JobSummary};
pub use page::{AuthorityRecord, Job, JobInvoice, JobLine, JobOpening, JobPage, JobRights, Tick, Totals};
pub use requirements::{Answer, Check, JobField, Question, Requirements, SignerRole};
pub use starters::{DefaultLine, JobKind, Starter};
pub use templates::{NewTemplateVersion, TemplateForm, TemplatePage, questions_from_text};

use crate::closed_set;

closed_set! {
    /// Where a job stands. `new → scheduled → en route → on site → completed → invoiced → closed`, or stopped.
    pub enum JobStatus {
        /// Taken, nobody sent yet.
        New = "new", "New";
        /// A technician and a window are set.
        Scheduled = "scheduled", "Scheduled";
        /// The technician is driving there.
        EnRoute = "en_route", "On the way";
        /// The technician is there.
        OnSite = "on_site", "On site";
        /// The work is done and everything demanded is there.
        Completed = "completed", "Completed";
        /// An invoice was issued for it.
        Invoiced = "invoiced", "Invoiced";
        /// Paid or settled; nothing left to do.
        Closed = "closed", "Closed";
        /// Called off by the client or the shop.
        Cancelled = "cancelled", "Cancelled";
        /// Stopped: nobody could show a right to have it done.
        Refused = "refused", "Refused";
    }
}

closed_set! {
    /// What a person does to move a job on. The words stand on the button.
    pub enum Step {
        /// Set, or change, the window and the technician; somebody on the way is called back.
        Schedule = "schedule", "Schedule";
        /// Take the window and the technician away again.
        Unschedule = "unschedule", "Take off the schedule";
        /// The technician starts driving.
        SetOff = "set_off", "Start driving";
        /// The technician arrives.
        Arrive = "arrive", "I'm on site";
        /// The work is done.
        Complete = "complete", "Complete job";
        /// The invoice is issued.
        Invoice = "invoice", "Make invoice";
        /// The invoice was voided: the job waits for a new one.
        VoidInvoice = "void_invoice", "Void invoice";
        /// Nothing is left to do; a job without charge is closed uninvoiced.
        Close = "close", "Close job";
        /// The job is called off.
        Cancel = "cancel", "Cancel job";
        /// The authority check failed.
        Refuse = "refuse", "Refuse job";
    }
}

/// A step that a job's state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {} cannot take the step \"{}\"", .status.as_str(), .step.as_str())]
pub struct IllegalStep {
    /// Where the job stands.
    pub status: JobStatus,
    /// What was tried.
    pub step: Step,
}

/// Every legal step: from, step, to. The database constraint holds the same table; a test compares them.
pub const LEGAL_STEPS: &[(JobStatus, Step, JobStatus)] = {
    use JobStatus::*;
    &[
        (New, Step::Schedule, Scheduled),
        (Scheduled, Step::Schedule, Scheduled),
        (Scheduled, Step::Unschedule, New),
        (Scheduled, Step::SetOff, EnRoute),
        (Scheduled, Step::Arrive, OnSite),
        (EnRoute, Step::Schedule, Scheduled),
        (EnRoute, Step::Arrive, OnSite),
        (OnSite, Step::Complete, Completed),
        (Completed, Step::Invoice, Invoiced),
        (Invoiced, Step::VoidInvoice, Completed),
        (Completed, Step::Close, Closed),
        (Invoiced, Step::Close, Closed),
        (Closed, Step::VoidInvoice, Completed),
        (New, Step::Cancel, Cancelled),
        (Scheduled, Step::Cancel, Cancelled),
        (EnRoute, Step::Cancel, Cancelled),
        (OnSite, Step::Cancel, Cancelled),
        (New, Step::Refuse, Refused),
        (Scheduled, Step::Refuse, Refused),
        (EnRoute, Step::Refuse, Refused),
        (OnSite, Step::Refuse, Refused),
    ]
};

impl JobStatus {
    /// Where the job stands after a step. Errs when the state does not allow it.
    pub fn take(self, step: Step) -> Result<JobStatus, IllegalStep> {
        let legal = LEGAL_STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step));
        legal.map(|(_, _, to)| *to).ok_or(IllegalStep { status: self, step })
    }

    /// The steps this state allows.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        LEGAL_STEPS.iter().filter(move |(from, ..)| *from == self).map(|(_, step, _)| *step)
    }

    /// The one step a person usually takes next, for the big button; `None` when the job is over.
    pub const fn next_step(self) -> Option<Step> {
        match self {
            JobStatus::New => Some(Step::Schedule),
            JobStatus::Scheduled => Some(Step::SetOff),
            JobStatus::EnRoute => Some(Step::Arrive),
            JobStatus::OnSite => Some(Step::Complete),
            JobStatus::Completed => Some(Step::Invoice),
            JobStatus::Invoiced => Some(Step::Close),
            JobStatus::Closed | JobStatus::Cancelled | JobStatus::Refused => None,
        }
    }

    /// How the portal says it: what becomes of the invoice is the shop's affair.
    #[must_use]
    pub const fn words_for_client(self) -> &'static str {
        match self {
            JobStatus::New => "Received",
            JobStatus::Scheduled => "Scheduled",
            JobStatus::EnRoute => "On the way",
            JobStatus::OnSite => "On site",
            JobStatus::Completed | JobStatus::Invoiced | JobStatus::Closed => "Done",
            JobStatus::Cancelled => "Cancelled",
            JobStatus::Refused => "Not carried out",
        }
    }

    /// Whether work is still to be done: only then does a technician see access notes.
    pub const fn is_open(self) -> bool {
        matches!(self, JobStatus::New | JobStatus::Scheduled | JobStatus::EnRoute | JobStatus::OnSite)
    }

    /// Whether nothing is left to do. Only a voided invoice opens a closed job again.
    pub const fn is_final(self) -> bool {
        self.next_step().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;

    #[test]
    fn every_pair_of_state_and_step() {
        use JobStatus::*;
        let expected = |status, step| match (status, step) {
            (New | Scheduled | EnRoute, Step::Schedule) => Some(Scheduled),
            (Scheduled, Step::Unschedule) => Some(New),
            (Scheduled, Step::SetOff) => Some(EnRoute),
            (Scheduled | EnRoute, Step::Arrive) => Some(OnSite),
            (OnSite, Step::Complete) | (Invoiced | Closed, Step::VoidInvoice) => Some(Completed),
            (Completed, Step::Invoice) => Some(Invoiced),
            (Completed | Invoiced, Step::Close) => Some(Closed),
            (New | Scheduled | EnRoute | OnSite, Step::Cancel) => Some(Cancelled),
            (New | Scheduled | EnRoute | OnSite, Step::Refuse) => Some(Refused),
            _ => None,
        };
        for &status in JobStatus::ALL {
            for &step in Step::ALL {
                let want = expected(status, step).ok_or(IllegalStep { status, step });
                assert_eq!(status.take(step), want);
            }
        }
    }

    #[test]
    fn the_buttons_lead_from_new_to_closed() {
        let mut status = JobStatus::New;
        let mut buttons = Vec::new();
        while let Some(step) = status.next_step() {
            buttons.push(step.words());
            status = status.take(step).expect("the next step is legal");
        }
        assert_eq!(status, JobStatus::Closed);
        assert_eq!(buttons, ["Schedule", "Start driving", "I'm on site", "Complete job", "Make invoice", "Close job"]);
    }

    #[test]
    fn open_and_final() {
        for &status in JobStatus::ALL {
            assert_eq!(status.is_final(), status.steps().all(|step| step == Step::VoidInvoice), "{status:?}");
            assert_eq!(status.is_open(), status.take(Step::Cancel).is_ok(), "{status:?}");
            assert_eq!(JobStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(JobStatus::parse("En_route"), None);
        let illegal = JobStatus::Closed.take(Step::Arrive).map_err(|e| e.to_string());
        assert_eq!(illegal, Err("a job that is closed cannot take the step \"arrive\"".into()));
    }
}
