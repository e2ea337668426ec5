//! Readers of the small elements that many pages share (data §1).

use rust_decimal::Decimal;

use crate::model::{Attachment, AttachmentKind, Color, Named, Subject, Theme};
use crate::wire::{FromWire, Malformed, Node, Unexpected};

/// An element with a label, which must be there; the identifier need not be.
pub(crate) fn named(node: Node<'_>) -> Result<Named, Malformed> {
    Ok(Named { id: node.id(), name: node.need("L")? })
}

/// A subject, which must be named.
pub(crate) fn subject(node: Node<'_>) -> Result<Subject, Malformed> {
    Ok(Subject { id: node.id(), name: node.need("L")?, in_group: in_group(node) })
}

/// The subject of an element. Servers write `{N:"0"}` without a label where there is none.
pub(crate) fn subject_of(node: Node<'_>, key: &str) -> Option<Subject> {
    node.get(key).filter(|subject| subject.has("L")).and_then(|node| node.or_note(subject))
}

/// An element that may stand for nothing: no label, or an empty one.
pub(crate) fn named_of(node: Node<'_>, key: &str) -> Option<Named> {
    let node = node.get(key).filter(|element| element.has("L"))?;
    node.or_note(named).filter(|named| !named.name.is_empty())
}

/// The labels of a list of elements, empty ones left out.
pub(crate) fn labels(node: Node<'_>, key: &str) -> Vec<String> {
    let mut labels = node.each(key, |element| element.need::<String>("L"));
    labels.retain(|label| !label.trim().is_empty());
    labels
}

/// Both spellings of "taught to a group" (data §8.3).
pub(crate) fn in_group(node: Node<'_>) -> bool {
    node.read_any(&["estServiceGroupe", "estServiceEnGroupe"]).unwrap_or(false)
}

/// A theme.
pub(crate) fn theme(node: Node<'_>) -> Result<Theme, Malformed> {
    Ok(Theme { id: node.id(), name: node.need("L")?, subject: subject_of(node, "Matiere") })
}

/// A file or a link (data §1.9).
pub(crate) fn attachment(node: Node<'_>) -> Result<Attachment, Malformed> {
    let kind = node.read("G").unwrap_or(AttachmentKind::Link);
    let name = node.text("L");
    let url = match kind {
        AttachmentKind::File | AttachmentKind::CloudFile => None,
        AttachmentKind::Other(_) => node.read("url"),
        _ => Some(node.read("url").unwrap_or_else(|| name.clone())),
    };
    let id = node.id();
    if id.is_none() && url.as_deref().unwrap_or_default().is_empty() {
        return Err(node.missing("N"));
    }
    Ok(Attachment { id, kind, name, url, has_thumbnail: node.flag("avecMiniaturePossible"), genre: None })
}

/// Which of two spellings an element uses; the first when it uses neither.
pub(crate) fn either<'k>(node: Node<'_>, usual: &'k str, other: &'k str) -> &'k str {
    if !node.has(usual) && node.has(other) { other } else { usual }
}

/// A text that means nothing when it is empty.
pub(crate) fn some_text(node: Node<'_>, key: &str) -> Option<String> {
    node.read::<String>(key).filter(|text| !text.trim().is_empty())
}

/// A color; servers write an empty one where none was chosen.
pub(crate) fn color(node: Node<'_>, key: &str) -> Option<Color> {
    node.get(key).filter(|color| !is_empty(*color))?.value()
}

/// The number of a mark: a scale, an average, a weight. Empty ones and annotations that do not count are none.
pub(crate) fn number(node: Node<'_>, key: &str) -> Option<Decimal> {
    node.mark(key)?.number()
}

/// A length of time in minutes, written `2h00` or `4h30`.
pub(crate) fn minutes(node: Node<'_>, key: &str) -> Option<u32> {
    let length = node.get(key).filter(|length| !is_empty(*length))?;
    length.or_note(|length| {
        let text = <&str>::from_wire(length).map_err(|_| length.unexpected("a length of time"))?;
        let read = |text: &str| -> Option<u32> {
            let (hours, minutes) = text.trim().split_once(['h', 'H'])?;
            let hours: u32 = hours.trim().parse().ok()?;
            let minutes = if minutes.is_empty() { 0 } else { minutes.trim().parse().ok().filter(|part| *part < 60)? };
            hours.checked_mul(60)?.checked_add(minutes)
        };
        read(text).ok_or_else(|| length.unexpected("a length of time"))
    })
}

fn is_empty(node: Node<'_>) -> bool {
    <&str>::from_wire(node).is_ok_and(|text| text.trim().is_empty())
}

impl<'a> FromWire<'a> for Color {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        let text = <&str>::from_wire(node)?;
        Color::parse(text).ok_or(Unexpected { expected: "a color", found: "another text" })
    }
}

/// Reads a JSON text with a decoder, for tests: the value and the paths of what was noted.
#[cfg(test)]
pub(crate) fn reading<T>(text: &str, read: impl FnOnce(Node<'_>) -> T) -> (T, Vec<String>) {
    use crate::wire::{Document, Json};
    let json = Json::parse(text).unwrap();
    let document = Document::new(&json);
    let value = read(document.root());
    let paths = document.diagnostics().into_iter().map(|diagnostic| diagnostic.path).collect();
    (value, paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_address_leads_to_its_label() {
        let (link, noted) = reading(r#"{"N":"48#a","G":0,"L":"https://exemple.fr"}"#, attachment);
        assert_eq!(link.unwrap().url.as_deref(), Some("https://exemple.fr"));
        assert!(noted.is_empty());
        assert_eq!(reading(r#"{"N":"48#a","G":1,"L":"a.pdf"}"#, attachment).0.unwrap().url, None);
    }

    #[test]
    fn a_file_nobody_could_fetch_is_refused() {
        assert!(reading(r#"{"G":1,"L":"a.pdf"}"#, attachment).0.is_err());
        assert!(reading("3", attachment).0.is_err());
    }

    #[test]
    fn an_empty_color_is_none_and_a_wrong_one_is_noted() {
        assert_eq!(reading(r#"{"c":""}"#, |node| color(node, "c")), (None, vec![]));
        assert_eq!(reading(r##"{"c":"#12"}"##, |node| color(node, "c")), (None, vec!["c".to_owned()]));
    }

    #[test]
    fn an_absent_subject_is_no_fault() {
        assert_eq!(reading(r#"{"m":{"_T":24,"V":{"N":"0"}}}"#, |node| subject_of(node, "m")), (None, vec![]));
    }
}
