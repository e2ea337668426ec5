//! The steps of a `form-chain`, the family for a portal that fits no other (portals §4.3).

use super::row::Marker;
use super::selector::Selector;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Asks for a page.
    Get {
        /// Its address.
        url: Template,
        /// What is set in its query.
        set_query: Vec<(String, Template)>,
    },
    /// Sends a form of the page.
    Submit {
        /// Which form.
        selector: Selector,
        /// What is set in it.
        set: Vec<(String, Template)>,
        /// Whether the row's two fields are filled with the user name and the password.
        credentials: bool,
    },
    /// Sends the SAML request or response of the page on.
    RelaySaml,
    /// Signs in at EduConnect, up to its response.
    Educonnect,
    /// Goes where a link of the page leads, at the same host.
    FollowLink {
        /// Which link.
        selector: Selector,
    },
    /// Stops unless the page is as expected.
    Expect {
        /// By what it is known.
        marker: Marker,
    },
    /// Asks for PRONOTE's page, or for the ticket that leads to it.
    Service {
        /// Its address.
        url: Template,
    },
}

/// A text with placeholders: `{service}`, `{pronote_root}`, `{space}`, `{type_user}`, `{host}`. There is none for the
/// password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) String);

/// What the placeholders stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    /// PRONOTE's page, as the school registered it.
    pub(crate) service: &'a str,
    /// Where PRONOTE is, without a `/` at the end.
    pub(crate) pronote_root: &'a str,
    /// PRONOTE's page, such as `eleve.html`.
    pub(crate) space: &'a str,
    /// What EduConnect calls the kind of account.
    pub(crate) type_user: &'a str,
    /// The portal's own host.
    pub(crate) host: &'a str,
}
