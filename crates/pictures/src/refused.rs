//! Why a file is not taken, and what to do instead.

use image::ImageError;

/// Why not, in words for whoever sent it. No word of the file itself is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing in it.
    #[error("This file is empty. Take the photo again.")]
    Empty,
    /// Larger than [`crate::MOST_BYTES`].
    #[error("This photo is larger than 25 MB. Send it smaller, or take it with fewer megapixels.")]
    TooManyBytes,
    /// More than [`crate::MOST_PIXELS`], or longer than [`crate::LONGEST_SIDE`].
    #[error("This photo has more than 50 megapixels. Send it smaller.")]
    TooManyPixels,
    /// Apple's telephones.
    #[error(
        "This is a HEIC photo, which not every browser can show. On the iPhone set Camera, Formats to “Most Compatible”, or send it as JPEG."
    )]
    Heic,
    /// Newer telephones.
    #[error("This is an AVIF photo. Send it as JPEG, PNG or WebP.")]
    Avif,
    /// Drawings may carry script.
    #[error("This is a drawing (SVG), not a photo. Send a JPEG, PNG or WebP of it.")]
    Svg,
    /// Mostly moving.
    #[error("This is a GIF. Send a JPEG, PNG or WebP.")]
    Gif,
    /// Not a photo.
    #[error("This is a PDF. Photograph the page, or send a JPEG of it.")]
    Pdf,
    /// TIFF, camera files, BMP.
    #[error("This is a camera's or scanner's own format. Send it as JPEG, PNG or WebP.")]
    Raw,
    /// Films.
    #[error("This is a film, not a photo. Send a JPEG, PNG or WebP.")]
    Film,
    /// Anything else.
    #[error("This is not a photo we can read. Send a JPEG, PNG or WebP.")]
    NoPicture,
    /// One of ours, but cut short or damaged.
    #[error("This photo is damaged or did not come whole. Take it again, or send another copy.")]
    Broken,
}

impl From<ImageError> for Refused {
    /// The codec's own words are about bytes; whoever holds the telephone needs others.
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooManyPixels,
            _ => Self::Broken,
        }
    }
}
