//! Intake of photos from strangers. What is kept is never what was sent: the pixels are decoded under limits, turned
//! upright, made no larger than a work order needs, and written anew as JPEG. Places, times, names of cameras, text, and
//! whatever else hid in the file are gone, because nothing but pixels is carried over.
//!
//! ```
//! let words = pictures::take(b"GIF89a...").unwrap_err().to_string();
//! assert!(words.contains("JPEG"));
//! ```
//!
//! Decoding takes a large part of a second: call [`take`] on a thread that may block.

#![forbid(unsafe_code)]

mod kind;
mod refused;

pub use refused::Refused;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, imageops, metadata::Orientation,
};
use std::io::Cursor;

/// Most bytes of a file.
pub const MOST_BYTES: usize = 25 * 1024 * 1024;
/// Most pixels of a picture: a telephone's 50 megapixels.
pub const MOST_PIXELS: u64 = 51_000_000;
/// Longest side a picture may come with.
pub const LONGEST_SIDE: u32 = 16_384;
/// Bytes decoding may take.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// Longest side of a picture as it is kept.
pub const KEPT_SIDE: u32 = 2_560;
/// Longest side of its small copy.
pub const SMALL_SIDE: u32 = 320;
/// JPEG's quality of either: scratches on a lock are still there.
const QUALITY: u8 = 85;
/// The small copy's.
const SMALL_QUALITY: u8 = 75;

/// A clean picture and its small copy, both JPEG and of pixels alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The picture.
    pub whole: Vec<u8>,
    /// Its small copy, for lists.
    pub small: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Takes in what claims to be a photo.
///
/// # Errors
/// In words, for whoever sent it: what is wrong and what to do instead.
pub fn take(bytes: &[u8]) -> Result<Picture, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooManyBytes);
    }
    let format = kind::of(bytes)?;
    let (pixels, orientation) = decode(bytes, format)?;
    let kept = upright(flat(fitted(pixels, KEPT_SIDE)), orientation);
    let small = if kept.width().max(kept.height()) > SMALL_SIDE { shrunk(&kept) } else { kept.clone() };
    Ok(Picture {
        whole: written(&kept, QUALITY)?,
        small: written(&small, SMALL_QUALITY)?,
        width: kept.width(),
        height: kept.height(),
    })
}

/// The pixels, once the file's head has said that they are not too many.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Refused::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(Refused::Broken);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// No larger than `side` either way.
fn fitted(pixels: DynamicImage, side: u32) -> DynamicImage {
    // The mean of the pixels that fall together: a finer filter would need four bytes for every one of the picture.
    if pixels.width().max(pixels.height()) > side { pixels.thumbnail(side, side) } else { pixels }
}

/// Without depth: what was transparent is white.
fn flat(pixels: DynamicImage) -> RgbImage {
    if !pixels.color().has_alpha() {
        return pixels.into_rgb8();
    }
    let seen = pixels.into_rgba8();
    let over_white = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u16::from(channel), u16::from(alpha));
        u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|channel| over_white(channel, alpha)))
    })
}

fn upright(pixels: RgbImage, orientation: Orientation) -> RgbImage {
    let mut pixels = DynamicImage::ImageRgb8(pixels);
    pixels.apply_orientation(orientation);
    pixels.into_rgb8()
}

fn shrunk(kept: &RgbImage) -> RgbImage {
    let (width, height) = (u64::from(kept.width()), u64::from(kept.height()));
    let side = |one: u64| {
        let scaled = one * u64::from(SMALL_SIDE) / width.max(height);
        u32::try_from(scaled).unwrap_or(SMALL_SIDE).max(1)
    };
    imageops::thumbnail(kept, side(width), side(height))
}

fn written(pixels: &RgbImage, quality: u8) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, quality);
    encoder.write_image(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)?;
    Ok(out)
}
