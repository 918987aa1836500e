//! Files as strangers send them: honest ones, wrong ones and evil ones. Each is made here.

use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use pictures::{KEPT_SIDE, Refused, SMALL_SIDE, take};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

const CANARY: &[u8] = b"ZZQ-PLACE-52.5200N-13.4050E";

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn file(pixels: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    pixels.write_to(&mut out, format).expect("written");
    out.into_inner()
}

fn rgb(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    file(&halves(width, height).into(), format)
}

/// TIFF with an orientation, a GPS directory, and the canary as GPS area and as the camera's name.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: usize, value: u32| {
        let count = u32::try_from(count).unwrap();
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    tiff.extend(3_u16.to_le_bytes());
    tiff.extend(entry(0x010f, 2, CANARY.len(), 200));
    tiff.extend(entry(0x0112, 3, 1, u32::from(orientation)));
    tiff.extend(entry(0x8825, 4, 1, 100));
    tiff.extend([0; 4]);
    tiff.resize(100, 0);
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x001c, 7, CANARY.len(), 200));
    tiff.extend([0; 4]);
    tiff.resize(200, 0);
    tiff.extend(CANARY);
    tiff
}

/// The same JPEG with these segments behind its beginning.
fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    for (marker, content) in segments {
        out.extend([0xff, *marker]);
        out.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        out.extend(content);
    }
    out.extend(&jpeg[2..]);
    out
}

fn exif_segment(orientation: u8) -> (u8, Vec<u8>) {
    (0xe1, [b"Exif\0\0".to_vec(), exif(orientation)].concat())
}

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = 0xffff_ffff_u32;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], kind, content, &(!crc).to_be_bytes()].concat()
}

/// The same PNG with these chunks behind its head.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let head = 8 + 25;
    [&png[..head], &chunks.concat(), &png[head..]].concat()
}

fn pixels_of(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).expect("a JPEG").into_rgb8()
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

/// Only what a picture needs: no APP1 to APP15, no comment, nothing behind the end.
fn bare(jpeg: &[u8]) -> bool {
    let no_segment = |marker: u8| !find(jpeg, &[0xff, marker]);
    (0xe1..=0xef).all(no_segment) && no_segment(0xfe) && jpeg.ends_with(&[0xff, 0xd9])
}

#[test]
fn honest_photos_come_back_as_jpeg_with_a_small_copy() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let taken = take(&rgb(800, 400, format)).expect("taken");
        let (whole, small) = (pixels_of(&taken.whole), pixels_of(&taken.small));
        assert_eq!((taken.width, taken.height, whole.dimensions()), (800, 400, (800, 400)), "{format:?}");
        assert_eq!(small.dimensions(), (SMALL_SIDE, SMALL_SIDE / 2));
        assert!(is_red(*whole.get_pixel(10, 200)) && !is_red(*whole.get_pixel(790, 200)));
        assert!(bare(&taken.whole) && bare(&taken.small), "{format:?}");
    }
}

#[test]
fn what_the_camera_wrote_beside_the_pixels_is_gone() {
    let jpeg = rgb(64, 32, ImageFormat::Jpeg);
    let comment = (0xfe, CANARY.to_vec());
    let xmp = (0xe1, [b"http://ns.adobe.com/xap/1.0/\0".to_vec(), CANARY.to_vec()].concat());
    let iptc = (0xed, [b"Photoshop 3.0\0".to_vec(), CANARY.to_vec()].concat());
    let mut dirty = with_segments(&jpeg, &[exif_segment(1), comment, xmp, iptc]);
    dirty.extend(b"PK\x03\x04");
    dirty.extend(CANARY);
    assert!(find(&dirty, CANARY));
    let png = with_chunks(
        &rgb(64, 32, ImageFormat::Png),
        &[
            png_chunk(b"tEXt", &[b"Comment\0".to_vec(), CANARY.to_vec()].concat()),
            png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(), CANARY.to_vec()].concat()),
            png_chunk(b"eXIf", &exif(1)),
        ],
    );
    assert!(find(&png, CANARY));
    for file in [dirty, png] {
        let taken = take(&file).expect("taken");
        for kept in [&taken.whole, &taken.small] {
            assert!(!find(kept, CANARY) && !find(kept, b"Exif") && !find(kept, b"PK\x03\x04") && bare(kept));
        }
    }
}

#[test]
fn every_way_of_holding_the_telephone_comes_upright() {
    for (orientation, size, red_at) in [
        (1, (64, 32), (4, 16)),
        (2, (64, 32), (60, 16)),
        (3, (64, 32), (60, 16)),
        (4, (64, 32), (4, 16)),
        (5, (32, 64), (16, 4)),
        (6, (32, 64), (16, 4)),
        (7, (32, 64), (16, 60)),
        (8, (32, 64), (16, 60)),
    ] {
        let turned = with_segments(&rgb(64, 32, ImageFormat::Jpeg), &[exif_segment(orientation)]);
        let taken = take(&turned).expect("taken");
        assert_eq!((taken.width, taken.height), size, "orientation {orientation}");
        assert!(is_red(*pixels_of(&taken.whole).get_pixel(red_at.0, red_at.1)), "orientation {orientation}");
    }
}

#[test]
fn a_large_photo_is_kept_smaller_and_a_thin_one_keeps_a_pixel() {
    let taken = take(&rgb(6_000, 3_000, ImageFormat::Jpeg)).expect("taken");
    assert_eq!((taken.width, taken.height), (KEPT_SIDE, KEPT_SIDE / 2));
    let thin = take(&rgb(2_000, 1, ImageFormat::Png)).expect("taken");
    assert_eq!(pixels_of(&thin.small).dimensions(), (SMALL_SIDE, 1));
}

#[test]
fn what_was_transparent_is_white() {
    let glass = RgbaImage::from_pixel(20, 20, Rgba([200, 0, 0, 0]));
    let taken = take(&file(&glass.into(), ImageFormat::Png)).expect("taken");
    assert!(pixels_of(&taken.whole).get_pixel(10, 10).0.iter().all(|channel| *channel > 250));
}

#[test]
fn other_files_are_refused_by_what_they_are_and_told_what_to_do() {
    let heic = [b"\0\0\0\x18ftypheic".to_vec(), vec![0; 40]].concat();
    let film = [b"\0\0\0\x18ftypisom".to_vec(), vec![0; 40]].concat();
    for (bytes, refused) in [
        (b"".to_vec(), Refused::Empty),
        (b"GIF89a\x01\0\x01\0".to_vec(), Refused::Gif),
        (b"%PDF-1.7\n".to_vec(), Refused::Pdf),
        (b" \n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), Refused::Svg),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>".to_vec(), Refused::Svg),
        (heic, Refused::Heic),
        (film, Refused::Film),
        (b"II*\0....".to_vec(), Refused::Raw),
        (b"<!doctype html><script>alert(1)</script>".to_vec(), Refused::NoPicture),
        (b"PK\x03\x04".to_vec(), Refused::NoPicture),
        (vec![0xff, 0xd8, 0xff], Refused::Broken),
        (vec![1; pictures::MOST_BYTES + 1], Refused::TooManyBytes),
    ] {
        assert_eq!(take(&bytes), Err(refused), "{refused:?}");
        assert!(refused.to_string().len() > 20);
    }
}

/// A PNG's head that claims this size; `rows` bytes of zeros packed behind it.
fn claims(width: u32, height: u32, depth: u8, colour: u8, rows: usize) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..rows.div_ceil(zeros.len()) {
        packed.write_all(&zeros).expect("packed");
    }
    let packed = packed.finish().expect("packed");
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    [signature, png_chunk(b"IHDR", &head), png_chunk(b"IDAT", &packed), png_chunk(b"IEND", b"")].concat()
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let started = Instant::now();
    for (width, height, depth, colour) in
        [(60_000, 60_000, 8, 2), (16_000, 16_000, 1, 0), (u32::MAX >> 1, 1, 8, 6), (7_100, 7_100, 16, 6)]
    {
        let bomb = claims(width, height, depth, colour, 1 << 20);
        assert_eq!(take(&bomb), Err(Refused::TooManyPixels), "{width} × {height}");
    }
    // The head of a JPEG that claims 65 500 pixels either way.
    let mut jpeg = rgb(64, 32, ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    assert_eq!(take(&jpeg), Err(Refused::TooManyPixels));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn more_than_its_size_is_not_unpacked() {
    // One pixel, and two gigabytes of zeros behind it in two megabytes.
    let bomb = claims(1, 1, 8, 0, 2 << 30);
    let started = Instant::now();
    let _ = take(&bomb);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[test]
fn text_packed_small_is_not_unpacked_either() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&vec![b'a'; 300 << 20]).expect("packed");
    let text = [b"Comment\0\0".to_vec(), packed.finish().expect("packed")].concat();
    let bomb = with_chunks(&rgb(8, 8, ImageFormat::Png), &[png_chunk(b"zTXt", &text)]);
    let started = Instant::now();
    let _ = take(&bomb);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn grey_and_deep_pictures_are_taken() {
    let mut grey = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut grey);
    encoder.write_image(&[90; 64 * 2], 8, 8, ExtendedColorType::L16).expect("written");
    assert_eq!(take(&grey).expect("taken").width, 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_behind_an_honest_beginning_never_panic(
        which in 0..3_usize,
        tail in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let beginning: &[u8] =
            [b"\xff\xd8\xff\xe0".as_slice(), b"\x89PNG\r\n\x1a\n", b"RIFF\xff\x00\x00\x00WEBPVP8 "][which];
        let _ = take(&[beginning, &tail].concat());
    }

    #[test]
    fn cut_and_bent_photos_never_panic_and_keep_nothing_else(
        which in 0..3_usize,
        cut in any::<prop::sample::Index>(),
        bends in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][which];
        let mut bytes = rgb(48, 24, format);
        for (at, byte) in bends {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() * 2).max(1));
        if let Ok(taken) = take(&bytes) {
            prop_assert!(bare(&taken.whole) && bare(&taken.small));
        }
    }
}
