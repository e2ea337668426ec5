//! The selectors that a row may use: a tag, `#id`, `.class` and `[name=…]`, alone or together (portals §4.2).

use std::fmt;

/// One element of a page: everything that is given must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    /// The element's name, in lower case.
    pub(crate) tag: Option<String>,
    /// Its `id`.
    pub(crate) id: Option<String>,
    /// Its classes: each of them.
    pub(crate) classes: Vec<String>,
    /// Its `name`.
    pub(crate) name: Option<String>,
}

/// More is never needed, and nobody could read it.
const LONGEST: usize = 120;

impl Selector {
    /// Reads `form`, `#fm1`, `form.cas__login-form`, `input[name=execution]`.
    pub(crate) fn parse(text: &str) -> Result<Selector, String> {
        let odd = || format!("`{text}`: a selector is a tag, `#id`, `.class` or `[name=…]`, or these together");
        if text.is_empty() || text.len() > LONGEST {
            return Err(odd());
        }
        let mut selector = Selector::default();
        let mut rest = text;
        let (tag, after) = word(rest);
        if !tag.is_empty() {
            selector.tag = Some(tag.to_ascii_lowercase());
            rest = after;
        }
        while let Some(kind) = rest.chars().next() {
            match kind {
                '#' | '.' => {
                    let (value, after) = word(&rest[1..]);
                    if value.is_empty() || (kind == '#' && selector.id.is_some()) {
                        return Err(odd());
                    }
                    match kind {
                        '#' => selector.id = Some(value.to_owned()),
                        _ => selector.classes.push(value.to_owned()),
                    }
                    rest = after;
                }
                '[' => {
                    let (inside, after) = rest[1..].split_once(']').ok_or_else(odd)?;
                    let value = inside.strip_prefix("name=").ok_or_else(odd)?.trim_matches(['"', '\'']);
                    if value.is_empty() || value.contains(['"', '\'', '[', '=']) || selector.name.is_some() {
                        return Err(odd());
                    }
                    selector.name = Some(value.to_owned());
                    rest = after;
                }
                _ => return Err(odd()),
            }
        }
        Ok(selector)
    }

    /// Whether an element is meant, by its tag in lower case, its `id`, its `class` and its `name`.
    pub(crate) fn matches(&self, tag: &str, id: Option<&str>, class: Option<&str>, name: Option<&str>) -> bool {
        self.tag.as_deref().is_none_or(|wanted| wanted == tag)
            && self.id.as_deref().is_none_or(|wanted| id == Some(wanted))
            && self.name.as_deref().is_none_or(|wanted| name == Some(wanted))
            && self.classes.iter().all(|wanted| {
                class.is_some_and(|class| class.split_ascii_whitespace().any(|one| one == wanted.as_str()))
            })
    }
}

/// The letters, digits, `-`, `_` and `:` that a text begins with, and what follows.
fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':')))
        .unwrap_or(text.len());
    text.split_at(end)
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag.as_deref().unwrap_or_default())?;
        if let Some(id) = &self.id {
            write!(f, "#{id}")?;
        }
        for class in &self.classes {
            write!(f, ".{class}")?;
        }
        if let Some(name) = &self.name {
            write!(f, "[name={name}]")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[test]
    fn simple_selectors_are_read_and_written_the_same() {
        for text in ["form", "#fm1", ".msg__content", "[name=execution]", "form#fm1.a.b[name=x]", "#idp-EDU"] {
            assert_eq!(Selector::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(Selector::parse("INPUT[name=\"a b\"]").expect("a selector").to_string(), "input[name=a b]");
    }

    #[test]
    fn anything_else_is_not_a_selector() {
        for text in ["", "form input", "a>b", "*", "#", ".", "[id=x]", "[name=]", "#a#b", "a:hover()", "[name=x", "a,b"]
        {
            assert!(Selector::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn everything_that_is_given_must_be_so() {
        let selector = Selector::parse("form#fm1.login").expect("a selector");
        assert!(selector.matches("form", Some("fm1"), Some("big login"), None));
        assert!(!selector.matches("div", Some("fm1"), Some("login"), None));
        assert!(!selector.matches("form", Some("fm2"), Some("login"), None));
        assert!(!selector.matches("form", Some("fm1"), Some("logins"), None));
        assert!(!selector.matches("form", None, None, None));
    }
}
