//! A directory that follows SUPANN, or any other (`card.md`, section 4.1).
//!
//! What a person may make of a login is escaped, and an entry that the server takes for it although it is another is not
//! taken. What a directory hides from the service account is not there, and it does not say so.

mod entry;
mod filter;
mod pool;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ldap3::controls::PagedResults;
use ldap3::{Scope, parse_filter};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use transport::Url;

use self::entry::Entry;
use self::filter::Template;
use self::pool::{Pool, Search};
use super::listing::{self, Listing};
use super::{Answer, Kind, Picture, Source, SourceError, key};
use crate::record::Record;

/// How long a page of a list may take, and how many people it has: nobody waits in front of it.
const LIST_PATIENCE: Duration = Duration::from_secs(30);
const LIST_PAGE: i32 = 500;
/// Two are enough to know that it is not one.
const TWO: usize = 2;
/// An attribute that no entry has: its name is all that is wanted of it.
const NONE: &[&str] = &["1.1"];

/// Where a directory is and how people are found in it. Relative paths are from the folder of the configuration.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The servers, `ldaps://…` or `ldap://…`, the one that is asked first first.
    pub urls: Vec<String>,
    /// The certificates that are trusted, a PEM file. Default: those of the system.
    pub ca: Option<PathBuf>,
    /// Whether `ldap://` is made secure before anything is said. Default: false.
    #[serde(default)]
    pub start_tls: bool,
    /// Whether a password may go over `ldap://` to another machine, readable by all between. Default: false.
    #[serde(default)]
    pub allow_plain: bool,
    /// The service account. Default: none, which most directories tell little.
    #[serde(default)]
    pub bind_dn: String,
    /// Its password.
    pub bind_password: Option<SecretString>,
    /// Below what people are.
    pub base: String,
    /// What finds one of them; `{username}` or `{key}` stands for the key, which is escaped. Default: `(uid={username})`.
    #[serde(default = "filter")]
    pub filter: String,
    /// What finds all of them, to list them. Default: the filter, for any key.
    pub list_filter: Option<String>,
    /// The attribute that is the key in that list. Default: the first that the filter compares to the key.
    pub key_attribute: Option<String>,
    /// Attributes that an entry is given, of the value `true`, when a filter matches it. Default: none.
    #[serde(default)]
    pub flags: BTreeMap<String, String>,
    /// How long one person may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The most connections at a time. Default: 8.
    #[serde(default = "connections")]
    pub connections: usize,
}

fn filter() -> String {
    "(uid={username})".to_owned()
}

fn timeout_ms() -> u64 {
    1500
}

fn connections() -> usize {
    8
}

impl Config {
    /// The keys that hold secrets.
    pub const SECRETS: &[&str] = &["bind_password"];
}

/// People of a directory.
pub struct Ldap {
    pool: Pool,
    base: String,
    filter: Template,
    list_filter: String,
    key_attribute: Option<String>,
    flags: BTreeMap<String, String>,
    patience: Duration,
    listing: Listing,
}

impl Ldap {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(config: Config, folder: &Path) -> Result<Self, String> {
        let urls = config.urls.iter().map(|url| server(url, &config)).collect::<Result<Vec<_>, _>>()?;
        if urls.is_empty() {
            return Err("`urls` names no server".to_owned());
        }
        let password = config.bind_password.filter(|password| !password.expose_secret().is_empty());
        let account = match (config.bind_dn.is_empty(), password) {
            (true, None) => None,
            (true, Some(_)) => return Err("`bind_password` is given without `bind_dn`".to_owned()),
            // A directory would take it for nobody, and tell of nobody.
            (false, None) => return Err("`bind_password` is empty".to_owned()),
            (false, Some(password)) => Some((config.bind_dn, password)),
        };
        let tls = config.ca.map(|ca| trusting(&folder.join(ca))).transpose()?;
        let filter = Template::parse(&config.filter)?;
        let list_filter = config.list_filter.unwrap_or_else(|| filter.any());
        for (name, filter) in
            config.flags.iter().map(|(name, filter)| (name.as_str(), filter)).chain([("list_filter", &list_filter)])
        {
            parse_filter(filter).map_err(|()| format!("`{name}` is no filter"))?;
        }
        let first = filter.compared().first().map(|comparison| comparison.attribute.clone());
        let patience = Duration::from_millis(config.timeout_ms.max(1));
        let pool = Pool::new(urls, tls, config.start_tls, patience).with(account, config.connections.clamp(1, 100));
        Ok(Ldap {
            pool,
            base: config.base,
            filter,
            list_filter,
            key_attribute: config.key_attribute.or(first),
            flags: config.flags.into_iter().map(|(name, filter)| (name.to_lowercase(), filter)).collect(),
            patience,
            listing: Listing::default(),
        })
    }

    /// Waits for something, for no longer than a time. What a server sends may be such that the library stops; whoever
    /// asked does not.
    async fn within<T>(
        &self,
        patience: Duration,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        match timeout(patience, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(pool::unreadable()),
            Err(_) => Err(SourceError::Slow(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX))),
        }
    }

    /// The entry of a key, with some attributes.
    async fn entry(&self, key: &str, attributes: &[&str], names_only: bool) -> Result<Option<Entry>, SourceError> {
        if !key::askable(key) {
            return Ok(None);
        }
        let mut wanted: Vec<&str> = attributes.to_vec();
        for comparison in self.filter.compared() {
            if !wanted.iter().any(|name| name.eq_ignore_ascii_case(&comparison.attribute)) {
                wanted.push(&comparison.attribute);
            }
        }
        let wanted = if wanted.is_empty() { NONE } else { &wanted };
        let filter = self.filter.fill(key);
        let search = Search { attributes: wanted, names_only, ..self.subtree(&filter) };
        let mut found = self.pool.search(&search).await?;
        if found.entries.len() > 1 || found.more {
            return Err(SourceError::Ambiguous);
        }
        // Without their values, they cannot be looked at.
        Ok(found.entries.pop().filter(|entry| names_only || self.filter.accepts(key, entry)))
    }

    /// A search for one person.
    fn subtree<'a>(&'a self, filter: &'a str) -> Search<'a> {
        Search {
            base: &self.base,
            scope: Scope::Subtree,
            filter,
            attributes: NONE,
            names_only: false,
            most: TWO,
            within: self.patience,
        }
    }

    /// Whether an entry matches a filter.
    async fn matches(&self, dn: &str, filter: &str) -> Result<bool, SourceError> {
        let search = Search { base: dn, scope: Scope::Base, ..self.subtree(filter) };
        Ok(!self.pool.search(&search).await?.entries.is_empty())
    }

    async fn find(&self, key: &str, attributes: &[String]) -> Result<Option<Record>, SourceError> {
        let is_flag = |name: &&str| self.flags.contains_key(&name.to_lowercase());
        let (flags, wanted): (Vec<&str>, Vec<&str>) = attributes.iter().map(String::as_str).partition(is_flag);
        let Some(entry) = self.entry(key, &wanted, false).await? else { return Ok(None) };
        let dn = entry.dn.clone();
        let mut record = entry.into_record();
        for flag in flags {
            if let Some(filter) = self.flags.get(&flag.to_lowercase())
                && self.matches(&dn, filter).await?
            {
                record.add(flag, "true");
            }
        }
        Ok(Some(record))
    }

    /// The keys of all people, page by page on one connection.
    async fn collect(&self, attribute: &str) -> Result<Vec<String>, SourceError> {
        let comparison =
            self.filter.compared().iter().find(|comparison| comparison.attribute.eq_ignore_ascii_case(attribute));
        let attributes = [attribute];
        let search =
            Search { attributes: &attributes, most: 0, within: LIST_PATIENCE, ..self.subtree(&self.list_filter) };
        let (mut keys, mut cookie) = (Vec::new(), Vec::new());
        let mut lease = self.within(self.patience, self.pool.fresh()).await?;
        loop {
            let page = PagedResults { size: LIST_PAGE, cookie };
            let found = self.within(LIST_PATIENCE, lease.page(&search, Some(page))).await?;
            for entry in &found.entries {
                let value = entry.values(attribute).next().and_then(|value| str::from_utf8(value).ok());
                let key = value.and_then(|value| comparison.map_or(Some(value), |comparison| comparison.key(value)));
                keys.extend(key.map(str::to_owned));
            }
            if found.more || keys.len() > listing::MOST {
                let listed = keys.len();
                return Err(SourceError::Unreadable(format!(
                    "it lists only {listed} people to this account: its limit is to be raised"
                )));
            }
            if found.cookie.is_empty() {
                lease.give_back();
                return Ok(keys);
            }
            cookie = found.cookie;
        }
    }
}

/// A server, if it is one that a password may be told.
fn server(text: &str, config: &Config) -> Result<Url, String> {
    // What is no address may hold anything, and is not repeated.
    let url = Url::parse(text).map_err(|_| "`urls` holds what is no address".to_owned())?;
    let host = url.host_str().unwrap_or_default();
    if !matches!(url.scheme(), "ldap" | "ldaps") || host.is_empty() {
        return Err("`urls` holds what is neither ldaps:// nor ldap:// and a host".to_owned());
    }
    let here = host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let secure = url.scheme() == "ldaps" || config.start_tls || config.allow_plain || here;
    if !secure && !config.bind_dn.is_empty() {
        return Err(format!(
            "{host} would be told the password for all to read: use ldaps://, `start_tls` or, knowing it, `allow_plain`"
        ));
    }
    Ok(url)
}

/// TLS that trusts the certificates of a file, and no other.
fn trusting(ca: &Path) -> Result<Arc<ClientConfig>, String> {
    let fault = |why: String| format!("`ca`, {}: {why}", ca.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(|error| fault(error.to_string()))? {
        let certificate = certificate.map_err(|error| fault(error.to_string()))?;
        roots.add(certificate).map_err(|error| fault(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(fault("it holds no certificate".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config =
        versions.map_err(|error| fault(error.to_string()))?.with_root_certificates(roots).with_no_client_auth();
    Ok(Arc::new(config))
}

impl Source for Ldap {
    fn kind(&self) -> Kind {
        Kind::Ldap
    }

    fn find<'a>(&'a self, key: &'a str, attributes: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(self.within(self.patience, self.find(key, attributes)))
    }

    fn photos<'a>(&'a self, key: &'a str, attribute: &'a str, _: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(self.within(self.patience, async move {
            let entry = self.entry(key, &[attribute], false).await?;
            let pictures = |entry: Entry| {
                let values = entry.values(attribute).filter(|value| !value.is_empty());
                values.map(|value| Picture::new(value.into())).collect()
            };
            Ok(entry.map(pictures).unwrap_or_default())
        }))
    }

    fn has_photo<'a>(&'a self, key: &'a str, attribute: &'a str, _: &'a Record) -> Answer<'a, bool> {
        Box::pin(self.within(self.patience, async move {
            Ok(self.entry(key, &[attribute], true).await?.is_some_and(|entry| entry.has(attribute)))
        }))
    }

    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async move {
            let Some(attribute) = &self.key_attribute else { return Ok(None) };
            if let Some(page) = after.and_then(|after| self.listing.page(after)) {
                return Ok(Some(page));
            }
            Ok(Some(self.listing.keep(self.collect(attribute).await?, after)))
        })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(self.within(self.patience, async {
            match self.matches(&self.base, "(objectClass=*)").await? {
                true => Ok("it lets the account in, and has the base".to_owned()),
                false => Err(SourceError::Unreadable("it hides the base from this account".to_owned())),
            }
        }))
    }
}
