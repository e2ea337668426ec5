//! Photos: what is made of any file is a small JPEG with nothing in it but the picture, and stays as it is when it is made
//! again.
#![no_main]

use std::io::Cursor;
use std::panic;
use std::sync::Once;

use card::photo::{Config, make};
use image::ImageReader;
use libfuzzer_sys::fuzz_target;

/// The longest file, and the most pixels, that are worth the time here.
const MOST: (usize, u64) = (64_000, 1 << 16);

static HOOK: Once = Once::new();

fuzz_target!(|file: &[u8]| {
    // The fuzzer would end at every panic of a decoder, though it is caught; what is not caught still ends it.
    HOOK.call_once(|| panic::set_hook(Box::new(|panic| eprintln!("{panic}"))));

    let announced = ImageReader::new(Cursor::new(file)).with_guessed_format().map(ImageReader::into_dimensions);
    if let Ok(Ok((width, height))) = announced
        && (file.len() > MOST.0 || u64::from(width) * u64::from(height) > MOST.1)
    {
        return;
    }
    for crop in [None, "3:4".to_owned().try_into().ok()] {
        let config = Config { width: 48, height: 64, max_bytes: 4000, crop, ..Config::default() };
        let Ok(photo) = make(file, &config) else { continue };
        let (width, height) = photo.size;
        assert!((1..=config.width).contains(&width) && (1..=config.height).contains(&height));
        assert!(photo.bytes() <= config.max_bytes);
        assert!(is_bare(&photo.jpeg()));
        let again = make(&photo.jpeg(), &config).expect("what was made of a picture is one");
        // Proportions are rounded to pixels, and cropped to again.
        if config.crop.is_none() {
            assert_eq!((again.uri, again.size), (photo.uri, photo.size));
        }
    }
});

/// Whether a JPEG is only the header of the file, tables and coded pixels, from its first byte to its last.
fn is_bare(mut rest: &[u8]) -> bool {
    if !rest.starts_with(&[0xff, 0xd8]) {
        return false;
    }
    rest = &rest[2..];
    loop {
        match rest {
            [0xff, 0xd9] => return true,
            // Fill bytes may come before any marker.
            [0xff, 0xff, ..] => rest = &rest[1..],
            [0xff, marker @ (0xc0 | 0xc4 | 0xda | 0xdb | 0xdd | 0xe0), high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(after) = rest.get(2 + length..) else { return false };
                rest = after;
                if *marker == 0xda {
                    let pixels = rest.windows(2).position(|two| two[0] == 0xff && !matches!(two[1], 0 | 0xd0..=0xd7));
                    rest = &rest[pixels.unwrap_or(rest.len())..];
                }
            }
            _ => return false,
        }
    }
}
