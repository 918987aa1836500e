//! The hash of an ink, over a byte form with exactly one spelling.

use sha2::{Digest, Sha256};

use crate::{Ink, PointerKind};

impl Ink {
    /// SHA-256 of the canonical bytes: `ink:1`, then width, height, ratio and the number of strokes; for each stroke
    /// its pointer (1 pen, 2 touch, 3 mouse) and number of points; for each point x, y, t and pressure. All numbers
    /// are four bytes, big-endian, except pointer and pressure, which are one byte.
    pub fn hash(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(b"ink:1");
        for number in [self.width, self.height, self.ratio, count(self.strokes.len())] {
            sum.update(number.to_be_bytes());
        }
        for stroke in &self.strokes {
            sum.update([code(stroke.pointer)]);
            sum.update(count(stroke.points.len()).to_be_bytes());
            for point in &stroke.points {
                sum.update(point.x.to_be_bytes());
                sum.update(point.y.to_be_bytes());
                sum.update(point.t.to_be_bytes());
                sum.update([point.p]);
            }
        }
        sum.finalize().into()
    }
}

/// The limits keep every length far below `u32::MAX`.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn code(pointer: PointerKind) -> u8 {
    match pointer {
        PointerKind::Pen => 1,
        PointerKind::Touch => 2,
        PointerKind::Mouse => 3,
    }
}
