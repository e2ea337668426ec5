//! The text of a QR code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote::login::QrCode;
use pronote::protocol::challenge::open_qr_field;

fuzz_target!(|text: &str| {
    if let Ok(code) = text.parse::<QrCode>() {
        let _ = (code.school().root(), code.space());
    }
    let _ = open_qr_field("1234", text);
});
