//! The cookies of the pages: who is signed in, a form before signing in, a notice for the next page, the language.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// Who is signed in.
pub(crate) const SESSION: &str = "cartable_board";
/// What the form of signing in is tied to.
pub(crate) const BEFORE: &str = "cartable_board_before";
/// What the next page has to tell.
pub(crate) const NOTICE: &str = "cartable_board_notice";

/// The value of a cookie of a request.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(there, _)| *there == name).map(|(_, value)| value)
}

/// Sets a cookie until the browser is closed, or for some seconds. The value has to be of letters, digits and hyphens.
pub(crate) fn set(name: &str, value: &str, seconds: Option<u32>, https: bool) -> Option<HeaderValue> {
    let age = seconds.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/board; HttpOnly; SameSite=Strict{age}{secure}")).ok()
}

/// Takes a cookie away.
pub(crate) fn drop(name: &str, https: bool) -> Option<HeaderValue> {
    set(name, "", Some(0), https)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "xcartable_board=1; cartable_board_notice=2".parse().unwrap());
        headers.append(COOKIE, "cartable_board=3".parse().unwrap());

        assert_eq!(read(&headers, SESSION), Some("3"));
        assert_eq!(read(&headers, NOTICE), Some("2"));
        assert_eq!(read(&headers, BEFORE), None);
    }

    #[test]
    fn a_cookie_stays_with_the_pages_and_away_from_scripts() {
        let set = |https| set(SESSION, "abc", None, https).unwrap().to_str().unwrap().to_owned();

        assert_eq!(set(false), "cartable_board=abc; Path=/board; HttpOnly; SameSite=Strict");
        assert!(set(true).ends_with("; Secure"));
        assert!(drop(SESSION, false).unwrap().to_str().unwrap().contains("Max-Age=0"));
    }
}
