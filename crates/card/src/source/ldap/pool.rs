//! Connections to the servers: few, kept for a while, and given to whoever asks next.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ldap3::controls::{Control, ControlType, PagedResults};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Scope, SearchOptions};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use transport::Url;

use super::entry::Entry;
use crate::source::SourceError;
use crate::source::pace::Refusal;

/// How long a connection may be idle. Servers and what is between keep them longer than this.
const IDLE: Duration = Duration::from_secs(60);
/// For how long a server that could not be reached is asked last.
const AVOIDED: Duration = Duration::from_secs(30);

/// The connections to the servers of a directory.
pub(crate) struct Pool {
    servers: Vec<Server>,
    tls: Option<Arc<ClientConfig>>,
    start_tls: bool,
    account: Option<(String, SecretString)>,
    /// How long connecting to one server may take.
    patience: Duration,
    permits: Semaphore,
    idle: Mutex<Vec<(Ldap, Instant)>>,
    refusal: Refusal,
}

struct Server {
    url: Url,
    failed: Mutex<Option<Instant>>,
}

/// What is searched for.
pub(crate) struct Search<'a> {
    pub(crate) base: &'a str,
    pub(crate) scope: Scope,
    pub(crate) filter: &'a str,
    pub(crate) attributes: &'a [&'a str],
    /// Whether the names of attributes are enough.
    pub(crate) names_only: bool,
    /// The most entries that are of use; 0 for all.
    pub(crate) most: usize,
    /// How long the server may search, in whole seconds.
    pub(crate) within: Duration,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    /// Whether there is more than was to be sent.
    pub(crate) more: bool,
    /// How the server goes on with the next page; empty after the last.
    pub(crate) cookie: Vec<u8>,
}

/// Why nothing was found out.
enum Fault {
    /// The connection is no more.
    Lost(String),
    /// The server said so.
    Said(SourceError),
}

impl Pool {
    pub(crate) fn new(urls: Vec<Url>, tls: Option<Arc<ClientConfig>>, start_tls: bool, patience: Duration) -> Self {
        let share = patience / u32::try_from(urls.len()).unwrap_or(u32::MAX).max(1);
        let servers = urls.into_iter().map(|url| Server { url, failed: Mutex::default() }).collect();
        let (permits, idle, refusal) = (Semaphore::new(1), Mutex::default(), Refusal::default());
        Pool { servers, tls, start_tls, account: None, patience: share, permits, idle, refusal }
    }

    /// With an account, and no more than so many connections.
    pub(crate) fn with(self, account: Option<(String, SecretString)>, connections: usize) -> Self {
        Pool { account, permits: Semaphore::new(connections), ..self }
    }

    /// Searches, on a connection that is at hand or on a new one.
    pub(crate) async fn search(&self, search: &Search<'_>) -> Result<Found, SourceError> {
        if let Some(mut lease) = self.at_hand().await? {
            match lease.search(search, None).await {
                // The server has closed it while it was idle.
                Err(Fault::Lost(_)) => {}
                Err(Fault::Said(error)) => return Err(error),
                Ok(found) => {
                    lease.give_back();
                    return Ok(found);
                }
            }
        }
        let mut lease = self.fresh().await?;
        let found = lease.page(search, None).await?;
        lease.give_back();
        Ok(found)
    }

    /// A connection that is at hand and seems to be alive.
    async fn at_hand(&self) -> Result<Option<Lease<'_>>, SourceError> {
        let permit = self.permit().await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain_mut(|(ldap, since)| since.elapsed() < IDLE && !ldap.is_closed());
        Ok(idle.pop().map(|(ldap, _)| Lease { pool: self, ldap, _permit: permit }))
    }

    /// A new connection, on which the account was let in.
    pub(crate) async fn fresh(&self) -> Result<Lease<'_>, SourceError> {
        let permit = self.permit().await?;
        let avoided = |server: &&Server| {
            let failed = server.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.is_some_and(|when| when.elapsed() < AVOIDED)
        };
        let mut order: Vec<&Server> = self.servers.iter().collect();
        order.sort_by_key(avoided);
        let mut faults = Vec::new();
        for server in order {
            let host = server.url.host_str().unwrap_or_default();
            let fault = match timeout(self.patience, self.connect(&server.url)).await {
                Ok(Ok(ldap)) => {
                    *server.failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    return Ok(Lease { pool: self, ldap, _permit: permit });
                }
                // Another would say the same, and count one wrong password more.
                Ok(Err(Fault::Said(error))) => return Err(error),
                Ok(Err(Fault::Lost(why))) => format!("{host}: {why}"),
                Err(_) => format!("{host}: no answer within {} ms", self.patience.as_millis()),
            };
            *server.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            faults.push(fault);
        }
        Err(SourceError::Unreachable(faults.join("; ")))
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, SourceError> {
        self.permits.acquire().await.map_err(|_| SourceError::Unreachable("it is being closed".to_owned()))
    }

    async fn connect(&self, url: &Url) -> Result<Ldap, Fault> {
        if let Some(why) = self.refusal.recent() {
            return Err(Fault::Said(SourceError::Refused(why)));
        }
        let mut settings = LdapConnSettings::new().set_starttls(self.start_tls);
        if let Some(tls) = &self.tls {
            settings = settings.set_config(Arc::clone(tls));
        }
        let (connection, mut ldap) = LdapConnAsync::from_url_with_settings(settings, url).await.map_err(|error| {
            match lost(error) {
                // It was asked for TLS, and is not spoken to without.
                Fault::Said(error) => Fault::Lost(format!("no StartTLS: {error}")),
                lost => lost,
            }
        })?;
        tokio::spawn(async move {
            // Whoever waits on it sees that it has ended.
            let _ = connection.drive().await;
        });
        let Some((dn, password)) = &self.account else { return Ok(ldap) };
        let password = password.expose_secret();
        if password.is_empty() {
            // A server would let it in as nobody.
            return Err(Fault::Said(SourceError::Refused("its password is empty".to_owned())));
        }
        let bound = ldap.simple_bind(dn, password).await.map_err(lost)?;
        match bound.rc {
            0 => Ok(ldap),
            51 | 52 => Err(Fault::Lost(said(&bound))),
            _ => {
                let why = said(&bound);
                self.refusal.note(&why);
                Err(Fault::Said(SourceError::Refused(why)))
            }
        }
    }
}

/// A connection, for one who asks. It is closed unless it is given back: only then is nothing more to come on it.
pub(crate) struct Lease<'a> {
    pool: &'a Pool,
    ldap: Ldap,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    /// Searches, for a page after a cookie if one is given.
    pub(crate) async fn page(&mut self, search: &Search<'_>, page: Option<PagedResults>) -> Result<Found, SourceError> {
        self.search(search, page).await.map_err(|fault| match fault {
            Fault::Lost(why) => SourceError::Unreachable(why),
            Fault::Said(error) => error,
        })
    }

    pub(crate) fn give_back(self) {
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((self.ldap, Instant::now()));
    }

    async fn search(&mut self, search: &Search<'_>, page: Option<PagedResults>) -> Result<Found, Fault> {
        let seconds = i32::try_from(search.within.as_secs_f64().ceil() as u64).unwrap_or(i32::MAX);
        let most = i32::try_from(search.most).unwrap_or(0);
        let options = SearchOptions::new().typesonly(search.names_only).sizelimit(most).timelimit(seconds);
        self.ldap.with_search_options(options);
        if let Some(page) = page {
            self.ldap.with_controls(page);
        }
        let searched = self.ldap.streaming_search(search.base, search.scope, search.filter, search.attributes).await;
        let mut stream = searched.map_err(lost)?;
        let mut found = Found::default();
        while let Some(sent) = stream.next().await.map_err(lost)? {
            // Where else there may be more, and other remarks.
            if sent.is_ref() || sent.is_intermediate() {
                continue;
            }
            let Some(entry) = Entry::read(sent) else { return Err(Fault::Said(unreadable())) };
            found.entries.push(entry);
            if search.most > 0 && found.entries.len() > search.most {
                return Err(Fault::Said(SourceError::Unreadable("it sends more than it was asked for".to_owned())));
            }
        }
        let result = stream.finish().await;
        found.more = judge(&result, search.within).map_err(Fault::Said)?;
        for control in &result.ctrls {
            if let Control(Some(ControlType::PagedResults), control) = control {
                found.cookie = control.parse::<PagedResults>().cookie;
            }
        }
        Ok(found)
    }
}

/// What is said when an answer is not one.
pub(crate) fn unreadable() -> SourceError {
    SourceError::Unreadable("it answers what is not LDAP".to_owned())
}

/// Whether there is more than was sent; an error, if the search was not done.
fn judge(result: &LdapResult, within: Duration) -> Result<bool, SourceError> {
    let error = match result.rc {
        0 => return Ok(false),
        4 => return Ok(true),
        3 => SourceError::Slow(u64::try_from(within.as_millis()).unwrap_or(u64::MAX)),
        10 => SourceError::Unreadable("it says that another server has this base".to_owned()),
        32 => SourceError::Unreadable("it has no such base, or hides it from this account".to_owned()),
        7 | 8 | 13 | 48 | 49 | 50 | 53 => SourceError::Refused(said(result)),
        51 | 52 => SourceError::Unreachable(said(result)),
        _ => SourceError::Unreadable(said(result)),
    };
    Err(error)
}

/// A result in words. What the server adds may name somebody.
fn said(result: &LdapResult) -> String {
    let words = match result.rc {
        1 => "operations error: it may want an account",
        2 => "protocol error",
        7 => "this way of signing in is not supported",
        8 | 13 => "it wants a secure connection",
        11 => "its administrator's limit is exceeded",
        34 => "a name is not one",
        48 => "an account is not let in this way",
        49 => "wrong name or password",
        50 => "the account has not the rights",
        51 => "busy",
        52 => "unavailable",
        53 => "it is unwilling",
        _ => return format!("result {}", result.rc),
    };
    format!("{words} (result {})", result.rc)
}

/// What a failure of the connection means.
fn lost(error: LdapError) -> Fault {
    match error {
        LdapError::Io { source } => Fault::Lost(source.to_string()),
        LdapError::Rustls { source } => Fault::Lost(source.to_string()),
        LdapError::DNSName { .. } => Fault::Lost("its name cannot be in a certificate".to_owned()),
        LdapError::LdapResult { result } => Fault::Said(SourceError::Unreadable(said(&result))),
        LdapError::FilterParsing => Fault::Said(SourceError::Unreadable("the filter is none".to_owned())),
        LdapError::Timeout { .. } => Fault::Lost("no answer in time".to_owned()),
        _ => Fault::Lost("the connection was closed".to_owned()),
    }
}
