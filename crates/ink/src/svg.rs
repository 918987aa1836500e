//! Ink as an SVG picture.

use crate::{Ink, Segment};

impl Ink {
    /// The picture, named "Signature" for those who cannot see it.
    pub fn to_svg(&self) -> String {
        self.to_svg_titled("Signature")
    }

    /// The picture with a title of its own, such as "Signature of Ana Reyes". Black on white whatever the theme of
    /// the page around it; paths and presentation attributes only, so it needs neither script nor style and can be
    /// put inline under the strictest policy.
    pub fn to_svg_titled(&self, title: &str) -> String {
        let (width, height) = (self.width, self.height);
        let mut out = String::with_capacity(512 + self.point_count() * 40);
        out.push_str(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\"><title>"
        ));
        escape(title, &mut out);
        out.push_str(&format!(
            "</title><path fill=\"#fff\" d=\"M0 0H{width}V{height}H0Z\"/><g fill=\"none\" stroke=\"#000\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
        ));
        paths(&self.segments(), &mut out);
        out.push_str("</g></svg>");
        out
    }
}

/// Pieces that go on in the same width become one path.
fn paths(segments: &[Segment], out: &mut String) {
    let mut before: Option<&Segment> = None;
    for segment in segments {
        if !before.is_some_and(|before| segment.continues(before)) {
            if before.is_some() {
                out.push_str("\"/>");
            }
            out.push_str(&format!("<path stroke-width=\"{}\" d=\"M{}", segment.width, pair(segment.start)));
        }
        out.push_str(&format!("C{} {} {}", pair(segment.control1), pair(segment.control2), pair(segment.end)));
        before = Some(segment);
    }
    if before.is_some() {
        out.push_str("\"/>");
    }
}

fn pair((x, y): (f64, f64)) -> String {
    // Adding zero turns a minus zero into a plain one.
    format!("{} {}", x + 0.0, y + 0.0)
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Not allowed in XML at all, not even as a reference.
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
}
