//! The panel (`card.md`, section 9.1): what an institution wants to show below the card, in the place where the application
//! draws a code. It is an SVG, since the application shows any SVG there.
//!
//! The application cleans what it inserts in its page. A template is tried before it is used, and refused when something of
//! it would be taken away; the style sheet of a panel holds for the whole page, so that its names differ from answer to
//! answer.

mod sanitizer;

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, Value, context};
use serde::Deserialize;

use crate::model::{Affiliation, Card};
use crate::qr::{self, Color, Correction};
use crate::render::fonts::Fonts;
use crate::render::{add, describe, facts_or_none, functions, picture, sample, word};

pub use crate::render::Fault;

/// The width of a panel, in the pixels of a page.
pub const WIDTH: u32 = 300;
/// The most bytes of a panel: an answer has 512 KiB, with a photo.
const MOST_BYTES: usize = 150_000;
/// The most codes of a series: ten minutes of half a minute each.
const MOST_CODES: usize = 20;

const PANEL: &str = include_str!("templates/panel.svg");

/// What is shown below the card: `[card.panel]`. Paths are relative to the folder of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The template of a student's panel; by default the one that comes along, which shows what is named below.
    pub student: Option<PathBuf>,
    /// The template of the panel of staff.
    pub staff: Option<PathBuf>,
    /// The heading over the lines: a template of text.
    pub heading: String,
    /// Lines of text below the code: templates, of which those that give nothing are left out.
    pub lines: Vec<String>,
    /// What stands in the bar code: a template of text. By default there is none.
    pub barcode: String,
    /// The kind of the bar code.
    pub symbology: Symbology,
    /// How long each code of a series is shown, in seconds. Default: 30.
    pub seconds: u32,
    /// A picture, which templates know as `logo`: PNG, JPEG, WebP or SVG, at most 500 KB.
    pub logo: Option<PathBuf>,
    /// The color of what moves, which templates know as `color`: `"#rrggbb"`.
    pub color: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            student: None,
            staff: None,
            heading: String::new(),
            lines: Vec::new(),
            barcode: String::new(),
            symbology: Symbology::Code128,
            seconds: 30,
            logo: None,
            color: None,
        }
    }
}

/// A kind of bar code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbology {
    /// All of ASCII; digits take half the room.
    Code128,
    /// Capitals and digits.
    Code39,
}

/// Draws panels.
pub struct Panels {
    /// Of drawings, in which what is written is escaped.
    drawings: Environment<'static>,
    /// Of texts, as they are.
    texts: Environment<'static>,
    lines: usize,
    house: Value,
    timezone: TimeZone,
}

impl Panels {
    /// Reads the templates and tries them. `folder` is what paths are relative to, `sources` are the names of the sources
    /// that templates may speak of, and the time of issue is told in the zone.
    ///
    /// # Errors
    /// Something cannot be read, or does not draw what the application shows; each fault begins with the name of its setting.
    pub fn new(config: &Config, folder: &Path, sources: &[String], timezone: TimeZone) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let mut drawings = functions::environment(&Fonts::built_in());
        for (name, path) in [("student", &config.student), ("staff", &config.staff)] {
            add(&mut drawings, name, path.as_ref().map(|path| folder.join(path)).as_deref(), PANEL, &mut faults);
        }
        let mut texts = Environment::new();
        crate::expression::prepare(&mut texts);
        let named = [("heading".to_owned(), &config.heading), ("barcode".to_owned(), &config.barcode)];
        let lines = config.lines.iter().enumerate().map(|(at, line)| (format!("lines[{at}]"), line));
        for (name, text) in named.into_iter().chain(lines) {
            if let Err(error) = texts.add_template_owned(name.clone(), text.clone()) {
                faults.push(format!("{name}: {error}"));
            }
        }
        let logo = config.logo.as_ref().and_then(|logo| match picture(&folder.join(logo)) {
            Ok(logo) => Some(logo),
            Err(fault) => {
                faults.push(format!("logo: {fault}"));
                None
            }
        });
        let color = config.color.as_deref().unwrap_or("#16407a").parse::<Color>().unwrap_or_else(|fault| {
            faults.push(format!("color: {fault}"));
            Color::BLACK
        });
        if !(5..=600).contains(&config.seconds) {
            faults.push("seconds: a code is shown between 5 and 600 seconds".to_owned());
        }
        let house = context! {
            width => WIDTH,
            seconds => config.seconds,
            symbology => if config.symbology == Symbology::Code39 { "code39" } else { "code128" },
            logo => logo.map(Value::from_safe_string),
            color => color.to_string(),
        };
        let panels = Panels { drawings, texts, lines: config.lines.len(), house, timezone };
        if faults.is_empty() {
            faults = panels.faults(sources);
        }
        if faults.is_empty() { Ok(panels) } else { Err(faults) }
    }

    /// Draws a panel that was issued at a moment. Of several codes each is shown for a while, and then that the card has to
    /// be opened again; without a code there is only what is said below it.
    ///
    /// # Errors
    /// The template does not go with what is known, or a code is too long.
    pub fn draw(&self, card: &Card, facts: &Value, codes: &[String], at: Timestamp) -> Result<String, Fault> {
        let svg = self.fill(card, facts, codes, at, false).map_err(|error| Fault::of(&error))?;
        if svg.len() > MOST_BYTES { Err(Fault::Large) } else { Ok(svg) }
    }

    fn fill(
        &self,
        card: &Card,
        facts: &Value,
        codes: &[String],
        at: Timestamp,
        sample: bool,
    ) -> Result<String, minijinja::Error> {
        let codes = &codes[..codes.len().min(MOST_CODES)];
        let known = context! { card => describe(card), ..facts_or_none(facts) };
        let text =
            |name: &str| Ok::<_, minijinja::Error>(self.texts.get_template(name)?.render(&known)?.trim().to_owned());
        let mut lines = Vec::new();
        for line in 0..self.lines {
            lines.push(text(&format!("lines[{line}]"))?);
        }
        lines.retain(|line| !line.is_empty());
        // All of one version, so that nothing jumps when they turn.
        let version = codes.iter().filter_map(|code| qr::version(code, Correction::M).ok()).max();
        let issued = at.to_zoned(self.timezone.clone());
        let context = context! {
            id => identifier(card, codes, at),
            codes => codes.iter().collect::<Value>(),
            version,
            heading => text("heading")?,
            lines,
            barcode => text("barcode")?,
            photo => Value::from_safe_string(card.photo.uri.to_string()),
            date => issued.strftime("%d/%m/%Y").to_string(),
            time => issued.strftime("%H:%M:%S").to_string(),
            sample,
            ..context! { ..self.house.clone(), ..known.clone() },
        };
        self.drawings.get_template(word(card.affiliation))?.render(context)
    }

    /// What is wrong with the templates.
    fn faults(&self, sources: &[String]) -> Vec<String> {
        let code = format!("HTTPS://CARD.UNIV-VILLE.FR/V/{}", "A".repeat(57));
        let mut faults = Vec::new();
        for affiliation in [Affiliation::Student, Affiliation::Staff] {
            for card in sample::cards(affiliation) {
                let facts = sample::facts(&card, sources);
                let fault = [0, 1, 3].into_iter().find_map(|codes| {
                    let svg = self.fill(&card, &facts, &vec![code.clone(); codes], Timestamp::UNIX_EPOCH, true);
                    svg.map_err(|error| error.to_string()).and_then(|svg| judge(&svg)).err()
                });
                if let Some(fault) = fault {
                    faults.push(format!("{}: {fault}", word(affiliation)));
                    break;
                }
            }
        }
        faults
    }
}

/// Whether the application shows the whole of a panel.
///
/// # Errors
/// It does not: what it would take away, or what else is wrong.
pub fn judge(svg: &str) -> Result<(), String> {
    sanitizer::judge(svg)
}

/// What names in a panel begin with, so that they are no other panel's. It tells nothing of whom the panel is about.
fn identifier(card: &Card, codes: &[String], at: Timestamp) -> String {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    digest.update(&at.as_nanosecond().to_le_bytes());
    for part in codes.iter().map(String::as_str).chain([card.login.as_str(), &card.id_number]) {
        digest.update(part.as_bytes());
    }
    format!("p{}", base16ct::lower::encode_string(&digest.finish().as_ref()[..6]))
}

impl fmt::Debug for Panels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panels").field("lines", &self.lines).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
