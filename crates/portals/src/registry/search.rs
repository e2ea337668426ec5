//! Finding a portal: by words, by a host, by where a school's page leads (portals §4.4, graphql-api §5).

use url::Url;

use super::hosts::Origin;
use super::{DEMONSTRATION, Portal, Registry};
use crate::guard::is_loopback;
use crate::page::unaccented;

/// More words than any name has.
const MOST_WORDS: usize = 16;

/// Small letters without accents; what is neither letter nor digit is one space, but for what hosts and identifiers hold.
pub(super) fn folded(text: &str) -> String {
    let plain: String = unaccented(text)
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
    let fits = |portal: &&Portal| portal.row.detect.hosts.contains(&origin) && said(&portal.row.detect.query);
    // Rows that the user added are chosen among for themselves: none takes a school away from one that ships.
    let (added, shipped): (Vec<_>, Vec<_>) = registry.iter().filter(fits).partition(|portal| portal.file.is_some());
    let mut found = meant(shipped, said);
    for portal in meant(added, said) {
        if !found.iter().any(|other| other.row.same_way(&portal.row)) {
            found.push(portal);
        }
    }
    prefer(&mut found, |portal| portal.status.signs_in());
    found
}

/// Those among several portals at a host that a redirect means; `said` tells whether it says some pairs.
fn meant(mut found: Vec<&Portal>, said: impl Fn(&[(String, String)]) -> bool) -> Vec<&Portal> {
    // What says more of the redirect is meant more.
    prefer(&mut found, |portal| !portal.row.detect.query.is_empty());
    prefer(&mut found, |portal| portal.status.signs_in());
    let mut different: Vec<&Portal> = Vec::new();
    for portal in found {
        if !different.iter().any(|other| other.row.same_way(&portal.row)) {
            different.push(portal);
        }
    }
    // A school may have registered its own choice, which tells twins apart.
    if different.len() > 1 {
        prefer(&mut different, |portal| !portal.row.entry.set_query.is_empty() && said(&portal.row.entry.set_query));
    }
    different
}

/// Keeps those that are so, if any is.
fn prefer(portals: &mut Vec<&Portal>, is_so: impl Fn(&Portal) -> bool) {
    if portals.iter().any(|portal| is_so(portal)) {
        portals.retain(|portal| is_so(portal));
    }
}

/// A school on this machine without TLS may have a portal of its own there: the demonstration.
fn at_home<'r>(registry: &'r Registry, redirect: &Url) -> Vec<&'r Portal> {
    let home = registry.portals.iter().find(|portal| portal.id == DEMONSTRATION);
    home.into_iter().filter(|_| is_loopback(redirect)).collect()
}
