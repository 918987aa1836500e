//! Photos of jobs and of openings: what a form says of them, and what pages show.

use crate::{
    FieldErrors,
    clients::form::version,
    closed_set, fields,
    ids::{JobId, OpeningId, PhotoId, SiteId},
    reveal::Standing,
};
use serde::{Deserialize, Serialize};

/// Most photos of one sending.
pub const MOST_AT_ONCE: usize = 12;

closed_set! {
    /// When it was taken, as to the work.
    pub enum PhotoKind {
        /// As it was found.
        Before = "before", "Before";
        /// As it was left.
        After = "after", "After";
        /// Anything else.
        Other = "other", "Other";
    }
}

/// What a photo is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A job.
    Job(JobId),
    /// An opening, at its site.
    Opening(OpeningId),
}

impl Subject {
    /// Its id, whatever it is.
    #[must_use]
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Job(job) => job.uuid(),
            Self::Opening(opening) => opening.uuid(),
        }
    }
}

/// The words beside photos, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct PhotosForm {
    pub kind: String,
    pub caption: String,
    /// Which photo of its template this is; empty for none.
    pub slot: String,
    /// Ticked when a key or a code is in it.
    pub restricted: String,
    /// When the device says it was taken.
    pub taken: String,
    /// The field of the files themselves: they travel beside the form.
    pub photos: String,
}

/// Photos about to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPhotos {
    /// When they were taken, as to the work.
    pub kind: PhotoKind,
    /// Words under them.
    pub caption: String,
    /// Which photo of the template; empty for none.
    pub slot: String,
    /// Shown to those alone who may open secrets.
    pub restricted: bool,
    /// What the device claims.
    pub device_time: String,
}

impl PhotosForm {
    /// Reads the form; `refused` says of each file that came why it is not taken, if it is not.
    ///
    /// # Errors
    /// Words beside fields; nothing is kept of a sending one of whose files was refused.
    pub fn read(&self, refused: &[Option<String>]) -> Result<NewPhotos, FieldErrors> {
        fields::check(|c| {
            if refused.is_empty() {
                c.refuse("photos", "Choose a photo, or take one.");
            }
            if refused.len() > MOST_AT_ONCE {
                c.refuse("photos", format!("Send at most {MOST_AT_ONCE} photos at once."));
            }
            if let Some(words) = refused_words(refused) {
                c.refuse("photos", words);
            }
            NewPhotos {
                kind: c.optional_choice("kind", &self.kind).unwrap_or(PhotoKind::Other),
                caption: c.optional_text("caption", &self.caption, 200).unwrap_or_default(),
                slot: c.optional_text("slot", &self.slot, 60).unwrap_or_default(),
                restricted: c.ticked("restricted", Some(&self.restricted)),
                device_time: self.taken.chars().filter(|one| !one.is_control()).take(60).collect(),
            }
        })
    }
}

/// Which of the files are not taken, and why: by their place where there are several.
fn refused_words(refused: &[Option<String>]) -> Option<String> {
    let each = refused.iter().enumerate().filter_map(|(at, words)| Some((at + 1, words.as_ref()?)));
    let words: Vec<String> = match refused {
        [one] => one.iter().cloned().collect(),
        _ => each.map(|(at, words)| format!("Photo {at}: {words}")).collect(),
    };
    let first = words.first()?;
    Some(if refused.len() == 1 { first.clone() } else { format!("Nothing was added. {}", words.join(" ")) })
}

/// A photo, without its picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Which.
    pub id: PhotoId,
    /// When it was taken, as to the work.
    pub kind: PhotoKind,
    /// Which photo of its template it is; empty for none.
    pub slot: String,
    /// Words under it.
    pub caption: String,
    /// Shown to those alone who may open secrets.
    pub restricted: bool,
    /// Pixels across.
    pub width: i32,
    /// Pixels down.
    pub height: i32,
    /// Who added it.
    pub by: String,
    /// When, by the server's clock.
    pub at: String,
    /// When the device claims it was taken; may be empty.
    pub device_time: String,
    /// For compare-and-set.
    pub version: i32,
    /// Who took it out of the record's photos, when and why.
    pub removed: Option<Removed>,
}

impl Photo {
    /// What it shows, for those who do not see it.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match self.kind {
            PhotoKind::Before => "Photo before the work",
            PhotoKind::After => "Photo after the work",
            PhotoKind::Other => "Photo",
        };
        if self.caption.is_empty() { format!("{kind}, {}", self.at) } else { format!("{kind}: {}", self.caption) }
    }
}

/// That a photo was taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A photo's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoPage {
    /// The photo.
    pub photo: Photo,
    /// What it is of.
    pub subject: Subject,
    /// The site of an opening.
    pub site: Option<SiteId>,
    /// The same in words: "Job 1042", "Opening 101A".
    pub of: String,
    /// Whether whoever looks sees the office's page of the job.
    pub office: bool,
    /// Whether whoever looks may change it.
    pub may_change: bool,
    /// What stands between whoever looks and a restricted photo.
    pub standing: Standing,
}

/// What can be changed of a photo, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct PhotoForm {
    pub version: String,
    pub kind: String,
    pub caption: String,
    pub restricted: String,
}

/// What is to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhotoChange {
    /// When it was taken, as to the work.
    pub kind: PhotoKind,
    /// Words under it.
    pub caption: String,
    /// Shown to those alone who may open secrets.
    pub restricted: bool,
    /// The version being changed.
    #[serde(skip)]
    pub version: i32,
}

impl PhotoForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<PhotoChange, FieldErrors> {
        fields::check(|c| PhotoChange {
            kind: c.choice("kind", &self.kind),
            caption: c.optional_text("caption", &self.caption, 200).unwrap_or_default(),
            restricted: c.ticked("restricted", Some(&self.restricted)),
            version: version(c, &self.version),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refused_photo_keeps_the_others_out_and_says_which() {
        let form = PhotosForm { kind: "before".into(), ..PhotosForm::default() };
        let words = form.read(&[None, Some("It is a GIF.".into())]).expect_err("refused");
        assert_eq!(words["photos"], "Nothing was added. Photo 2: It is a GIF.");
        assert_eq!(form.read(&[Some("It is a GIF.".into())]).expect_err("refused")["photos"], "It is a GIF.");
        assert!(form.read(&[]).is_err() && form.read(&vec![None; MOST_AT_ONCE + 1]).is_err());
        assert_eq!(form.read(&[None]).map(|new| new.kind), Ok(PhotoKind::Before));
    }

    #[test]
    fn what_the_device_claims_is_cut_and_bare() {
        let form = PhotosForm { taken: format!("2026-01-05T10:00\n{}", "x".repeat(99)), ..PhotosForm::default() };
        let new = form.read(&[None]).expect("read");
        assert!(new.device_time.len() == 60 && !new.device_time.contains('\n'));
    }
}
