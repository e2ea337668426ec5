//! What a client takes for granted: that it knows what is there already, or that it changes what it has seen.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use board::Expect;
use utoipa::IntoParams;

use crate::App;
use crate::problem::Problem;

/// What a client has already (`If-None-Match`), when it reads.
pub(super) struct Known(Option<String>);

/// What a client expects to be there (`If-Match`) or not to be there (`If-None-Match: *`), when it writes.
pub(super) struct Expected(pub(super) Expect);

/// The header that a reader may send.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents what is read")]
pub(super) struct WhenRead {
    /// The tags of what is had already; one that still holds is answered with 304.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

/// The headers that a writer may send.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents what is read")]
pub(super) struct WhenWritten {
    /// The tag of what is to be changed, as it was read: if it is another now, nothing is changed and the answer is 412. `*`
    /// wants something to be there. Without it the last one who writes wins.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
    /// `*` wants nothing to be there yet.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

impl Known {
    /// Whether a tag is among what the client has.
    pub(super) fn has(&self, tag: &str) -> bool {
        let known = self.0.as_deref().unwrap_or_default();
        known.trim() == "*" || tags(known).any(|known| known.trim_start_matches("W/").trim_matches('"') == tag)
    }
}

impl FromRequestParts<Arc<App>> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        // What cannot be read is not what is there.
        Ok(Known(read(parts, header::IF_NONE_MATCH).ok().flatten()))
    }
}

impl FromRequestParts<Arc<App>> for Expected {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        if let Some(text) = read(parts, header::IF_MATCH)? {
            return expected(&text).map(Expected);
        }
        let nothing = read(parts, header::IF_NONE_MATCH)?.is_some_and(|text| text.trim() == "*");
        Ok(Expected(if nothing { Expect::Nothing } else { Expect::Anything }))
    }
}

fn expected(text: &str) -> Result<Expect, Problem> {
    if text.trim() == "*" {
        return Ok(Expect::Something);
    }
    let mut tags = tags(text);
    let (Some(tag), None) = (tags.next(), tags.next()) else {
        return Err(malformed("If-Match has to name one tag"));
    };
    match tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) {
        Some(tag) => Ok(Expect::Tag(tag.to_owned())),
        // A weak one is as good as none of ours, by the rules.
        None if tag.starts_with("W/\"") => Ok(Expect::Tag(tag.to_owned())),
        None => Err(malformed("the tag of If-Match has to stand in quotes, as ETag gave it")),
    }
}

fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty())
}

/// A header that may be sent once, or in parts.
fn read(parts: &Parts, name: HeaderName) -> Result<Option<String>, Problem> {
    let mut texts = Vec::new();
    for value in parts.headers.get_all(&name) {
        texts.push(value.to_str().map_err(|_| malformed("a condition is no readable text"))?);
    }
    Ok((!texts.is_empty()).then(|| texts.join(",")))
}

fn malformed(detail: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_in_quotes_is_expected_or_anything_at_all() {
        assert_eq!(expected("\"ab\"").unwrap(), Expect::Tag("ab".to_owned()));
        assert_eq!(expected(" * ").unwrap(), Expect::Something);
        assert_eq!(expected("W/\"ab\"").unwrap(), Expect::Tag("W/\"ab\"".to_owned()), "which nothing has");
        for wrong in ["", "ab", "\"a\", \"b\"", "\""] {
            assert!(expected(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_reader_may_know_several() {
        let known = |text: &str| Known(Some(text.to_owned()));
        assert!(known("\"a\", W/\"b\"").has("b") && known("*").has("x"));
        assert!(!known("\"a\"").has("b") && !Known(None).has("a"));
    }
}
