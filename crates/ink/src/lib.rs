//! Handwritten ink: strokes, smoothing, SVG and hashing, the same in browser and server.
//!
//! An [`Ink`] is what a pen, a finger or a mouse did on a signature pad, point by point. It is always
//! valid: the only ways to get one are [`Ink::parse`] and [`Ink::new`], and both check every limit in
//! [`limits`]. [`Ink::segments`] turns it into curves; a canvas that draws them and [`Ink::to_svg`] show
//! the same picture. [`Sheet`] is the writing side: it takes raw contacts and keeps an `Ink`.
#![forbid(unsafe_code)]

mod error;
mod hash;
pub mod limits;
mod measure;
mod read;
mod sheet;
mod smooth;
mod svg;
mod write;

pub use error::InkError;
pub use measure::Bounds;
pub use sheet::{Sample, Sheet};
pub use smooth::{Segment, Smoother};

use limits::{MAX_MS, MAX_POINTS, MAX_RATIO, MAX_SIDE, MAX_STROKES, MIN_RATIO, MIN_SIDE, OVERHANG};

/// What touched the pad, as the browser's `pointerType` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerKind {
    /// A stylus; the only kind whose pressure means anything.
    Pen,
    /// A finger, or the ball of a hand.
    Touch,
    /// A mouse or a track pad, and everything unknown.
    Mouse,
}

impl PointerKind {
    /// The browser's word for it: `pen`, `touch` or `mouse`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pen => "pen",
            Self::Touch => "touch",
            Self::Mouse => "mouse",
        }
    }

    /// Reads the browser's word; `None` for any other.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pen, Self::Touch, Self::Mouse].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One place the pointer was at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Hundredths of a CSS pixel from the left edge of the box.
    pub x: i32,
    /// Hundredths of a CSS pixel from the top edge of the box.
    pub y: i32,
    /// Milliseconds since the first point of the whole signature.
    pub t: u32,
    /// Pressure, 0 (none) to 255 (full).
    pub p: u8,
}

/// What was drawn between one contact and its lifting; never empty inside an [`Ink`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stroke {
    /// What drew it.
    pub pointer: PointerKind,
    /// The points, oldest first.
    pub points: Vec<Point>,
}

/// A whole signature, or an empty pad. Every limit of [`limits`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ink {
    width: u32,
    height: u32,
    ratio: u32,
    strokes: Vec<Stroke>,
}

impl Ink {
    /// Checks the strokes and the box they were drawn in. `width` and `height` are CSS pixels, `ratio` is the
    /// device's pixel ratio in hundredths (200 = two device pixels to a CSS pixel).
    pub fn new(width: u32, height: u32, ratio: u32, strokes: Vec<Stroke>) -> Result<Self, InkError> {
        let ink = Self { width, height, ratio, strokes };
        ink.check()?;
        Ok(ink)
    }

    /// Width of the box in CSS pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height of the box in CSS pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The device's pixel ratio in hundredths.
    pub fn ratio(&self) -> u32 {
        self.ratio
    }

    /// The strokes, oldest first.
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    fn check(&self) -> Result<(), InkError> {
        let side = MIN_SIDE..=MAX_SIDE;
        if !side.contains(&self.width) || !side.contains(&self.height) || !(MIN_RATIO..=MAX_RATIO).contains(&self.ratio)
        {
            return Err(InkError::Box);
        }
        if self.strokes.len() > MAX_STROKES {
            return Err(InkError::TooManyStrokes);
        }
        if self.point_count() > MAX_POINTS {
            return Err(InkError::TooManyPoints);
        }
        let mut now = None;
        for stroke in &self.strokes {
            if stroke.points.is_empty() {
                return Err(InkError::EmptyStroke);
            }
            for point in &stroke.points {
                self.check_point(*point, now)?;
                now = Some(point.t);
            }
        }
        Ok(())
    }

    /// `before` is the time of the point before it, `None` for the very first.
    fn check_point(&self, point: Point, before: Option<u32>) -> Result<(), InkError> {
        let inside =
            |at: i32, side: u32| at >= -OVERHANG && i64::from(at) <= i64::from(side) * 100 + i64::from(OVERHANG);
        if !inside(point.x, self.width) || !inside(point.y, self.height) {
            return Err(InkError::OutOfBox);
        }
        match before {
            None if point.t != 0 => Err(InkError::Time),
            Some(before) if point.t < before => Err(InkError::Time),
            _ if point.t > MAX_MS => Err(InkError::Time),
            _ => Ok(()),
        }
    }
}

/// The README's example runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
