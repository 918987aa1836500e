//! Traces of a shop's weeks, made up: what is ordinary raises nothing, and what is not raises what it should, once.

use super::{Act, Found, OpeningHours, Rule, Watch, look_back};
use uuid::Uuid;

const HOME: &str = "198.51.100.7";
const ROAD: &str = "203.0.113.40";
const FAR: &str = "192.0.2.9";

/// A chain under construction, at a shop whose clock is UTC. Day 0 is a Monday.
#[derive(Clone, Default)]
struct Trace(Vec<Act>);

impl Trace {
    fn act(&mut self, code: i16, who: u128, day: i64, clock: &str, place: &str, more: i32) {
        let (hour, minute) = clock.split_once(':').unwrap();
        let (minute, second) = minute.split_once('.').unwrap_or((minute, "0"));
        let minute = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
        let seconds = day * 86_400 + minute * 60 + second.parse::<i64>().unwrap();
        let seq = i64::try_from(self.0.len()).unwrap() + 1;
        self.0.push(Act {
            seq,
            hash: format!("{seq:064x}"),
            at: seconds * 1_000_000,
            minute: i32::try_from(day.rem_euclid(7) * 1440 + minute).unwrap(),
            code,
            actor: (Uuid::from_u128(who), 1),
            entity: Uuid::from_u128(who),
            place: place.into(),
            more,
        });
    }

    fn times(&mut self, n: usize, code: i16, who: u128, day: i64, hour: i64) {
        for n in 0..n {
            self.act(code, who, day, &format!("{hour}:{:02}.{:02}", n * 55 / 60, n * 55 % 60), HOME, 0);
        }
    }

    /// Eight weeks of four people: in by day from two networks, a wrong password now and then, two to five openings an hour
    /// in two hours of each day.
    fn ordinary() -> Self {
        let mut trace = Self::default();
        for day in (0..56).filter(|day| day % 7 < 5) {
            for who in 1..=4 {
                if (day + i64::try_from(who).unwrap()) % 6 == 0 {
                    trace.act(3, who, day, "8:01", HOME, 0);
                    trace.act(3, who, day, "8:02", HOME, 0);
                }
                trace.act(2, who, day, "8:03", if day % 2 == 0 { HOME } else { ROAD }, 0);
                for hour in [9, 14] {
                    trace.times(
                        usize::try_from(2 + (day + i64::try_from(who).unwrap()) % 4).unwrap(),
                        148,
                        who,
                        day,
                        hour,
                    );
                }
                if day % 9 == 0 {
                    trace.act(9, who, day, "15:30", HOME, 2);
                }
            }
            trace.act(151, 1, day, "16:30", HOME, 0);
            // The owner takes the data along by week, and a case file now and then.
            if day % 7 == 4 {
                trace.act(200, 1, day, "17:00", HOME, i32::from(day > 4));
                trace.act(201, 1, day, "17:10", HOME, 0);
            }
        }
        trace
    }

    fn found(&self) -> Vec<Found> {
        let mut watch = Watch::of(hours());
        self.0.iter().flat_map(|act| watch.see(act)).collect()
    }

    fn rules(&self) -> Vec<Rule> {
        self.found().iter().map(|found| found.rule).collect()
    }
}

fn hours() -> OpeningHours {
    OpeningHours::parse("08:00-18:00,08:00-18:00,08:00-18:00,08:00-18:00,08:00-18:00,-,-")
}

/// What an ordinary trace comes to when that happens after it.
fn after(happens: impl FnOnce(&mut Trace)) -> Vec<Found> {
    let mut trace = Trace::ordinary();
    happens(&mut trace);
    trace.found()
}

fn rules(found: &[Found]) -> Vec<Rule> {
    found.iter().map(|one| one.rule).collect()
}

#[test]
fn row_77_ordinary_weeks_raise_nothing() {
    assert!(Trace::ordinary().0.len() > 1000, "a trace with something in it");
    assert_eq!(Trace::ordinary().rules(), []);
}

#[test]
fn row_77_five_times_the_usual_is_still_usual_and_one_more_is_not() {
    // The median of 2, 3, 4 and 5 openings an hour is 4 for this person: twenty are five times that.
    for (openings, expected) in [(20, vec![]), (21, vec![Rule::ManyReveals]), (30, vec![Rule::ManyReveals])] {
        let found = after(|trace| trace.times(openings, 148, 4, 57, 10));
        assert_eq!(rules(&found), expected, "{openings} openings");
        assert!(found.iter().all(|one| (one.times, one.usual) == (21, 4)), "{found:?}");
    }
    // Somebody new is measured by everybody, and where nobody has a usual by ten.
    for (openings, expected) in [(15, vec![]), (16, vec![Rule::ManyReveals])] {
        assert_eq!(
            rules(&after(|trace| trace.times(openings, 148, 9, 57, 10))),
            expected,
            "{openings} by somebody new"
        );
    }
    for (openings, expected) in [(10, vec![]), (11, vec![Rule::ManyReveals])] {
        let mut alone = Trace::default();
        alone.times(openings, 147, 1, 0, 10);
        assert_eq!(alone.rules(), expected, "{openings} openings in a new shop");
    }
    // Another burst on another day is another one.
    let found = after(|trace| {
        trace.times(25, 148, 2, 57, 10);
        trace.times(25, 148, 2, 58, 10);
    });
    assert_eq!(rules(&found), [Rule::ManyReveals, Rule::ManyReveals]);
    assert_ne!(found[0].cause, found[1].cause);
}

#[test]
fn row_77_looks_at_restricted_photos_are_openings() {
    // Of looks at photos the chain gives out the restricted ones alone.
    let found = after(|trace| {
        trace.times(10, 176, 4, 57, 10);
        trace.times(11, 217, 4, 57, 10);
        trace.act(176, 3, 57, "22:40", HOME, 0);
    });
    assert_eq!(rules(&found), [Rule::ManyReveals, Rule::AfterHours]);
}

#[test]
fn row_77_what_is_too_much_lies_below_what_keyd_lets_through() {
    // Weeks of eight openings an hour: five times that are forty, and keyd stops at thirty.
    let mut busy = Trace::default();
    for day in (0..28).filter(|day| day % 7 < 5) {
        busy.times(8, 148, 1, day, 10);
    }
    for (openings, expected) in [(25, vec![]), (26, vec![Rule::ManyReveals])] {
        let mut trace = busy.clone();
        trace.times(openings, 148, 1, 29, 10);
        assert_eq!(trace.rules(), expected, "{openings} openings");
    }
}

#[test]
fn row_77_exports_in_bulk_are_told() {
    for (exports, expected) in [(3, vec![]), (4, vec![Rule::MassExport]), (7, vec![Rule::MassExport])] {
        let found = after(|trace| {
            (0..exports).for_each(|n| trace.act(200 + i16::from(n % 2 == 0), 2, 57, &format!("{}:00", 9 + n), HOME, 0));
        });
        assert_eq!(rules(&found), expected, "{exports} within a day");
    }
    let slow = after(|trace| (0..8).for_each(|day| trace.act(201, 2, 57 + day * 7, "9:00", HOME, 0)));
    assert_eq!(rules(&slow), [], "one a week");
    // Everything, by somebody who took nothing along in ninety days; not by who does so each week.
    for (who, day, expected) in [(1, 57, vec![]), (3, 57, vec![Rule::MassExport]), (1, 57 + 91, vec![Rule::MassExport])]
    {
        assert_eq!(rules(&after(|trace| trace.act(200, who, day, "9:00", HOME, 1))), expected, "{who} on day {day}");
    }
}

#[test]
fn row_77_openings_while_the_shop_is_closed_are_told_once_a_night() {
    let found = after(|trace| {
        trace.act(148, 3, 57, "17:59", HOME, 0);
        trace.act(148, 3, 57, "18:00", HOME, 0);
        trace.act(148, 3, 57, "22:40", HOME, 0);
        trace.act(148, 3, 58, "7:59", HOME, 0);
        trace.act(148, 3, 58, "8:00", HOME, 0);
    });
    assert_eq!(rules(&found), [Rule::AfterHours, Rule::AfterHours]);
    let mut quiet = Watch::of(OpeningHours(None));
    let mut trace = Trace::default();
    trace.act(148, 3, 5, "3:00", HOME, 0);
    assert_eq!(quiet.see(&trace.0[0]), [], "a shop that said nothing is open at every hour");
}

#[test]
fn row_77_a_network_not_seen_in_ninety_days_is_told() {
    let found = after(|trace| {
        trace.act(2, 1, 57, "9:00", "198.51.7.7", 0);
        trace.act(2, 1, 57, "9:10", FAR, 0);
        trace.act(2, 1, 57, "9:20", "192.0.77.1", 0);
        trace.act(2, 1, 57, "9:30", "", 0);
    });
    assert_eq!(rules(&found), [Rule::NewNetwork], "the same sixteen bits are the same network");
    assert_eq!(found[0].place, FAR);
    // Somebody new has no network one could know.
    let found = after(|trace| {
        for place in [HOME, ROAD, FAR] {
            trace.act(2, 8, 57, "9:00", place, 0);
        }
        trace.act(2, 8, 57, "10:00", "2001:db8::1", 0);
        trace.act(2, 8, 57, "11:00", "2001:db8:ffff::1", 0);
    });
    assert_eq!(rules(&found), [Rule::NewNetwork]);
    // After ninety days it is new again.
    let mut late = Trace::default();
    for day in [0, 1, 2] {
        late.act(2, 1, day, "9:00", if day == 0 { FAR } else { HOME }, 0);
    }
    for day in [80, 85, 91] {
        late.act(2, 1, day, "9:00", HOME, 0);
    }
    late.act(2, 1, 92, "9:00", FAR, 0);
    assert_eq!(late.rules(), [Rule::NewNetwork]);
}

#[test]
fn row_77_twenty_refusals_in_a_minute_are_told() {
    for (counts, expected) in [(vec![18], vec![]), (vec![19], vec![Rule::Probing]), (vec![9, 9], vec![Rule::Probing])] {
        let found = after(|trace| {
            for (n, count) in counts.iter().enumerate() {
                trace.act(9, 4, 57, &format!("11:00.{n}"), HOME, *count);
            }
        });
        assert_eq!(rules(&found), expected, "{counts:?}");
    }
    let apart = after(|trace| {
        trace.act(9, 4, 57, "11:00.0", HOME, 14);
        trace.act(9, 4, 57, "11:01.1", HOME, 14);
        trace.act(9, 3, 57, "11:01.2", HOME, 14);
    });
    assert_eq!(rules(&apart), [], "in two minutes, or by two people");
    // As the server counts them, the refusals on the chain among them.
    let counted = after(|trace| {
        trace.act(9, 4, 57, "11:00.0", HOME, 0);
        trace.act(191, 4, 57, "11:00.9", HOME, 20);
    });
    assert_eq!((rules(&counted), counted[0].times), (vec![Rule::Probing], 20));
}

#[test]
fn row_77_many_wrong_passwords_and_then_the_right_one_are_told() {
    for (tries, expected) in [(4, vec![]), (5, vec![Rule::GuessedIn]), (12, vec![Rule::GuessedIn])] {
        let found = after(|trace| {
            for n in 0..tries {
                trace.act(if n == 9 { 90 } else { 3 }, 1, 57, &format!("12:{n:02}"), HOME, 0);
            }
            trace.act(2, 1, 57, "12:25", HOME, 0);
            trace.act(2, 1, 57, "12:26", HOME, 0);
        });
        assert_eq!(rules(&found), expected, "{tries} tries");
    }
    let late = after(|trace| {
        (0..6).for_each(|n| trace.act(3, 1, 57, &format!("12:0{n}"), HOME, 0));
        trace.act(2, 1, 57, "12:36", HOME, 0);
    });
    assert_eq!(rules(&late), [], "half an hour later");
}

#[test]
fn row_77_ten_prints_in_an_hour_are_told() {
    for (prints, expected) in [(9, vec![]), (10, vec![Rule::MassPrint]), (14, vec![Rule::MassPrint])] {
        assert_eq!(rules(&after(|trace| trace.times(prints, 151, 2, 57, 10))), expected, "{prints} prints");
    }
}

#[test]
fn row_77_alarms_of_the_shop_itself_are_each_told() {
    let found = after(|trace| {
        trace.act(119, 7, 57, "3:00", FAR, 3);
        trace.act(119, 7, 57, "3:02", FAR, 0);
        trace.act(165, 0, 57, "4:00", "", 0);
        trace.act(166, 0, 57, "5:00", "", 0);
    });
    assert_eq!(rules(&found), [Rule::Honeypot, Rule::Honeypot, Rule::ChainBroken, Rule::VerificationMissed]);
    assert_eq!(found[0].times, 4);
}

/// Whoever watches may stop anywhere and begin again.
#[test]
fn row_77_a_chain_watched_in_pieces_comes_to_the_same_alerts() {
    let mut trace = Trace::ordinary();
    trace.times(25, 148, 2, 57, 10);
    trace.act(2, 1, 57, "12:10", FAR, 0);
    (0..6).for_each(|n| trace.act(3, 1, 57, &format!("12:2{n}"), HOME, 0));
    trace.act(2, 1, 57, "12:30", HOME, 0);
    trace.times(12, 151, 3, 57, 13);
    trace.act(191, 4, 57, "14:00", HOME, 20);
    trace.act(148, 3, 57, "23:00", HOME, 0);
    trace.act(148, 3, 57, "23:10", HOME, 0);
    (0..5).for_each(|n| trace.act(201, 2, 58, &format!("9:{n}0"), HOME, 0));
    trace.act(200, 4, 58, "9:55", HOME, 1);
    let whole = trace.found();
    assert_eq!(
        rules(&whole),
        [
            Rule::ManyReveals,
            Rule::NewNetwork,
            Rule::GuessedIn,
            Rule::MassPrint,
            Rule::Probing,
            Rule::AfterHours,
            Rule::MassExport,
            Rule::MassExport
        ]
    );
    for size in [9, 400] {
        let mut found = Vec::new();
        for (n, piece) in trace.0.chunks(size).enumerate() {
            let Some(first) = piece.first() else { continue };
            let kinds = look_back(piece);
            let before = trace.0[..n * size].iter().filter(|act| {
                kinds.iter().any(|(codes, days)| {
                    codes.contains(&act.code) && act.at >= first.at - i64::from(*days) * 86_400_000_000
                })
            });
            let mut watch = Watch::of(hours());
            before.for_each(|act| drop(watch.see(act)));
            found.extend(piece.iter().flat_map(|act| watch.see(act)));
        }
        assert_eq!(found, whole, "in pieces of {size}");
    }
}
