use scraper::Html as Parsed;
use scraper::node::Node;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A piece of HTML written by the school: kept word for word, never trusted, with its plain text on demand.
///
/// Sanitise [`Html::as_html`] before showing it in a page. Serialises as `{html, text}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Keeps the text as it is.
    #[must_use]
    pub fn new(html: impl Into<String>) -> Self {
        Html(html.into())
    }

    /// The HTML as the server sent it.
    #[must_use]
    pub fn as_html(&self) -> &str {
        &self.0
    }

    /// What a person reads: tags gone, entities resolved, paragraphs and breaks as line feeds.
    #[must_use]
    pub fn text(&self) -> String {
        if !self.0.contains(['<', '&']) {
            return tidy(&self.0);
        }
        let mut text = String::with_capacity(self.0.len());
        for edge in Parsed::parse_fragment(&self.0).tree.root().traverse() {
            use ego_tree::iter::Edge::{Close, Open};
            match edge {
                Open(node) => match node.value() {
                    Node::Text(words) => text.push_str(words),
                    Node::Element(element) if element.name() == "br" => text.push('\n'),
                    Node::Element(element) if element.name() == "li" => text.push_str("\n• "),
                    _ => {}
                },
                Close(node) => {
                    if node.value().as_element().is_some_and(|element| is_block(element.name())) {
                        text.push('\n');
                    }
                }
            }
        }
        tidy(&text)
    }
}

fn is_block(name: &str) -> bool {
    matches!(name, "p" | "div" | "ul" | "ol" | "tr" | "table" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Trims each line, drops empty ones, and turns no-break spaces into spaces.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| line.replace('\u{a0}', " ").trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut both = serializer.serialize_struct("Html", 2)?;
        both.serialize_field("html", &self.0)?;
        both.serialize_field("text", &self.text())?;
        both.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_lines_not_tags() {
        let html = Html::new(
            "<div>Ex.&nbsp;4 p.&#160;12</div><p>Voir <b>la</b> fiche<br>jointe</p><ul><li>a</li><li>b</li></ul>",
        );
        assert_eq!(html.text(), "Ex. 4 p. 12\nVoir la fiche\njointe\n• a\n• b");
        assert_eq!(Html::new("a < b").text(), "a < b");
        assert_eq!(Html::new("<script>x").text(), "x");
    }
}
