//! Where a sign-in is: what families may know of it. No user name and no password is here.

use std::sync::Arc;

use pronote::{SchoolAddress, Space};
use url::Url;

use crate::error::Kind;
use crate::page::{Form, Page, plain};
use crate::question::Question;
use crate::registry::Profile;
use crate::registry::row::{EntryMode, Marker, Row, Way};
use crate::step::{Ask, Next, Stop, Submission};

/// A sign-in on its way.
pub(crate) struct Walk {
    /// The portal's row.
    pub(crate) row: Arc<Row>,
    /// The kind of account.
    pub(crate) profile: Profile,
    /// How this kind of account signs in.
    pub(crate) way: Way,
    /// The school.
    pub(crate) school: SchoolAddress,
    /// The space to open.
    pub(crate) space: Space,
    /// The portal's login address with its service, as PRONOTE's redirect or the row says it; none where the portal comes
    /// first.
    pub(crate) login: Option<Url>,
    /// How many steps of a `form-chain` are done.
    pub(crate) steps: usize,
    /// The host that the password was sent to.
    pub(crate) posted: Option<String>,
    /// Whether that host said yes since: it gave a SAML response, or a ticket led to PRONOTE.
    pub(crate) accepted: bool,
    /// What was done once.
    done: Vec<&'static str>,
}

impl Walk {
    pub(crate) fn new(row: Arc<Row>, profile: Profile, way: Way, school: SchoolAddress, space: Space) -> Self {
        let (login, posted) = (None, None);
        Walk { row, profile, way, school, space, login, steps: 0, posted, accepted: false, done: Vec::new() }
    }

    /// Forgets what a first try has left, but not the password's way.
    pub(crate) fn begin_again(&mut self) {
        self.login = None;
        self.steps = 0;
        self.done.clear();
    }

    /// The portal's login address; where the portal comes first, its page.
    pub(crate) fn usual_entry(&self) -> Result<Next, Stop> {
        let url = match self.row.entry.mode {
            EntryMode::PortalFirst => self.row.entry.url.as_ref().or(self.login.as_ref()),
            _ => self.login.as_ref(),
        };
        Ok(url.map_or(Next::Unknown, |url| Next::Get(url.clone())))
    }

    /// PRONOTE's page for this space.
    pub(crate) fn school_page(&self) -> Result<Url, Stop> {
        school_page(&self.school, self.space)
    }

    /// The service, as the school registered it; else PRONOTE's page.
    pub(crate) fn service(&self) -> Result<String, Stop> {
        let registered = self.login.as_ref().and_then(|login| query(login, "service"));
        registered.map_or_else(|| Ok(self.school_page()?.into()), Ok)
    }

    /// Whether something has not been done yet; from now on it has.
    pub(crate) fn once(&mut self, what: &'static str) -> bool {
        let first = !self.done.contains(&what);
        if first {
            self.done.push(what);
        }
        first
    }

    /// Takes note that a page asks for a choice. One that asks again has not taken the answer: that is told, and none is
    /// tried after another (portals §5 R6).
    pub(crate) fn choosing(&mut self, what: &'static str, page: &Page) -> Result<(), Stop> {
        if self.once(what) { Ok(()) } else { Err(Stop::at(page, Kind::SelectionRejected)) }
    }

    /// Asks for a code, and sends it in a field of a form. A page that asks again has not taken it.
    pub(crate) fn ask_code(&mut self, page: &Page, form: &Form, field: &str) -> Result<Next, Stop> {
        if !self.once("code") {
            return Err(Stop::at(page, Kind::MfaRequired));
        }
        let field = field.to_owned();
        let form = Submission::of(page, form)?;
        Ask::secret(Question::Code, form, move |form, answer| Ok(form.set(&field, answer.text())))
    }

    /// Whether a URL is PRONOTE's.
    pub(crate) fn is_school(&self, url: &Url) -> bool {
        is_school(&self.school, url)
    }
}

/// A school's page for a space.
pub(crate) fn school_page(school: &SchoolAddress, space: Space) -> Result<Url, Stop> {
    school.below(&space.desktop_page()).map_err(|_| Kind::NotPronote.into())
}

/// Whether a URL is a school's. The demonstration's portal is at the school's own origin, beside PRONOTE's folder.
pub(crate) fn is_school(school: &SchoolAddress, url: &Url) -> bool {
    let root = school.root();
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    url.origin() == root.origin()
        && (url.scheme() == "https" || url.path().strip_prefix(root.path().trim_end_matches('/')).is_some_and(is_below))
}

/// Whether a page shows all that a marker says.
pub(crate) fn fits(page: &Page, marker: &Marker) -> bool {
    marker.selector.as_ref().is_none_or(|selector| page.has_by(selector))
        && marker.text.as_ref().is_none_or(|text| match &marker.selector {
            Some(selector) => page.text_by(selector).is_some_and(|inside| plain(inside).contains(&plain(text))),
            None => page.says(text),
        })
        && marker.url_contains.as_ref().is_none_or(|part| page.url.as_str().contains(part.as_str()))
        && (marker.selector.is_some() || marker.text.is_some() || marker.url_contains.is_some())
}

/// The first value of a name in a query.
pub(crate) fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

/// Sets pairs in a query, leaving all else letter for letter as it is.
pub(crate) fn with_query(url: &Url, pairs: &[(String, String)]) -> Url {
    let mut url = url.clone();
    let is_set = |part: &str| {
        let name = url::form_urlencoded::parse(part.as_bytes()).next().map(|(name, _)| name.into_owned());
        pairs.iter().any(|(set, _)| Some(set) == name.as_ref())
    };
    let old = url.query().unwrap_or_default().to_owned();
    let kept: Vec<&str> = old.split('&').filter(|part| !part.is_empty() && !is_set(part)).collect();
    let mut query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    for part in kept {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(part);
    }
    url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_school_registered_stays_letter_for_letter() {
        let url =
            Url::parse("https://cas.x.fr/login?selection=OLD&service=https%3A%2F%2FA.INDEX.net%2fpronote%2F").unwrap();
        let url = with_query(&url, &[("selection".into(), "EDU".into())]);
        assert_eq!(url.as_str(), "https://cas.x.fr/login?selection=EDU&service=https%3A%2F%2FA.INDEX.net%2fpronote%2F");
    }
}
