//! What the application leaves of a panel (`card.md`, section 1.4): DOMPurify with its profile for SVG, of which only what
//! was seen to be kept is taken to be kept.

use resvg::usvg::roxmltree::{Document, Node, NodeType};

use super::WIDTH;
use crate::render::sample::closed;

/// Elements that are kept.
const ELEMENTS: [&str; 21] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "style",
    "rect",
    "path",
    "circle",
    "ellipse",
    "line",
    "polygon",
    "polyline",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "image",
    "a",
];

/// Attributes that are kept, on any of them.
const ATTRIBUTES: [&str; 63] = [
    "class",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-stretch",
    "font-style",
    "font-weight",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "href",
    "id",
    "lengthAdjust",
    "letter-spacing",
    "offset",
    "opacity",
    "points",
    "preserveAspectRatio",
    "r",
    "rx",
    "ry",
    "shape-rendering",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "style",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "textLength",
    "transform",
    "version",
    "viewBox",
    "visibility",
    "width",
    "word-spacing",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// See [`super::judge`].
pub(super) fn judge(svg: &str) -> Result<(), String> {
    if !svg.starts_with("<svg") {
        return Err("a panel begins with its element <svg>; a declaration of XML would be dropped".to_owned());
    }
    let document = Document::parse(svg).map_err(|error| format!("it is no SVG: {error}"))?;
    closed(&document)?;
    for node in document.descendants() {
        match node.node_type() {
            NodeType::Element => element(node)?,
            NodeType::Comment => return Err("a comment would be dropped; in a template write {# … #}".to_owned()),
            NodeType::PI => return Err("a processing instruction would be dropped".to_owned()),
            NodeType::Root | NodeType::Text => {}
        }
    }
    let root = document.root_element();
    if root.attribute("width") != Some(&WIDTH.to_string()) {
        return Err(format!("a panel has the attribute width=\"{WIDTH}\""));
    }
    Ok(())
}

fn element(element: Node<'_, '_>) -> Result<(), String> {
    let name = element.tag_name().name();
    if !ELEMENTS.contains(&name) {
        return Err(format!("the application drops an element <{name}>"));
    }
    for attribute in element.attributes() {
        let (attribute, value) = (attribute.name(), attribute.value());
        if !ATTRIBUTES.contains(&attribute) {
            return Err(format!("the application drops the attribute {attribute} of an element <{name}>"));
        }
        // What might be read as the end of something in another place.
        if value.contains("-->") || value.contains("]>") || value.contains("</") {
            return Err(format!("the application drops what the attribute {attribute} of an element <{name}> holds"));
        }
        let leads = ["https://", "mailto:", "tel:", "sms:", "#"].iter().any(|start| value.starts_with(start));
        if attribute == "href" && name == "a" && !leads {
            return Err("the application follows links with https:, mailto:, tel: and sms: only".to_owned());
        }
    }
    let style = element.text().unwrap_or_default();
    if name == "style" && style.contains('<') {
        return Err("the application drops a style with a `<` in it".to_owned());
    }
    Ok(())
}
