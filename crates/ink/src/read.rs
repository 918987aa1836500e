//! Reading the JSON form from a stranger.
//!
//! A reader of its own, because the shape is tiny, a general JSON library would weigh more in the browser than
//! the rest of this crate, and limits can be kept while reading. It takes exactly what [`Ink::to_json`] writes, plus
//! white space and any order of keys; unknown and repeated keys, fractions and exponents are refused.

use crate::limits::{MAX_BYTES, MAX_POINTS, MAX_STROKES};
use crate::{Ink, InkError, Point, PointerKind, Stroke};

impl Ink {
    /// Reads and checks the JSON form. An empty pad is valid ink; whether it is a signature says [`Ink::ensure_signature`].
    pub fn parse(json: &str) -> Result<Self, InkError> {
        if json.len() > MAX_BYTES {
            return Err(InkError::TooLarge);
        }
        let mut reader = Reader { bytes: json.as_bytes(), at: 0, points: 0 };
        let ink = reader.ink()?;
        reader.end()?;
        ink.check()?;
        Ok(ink)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Points read so far in all strokes.
    points: usize,
}

impl<'a> Reader<'a> {
    fn ink(&mut self) -> Result<Ink, InkError> {
        let (mut version, mut width, mut height, mut ratio, mut strokes) = (None, None, None, None, None);
        self.object(|reader, key| match key {
            b"v" => reader.once(&mut version, Self::positive),
            b"w" => reader.once(&mut width, Self::positive),
            b"h" => reader.once(&mut height, Self::positive),
            b"r" => reader.once(&mut ratio, Self::positive),
            b"s" => reader.once(&mut strokes, Self::strokes),
            _ => Err(reader.wrong()),
        })?;
        match (version, width, height, ratio, strokes) {
            (Some(1), Some(width), Some(height), Some(ratio), Some(strokes)) => {
                Ok(Ink { width, height, ratio, strokes })
            }
            _ => Err(self.wrong()),
        }
    }

    fn strokes(&mut self) -> Result<Vec<Stroke>, InkError> {
        let mut strokes = Vec::new();
        self.array(|reader| {
            if strokes.len() == MAX_STROKES {
                return Err(InkError::TooManyStrokes);
            }
            strokes.push(reader.stroke()?);
            Ok(())
        })?;
        Ok(strokes)
    }

    fn stroke(&mut self) -> Result<Stroke, InkError> {
        let (mut pointer, mut points) = (None, None);
        self.object(|reader, key| match key {
            b"k" => reader.once(&mut pointer, Self::pointer),
            b"d" => reader.once(&mut points, Self::point_list),
            _ => Err(reader.wrong()),
        })?;
        match (pointer, points) {
            (Some(pointer), Some(points)) => Ok(Stroke { pointer, points }),
            _ => Err(self.wrong()),
        }
    }

    fn pointer(&mut self) -> Result<PointerKind, InkError> {
        let word = self.word()?;
        std::str::from_utf8(word).ok().and_then(PointerKind::from_word).ok_or_else(|| self.wrong())
    }

    /// A flat list, four numbers to a point, each the difference from the point before.
    fn point_list(&mut self) -> Result<Vec<Point>, InkError> {
        let (mut points, mut now, mut axis) = (Vec::new(), [0i64; 4], 0);
        self.array(|reader| {
            // Neither number can be large enough to overflow: `integer` is within 32 bits, `now` was checked.
            now[axis] += i64::from(reader.integer()?);
            axis += 1;
            if axis == 4 {
                axis = 0;
                points.push(reader.point(now)?);
            }
            Ok(())
        })?;
        if axis == 0 { Ok(points) } else { Err(self.wrong()) }
    }

    fn point(&mut self, [x, y, t, p]: [i64; 4]) -> Result<Point, InkError> {
        self.points += 1;
        if self.points > MAX_POINTS {
            return Err(InkError::TooManyPoints);
        }
        Ok(Point {
            x: i32::try_from(x).map_err(|_| InkError::OutOfBox)?,
            y: i32::try_from(y).map_err(|_| InkError::OutOfBox)?,
            t: u32::try_from(t).map_err(|_| InkError::Time)?,
            p: u8::try_from(p).map_err(|_| self.wrong())?,
        })
    }

    fn object(&mut self, mut member: impl FnMut(&mut Self, &[u8]) -> Result<(), InkError>) -> Result<(), InkError> {
        self.list(b'{', b'}', |reader| {
            let key = reader.word()?;
            reader.token(b':')?;
            member(reader, key)
        })
    }

    fn array(&mut self, item: impl FnMut(&mut Self) -> Result<(), InkError>) -> Result<(), InkError> {
        self.list(b'[', b']', item)
    }

    fn list(
        &mut self,
        open: u8,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), InkError>,
    ) -> Result<(), InkError> {
        self.token(open)?;
        if self.peek() == Some(close) {
            return self.token(close);
        }
        loop {
            item(self)?;
            if self.peek() != Some(b',') {
                return self.token(close);
            }
            self.token(b',')?;
        }
    }

    fn once<T>(&mut self, place: &mut Option<T>, read: fn(&mut Self) -> Result<T, InkError>) -> Result<(), InkError> {
        if place.is_some() {
            return Err(self.wrong());
        }
        *place = Some(read(self)?);
        Ok(())
    }

    /// A string without escapes; none of ours needs one.
    fn word(&mut self) -> Result<&'a [u8], InkError> {
        self.token(b'"')?;
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_lowercase) {
            self.at += 1;
        }
        let end = self.at;
        if self.bytes.get(end) != Some(&b'"') {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(&self.bytes[start..end])
    }

    fn positive(&mut self) -> Result<u32, InkError> {
        let number = self.integer()?;
        u32::try_from(number).map_err(|_| self.wrong())
    }

    /// A JSON integer within 32 bits: no fraction, exponent, plus sign, leading zero or minus zero.
    fn integer(&mut self) -> Result<i32, InkError> {
        self.peek();
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let digits = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).map_err(|_| self.wrong())?;
        let padded = self.bytes.get(digits) == Some(&b'0') && text != "0";
        match text.parse() {
            Ok(number) if !padded => Ok(number),
            _ => Err(self.wrong()),
        }
    }

    /// The next byte that is not white space, without taking it.
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn token(&mut self, wanted: u8) -> Result<(), InkError> {
        if self.peek() != Some(wanted) {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), InkError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong()),
        }
    }

    fn wrong(&self) -> InkError {
        InkError::Malformed { at: self.at }
    }
}
