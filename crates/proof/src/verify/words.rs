//! A proved entry, in lines a person reads.

use super::text;
use crate::{
    bundle::Bundle,
    checkpoint::Checkpoint,
    evidence::{Evidence, Opening, Secrets},
};
use serde_json::Value;

/// What the entry says.
pub(super) fn of(event: &Value, bundle: &Bundle, checkpoint: &Checkpoint) -> Vec<(String, String)> {
    let name = text(event, "event").unwrap_or("an event");
    let what = match name {
        "document_signed" => "A work order was signed".to_owned(),
        "invoice_sent" => format!("Invoice {} was issued", text(event, "number").unwrap_or_default()),
        other => other.replace('_', " "),
    };
    let mut lines = vec![
        line("What happened", what),
        line("When, by the shop's server", moment(bundle.entry.time_us)),
        line("Position in the shop's record", bundle.entry.seq.to_string()),
    ];
    if let Some(total) = event.get("total_minor").and_then(Value::as_i64) {
        let (sign, total) = (if total < 0 { "-" } else { "" }, total.unsigned_abs());
        lines.push(line("Total", format!("{sign}{}.{:02}", total / 100, total % 100)));
    }
    lines.push(line("Record", checkpoint.origin.to_string()));
    lines.push(line("Checkpoint", format!("{} entries, root {}", checkpoint.size, checkpoint.root_text())));
    lines
}

/// What the evidence says.
pub(super) fn evidence(evidence: &Evidence, opened: &Secrets<Option<Opening>>) -> Vec<(String, String)> {
    let mut lines = vec![
        line("Signed as", format!("{}, {}", evidence.role, evidence.method)),
        line("Version of the document", evidence.document_version.to_string()),
        line("Consent", format!("version {}", evidence.consent_version)),
    ];
    if evidence.could_read == Some(true) {
        lines.push(line("Could open and read it", "affirmed by the signer".to_owned()));
    }
    if let Some(strokes) = &evidence.strokes_sha256 {
        lines.push(line("SHA-256 of the strokes", strokes.clone()));
    }
    for (label, opening) in [
        ("Signer", &opened.signer),
        ("Network address", &opened.ip),
        ("Browser", &opened.user_agent),
        ("Time on the signer's device", &opened.device_time),
        ("Beside stood", &opened.witness),
    ] {
        if let Some(opening) = opening.as_ref().filter(|opening| !opening.value.is_empty()) {
            lines.push(line(label, opening.value.clone()));
        }
    }
    lines
}

fn line(label: &str, value: String) -> (String, String) {
    (label.to_owned(), value)
}

/// A moment in UTC, from microseconds since 1970: days to a civil date by Howard Hinnant's `civil_from_days`.
fn moment(time_us: i64) -> String {
    let seconds = time_us.div_euclid(1_000_000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(moment(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(moment(951_782_400_000_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(moment(1_795_413_600_123_456), "2026-11-23 06:00:00 UTC");
        assert_eq!(moment(-1), "1969-12-31 23:59:59 UTC");
    }
}
