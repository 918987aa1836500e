//! What a signature may be at most. The browser stops recording there; the server refuses beyond.

/// Points in all strokes together; a long signature has about 600.
pub const MAX_POINTS: usize = 20_000;

/// Strokes.
pub const MAX_STROKES: usize = 200;

/// Bytes of the JSON form. 20 000 ordinary points take about 250 000, the most awkward ones 530 000.
pub const MAX_BYTES: usize = 600_000;

/// Milliseconds from the first point to the last: a day.
pub const MAX_MS: u32 = 86_400_000;

/// Smallest side of the box, CSS pixels.
pub const MIN_SIDE: u32 = 40;

/// Largest side of the box, CSS pixels.
pub const MAX_SIDE: u32 = 4_096;

/// Smallest device pixel ratio, in hundredths.
pub const MIN_RATIO: u32 = 10;

/// Largest device pixel ratio, in hundredths.
pub const MAX_RATIO: u32 = 2_000;

/// How far a point may lie outside the box, in hundredths of a CSS pixel. More than half the widest line, so
/// that a stroke led around outside the box leaves no mark along its edge.
pub const OVERHANG: i32 = 800;
