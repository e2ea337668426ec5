//! From a file to a photo: recognize, decode, crop, shrink, turn, encode. Pure, and the same each time.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use super::jpeg::{Segments, segments};
use super::{Config, Crop, Fault, MOST_BYTES, MOST_PIXELS};
use crate::model::Photo;

/// The memory that a decoder may ask for: the most pixels with four channels.
const MOST_MEMORY: u64 = MOST_PIXELS * 4;
/// What is tried until the JPEG is small enough: parts of the size, and the quality.
const STEPS: [((u32, u32), u8); 7] =
    [((1, 1), 82), ((1, 1), 70), ((1, 1), 55), ((3, 4), 55), ((1, 2), 55), ((1, 4), 55), ((1, 8), 40)];

/// What a file becomes.
#[derive(Clone)]
pub(super) enum Made {
    /// It is a photo already, of this size: nothing has to be remembered of it but that.
    Unchanged((u32, u32)),
    /// It was made into another.
    New(Photo),
}

impl Made {
    /// The photo, by the file.
    pub(super) fn photo(self, file: &[u8]) -> Photo {
        match self {
            Made::Unchanged(size) => Photo::new(file, size),
            Made::New(photo) => photo,
        }
    }
}

/// Makes a photo of a file.
///
/// # Errors
/// It is no usable photo.
pub fn make(file: &[u8], config: &Config) -> Result<Photo, Fault> {
    made(file, config).map(|made| made.photo(file))
}

/// The same, and whether it is the file as it is.
pub(super) fn made(file: &[u8], config: &Config) -> Result<Made, Fault> {
    let format = recognize(file)?;
    // Decoders are others' code over anybody's bytes. One that panics has met a damaged file; none shares any state.
    let image = catch_unwind(AssertUnwindSafe(|| decode(file, format))).unwrap_or(Err(Fault::Damaged(name(format))));
    let (image, turn) = image?;
    let bare = match format {
        ImageFormat::Jpeg => segments(file),
        _ => Segments::More,
    };
    if bare == Segments::Cut {
        // The decoder would fill the rest with grey.
        return Err(Fault::Damaged(name(format)));
    }
    let size = (image.width(), image.height());
    let place = Place::within(size, turn, config);
    if bare == Segments::Bare && place.size == size && file.len() <= config.max_bytes {
        return Ok(Made::Unchanged(size));
    }
    let mut image = shrunk(place.crop(flat(image)), place.size);
    image.apply_orientation(turn);
    let largest = (image.width(), image.height());
    for ((part, whole), quality) in STEPS {
        let size = ((largest.0 * part / whole).max(1), (largest.1 * part / whole).max(1));
        let image = if size == largest { &image } else { &shrunk(image.clone(), size) };
        let mut jpeg = Vec::new();
        image
            .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality))
            .map_err(|_| Fault::Damaged(name(format)))?;
        if jpeg.len() <= config.max_bytes {
            return Ok(Made::New(Photo::new(&jpeg, size)));
        }
    }
    Err(Fault::Large)
}

/// What a file is, by its first bytes.
fn recognize(file: &[u8]) -> Result<ImageFormat, Fault> {
    if file.len() > MOST_BYTES {
        return Err(Fault::TooManyBytes(file.len()));
    }
    match file {
        [] => Err(Fault::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => Err(match brand {
            [b'a', b'v', b'i', b'f' | b's', ..] => Fault::Unread("an AVIF picture"),
            [b'h', b'e', b'i' | b'v', ..] | [b'm' | b'M', b'i' | b's', b'f' | b'F', b'1', ..] => {
                Fault::Unread("a HEIC picture")
            }
            _ => Fault::Unread("a film"),
        }),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Err(Fault::Unread("a TIFF picture")),
        [b'B', b'M', ..] => Err(Fault::Unread("a BMP picture")),
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => Err(Fault::Unread("a JPEG XL picture")),
        [0, 0, 0, 0x0c, b'j', b'P', ..] => Err(Fault::Unread("a JPEG 2000 picture")),
        [b'%', b'P', b'D', b'F', ..] => Err(Fault::Unread("a PDF document")),
        _ => Err(Fault::NoPicture),
    }
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        ImageFormat::Gif => "GIF",
        _ => "WebP",
    }
}

/// Decodes a file of a known kind; tells also how the picture has to be turned. Whether it is too large is known before.
fn decode(file: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), Fault> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits.clone());
    let damaged = |_| Fault::Damaged(name(format));
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let large = || Fault::TooManyPixels(width, height);
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(large());
    }
    // A picture whose turn cannot be read is shown as it lies.
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    match DynamicImage::from_decoder(decoder) {
        Ok(image) => Ok((image, turn)),
        Err(ImageError::Limits(_)) => Err(large()),
        Err(_) => Err(Fault::Damaged(name(format))),
    }
}

/// Which part of a picture is kept, and in what size. It is turned only afterwards, when it is small, so these are along
/// its own axes.
struct Place {
    part: (u32, u32),
    of: (u32, u32),
    size: (u32, u32),
}

impl Place {
    fn within(of: (u32, u32), turn: Orientation, config: &Config) -> Place {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        let lying = matches!(turn, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH);
        let turned = |(width, height)| if lying { (height, width) } else { (width, height) };
        let part = match config.crop {
            None => of,
            Some(Crop { width, height }) => largest(of, turned((width, height))),
        };
        let (most_width, most_height) = turned((config.width.max(1), config.height.max(1)));
        let size = if part.0 <= most_width && part.1 <= most_height {
            part
        } else {
            let scale = (f64::from(most_width) / f64::from(part.0)).min(f64::from(most_height) / f64::from(part.1));
            let side = |side: u32, most: u32| ((f64::from(side) * scale).round() as u32).clamp(1, most);
            (side(part.0, most_width), side(part.1, most_height))
        };
        Place { part, of, size }
    }

    fn crop(&self, image: DynamicImage) -> DynamicImage {
        if self.part == self.of {
            return image;
        }
        let (left, top) = ((self.of.0 - self.part.0) / 2, (self.of.1 - self.part.1) / 2);
        image.crop_imm(left, top, self.part.0, self.part.1)
    }
}

/// The largest part of a picture with given proportions.
fn largest((width, height): (u32, u32), (across, down): (u32, u32)) -> (u32, u32) {
    let part = |other: u32, times: u32, by: u32| u64::from(other) * u64::from(times) / u64::from(by);
    let narrow = u32::try_from(part(height, across, down)).unwrap_or(u32::MAX);
    if narrow < width {
        (narrow.max(1), height)
    } else {
        let low = u32::try_from(part(width, down, across)).unwrap_or(u32::MAX);
        (width, low.clamp(1, height))
    }
}

/// The picture in grey or in three colors of eight bits; on white, where it is transparent.
fn flat(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => image,
        DynamicImage::ImageLuma16(_) => image.into_luma8().into(),
        image if !image.has_alpha() => image.into_rgb8().into(),
        image => {
            let image = image.into_rgba8();
            let mut white = RgbImage::new(image.width(), image.height());
            for (flat, pixel) in white.pixels_mut().zip(image.pixels()) {
                let [color @ .., alpha] = pixel.0.map(u32::from);
                flat.0 = color.map(|channel| ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
            }
            white.into()
        }
    }
}

/// The picture in a smaller size.
fn shrunk(image: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if (image.width(), image.height()) == (width, height) {
        return image;
    }
    // What is much larger is first averaged to twice the size: the good filter takes long over many pixels.
    let (twice_wide, twice_high) = (width.saturating_mul(2), height.saturating_mul(2));
    let much = image.width() / 2 >= twice_wide && image.height() / 2 >= twice_high;
    let image = if much { image.thumbnail_exact(twice_wide, twice_high) } else { image };
    image.resize_exact(width, height, FilterType::CatmullRom)
}
