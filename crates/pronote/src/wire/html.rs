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

    /// The text on one line: tags and line breaks between words become a space each.
    #[must_use]
    pub fn line(&self) -> String {
        if !self.0.contains(['<', '&']) {
            return self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let mut text = String::with_capacity(self.0.len());
        let mut hidden = 0u32;
        for edge in Parsed::parse_fragment(&self.0).tree.root().traverse() {
            use ego_tree::iter::Edge::{Close, Open};
            let (Open(node) | Close(node)) = edge;
            match node.value() {
                Node::Text(words) if matches!(edge, Open(_)) && hidden == 0 => {
                    // What follows a word closely stays close to it.
                    if words.starts_with(['.', ',', ')', ']', '…']) && text.ends_with(' ') {
                        text.pop();
                    }
                    text.push_str(words);
                }
                Node::Element(element) => {
                    if matches!(element.name(), "script" | "style") {
                        hidden = if matches!(edge, Open(_)) { hidden + 1 } else { hidden.saturating_sub(1) };
                    }
                    if !text.ends_with([' ', '(', '[']) {
                        text.push(' ');
                    }
                }
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
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

    #[test]
    fn a_line_has_a_space_for_every_run_of_tags() {
        let line = |html: &str| Html::new(html).line();
        assert_eq!(line("<div>a</div><div>b</div>"), "a b");
        assert_eq!(line("a<br>b"), "a b");
        assert_eq!(line("&eacute;&nbsp;x"), "é x");
        assert_eq!(line("1 < 2"), "1 < 2");
        assert_eq!(line("<div>Bonjour &amp; <br>bienvenue</div>"), "Bonjour & bienvenue");
        assert_eq!(line("<p>Faire <b>ex 1</b>, puis (<i>ex 2</i>).</p>\n"), "Faire ex 1, puis (ex 2).");
        assert_eq!(line("a<script>x()</script><style>b{}</style>b<!-- c -->"), "a b");
        assert_eq!(line("<a href=\"https://exemple.fr\">Ici</a>"), "Ici");
        assert_eq!(line(""), "");
    }
}
