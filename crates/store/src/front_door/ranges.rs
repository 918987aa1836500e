//! Leaked passwords, asked for elsewhere by the first five digits of their SHA-1: whoever answers learns that one of some
//! hundred thousand was typed, and not which (k-anonymity). Off unless the operator names somebody to ask.

use super::FrontDoor;
use crate::Db;
use domain::passwords::Judgement;
use sha1::{Digest, Sha1};
use std::{fmt::Write, pin::Pin, sync::Arc};

/// Digits that leave the house.
const PREFIX: usize = 5;

/// An answer on its way: its text, or why there is none.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

/// Somebody who knows leaked passwords.
pub trait Ranges: Send + Sync + 'static {
    /// All whose SHA-1 begins with these digits: a line each, with the other 35 digits, a colon, and how often it was found.
    /// Lines found zero times are there to hide how long the answer is.
    fn beginning(&self, digits: String) -> Answer<'_>;
}

impl Db {
    /// From now on new passwords are asked about there, too.
    #[must_use]
    pub fn asking(self, ranges: Arc<dyn Ranges>) -> Self {
        Self { ranges: Some(ranges), ..self }
    }
}

impl FrontDoor<'_> {
    /// The judge of one new password, once whoever is to be asked about it has answered.
    pub async fn judge_of(&self, password: &str) -> impl Fn(&str, &[String]) -> Judgement + use<> {
        let (leaked, judge, asked) = (self.leaked_elsewhere(password).await, self.judge(), password.to_owned());
        move |typed, own| {
            let mut judged = judge(typed, own);
            judged.listed |= leaked && typed == asked;
            judged
        }
    }

    /// No, where nobody is asked. Nor when nobody answers: then the lists at hand have to do, and the log says so.
    async fn leaked_elsewhere(&self, password: &str) -> bool {
        let Some(ranges) = &self.db.ranges else { return false };
        let digest = digits(password);
        let (prefix, rest) = digest.split_at(PREFIX);
        match ranges.beginning(prefix.to_owned()).await {
            Ok(lines) => holds(&lines, rest),
            Err(error) => {
                tracing::warn!(%error, "nobody answered whether a new password has leaked");
                false
            }
        }
    }
}

/// SHA-1 in forty digits, as those lists are kept.
fn digits(password: &str) -> String {
    Sha1::digest(password.as_bytes()).iter().fold(String::with_capacity(40), |mut out, byte| {
        let _ = write!(out, "{byte:02X}");
        out
    })
}

fn holds(lines: &str, rest: &str) -> bool {
    let known = lines.lines().filter_map(|line| line.trim_end().split_once(':'));
    known.filter(|(_, found)| *found != "0").any(|(digits, _)| digits.eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_was_found_at_least_once() {
        assert_eq!(digits("password"), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let rest = &digits("password")[PREFIX..];
        for (lines, held) in [
            (format!("0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{rest}:3730471\r\n"), true),
            (format!("{}:2", rest.to_lowercase()), true),
            (format!("{rest}:0"), false),
            ("0018A45C4D1DEF81644B54AB7F969B88D65:1".to_owned(), false),
            (rest.to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(holds(&lines, rest), held, "{lines}");
        }
    }
}
