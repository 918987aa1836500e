//! What a job has to show, and what is still missing before it may be completed.

use super::{AuthorityOutcome, JobField, Requirements, SignerRole};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What has been recorded on a job so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// Fields of the job that are filled.
    pub fields: BTreeSet<JobField>,
    /// Keys of the checks ticked.
    pub checks: BTreeSet<String>,
    /// Keys of the photos that are there.
    pub photos: BTreeSet<String>,
    /// Who has signed the current work order.
    pub signatures: BTreeSet<SignerRole>,
    /// The outcome of the latest authority check.
    pub authority: Option<AuthorityOutcome>,
}

/// One thing still missing, in words, with the place on the job's page where it is put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// The authority check has not been made.
    Authority,
    /// The authority check was refused: the job stops.
    AuthorityRefused,
    /// A required question has no answer.
    Answer {
        /// The question's key.
        key: String,
        /// The question's words.
        label: String,
    },
    /// A field of the job is empty.
    Field(JobField),
    /// A check is not ticked.
    Check {
        /// The check's key.
        key: String,
        /// The check's words.
        label: String,
    },
    /// A photo is not there.
    Photo {
        /// The photo's key.
        key: String,
        /// The photo's words.
        label: String,
    },
    /// Somebody has not signed.
    Signature(SignerRole),
}

impl Missing {
    /// What to do, in words: "Answer: Is a child or a pet inside?".
    pub fn words(&self) -> String {
        match self {
            Missing::Authority => "Check the authority of the person asking".into(),
            Missing::AuthorityRefused => "Authority was refused: this job cannot go on".into(),
            Missing::Answer { label, .. } => format!("Answer: {label}"),
            Missing::Field(field) => format!("Fill in: {}", field.words()),
            Missing::Check { label, .. } => format!("Check: {label}"),
            Missing::Photo { label, .. } => format!("Photo: {label}"),
            Missing::Signature(role) => format!("Signature: {}", role.words()),
        }
    }

    /// The `id` of the element where it is put right; a link to it is `#` and this.
    pub fn anchor(&self) -> String {
        match self {
            Missing::Authority | Missing::AuthorityRefused => "authority".into(),
            Missing::Answer { key, .. } => format!("question-{key}"),
            Missing::Field(field) => format!("field-{}", field.as_str()),
            Missing::Check { key, .. } => format!("check-{key}"),
            Missing::Photo { key, .. } => format!("photo-{key}"),
            Missing::Signature(role) => format!("signature-{}", role.as_str()),
        }
    }
}

/// What the template demands and the job does not have, in the order of the work. Empty: it may be completed.
/// A refused authority check blocks every job, whether or not its template asks for one.
pub fn missing(requirements: &Requirements, evidence: &Evidence) -> Vec<Missing> {
    let mut missing = Vec::new();
    match evidence.authority {
        Some(AuthorityOutcome::Refused) => missing.push(Missing::AuthorityRefused),
        None if requirements.authority => missing.push(Missing::Authority),
        Some(AuthorityOutcome::Allowed) | None => {}
    }
    let answered = |key: &str| evidence.answers.get(key).is_some_and(|answer| !answer.trim().is_empty());
    let unanswered = requirements.questions.iter().filter(|q| q.required && !answered(&q.key));
    missing.extend(unanswered.map(|q| Missing::Answer { key: q.key.clone(), label: q.label.clone() }));
    let empty = requirements.fields.iter().filter(|field| !evidence.fields.contains(field));
    missing.extend(empty.map(|field| Missing::Field(*field)));
    let open = requirements.checks.iter().filter(|check| !evidence.checks.contains(&check.key));
    missing.extend(open.map(|check| Missing::Check { key: check.key.clone(), label: check.label.clone() }));
    let unseen = requirements.photos.iter().filter(|photo| !evidence.photos.contains(&photo.key));
    missing.extend(unseen.map(|photo| Missing::Photo { key: photo.key.clone(), label: photo.label.clone() }));
    let unsigned = requirements.signatures.iter().filter(|role| !evidence.signatures.contains(role));
    missing.extend(unsigned.map(|role| Missing::Signature(*role)));
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{Check, JobKind};

    fn full(requirements: &Requirements) -> Evidence {
        Evidence {
            answers: requirements.questions.iter().map(|q| (q.key.clone(), "no".to_owned())).collect(),
            fields: requirements.fields.iter().copied().collect(),
            checks: requirements.checks.iter().map(|c| c.key.clone()).collect(),
            photos: requirements.photos.iter().map(|photo| photo.key.clone()).collect(),
            signatures: requirements.signatures.iter().copied().collect(),
            authority: Some(AuthorityOutcome::Allowed),
        }
    }

    #[test]
    fn a_lockout_names_all_it_lacks() {
        let lockout = JobKind::LockoutHouse.starter().requirements;
        let named: Vec<_> = missing(&lockout, &Evidence::default()).iter().map(Missing::anchor).collect();
        assert_eq!(named[0], "authority");
        for anchor in ["question-inside", "field-site", "check-damage_noted", "signature-client"] {
            assert!(named.iter().any(|n| n == anchor), "{anchor} in {named:?}");
        }
        assert_eq!(missing(&lockout, &full(&lockout)), []);
    }

    #[test]
    fn taking_away_any_one_thing_names_just_that() {
        let lockout = JobKind::LockoutHouse.starter().requirements;
        for check in &lockout.checks {
            let mut evidence = full(&lockout);
            evidence.checks.remove(&check.key);
            assert_eq!(
                missing(&lockout, &evidence),
                [Missing::Check { key: check.key.clone(), label: check.label.clone() }]
            );
        }
        for question in &lockout.questions {
            let mut evidence = full(&lockout);
            evidence.answers.insert(question.key.clone(), "  ".into());
            assert_eq!(missing(&lockout, &evidence).len(), usize::from(question.required));
        }
        for role in &lockout.signatures {
            let mut evidence = full(&lockout);
            evidence.signatures.remove(role);
            assert_eq!(missing(&lockout, &evidence), [Missing::Signature(*role)]);
        }
        for field in &lockout.fields {
            let mut evidence = full(&lockout);
            evidence.fields.remove(field);
            assert_eq!(missing(&lockout, &evidence), [Missing::Field(*field)]);
        }
    }

    #[test]
    fn a_photo_that_is_demanded_is_missed_by_its_words() {
        let photo = Check { key: "lock_before".into(), label: "The lock before the work".into() };
        let demands = Requirements { photos: vec![photo], ..Requirements::default() };
        assert_eq!(missing(&demands, &full(&demands)), []);
        let lacking = missing(&demands, &Evidence::default());
        assert_eq!(lacking.iter().map(Missing::words).collect::<Vec<_>>(), ["Photo: The lock before the work"]);
        assert_eq!(lacking[0].anchor(), "photo-lock_before");
    }

    #[test]
    fn refused_authority_blocks_even_where_none_was_asked() {
        let evidence = Evidence { authority: Some(AuthorityOutcome::Refused), ..Evidence::default() };
        assert_eq!(missing(&Requirements::default(), &evidence), [Missing::AuthorityRefused]);
    }
}
