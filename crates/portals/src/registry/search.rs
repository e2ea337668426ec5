//! Finding a portal: by words, by a host, by where a school's page leads (portals §4.4, graphql-api §5).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use url::{Host, Url};

use super::hosts::Origin;
use super::{DEMONSTRATION, Portal, Registry};

/// More words than any name has.
const MOST_WORDS: usize = 16;

/// Small letters without accents; what is neither letter nor digit is one space, but for what hosts and identifiers hold.
pub(super) fn folded(text: &str) -> String {
    let letters = text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let plain: String = letters
        .map(|letter| if letter.is_alphanumeric() || matches!(letter, '.' | ':') { letter } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn search<'r>(registry: &'r Registry, text: &str) -> Vec<&'r Portal> {
    let wanted = folded(&text.chars().take(200).collect::<String>());
    let words: Vec<_> = wanted.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    registry
        .iter()
        .filter(|portal| {
            let whole = folded(&told(portal));
            words.iter().all(|word| whole.contains(word))
        })
        .collect()
}

/// Everything that is said of a portal in words.
fn told(portal: &Portal) -> String {
    let entry = portal.row.origin().map(|origin| origin.to_string());
    let words = portal.names().chain([portal.display.as_str(), portal.region.as_deref().unwrap_or_default()]);
    words.chain(portal.hosts.iter().map(String::as_str)).chain(entry.as_deref()).collect::<Vec<_>>().join("\n")
}

pub(super) fn of_host<'r>(registry: &'r Registry, host: &str) -> Vec<&'r Portal> {
    let host = host.trim();
    let address = match host.contains("://") {
        true => Url::parse(host),
        false => Url::parse(&format!("https://{}/", host.split(['/', '?']).next().unwrap_or_default())),
    };
    let Some(host) = address.ok().and_then(|url| url.host_str().map(str::to_owned)) else { return Vec::new() };
    registry.iter().filter(|portal| portal.row.detect.hosts.iter().any(|origin| origin.host() == host)).collect()
}

pub(super) fn detect<'r>(registry: &'r Registry, redirect: &Url) -> Vec<&'r Portal> {
    let query: Vec<(String, String)> = redirect.query_pairs().into_owned().collect();
    let said = |pairs: &[(String, String)]| pairs.iter().all(|pair| query.contains(pair));
    let Some(origin) = Origin::of(redirect) else { return at_home(registry, redirect) };
    let mut found: Vec<&Portal> = registry
        .iter()
        .filter(|portal| portal.row.detect.hosts.contains(&origin) && said(&portal.row.detect.query))
        .collect();
    // What says more of the redirect is meant more.
    if found.iter().any(|portal| !portal.row.detect.query.is_empty()) {
        found.retain(|portal| !portal.row.detect.query.is_empty());
    }
    if found.iter().any(|portal| portal.status.signs_in()) {
        found.retain(|portal| portal.status.signs_in());
    }
    let mut different: Vec<&Portal> = Vec::new();
    for portal in found {
        if !different.iter().any(|other| other.row.same_way(&portal.row)) {
            different.push(portal);
        }
    }
    // A school may have registered its own choice, which tells twins apart.
    let chosen = |portal: &&Portal| !portal.row.entry.set_query.is_empty() && said(&portal.row.entry.set_query);
    if different.len() > 1 && different.iter().any(chosen) {
        different.retain(chosen);
    }
    different
}

/// A school on this machine without TLS may have a portal of its own there: the demonstration.
fn at_home<'r>(registry: &'r Registry, redirect: &Url) -> Vec<&'r Portal> {
    let here = match redirect.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let home = registry.portals.iter().find(|portal| portal.id == DEMONSTRATION);
    home.into_iter().filter(|_| here && redirect.scheme() == "http").collect()
}
