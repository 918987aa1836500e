//! Kinds of job as a shop edits them: lists are text, one item a line, so that the page works without script.
//!
//! ```
//! use domain::jobs::{Answer, questions_from_text};
//! let asked = questions_from_text("Keys inside? (yes/no) *\nHow was it opened? (Picked / Drilled)", &[]);
//! assert_eq!((asked[0].required, &asked[0].answer, asked[0].key.as_str()), (true, &Answer::YesNo, "keys_inside"));
//! assert_eq!(asked[1].answer, Answer::OneOf(vec!["Picked".into(), "Drilled".into()]));
//! ```

use super::{Answer, Check, DefaultLine, JobField, Question, Requirements, SignerRole};
use crate::{
    FieldErrors,
    choice::Choice,
    fields::{self, Checker},
    fold::fold,
    lines::LineKind,
    money::{Currency, Money, Quantity},
};
use serde::{Deserialize, Serialize};

/// A kind of job with all it demands, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePage {
    /// Stable name in the shop.
    pub key: String,
    /// Name people read.
    pub name: String,
    /// The version new jobs are made from.
    pub version: i32,
    /// What it demands.
    pub requirements: Requirements,
    /// The lines a new job starts with.
    pub lines: Vec<DefaultLine>,
    /// The shop's currency.
    pub currency: Currency,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

/// The form of a kind of job, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateForm {
    /// The version that was edited.
    pub version: String,
    /// Name people read.
    pub name: String,
    /// One question a line: `Keys inside? (yes/no) *`; the star makes it required.
    pub questions: String,
    /// One check a line.
    pub checks: String,
    /// One photo a line.
    pub photos: String,
    /// One line a line: `Labour | Rekey, per cylinder | 1 | 24.00`.
    pub lines: String,
    /// "on" when the authority check is demanded.
    pub authority: String,
    /// "on" for each field demanded.
    pub site: String,
    /// See `site`.
    pub opening: String,
    /// See `site`.
    pub ceiling: String,
    /// See `site`.
    pub performed: String,
    /// See `site`.
    pub charged: String,
    /// "on" for each signature demanded.
    pub client: String,
    /// See `client`.
    pub technician: String,
    /// See `client`.
    pub witness: String,
}

/// A new version of a kind of job, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplateVersion {
    /// The version that was edited.
    pub version: i32,
    /// Name people read.
    pub name: String,
    /// What it demands.
    pub requirements: Requirements,
    /// The lines a new job starts with.
    pub lines: Vec<DefaultLine>,
}

impl TemplateForm {
    /// The form of a template as it stands. Keys are not shown: an unchanged label keeps its key.
    #[must_use]
    pub fn of(page: &TemplatePage) -> Self {
        let on = |there: bool| if there { "on".to_owned() } else { String::new() };
        let field = |field: JobField| on(page.requirements.fields.contains(&field));
        let signs = |role: SignerRole| on(page.requirements.signatures.contains(&role));
        Self {
            version: page.version.to_string(),
            name: page.name.clone(),
            questions: joined(page.requirements.questions.iter().map(question_text)),
            checks: joined(page.requirements.checks.iter().map(|check| check.label.clone())),
            photos: joined(page.requirements.photos.iter().map(|photo| photo.label.clone())),
            lines: joined(page.lines.iter().map(|line| line_text(line, page.currency))),
            authority: on(page.requirements.authority),
            site: field(JobField::Site),
            opening: field(JobField::Opening),
            ceiling: field(JobField::Ceiling),
            performed: field(JobField::Performed),
            charged: field(JobField::Lines),
            client: signs(SignerRole::Client),
            technician: signs(SignerRole::Technician),
            witness: signs(SignerRole::Witness),
        }
    }

    /// Reads the form. `before` lends its keys to the questions and checks whose words stay the same.
    ///
    /// # Errors
    /// Words beside fields; those about an item of a list name its line.
    pub fn read(&self, before: &Requirements, currency: Currency) -> Result<NewTemplateVersion, FieldErrors> {
        fields::check(|c| {
            let questions = c.optional_long_text("questions", &self.questions, 8000).unwrap_or_default();
            let checks = c.optional_long_text("checks", &self.checks, 8000).unwrap_or_default();
            let photos = c.optional_long_text("photos", &self.photos, 8000).unwrap_or_default();
            let lines = c.optional_long_text("lines", &self.lines, 8000).unwrap_or_default();
            let requirements = Requirements {
                questions: questions_from_text(&questions, &before.questions),
                checks: checks_from_text(&checks, &before.checks),
                photos: checks_from_text(&photos, &before.photos),
                fields: self.fields(c),
                signatures: self.signatures(c),
                authority: c.ticked("authority", Some(&self.authority)),
            };
            name_lines(c, &requirements);
            NewTemplateVersion {
                version: i32::try_from(c.integer("version", &self.version, 1..=i64::from(i32::MAX))).unwrap_or(1),
                name: c.text("name", &self.name, 80),
                requirements,
                lines: default_lines(c, &lines, currency),
            }
        })
    }

    fn fields(&self, c: &mut Checker) -> Vec<JobField> {
        let ticks = [
            ("site", &self.site, JobField::Site),
            ("opening", &self.opening, JobField::Opening),
            ("ceiling", &self.ceiling, JobField::Ceiling),
            ("performed", &self.performed, JobField::Performed),
            ("charged", &self.charged, JobField::Lines),
        ];
        ticks.into_iter().filter(|(name, tick, _)| c.ticked(name, Some(tick))).map(|(.., field)| field).collect()
    }

    fn signatures(&self, c: &mut Checker) -> Vec<SignerRole> {
        let ticks = [
            ("client", &self.client, SignerRole::Client),
            ("technician", &self.technician, SignerRole::Technician),
            ("witness", &self.witness, SignerRole::Witness),
        ];
        ticks.into_iter().filter(|(name, tick, _)| c.ticked(name, Some(tick))).map(|(.., role)| role).collect()
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

fn question_text(question: &Question) -> String {
    let answer = match &question.answer {
        Answer::Text => String::new(),
        Answer::YesNo => " (yes/no)".into(),
        Answer::OneOf(options) => format!(" ({})", options.join(" / ")),
    };
    format!("{}{answer}{}", question.label, if question.required { " *" } else { "" })
}

/// Questions from text, one a line; see [`TemplateForm::questions`].
#[must_use]
pub fn questions_from_text(text: &str, before: &[Question]) -> Vec<Question> {
    let mut keys: Vec<String> = Vec::new();
    items(text)
        .map(|line| {
            let (line, required) = line.strip_suffix('*').map_or((line, false), |rest| (rest.trim_end(), true));
            let (label, answer) = with_answer(line);
            let kept = before.iter().find(|question| question.label == label).map(|question| question.key.clone());
            let key = fresh_key(kept, &label, &mut keys);
            Question { key, label, required, answer }
        })
        .collect()
}

fn checks_from_text(text: &str, before: &[Check]) -> Vec<Check> {
    let mut keys: Vec<String> = Vec::new();
    items(text)
        .map(|label| {
            let kept = before.iter().find(|check| check.label == label).map(|check| check.key.clone());
            Check { key: fresh_key(kept, label, &mut keys), label: label.to_owned() }
        })
        .collect()
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The words and, from brackets with slashes at the end, the answers offered.
fn with_answer(line: &str) -> (String, Answer) {
    let offered =
        line.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).filter(|(_, inside)| inside.contains('/'));
    let Some((label, inside)) = offered else { return (line.to_owned(), Answer::Text) };
    let options: Vec<String> =
        inside.split('/').map(|option| option.trim().to_owned()).filter(|option| !option.is_empty()).collect();
    let yes_no = options.len() == 2 && options[0].eq_ignore_ascii_case("yes") && options[1].eq_ignore_ascii_case("no");
    (label.trim().to_owned(), if yes_no { Answer::YesNo } else { Answer::OneOf(options) })
}

/// The key it had, else one made of the words; never one twice.
fn fresh_key(kept: Option<String>, label: &str, taken: &mut Vec<String>) -> String {
    let base = kept.unwrap_or_else(|| {
        let words: String = fold(label).chars().map(|ch| if ch.is_ascii_alphanumeric() { ch } else { ' ' }).collect();
        let joined = words.split_whitespace().collect::<Vec<_>>().join("_");
        let short: String = joined.chars().take(32).collect();
        if short.is_empty() { "item".to_owned() } else { short.trim_end_matches('_').to_owned() }
    });
    let mut key = base.clone();
    let mut again = 1;
    while taken.contains(&key) {
        again += 1;
        key = format!("{base}_{again}");
    }
    taken.push(key.clone());
    key
}

/// Puts what [`Requirements::well_formed`] says beside the list, with the number of the line.
fn name_lines(c: &mut Checker, requirements: &Requirements) {
    for (place, words) in requirements.well_formed().err().unwrap_or_default() {
        let lists = ["checks", "photos", "questions"];
        let list = lists.into_iter().find(|list| place.starts_with(list)).unwrap_or("questions");
        let at = place.split(['[', ']']).nth(1).and_then(|at| at.parse::<usize>().ok());
        c.refuse(list, at.map_or_else(|| words.clone(), |at| format!("Line {}: {words}", at + 1)));
    }
}

fn line_text(line: &DefaultLine, currency: Currency) -> String {
    format!("{} | {} | {} | {}", line.kind.words(), line.description, line.quantity, line.unit_price.plain(currency))
}

fn default_lines(c: &mut Checker, text: &str, currency: Currency) -> Vec<DefaultLine> {
    let read: Vec<_> = items(text).map(|line| default_line(line, currency)).collect();
    if read.len() > Requirements::MAX_ITEMS {
        c.refuse("lines", format!("Keep it to {} of these.", Requirements::MAX_ITEMS));
    }
    if let Some(at) = read.iter().position(Option::is_none) {
        c.refuse(
            "lines",
            format!("Line {}: write it like “Labour | Rekey, per cylinder | 1 | {}”.", at + 1, currency.example()),
        );
    }
    read.into_iter().flatten().collect()
}

fn default_line(line: &str, currency: Currency) -> Option<DefaultLine> {
    let mut parts = line.split('|').map(str::trim);
    let kind = fold(parts.next()?);
    let kind = LineKind::ALL.iter().copied().find(|one| fold(one.words()) == kind)?;
    let description = parts.next().filter(|words| (1..=300).contains(&words.chars().count()))?.to_owned();
    let quantity = Quantity::parse(parts.next()?).ok().filter(|quantity| quantity.thousandths() > 0)?;
    let unit_price =
        Money::parse(parts.next()?, currency).ok().filter(|price| price.minor().abs() <= super::DEAREST)?;
    parts.next().is_none().then_some(DefaultLine { kind, description, quantity, unit_price })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobKind;

    fn page(kind: JobKind) -> TemplatePage {
        let starter = kind.starter();
        TemplatePage {
            key: kind.as_str().into(),
            name: kind.words().into(),
            version: 1,
            requirements: starter.requirements,
            lines: starter.lines,
            currency: Currency::Usd,
            may_change: true,
        }
    }

    #[test]
    fn every_starter_reads_back_from_its_form() {
        for &kind in JobKind::ALL {
            let page = page(kind);
            let read = TemplateForm::of(&page).read(&page.requirements, Currency::Usd).expect("reads");
            assert_eq!((read.requirements, read.lines), (page.requirements, page.lines), "{kind:?}");
        }
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let before = page(JobKind::Rekey);
        let form = TemplateForm {
            questions: "Fine?\nWhich? (one/)".into(),
            checks: "x".repeat(201),
            lines: "Labour | A | 1 | 5\nBeer | B | 1 | 5".into(),
            ..TemplateForm::of(&before)
        };
        let errors = form.read(&before.requirements, Currency::Usd).expect_err("refused");
        assert_eq!(errors.keys().map(String::as_str).collect::<Vec<_>>(), ["checks", "lines", "questions"]);
        assert!(errors["questions"].starts_with("Line 2") && errors["lines"].starts_with("Line 2"), "{errors:?}");
    }

    #[test]
    fn one_label_twice_gets_two_keys() {
        let asked = questions_from_text("Where?\nWhere?\n鍵?", &[]);
        assert_eq!(
            asked.iter().map(|question| question.key.as_str()).collect::<Vec<_>>(),
            ["where", "where_2", "item"]
        );
    }
}
