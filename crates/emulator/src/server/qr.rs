//! QR codes for a sign-in with a PIN (protocol §5.10).

use image::{GrayImage, ImageFormat, Luma};
use pronote::protocol::challenge::seal_qr_field;
use qrcode::render::unicode::Dense1x2;
use serde_json::json;

use super::Server;
use super::page::Page;
use crate::school::AccountId;

/// A code that opens an account once, within ten minutes, for whoever knows its PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    /// The login, encrypted with the PIN.
    pub login: String,
    /// The one-time token, encrypted with the PIN.
    pub token: String,
    /// The page to sign in on.
    pub url: String,
}

/// The width of a module in a picture, in pixels.
const SCALE: u32 = 8;

/// The quiet border around a code, in modules.
const BORDER: u32 = 4;

impl QrCode {
    /// Makes a code for an account; none when it no longer exists.
    pub(super) fn make(server: &Server, account: AccountId, page: &Page, pin: &str) -> Option<Self> {
        let login = server.school().accounts.get(account)?.login.to_lowercase();
        let token = server.credentials().make_code(account, server.watch.now());
        Some(Self {
            login: seal_qr_field(pin, &login),
            token: seal_qr_field(pin, &token),
            url: format!("{}pronote/{}", server.origin, page.mobile_name()),
        })
    }

    /// The text inside the picture.
    pub fn json(&self) -> String {
        json!({ "avecPageConnexion": false, "login": self.login, "jeton": self.token, "url": self.url }).to_string()
    }

    /// The code drawn with characters, dark on light as a phone expects it.
    pub fn terminal(&self) -> String {
        self.code().map_or_else(String::new, |code| {
            code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build()
        })
    }

    /// The code as a PNG picture.
    pub fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(code) = self.code() {
            let width = u32::try_from(code.width()).unwrap_or(0);
            let colors = code.into_colors();
            let side = (width + 2 * BORDER) * SCALE;
            let picture = GrayImage::from_fn(side, side, |x, y| {
                let module = |at: u32| (at / SCALE).checked_sub(BORDER).filter(|at| *at < width);
                let dark = module(x)
                    .zip(module(y))
                    .and_then(|(x, y)| colors.get((y * width + x) as usize))
                    .is_some_and(|color| *color == qrcode::Color::Dark);
                Luma([if dark { 0 } else { 255 }])
            });
            let written = picture.write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png);
            debug_assert!(written.is_ok(), "a picture of this size can be written to memory");
        }
        bytes
    }

    /// None only when the text is too long for any code, which an address of this machine never makes it.
    fn code(&self) -> Option<qrcode::QrCode> {
        qrcode::QrCode::new(self.json()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_picture_and_a_drawing() {
        let code = QrCode {
            login: seal_qr_field("1234", "demonstration"),
            token: seal_qr_field("1234", "9B1F6C0D2E8A47F35566778899AABBCC"),
            url: "http://127.0.0.1:1/pronote/mobile.eleve.html".to_owned(),
        };
        assert!(code.png().starts_with(b"\x89PNG"));
        assert!(code.terminal().lines().count() > 20);
        let json: serde_json::Value = serde_json::from_str(&code.json()).unwrap();
        assert_eq!(json["login"], "f8e83fa7e9a21441a2596950da79441e");
    }
}
