//! How strong a new password is: guesses as zxcvbn counts them, and lists of leaked ones. Nothing leaves the machine.

use super::FrontDoor;
use domain::passwords::Judgement;
use zxcvbn::{feedback::Feedback, matching::patterns::MatchPattern, zxcvbn};

impl FrontDoor<'_> {
    /// The judge of new passwords by the lists at hand. (`judge_of` asks elsewhere as well.)
    pub fn judge(&self) -> impl Fn(&str, &[String]) -> Judgement + use<> {
        let breached = self.db.breached.clone();
        move |password, own| {
            let mut judged = judgement(password, own);
            judged.listed |= breached.as_ref().is_some_and(|breached| breached.holds(password));
            judged
        }
    }
}

/// By the lists that come with the estimator: thirty thousand passwords among them.
fn judgement(password: &str, own: &[String]) -> Judgement {
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let estimate = zxcvbn(password, &own);
    let listed = match estimate.sequence() {
        [whole] => matches!(&whole.pattern, MatchPattern::Dictionary(word) if !word.reversed && !word.l33t),
        _ => false,
    };
    Judgement { score: estimate.score().into(), listed, advice: estimate.feedback().map(advice).unwrap_or_default() }
}

fn advice(feedback: &Feedback) -> String {
    let warning = feedback.warning().map(|warning| format!("{warning} ")).unwrap_or_default();
    format!("{warning}Add another word or two; uncommon ones are better.")
}

#[cfg(test)]
mod tests {
    use super::judgement;
    use domain::{
        fields,
        passwords::{Policy, read},
    };

    fn words(typed: &str, cmmc: bool) -> String {
        let policy = Policy { second_factor: true, cmmc };
        let own = ["Northgate Lock & Key", "Olivia Grant"];
        let read = fields::check(|c| read(c, "password", typed, policy, &own, judgement));
        read.err().and_then(|mut errors| errors.remove("password")).unwrap_or_default()
    }

    #[test]
    fn row_20_a_new_password_is_long_strong_and_nobodys_name() {
        // (typed, refused with these words by the usual rule, and by cmmc)
        for (typed, usual, cmmc) in [
            ("aaaaaaaaaaaa", "Too easy", "three of these four"),
            ("Aaaaaaaaaaa1", "Too easy", "Too easy"),
            ("eleven chrs", "at least 12", "at least 12"),
            ("passwordpassword", "Too easy", "three of these four"),
            ("Passw0rd2026", "Too easy", "Too easy"),
            ("qwertyuiop123", "on lists of", "three of these four"),
            ("northgate rules 77", "Leave out", "Leave out"),
            ("olivia and her cat", "Leave out", "Leave out"),
            ("four unrelated brass words", "", "three of these four"),
            ("vuzxklqpwmfh", "", "three of these four"),
            ("Four unrelated brass words", "", ""),
            ("héron caché sous l’établi", "", "three of these four"),
        ] {
            for (cmmc, expected) in [(false, usual), (true, cmmc)] {
                let said = words(typed, cmmc);
                assert!(
                    said.contains(expected) && said.is_empty() == expected.is_empty(),
                    "{typed} (cmmc {cmmc}): {said:?}"
                );
            }
        }
    }

    #[test]
    fn row_22_the_commonest_passwords_are_known_without_any_list_of_the_operators() {
        for common in ["unbelievable", "123456789012", "qwertyuiop12", "Jackass1", "1q2w3e4r5t6y"] {
            let judged = judgement(common, &[]);
            assert!(judged.listed || judged.score < 3, "{common}: {judged:?}");
        }
        assert!(judgement("unbelievable", &[]).listed);
        assert!(!judgement("four unrelated brass words", &[]).listed);
    }
}
