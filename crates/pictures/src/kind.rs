//! What a file is, by its first bytes. Its name and what the browser calls it are not asked.

use crate::Refused;
use image::ImageFormat;

/// Beginnings of what is refused by name, so that the words can say what to do.
const OTHERS: [(&[u8], Refused); 10] = [
    (b"GIF8", Refused::Gif),
    (b"%PDF", Refused::Pdf),
    (b"<svg", Refused::Svg),
    (b"<?xml", Refused::Svg),
    (b"II*\0", Refused::Raw),
    (b"MM\0*", Refused::Raw),
    (b"BM", Refused::Raw),
    (b"PK\x03\x04", Refused::NoPicture),
    (b"MZ", Refused::NoPicture),
    (b"\x7fELF", Refused::NoPicture),
];

/// The codec for these bytes: JPEG, PNG or WebP.
pub(crate) fn of(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    let riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match () {
        () if bytes.starts_with(b"\xff\xd8\xff") => Ok(ImageFormat::Jpeg),
        () if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(ImageFormat::Png),
        () if riff => Ok(ImageFormat::WebP),
        () if bytes.get(4..8) == Some(b"ftyp") => Err(container(bytes.get(8..12).unwrap_or_default())),
        () => Err(named(bytes)),
    }
}

/// The boxes of MPEG hold telephones' photos and films.
fn container(brand: &[u8]) -> Refused {
    match brand {
        b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => Refused::Heic,
        b"avif" | b"avis" => Refused::Avif,
        _ => Refused::Film,
    }
}

fn named(bytes: &[u8]) -> Refused {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let found = OTHERS.iter().find(|(beginning, _)| text.starts_with(beginning));
    found.map_or(Refused::NoPicture, |(_, refused)| *refused)
}
