//! Templates are tried before they are used: with people whose names, courses and numbers are as long as they get.

use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Value, context};
use resvg::usvg::roxmltree::{Document, Node as Element};
use resvg::usvg::{Group, ImageKind, Node, TextChunk, Tree};

use super::{ID_1, Renderer, Side, describe, pdf, template, word};
use crate::model::{Affiliation, Card, Photo, QrCode};

/// How far text may go beyond an edge, or into the photo or other text, in user units.
const CLOSE: f32 = 2.0;

/// What is wrong with the templates of a renderer; each fault begins with the name of the template.
pub(super) fn faults(renderer: &Renderer, sources: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for (affiliation, side) in
        [(Affiliation::Student, Side::Front), (Affiliation::Staff, Side::Front), (Affiliation::Student, Side::Back)]
    {
        let name = template(affiliation, side);
        for card in cards(affiliation) {
            if let Err(fault) = attempt(renderer, name, &card, sources) {
                faults.push(format!("{name}: {fault}"));
                break;
            }
        }
    }
    faults
}

fn attempt(renderer: &Renderer, name: &str, card: &Card, sources: &[String]) -> Result<(), String> {
    let context = context! { sample => true, bleed => false, ..renderer.context(card, &facts(card, sources)) };
    let svg = renderer.fill(name, context).map_err(|error| error.to_string())?;
    let document = Document::parse(&svg).map_err(|error| format!("it gives no SVG: {error}"))?;
    closed(&document)?;
    let root = document.root_element();
    let view = root.attribute("viewBox").and_then(pdf::numbers).ok_or("its drawing has no viewBox")?;
    if (view[2] / view[3] / (ID_1.0 / ID_1.1) - 1.0).abs() > 0.015 {
        return Err(format!(
            "its drawing is {} × {}, not of the proportions of a card, 85.60 × 53.98",
            view[2], view[3]
        ));
    }
    let tree = Tree::from_str(&svg, &renderer.options).map_err(|error| format!("it cannot be drawn: {error}"))?;
    let mut seen = Seen { photo: None, texts: Vec::new() };
    seen.look(tree.root(), &card.photo.jpeg());
    seen.judge((tree.size().width(), tree.size().height()))
}

/// Whether a drawing refers to nothing outside of it, and does nothing by itself.
pub(crate) fn closed(document: &Document<'_>) -> Result<(), String> {
    for element in document.descendants().filter(Element::is_element) {
        let name = element.tag_name().name();
        if ["script", "foreignObject", "iframe"].contains(&name) {
            return Err(format!("it has an element <{name}>, which no drawing of a card has"));
        }
        for attribute in element.attributes() {
            let value = attribute.value().trim_start();
            let inside = value.starts_with('#') || value.starts_with("data:image/");
            if attribute.name() == "href" && name != "a" && !inside {
                return Err(format!("the href of an element <{name}> leads outside"));
            }
            if attribute.name().starts_with("on") || leads_outside(value) {
                return Err(format!("the attribute {} of an element <{name}> leads outside", attribute.name()));
            }
        }
        let style = element.text().filter(|_| name == "style").unwrap_or_default();
        if style.contains("@import") || style.contains("@font-face") || leads_outside(style) {
            return Err("its style leads outside".to_owned());
        }
    }
    Ok(())
}

/// Whether there is an `url(…)` other than `url(#…)` in a style.
fn leads_outside(style: &str) -> bool {
    style.match_indices("url(").any(|(at, url)| {
        let target = style[at + url.len()..].trim_start_matches(['"', '\'', ' ']);
        !target.starts_with('#') && !target.starts_with("data:image/")
    })
}

/// Where texts are, and the photo.
struct Seen {
    photo: Option<Area>,
    texts: Vec<(String, Area)>,
}

#[derive(Clone, Copy)]
struct Area {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Seen {
    fn look(&mut self, group: &Group, photo: &[u8]) {
        for node in group.children() {
            let place = match node {
                // Where it has ink, which is less than where it might have some.
                Node::Text(text) => text.flattened().abs_bounding_box(),
                node => node.abs_bounding_box(),
            };
            let area = Area { left: place.left(), top: place.top(), right: place.right(), bottom: place.bottom() };
            match node {
                Node::Group(group) => self.look(group, photo),
                Node::Text(text) => {
                    let said = text.chunks().iter().map(TextChunk::text).collect();
                    self.texts.push((said, area));
                }
                Node::Image(image) => match image.kind() {
                    ImageKind::JPEG(jpeg) if ***jpeg == *photo => self.photo = Some(area),
                    _ => {}
                },
                Node::Path(_) => {}
            }
        }
    }

    fn judge(&self, (width, height): (f32, f32)) -> Result<(), String> {
        let card = Area { left: -CLOSE, top: -CLOSE, right: width + CLOSE, bottom: height + CLOSE };
        for (at, (text, area)) in self.texts.iter().enumerate() {
            let other = self.texts[..at].iter().find(|(other, place)| other != text && place.meets(*area));
            let over = if !area.is_within(card) {
                "out of the card".to_owned()
            } else if self.photo.is_some_and(|photo| photo.meets(*area)) {
                "over the photo".to_owned()
            } else if let Some((other, _)) = other {
                format!("over the text \"{}\"", short(other))
            } else {
                continue;
            };
            return Err(format!("the text \"{}\" runs {over}", short(text)));
        }
        Ok(())
    }
}

impl Area {
    fn is_within(self, other: Area) -> bool {
        self.left >= other.left && self.top >= other.top && self.right <= other.right && self.bottom <= other.bottom
    }

    fn meets(self, other: Area) -> bool {
        self.right.min(other.right) - self.left.max(other.left) > CLOSE
            && self.bottom.min(other.bottom) - self.top.max(other.top) > CLOSE
    }
}

fn short(text: &str) -> String {
    text.chars().take(24).collect()
}

/// People whose data is as long as it gets: names of 40 letters that can be broken and that cannot; and somebody who is
/// quickly described.
pub(crate) fn cards(affiliation: Affiliation) -> Vec<Card> {
    let student = affiliation == Affiliation::Student;
    let long = Card {
        login: "maximilienne.montmorency-westermann@univ-ville.fr".to_owned(),
        affiliation,
        lastname: "DE MONTMORENCY-WESTERMANN LA ROCHEFOUCAU".to_owned(),
        firstname: "Maximilienne Gwendoline Marie-Clémentine".to_owned(),
        birthdate: Some("29 septembre 2004".to_owned()),
        gender: Some("Mme".to_owned()),
        title: "Carte d'étudiant en formation continue".to_owned(),
        subtitle: Some(
            "Master 2 Métiers de l'enseignement, de l'éducation et de la formation, mention MEEF".to_owned(),
        ),
        ine: student.then(|| "0ABC1234567".to_owned()),
        csn: Some("04A1B2C3D4E58004".to_owned()),
        id_number: "UNIV-2026-00022100001".to_owned(),
        end_date: 2027,
        euid: Some("univ-ville.fr:UNIV-2026-00022100001".to_owned()),
        escn: Some("a1b2c3d4-e5f6-11ee-8abc-001999999999".to_owned()),
        photo: silhouette(),
        qr_code: Some(QrCode {
            kind: "url".to_owned(),
            value: format!("https://card.univ-ville.fr/v/{}", "A".repeat(64)),
        }),
    };
    let whole = Card {
        lastname: "Wolfeschlegelsteinhausenbergerdorffmannn".to_owned(),
        firstname: "Александра-Екатерина Константиновна-Мари".to_owned(),
        ..long.clone()
    };
    let short = Card {
        lastname: "Ô".to_owned(),
        firstname: "Ng".to_owned(),
        birthdate: None,
        gender: None,
        subtitle: None,
        ine: None,
        csn: None,
        euid: None,
        escn: None,
        qr_code: None,
        ..long.clone()
    };
    vec![long, whole, short]
}

/// A picture in place of a photo.
fn silhouette() -> Photo {
    let mut jpeg = Vec::new();
    let grey = RgbImage::from_pixel(24, 32, Rgb([200, 205, 212]));
    // Drawing into memory cannot fail; without a picture there would only be no photo to keep clear of.
    let _ = grey.write_with_encoder(JpegEncoder::new(&mut jpeg));
    Photo::new(&jpeg, grey.dimensions())
}

/// Facts in which each source has any attribute that is asked for.
pub(crate) fn facts(card: &Card, sources: &[String]) -> Value {
    let sources = Value::from_pairs(sources.iter().map(|name| (name.as_str(), Value::from_object(Anything))));
    context! {
        login => &card.login,
        affiliation => word(card.affiliation),
        year => card.end_date.saturating_sub(1),
        academic_year => card.end_date.saturating_sub(1),
        enrolled => true,
        today => "2026-11-22",
        field => describe(card),
        tables => Value::from_object(Anything),
        verify_url => Value::from_function(String::new),
        ..sources,
    }
}

/// A source that knows everything.
#[derive(Debug)]
struct Anything;

impl Object for Anything {
    fn get_value_by_str(self: &Arc<Self>, _: &str) -> Option<Value> {
        Some(Value::from_object(Something))
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from_object(Something))
    }
}

/// An attribute with one value.
#[derive(Debug)]
struct Something;

impl Something {
    /// As a bar code takes it, too.
    const VALUE: &'static str = "Valeur de 24 signes.0001";
}

impl Object for Something {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_i64() == Some(0)).then(|| Value::from(Self::VALUE))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(1)
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(Self::VALUE)
    }
}
