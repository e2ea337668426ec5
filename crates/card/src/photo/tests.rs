use std::io::Cursor;
use std::sync::atomic::{AtomicU32, Ordering};

use image::{DynamicImage, GenericImageView as _, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::jpeg::{Segments, segments};
use super::*;

/// A picture that is red above and blue below.
fn flag(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |_, y| Rgb(if y < height / 2 { [200, 30, 40] } else { [30, 60, 200] })).into()
}

/// A picture that no coding makes small.
fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()])).into()
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg(image: &DynamicImage) -> Vec<u8> {
    file(image, ImageFormat::Jpeg)
}

/// A JPEG with one more segment after its beginning.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, 0xd8, 0xff, marker], length.as_slice(), content, &jpeg[2..]].concat()
}

/// What a camera writes: which way up it was held, and where.
fn exif(turn: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([turn, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 48.6921 6.1844");
    exif
}

/// The picture in a photo, which is a bare JPEG within the bounds of the configuration.
fn picture(photo: &Photo, config: &Config) -> DynamicImage {
    assert_eq!(segments(&photo.jpeg()), Segments::Bare);
    assert!(photo.jpeg().len() <= config.max_bytes);
    assert_eq!(
        photo.uri.strip_prefix("data:image/jpeg;base64,").map(|text| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(text).unwrap()
        }),
        Some(photo.jpeg())
    );
    let image = image::load_from_memory_with_format(&photo.jpeg(), ImageFormat::Jpeg).unwrap();
    assert_eq!((image.width(), image.height()), photo.size);
    image
}

fn made(file: &[u8]) -> DynamicImage {
    let config = Config::default();
    picture(&make(file, &config).unwrap(), &config)
}

/// Whether a pixel has about a color.
fn is(image: &DynamicImage, (x, y): (u32, u32), color: [u8; 3]) -> bool {
    let Rgba([red, green, blue, _]) = image.get_pixel(x, y);
    [red, green, blue].iter().zip(color).all(|(is, wanted)| is.abs_diff(wanted) < 40)
}

const RED: [u8; 3] = [200, 30, 40];
const BLUE: [u8; 3] = [30, 60, 200];

#[test]
fn a_large_picture_is_shrunk_and_keeps_its_proportions() {
    for (size, expected) in [((3000, 4000), (480, 640)), ((2000, 1000), (480, 240)), ((100, 5000), (13, 640))] {
        let image = made(&jpeg(&flag(size.0, size.1)));
        assert_eq!((image.width(), image.height()), expected);
        assert!(is(&image, (expected.0 / 2, expected.1 / 4), RED));
        assert!(is(&image, (expected.0 / 2, expected.1 * 3 / 4), BLUE));
    }
}

#[test]
fn a_small_picture_is_not_enlarged() {
    let image = made(&file(&flag(12, 16), ImageFormat::Png));
    assert_eq!((image.width(), image.height()), (12, 16));
}

#[test]
fn a_small_bare_jpeg_is_passed_on_as_it_is() {
    let file = jpeg(&flag(240, 320));
    let photo = make(&file, &Config::default()).unwrap();
    assert_eq!(&*photo.jpeg(), &*file);
    assert_eq!(photo.size, (240, 320));
}

#[test]
fn whatever_was_beside_the_picture_is_gone() {
    let bare = jpeg(&flag(240, 320));
    let after = [bare.as_slice(), b"GPS 48.6921 6.1844"].concat();
    let thumbnail = with_segment(&bare, 0xe0, b"JFXX\0\x10GPS 48.6921 6.1844");
    let files = [
        with_segment(&bare, 0xe1, &exif(1)),
        with_segment(&bare, 0xe1, b"http://ns.adobe.com/xap/1.0/\0GPS 48.6921 6.1844"),
        with_segment(&bare, 0xe2, b"ICC_PROFILE\0\x01\x01GPS 48.6921 6.1844"),
        with_segment(&bare, 0xed, b"Photoshop 3.0\0GPS 48.6921 6.1844"),
        with_segment(&bare, 0xfe, b"GPS 48.6921 6.1844"),
        after,
        thumbnail,
    ];
    for file in files {
        let photo = make(&file, &Config::default()).unwrap();
        assert!(is(&picture(&photo, &Config::default()), (120, 80), RED));
        assert!(!photo.jpeg().windows(4).any(|bytes| bytes == b"48.6"));
    }
}

#[test]
fn a_picture_is_turned_the_way_the_camera_was_held() {
    let lying = flag(160, 120);
    for (turn, size, red) in [
        (1, (160, 120), (80, 10)),
        (2, (160, 120), (80, 10)),
        (3, (160, 120), (80, 110)),
        (4, (160, 120), (80, 110)),
        (5, (120, 160), (10, 80)),
        (6, (120, 160), (110, 80)),
        (7, (120, 160), (110, 80)),
        (8, (120, 160), (10, 80)),
    ] {
        let image = made(&with_segment(&jpeg(&lying), 0xe1, &exif(turn)));
        assert_eq!((image.width(), image.height()), size, "turn {turn}");
        assert!(is(&image, red, RED), "turn {turn}");
    }
}

#[test]
fn a_picture_is_cropped_after_it_was_turned() {
    let config = Config { crop: Some(Crop::try_from("3:4".to_owned()).unwrap()), ..Config::default() };
    // Held upright: 900 × 1600, of which 900 × 1200 are kept.
    let photo = make(&with_segment(&jpeg(&flag(1600, 900)), 0xe1, &exif(6)), &config).unwrap();
    assert_eq!(photo.size, (480, 640));
    let photo = make(&jpeg(&flag(300, 100)), &config).unwrap();
    assert_eq!(photo.size, (75, 100));
    let photo = make(&jpeg(&flag(300, 400)), &config).unwrap();
    assert_eq!(&*photo.jpeg(), &*jpeg(&flag(300, 400)), "it has these proportions already");
}

#[test]
fn every_kind_that_is_read_gives_a_jpeg() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let image = made(&file(&flag(600, 800), format));
        assert_eq!((image.width(), image.height()), (480, 640));
        assert!(is(&image, (240, 100), RED) && is(&image, (240, 600), BLUE), "{format:?}");
    }
}

#[test]
fn a_progressive_jpeg_becomes_a_baseline_one() {
    let file = include_bytes!("../../tests/pictures/progressive.jpg");
    assert_eq!(segments(file), Segments::More);
    let image = made(file);
    assert!(is(&image, (24, 10), RED) && is(&image, (24, 50), BLUE));
}

#[test]
fn a_picture_in_printing_inks_keeps_its_colors() {
    let image = made(include_bytes!("../../tests/pictures/cmyk.jpg"));
    assert!(is(&image, (24, 10), RED) && is(&image, (24, 50), BLUE));
}

#[test]
fn grey_stays_grey_and_what_is_transparent_becomes_white() {
    let grey = made(&file(&GrayImage::from_pixel(20, 20, image::Luma([90])).into(), ImageFormat::Png));
    assert!(grey.as_luma8().is_some());
    assert!(is(&grey, (10, 10), [90; 3]));
    let deep = image::ImageBuffer::from_pixel(20, 20, image::Rgb([0xc8ff_u16, 0x1eff, 0x28ff]));
    assert!(is(&made(&file(&deep.into(), ImageFormat::Png)), (10, 10), RED));
    let pane = RgbaImage::from_fn(900, 900, |x, _| Rgba([200, 30, 40, if x < 450 { 0 } else { 255 }]));
    let pane = made(&file(&pane.into(), ImageFormat::Png));
    assert!(is(&pane, (100, 240), [255; 3]) && is(&pane, (400, 240), RED));
}

#[test]
fn a_photo_is_within_its_bytes_whatever_is_in_it() {
    let file = file(&noise(500, 650), ImageFormat::Png);
    for max_bytes in [290_000, 200_000, 100_000, 40_000, 10_000, 4_000] {
        let config = Config { max_bytes, ..Config::default() };
        assert_eq!(config.faults(), Vec::<String>::new());
        picture(&make(&file, &config).unwrap(), &config);
    }
    assert_eq!(make(&file, &Config { max_bytes: 10, ..Config::default() }), Err(Fault::Large));
}

#[test]
fn what_is_no_photo_is_told_by_its_content() {
    let make = |file: &[u8]| make(file, &Config::default()).unwrap_err();
    assert_eq!(make(b""), Fault::Empty);
    assert_eq!(make(b"not an image"), Fault::NoPicture);
    assert_eq!(make(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Fault::NoPicture);
    assert_eq!(make(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Fault::Unread("a HEIC picture"));
    assert_eq!(make(b"\0\0\0\x1cftypavif\0\0\0\0mif1avif"), Fault::Unread("an AVIF picture"));
    assert_eq!(make(b"\0\0\0\x1cftypisom"), Fault::Unread("a film"));
    assert_eq!(make(b"II*\0\x08\0\0\0"), Fault::Unread("a TIFF picture"));
    assert_eq!(make(b"BM\0\0\0\0"), Fault::Unread("a BMP picture"));
    assert_eq!(make(&vec![0xff; MOST_BYTES + 1]), Fault::TooManyBytes(MOST_BYTES + 1));
}

#[test]
fn a_file_that_is_cut_short_is_damaged_and_not_half_grey() {
    for (format, name) in
        [(ImageFormat::Jpeg, "JPEG"), (ImageFormat::Png, "PNG"), (ImageFormat::Gif, "GIF"), (ImageFormat::WebP, "WebP")]
    {
        let file = file(&noise(120, 160), format);
        for part in [file.len() / 2, file.len() * 9 / 10, 30] {
            assert_eq!(make(&file[..part], &Config::default()), Err(Fault::Damaged(name)), "{part} of {}", file.len());
        }
    }
}

/// A PNG of nothing, which would be as large as it says.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bomb = file(&flag(1, 1), ImageFormat::Png);
    bomb[16..20].copy_from_slice(&width.to_be_bytes());
    bomb[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = u32::MAX;
    for byte in &bomb[12..29] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    bomb[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bomb
}

#[test]
fn a_picture_of_60_megapixels_is_refused_before_it_is_decoded() {
    let mut lying = jpeg(&flag(16, 16));
    let header = lying.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    lying[header + 5..header + 9].copy_from_slice(&[0x1a, 0x40, 0x23, 0x00]);
    assert_eq!(make(&lying, &Config::default()), Err(Fault::TooManyPixels(0x2300, 0x1a40)));
    for (width, height) in [(9_000, 7_000), (u32::MAX / 2, 1), (100_000, 100_000)] {
        let made = make(&bomb(width, height), &Config::default());
        assert!(
            made == Err(Fault::TooManyPixels(width, height)) || made == Err(Fault::Damaged("PNG")),
            "{width} × {height}: {made:?}"
        );
    }
    assert_eq!(make(&bomb(9_000, 7_000), &Config::default()), Err(Fault::TooManyPixels(9_000, 7_000)));
}

#[test]
fn a_configuration_is_read_and_judged() {
    let read = |text: &str| toml::from_str::<Config>(text);
    assert_eq!(read("").unwrap(), Config::default());
    let silhouette = Digest([7; 32]);
    let config = read(&format!("crop = '3:4'\nplaceholders = ['{silhouette}']\non_failure = 'none'")).unwrap();
    assert_eq!(config.crop, Some(Crop { width: 3, height: 4 }));
    assert_eq!(config.placeholders, HashSet::from([silhouette]));
    for wrong in ["crop = '3'", "crop = '0:4'", "placeholders = ['sha256:12']", "placeholders = ['']", "breadth = 3"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    let faults = read("width = 5\nheight = 90000\nmax_bytes = 900000").unwrap().faults();
    assert_eq!(faults.len(), 3);
    assert!(faults[2].starts_with("max_bytes: "));
}

#[tokio::test]
async fn a_placeholder_is_no_photo() {
    let silhouette = Picture::new(jpeg(&flag(30, 40)).into());
    let placeholders = HashSet::from([Digest(silhouette.digest)]);
    let photos = Photos::new(Config { placeholders, ..Config::default() });
    assert_eq!(photos.ready(&silhouette).await, Err(Fault::Placeholder));
    assert!(photos.ready(&Picture::new(jpeg(&flag(40, 30)).into())).await.is_ok());
}

#[tokio::test]
async fn a_picture_is_made_once_and_a_damaged_one_is_remembered_too() {
    let photos = Photos::new(Config::default());
    let picture = Picture::new(jpeg(&flag(900, 1200)).into());
    let (one, other) = tokio::join!(photos.ready(&picture), photos.ready(&picture));
    let again = photos.ready(&picture).await.unwrap();
    assert!(Arc::ptr_eq(&one.unwrap().uri, &again.uri) && Arc::ptr_eq(&other.unwrap().uri, &again.uri));
    let before = photos.weight();
    assert_eq!(photos.ready(&Picture::new(Arc::from(*b"no"))).await, Err(Fault::NoPicture));
    assert!(photos.weight() > before);
    photos.clear();
    assert_eq!(photos.weight(), 0);
}

#[tokio::test]
async fn the_memory_for_photos_is_bounded() {
    let photos = Photos::new(Config { cache_bytes: 500_000, ..Config::default() });
    for side in 40..80 {
        photos.ready(&Picture::new(file(&noise(side, side * 2), ImageFormat::Png).into())).await.unwrap();
        assert!(photos.weight() <= 500_000);
    }
    assert!(photos.weight() > 100_000);
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_the_picture_to_the_others() {
    let photos = Photos::new(Config::default());
    let picture = Picture::new(jpeg(&flag(1500, 2000)).into());
    let done = AtomicU32::new(0);
    let patient = async {
        tokio::task::yield_now().await;
        photos.ready(&picture).await.unwrap();
        done.fetch_add(1, Ordering::Relaxed);
    };
    let impatient = tokio::time::timeout(std::time::Duration::from_millis(1), photos.ready(&picture));
    let (gave_up, ()) = tokio::join!(impatient, patient);
    assert!(gave_up.is_err() || gave_up.is_ok_and(|made| made.is_ok()));
    assert_eq!(done.into_inner(), 1);
}

#[tokio::test]
async fn a_picture_that_nobody_waited_for_is_remembered_all_the_same() {
    let photos = Photos::new(Config::default());
    let picture = Picture::new(jpeg(&flag(1500, 2000)).into());
    let gave_up = tokio::time::timeout(std::time::Duration::from_millis(1), photos.ready(&picture)).await;
    assert!(gave_up.is_err(), "it is not made in a moment");
    for _ in 0..600 {
        if photos.weight() > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it would be made anew each time");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_makes_it_panic(
        format in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = file(&noise(20, 30), format);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let config = Config::default();
        if let Ok(photo) = make(&bytes, &config) {
            prop_assert!(photo.jpeg().len() <= config.max_bytes);
            prop_assert!(photo.size.0 <= config.width && photo.size.1 <= config.height);
        }
    }

    #[test]
    fn a_photo_fits_whatever_its_size_and_proportions(
        (width, height) in (1_u32..700, 1_u32..700), crop in any::<bool>(), turn in 1_u8..=8,
    ) {
        let crop = crop.then_some(Crop { width: 3, height: 4 });
        let config = Config { width: 120, height: 160, crop, ..Config::default() };
        let file = with_segment(&jpeg(&flag(width, height)), 0xe1, &exif(turn));
        let photo = make(&file, &config).unwrap();
        prop_assert!(photo.size.0 <= 120 && photo.size.1 <= 160);
    }
}
