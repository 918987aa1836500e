//! The compact JSON form that travels in a form field.

use crate::{Ink, Point, Stroke};

impl Ink {
    /// Writes `{"v":1,"w":600,"h":200,"r":200,"s":[{"k":"pen","d":[x,y,t,p, …]}]}`: the first point of a stroke as it
    /// is, each following one as differences from the point before it. Numbers are integers in the units of
    /// [`Point`]; `w` and `h` are CSS pixels, `r` is the pixel ratio in hundredths.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(64 + self.point_count() * 12);
        for (key, number) in
            [("{\"v\":", 1), (",\"w\":", self.width), (",\"h\":", self.height), (",\"r\":", self.ratio)]
        {
            out.push_str(key);
            out.push_str(&number.to_string());
        }
        out.push_str(",\"s\":[");
        for (nth, stroke) in self.strokes.iter().enumerate() {
            if nth > 0 {
                out.push(',');
            }
            write_stroke(stroke, &mut out);
        }
        out.push_str("]}");
        out
    }
}

fn write_stroke(stroke: &Stroke, out: &mut String) {
    out.push_str("{\"k\":\"");
    out.push_str(stroke.pointer.as_str());
    out.push_str("\",\"d\":[");
    let mut before = [0i64; 4];
    for (nth, point) in stroke.points.iter().enumerate() {
        let now = numbers(*point);
        for (axis, (to, from)) in now.iter().zip(before).enumerate() {
            if nth + axis > 0 {
                out.push(',');
            }
            out.push_str(&(to - from).to_string());
        }
        before = now;
    }
    out.push_str("]}");
}

fn numbers(point: Point) -> [i64; 4] {
    [i64::from(point.x), i64::from(point.y), i64::from(point.t), i64::from(point.p)]
}
