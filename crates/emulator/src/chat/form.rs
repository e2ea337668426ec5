//! The parameters of a call, however they come: in the address, as a form of either kind, or as JSON.

use std::collections::HashMap;

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use serde_json::Value;
use url::form_urlencoded;

/// More than any call needs.
const MOST_BYTES: usize = 1024 * 1024;

/// Parameters by name; of those with the same name, the last.
#[derive(Debug, Default)]
pub(super) struct Form(HashMap<String, String>);

impl Form {
    /// Reads what a request says; nothing of a body that cannot be read.
    pub(super) async fn read(request: Request) -> Self {
        let mut form = Form::default();
        form.pairs(request.uri().query().unwrap_or_default().as_bytes());
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            if let Ok(mut parts) = Multipart::from_request(request, &()).await {
                while let Ok(Some(part)) = parts.next_field().await {
                    let name = part.name().unwrap_or_default().to_owned();
                    let Ok(text) = part.text().await else { break };
                    form.0.insert(name, text);
                }
            }
            return form;
        }
        let json = kind.starts_with("application/json");
        let body = axum::body::to_bytes(request.into_body(), MOST_BYTES).await.unwrap_or_default();
        match serde_json::from_slice(&body) {
            Ok(Value::Object(members)) if json => {
                for (name, value) in members {
                    let text = if let Value::String(text) = value { text } else { value.to_string() };
                    form.0.insert(name, text);
                }
            }
            _ => form.pairs(&body),
        }
        form
    }

    fn pairs(&mut self, text: &[u8]) {
        self.0.extend(form_urlencoded::parse(text).into_owned());
    }

    /// A parameter, unless it is missing or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The names and values, but for one.
    pub(super) fn without<'a>(&'a self, secret: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(move |(name, _)| *name != secret)
    }
}
