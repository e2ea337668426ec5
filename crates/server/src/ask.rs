//! `POST /graphql`: a question and its answer, over HTTP.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use gateway::Viewer;

use crate::answers::Key;
use crate::app::App;
use crate::body::{Fields, UnreadBody};
use crate::client::{ClientAddress, ShownToken};
use crate::graphql;
use crate::problem::{JSON, Problem, ProblemBody, TurnedAway};

const LEGACY: &str = "application/json";
/// What a client accepts that wants statuses to mean something.
const STRICT: &str = "application/graphql-response+json";

/// A question.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Question {
    /// GraphQL, against the schema of the token's account.
    #[schema(example = "{ user { name } }")]
    query: String,
    #[schema(value_type = Option<Object>)]
    variables: Option<serde_json::Value>,
    operation_name: Option<String>,
}

impl Question {
    fn read(query: &serde_json::Value, fields: &Fields) -> Result<Self, Problem> {
        let query = query.as_str().ok_or_else(|| Problem::bad_request("'query' must be a string"))?;
        let variables = fields.get("variables");
        if variables.is_some_and(|variables| !variables.is_object()) {
            return Err(Problem::bad_request("'variables' must be an object"));
        }
        let operation_name = fields.text("operationName")?;
        Ok(Question {
            query: query.to_owned(),
            variables: variables.cloned(),
            operation_name: operation_name.map(str::to_owned),
        })
    }

    fn key(&self, viewer: &Viewer) -> Key {
        Key::new(viewer, &self.query, self.variables.as_ref(), self.operation_name.as_deref())
    }
}

impl From<Question> for Request {
    fn from(question: Question) -> Self {
        let mut request = Request::new(question.query);
        if let Some(variables) = question.variables {
            request = request.variables(Variables::from_json(variables));
        }
        match question.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        }
    }
}

/// Answers a question.
#[utoipa::path(post, path = "/graphql", tag = "questions", request_body = Question, params(
    ("Token" = Option<String>, Header, description = "The token; `Authorization: Bearer` does as well"),
), responses(
    (status = 200, description = "The answer, or what is wrong with the question", content(
        (inline(serde_json::Value) = "application/json"),
        (inline(serde_json::Value) = "application/graphql-response+json"),
    )),
    (status = 400, description = "Something of the request is missing or wrong; in plain text, its body is no JSON", content(
        (ProblemBody = "application/json"),
        (inline(serde_json::Value) = "application/graphql-response+json"),
        (String = "text/plain"),
    )),
    UnreadBody,
    TurnedAway,
    (status = 504, description = "The school takes too long", body = ProblemBody),
))]
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    token: ShownToken,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    app.counters.question(from)?;
    let token = token.needed()?;
    let query = query(&fields)?;
    let viewer = app.viewer(&token).await?;
    app.counters.question_of(&token)?;
    let question = Question::read(query, &fields)?;
    let (anew, strict) = (asks_anew(&headers), is_strict(&headers));
    let key = question.key(&viewer);
    let kept = if anew { None } else { app.answers.get(&key, &viewer) };
    let (status, text) = match kept {
        Some(text) => (StatusCode::OK, text),
        None => {
            let viewer = viewer.begin(anew);
            let answered = app.schemas.execute(Arc::clone(&viewer), app.viewers.clone(), question.into()).await;
            let text = Bytes::from(graphql::to_json(&answered));
            if answered.errors.is_empty() {
                app.answers.keep(key, &text, viewer.readings());
            }
            (if strict && !graphql::was_executed(&answered) { StatusCode::BAD_REQUEST } else { StatusCode::OK }, text)
        }
    };
    let kind = if strict { "application/graphql-response+json; charset=utf-8" } else { JSON };
    let mut response = (status, text).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

/// The query, which is looked at before the token.
fn query(fields: &Fields) -> Result<&serde_json::Value, Problem> {
    let is_there = |value: &&serde_json::Value| match value {
        serde_json::Value::Bool(is_true) => *is_true,
        serde_json::Value::Number(number) => number.as_f64() != Some(0.0),
        serde_json::Value::String(text) => !text.is_empty(),
        _ => true,
    };
    let missing = "Missing 'query' field or 'Content-Type: application/json' header";
    fields.get("query").filter(is_there).ok_or_else(|| Problem::bad_request(missing))
}

/// Whether the client wants no answer from memory.
fn asks_anew(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::CACHE_CONTROL).into_iter();
    let mut wishes = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    wishes.any(|wish| wish.trim().eq_ignore_ascii_case("no-cache"))
}

/// Whether the client accepts the media type of answers whose status counts, and names it before the older one.
fn is_strict(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).into_iter();
    let mut kinds = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    let first = kinds.find_map(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        [STRICT, LEGACY].into_iter().find(|known| kind.eq_ignore_ascii_case(known))
    });
    first == Some(STRICT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(kinds: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(kinds))])
    }

    #[test]
    fn statuses_count_for_those_who_ask_for_it() {
        assert!(is_strict(&accept("application/graphql-response+json, application/json;q=0.9")));
        for kinds in ["*/*", "application/json", "application/json, application/graphql-response+json"] {
            assert!(!is_strict(&accept(kinds)), "{kinds}");
        }
    }
}
