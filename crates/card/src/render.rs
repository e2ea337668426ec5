//! Cards as pictures (`card.md`, sections 2.2 and 9.4): SVG, PNG, and a PDF that is printed on a card, all from one SVG
//! template for each layout.
//!
//! A template is SVG in which MiniJinja writes what is known of the person. Those that come along can be replaced by files of
//! the institution's; each is tried when it is read, with names of 40 letters, and refused when text runs out of its room.
//! Fonts come from a crate and from a folder, never from the machine, and nothing that a drawing refers to is fetched.
//!
//! Drawing takes milliseconds of a processor: whoever answers requests does it off the threads that answer.

pub(crate) mod fit;
pub(crate) mod fonts;
pub(crate) mod functions;
mod pdf;
pub(crate) mod sample;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use minijinja::{Environment, Value, context};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use serde::Deserialize;
use tracing::subscriber::NoSubscriber;

use crate::model::{Affiliation, Card};
use crate::qr::Color;
use fonts::Fonts;

/// The sides of a card of the size ID-1 (ISO/IEC 7810), in millimeters.
pub const ID_1: (f32, f32) = (85.60, 53.98);
/// How far the drawing goes on beyond the edges where the card is cut out of a sheet, in millimeters.
pub const BLEED: f32 = 3.0;
/// The most pixels of a picture.
const MOST_PIXELS: f64 = 16e6;
/// The most bytes of a drawing: a photo, a logo, and what is around them.
const MOST_BYTES: usize = 4_000_000;
/// The most bytes of a template, and of a logo.
pub(crate) const MOST_OF_FILE: u64 = 500_000;

const STUDENT: &str = include_str!("templates/student.svg");
const STAFF: &str = include_str!("templates/staff.svg");
const BACK: &str = include_str!("templates/back.svg");

/// How cards are drawn: `[card.render]`. Paths are relative to the folder of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The template of a student's card; by default the one that comes along.
    pub student: Option<PathBuf>,
    /// The template of the card of staff; by default the one that comes along.
    pub staff: Option<PathBuf>,
    /// The template of the back of either; by default the one that comes along.
    pub back: Option<PathBuf>,
    /// The institution's name, which templates know as `institution`.
    pub institution: String,
    /// The institution's logo: PNG, JPEG, WebP or SVG, at most 500 KB.
    pub logo: Option<PathBuf>,
    /// The institution's color, which templates know as `color`: `"#rrggbb"`.
    pub color: Option<String>,
    /// What stands on the back: to whom a card that was found is sent, say. Templates know it as `about`.
    pub about: String,
    /// A folder of fonts, besides those that come along.
    pub fonts: Option<PathBuf>,
    /// The family that templates call `sans-serif`; by default DejaVu Sans.
    pub font: Option<String>,
}

/// A side of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// With the photo.
    Front,
    /// With the code.
    Back,
}

/// Why a card cannot be drawn. No message holds what is known of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The template does not go with what is known of the person.
    #[error("the template {0}")]
    Template(String),
    /// What the template gives is no SVG.
    #[error("the template gives no SVG that can be drawn")]
    Drawing,
    /// It would be too large.
    #[error("the picture would be too large")]
    Large,
    /// A picture is drawn as large as the template says, or two or three times as large.
    #[error("a card is drawn at 1 to 3 times its size")]
    Scale,
    /// The PDF cannot be put together.
    #[error("the PDF cannot be written")]
    Pdf,
}

impl Fault {
    /// What a template failed at, without the values that it failed with.
    pub(crate) fn of(error: &minijinja::Error) -> Self {
        let line = error.line().unwrap_or_default();
        Fault::Template(format!("`{}`, line {line}: {}", error.name().unwrap_or_default(), error.kind()))
    }
}

/// Draws cards.
pub struct Renderer {
    env: Environment<'static>,
    options: Options<'static>,
    /// What is the same on all cards.
    house: Value,
}

impl Renderer {
    /// Reads the templates, the logo and the fonts, and tries the templates with long names. `folder` is what paths are
    /// relative to, `sources` are the names of the sources that templates may speak of.
    ///
    /// # Errors
    /// Something cannot be read, or a template does not draw a card; each fault begins with the name of its setting.
    pub fn new(config: &Config, folder: &Path, sources: &[String]) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let fonts = Fonts::built_in()
            .with(config.fonts.as_ref().map(|fonts| folder.join(fonts)).as_deref(), config.font.as_deref())
            .unwrap_or_else(|fault| {
                faults.push(fault);
                Fonts::built_in()
            });
        let mut env = functions::environment(&fonts);
        for (name, path, built_in) in
            [("student", &config.student, STUDENT), ("staff", &config.staff, STAFF), ("back", &config.back, BACK)]
        {
            add(&mut env, name, path.as_ref().map(|path| folder.join(path)).as_deref(), built_in, &mut faults);
        }
        let logo = config.logo.as_ref().and_then(|logo| match picture(&folder.join(logo)) {
            Ok(logo) => Some(logo),
            Err(fault) => {
                faults.push(format!("logo: {fault}"));
                None
            }
        });
        let color = match config.color.as_deref().unwrap_or("#16407a").parse::<Color>() {
            Ok(color) => color,
            Err(fault) => {
                faults.push(format!("color: {fault}"));
                Color::BLACK
            }
        };
        let house = context! {
            institution => config.institution.trim(),
            about => config.about.trim(),
            logo => logo.map(Value::from_safe_string),
            color => color.to_string(),
        };
        let renderer = Renderer { env, options: options(&fonts), house };
        if faults.is_empty() {
            faults = sample::faults(&renderer, sources);
        }
        if faults.is_empty() { Ok(renderer) } else { Err(faults) }
    }

    /// A side of a card as an SVG that refers to nothing outside of it.
    ///
    /// # Errors
    /// The template does not go with what is known.
    pub fn svg(&self, card: &Card, facts: &Value, side: Side) -> Result<String, Fault> {
        self.write(card, facts, side, false)
    }

    /// A side of a card as a PNG, at one, two or three times the size of the template.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn png(&self, card: &Card, facts: &Value, side: Side, scale: u8) -> Result<Vec<u8>, Fault> {
        if !(1..=3).contains(&scale) {
            return Err(Fault::Scale);
        }
        let tree = self.tree(&self.svg(card, facts, side)?)?;
        let scale = f32::from(scale);
        let (width, height) = ((tree.size().width() * scale).ceil(), (tree.size().height() * scale).ceil());
        let room = f64::from(width) * f64::from(height);
        if !room.is_finite() || room > MOST_PIXELS {
            return Err(Fault::Large);
        }
        let mut pixels = Pixmap::new(width as u32, height as u32).ok_or(Fault::Large)?;
        silently(|| resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut()));
        let (width, height) = (pixels.width(), pixels.height());
        let mut png = Vec::new();
        // Packed quickly rather than tightly: a picture is made for each request, and is gone after it.
        PngEncoder::new(&mut png)
            .write_image(&pixels.take_demultiplied(), width, height, ExtendedColorType::Rgba8)
            .map_err(|_| Fault::Drawing)?;
        Ok(png)
    }

    /// Both sides of a card as a PDF of the size ID-1, to be printed on a card; or with what is cut off around it.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn pdf(&self, card: &Card, facts: &Value, bleed: bool) -> Result<Vec<u8>, Fault> {
        let mut pages = Vec::new();
        for side in [Side::Front, Side::Back] {
            let mut svg = self.write(card, facts, side, bleed)?;
            if bleed {
                svg = pdf::widened(&svg).ok_or(Fault::Drawing)?;
            }
            pages.push(self.tree(&svg)?);
        }
        silently(|| pdf::write(&pages, bleed, &card.title)).ok_or(Fault::Pdf)
    }

    fn write(&self, card: &Card, facts: &Value, side: Side, bleed: bool) -> Result<String, Fault> {
        let name = template(card.affiliation, side);
        let svg = self.fill(name, context! { bleed, ..self.context(card, facts) });
        let svg = svg.map_err(|error| Fault::of(&error))?;
        if svg.len() > MOST_BYTES { Err(Fault::Large) } else { Ok(svg) }
    }

    fn fill(&self, template: &str, context: Value) -> Result<String, minijinja::Error> {
        self.env.get_template(template)?.render(context)
    }

    fn context(&self, card: &Card, facts: &Value) -> Value {
        context! {
            card => describe(card),
            photo => Value::from_safe_string(card.photo.uri.to_string()),
            code => code(card),
            ..context! { ..self.house.clone(), ..facts_or_none(facts) },
        }
    }

    fn tree(&self, svg: &str) -> Result<Tree, Fault> {
        silently(|| Tree::from_str(svg, &self.options)).map_err(|_| Fault::Drawing)
    }
}

/// Draws without a word in any log: those who draw name the letters that no font has, and they are somebody's.
fn silently<T>(draw: impl FnOnce() -> T) -> T {
    tracing::subscriber::with_default(NoSubscriber::new(), draw)
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer").field("house", &self.house.get_attr("institution").ok()).finish_non_exhaustive()
    }
}

/// The name of a template.
fn template(affiliation: Affiliation, side: Side) -> &'static str {
    match (side, affiliation) {
        (Side::Front, Affiliation::Student) => "student",
        (Side::Front, Affiliation::Staff) => "staff",
        (Side::Back, _) => "back",
    }
}

/// Adds a template: an institution's file, or the one that comes along.
pub(crate) fn add(
    env: &mut Environment<'static>,
    name: &'static str,
    path: Option<&Path>,
    built_in: &str,
    faults: &mut Vec<String>,
) {
    let source = path.map_or_else(
        || Ok(built_in.to_owned()),
        |path| {
            let file = small(path)?;
            String::from_utf8(file).map_err(|_| format!("`{}` is not in UTF-8", path.display()))
        },
    );
    let added = source.and_then(|source| {
        // A file may begin with a mark of its encoding, which is no part of it.
        let source = source.strip_prefix('\u{feff}').unwrap_or(&source).to_owned();
        env.add_template_owned(name, source).map_err(|error| error.to_string())
    });
    if let Err(fault) = added {
        faults.push(format!("{name}: {fault}"));
    }
}

/// A file of the configuration that is not large.
fn small(path: &Path) -> Result<Vec<u8>, String> {
    let unread = |error| format!("`{}` cannot be read: {error}", path.display());
    if fs::metadata(path).map_err(unread)?.len() > MOST_OF_FILE {
        return Err(format!("`{}` has more than {MOST_OF_FILE} bytes", path.display()));
    }
    fs::read(path).map_err(unread)
}

/// A picture of the configuration as a data URI.
pub(crate) fn picture(path: &Path) -> Result<String, String> {
    let file = small(path)?;
    let kind = match image::guess_format(&file) {
        Ok(image::ImageFormat::Png) => "png",
        Ok(image::ImageFormat::Jpeg) => "jpeg",
        Ok(image::ImageFormat::WebP) => "webp",
        _ if std::str::from_utf8(&file).is_ok_and(|text| text.contains("<svg")) => "svg+xml",
        _ => return Err(format!("`{}` is no PNG, JPEG, WebP or SVG", path.display())),
    };
    Ok(format!("data:image/{kind};base64,{}", STANDARD.encode(file)))
}

/// How drawings are read: with our fonts, and with no picture that is not within them.
fn options(fonts: &Fonts) -> Options<'static> {
    Options {
        font_family: "sans-serif".to_owned(),
        fontdb: fonts.database(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

/// A card as templates know it, in the words of the configuration.
pub(crate) fn describe(card: &Card) -> Value {
    context! {
        login => &card.login,
        affiliation => word(card.affiliation),
        lastname => &card.lastname,
        firstname => &card.firstname,
        birthdate => &card.birthdate,
        gender => &card.gender,
        title => &card.title,
        subtitle => &card.subtitle,
        ine => &card.ine,
        csn => &card.csn,
        idNumber => &card.id_number,
        startDate => card.end_date.saturating_sub(1),
        endDate => card.end_date,
        euid => &card.euid,
        escn => &card.escn,
    }
}

/// An affiliation as the configuration writes it.
pub(crate) fn word(affiliation: Affiliation) -> &'static str {
    match affiliation {
        Affiliation::Student => "student",
        Affiliation::Staff => "staff",
    }
}

/// What stands in the code of a card that is drawn: what the application shows as one, if it is not a drawing by itself.
fn code(card: &Card) -> Option<&str> {
    card.qr_code.as_ref().filter(|code| code.kind != "image").map(|code| code.value.as_str())
}

/// Facts that can be merged with others.
pub(crate) fn facts_or_none(facts: &Value) -> Value {
    if facts.is_undefined() || facts.is_none() {
        context! {}
    } else {
        facts.clone()
    }
}

#[cfg(test)]
pub(crate) mod tests;
