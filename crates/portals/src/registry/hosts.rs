//! The hosts that a row names: where one may go, where a password may go, where a SAML response may go (portals §4.2, R2
//! to R4).

use std::fmt;

use url::{Host, Url};

/// A host and a port, always over TLS.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Origin {
    host: String,
    port: u16,
}

/// What `hosts.navigate` says: a host, or everything under one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HostRule {
    /// This one.
    Exact(Origin),
    /// Those under it, on the usual port, at any depth; not itself.
    Under(String),
}

/// What `hosts.assertion` says: a host and how paths begin there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    /// Where.
    pub(crate) origin: Origin,
    /// How the path begins; whole segments, so that `/acs` is not `/acs-of-another`.
    pub(crate) path: String,
}

impl Origin {
    /// The usual port of a host, which is written as addresses write it.
    pub(crate) fn usual(host: &str) -> Origin {
        Origin { host: host.to_owned(), port: 443 }
    }

    /// Of an address; none for one that is not `https`.
    pub(crate) fn of(url: &Url) -> Option<Origin> {
        (url.scheme() == "https").then_some(())?;
        Some(Origin { host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// Reads `host` or `host:port`, as a row writes it.
    pub(crate) fn parse(text: &str) -> Result<Origin, String> {
        let odd = || format!("`{text}` is not a host such as `cas.example.fr`");
        if text.contains('*') {
            return Err(format!("`{text}`: a wildcard is only possible in `hosts.navigate`"));
        }
        if text.contains(['/', '@', '?', '#', '\\', ' ']) || text.is_empty() {
            return Err(odd());
        }
        let url = Url::parse(&format!("https://{text}/")).map_err(|_| odd())?;
        check(&url, text)?;
        Origin::of(&url).ok_or_else(odd)
    }

    /// The host, without its port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

/// Reads the `https` address of a portal, as a row writes it.
pub(crate) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|why| format!("`{text}` is not an address: {why}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address holds no user name and no password".to_owned());
    }
    if url.scheme() != "https" {
        return Err(format!("`{text}`: portals are only signed in through over `https`"));
    }
    check(&url, text)?;
    if url.fragment().is_some() {
        return Err(format!("`{text}`: what follows `#` is never sent, leave it out"));
    }
    Ok(url)
}

/// Refuses what is no host of a portal: bare addresses, single labels, suffixes that everybody can register under.
fn check(url: &Url, text: &str) -> Result<(), String> {
    let name = match url.host() {
        Some(Host::Domain(name)) => name,
        Some(_) => return Err(format!("`{text}`: a portal has a name, not a bare IP address")),
        None => return Err(format!("`{text}` names no host")),
    };
    if name.ends_with('.') {
        return Err(format!("`{text}`: leave out the dot at the end of the host"));
    }
    if name.len() > 253 {
        return Err("a host has at most 253 characters".to_owned());
    }
    if !name.contains('.') {
        return Err(format!("`{name}` is a single word, not the full name of a host"));
    }
    if psl::suffix_str(name) == Some(name) {
        return Err(format!("`{name}` is a public suffix: anybody can have a site under it"));
    }
    Ok(())
}

impl HostRule {
    /// Reads `host`, `host:port` or `*.two.labels`.
    pub(crate) fn parse(text: &str) -> Result<HostRule, String> {
        let Some(under) = text.strip_prefix("*.") else {
            return match text.contains('*') {
                true => Err(format!("`{text}`: a wildcard is one `*.` at the beginning")),
                false => Origin::parse(text).map(HostRule::Exact),
            };
        };
        if under.contains('*') {
            return Err(format!("`{text}`: a wildcard is one `*.` at the beginning"));
        }
        let origin = Origin::parse(under).map_err(|why| {
            format!("`{text}`: a wildcard needs at least two fixed labels that are not a public suffix ({why})")
        })?;
        match origin.port {
            443 => Ok(HostRule::Under(origin.host)),
            _ => Err(format!("`{text}`: a wildcard has no port")),
        }
    }

    /// Whether an address is meant.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        let Some(origin) = Origin::of(url) else { return false };
        match self {
            HostRule::Exact(exact) => *exact == origin,
            HostRule::Under(under) => {
                origin.port == 443
                    && origin
                        .host
                        .strip_suffix(under.as_str())
                        .is_some_and(|front| front.len() > 1 && front.ends_with('.'))
            }
        }
    }
}

impl Target {
    /// Reads `host/path`; a host alone is any path there.
    pub(crate) fn parse(text: &str) -> Result<Target, String> {
        let text = text.strip_prefix("https://").unwrap_or(text);
        let (host, path) = text.find('/').map_or((text, "/"), |at| text.split_at(at));
        let origin = Origin::parse(host)?;
        if path.contains(['?', '#', '*', '\\', '%', ' ']) || path.split('/').any(|part| part == ".." || part == ".") {
            return Err(format!("`{text}`: after the host comes the beginning of a plain path"));
        }
        Ok(Target { origin, path: path.to_owned() })
    }

    /// Whether an address is meant.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        Origin::of(url).is_some_and(|origin| origin == self.origin)
            && url
                .path()
                .strip_prefix(self.path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            443 => f.write_str(&self.host),
            port => write!(f, "{}:{port}", self.host),
        }
    }
}

impl fmt::Display for HostRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostRule::Exact(origin) => origin.fmt(f),
            HostRule::Under(under) => write!(f, "*.{under}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::{HostRule, Origin, Target};
    use url::Url;

    fn allows(rule: &str, url: &str) -> bool {
        HostRule::parse(rule).expect("a rule").allows(&Url::parse(url).expect("an address"))
    }

    #[test]
    fn a_host_is_meant_exactly_on_its_port_and_over_tls() {
        assert!(allows("cas.example.fr", "https://cas.example.fr/login"));
        assert!(allows("cas.example.fr", "https://CAS.example.fr:443/"));
        assert!(allows("cas.example.fr:8443", "https://cas.example.fr:8443/"));
        for other in [
            "http://cas.example.fr/",
            "https://cas.example.fr:8443/",
            "https://cas.example.fr./",
            "https://cas.example.fr.evil.fr/",
            "https://evil-cas.example.fr/",
            "https://example.fr/",
            "https://evil.fr/cas.example.fr",
        ] {
            assert!(!allows("cas.example.fr", other), "{other}");
        }
        assert!(!allows("cas.example.fr:8443", "https://cas.example.fr/"));
    }

    #[test]
    fn a_wildcard_means_what_is_under_it_and_not_itself() {
        assert!(allows("*.example.fr", "https://a.example.fr/"));
        assert!(allows("*.example.fr", "https://a.b.example.fr/"));
        for other in
            ["https://example.fr/", "https://evilexample.fr/", "https://a.example.fr:444/", "http://a.example.fr/"]
        {
            assert!(!allows("*.example.fr", other), "{other}");
        }
    }

    #[test]
    fn the_path_of_an_assertion_target_is_whole_segments() {
        let allows = |target: &str, url: &str| {
            Target::parse(target).expect("a target").allows(&Url::parse(url).expect("an address"))
        };
        assert!(allows("sp.example.fr/auth/acs", "https://sp.example.fr/auth/acs?x=1"));
        assert!(allows("sp.example.fr/auth/acs", "https://sp.example.fr/auth/acs/POST"));
        assert!(allows("sp.example.fr/auth/", "https://sp.example.fr/auth/acs"));
        assert!(allows("sp.example.fr", "https://sp.example.fr/anything"));
        for other in [
            "https://sp.example.fr/auth/acs-evil",
            "https://sp.example.fr/auth/acs/../other",
            "https://sp.example.fr/",
            "https://other.example.fr/auth/acs",
            "http://sp.example.fr/auth/acs",
        ] {
            assert!(!allows("sp.example.fr/auth/acs", other), "{other}");
        }
        assert!(Target::parse("sp.example.fr/a/../b").is_err());
        assert!(Target::parse("sp.example.fr/a?b").is_err());
    }

    #[test]
    fn a_host_with_accents_is_the_one_that_addresses_write() {
        let origin = Origin::parse("éduc.example.fr").expect("a host");
        assert_eq!(origin.host(), "xn--duc-9la.example.fr");
    }
}
