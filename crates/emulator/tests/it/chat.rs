//! The chat platforms as a bot sees them.

mod telegram;
mod vk;

use serde_json::Value;
use url::form_urlencoded;

use crate::http::{Reply, send};

/// Posts parameters as a form.
async fn post(url: &str, parameters: &[(&str, &str)]) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    send("POST", url, &[("Content-Type", "application/x-www-form-urlencoded")], body.as_bytes()).await
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}
