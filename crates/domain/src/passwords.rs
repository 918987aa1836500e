//! What a new password must be. The strength itself is estimated by the server, which hands its judge in: the word lists
//! behind it have no business in a browser.

use crate::{fields::Checker, fold::fold};
use serde::{Deserialize, Serialize};

/// Shortest password beside a second factor, in characters.
pub const MIN: usize = 12;
/// Shortest password that stands alone.
pub const MIN_ALONE: usize = 15;
/// Longest password, in characters: room for any passphrase, no room for a denial of service by hashing.
pub const MAX: usize = 128;
/// Least strength, 0–4, by the judge.
pub const LEAST_SCORE: u8 = 3;
/// A password that is not used again: among so many last ones, the present one included.
pub const REMEMBERED: usize = 12;

/// Words of a locksmith's shop that are in every other shop's name, too: they ban no password, though they help none.
const TRADE: [&str; 12] = [
    "lock",
    "locks",
    "lockshop",
    "locksmith",
    "locksmiths",
    "keys",
    "safe",
    "safes",
    "security",
    "shop",
    "service",
    "services",
];

/// What a shop asks of its people's passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether a second factor stands beside the password.
    pub second_factor: bool,
    /// Three of four kinds of characters, as CMMC asks.
    pub cmmc: bool,
}

/// What the server's judge says of a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// 0 (guessed at once) to 4.
    pub score: u8,
    /// It stands on a list of common or leaked passwords as it is.
    pub listed: bool,
    /// How to make it better, in words; may be empty.
    pub advice: String,
}

/// Reads a new password. `own` are the texts of the person and the shop: names, addresses.
pub fn read(
    c: &mut Checker,
    field: &str,
    typed: &str,
    policy: Policy,
    own: &[&str],
    judge: impl FnOnce(&str, &[String]) -> Judgement,
) -> String {
    if let Err(words) = check(typed, policy, own, judge) {
        c.refuse(field, words);
    }
    typed.to_owned()
}

fn check(
    typed: &str,
    policy: Policy,
    own: &[&str],
    judge: impl FnOnce(&str, &[String]) -> Judgement,
) -> Result<(), String> {
    length(typed, policy)?;
    let words = words_of(own);
    if let Some(word) = banned(typed, &words) {
        return Err(format!(
            "Leave out “{word}”: names of you and of your shop are tried first. Four unrelated words make a good one."
        ));
    }
    if policy.cmmc && kinds(typed) < 3 {
        return Err(
            "Your shop asks for three of these four: small letters, capitals, digits, other characters. A capital and a digit do it.".into()
        );
    }
    let judged = judge(typed, &words);
    if judged.listed {
        return Err("This is on lists of common and leaked passwords, which are tried first. Choose another: four unrelated words make a good one.".into());
    }
    if judged.score < LEAST_SCORE {
        let advice = if judged.advice.is_empty() { "Add a word or two." } else { &judged.advice };
        return Err(format!(
            "Too easy to guess: strength {} of 4, and {LEAST_SCORE} is enough. {advice}",
            judged.score
        ));
    }
    Ok(())
}

/// What the meter beside a new password shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// 0 (guessed at once, or not even long enough) to 4.
    pub score: u8,
    /// What it lacks, or that it is good.
    pub words: String,
}

/// Weighs what is typed so far, by the rule it will be held against; `own` as in [`read`], as far as it is known.
pub fn weigh(typed: &str, policy: Policy, own: &[&str], judge: impl Fn(&str, &[String]) -> Judgement) -> Weight {
    let refused = check(typed, policy, own, &judge).err();
    // Too long is not looked at, and too short is nothing yet.
    let score = if length(typed, policy).is_ok() { judge(typed, &words_of(own)).score } else { 0 };
    let good = if score > LEAST_SCORE { "Very hard to guess." } else { "Hard to guess." };
    let most = if refused.is_some() { LEAST_SCORE - 1 } else { score };
    Weight { score: score.min(most), words: refused.unwrap_or_else(|| good.into()) }
}

fn length(typed: &str, policy: Policy) -> Result<(), String> {
    let (length, least) = (typed.chars().count(), if policy.second_factor { MIN } else { MIN_ALONE });
    match length {
        0 => Err("Choose a password.".into()),
        _ if typed.chars().any(char::is_control) => Err("Leave out control characters.".into()),
        _ if length > MAX => Err(format!("Keep it to {MAX} characters: this has {length}.")),
        _ if length < least => {
            Err(format!("Use at least {least} characters: this has {length}. Four unrelated words make a good one."))
        }
        _ => Ok(()),
    }
}

/// The words of names and addresses, folded, each of four letters or more; the product's own name among them.
fn words_of(own: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = own
        .iter()
        .flat_map(|text| fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
        .chain(["shearline".to_owned()])
        .filter(|word| word.chars().count() >= 4)
        .collect();
    words.sort();
    words.dedup();
    words
}

/// The first of these words in the password, but for words of the trade. Written apart or with accents it is the same word.
fn banned<'a>(typed: &str, words: &'a [String]) -> Option<&'a str> {
    let folded = fold(typed);
    let joined: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    words
        .iter()
        .map(String::as_str)
        .filter(|word| !TRADE.contains(word) && !word.chars().all(|c| c.is_ascii_digit()))
        .find(|word| folded.contains(word) || word.len() >= 6 && joined.contains(word))
}

/// How many of the four kinds of characters there are.
fn kinds(typed: &str) -> usize {
    let has = |of: fn(char) -> bool| usize::from(typed.chars().any(of));
    has(char::is_lowercase) + has(char::is_uppercase) + has(char::is_numeric) + has(|c| !c.is_alphanumeric())
}

/// The form that changes one's own password, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangePasswordForm {
    /// The present one.
    pub password_now: String,
    /// The new one.
    pub password: String,
}

/// The form that asks for a link to reset a password, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgotForm {
    /// E-mail.
    pub email: String,
}

/// The form behind such a link, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    /// The new password.
    pub password: String,
}

/// The shop's rule for passwords, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordRuleForm {
    /// "on" when three kinds of characters are asked for.
    pub cmmc: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Policy = Policy { second_factor: true, cmmc: false };

    fn strong(_: &str, _: &[String]) -> Judgement {
        Judgement { score: 4, ..Judgement::default() }
    }

    #[test]
    fn the_meter_says_what_the_check_says() {
        let judge = |typed: &str, _: &[String]| Judgement {
            score: if typed.contains("heron") { 4 } else { 1 },
            listed: typed.contains("listed"),
            advice: String::new(),
        };
        for (typed, score, words) in [
            ("heron", 0, "Use at least 12"),
            ("four heron words", 4, "Very hard"),
            ("a listed heron", 2, "on lists of"),
            ("aaaaaaaaaaaaaaa", 1, "Too easy"),
            ("brass heron words", 2, "Leave out “brass”"),
            (&"heron".repeat(30), 0, "Keep it to 128"),
        ] {
            let weight = weigh(typed, PLAIN, &["Brass & Co"], judge);
            assert!(weight.score == score && weight.words.contains(words), "{typed}: {weight:?}");
        }
    }

    fn refused(typed: &str, policy: Policy, own: &[&str]) -> String {
        check(typed, policy, own, strong).err().unwrap_or_default()
    }

    #[test]
    fn it_is_long_enough_and_not_too_long() {
        let alone = Policy { second_factor: false, ..PLAIN };
        for (length, policy, fits) in [
            (0, PLAIN, false),
            (11, PLAIN, false),
            (12, PLAIN, true),
            (14, alone, false),
            (15, alone, true),
            (128, PLAIN, true),
            (129, PLAIN, false),
        ] {
            assert_eq!(refused(&"é".repeat(length), policy, &[]).is_empty(), fits, "{length} {policy:?}");
        }
        assert!(refused("twelve\u{7}letters", PLAIN, &[]).contains("control"));
    }

    #[test]
    fn it_holds_no_name_of_the_person_or_the_shop() {
        let own = ["Northgate Lock & Key", "Zoë Grant", "zoe.grant@northgate.example"];
        for typed in
            ["my north gate 2026!", "xx-NORTHGATE-xx", "grant me the door", "Shearline rules", "an example of it"]
        {
            assert!(refused(typed, PLAIN, &own).starts_with("Leave out"), "{typed}");
        }
        for typed in ["four brass lock words", "zoe and the keys of it"] {
            assert_eq!(refused(typed, PLAIN, &own), "", "{typed}");
        }
    }

    #[test]
    fn three_kinds_of_characters_are_asked_for_by_cmmc_alone() {
        let cmmc = Policy { cmmc: true, ..PLAIN };
        for (typed, fits) in [
            ("allsmallletters", false),
            ("small and spaces", false),
            ("Small and spaces", true),
            ("Sm4llletters", true),
            ("ALL 4 CAPITALS", true),
            ("NOSMALLLETTERS1", false),
        ] {
            assert_eq!(refused(typed, cmmc, &[]).is_empty(), fits, "{typed}");
            assert_eq!(refused(typed, PLAIN, &[]), "", "{typed}");
        }
    }

    #[test]
    fn what_the_judge_finds_weak_or_leaked_is_refused_with_his_advice() {
        let weak = check("twelve and more", PLAIN, &[], |_, _| Judgement {
            score: 2,
            advice: "Avoid years.".into(),
            ..Judgement::default()
        });
        assert_eq!(weak, Err("Too easy to guess: strength 2 of 4, and 3 is enough. Avoid years.".into()));
        let listed =
            check("twelve and more", PLAIN, &[], |_, _| Judgement { score: 4, listed: true, ..Judgement::default() });
        assert!(listed.is_err_and(|words| words.contains("leaked")));
    }
}
