//! When an invoice is to be paid.

use crate::calendar::{Date, NotOnTheCalendar};
use crate::closed_set;

closed_set! {
    /// The usual terms. The text is the number of days.
    pub enum Terms {
        /// At once.
        OnReceipt = "0", "Due on receipt";
        /// Within a week.
        Net7 = "7", "Net 7 days";
        /// Within two weeks.
        Net14 = "14", "Net 14 days";
        /// Within fifteen days.
        Net15 = "15", "Net 15 days";
        /// Within thirty days.
        Net30 = "30", "Net 30 days";
    }
}

impl Terms {
    /// Days from issue to due.
    pub const fn days(self) -> i32 {
        match self {
            Terms::OnReceipt => 0,
            Terms::Net7 => 7,
            Terms::Net14 => 14,
            Terms::Net15 => 15,
            Terms::Net30 => 30,
        }
    }

    /// The terms with this many days; `None` for an unusual number.
    pub fn from_days(days: i32) -> Option<Terms> {
        use crate::choice::Choice;
        Terms::ALL.iter().copied().find(|terms| terms.days() == days)
    }

    /// The day it is due. Errs past the year 9999.
    pub fn due(self, issued: Date) -> Result<Date, NotOnTheCalendar> {
        issued.plus_days(self.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;

    #[test]
    fn due_dates() -> Result<(), NotOnTheCalendar> {
        let issued = Date::parse("2026-01-20")?;
        let due: Vec<String> = Terms::ALL.iter().flat_map(|terms| terms.due(issued)).map(|d| d.to_string()).collect();
        assert_eq!(due, ["2026-01-20", "2026-01-27", "2026-02-03", "2026-02-04", "2026-02-19"]);
        for terms in Terms::ALL {
            assert_eq!(terms.days().to_string(), terms.as_str());
            assert_eq!(Terms::from_days(terms.days()), Some(*terms));
        }
        Ok(())
    }
}
