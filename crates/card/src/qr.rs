//! Codes that cameras and scanners read: QR codes and bar codes, drawn as SVG, and what is written in them (`card.md`,
//! sections 1.4, 3 and 9.2).

mod bars;
mod code;
mod outline;
mod payload;

use std::fmt::{self, Write as _};
use std::str::FromStr;

pub use bars::{Bars, code39, code128};
pub use code::{Code, version};
pub use payload::prepare;

/// The most bytes that are written in a code: what the largest holds at the card application's error correction.
pub const MOST_BYTES: usize = 2_331;
/// The width of a European card's code; it is a square, and 285 × 345 are free.
const EUROPEAN: u32 = 285;

/// How much of a code may be dirty or covered: about 7, 15, 25 and 30 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Correction {
    /// 7 percent.
    L,
    /// 15 percent, as the card application draws.
    #[default]
    M,
    /// 25 percent.
    Q,
    /// 30 percent.
    H,
}

impl FromStr for Correction {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "L" | "l" => Ok(Correction::L),
            "M" | "m" => Ok(Correction::M),
            "Q" | "q" => Ok(Correction::Q),
            "H" | "h" => Ok(Correction::H),
            _ => Err(Fault::Unknown("error correction is L, M, Q or H")),
        }
    }
}

/// A color, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub [u8; 3]);

impl Color {
    /// Black.
    pub const BLACK: Color = Color([0; 3]);
    /// White.
    pub const WHITE: Color = Color([255; 3]);
    /// The blue of the European card.
    pub const EUROPE: Color = Color([0x1a, 0x34, 0x59]);
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Color {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut color = [0; 3];
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        match digits.and_then(|digits| base16ct::mixed::decode(digits, &mut color).ok()) {
            Some(_) => Ok(Color(color)),
            None => Err(Fault::Unknown("a color is written #rrggbb")),
        }
    }
}

/// How a QR code is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The error correction.
    pub correction: Correction,
    /// The width of the margin in modules. By the standard, and by default, 4.
    pub quiet: u8,
    /// The color of the modules.
    pub dark: Color,
    /// The color between and around them; none leaves what is below.
    pub light: Option<Color>,
    /// The width, and the height, in pixels. By default 300.
    pub size: u32,
    /// The version, 1 to 40, which gives the number of modules; by default the smallest that holds the text.
    pub version: Option<u8>,
}

impl Default for Drawing {
    fn default() -> Self {
        Drawing {
            correction: Correction::M,
            quiet: 4,
            dark: Color::BLACK,
            light: Some(Color::WHITE),
            size: 300,
            version: None,
        }
    }
}

impl Drawing {
    /// As on a European card: white on its blue.
    #[must_use]
    pub fn european() -> Self {
        Drawing { dark: Color::WHITE, light: Some(Color::EUROPE), size: EUROPEAN, ..Drawing::default() }
    }
}

/// Why a code cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is nothing to write in it.
    #[error("there is nothing to write in the code")]
    Empty,
    /// It holds less than it should.
    #[error("{0} bytes are too long for the code")]
    TooLong(usize),
    /// A bar code has only some letters.
    #[error("the code has no sign for one of the letters")]
    Letter,
    /// It is to be drawn in a way that there is not.
    #[error("{0}")]
    Unknown(&'static str),
}

/// Draws a QR code as an SVG document.
///
/// # Errors
/// The text does not fit in a code of this kind.
pub fn svg(text: &str, drawing: &Drawing) -> Result<String, Fault> {
    let code = Code::new(text, drawing.correction, drawing.version)?;
    let (size, side) = (drawing.size, code.width() + 2 * usize::from(drawing.quiet));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {side} {side}\">"
    );
    // Writing to a text cannot fail.
    if let Some(light) = drawing.light {
        let _ = write!(svg, "<path fill=\"{light}\" d=\"M0 0h{side}v{side}H0z\"/>");
    }
    let _ = write!(svg, "<path fill=\"{}\" d=\"{}\"/></svg>", drawing.dark, code.path(drawing.quiet.into()));
    Ok(svg)
}

#[cfg(test)]
mod tests;
