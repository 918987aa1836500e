//! What must hold for every ink and every text.

use ink::limits::{MAX_MS, MAX_POINTS, MAX_SIDE, MAX_STROKES, MIN_SIDE, OVERHANG};
use ink::{Ink, Point, PointerKind, Sample, Sheet, Smoother, Stroke};
use proptest::prelude::*;

fn kind() -> impl Strategy<Value = PointerKind> {
    prop_oneof![Just(PointerKind::Pen), Just(PointerKind::Touch), Just(PointerKind::Mouse)]
}

/// Any valid ink, jumps across the whole box, equal times and repeated points included.
fn any_ink() -> impl Strategy<Value = Ink> {
    (MIN_SIDE..=MAX_SIDE, MIN_SIDE..=MAX_SIDE, 10u32..=2_000).prop_flat_map(|(width, height, ratio)| {
        let place = |side: u32| -OVERHANG..=(side as i32 * 100 + OVERHANG);
        let point = (place(width), place(height), 0u32..200_000, any::<u8>());
        let stroke = (kind(), prop::collection::vec(point, 1..40));
        prop::collection::vec(stroke, 0..12).prop_map(move |drawn| {
            let (mut now, mut first) = (0u32, true);
            let strokes = drawn.into_iter().map(|(pointer, points)| {
                let points = points.into_iter().map(|(x, y, wait, p)| {
                    now = if first { 0 } else { (now + wait).min(MAX_MS) };
                    first = false;
                    Point { x, y, t: now, p }
                });
                Stroke { pointer, points: points.collect() }
            });
            let strokes = strokes.collect();
            Ink::new(width, height, ratio, strokes).expect("made within the limits")
        })
    })
}

/// Texts near the real form: a valid one with a few bytes changed, taken out or doubled.
fn near_miss() -> impl Strategy<Value = String> {
    let edits = prop::collection::vec(
        (any::<prop::sample::Index>(), 0u8..3, prop::sample::select(b"{}[]\",:-+.eE0919 kdvwhrs\\u\0".to_vec())),
        1..6,
    );
    (any_ink(), edits).prop_map(|(ink, edits)| {
        let mut bytes = ink.to_json().into_bytes();
        for (at, what, byte) in edits {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

proptest! {
    #[test]
    fn reading_undoes_writing(ink in any_ink()) {
        prop_assert_eq!(Ink::parse(&ink.to_json()), Ok(ink));
    }

    #[test]
    fn accepted_text_without_spaces_and_in_order_is_the_only_spelling(text in near_miss()) {
        if let Ok(ink) = Ink::parse(&text) {
            let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
            prop_assert_eq!(ink.to_json(), plain);
        }
    }

    #[test]
    fn hostile_text_is_refused_without_panic(text in any::<String>()) {
        prop_assert!(Ink::parse(&text).is_err());
    }

    #[test]
    fn hostile_json_is_refused_without_panic(text in r#"\{("[vwhrs]":(-?[0-9]{1,12}|\[(\{"k":"(pen|mouse)","d":\[(-?[0-9]{0,11},){0,9}\]\},?){0,3}\]),?){0,6}\}?"#) {
        if let Ok(ink) = Ink::parse(&text) {
            prop_assert!(ink.strokes().iter().all(|stroke| !stroke.points.is_empty()));
        }
    }

    #[test]
    fn curves_are_finite_near_the_points_and_never_wider_than_a_pen(ink in any_ink()) {
        // A control point lies at most one side of the polygon away from its end.
        let reach = f64::from(ink.width() + ink.height()) + 32.0;
        for piece in ink.segments() {
            for (x, y) in [piece.start, piece.control1, piece.control2, piece.end] {
                prop_assert!(x.is_finite() && y.is_finite() && x.abs() <= 2.0 * reach && y.abs() <= 2.0 * reach, "{piece:?}");
            }
            prop_assert!((0.5..=6.0).contains(&piece.width), "{piece:?}");
        }
    }

    #[test]
    fn every_stroke_leaves_a_mark_from_its_first_point_to_its_last(ink in any_ink()) {
        for stroke in ink.strokes() {
            let mut pieces = Vec::new();
            stroke.segments(&mut pieces);
            let (first, last) = (stroke.points[0], stroke.points[stroke.points.len() - 1]);
            let at = |point: Point| (f64::from(point.x) / 100.0, f64::from(point.y) / 100.0);
            prop_assert_eq!(pieces.first().map(|piece| piece.start), Some(at(first)));
            let (x, y) = pieces[pieces.len() - 1].end;
            prop_assert!((x - at(last).0).abs() < 0.02 && (y - at(last).1).abs() < 0.02);
        }
    }

    #[test]
    fn points_one_at_a_time_give_the_same_curves(ink in any_ink()) {
        for stroke in ink.strokes() {
            let (mut whole, mut single) = (Vec::new(), Vec::new());
            stroke.segments(&mut whole);
            let mut smoother = Smoother::new(stroke.pointer);
            for point in &stroke.points {
                let mut fresh = Vec::new();
                smoother.push(*point, &mut fresh);
                single.append(&mut fresh);
            }
            smoother.finish(&mut single);
            prop_assert_eq!(whole, single);
        }
    }

    #[test]
    fn the_picture_holds_paths_only(ink in any_ink(), title in any::<String>()) {
        let svg = ink.to_svg_titled(&title);
        let inner = svg.split_once("</title>").map_or("", |(_, rest)| rest);
        for tag in inner.split('<').skip(1) {
            prop_assert!(["path ", "g ", "/g>", "/svg>"].iter().any(|known| tag.starts_with(known)), "{tag}");
        }
        prop_assert!(!svg.contains("style") || title.contains("style"));
        for path in inner.split(" d=\"").skip(1) {
            let data = path.split('"').next().unwrap_or("");
            prop_assert!(data.chars().all(|letter| letter.is_ascii_digit() || "MCHVZ .-".contains(letter)), "{data}");
        }
    }

    #[test]
    fn a_changed_point_changes_the_hash(ink in any_ink(), which in any::<prop::sample::Index>()) {
        prop_assume!(ink.point_count() > 0);
        let mut strokes = ink.strokes().to_vec();
        let stroke = which.index(strokes.len());
        strokes[stroke].points[0].p ^= 1;
        let other = Ink::new(ink.width(), ink.height(), ink.ratio(), strokes).expect("only a pressure differs");
        prop_assert_ne!(ink.hash(), other.hash());
    }

    #[test]
    fn no_reading_of_a_pointer_makes_invalid_ink(
        size in (any::<f64>(), any::<f64>(), any::<f64>()),
        contacts in prop::collection::vec((any::<i32>(), kind(), prop::collection::vec(any_sample(), 1..20), 0u8..6), 0..20),
    ) {
        let mut sheet = Sheet::new(size.0, size.1, size.2);
        for (id, kind, samples, after) in contacts {
            sheet.begin(id, kind, samples[0]);
            for sample in &samples {
                sheet.extend(id, *sample);
            }
            match after {
                0 => drop(sheet.undo()),
                1 => sheet.resize(samples[0].x, samples[0].y, samples[0].pressure),
                _ => drop(sheet.end(id)),
            }
            prop_assert_eq!(&Ink::parse(&sheet.ink().to_json()), &Ok(sheet.ink().clone()));
        }
        prop_assert!(sheet.ink().point_count() <= MAX_POINTS && sheet.ink().strokes().len() <= MAX_STROKES);
    }
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let number = || prop_oneof![4 => -100.0..1000.0, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)];
    (number(), number(), number(), number()).prop_map(|(x, y, pressure, at)| Sample { x, y, pressure, at })
}
