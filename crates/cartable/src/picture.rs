//! QR codes in pictures: read from a photo or a screenshot, drawn in a terminal or as a PNG.

use std::io::Cursor;

use anyhow::Context as _;
use image::{GrayImage, ImageFormat, ImageReader, Limits, Luma};
use qrcode::render::unicode::Dense1x2;

use crate::exit::{Family, failure};

/// The most pixels on a side: more than any telephone's photo.
const MOST_PIXELS: u32 = 12_000;
/// The most memory a picture may take, decoded: a small file can claim to be huge.
const MOST_BYTES: u64 = 512 << 20;
/// The width of a module in a drawn picture, in pixels; and the quiet border around a code, in modules.
const SCALE: u32 = 8;
const BORDER: u32 = 4;

/// The text of the first QR code in a PNG or JPEG picture.
pub(crate) fn qr_text(picture: &[u8]) -> anyhow::Result<String> {
    let gray = decoded(picture).map_err(|error| unreadable(&error.to_string()))?;
    let (width, height) = gray.dimensions();
    let luma = |x: usize, y: usize| {
        let (x, y) = (u32::try_from(x).unwrap_or(u32::MAX), u32::try_from(y).unwrap_or(u32::MAX));
        gray.get_pixel_checked(x, y).map_or(255, |pixel| pixel.0[0])
    };
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, luma);
    let found = prepared.detect_grids().into_iter().find_map(|grid| grid.decode().ok());
    found.map(|(_, text)| text).ok_or_else(|| unreadable("there is no QR code in it that can be read"))
}

fn decoded(picture: &[u8]) -> image::ImageResult<GrayImage> {
    let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    Ok(reader.decode()?.into_luma8())
}

fn unreadable(why: &str) -> anyhow::Error {
    let advice = "Give a sharp, straight PNG or JPEG picture of the whole code, or the text that the code holds.";
    failure(Family::Configuration, format!("the picture cannot be used: {why}"), advice)
}

/// A QR code drawn with characters: light on dark, as most terminals are.
pub(crate) fn drawn(text: &str) -> anyhow::Result<String> {
    let code = code(text)?;
    Ok(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

/// A QR code as a PNG picture.
pub(crate) fn png(text: &str) -> anyhow::Result<Vec<u8>> {
    let code = code(text)?;
    let width = u32::try_from(code.width())?;
    let colors = code.into_colors();
    let is_dark = |x: u32, y: u32| {
        let module = |at: u32| (at / SCALE).checked_sub(BORDER).filter(|at| *at < width);
        let place = module(x).zip(module(y)).map(|(x, y)| (y * width + x) as usize);
        place.and_then(|place| colors.get(place)).is_some_and(|color| *color == qrcode::Color::Dark)
    };
    let side = (width + 2 * BORDER) * SCALE;
    let picture = GrayImage::from_fn(side, side, |x, y| Luma([if is_dark(x, y) { 0 } else { 255 }]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).context("could not draw the QR code")?;
    Ok(bytes.into_inner())
}

fn code(text: &str) -> anyhow::Result<qrcode::QrCode> {
    qrcode::QrCode::new(text).context("the text does not fit into a QR code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_can_be_read_again() {
        let text = r#"{"jeton":"0A0B","login":"0C0D","url":"https://ecole.example/pronote/mobile.eleve.html"}"#;
        assert_eq!(qr_text(&png(text).unwrap()).unwrap(), text);
        assert!(drawn(text).unwrap().lines().count() > 10);
    }

    #[test]
    fn a_jpeg_photo_is_read_too() {
        let png = png("bonjour").unwrap();
        let mut jpeg = Cursor::new(Vec::new());
        image::load_from_memory(&png).unwrap().write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!(qr_text(jpeg.get_ref()).unwrap(), "bonjour");
    }

    #[test]
    fn what_is_no_picture_of_a_code_is_said_to_be_none() {
        let mut blank = Cursor::new(Vec::new());
        GrayImage::from_pixel(64, 64, Luma([255])).write_to(&mut blank, ImageFormat::Png).unwrap();
        for bytes in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", blank.get_ref()] {
            let error = qr_text(bytes).unwrap_err();
            assert!(error.to_string().starts_with("the picture cannot be used"), "{error}");
        }
    }
}
