//! The tones of a badge or a notice, and the one place that says which state wears which.

/// A meaning that has a colour *and* a shape (see `style/components/badge.css`), so that hue is never alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Tone {
    /// Nothing to say: a tag, a count.
    #[default]
    Plain,
    /// Waits for the office; also a mild warning.
    Brass,
    /// Agreed and planned; also plain information.
    Steel,
    /// On the way, or looked at by the client.
    Iris,
    /// In work, or partly done.
    Copper,
    /// Done as it should be: completed, paid, allowed.
    Verdigris,
    /// Handed over and on the books.
    Ink,
    /// Over, nothing to do: closed, draft.
    Quiet,
    /// Wrong or too late: refused, overdue.
    Bad,
    /// Struck out, kept for the record: cancelled, void.
    Void,
}

impl Tone {
    /// The word that ends a class name (`badge--brass`).
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Brass => "brass",
            Self::Steel => "steel",
            Self::Iris => "iris",
            Self::Copper => "copper",
            Self::Verdigris => "verdigris",
            Self::Ink => "ink",
            Self::Quiet => "quiet",
            Self::Bad => "bad",
            Self::Void => "void",
        }
    }

    /// The tone of a job's state, by its code (`en_route`); an unknown code is plain.
    pub fn of_job(code: &str) -> Self {
        match code {
            "new" => Self::Brass,
            "scheduled" => Self::Steel,
            "en_route" => Self::Iris,
            "on_site" => Self::Copper,
            "completed" => Self::Verdigris,
            "invoiced" => Self::Ink,
            "closed" => Self::Quiet,
            "refused" => Self::Bad,
            "cancelled" => Self::Void,
            _ => Self::Plain,
        }
    }

    /// The tone of an invoice's state, stored or derived, by its code (`part_paid`); an unknown code is plain.
    pub fn of_invoice(code: &str) -> Self {
        match code {
            "draft" => Self::Quiet,
            "sent" => Self::Steel,
            "viewed" => Self::Iris,
            "part_paid" => Self::Copper,
            "paid" => Self::Verdigris,
            "overdue" => Self::Bad,
            "void" => Self::Void,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_job_has_a_tone_of_its_own() {
        let codes =
            ["new", "scheduled", "en_route", "on_site", "completed", "invoiced", "closed", "refused", "cancelled"];
        let tones: std::collections::BTreeSet<_> = codes.iter().map(|code| Tone::of_job(code).class()).collect();
        assert_eq!(tones.len(), codes.len());
        assert!(!tones.contains("plain"));
    }

    #[test]
    fn every_state_of_an_invoice_has_a_tone_of_its_own() {
        let codes = ["draft", "sent", "viewed", "part_paid", "paid", "overdue", "void"];
        let tones: std::collections::BTreeSet<_> = codes.iter().map(|code| Tone::of_invoice(code).class()).collect();
        assert_eq!(tones.len(), codes.len());
        assert!(!tones.contains("plain"));
    }
}
