//! What a request carries: one JSON document, as its schema describes it.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::{judge, openapi};
use crate::App;
use crate::problem::Problem;
use crate::receive::{self, Unreceived};

/// The most bytes of a body.
const USUAL: usize = 1 << 20;
/// The same of whoever is not known yet.
pub(super) const SMALL: usize = 16 << 10;
/// The same where texts of any length are, as much as old clients may send.
pub(super) const LARGE: usize = 8 << 20;

/// A body as the schema `S` describes it, read as an `M`.
pub(super) struct Body<S, M = S, const MOST: usize = USUAL>(pub(super) M, pub(super) PhantomData<S>);

impl<S: ToSchema, M: DeserializeOwned, const MOST: usize> FromRequest<Arc<App>> for Body<S, M, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        of_json(&parts.headers)?;
        let bytes = receive::whole(body, MOST, app).await.map_err(|why| match why {
            Unreceived::TooLarge => {
                let detail = format!("the body is over {} KiB", MOST >> 10);
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail).code(7)
            }
            Unreceived::TooSlow => Problem::new(StatusCode::REQUEST_TIMEOUT, "the body takes too long").code(7),
            Unreceived::CutShort => malformed("it was cut short"),
        })?;
        let mut value: Value = serde_json::from_slice(&bytes).map_err(|error| malformed(&error.to_string()))?;
        let faults = judge::judge(&mut value, openapi::schema(&S::name()), openapi::schemas());
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        match serde_json::from_value(value) {
            Ok(model) => Ok(Body(model, PhantomData)),
            // The schema lets pass what the model cannot be read from. That is for us to mend, and the client may help itself.
            Err(error) => {
                tracing::warn!(%error, schema = %S::name(), "A body fits its schema only");
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).code(7))
            }
        }
    }
}

fn malformed(why: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, format!("the body is no JSON document in UTF-8: {why}")).code(7)
}

/// Whether a body says that it is JSON, in UTF-8 and as it is.
fn of_json(headers: &HeaderMap) -> Result<(), Problem> {
    let said = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    let refuse = |detail: &'static str| Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).code(7));
    let kind = said(header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    if parts.next() != Some("application/json") {
        return refuse("the body has to be application/json");
    }
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    if charset.is_some_and(|charset| charset.trim_matches('"') != "utf-8") {
        return refuse("the body has to be in UTF-8");
    }
    if said(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return refuse("the body has to be sent as it is, in no other coding");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_in_utf_8_is_read() {
        let of = |kind: &str, coding: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            if let Some(coding) = coding {
                headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
            }
            of_json(&headers).is_ok()
        };
        assert!(of("application/json", None) && of("Application/JSON; charset=\"UTF-8\"", Some("identity")));
        for kind in ["text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "json"]
        {
            assert!(!of(kind, None), "{kind}");
        }
        assert!(!of("application/json", Some("gzip")));
        assert!(of_json(&HeaderMap::new()).is_err());
    }
}
