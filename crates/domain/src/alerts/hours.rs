//! When the shop is open, by the week.

use crate::{FieldErrors, fields};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: i32 = 1440;

/// From when to when a shop is open on one day, in minutes; past midnight when the second comes before the first.
pub type Day = Option<(i32, i32)>;

/// Monday to Sunday. `None` when the shop has said nothing: then no hour is unusual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours(pub Option<[Day; 7]>);

impl OpeningHours {
    /// Reads the stored text; what cannot be read says nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let days: Vec<Option<Day>> = text.split(',').map(day).collect();
        Self(days.into_iter().collect::<Option<Vec<_>>>().and_then(|days| days.try_into().ok()))
    }

    /// The text that is stored.
    #[must_use]
    pub fn text(&self) -> String {
        let written = |day: &Day| day.map_or("-".into(), |(from, until)| format!("{}-{}", clock(from), clock(until)));
        self.0.as_ref().map(|days| days.iter().map(written).collect::<Vec<_>>().join(",")).unwrap_or_default()
    }

    /// Each day as the form shows it: from when, until when.
    #[must_use]
    pub fn days(&self) -> [(String, String); 7] {
        self.0.unwrap_or_default().map(|day| day.map(|(from, until)| (clock(from), clock(until))).unwrap_or_default())
    }

    /// Whether the shop is closed at that minute of its week.
    #[must_use]
    pub fn closed_at(&self, minute: i32) -> bool {
        let Some(days) = &self.0 else { return false };
        let (today, now) = (minute.div_euclid(DAY).rem_euclid(7), minute.rem_euclid(DAY));
        let of = |day: i32| days[usize::try_from(day.rem_euclid(7)).unwrap_or_default()];
        let today_open = of(today).is_some_and(|(from, until)| from <= now && (now < until || until <= from));
        let since_yesterday = of(today - 1).is_some_and(|(from, until)| until <= from && now < until);
        !today_open && !since_yesterday
    }
}

fn day(text: &str) -> Option<Day> {
    if text == "-" {
        return Some(None);
    }
    let (from, until) = text.split_once('-')?;
    Some(Some((minutes(from)?, minutes(until)?)))
}

/// "08:30" as 510.
fn minutes(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn clock(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days as the form names them.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The hours as typed; a day left empty is a day the shop is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct HoursForm {
    pub monday_from: String,
    pub monday_until: String,
    pub tuesday_from: String,
    pub tuesday_until: String,
    pub wednesday_from: String,
    pub wednesday_until: String,
    pub thursday_from: String,
    pub thursday_until: String,
    pub friday_from: String,
    pub friday_until: String,
    pub saturday_from: String,
    pub saturday_until: String,
    pub sunday_from: String,
    pub sunday_until: String,
}

impl HoursForm {
    fn days(&self) -> [(&str, &str); 7] {
        [
            (&self.monday_from, &self.monday_until),
            (&self.tuesday_from, &self.tuesday_until),
            (&self.wednesday_from, &self.wednesday_until),
            (&self.thursday_from, &self.thursday_until),
            (&self.friday_from, &self.friday_until),
            (&self.saturday_from, &self.saturday_until),
            (&self.sunday_from, &self.sunday_until),
        ]
    }

    /// Reads the form. All days empty says nothing, rather than that the shop never opens.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self) -> Result<OpeningHours, FieldErrors> {
        fields::check(|c| {
            let mut days = [None; 7];
            for ((day, name), (from, until)) in days.iter_mut().zip(DAYS).zip(self.days()) {
                let (from, until) = (from.trim(), until.trim());
                if from.is_empty() && until.is_empty() {
                    continue;
                }
                *day = minutes(from).zip(minutes(until)).filter(|(from, until)| from != until);
                if day.is_none() {
                    let field = if minutes(from).is_none() { "from" } else { "until" };
                    c.refuse(
                        &format!("{name}_{field}"),
                        "Write two times such as 08:00 and 17:30, or leave both empty.",
                    );
                }
            }
            OpeningHours(days.iter().any(Option::is_some).then_some(days))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_back_and_may_pass_midnight() {
        let text = "08:00-17:00,08:00-17:00,08:00-17:00,08:00-17:00,20:00-04:00,-,-";
        let hours = OpeningHours::parse(text);
        assert_eq!(hours.text(), text);
        let at = |day: i32, clock: &str| day * DAY + minutes(clock).unwrap();
        for (day, clock, closed) in [
            (0, "07:59", true),
            (0, "08:00", false),
            (0, "16:59", false),
            (0, "17:00", true),
            (4, "19:59", true),
            (4, "23:30", false),
            (5, "03:59", false),
            (5, "04:00", true),
            (6, "12:00", true),
        ] {
            assert_eq!(hours.closed_at(at(day, clock)), closed, "{day} {clock}");
        }
        for nothing in ["", "08:00-17:00", "junk,-,-,-,-,-,-"] {
            assert!(!OpeningHours::parse(nothing).closed_at(0), "{nothing}: nothing said, nothing unusual");
        }
    }

    #[test]
    fn a_day_left_empty_is_closed_and_half_a_day_is_refused() {
        let form = HoursForm { monday_from: "08:00".into(), monday_until: "17:30".into(), ..HoursForm::default() };
        assert_eq!(form.read().unwrap().text(), "08:00-17:30,-,-,-,-,-,-");
        assert_eq!(HoursForm::default().read().unwrap(), OpeningHours(None));
        let half = HoursForm { sunday_from: "08:00".into(), ..HoursForm::default() };
        assert!(half.read().unwrap_err().contains_key("sunday_until"));
        let odd = HoursForm { sunday_from: "25:00".into(), sunday_until: "26:00".into(), ..HoursForm::default() };
        assert!(odd.read().unwrap_err().contains_key("sunday_from"));
    }
}
