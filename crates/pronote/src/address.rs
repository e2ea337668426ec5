//! School addresses and spaces: what a person pastes, and where it leads (protocol §1.1, §1.2, §1.6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::{Cause, Error, Step};

/// The longest address taken; browsers stop near here too.
const MOST_BYTES: usize = 2048;

/// A school's PRONOTE: its root, and what the address a person gave says beyond it.
///
/// ```
/// use pronote::{SchoolAddress, Space};
///
/// let address: SchoolAddress = "0123456A.index-education.net/pronote//mobile.eleve.html?login=true".parse().unwrap();
/// assert_eq!(address.root().as_str(), "https://0123456a.index-education.net/pronote");
/// assert_eq!(address.space(), Some(Space::Student));
/// assert!(address.bypasses_portal());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolAddress {
    root: Url,
    space: Option<Space>,
    bypasses_portal: bool,
}

impl SchoolAddress {
    /// The root, without a slash at its end unless it has no path.
    #[must_use]
    pub fn root(&self) -> &Url {
        &self.root
    }

    /// The space whose page the address named.
    #[must_use]
    pub fn space(&self) -> Option<Space> {
        self.space
    }

    /// Whether the address asked to pass by the school's portal (`login=true`).
    #[must_use]
    pub fn bypasses_portal(&self) -> bool {
        self.bypasses_portal
    }

    /// What identifies the school among others: host, port and path.
    #[must_use]
    pub fn key(&self) -> String {
        let port = self.root.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}{}", self.root.host_str().unwrap_or_default(), self.root.path().trim_end_matches('/'))
    }

    /// The address of something below the root, given without a leading slash.
    ///
    /// # Errors
    /// The path makes no address with this root.
    pub fn below(&self, path: &str) -> Result<Url, Error> {
        let text = format!("{}/{path}", self.root.as_str().trim_end_matches('/'));
        Url::parse(&text).map_err(|_| Error::new(Step::Address, Cause::Address("a path of the server is malformed")))
    }
}

impl FromStr for SchoolAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why| Error::new(Step::Address, Cause::Address(why));
        let text = text.trim();
        if text.is_empty() || text.len() > MOST_BYTES {
            return Err(refuse("it is empty or too long"));
        }
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut root = Url::parse(&with_scheme).map_err(|_| refuse("it is not an address"))?;
        if !matches!(root.scheme(), "http" | "https") || root.host_str().is_none_or(str::is_empty) {
            return Err(refuse("it does not begin with https:// and a host"));
        }
        let bypasses_portal = root.query_pairs().any(|(name, value)| name == "login" && value == "true");
        let mut segments: Vec<String> =
            root.path().split('/').filter(|part| !part.is_empty()).map(Into::into).collect();
        let mut space = None;
        while let Some(page) = segments.pop_if(|last| last.to_ascii_lowercase().ends_with(".html")) {
            space = space.or_else(|| Space::of_page(&page));
        }
        root.set_path(&segments.join("/"));
        root.set_query(None);
        root.set_fragment(None);
        // Neither can fail on an address with a host.
        let _ = root.set_username("");
        let _ = root.set_password(None);
        Ok(SchoolAddress { root, space, bypasses_portal })
    }
}

impl fmt::Display for SchoolAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root.as_str())
    }
}

/// The part of PRONOTE made for one kind of person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// Pupils.
    Student,
    /// Parents and guardians.
    Parent,
    /// Teachers.
    Teacher,
    /// School-life staff.
    SchoolLife,
    /// The management.
    Management,
    /// Adults who accompany a pupil.
    Companion,
    /// Companies that take interns.
    Company,
}

impl Space {
    /// Every space, with the name its page has.
    const PAGES: [(Space, &'static str); 7] = [
        (Space::Student, "eleve"),
        (Space::Parent, "parent"),
        (Space::Teacher, "professeur"),
        (Space::SchoolLife, "viescolaire"),
        (Space::Management, "direction"),
        (Space::Companion, "accompagnant"),
        (Space::Company, "entreprise"),
    ];

    /// The space of a page name such as `mobile.eleve.html`.
    #[must_use]
    pub fn of_page(page: &str) -> Option<Self> {
        let page = page.to_ascii_lowercase();
        let name = page.strip_suffix(".html")?;
        let name = name.strip_prefix("mobile.").unwrap_or(name);
        Self::PAGES.iter().find(|(_, known)| *known == name).map(|(space, _)| *space)
    }

    /// The page that opens this space. The mobile pages are the ones that give tokens; of the staff spaces only the
    /// desktop pages are known for sure.
    #[must_use]
    pub fn page(self) -> String {
        match self {
            Space::Student | Space::Parent | Space::Teacher => format!("mobile.{}", self.desktop_page()),
            _ => self.desktop_page(),
        }
    }

    /// The page that opens this space on a large screen: the one that portals know.
    #[must_use]
    pub fn desktop_page(self) -> String {
        let name = Self::PAGES.iter().find(|(space, _)| *space == self).map_or("eleve", |(_, name)| name);
        format!("{name}.html")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn root(text: &str) -> String {
        text.parse::<SchoolAddress>().unwrap().root().to_string()
    }

    #[test]
    fn what_people_paste_leads_to_the_root() {
        for text in [
            "https://demo.index-education.net/pronote/eleve.html",
            "demo.index-education.net/pronote/",
            "https://DEMO.index-education.net//pronote//mobile.eleve.html/eleve.html?fd=1#x",
            "https://user:secret@demo.index-education.net/pronote",
        ] {
            assert_eq!(root(text), "https://demo.index-education.net/pronote", "{text}");
        }
        assert_eq!(root("http://127.0.0.1:8700/pronote/"), "http://127.0.0.1:8700/pronote");
        assert_eq!(root("pronote.ecole.example"), "https://pronote.ecole.example/");
    }

    #[test]
    fn the_path_keeps_its_case_and_the_host_does_not() {
        assert_eq!(root("HTTPS://Ecole.Example/Pronote/Eleve.HTML"), "https://ecole.example/Pronote");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", " ", "ftp://ecole.example", "https://", "javascript:alert(1)", &"a".repeat(3000)] {
            assert!(text.parse::<SchoolAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_belongs_below_the_root() {
        let address: SchoolAddress = "https://ecole.example".parse().unwrap();
        assert_eq!(address.below("eleve.html").unwrap().as_str(), "https://ecole.example/eleve.html");
        assert_eq!(address.key(), "ecole.example");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "(https://)?[a-z.]{1,12}(:[0-9]{1,4})?(/[a-zA-Z.]{0,8}){0,4}(\\.html)?(\\?[a-z=&]{0,9})?") {
            if let Ok(address) = text.parse::<SchoolAddress>() {
                let again: SchoolAddress = address.to_string().parse().unwrap();
                prop_assert_eq!(again.root(), address.root());
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,60}") {
            let _ = text.parse::<SchoolAddress>();
        }
    }
}
