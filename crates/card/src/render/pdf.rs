//! Drawings on pages of the size of a card.

use krilla::Document;
use krilla::geom::{Rect, Size};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt as _, SvgSettings};
use resvg::usvg::Tree;
use resvg::usvg::roxmltree::Document as Xml;

use super::{BLEED, ID_1};

/// Points in a millimeter.
const POINT: f32 = 72.0 / 25.4;

/// Writes each drawing on a page. With a bleed, they go on beyond the edges of the card, and the page says where these are.
pub(super) fn write(drawings: &[Tree], bleed: bool, title: &str) -> Option<Vec<u8>> {
    let (width, height) = (ID_1.0 * POINT, ID_1.1 * POINT);
    let margin = if bleed { BLEED * POINT } else { 0.0 };
    let (sheet_width, sheet_height) = (width + 2.0 * margin, height + 2.0 * margin);
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).creator("Cartable".to_owned()));
    for drawing in drawings {
        let mut settings = PageSettings::from_wh(sheet_width, sheet_height)?;
        if bleed {
            settings = settings
                .with_bleed_box(Rect::from_xywh(0.0, 0.0, sheet_width, sheet_height))
                .with_trim_box(Rect::from_xywh(margin, margin, width, height));
        }
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.draw_svg(drawing, Size::from_wh(sheet_width, sheet_height)?, SvgSettings::default())?;
        surface.finish();
        page.finish();
    }
    document.finish().ok()
}

/// A drawing with what is around its view in the width of the bleed: templates paint further than they are seen.
pub(super) fn widened(svg: &str) -> Option<String> {
    let document = Xml::parse(svg).ok()?;
    let root = document.root_element();
    let view = root.attribute_node("viewBox")?;
    let [left, top, width, height] = numbers(view.value())?;
    let (x, y) = (width * BLEED / ID_1.0, height * BLEED / ID_1.1);
    let mut widened = svg.to_owned();
    // From behind, so that what is before stays in its place. The size is then that of the view.
    let mut edits =
        vec![(view.range_value(), format!("{} {} {} {}", left - x, top - y, width + 2.0 * x, height + 2.0 * y))];
    edits.extend(
        ["width", "height"].into_iter().filter_map(|side| Some((root.attribute_node(side)?.range(), String::new()))),
    );
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, text) in edits {
        widened.replace_range(range, &text);
    }
    Some(widened)
}

/// The numbers of a `viewBox`.
pub(super) fn numbers(view: &str) -> Option<[f32; 4]> {
    let numbers: Vec<f32> = view
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().ok().filter(|number: &f32| number.is_finite()))
        .collect::<Option<_>>()?;
    numbers.try_into().ok()
}
