//! Small pictures drawn when they are asked for.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// How wide and how high a photo is.
const PHOTO: (u32, u32) = (240, 320);

/// A PNG of one color (`#RRGGBB`) with a lighter head and shoulders: the photo of nobody.
#[must_use]
pub fn portrait(color: &str) -> Vec<u8> {
    let back = u32::from_str_radix(color.trim_start_matches('#'), 16).unwrap_or(0x80_80_80);
    let [_, red, green, blue] = back.to_be_bytes();
    let lighter = [red, green, blue].map(|part| part.saturating_add(70));
    let within = |x: i64, y: i64, rx: i64, ry: i64| x * x * ry * ry + y * y * rx * rx < rx * rx * ry * ry;
    png(&RgbImage::from_fn(PHOTO.0, PHOTO.1, |x, y| {
        let (x, y) = (i64::from(x) - 120, i64::from(y));
        let head = within(x, y - 130, 52, 62);
        let shoulders = within(x, y - 330, 104, 122);
        Rgb(if head || shoulders { lighter } else { [red, green, blue] })
    }))
}

/// A PNG bar chart of pairs, each out of `most`.
pub(crate) fn bars(pairs: &[(u32, u32)], most: u32) -> Vec<u8> {
    const BAR: u32 = 8;
    const SCALE: u32 = 5;
    let width = (u32::try_from(pairs.len()).unwrap_or(0) * BAR * 3).max(1);
    let height = most * SCALE;
    png(&RgbImage::from_fn(width, height.max(1), |x, y| {
        let value = usize::try_from(x / (BAR * 3)).ok().and_then(|place| pairs.get(place));
        let from_bottom = height.saturating_sub(y) / SCALE;
        match (value, x / BAR % 3) {
            (Some((own, _)), 0) if from_bottom <= *own => Rgb([0x3E, 0x7C, 0xB1]),
            (Some((_, class)), 1) if from_bottom <= *class => Rgb([0xC0, 0xC0, 0xC0]),
            _ => Rgb([0xFF, 0xFF, 0xFF]),
        }
    }))
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // Writing to memory only fails on sizes that are not met here; the picture is empty then.
    match picture.write_to(&mut bytes, ImageFormat::Png) {
        Ok(()) => bytes.into_inner(),
        Err(_) => Vec::new(),
    }
}
