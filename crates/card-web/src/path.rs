//! The addresses, and what stands in them.

use card::config::Access;

/// Fixed addresses.
pub(crate) const KEYS: &str = "/.well-known/cartable-keys.json";
pub(crate) const READY: &str = "/card-ready";

/// What is wrong with the paths of the connector: among themselves, and beside the paths that are taken on the same server,
/// such as `/graphql`. The root (an empty `path`) is let be: there the others come first, and hide the logins of their names.
///
/// ```
/// # use card_web::taken;
/// assert!(taken("/graphql", &["/graphql", "/health"]));
/// assert!(taken("/api/card", &["/api"]));
/// assert!(!taken("/apis", &["/api"]));
/// ```
#[must_use]
pub fn faults(access: &Access, verifies: bool, others: &[&str]) -> Vec<String> {
    let mut paths = vec![
        ("path", &access.path),
        ("eu_path", &access.eu_path),
        ("view_path", &access.view_path),
        ("legacy_path", &access.legacy_path),
    ];
    let upper = access.verify_path.to_ascii_uppercase();
    if verifies {
        paths.push(("verify_path", &access.verify_path));
    }
    if verifies && upper != access.verify_path {
        paths.push(("verify_path in capitals", &upper));
    }
    let mut faults = crate::access::faults(access);
    let mut ours: Vec<(&str, &str)> = Vec::new();
    for (name, path) in paths {
        if path.is_empty() {
            continue;
        }
        if taken(path, others) || taken(path, &["/.well-known", READY]) {
            faults.push(format!("`{name}` is taken by something else that this server does"));
        } else if let Some((other, _)) = ours.iter().find(|(_, there)| taken(path, &[there])) {
            faults.push(format!("`{name}` and `{other}` are in each other's way"));
        }
        ours.push((name, path));
    }
    faults
}

/// Whether a path is one of others, within one, or around one.
#[must_use]
pub fn taken(path: &str, others: &[&str]) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'/')))
    };
    others.iter().any(|other| within(path, other) || within(other, path))
}

/// A part of a path, counted from its end, decoded once. What is no UTF-8 is told as such, with what can be read of it.
pub(crate) fn part(path: &str, from_end: usize) -> Result<String, String> {
    let raw = path.rsplit('/').nth(from_end).unwrap_or_default();
    String::from_utf8(decoded(raw.as_bytes())).map_err(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

/// Bytes with each `%41` made an `A`; what only looks like it stays.
pub(crate) fn decoded(raw: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        let coded = (*byte == b'%').then(|| digit(raw.get(at + 1)).zip(digit(raw.get(at + 2)))).flatten();
        match coded.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(coded) => {
                bytes.push(coded);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_decoded_once() {
        for (path, login) in [
            ("/card/alice", Ok("alice")),
            ("/card/b%C3%A9a", Ok("béa")),
            ("/card/a%2Fb", Ok("a/b")),
            ("/card/a%252Fb", Ok("a%2Fb")),
            ("/card/a%00", Ok("a\0")),
            ("/card/..", Ok("..")),
            ("/card/100%", Ok("100%")),
            ("/card/%zz%4", Ok("%zz%4")),
            ("/card/", Ok("")),
            ("/card/%FF", Err("\u{FFFD}")),
        ] {
            assert_eq!(part(path, 0).as_deref().map_err(String::as_str), login, "{path}");
        }
        assert_eq!(part("/card-eu/alice/extended", 1).as_deref(), Ok("alice"));
    }
}
