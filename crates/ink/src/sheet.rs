//! The writing side: takes raw contacts from any pad and keeps valid ink.
//!
//! Positions come in CSS pixels of the pad as it is shown now; the ink keeps the coordinates of the box in which the
//! first stroke was drawn. A pad that gets smaller shows the ink smaller, one that gets larger lets the box grow to the
//! right and below, so nothing drawn ever moves or is stretched.

use crate::limits::{MAX_MS, MAX_POINTS, MAX_RATIO, MAX_SIDE, MAX_STROKES, MIN_RATIO, MIN_SIDE, OVERHANG};
use crate::{Ink, Point, PointerKind, Segment, Smoother, Stroke};

/// For so long after a pen was down, fingers and the ball of the hand leave no ink. Milliseconds.
const PEN_ONLY_MS: f64 = 2_000.0;

/// One reading of a pointer, as the browser's event has it.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// CSS pixels from the left edge of the pad as shown.
    pub x: f64,
    /// CSS pixels from its top edge.
    pub y: f64,
    /// 0 to 1.
    pub pressure: f64,
    /// The event's own time in milliseconds; only differences count.
    pub at: f64,
}

/// A contact that is drawing.
struct Active {
    id: i32,
    smoother: Smoother,
}

/// A signature pad without a screen.
pub struct Sheet {
    ink: Ink,
    shown: (f64, f64),
    ratio: u32,
    /// Event time of the first point, once there is one.
    zero: Option<f64>,
    active: Option<Active>,
    last_pen: Option<f64>,
    fresh: Vec<Segment>,
}

impl Sheet {
    /// An empty sheet, shown `width` by `height` CSS pixels large at `ratio` device pixels each.
    pub fn new(width: f64, height: f64, ratio: f64) -> Self {
        let ink = Ink { width: MIN_SIDE, height: MIN_SIDE, ratio: 100, strokes: Vec::new() };
        let mut sheet =
            Self { ink, shown: (0.0, 0.0), ratio: 100, zero: None, active: None, last_pen: None, fresh: Vec::new() };
        sheet.resize(width, height, ratio);
        sheet
    }

    /// Goes on with ink drawn before, such as that of a form shown again. The time away is not known and counts as none.
    pub fn restore(&mut self, ink: Ink) {
        self.stop();
        self.ink = ink;
        self.zero = None;
    }

    /// The pad is now shown in another size or on another screen.
    pub fn resize(&mut self, width: f64, height: f64, ratio: f64) {
        self.shown = (whole(width, MIN_SIDE, MAX_SIDE).into(), whole(height, MIN_SIDE, MAX_SIDE).into());
        self.ratio = whole(ratio * 100.0, MIN_RATIO, MAX_RATIO);
        if self.ink.strokes.is_empty() {
            self.fit_box();
        }
    }

    /// Shown CSS pixels to one CSS pixel of the ink; 1 unless the pad became smaller than the ink's box.
    pub fn scale(&self) -> f64 {
        (self.shown.0 / f64::from(self.ink.width)).min(self.shown.1 / f64::from(self.ink.height)).min(1.0)
    }

    /// What is drawn so far.
    pub fn ink(&self) -> &Ink {
        &self.ink
    }

    /// True when no other stroke fits.
    pub fn is_full(&self) -> bool {
        self.ink.strokes.len() >= MAX_STROKES || self.ink.point_count() >= MAX_POINTS
    }

    /// A contact begins. False when it leaves no ink: another one is drawing, a hand rests beside the pen, or the sheet
    /// is full. A pen takes over from a touch, whose stroke was the hand coming down before it and goes away.
    pub fn begin(&mut self, id: i32, kind: PointerKind, sample: Sample) -> bool {
        if kind == PointerKind::Pen {
            self.last_pen = Some(sample.at);
            self.drop_palm();
        }
        let palm = kind == PointerKind::Touch && self.last_pen.is_some_and(|pen| sample.at - pen < PEN_ONLY_MS);
        if self.active.is_some() || palm || self.is_full() {
            return false;
        }
        self.fit_box();
        self.ink.strokes.push(Stroke { pointer: kind, points: Vec::new() });
        self.active = Some(Active { id, smoother: Smoother::new(kind) });
        self.add(sample);
        true
    }

    /// The contact moved. False when it is not the one that draws.
    pub fn extend(&mut self, id: i32, sample: Sample) -> bool {
        let ours = self.is_active(id);
        if ours && self.ink.point_count() < MAX_POINTS {
            self.add(sample);
        }
        ours
    }

    /// The contact lifted, or the system took it away. False when it is not the one that draws.
    pub fn end(&mut self, id: i32) -> bool {
        let ours = self.is_active(id);
        if ours {
            self.stop();
        }
        ours
    }

    /// True when this contact is drawing.
    pub fn is_active(&self, id: i32) -> bool {
        self.active.as_ref().is_some_and(|active| active.id == id)
    }

    /// The curves that became certain since the last call, in the ink's coordinates.
    pub fn fresh_segments(&mut self) -> Vec<Segment> {
        std::mem::take(&mut self.fresh)
    }

    /// Takes the last stroke away. False when there was none.
    pub fn undo(&mut self) -> bool {
        self.stop();
        self.fresh.clear();
        let had = self.ink.strokes.pop().is_some();
        if self.ink.strokes.is_empty() {
            self.clear();
        }
        had
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.stop();
        self.fresh.clear();
        self.ink.strokes.clear();
        self.zero = None;
        self.fit_box();
    }

    fn stop(&mut self) {
        if let Some(active) = self.active.take() {
            active.smoother.finish(&mut self.fresh);
        }
    }

    fn drop_palm(&mut self) {
        let touching = self.ink.strokes.last().is_some_and(|stroke| stroke.pointer == PointerKind::Touch);
        if self.active.is_some() && touching {
            self.undo();
        }
    }

    /// Makes the box as large as what is shown: exactly for an empty sheet, else only growing.
    fn fit_box(&mut self) {
        let (mut least, mut scale) = ((MIN_SIDE, MIN_SIDE), 1.0);
        if !self.ink.strokes.is_empty() {
            (least, scale) = ((self.ink.width, self.ink.height), self.scale());
        }
        self.ink.width = whole((self.shown.0 / scale).floor(), least.0, MAX_SIDE);
        self.ink.height = whole((self.shown.1 / scale).floor(), least.1, MAX_SIDE);
        self.ink.ratio = self.ratio;
    }

    fn add(&mut self, sample: Sample) {
        let scale = self.scale();
        let before = self.ink.duration_ms();
        let zero = *self.zero.get_or_insert(sample.at - f64::from(before));
        let place = |at: f64, side: u32| whole_signed(at / scale * 100.0, -OVERHANG, side as i32 * 100 + OVERHANG);
        let point = Point {
            x: place(sample.x, self.ink.width),
            y: place(sample.y, self.ink.height),
            // Coalesced events may carry times slightly out of order.
            t: whole(sample.at - zero, 0, MAX_MS).max(before),
            // `as` keeps it within 0 and 255, and makes NaN 0.
            p: (sample.pressure * 255.0).round() as u8,
        };
        let (Some(stroke), Some(active)) = (self.ink.strokes.last_mut(), self.active.as_mut()) else { return };
        if stroke.pointer == PointerKind::Pen {
            self.last_pen = Some(sample.at);
        }
        stroke.points.push(point);
        active.smoother.push(point, &mut self.fresh);
    }
}

/// Rounds into a range; what is not a number becomes its lower end.
fn whole(number: f64, low: u32, high: u32) -> u32 {
    // `as` saturates, and NaN becomes 0.
    (number.round() as u32).clamp(low, high)
}

fn whole_signed(number: f64, low: i32, high: i32) -> i32 {
    (number.round() as i32).clamp(low, high)
}
