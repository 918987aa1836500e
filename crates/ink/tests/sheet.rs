//! A pad in use: contacts, palms, undo and a screen that turns.

use ink::limits::{MAX_POINTS, MAX_STROKES};
use ink::{Ink, PointerKind, Sample, Sheet};

fn at(x: f64, y: f64, at: f64) -> Sample {
    Sample { x, y, pressure: 0.5, at }
}

/// A line of two points, 50 ms long.
fn line(sheet: &mut Sheet, kind: PointerKind, start: f64) -> bool {
    let began = sheet.begin(1, kind, at(10.0, 10.0, start));
    sheet.extend(1, at(110.0, 10.0, start + 50.0));
    sheet.end(1);
    began
}

fn pointers(sheet: &Sheet) -> Vec<PointerKind> {
    sheet.ink().strokes().iter().map(|stroke| stroke.pointer).collect()
}

#[test]
fn time_counts_from_the_first_point_and_pauses_count() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    line(&mut sheet, PointerKind::Mouse, 7_000.0);
    line(&mut sheet, PointerKind::Mouse, 8_000.0);
    let times: Vec<u32> = sheet.ink().strokes().iter().flat_map(|stroke| &stroke.points).map(|point| point.t).collect();
    assert_eq!(times, [0, 50, 1_000, 1_050]);
}

#[test]
fn a_hand_beside_the_pen_leaves_no_ink_for_two_seconds() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    assert!(line(&mut sheet, PointerKind::Pen, 0.0));
    assert!(!line(&mut sheet, PointerKind::Touch, 2_049.0));
    assert!(line(&mut sheet, PointerKind::Touch, 2_050.0));
    assert_eq!(pointers(&sheet), [PointerKind::Pen, PointerKind::Touch]);
}

#[test]
fn a_pen_takes_over_from_a_hand_but_not_from_another_pen() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    assert!(sheet.begin(1, PointerKind::Touch, at(500.0, 150.0, 0.0)));
    assert!(sheet.begin(2, PointerKind::Pen, at(10.0, 10.0, 30.0)));
    assert!(!sheet.extend(1, at(501.0, 150.0, 40.0)));
    assert!(!sheet.begin(3, PointerKind::Pen, at(20.0, 20.0, 50.0)));
    assert!(sheet.end(2));
    assert_eq!(pointers(&sheet), [PointerKind::Pen]);
}

#[test]
fn undo_takes_the_last_stroke_even_while_it_is_drawn() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    line(&mut sheet, PointerKind::Mouse, 0.0);
    sheet.begin(1, PointerKind::Mouse, at(5.0, 5.0, 100.0));
    assert!(sheet.undo());
    assert_eq!((pointers(&sheet).len(), sheet.is_active(1)), (1, false));
    assert!(sheet.undo());
    assert!(!sheet.undo());
    assert!(sheet.fresh_segments().is_empty());
}

#[test]
fn curves_drawn_while_writing_are_those_of_the_ink() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    let mut drawn = Vec::new();
    for step in 0..60 {
        let u = f64::from(step);
        let sample = at(20.0 + 8.0 * u, 100.0 + 40.0 * (u / 3.0).sin(), 9.0 * u);
        if step == 0 {
            sheet.begin(1, PointerKind::Pen, sample)
        } else {
            sheet.extend(1, sample)
        };
        drawn.append(&mut sheet.fresh_segments());
    }
    sheet.end(1);
    drawn.append(&mut sheet.fresh_segments());
    assert_eq!(drawn, sheet.ink().segments());
}

#[test]
fn a_smaller_screen_shows_the_ink_smaller_and_moves_nothing() {
    let mut sheet = Sheet::new(800.0, 200.0, 2.0);
    line(&mut sheet, PointerKind::Mouse, 0.0);
    let before = sheet.ink().clone();
    sheet.resize(400.0, 200.0, 3.0);
    assert_eq!((sheet.ink(), sheet.scale()), (&before, 0.5));
    line(&mut sheet, PointerKind::Mouse, 500.0);
    assert_eq!(sheet.ink().strokes()[0], before.strokes()[0]);
    assert_eq!((sheet.ink().width(), sheet.ink().height(), sheet.ink().ratio()), (800, 400, 300));
    // Ten pixels of the half-sized picture are twenty of the box.
    assert_eq!(sheet.ink().strokes()[1].points[0].x, 2_000);
    sheet.clear();
    assert_eq!((sheet.ink().width(), sheet.scale()), (400, 1.0));
}

#[test]
fn restored_ink_goes_on_in_time() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    line(&mut sheet, PointerKind::Mouse, 0.0);
    let mut other = Sheet::new(600.0, 200.0, 1.0);
    other.restore(sheet.ink().clone());
    line(&mut other, PointerKind::Mouse, 90_000.0);
    assert_eq!(other.ink().strokes()[1].points[0].t, 50);
}

#[test]
fn a_full_sheet_takes_no_more_and_stays_valid() {
    let mut sheet = Sheet::new(600.0, 200.0, 1.0);
    for nth in 0..=MAX_STROKES {
        assert_eq!(line(&mut sheet, PointerKind::Mouse, 100.0 * nth as f64), nth < MAX_STROKES);
    }
    assert!(sheet.is_full());
    sheet.clear();
    sheet.begin(1, PointerKind::Mouse, at(0.0, 0.0, 0.0));
    for nth in 0..MAX_POINTS + 10 {
        sheet.extend(1, at((nth % 600) as f64, (nth % 7) as f64 * 30.0, nth as f64));
    }
    assert_eq!(sheet.ink().point_count(), MAX_POINTS);
    assert_eq!(Ink::parse(&sheet.ink().to_json()).as_ref(), Ok(sheet.ink()));
}
