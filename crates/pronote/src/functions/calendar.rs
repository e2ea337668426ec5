//! The address of the calendar the server exports itself (data §5.7): no call, a link made from a token.

use url::Url;

use crate::model::CalendarToken;
use crate::protocol::Version;
use crate::wire::{Malformed, Node};

/// What the server's own page puts where an older account page gave only the token: `&o=2`, in hexadecimal.
const USUAL_OPTIONS: &str = "266f3d32";

/// A token as the account page lists it.
pub(crate) fn token(node: Node<'_>) -> Result<CalendarToken, Malformed> {
    let token: String = node.need("paramICal")?;
    let options = node.read("paramSuppl").unwrap_or_else(|| USUAL_OPTIONS.to_owned());
    Ok(CalendarToken::new(node.text("L"), token, Some(options)))
}

/// The address of a calendar. It needs no session: whoever has it reads the calendar.
///
/// None when the root is no address that can have a path.
#[must_use]
pub fn address(root: &Url, version: Version, token: &CalendarToken) -> Option<Url> {
    let mut address = root.clone();
    address.set_query(None);
    address.set_fragment(None);
    address.path_segments_mut().ok()?.pop_if_empty().extend(["ical", "cartable.ics"]);
    let mut query = address.query_pairs_mut();
    query.append_pair("icalsecurise", token.secret()).append_pair("version", &version.short());
    if let Some(options) = token.options() {
        query.append_pair("param", options);
    }
    drop(query);
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn the_address_is_made_from_the_root_the_version_and_the_token() {
        let (token, _) = reading(r#"{"G":0,"L":"Emploi du temps","paramICal":"AB+C","paramSuppl":"266f3d31"}"#, token);
        let root: Url = "https://ecole.exemple.fr/pronote/?x=1".parse().unwrap();
        let version = Version::new(2025, 1, 9, Some(4));
        let address = address(&root, version, &token.unwrap()).unwrap();
        assert_eq!(
            address.as_str(),
            "https://ecole.exemple.fr/pronote/ical/cartable.ics?icalsecurise=AB%2BC&version=2025.1.9&param=266f3d31"
        );
    }

    #[test]
    fn older_pages_give_only_the_token() {
        let (token, _) = reading(r#"{"paramICal":"ABC"}"#, token);
        assert_eq!(token.unwrap().options(), Some("266f3d32"));
        let old = CalendarToken::new(String::new(), "ABC".into(), None);
        let address = address(&"https://e.fr/p".parse().unwrap(), Version::new(2021, 1, 0, None), &old).unwrap();
        assert_eq!(address.as_str(), "https://e.fr/p/ical/cartable.ics?icalsecurise=ABC&version=2021.1.0");
    }

    #[test]
    fn a_token_is_never_shown() {
        let (token, _) = reading(r#"{"L":"EDT","paramICal":"SECRET","paramSuppl":"AUSSI"}"#, token);
        let token = token.unwrap();
        assert_eq!(format!("{token:?}"), r#"CalendarToken { label: "EDT", .. }"#);
        assert_eq!(serde_json::to_string(&token).unwrap(), r#"{"label":"EDT"}"#);
    }
}
