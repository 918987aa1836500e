//! From points to curves.
//!
//! The method is that of szimek/signature_pad (MIT licence, © Szymon Nowak; after Square's "Smoother Signatures"):
//! a cubic Bézier through the last four points, its control points by mid-points and the ratio of the sides, and a
//! line that thins with speed, the speed filtered. Ours besides: pen pressure changes the width, the last piece
//! of a stroke is drawn too, and each curve is cut into pieces of one width so that canvas and SVG agree.

use crate::{Ink, Point, PointerKind, Stroke};

/// Width of a slow line, CSS pixels.
const MAX_WIDTH: f64 = 3.6;
/// Width of the fastest line, CSS pixels.
const MIN_WIDTH: f64 = 1.4;
/// How much of the new speed enters the filtered one; the rest is the speed before.
const NEW_SPEED: f64 = 0.7;
/// Points nearer than this to the last one used are noise of the digitizer, CSS pixels.
const MIN_STEP: f64 = 3.0;
/// How much the width may change over one pixel of way: without it a pen at rest leaves a blob at the end of a flick.
const WIDTH_PER_PX: f64 = 0.2;
/// Neighbouring pieces of a curve differ in width by at most about this, CSS pixels.
const WIDTH_STEP: f64 = 0.25;

/// A piece of line of one width with round ends: a cubic Bézier, all numbers in CSS pixels, rounded to hundredths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Where it starts.
    pub start: (f64, f64),
    /// First control point.
    pub control1: (f64, f64),
    /// Second control point.
    pub control2: (f64, f64),
    /// Where it ends.
    pub end: (f64, f64),
    /// Width of the line.
    pub width: f64,
}

impl Segment {
    /// True when this piece goes on where `before` ended, in the same width: both can be drawn as one line.
    pub fn continues(&self, before: &Self) -> bool {
        self.start == before.end && self.width == before.width
    }
}

impl Ink {
    /// The curves of all strokes, in the order drawn. Canvas and SVG draw exactly these.
    pub fn segments(&self) -> Vec<Segment> {
        let mut out = Vec::new();
        for stroke in &self.strokes {
            stroke.segments(&mut out);
        }
        out
    }
}

impl Stroke {
    /// Appends the curves of this stroke.
    pub fn segments(&self, out: &mut Vec<Segment>) {
        let mut smoother = Smoother::new(self.pointer);
        for point in &self.points {
            smoother.push(*point, out);
        }
        smoother.finish(out);
    }
}

/// A point in CSS pixels.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
    t: f64,
    press: f64,
}

impl Spot {
    fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).sqrt()
    }

    fn xy(self) -> (f64, f64) {
        (self.x, self.y)
    }
}

/// Turns the points of one stroke into curves while they arrive. The result does not depend on whether they come
/// one at a time or all at once.
#[derive(Clone)]
pub struct Smoother {
    pointer: PointerKind,
    /// The last three points used, oldest first.
    recent: Vec<Spot>,
    /// The last point, if it was too near to be used.
    skipped: Option<Spot>,
    speed: f64,
    width: f64,
    drawn: bool,
}

impl Smoother {
    /// Starts a stroke.
    pub fn new(pointer: PointerKind) -> Self {
        Self {
            pointer,
            recent: Vec::with_capacity(4),
            skipped: None,
            speed: 0.0,
            width: (MIN_WIDTH + MAX_WIDTH) / 2.0,
            drawn: false,
        }
    }

    /// Takes the next point and appends the curves that became certain by it; they lag behind by one point.
    pub fn push(&mut self, point: Point, out: &mut Vec<Segment>) {
        let spot = self.spot(point);
        match self.recent.last() {
            Some(last) if last.distance(spot) < MIN_STEP => self.skipped = Some(spot),
            _ => {
                self.skipped = None;
                self.step(spot, out);
            }
        }
    }

    /// Ends the stroke: appends its last piece, or a dot where it never left its first point.
    pub fn finish(mut self, out: &mut Vec<Segment>) {
        if let Some(spot) = self.skipped.take() {
            self.step(spot, out);
        }
        if let Some(&last) = self.recent.last() {
            // Doubled, as the first point is, so that the curve reaches it.
            self.step(last, out);
            if !self.drawn {
                out.push(dot(last, self.width));
            }
        }
    }

    fn spot(&self, point: Point) -> Spot {
        let press = match self.pointer {
            PointerKind::Pen => 0.5 + f64::from(point.p) / 255.0,
            PointerKind::Touch | PointerKind::Mouse => 1.0,
        };
        Spot { x: f64::from(point.x) / 100.0, y: f64::from(point.y) / 100.0, t: f64::from(point.t), press }
    }

    fn step(&mut self, spot: Spot, out: &mut Vec<Segment>) {
        if self.recent.is_empty() {
            self.width *= spot.press;
            self.recent.push(spot);
        }
        self.recent.push(spot);
        if let [a, b, c, d] = self.recent[..] {
            self.recent.remove(0);
            // A curve of no length would divide by zero.
            if b.distance(c) > 0.0 {
                self.curve([a, b, c, d], out);
            }
        }
    }

    /// Draws from the second to the third of four points.
    fn curve(&mut self, [a, b, c, d]: [Spot; 4], out: &mut Vec<Segment>) {
        let from = self.width;
        // At least a millisecond: two points of one event can carry the same time.
        let way = b.distance(c);
        let speed = way / (c.t - b.t).max(1.0);
        self.speed = NEW_SPEED * speed + (1.0 - NEW_SPEED) * self.speed;
        let wanted = (MAX_WIDTH * c.press / (self.speed + 1.0)).max(MIN_WIDTH);
        self.width = between(wanted, from - way * WIDTH_PER_PX, from + way * WIDTH_PER_PX);
        let (_, control1) = controls(a, b, c);
        let (control2, _) = controls(b, c, d);
        cut([b.xy(), control1, control2, c.xy()], from, self.width, out);
        self.drawn = true;
    }
}

/// The control points before and after `b` on a smooth way from `a` over `b` to `c`.
fn controls(a: Spot, b: Spot, c: Spot) -> ((f64, f64), (f64, f64)) {
    let before = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let after = ((b.x + c.x) / 2.0, (b.y + c.y) / 2.0);
    let (one, two) = (a.distance(b), b.distance(c));
    // At least one side is longer than zero: `step` lets no curve of no length through.
    let middle = lerp(after, before, two / (one + two));
    let shift = (b.x - middle.0, b.y - middle.1);
    ((before.0 + shift.0, before.1 + shift.1), (after.0 + shift.0, after.1 + shift.1))
}

/// Cuts a Bézier into pieces of one width each, by de Casteljau.
fn cut(mut curve: Curve, from: f64, to: f64, out: &mut Vec<Segment>) {
    let mut left = ((to - from).abs() / WIDTH_STEP).ceil().max(1.0);
    let (pieces, mut nth) = (left, 0.5);
    while left >= 1.0 {
        let (piece, rest) = split(curve, 1.0 / left);
        let width = ((from + (to - from) * nth / pieces) * 10.0).round() / 10.0;
        let [start, control1, control2, end] = piece.map(hundredths);
        out.push(Segment { start, control1, control2, end, width });
        (curve, left, nth) = (rest, left - 1.0, nth + 1.0);
    }
}

/// Not `clamp`: its panic message carries the formatting of floating-point numbers, a third of the portal's WASM.
fn between(number: f64, low: f64, high: f64) -> f64 {
    number.max(low).min(high)
}

type Curve = [(f64, f64); 4];

fn split([a, b, c, d]: Curve, at: f64) -> (Curve, Curve) {
    let (ab, bc, cd) = (lerp(a, b, at), lerp(b, c, at), lerp(c, d, at));
    let (abc, bcd) = (lerp(ab, bc, at), lerp(bc, cd, at));
    let middle = lerp(abc, bcd, at);
    ([a, ab, abc, middle], [middle, bcd, cd, d])
}

fn lerp(a: (f64, f64), b: (f64, f64), at: f64) -> (f64, f64) {
    (a.0 + (b.0 - a.0) * at, a.1 + (b.1 - a.1) * at)
}

/// A line a hundredth of a pixel long: canvases draw nothing for one of no length.
fn dot(at: Spot, width: f64) -> Segment {
    let start = hundredths(at.xy());
    let end = hundredths((at.x + 0.01, at.y));
    Segment { start, control1: start, control2: end, end, width: (width * 10.0).round() / 10.0 }
}

fn hundredths((x, y): (f64, f64)) -> (f64, f64) {
    ((x * 100.0).round() / 100.0, (y * 100.0).round() / 100.0)
}
