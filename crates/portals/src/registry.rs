//! The portals: rows of data, shipped with the program or added by the user (portals §4).

mod document;
mod draft;
mod files;
pub(crate) mod hosts;
mod read;
pub(crate) mod row;
mod search;
pub(crate) mod selector;
pub(crate) mod step;
mod values;

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::{Error, Kind};
use crate::page::clean;

/// The row for a school on this very machine that has a portal of its own: found by such a school alone, listed nowhere, no
/// name for a row of the user, and the only one that may be plain http (portals §5 R1).
pub(crate) const DEMONSTRATION: &str = "demonstration";

/// The known portals. Rows are in the order of the list that the first clients knew, then the others.
#[derive(Debug, Default)]
pub struct Registry {
    portals: Vec<Portal>,
}

/// A portal.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Its identifier.
    pub id: String,
    /// Other spellings of it.
    pub aliases: Vec<String>,
    /// Its name, for people.
    pub display: String,
    /// The region or department, when the name does not say it.
    pub region: Option<String>,
    /// Whether it can be signed in through.
    pub status: Status,
    /// The successor of a retired one.
    pub replaced_by: Option<String>,
    /// When somebody last signed in with a real account and told us.
    pub verified: Option<Date>,
    /// How well its parameters are known: `A` to `D` (portals §0).
    pub evidence: char,
    /// How it is gone through; none where nobody goes through it any more.
    pub family: Option<Family>,
    /// The hosts by which it is known.
    pub hosts: Vec<String>,
    /// The hosts that may receive a password.
    pub credential_hosts: Vec<String>,
    /// What there is to know about it.
    pub notes: Option<String>,
    /// The file that added it; none for those shipped with the program.
    pub file: Option<String>,
    /// What a row of the user changes of the one shipped under the same identifier: names of fields.
    pub overrides: Vec<String>,
    /// The way, for the families.
    pub(crate) row: Arc<row::Row>,
}

/// Whether a portal can be signed in through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Yes.
    Supported,
    /// Yes, but nobody has confirmed it lately.
    Unverified,
    /// An older way that still works.
    Legacy,
    /// It is gone; another one replaces it.
    Retired,
    /// It cannot be signed in through safely.
    Refused,
}

/// How a portal is gone through (portals §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Skolengo.
    Skolengo,
    /// Edifice, also known as OpenENT, NEO and ONE.
    Edifice,
    /// Edifice behind an OpenID Connect provider: MonLycée.net.
    EdificeOidc,
    /// An Apereo CAS server that delegates.
    Apereo,
    /// A CAS server with a form of its own.
    CasForm,
    /// La Classe.
    Laclasse,
    /// A Shibboleth service provider with a discovery page.
    ShibWayf,
    /// Toutatice.
    Toutatice,
    /// Index Éducation's own way to EduConnect.
    HubEduconnect,
    /// A page that leads to an identity provider.
    SamlEntry,
    /// Steps that the row lists.
    FormChain,
}

/// The kind of an account at a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// A pupil.
    Pupil,
    /// A parent or guardian.
    Guardian,
    /// A teacher, or other staff.
    Staff,
}

/// A row of a user's file that cannot be used; the others can.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {why}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and with which row.
    pub why: String,
}

impl Registry {
    /// The portals shipped with the program. They change with a release, and never at run time (R18).
    #[must_use]
    pub fn builtin() -> Arc<Registry> {
        static BUILTIN: OnceLock<Arc<Registry>> = OnceLock::new();
        BUILTIN.get_or_init(|| Arc::new(Registry { portals: files::shipped().portals.clone() })).clone()
    }

    /// The same, and those of the user's files: pairs of a name and a content, in the order of names. Rows that cannot be
    /// used are left out.
    #[must_use]
    pub fn with_files(files: &[(String, String)]) -> (Registry, Vec<Fault>) {
        let (portals, mut faults) = files::with(files);
        for text in faults.iter_mut().flat_map(|fault| [&mut fault.file, &mut fault.why]) {
            // They quote what somebody else may have written.
            *text = clean(text).unwrap_or_default();
        }
        (Registry { portals }, faults)
    }

    /// Every portal.
    pub fn iter(&self) -> impl Iterator<Item = &Portal> {
        self.portals.iter().filter(|portal| portal.id != DEMONSTRATION)
    }

    /// The portal of an identifier, of another spelling of it, or of a whole name. Identifiers count as they are written;
    /// names without accents, case and quotation marks.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Portal> {
        let exact = self.portals.iter().find(|portal| portal.names().any(|name| name == id));
        exact.or_else(|| {
            let name = search::folded(id);
            self.iter().find(|portal| !name.is_empty() && search::folded(&portal.display) == name)
        })
    }

    /// The same, if it can be signed in through.
    ///
    /// # Errors
    /// There is none, or it is gone or refused.
    pub fn usable(&self, id: &str) -> Result<&Portal, Error> {
        let portal = self.get(id);
        let known = portal.ok_or_else(|| Kind::NoSuchPortal { id: clean(id).unwrap_or_default() });
        known.and_then(|portal| portal.usable().map(|()| portal)).map_err(|kind| {
            let portal = portal.map(|portal| portal.id.clone());
            Error { kind, portal, host: None, said: None, evaluated: false }
        })
    }

    /// The portals whose identifier, name, region or host holds every word of a text, accents and case apart.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<&Portal> {
        search::search(self, text)
    }

    /// The portals at a host, or at the host of an address.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Vec<&Portal> {
        search::of_host(self, host)
    }

    /// The file that a person may write after an error: for a portal that is not known, or one that has moved. It says what
    /// is left to fill in, and goes into `portals.d` once the person is sure of the host.
    #[must_use]
    pub fn draft(&self, error: &crate::Error) -> Option<String> {
        draft::draft(self, error)
    }

    /// The portals that a school's redirect may lead to; those that do the same are one (portals §4.4).
    #[must_use]
    pub fn detect(&self, redirect: &Url) -> Vec<&Portal> {
        search::detect(self, redirect)
    }
}

impl Status {
    /// Whether a request is ever sent for it.
    #[must_use]
    pub fn signs_in(self) -> bool {
        !matches!(self, Status::Retired | Status::Refused)
    }
}

impl Portal {
    /// Nothing is sent for one that is gone or refused.
    pub(crate) fn usable(&self) -> Result<(), Kind> {
        match self.status {
            Status::Refused => Err(Kind::Refused),
            Status::Supported | Status::Unverified | Status::Legacy if self.row.family.is_some() => Ok(()),
            _ => Err(Kind::Retired { replaced_by: self.replaced_by.clone() }),
        }
    }

    /// What it answers to: its identifier and the other spellings.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.aliases).map(String::as_str)
    }
}
