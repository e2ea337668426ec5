//! Where a sign-in may go, and what it may send there (portals §5 R1 to R4).

use url::{Host, Url};

use crate::error::Kind;
use crate::registry::hosts::Origin;
use crate::registry::row::Reach;
use crate::step::{Stop, Submission};

/// The most that a `RelayState` may be (portals §5 R4).
const MOST_RELAY_STATE: usize = 4096;

/// The hosts of one sign-in. It is asked before every request.
pub(crate) struct Guard {
    reach: Reach,
    school: Url,
    /// The school is the demonstration on this machine, which is its own portal (R1's one exception).
    demonstration: bool,
}

impl Guard {
    pub(crate) fn new(reach: Reach, school: &Url, demonstration: bool) -> Self {
        let demonstration = demonstration && is_loopback(school);
        Guard { reach, school: school.clone(), demonstration }
    }

    /// Whether this may be asked for at all.
    pub(crate) fn visit(&self, url: &Url) -> Result<(), Stop> {
        let host = || url.host_str().unwrap_or_default().to_owned();
        let is_school = url.origin() == self.school.origin();
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Kind::UnexpectedPage { title: None }.into());
        }
        if url.scheme() != "https" && !(is_school && self.demonstration) {
            return Err(Stop::on(url, Kind::Insecure { host: host() }));
        }
        let is_known = is_school || self.reach.navigate.iter().any(|rule| rule.allows(url));
        if !is_known || !url.username().is_empty() || url.password().is_some() {
            return Err(Stop::on(url, Kind::HostNotAllowed { host: host() }));
        }
        // A SAML response is as much of a secret in an address.
        url.query_pairs().try_for_each(|(name, value)| self.carry(url, &name, &value))
    }

    /// Whether a form may be sent, with all that it carries.
    pub(crate) fn send(&self, form: &Submission) -> Result<(), Stop> {
        self.visit(&form.url)?;
        form.fields.iter().try_for_each(|(name, value)| self.carry(&form.url, name, value))
    }

    /// Whether a field may go there: a SAML response to where those are taken, a `RelayState` of a bounded length.
    fn carry(&self, url: &Url, name: &str, value: &str) -> Result<(), Stop> {
        match name {
            "SAMLResponse" if !self.reach.assertion.iter().any(|target| target.allows(url)) => {
                let host = url.host_str().unwrap_or_default().to_owned();
                Err(Stop::on(url, Kind::HostNotAllowed { host }))
            }
            // Whoever wrote it is to blame, not whoever would have got it.
            "RelayState" if value.len() > MOST_RELAY_STATE => Err(Kind::TooLarge.into()),
            _ => Ok(()),
        }
    }

    /// Whether the password may be sent here. PRONOTE's host never gets a portal's.
    pub(crate) fn password(&self, url: &Url) -> Result<(), Stop> {
        self.visit(url).map_err(|stop| match stop.kind {
            Kind::HostNotAllowed { host } => Stop { kind: Kind::CredentialHostRefused { host }, ..stop },
            _ => stop,
        })?;
        let is_school = url.origin() == self.school.origin();
        let is_credential_host =
            Origin::of(url).is_some_and(|origin| !is_school && self.reach.credentials.contains(&origin));
        if is_credential_host || (is_school && self.demonstration) {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Err(Stop::on(url, Kind::CredentialHostRefused { host }))
    }
}

/// Whether a URL is plain http to a literal address of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    url.scheme() == "http" && is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Method;
    use crate::registry::hosts::{HostRule, Target};

    fn guard() -> Guard {
        let reach = Reach {
            navigate: ["cas.example.fr", "*.school.example.fr", "idp.example.fr"]
                .map(|rule| HostRule::parse(rule).unwrap())
                .into(),
            credentials: vec![Origin::parse("idp.example.fr").unwrap()],
            assertion: vec![Target::parse("cas.example.fr/saml/").unwrap()],
        };
        Guard::new(reach, &url("https://pronote.example.org/pronote"), false)
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_known_hosts_are_visited_and_only_over_tls() {
        for allowed in ["https://cas.example.fr/x", "https://a.school.example.fr/", "https://pronote.example.org/y"] {
            assert!(guard().visit(&url(allowed)).is_ok(), "{allowed}");
        }
        for refused in [
            "https://cas.example.fr:8443/",
            "https://cas.example.fr.evil.test/",
            "https://evil.test/?cas.example.fr",
            "https://user@cas.example.fr/",
            "https://pronote.example.org:444/",
        ] {
            assert!(matches!(guard().visit(&url(refused)).unwrap_err().kind, Kind::HostNotAllowed { .. }), "{refused}");
        }
        for insecure in ["http://cas.example.fr/", "http://pronote.example.org/"] {
            assert!(matches!(guard().visit(&url(insecure)).unwrap_err().kind, Kind::Insecure { .. }), "{insecure}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_not_visited() {
        for text in ["javascript:alert(1)", "data:text/html,x", "ftp://cas.example.fr/", "file:///etc/passwd"] {
            assert!(matches!(guard().visit(&url(text)).unwrap_err().kind, Kind::UnexpectedPage { .. }), "{text}");
        }
    }

    #[test]
    fn a_password_goes_to_no_other_host_than_those_named_for_it() {
        assert!(guard().password(&url("https://idp.example.fr/login")).is_ok());
        for refused in
            ["https://cas.example.fr/login", "https://pronote.example.org/login", "https://a.school.example.fr/"]
        {
            let kind = guard().password(&url(refused)).unwrap_err().kind;
            assert!(matches!(kind, Kind::CredentialHostRefused { .. }), "{refused}");
        }
        assert!(guard().password(&url("http://idp.example.fr/login")).is_err());
    }

    #[test]
    fn a_saml_response_goes_to_its_consumer_alone() {
        let send = |to: &str| {
            let (to, fields) = (url(to), vec![("SAMLResponse".to_owned(), "x".to_owned().into())]);
            let form =
                Submission { page: to.clone(), url: to, method: Method::Post, fields, passwords: 0, captcha: false };
            guard().send(&form)
        };
        assert!(send("https://cas.example.fr/saml/Consumer").is_ok());
        for refused in
            ["https://cas.example.fr/other", "https://idp.example.fr/saml/", "https://pronote.example.org/saml/"]
        {
            assert!(send(refused).is_err(), "{refused}");
        }
        assert!(guard().visit(&url("https://cas.example.fr/saml/Consumer?SAMLResponse=x")).is_ok());
        assert!(guard().visit(&url("https://cas.example.fr/other?a=1&SAMLResponse=x")).is_err());
    }

    #[test]
    fn only_the_demonstration_of_this_machine_is_plain_http() {
        let at = |school: &str, demonstration| Guard::new(Reach::default(), &url(school), demonstration);
        assert!(at("http://127.0.0.1:8700/pronote", true).password(&url("http://127.0.0.1:8700/cas/login")).is_ok());
        for (school, demonstration) in [
            ("http://127.0.0.1:8700/pronote", false),
            ("http://192.168.1.2:8700/pronote", true),
            ("http://localhost:8700/pronote", true),
        ] {
            let login = url(school).join("/cas/login").unwrap();
            assert!(at(school, demonstration).password(&login).is_err(), "{school}");
        }
        assert!(at("http://127.0.0.1:8700/pronote", true).visit(&url("http://127.0.0.1:8701/")).is_err());
    }
}
