//! How much was drawn, where, and for how long.

use crate::{Ink, InkError, Point};

/// The smallest upright rectangle around all points, in hundredths of a CSS pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Left edge.
    pub left: i32,
    /// Top edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Bottom edge.
    pub bottom: i32,
}

impl Ink {
    /// Number of points in all strokes.
    pub fn point_count(&self) -> usize {
        self.strokes.iter().map(|stroke| stroke.points.len()).sum()
    }

    /// Milliseconds from the first point to the last, pauses included.
    pub fn duration_ms(&self) -> u32 {
        self.strokes.iter().rev().find_map(|stroke| stroke.points.last()).map_or(0, |point| point.t)
    }

    /// Length of all strokes together in CSS pixels, straight from point to point, without the ways in the air.
    /// Only what lies inside the box counts: a way along outside its edge is invisible.
    pub fn path_px(&self) -> f64 {
        self.strokes.iter().flat_map(|stroke| stroke.points.windows(2)).map(|pair| self.step_px(pair[0], pair[1])).sum()
    }

    fn step_px(&self, a: Point, b: Point) -> f64 {
        let across = |at: i32, side: u32| f64::from(at.clamp(0, side as i32 * 100));
        let dx = across(a.x, self.width) - across(b.x, self.width);
        let dy = across(a.y, self.height) - across(b.y, self.height);
        (dx * dx + dy * dy).sqrt() / 100.0
    }

    /// The rectangle around all points, `None` for an empty pad.
    pub fn bounds(&self) -> Option<Bounds> {
        let first = self.points().next()?;
        let start = Bounds { left: first.x, top: first.y, right: first.x, bottom: first.y };
        Some(self.points().fold(start, |around, point| Bounds {
            left: around.left.min(point.x),
            top: around.top.min(point.y),
            right: around.right.max(point.x),
            bottom: around.bottom.max(point.y),
        }))
    }

    /// True for an empty pad, a dot, a tick: less way than a quarter of the box's width.
    pub fn is_trivial(&self) -> bool {
        self.path_px() < f64::from(self.width) / 4.0
    }

    /// Refuses an empty or trivial ink, with words. [`Ink::parse`] lets both pass, so that a form can be shown again.
    pub fn ensure_signature(&self) -> Result<(), InkError> {
        match (self.strokes.is_empty(), self.is_trivial()) {
            (true, _) => Err(InkError::Empty),
            (_, true) => Err(InkError::TooShort),
            _ => Ok(()),
        }
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.strokes.iter().flat_map(|stroke| &stroke.points)
    }
}
