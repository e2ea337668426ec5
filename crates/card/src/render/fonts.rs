//! The fonts that cards are drawn with: those of a crate, and an institution's own. Never those of the machine, so that a
//! card looks the same wherever it is drawn.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Family, ID, Query, Source, Stretch, Style, Weight};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

/// The most bytes of an institution's font, and the most fonts.
const MOST_BYTES: u64 = 20_000_000;
const MOST_FONTS: usize = 64;

/// DejaVu has Latin with all accents, Greek, Cyrillic, Arabic and Hebrew.
static DEJAVU: LazyLock<Fonts> = LazyLock::new(|| {
    let mut database = Database::new();
    let files = [
        dejavu::sans::regular(),
        dejavu::sans::bold(),
        dejavu::sans_condensed::regular(),
        dejavu::sans_condensed::bold(),
        dejavu::serif::regular(),
        dejavu::serif::bold_italic(),
    ];
    for file in files {
        database.load_font_source(Source::Binary(Arc::new(file)));
    }
    database.set_sans_serif_family("DejaVu Sans");
    database.set_serif_family("DejaVu Serif");
    database.set_monospace_family("DejaVu Sans");
    database.set_cursive_family("DejaVu Serif");
    database.set_fantasy_family("DejaVu Sans");
    Fonts(Arc::new(database))
});

/// Fonts by their families.
#[derive(Clone)]
pub(crate) struct Fonts(Arc<Database>);

/// Which font of a family.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Face {
    pub(crate) family: String,
    pub(crate) weight: u16,
    pub(crate) condensed: bool,
    pub(crate) italic: bool,
}

impl Fonts {
    /// The fonts of the crate; they are read when they are first wanted.
    pub(crate) fn built_in() -> Self {
        DEJAVU.clone()
    }

    /// These fonts and those of a folder. What a template calls `sans-serif` is then a family of its choice.
    pub(crate) fn with(&self, folder: Option<&Path>, family: Option<&str>) -> Result<Self, String> {
        let mut database = Database::clone(&self.0);
        if let Some(folder) = folder {
            for file in files(folder)? {
                database.load_font_source(Source::Binary(Arc::new(file)));
            }
        }
        if let Some(family) = family {
            let known = database.faces().any(|face| face.families.iter().any(|(name, _)| name == family));
            if !known {
                return Err(format!("font: there is no font of the family `{family}`"));
            }
            database.set_sans_serif_family(family);
        }
        Ok(Fonts(Arc::new(database)))
    }

    /// As drawing wants them.
    pub(crate) fn database(&self) -> Arc<Database> {
        self.0.clone()
    }

    /// How wide a text is in a font of size 1.
    pub(crate) fn width(&self, text: &str, face: &Face) -> f32 {
        let family = match face.family.as_str() {
            "sans-serif" => Family::SansSerif,
            "serif" => Family::Serif,
            "monospace" => Family::Monospace,
            name => Family::Name(name),
        };
        let query = Query {
            families: &[family, Family::SansSerif],
            weight: Weight(face.weight),
            stretch: if face.condensed { Stretch::Condensed } else { Stretch::Normal },
            style: if face.italic { Style::Italic } else { Style::Normal },
        };
        let Some(first) = self.0.query(&query) else { return 0.0 };
        let mut width = 0.0;
        let mut missing = String::new();
        self.each(first, text.chars(), |letter, advance| match advance {
            Some(advance) => width += advance,
            None => missing.push(letter),
        });
        // A letter that a font has not is taken from another that has it; from none, an empty box is drawn.
        for letter in missing.chars() {
            let others = self.0.faces().map(|face| face.id).filter(|id| *id != first);
            width += others.filter_map(|id| self.advance(id, letter)).next().unwrap_or(1.0);
        }
        width
    }

    fn advance(&self, id: ID, letter: char) -> Option<f32> {
        let mut found = None;
        self.each(id, [letter].into_iter(), |_, advance| found = advance);
        found
    }

    /// Tells the width of each letter in a font of size 1, if the font has it.
    fn each(&self, id: ID, letters: impl Iterator<Item = char>, mut tell: impl FnMut(char, Option<f32>)) {
        self.0.with_face_data(id, |data, index| {
            let Ok(font) = FontRef::from_index(data, index) else { return };
            let (letter_to_glyph, metrics) =
                (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
            for letter in letters {
                let glyph = letter_to_glyph.map(letter).filter(|glyph| *glyph != GlyphId::NOTDEF);
                tell(letter, glyph.and_then(|glyph| metrics.advance_width(glyph)));
            }
        });
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fonts({})", self.0.len())
    }
}

/// The font files in a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<Vec<u8>>, String> {
    let unread = |error| format!("fonts: the folder cannot be read: {error}");
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let font =
            path.extension().is_some_and(|end| ["ttf", "otf", "ttc"].iter().any(|font| end.eq_ignore_ascii_case(font)));
        if font {
            paths.push(path);
        }
    }
    if paths.len() > MOST_FONTS {
        return Err(format!("fonts: there are more than {MOST_FONTS} fonts in the folder"));
    }
    paths.sort();
    let read = |path: &Path| match fs::metadata(path) {
        Ok(file) if file.len() > MOST_BYTES => Err(format!("fonts: `{}` is too large", path.display())),
        _ => fs::read(path).map_err(|error| format!("fonts: `{}` cannot be read: {error}", path.display())),
    };
    paths.iter().map(|path| read(path)).collect()
}
