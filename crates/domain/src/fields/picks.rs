//! Values picked rather than typed: dates, times, ids, closed sets, tick boxes.

use super::texts::{is_blank, required};
use super::{Checker, named};
use crate::calendar::{Date, Time};
use crate::choice::Choice;
use uuid::Uuid;

impl Checker {
    /// A required date, `YYYY-MM-DD`.
    pub fn date(&mut self, field: &str, value: &str) -> Date {
        let read = required(field, value).and_then(date);
        self.take(field, read, Date::EARLIEST)
    }

    /// A date; `None` when none was given.
    pub fn optional_date(&mut self, field: &str, value: &str) -> Option<Date> {
        self.take_optional(field, value, date)
    }

    /// A required time of day, `HH:MM`.
    pub fn time(&mut self, field: &str, value: &str) -> Time {
        let read = required(field, value).and_then(time);
        self.take(field, read, Time::default())
    }

    /// A time of day; `None` when none was given.
    pub fn optional_time(&mut self, field: &str, value: &str) -> Option<Time> {
        self.take_optional(field, value, time)
    }

    /// A required id: `Uuid` itself or any id type made from one.
    pub fn id<T: From<Uuid>>(&mut self, field: &str, value: &str) -> T {
        let read = chosen(field, value).and_then(|value| id(field, value));
        self.take(field, read, Uuid::nil().into())
    }

    /// An id; `None` when none was given.
    pub fn optional_id<T: From<Uuid>>(&mut self, field: &str, value: &str) -> Option<T> {
        self.take_optional(field, value, |value| id(field, value))
    }

    /// A required value of a closed set, by its stored text.
    pub fn choice<T: Choice>(&mut self, field: &str, value: &str) -> T {
        let read = chosen(field, value).and_then(|value| choice(field, value));
        self.take(field, read, T::ALL[0])
    }

    /// A value of a closed set; `None` when none was given.
    pub fn optional_choice<T: Choice>(&mut self, field: &str, value: &str) -> Option<T> {
        self.take_optional(field, value, |value| choice(field, value))
    }

    /// A required value among `options` (text, value) that only the caller knows.
    pub fn one_of<T: Clone>(&mut self, field: &str, value: &str, options: &[(&str, T)], stand_in: T) -> T {
        let found = chosen(field, value).and_then(|value| {
            let hit = options.iter().find(|(text, _)| *text == value.trim());
            hit.map(|(_, one)| one.clone()).ok_or_else(|| not_listed(field))
        });
        self.take(field, found, stand_in)
    }

    /// A tick box: absent or empty is no; "on", "true", "1" and "yes" are yes.
    pub fn ticked(&mut self, field: &str, value: Option<&str>) -> bool {
        let read = match value.map(str::trim).unwrap_or_default() {
            "on" | "true" | "1" | "yes" => Ok(true),
            "" | "off" | "false" | "0" | "no" => Ok(false),
            _ => Err("Tick it or leave it.".to_owned()),
        };
        self.take(field, read, false)
    }
}

fn date(value: &str) -> Result<Date, String> {
    Date::parse(value).map_err(|_| "Enter a date like 2026-03-31.".into())
}

fn time(value: &str) -> Result<Time, String> {
    Time::parse(value).map_err(|_| "Enter a time like 14:30.".into())
}

/// The value, or "Choose a client." when nothing was picked.
fn chosen<'v>(field: &str, value: &'v str) -> Result<&'v str, String> {
    let nothing = || format!("Choose {}.", named(field.strip_suffix("_id").unwrap_or(field)));
    if is_blank(value) { Err(nothing()) } else { Ok(value) }
}

fn not_listed(field: &str) -> String {
    format!("Choose {} from the list.", named(field.strip_suffix("_id").unwrap_or(field)))
}

/// Only the hyphenated form: other writings of one id would be other texts in links and form ids.
fn id<T: From<Uuid>>(field: &str, value: &str) -> Result<T, String> {
    let value = value.trim();
    let id = Uuid::try_parse(value).ok().filter(|_| value.len() == 36);
    id.map(T::from).ok_or_else(|| not_listed(field))
}

fn choice<T: Choice>(field: &str, value: &str) -> Result<T, String> {
    T::parse(value.trim()).ok_or_else(|| not_listed(field))
}

#[cfg(test)]
mod tests {
    use crate::fields::{FieldErrors, check};
    use crate::money::Currency;
    use uuid::Uuid;

    fn refused<T>(field: &str, words: &str) -> Result<T, FieldErrors> {
        Err(FieldErrors::from([(field.to_owned(), words.to_owned())]))
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(check(|c| c.date("due", "2026-11-22")).map(|d| d.parts()), Ok((2026, 11, 22)));
        assert_eq!(check(|c| c.date("due", "2026-02-30")), refused("due", "Enter a date like 2026-03-31."));
        assert_eq!(check(|c| c.date("due_date", "")), refused("due_date", "Enter a due date."));
        assert_eq!(check(|c| c.time("starts", "14:30")).map(|t| t.parts()), Ok((14, 30)));
        assert_eq!(check(|c| c.time("starts", "25:00")), refused("starts", "Enter a time like 14:30."));
        assert_eq!(check(|c| (c.optional_date("due", ""), c.optional_time("starts", " "))), Ok((None, None)));
    }

    #[test]
    fn ids() {
        let text = "0198c1a2-0000-7000-8000-00000000000a";
        assert_eq!(check(|c| c.id::<Uuid>("client_id", text)).map(|id| id.to_string()), Ok(text.to_owned()));
        assert_eq!(check(|c| c.id::<Uuid>("client_id", "")), refused("client_id", "Choose a client."));
        for text in ["12", "0198c1a2000070008000000000000001", "{0198c1a2-0000-7000-8000-00000000000a}", "' or 1=1 --"]
        {
            assert_eq!(
                check(|c| c.id::<Uuid>("client_id", text)),
                refused("client_id", "Choose a client from the list.")
            );
        }
        assert_eq!(check(|c| c.optional_id::<Uuid>("site_id", "")), Ok(None));
    }

    #[test]
    fn closed_sets_and_ticks() {
        assert_eq!(check(|c| c.choice("currency", "CAD")), Ok(Currency::Cad));
        assert_eq!(
            check(|c| c.choice::<Currency>("currency", "DOGE")),
            refused("currency", "Choose a currency from the list.")
        );
        assert_eq!(check(|c| c.choice::<Currency>("currency", "")), refused("currency", "Choose a currency."));
        assert_eq!(check(|c| c.optional_choice::<Currency>("currency", "")), Ok(None));
        let zones = [("America/Toronto", 1), ("Europe/Zurich", 2)];
        assert_eq!(check(|c| c.one_of("zone", "Europe/Zurich", &zones, 0)), Ok(2));
        assert_eq!(check(|c| c.one_of("zone", "Mars", &zones, 0)), refused("zone", "Choose a zone from the list."));
        assert_eq!(check(|c| (c.ticked("a", None), c.ticked("b", Some("on")))), Ok((false, true)));
        assert!(check(|c| c.ticked("a", Some("maybe"))).is_err());
    }
}
