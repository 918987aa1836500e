//! Calendar dates and times of day, without a clock: who asks also says what day it is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A date of the Gregorian calendar between the years 1900 and 9999. Written and stored as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// Why a text is not a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a date or a time")]
pub struct NotOnTheCalendar;

impl Date {
    /// The first date there is here.
    pub const EARLIEST: Date = Date { year: 1900, month: 1, day: 1 };

    /// A date from its parts; errs when there is no such day, or outside 1900–9999.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Date, NotOnTheCalendar> {
        if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return Err(NotOnTheCalendar);
        }
        Ok(Date { year: year as i16, month: month as u8, day: day as u8 })
    }

    /// Reads `YYYY-MM-DD`, as date inputs post it.
    pub fn parse(text: &str) -> Result<Date, NotOnTheCalendar> {
        let parts: Vec<&str> = text.trim().split('-').collect();
        let [year, month, day] = parts[..] else {
            return Err(NotOnTheCalendar);
        };
        let in_form = year.len() == 4 && month.len() == 2 && day.len() == 2;
        if !in_form {
            return Err(NotOnTheCalendar);
        }
        Date::new(number(year)? as i32, number(month)?, number(day)?)
    }

    /// Year, month (1–12) and day (1–31).
    pub fn parts(self) -> (i32, u32, u32) {
        (self.year.into(), self.month.into(), self.day.into())
    }

    /// The date this many days later; errs when it leaves 1900–9999.
    pub fn plus_days(self, days: i32) -> Result<Date, NotOnTheCalendar> {
        from_day_number(self.day_number().checked_add(days).ok_or(NotOnTheCalendar)?)
    }

    /// Days from `earlier` to this date; negative when this one is the earlier.
    pub fn days_since(self, earlier: Date) -> i32 {
        self.day_number() - earlier.day_number()
    }

    /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
    fn day_number(self) -> i32 {
        let (year, month, day) = (i32::from(self.year), i32::from(self.month), i32::from(self.day));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year - era * 400;
        let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

fn from_day_number(number: i32) -> Result<Date, NotOnTheCalendar> {
    let shifted = number.checked_add(719_468).ok_or(NotOnTheCalendar)?;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    Date::new(of_era + era * 400 + i32::from(month <= 2), month as u32, day as u32)
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn number(digits: &str) -> Result<u32, NotOnTheCalendar> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if all_digits { digits.parse().map_err(|_| NotOnTheCalendar) } else { Err(NotOnTheCalendar) }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for Date {
    type Error = NotOnTheCalendar;
    fn try_from(text: String) -> Result<Date, NotOnTheCalendar> {
        Date::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

/// A time of day in minutes after midnight. Written as `HH:MM`, 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(u16);

impl Time {
    /// Reads `HH:MM` or `HH:MM:SS`, as time inputs post it; seconds are dropped.
    pub fn parse(text: &str) -> Result<Time, NotOnTheCalendar> {
        let parts: Vec<&str> = text.trim().split(':').collect();
        let (hour, minute) = match parts[..] {
            [hour, minute] => (hour, minute),
            [hour, minute, second] if second.len() == 2 && number(second)? < 60 => (hour, minute),
            _ => return Err(NotOnTheCalendar),
        };
        if hour.len() > 2 || minute.len() != 2 || number(hour)? > 23 || number(minute)? > 59 {
            return Err(NotOnTheCalendar);
        }
        Ok(Time((number(hour)? * 60 + number(minute)?) as u16))
    }

    /// Hour (0–23) and minute (0–59).
    pub fn parts(self) -> (u32, u32) {
        (u32::from(self.0) / 60, u32::from(self.0) % 60)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for Time {
    type Error = NotOnTheCalendar;
    fn try_from(text: String) -> Result<Time, NotOnTheCalendar> {
        Time::parse(&text)
    }
}

impl From<Time> for String {
    fn from(time: Time) -> String {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_are_and_are_not() {
        for text in ["2026-11-22", "2024-02-29", "2000-02-29", "1900-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).map(|d| d.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "22/11/2026",
            "2026-1-2",
            "+026-01-01",
            "1899-12-31",
            "10000-01-01",
            "2026-11-22\0",
            "2026-11-22T10:00",
        ] {
            assert_eq!(Date::parse(text), Err(NotOnTheCalendar), "{text:?}");
        }
    }

    #[test]
    fn days_later() -> Result<(), NotOnTheCalendar> {
        let table = [
            ("2026-11-22", 14, "2026-12-06"),
            ("2024-02-28", 1, "2024-02-29"),
            ("2025-12-31", 1, "2026-01-01"),
            ("2026-03-01", -1, "2026-02-28"),
        ];
        for (from, days, want) in table {
            let later = Date::parse(from)?.plus_days(days)?;
            assert_eq!(later.to_string(), want);
            assert_eq!(later.days_since(Date::parse(from)?), days);
        }
        assert_eq!(Date::new(1970, 1, 1)?.day_number(), 0);
        assert!(Date::new(9999, 12, 31)?.plus_days(1).is_err());
        assert!(Date::new(9999, 12, 31)?.plus_days(i32::MAX).is_err());
        Ok(())
    }

    #[test]
    fn times() {
        for (text, want) in [("08:05", "08:05"), ("8:05", "08:05"), ("23:59:30", "23:59"), ("00:00", "00:00")] {
            assert_eq!(Time::parse(text).map(|t| t.to_string()), Ok(want.to_owned()));
        }
        for text in ["", "24:00", "12:60", "12:5", "noon", "12:00:60", "-1:00", "12:00 pm"] {
            assert!(Time::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn day_numbers_go_both_ways(number in -25_567i32..2_932_896) {
            prop_assert_eq!(from_day_number(number).map(Date::day_number), Ok(number));
        }
    }
}
