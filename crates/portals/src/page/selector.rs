//! The little selectors that rows and families use: `tag`, `#id`, `.class`, `[name=…]`, and these joined (portals §4.2).

use super::Element;

/// A selector of one element. There is none for what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    tag: Option<String>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Id(String),
    Class(String),
    Name(String),
}

impl Selector {
    /// Reads a selector; none when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (tag, mut rest) = text.split_at(word(text));
        let mut selector = Selector { tag: (!tag.is_empty()).then(|| tag.to_ascii_lowercase()), parts: Vec::new() };
        while let Some(sign) = rest.chars().next() {
            rest = &rest[sign.len_utf8()..];
            let part = if sign == '[' {
                let (inside, after) = rest.split_once(']')?;
                rest = after;
                let value = inside.strip_prefix("name=")?;
                let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                Part::Name(quoted.unwrap_or(value).to_owned())
            } else {
                let (name, after) = rest.split_at(word(rest));
                rest = after;
                match sign {
                    '#' => Part::Id(name.to_owned()),
                    '.' => Part::Class(name.to_owned()),
                    _ => return None,
                }
            };
            if matches!(&part, Part::Id(name) | Part::Class(name) | Part::Name(name) if name.is_empty()) {
                return None;
            }
            selector.parts.push(part);
        }
        (selector.tag.is_some() || !selector.parts.is_empty()).then_some(selector)
    }

    pub(super) fn finds(&self, element: &Element) -> bool {
        self.tag.as_ref().is_none_or(|tag| element.tag == *tag)
            && self.parts.iter().all(|part| match part {
                Part::Id(id) => element.id.as_ref() == Some(id),
                Part::Class(class) => element.classes.split_ascii_whitespace().any(|one| one == class),
                Part::Name(name) => element.name.as_ref() == Some(name) && element.tag != "label",
            })
    }
}

/// How long the word is that a text begins with.
fn word(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in ["", "a b", "a>b", "#", "form.", "[id=x]", "[name=]", "[name=x", "*", "a:hover"] {
            assert_eq!(Selector::parse(text), None, "{text}");
        }
        for text in ["form", "#kc-form-login", ".cas__login-form", "[name=email]", "[name=\"email\"]", "form#a.b[name=c]"] {
            assert!(Selector::parse(text).is_some(), "{text}");
        }
    }
}
