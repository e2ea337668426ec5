//! What a request carries: a JSON object, or a form with a name and a password.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use bytes::BytesMut;

use super::answer::Refusal;
use super::query::{self, Named};
use crate::App;
use crate::receive::{self, Unreceived};

/// The most bytes of a body: what PHP allows by default.
const MOST_BYTES: usize = 8 << 20;

/// Receives a body that is to be read as JSON, whatever it says it is; only a form of several parts is none.
pub(super) async fn receive(head: &Parts, body: Body, app: &App) -> Result<BytesMut, Refusal> {
    if is(&head.headers, "multipart/form-data") {
        return Ok(BytesMut::new());
    }
    whole(body, app).await
}

/// The name and the password of a form, as far as they are there; what is no form, or not posted, has neither.
pub(super) async fn credentials(
    head: &Parts,
    body: Body,
    app: &App,
) -> Result<(Option<String>, Option<String>), Refusal> {
    if head.method != Method::POST {
        Ok((None, None))
    } else if is(&head.headers, "application/x-www-form-urlencoded") {
        let form = whole(body, app).await?;
        Ok((query::find(&form, "user"), query::find(&form, "pass")))
    } else if is(&head.headers, "multipart/form-data") {
        let kind = head.headers.get(header::CONTENT_TYPE).cloned();
        let mut form = Request::new(Body::from(whole(body, app).await?.freeze()));
        form.headers_mut().extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
        Ok(parts(form).await)
    } else {
        Ok((None, None))
    }
}

/// The same of a form in parts. What is damaged ends it.
async fn parts(mut form: Request) -> (Option<String>, Option<String>) {
    let (mut user, mut pass) = (None, None);
    // It was received within its limit.
    DefaultBodyLimit::disable().apply(&mut form);
    let Ok(mut parts) = Multipart::from_request(form, &()).await else { return (user, pass) };
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or_default().as_bytes().to_vec();
        if part.file_name().is_some() {
            continue;
        }
        let Ok(value) = part.bytes().await else { break };
        for (wanted, found) in [("user", &mut user), ("pass", &mut pass)] {
            match query::named(&name, wanted) {
                Named::Plain => *found = Some(String::from_utf8_lossy(&value).into_owned()),
                Named::List => *found = None,
                Named::Otherwise => {}
            }
        }
    }
    (user, pass)
}

/// Whether a request says that its body is of a type, whatever the type's parameters.
fn is(headers: &HeaderMap, kind: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().is_some_and(|said| said.trim().eq_ignore_ascii_case(kind))
}

async fn whole(body: Body, app: &App) -> Result<BytesMut, Refusal> {
    receive::whole(body, MOST_BYTES, app).await.map_err(|why| match why {
        Unreceived::TooLarge => Refusal::TOO_LARGE,
        Unreceived::TooSlow => Refusal::TOO_SLOW,
        Unreceived::CutShort => Refusal::PARAMETERS,
    })
}
