//! Cuts as they are typed, checked by the make's published specification.

use keying::{Bitting, BittingError, KeySpec, catalogue, published};
use serde::{Deserialize, Serialize};

/// A make with published depths, as a form offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Make {
    /// Of its specification, such as `kwikset_kw1`.
    pub id: String,
    /// "Kwikset KW1".
    pub name: String,
}

/// Cuts that could be read.
#[derive(Clone, PartialEq, Eq)]
pub struct Checked {
    /// As they are kept: the make's symbols, without what stood between them.
    pub cuts: String,
    /// How many there are.
    pub count: usize,
    /// What the make does not allow, in words; a key that was measured may well break a rule, or was measured wrong.
    pub against: Vec<String>,
}

/// Every make with published depths, by name.
#[must_use]
pub fn makes() -> Vec<Make> {
    let mut makes: Vec<_> = catalogue()
        .into_iter()
        .filter(|spec| !spec.depths.is_empty())
        .map(|spec| Make { name: named(&spec), id: spec.id })
        .collect();
    makes.sort_by(|a, b| a.name.cmp(&b.name));
    makes
}

fn named(spec: &KeySpec) -> String {
    format!("{} {}", spec.maker, spec.family)
}

impl Make {
    /// The make's name; empty for an id nobody published.
    #[must_use]
    pub fn name_of(id: &str) -> String {
        published(id).map(|spec| named(&spec)).unwrap_or_default()
    }

    /// Whether cuts of this make are read from the tip.
    #[must_use]
    pub fn reads_from_tip(id: &str) -> bool {
        published(id).is_some_and(|spec| spec.reading == keying::Reading::TipToBow)
    }
}

/// Reads cuts by the rules of `make`, or, where it is empty, as plain digits and letters.
///
/// # Errors
/// Words to stand beside the field. They name places, never what was typed.
pub fn check(make: &str, typed: &str) -> Result<Checked, String> {
    let Some(spec) = published(make).filter(|_| !make.is_empty()) else {
        return plain(typed);
    };
    let bitting = spec.read(typed.trim()).map_err(|error| words(&error, &spec))?;
    let against = [wrong_count(&spec, &bitting), neighbours(&spec, &bitting)].into_iter().flatten().collect();
    let cuts = spec.write(&bitting).ok_or("These cuts cannot be written in this make's depths.")?;
    Ok(Checked { cuts, count: bitting.chambers(), against })
}

/// Cuts of a make nobody published: kept as they are, without what stood between them.
fn plain(typed: &str) -> Result<Checked, String> {
    let cuts: String =
        typed.chars().filter(|c| !matches!(c, ' ' | ',' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    if cuts.is_empty() {
        return Err("Enter at least one cut.".into());
    }
    if cuts.len() > 40 {
        return Err("At most 40 cuts.".into());
    }
    if let Some(at) = cuts.chars().position(|c| !c.is_ascii_alphanumeric()) {
        return Err(format!("Cut {} is neither a digit nor a letter.", at + 1));
    }
    Ok(Checked { count: cuts.len(), cuts, against: Vec::new() })
}

fn words(error: &BittingError, spec: &KeySpec) -> String {
    match error {
        BittingError::Empty => "Enter at least one cut.".into(),
        BittingError::TooLong { .. } => "That is more cuts than any key has.".into(),
        BittingError::Symbol { position } => {
            let known = spec.depths.iter().map(|depth| depth.symbol.as_str()).collect::<Vec<_>>().join(" ");
            format!("Character {position} is no depth of {}. Its depths are {known}.", named(spec))
        }
        other => format!("{other}."),
    }
}

fn wrong_count(spec: &KeySpec, bitting: &Bitting) -> Option<String> {
    let count = bitting.chambers();
    let allowed = spec.chambers_allowed.iter().map(ToString::to_string).collect::<Vec<_>>();
    (!allowed.is_empty() && !allowed.contains(&count.to_string()))
        .then(|| format!("{count} cuts, where this make has {}.", allowed.join(" or ")))
}

fn neighbours(spec: &KeySpec, bitting: &Bitting) -> Option<String> {
    let pairs = spec.macs.broken_pairs(bitting);
    let places = pairs.iter().map(|left| format!("{} and {}", left.number(), left.number() + 1)).collect::<Vec<_>>();
    (!places.is_empty()).then(|| format!("Cuts {} differ by more than the make can cut (MACS).", places.join(", ")))
}

/// Whether two rows of cuts are one key, read from the same end or from the other.
#[must_use]
pub fn same_key(kept: &str, looked_for: &str) -> bool {
    let plain = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect::<String>()
    };
    let (kept, looked_for) = (plain(kept), plain(looked_for));
    !kept.is_empty() && (kept == looked_for || kept.chars().rev().eq(looked_for.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_are_read_in_the_makes_symbols() {
        let read = check("schlage_classic", " 4-1 8,3 6").map_err(|_| ()).expect("reads");
        assert_eq!((read.cuts.as_str(), read.count), ("41836", 5));
        assert!(read.against.is_empty());
    }

    #[test]
    fn what_no_key_of_the_make_has_is_refused_without_saying_what_was_typed() {
        let words = check("kwikset_kw1", "12945").err().expect("refused");
        assert_eq!(words, "Character 3 is no depth of Kwikset KW1. Its depths are 1 2 3 4 5 6.");
        assert_eq!(check("", " - ").err().as_deref(), Some("Enter at least one cut."));
        assert_eq!(check("", "12/4").err().as_deref(), Some("Cut 3 is neither a digit nor a letter."));
    }

    #[test]
    fn what_the_make_would_not_cut_is_said_and_kept() {
        let read = check("kwikset_kw1", "1613").map_err(|_| ()).expect("reads");
        assert_eq!(
            read.against,
            [
                "4 cuts, where this make has 5 or 6.",
                "Cuts 1 and 2, 2 and 3 differ by more than the make can cut (MACS)."
            ]
        );
    }

    #[test]
    fn a_key_is_the_same_from_either_end() {
        assert!(same_key("41836", "4 1 8 3 6") && same_key("41836", "63814"));
        assert!(!same_key("41836", "41863") && !same_key("", ""));
    }

    #[test]
    fn every_make_offered_can_be_read_again() {
        let makes = makes();
        assert!(makes.len() > 10);
        assert!(makes.iter().all(|make| Make::name_of(&make.id) == make.name), "{makes:?}");
    }
}
