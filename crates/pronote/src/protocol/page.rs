//! The entry page of a space: what a session begins with (protocol §2).

use zeroize::Zeroizing;

use super::rsa::PublicKey;
use super::{Flags, Generation, Version};

/// What the `Start` call of an entry page says, with the version that the page and the server announce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPage {
    /// The session number, `h`.
    pub session: u64,
    /// The space, `a`.
    pub space: u32,
    /// A demonstration server.
    pub demo: bool,
    /// What is done to payloads.
    pub flags: Flags,
    /// The key to send the IV under; none when it travels in clear.
    pub rsa: Option<PublicKey>,
    /// Whether the server wants long polling as its keep-alive.
    pub poll: bool,
    /// What a portal left in the page for this sign-in: account and key, good once.
    pub portal: Option<PortalCredentials>,
    /// The announced version.
    pub version: Version,
}

/// The one-shot credentials a portal sign-in leaves in the page (`e`, `f`).
#[derive(Clone, PartialEq, Eq)]
pub struct PortalCredentials {
    /// The account's identifier.
    pub account: Zeroizing<String>,
    /// The secret used as a password; a fixed word when the server sends none.
    pub key: Zeroizing<String>,
}

impl std::fmt::Debug for PortalCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PortalCredentials(…)")
    }
}

/// Why a page is no way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// The vendor suspended this IP address for a while.
    #[error("the server has suspended this IP address")]
    Suspended,
    /// The school closed the service.
    #[error("the school has closed the site")]
    Unavailable,
    /// The server is busy or being updated.
    #[error("the site is unavailable for the moment")]
    Busy,
    /// The server finds the browser too old.
    #[error("the server refuses this client as outdated")]
    Outdated,
    /// PRONOTE answered, but this space is not published here.
    #[error("this space is not published on the server")]
    NoSpace,
    /// Nothing on the page says PRONOTE.
    #[error("the page is not PRONOTE's")]
    NotPronote,
}

impl EntryPage {
    /// Reads a page. `server` is the `Server` header, which alone gives the build.
    ///
    /// # Errors
    /// What the page is instead.
    pub fn parse(html: &str, server: Option<&str>) -> Result<Self, Closed> {
        let version = announced_version(html, server);
        let start = find_start(html).and_then(|start| Some((start.number("h").filter(|h| *h > 0)?, start)));
        let (Some(version), Some((session, start))) = (version, start) else {
            return Err(refusal(html, version.is_some()));
        };
        let generation = Generation::of(version);
        let flags = if generation < Generation::G25 {
            Flags { encrypt: !start.truth("sCrA"), compress: !start.truth("sCoA") }
        } else {
            Flags { encrypt: start.truth("CrA"), compress: start.truth("CoA") }
        };
        let published = start.text("MR").zip(start.text("ER"));
        let rsa = match published {
            Some((modulus, exponent)) => PublicKey::from_hex(modulus, exponent),
            None => start.truth("http").then(PublicKey::constant),
        };
        let portal = start.text("e").filter(|account| !account.is_empty()).map(|account| PortalCredentials {
            account: account.to_owned().into(),
            key: start.text("f").filter(|key| !key.is_empty()).unwrap_or("@direct").to_owned().into(),
        });
        Ok(EntryPage {
            session,
            space: start.number("a").and_then(|space| u32::try_from(space).ok()).unwrap_or(0),
            demo: start.truth("d"),
            flags,
            rsa,
            poll: start.truth("poll"),
            portal,
            version,
        })
    }

    /// The dialect this server speaks.
    #[must_use]
    pub fn generation(&self) -> Generation {
        Generation::of(self.version)
    }
}

/// The header's version when it agrees with the page's, since it adds the build; otherwise the page's.
fn announced_version(html: &str, server: Option<&str>) -> Option<Version> {
    let page = html.split(">PRONOTE ").nth(1).and_then(|rest| Version::find(rest.get(..24).unwrap_or(rest)));
    let header = server.filter(|server| server.contains("PRONOTE")).and_then(Version::find);
    match (page, header) {
        (Some(page), Some(header)) if page.short() == header.short() => Some(header),
        (Some(page), _) => Some(page),
        (None, header) => header,
    }
}

fn refusal(html: &str, is_pronote: bool) -> Closed {
    let says = |words: &str| html.contains(words);
    if says("adresse IP est provisoirement suspendue") {
        Closed::Suspended
    } else if says("site n'est pas disponible") {
        Closed::Unavailable
    } else if says("Le site est momentan") || says("momentanément indisponible") {
        Closed::Busy
    } else if says("navigateur") && says("compatible") {
        Closed::Outdated
    } else if is_pronote {
        Closed::NoSpace
    } else {
        Closed::NotPronote
    }
}

/// The members of a `Start({…})` call, as texts.
struct Start<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Start<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn truth(&self, key: &str) -> bool {
        self.text(key) == Some("true")
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.text(key)?.parse().ok()
    }
}

/// Finds the first `Start ({…})` that reads as an object of plain members, quoted or not.
fn find_start(html: &str) -> Option<Start<'_>> {
    html.match_indices("Start").find_map(|(at, word)| {
        let rest = html[at + word.len()..].trim_start().strip_prefix('(')?.trim_start().strip_prefix('{')?;
        parse_members(rest)
    })
}

/// `h:'2052117',"a":3,d:true}` in either quoting, up to the closing brace. Members nest nothing (protocol §2.4).
fn parse_members(mut rest: &str) -> Option<Start<'_>> {
    // Twice as many as any server is known to write.
    const MOST_MEMBERS: usize = 32;
    let mut members = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\n', '\r', '\t']);
        if rest.starts_with('}') {
            return (!members.is_empty()).then_some(Start(members));
        }
        let (key, after) = token(rest)?;
        let (value, after) = token(after.trim_start().strip_prefix(':')?.trim_start())?;
        if key.is_empty() || members.len() == MOST_MEMBERS {
            return None;
        }
        members.push((key, value));
        rest = after;
    }
}

/// One quoted text, or one bare word. Quotes in an attribute may be escaped as entities.
fn token(text: &str) -> Option<(&str, &str)> {
    for quote in ["'", "\"", "&quot;", "&#39;"] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote);
        }
    }
    let end = text.find(|character: char| !(character.is_ascii_alphanumeric() || "_-.".contains(character)))?;
    Some(text.split_at(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(start: &str, version: &str) -> Result<EntryPage, Closed> {
        EntryPage::parse(&format!("<body>{start}<a>PRONOTE {version}</a></body>"), None)
    }

    #[test]
    fn the_classic_skin_is_read() {
        let html = r#"<body id="id_body" role="application" onload="try { Start ({h:'2052117',sCrA:true,sCoA:true,a:3,d:true}) } catch (e) { messageErreur (e) } " class="EspaceIndex"><a>PRONOTE 2024.3.9</a>"#;
        let page = EntryPage::parse(html, None).unwrap();
        assert_eq!((page.session, page.space, page.demo), (2_052_117, 3, true));
        assert_eq!(page.flags, Flags::default());
        assert_eq!(page.generation(), Generation::G24);
    }

    #[test]
    fn the_script_skin_is_read() {
        let html = r#"<script>window.addEventListener("load", () => {try{Start ({"h":4873407,"d":true,"a":6,"CrA":true});} catch (e) {IE.sendLogFailStart (4873407, e)}});</script>>PRONOTE 2026.2.5<"#;
        let page = EntryPage::parse(html, Some("PRONOTE 2026.2.5.7")).unwrap();
        assert_eq!((page.session, page.space), (4_873_407, 6));
        assert_eq!(page.flags, Flags { encrypt: true, compress: false });
        assert_eq!(page.generation(), Generation::G26);
    }

    #[test]
    fn flags_mean_the_opposite_before_2025() {
        let old = page("Start({h:'1',a:6})", "2023.0.1").unwrap();
        assert_eq!(old.flags, Flags { encrypt: true, compress: true });
        let new = page("Start({h:1,a:6})", "2025.1.3").unwrap();
        assert_eq!(new.flags, Flags::default());
    }

    #[test]
    fn a_published_key_wins_over_the_constant_one() {
        let modulus = "B".repeat(256);
        let published = page(&format!("Start({{h:'1',a:6,MR:'{modulus}',ER:'10001'}})"), "2022.1.0").unwrap();
        assert_eq!(published.rsa, PublicKey::from_hex(&modulus, "10001"));
        assert_eq!(page("Start({h:'1',a:6,http:true})", "2024.1.0").unwrap().rsa, Some(PublicKey::constant()));
        assert_eq!(page("Start({h:'1',a:6})", "2024.1.0").unwrap().rsa, None);
    }

    #[test]
    fn a_portal_leaves_its_credentials() {
        let portal = page("Start({h:1,a:6,e:'acc',f:'',g:3})", "2026.1.3").unwrap().portal.unwrap();
        assert_eq!((portal.account.as_str(), portal.key.as_str()), ("acc", "@direct"));
        assert_eq!(page("Start({h:1,a:6,e:'',f:''})", "2026.1.3").unwrap().portal, None);
    }

    #[test]
    fn a_closed_page_is_named() {
        let closed = |html: &str| EntryPage::parse(html, None).unwrap_err();
        assert_eq!(closed(">PRONOTE 2026.1.3< Votre adresse IP est provisoirement suspendue"), Closed::Suspended);
        assert_eq!(closed(">PRONOTE 2026.1.3< Le site n'est pas disponible"), Closed::Unavailable);
        assert_eq!(closed(">PRONOTE 2026.1.3< Ce site n'est pas disponible"), Closed::Unavailable);
        assert_eq!(closed(">PRONOTE 2026.1.3< Le site est momentanément indisponible"), Closed::Busy);
        assert_eq!(closed(">PRONOTE 2026.1.3< Votre espace est momentanément indisponible"), Closed::Busy);
        assert_eq!(closed(">PRONOTE 2026.1.3< "), Closed::NoSpace);
        assert_eq!(closed("<h1>It works!</h1>"), Closed::NotPronote);
        assert_eq!(closed("Start({h:0,a:3})"), Closed::NotPronote);
    }

    proptest! {
        #[test]
        fn no_page_makes_the_reader_panic(html in "(Start ?\\(\\{|[a-z]:|'|\"|\\}|,|>PRONOTE |[0-9.]{1,9}|\\PC){0,40}") {
            let _ = EntryPage::parse(&html, None);
        }
    }
}
