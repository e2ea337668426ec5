//! The filter that finds a person, with a place for the key.

use ldap3::{ldap_escape, parse_filter};

use super::entry::Entry;
use crate::source::key;

/// What stands for the key.
const PLACES: [&str; 2] = ["{username}", "{key}"];

/// A filter with a place for the key.
#[derive(Debug)]
pub(crate) struct Template {
    /// What is before, between and after the places.
    texts: Vec<String>,
    /// What the key is compared to, unless a place is within something else than a comparison.
    compared: Option<Vec<Comparison>>,
}

/// `(attribute=before{key}after)`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The attribute, in lower case.
    pub(crate) attribute: String,
    before: String,
    after: String,
}

impl Template {
    /// Reads a filter.
    ///
    /// # Errors
    /// It is none, or has no place for the key.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.replace(PLACES[1], PLACES[0]);
        let texts: Vec<String> = text.split(PLACES[0]).map(str::to_owned).collect();
        if texts.len() < 2 {
            return Err("`filter` has no `{username}` in it".to_owned());
        }
        let template = Template { compared: compared(&text), texts };
        // The library takes one without its outer parentheses.
        match text.starts_with('(') && parse_filter(template.fill("x")).is_ok() {
            true => Ok(template),
            false => Err("`filter` is no filter".to_owned()),
        }
    }

    /// The filter for a key, in which the key means nothing but itself.
    pub(crate) fn fill(&self, key: &str) -> String {
        self.texts.join(&escaped(key))
    }

    /// The filter for any key.
    pub(crate) fn any(&self) -> String {
        self.texts.join("*")
    }

    /// What the key is compared to.
    pub(crate) fn compared(&self) -> &[Comparison] {
        self.compared.as_deref().unwrap_or_default()
    }

    /// Whether an entry that the server found by a key is that of the key. Servers even out more than case: for OpenLDAP a
    /// full-width `ａ` is an `a`. So one of the values that were compared has to be the key, but for its case; those that
    /// the account may not read cannot be looked at, and the server is believed.
    pub(crate) fn accepts(&self, key: &str, entry: &Entry) -> bool {
        let Some(compared) = &self.compared else { return true };
        let mut seen = false;
        let accepted = compared.iter().any(|comparison| {
            entry.values(&comparison.attribute).any(|value| {
                seen = true;
                str::from_utf8(value).is_ok_and(|value| comparison.key(value).is_some_and(|held| key::same(held, key)))
            })
        });
        accepted || !seen
    }
}

impl Comparison {
    /// The key within a value.
    pub(crate) fn key<'a>(&self, value: &'a str) -> Option<&'a str> {
        let (before, after) = (self.before.len(), value.len().checked_sub(self.after.len())?);
        let whole = value.get(..before).zip(value.get(after..));
        whole.filter(|(start, end)| key::same(start, &self.before) && key::same(end, &self.after))?;
        value.get(before..after)
    }
}

/// A key as it is written in a filter.
fn escaped(key: &str) -> String {
    let mut text = ldap_escape(key).into_owned();
    // Servers leave blanks at the ends out, unless they are written so.
    if text.ends_with(' ') {
        text.replace_range(text.len() - 1.., "\\20");
    }
    if text.starts_with(' ') {
        text.replace_range(..1, "\\20");
    }
    text
}

fn compared(text: &str) -> Option<Vec<Comparison>> {
    let place = PLACES[0];
    text.match_indices(place)
        .map(|(at, _)| {
            let begin = text[..at].rfind('(')? + 1;
            let end = at + text[at..].find(')')?;
            let (attribute, value) = text[begin..end].split_once('=')?;
            let (before, after) = value.split_once(place)?;
            let plain = !attribute.is_empty()
                && attribute.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ';'))
                && !value.contains(['*', '\\'])
                && !after.contains(place);
            let [attribute, before, after] = [&attribute.to_lowercase(), before, after].map(str::to_owned);
            plain.then_some(Comparison { attribute, before, after })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn entry(values: &[(&str, &str)]) -> Entry {
        Entry::for_tests(values)
    }

    #[test]
    fn a_wildcard_in_a_login_is_escaped() {
        let template = Template::parse("(uid={username})").unwrap();
        for (key, filter) in [
            ("amartin", "(uid=amartin)"),
            ("*", "(uid=\\2a)"),
            (")(uid=*", "(uid=\\29\\28uid=\\2a)"),
            ("a\\2a", "(uid=a\\5c2a)"),
            ("a\0", "(uid=a\\00)"),
            (" a ", "(uid=\\20a\\20)"),
            (" ", "(uid=\\20)"),
            ("Лев", "(uid=Лев)"),
        ] {
            assert_eq!(template.fill(key), filter);
        }
        assert_eq!(template.any(), "(uid=*)");
    }

    #[test]
    fn what_the_key_is_compared_to_is_known() {
        let attributes = |text: &str| {
            let template = Template::parse(text).unwrap();
            template.compared().iter().map(|comparison| comparison.attribute.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            attributes("(&(objectClass=eduPerson)(|(UID={username})(supannAliasLogin={key})))"),
            "uid supannaliaslogin"
        );
        assert_eq!(attributes("(eduPersonPrincipalName={key}@univ-ville.fr)"), "edupersonprincipalname");
        for other in ["(uid=*{key}*)", "(uid~={key})", "(|(uid={key})(mail={key}*))", "(uid:caseExactMatch:={key})"] {
            assert_eq!(attributes(other), "", "{other}");
        }
    }

    #[test]
    fn what_only_looks_like_the_key_is_somebody_else() {
        let template = Template::parse("(|(uid={key})(mail={key}@univ-ville.fr))").unwrap();
        let alice = entry(&[("uid", "amartin"), ("mail", "Alice@univ-ville.fr"), ("sn", "Martin")]);
        for key in ["amartin", "AMARTIN", "alice"] {
            assert!(template.accepts(key, &alice), "{key}");
        }
        for key in ["ａｍａｒｔｉｎ", "amartin ", "ámartin", "alice@univ-ville.fr", "Martin"] {
            assert!(!template.accepts(key, &alice), "{key}");
        }
        assert!(template.accepts("anything", &entry(&[("sn", "Martin")])), "it may not be read");
    }

    #[test]
    fn what_is_no_filter_with_a_place_is_refused() {
        for text in ["(uid=amartin)", "", "uid={key}", "(uid={key}", "((uid={key}))", "(&(uid={key})"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_key_makes_a_filter_of_the_same_shape(key in any::<String>()) {
            let template = Template::parse("(&(a=b)(uid={key}))").unwrap();
            let filter = template.fill(&key);
            assert!(parse_filter(&filter).is_ok());
            assert_eq!(filter.matches(['(', ')', '*']).count(), 6);
            let _ = template.accepts(&key, &entry(&[("uid", &key)]));
            let _ = Template::parse(&key);
        }
    }
}
