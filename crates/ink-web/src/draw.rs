//! Segments on a canvas: the same lines as `ink`'s SVG.

use ink::Segment;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// White paper, whatever the theme of the page.
pub fn blank(context: &CanvasRenderingContext2d, canvas: &HtmlCanvasElement) {
    // Resetting a transform to finite numbers cannot fail.
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
}

/// Draws pieces at `scale` device pixels to a pixel of the ink. Pieces that go on in one width are one line.
pub fn segments(context: &CanvasRenderingContext2d, scale: f64, pieces: &[Segment]) {
    let _ = context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
    context.set_stroke_style_str("#000");
    context.set_line_cap("round");
    context.set_line_join("round");
    let mut before: Option<&Segment> = None;
    for piece in pieces {
        if !before.is_some_and(|before| piece.continues(before)) {
            if before.is_some() {
                context.stroke();
            }
            context.begin_path();
            context.set_line_width(piece.width);
            context.move_to(piece.start.0, piece.start.1);
        }
        let (one, two, end) = (piece.control1, piece.control2, piece.end);
        context.bezier_curve_to(one.0, one.1, two.0, two.1, end.0, end.1);
        before = Some(piece);
    }
    if before.is_some() {
        context.stroke();
    }
}
