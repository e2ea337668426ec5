//! A cookie jar with a bottom.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{Cookie, CookieDomain, CookieStore};
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use serde_json::Value;
use url::Url;

use crate::Error;

/// The longest `Set-Cookie` that is read: what browsers take (RFC 6265, section 6.1).
const MAX_COOKIE: usize = 4096;

/// How many cookies a jar holds. A sign-in through a portal leaves about thirty.
const MAX_COOKIES: usize = 100;

/// How many bytes of names, values, domains and paths a jar holds.
const MAX_JAR: usize = 64 * 1024;

/// The longest export that is read back: a full jar, each part written twice and escaped, stays well below.
const MAX_EXPORT: usize = 1024 * 1024;

/// The cookies of one browser.
#[derive(Default)]
pub(crate) struct Jar {
    store: Mutex<CookieStore>,
}

impl Jar {
    /// Keeps the cookies an answer sets; those that are malformed, foreign or too many are dropped.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap) {
        if !headers.contains_key(SET_COOKIE) {
            return;
        }
        let mut store = self.lock();
        for header in headers.get_all(SET_COOKIE) {
            if let Ok(text) = str::from_utf8(header.as_bytes()) {
                // A cookie that cannot be kept is no reason to lose the answer.
                let _ = insert(&mut store, url, text);
            }
        }
    }

    /// Sets a cookie for a host and all its paths, until the end of the session.
    pub(crate) fn set(&self, url: &Url, name: &str, value: &str) -> Result<(), Error> {
        let sendable =
            |text: &str, refused: &str| text.bytes().all(|b| b.is_ascii_graphic() && !refused.contains(char::from(b)));
        if name.is_empty() || !sendable(name, "=;,\"") || !sendable(value, ";") {
            return Err(Error::InvalidCookie);
        }
        insert(&mut self.lock(), url, &format!("{name}={value}; Path=/"))
    }

    /// Returns the value of the cookie of that name that would be sent to a URL.
    pub(crate) fn get(&self, url: &Url, name: &str) -> Option<String> {
        sent_to(&self.lock(), url).iter().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// Writes the `Cookie` header for a URL.
    pub(crate) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let store = self.lock();
        let mut header = String::new();
        for cookie in sent_to(&store, url) {
            if !header.is_empty() {
                header.push_str("; ");
            }
            header.push_str(cookie.name());
            header.push('=');
            header.push_str(cookie.value());
        }
        if header.is_empty() { None } else { HeaderValue::from_maybe_shared(bytes::Bytes::from(header)).ok() }
    }

    /// Drops every cookie that would not be sent to a URL.
    pub(crate) fn keep_only(&self, url: &Url) {
        let mut store = self.lock();
        let foreign: Vec<_> = store.iter_any().filter(|cookie| !cookie.matches(url)).map(place).collect();
        for (domain, path, name) in foreign {
            store.remove(&domain, &path, &name);
        }
    }

    /// Writes every cookie as JSON, those that end with the session too.
    pub(crate) fn export(&self) -> String {
        let store = self.lock();
        Value::Array(store.iter_unexpired().filter_map(|cookie| serde_json::to_value(cookie).ok()).collect())
            .to_string()
    }

    /// Reads what [`Jar::export`] wrote.
    pub(crate) fn restore(json: &str) -> Result<Self, Error> {
        if json.len() > MAX_EXPORT {
            return Err(Error::InvalidJar);
        }
        let mut cookies: Vec<Cookie<'static>> = serde_json::from_str(json).map_err(|_| Error::InvalidJar)?;
        // No server can set these, and one of them would spoil the whole header.
        cookies.retain(|cookie| !has_control(cookie.name()) && !has_control(cookie.value()));
        let Ok(store) = CookieStore::from_cookies(cookies.into_iter().map(Ok::<_, Error>), false) else {
            return Err(Error::InvalidJar);
        };
        if is_full(&store) {
            return Err(Error::InvalidJar);
        }
        Ok(Self { store: Mutex::new(store) })
    }

    fn lock(&self) -> MutexGuard<'_, CookieStore> {
        // No change to the jar can be left half done by a panic.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lists the cookies for a URL, the most precise path first, as servers expect (RFC 6265, section 5.4).
fn sent_to<'s>(store: &'s CookieStore, url: &Url) -> Vec<&'s Cookie<'static>> {
    // The store's own `matches` never finds those of an IPv6 address.
    let mut cookies: Vec<_> = store.iter_unexpired().filter(|cookie| cookie.matches(url)).collect();
    // Name and domain say the same order every time, which is how a redirect loop is recognized.
    cookies.sort_unstable_by(|a, b| {
        let tie = || (a.name(), a.domain.as_cow()).cmp(&(b.name(), b.domain.as_cow()));
        b.path.len().cmp(&a.path.len()).then_with(tie)
    });
    cookies
}

fn insert(store: &mut CookieStore, url: &Url, text: &str) -> Result<(), Error> {
    if text.len() > MAX_COOKIE {
        return Err(Error::InvalidCookie);
    }
    let cookie = Cookie::parse(text, url).map_err(|_| Error::InvalidCookie)?.into_owned();
    // A cookie for a whole country ("Domain=fr"), or for all who rent names below one ("Domain=gouv.fr"), is nobody's.
    let is_shared = |domain: &str| psl::suffix_str(domain) == Some(domain);
    if matches!(&cookie.domain, CookieDomain::Suffix(domain) if is_shared(domain) && url.host_str() != Some(domain)) {
        return Err(Error::InvalidCookie);
    }
    let (domain, path, name) = place(&cookie);
    store.insert(cookie, url).map_err(|_| Error::InvalidCookie)?;
    if is_full(store) {
        remove_expired(store);
    }
    if is_full(store) {
        store.remove(&domain, &path, &name);
        tracing::debug!("Dropped a cookie: the jar is full");
        return Err(Error::InvalidCookie);
    }
    Ok(())
}

/// What tells a cookie from others: its domain, path and name.
fn place(cookie: &Cookie<'_>) -> (String, String, String) {
    (String::from(&cookie.domain), String::from(&cookie.path), cookie.name().to_owned())
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t')
}

fn is_full(store: &CookieStore) -> bool {
    let (count, bytes) = store.iter_any().fold((0, 0), |(count, bytes), cookie| {
        let domain = cookie.domain.as_cow().map_or(0, |domain| domain.len());
        (count + 1, bytes + cookie.name().len() + cookie.value().len() + cookie.path.len() + domain)
    });
    count > MAX_COOKIES || bytes > MAX_JAR
}

fn remove_expired(store: &mut CookieStore) {
    let expired: Vec<_> = store.iter_any().filter(|cookie| cookie.is_expired()).map(place).collect();
    for (domain, path, name) in expired {
        store.remove(&domain, &path, &name);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set_cookie() -> impl Strategy<Value = HeaderValue> {
        let attribute = prop_oneof![
            Just("; Path=/".to_owned()),
            Just("; Domain=a.example".to_owned()),
            Just("; Domain=example".to_owned()),
            Just("; Secure; HttpOnly; SameSite=None; Partitioned".to_owned()),
            Just("; Max-Age=99999999999999999999".to_owned()),
            Just("; Expires=Fri, 31 Dec 9999 23:59:59 GMT".to_owned()),
            r"; (Path|Domain|Expires|Max-Age)=\PC{0,20}",
            r"\PC{0,20}",
        ];
        let attributes = proptest::collection::vec(attribute, 0..4).prop_map(|all| all.concat());
        ("[a-z]{0,3}", r"\PC{0,30}", attributes).prop_map(|(name, value, attributes)| {
            HeaderValue::from_str(&format!("{name}={value}{attributes}")).unwrap()
        })
    }

    proptest! {
        #[test]
        fn whatever_is_set_the_header_is_valid_and_an_export_gives_it_again(
            cookies in proptest::collection::vec(set_cookie(), 0..20),
        ) {
            let url = Url::parse("https://www.a.example/pronote/eleve.html").unwrap();
            let headers = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect();
            let jar = Jar::default();
            jar.keep(&url, &headers);

            let empty = sent_to(&jar.lock(), &url).is_empty();
            prop_assert_eq!(jar.header(&url).is_none(), empty);
            prop_assert_eq!(Jar::restore(&jar.export()).unwrap().header(&url), jar.header(&url));
        }
    }

    #[test]
    fn an_address_of_the_sixth_version_has_its_cookies() {
        let jar = Jar::default();
        let url = Url::parse("http://[::1]:8080/").unwrap();
        jar.set(&url, "a", "1").unwrap();

        assert_eq!(jar.header(&url).unwrap(), "a=1");
    }

    #[test]
    fn a_cookie_for_a_public_suffix_is_nobody_s_to_set() {
        let jar = Jar::default();
        let url = Url::parse("https://cas.ecole.gouv.fr/").unwrap();
        let set =
            |text: &'static str| jar.keep(&url, &[(SET_COOKIE, HeaderValue::from_static(text))].into_iter().collect());
        for (text, kept) in
            [("a=1; Domain=fr", false), ("a=1; Domain=gouv.fr", false), ("a=1; Domain=ecole.gouv.fr", true)]
        {
            set(text);
            assert_eq!(jar.get(&url, "a").is_some(), kept, "{text}");
        }
    }

    #[test]
    fn cookies_of_other_hosts_can_be_dropped() {
        let jar = Jar::default();
        let (kept, dropped) =
            (Url::parse("https://a.example/pronote/").unwrap(), Url::parse("https://b.example/").unwrap());
        jar.set(&kept, "a", "1").unwrap();
        jar.set(&dropped, "b", "1").unwrap();
        jar.keep_only(&kept);
        assert_eq!((jar.get(&kept, "a").is_some(), jar.get(&dropped, "b").is_some()), (true, false));
    }

    #[test]
    fn expired_cookies_leave_room_in_a_full_jar() {
        let jar = Jar::default();
        let url = Url::parse("https://a.example/").unwrap();
        for number in 0..MAX_COOKIES {
            jar.set(&url, &format!("c{number}"), "1").unwrap();
        }
        assert!(matches!(jar.set(&url, "more", "1"), Err(Error::InvalidCookie)));

        jar.keep(&url, &[(SET_COOKIE, HeaderValue::from_static("c0=; Path=/; Max-Age=0"))].into_iter().collect());
        jar.set(&url, "more", "1").unwrap();
        assert_eq!(jar.get(&url, "more").as_deref(), Some("1"));
    }
}
