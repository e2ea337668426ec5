//! What a query asks for, as its parameters are described; and lists in parts.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

use super::answer::List;
use super::judge;
use crate::App;
use crate::problem::Problem;

/// How much of a list is given when nobody says how much, and the most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// The parameters of a query.
pub(super) struct Query<T>(pub(super) T);

/// The parameters of a query that asks for a part of a list: which of it, and which part.
pub(super) struct Listing<T>(pub(super) T, pub(super) Page);

/// All of a list is asked for.
#[derive(Deserialize, IntoParams)]
pub(super) struct Whole {}

impl<T: IntoParams + DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let read = read(parts.uri.query().unwrap_or_default(), &described::<T>())?;
        understood(read).map(Query)
    }
}

impl<T: IntoParams + DeserializeOwned> FromRequestParts<Arc<App>> for Listing<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let described = [described::<T>(), described::<Page>()].concat();
        let read = read(parts.uri.query().unwrap_or_default(), &described)?;
        Ok(Listing(understood(read.clone())?, understood(read)?))
    }
}

/// Parameters with their schemas.
fn described<T: IntoParams>() -> Vec<(String, Value)> {
    let parameters = T::into_params(|| Some(ParameterIn::Query));
    parameters.into_iter().map(|parameter| (parameter.name, json!(parameter.schema))).collect()
}

/// Reads a query; of a parameter that stands in it several times the last counts.
fn read(query: &str, described: &[(String, Value)]) -> Result<Value, Problem> {
    let mut value = Value::Object(Map::new());
    for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
        let schema = described.iter().find(|(other, _)| *other == name).map_or(&Value::Null, |(_, schema)| schema);
        let is = |kind: &str| match &schema["type"] {
            Value::Array(several) => several.iter().any(|other| other == kind),
            other => other == kind,
        };
        let plain = if is("integer") || is("boolean") { serde_json::from_str(&text).ok() } else { None };
        value[&*name] = plain.unwrap_or_else(|| text.into_owned().into());
    }
    let properties: Map<String, Value> = described.iter().cloned().collect();
    let schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    let faults = judge::judge(&mut value, &schema, &Value::Null);
    if faults.is_empty() {
        return Ok(value);
    }
    let faults: Vec<_> = faults.iter().map(|fault| format!("{}: {}", &fault.pointer[1..], fault.message)).collect();
    Err(malformed(format!("the query is not as it has to be: {}", faults.join("; "))))
}

fn understood<T: DeserializeOwned>(read: Value) -> Result<T, Problem> {
    serde_json::from_value(read).map_err(|error| malformed(format!("the query is not as it has to be: {error}")))
}

fn malformed(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail).code(7)
}

/// Which part of a list is wanted.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// How much of the list.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// What comes after: `next` of what was given before.
    cursor: Option<String>,
}

impl Page {
    /// How much is wanted.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// One more than is wanted, to see whether anything follows.
    pub(super) fn one_more(&self) -> u32 {
        u32::try_from(self.limit() + 1).unwrap_or(u32::MAX)
    }

    /// After which place of the list.
    pub(super) fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
        let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        place.map(Some).ok_or_else(|| malformed("the cursor is none that was given here".to_owned()))
    }

    /// What was found after that place, perhaps one more than is wanted.
    pub(super) fn list<T, K: Serialize>(&self, mut items: Vec<T>, place: impl Fn(&T) -> K) -> List<T> {
        let more = items.len() > self.limit();
        items.truncate(self.limit());
        let last = items.last().filter(|_| more).map(place);
        let cursor = |place: K| BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&place).unwrap_or_default());
        List { next: last.map(cursor), items }
    }

    /// A part of what is there as a whole, in the order of its places.
    pub(super) fn of<T, K>(&self, whole: impl Iterator<Item = T>, place: impl Fn(&T) -> K) -> Result<List<T>, Problem>
    where
        K: Ord + Serialize + DeserializeOwned,
    {
        let after: Option<K> = self.after()?;
        let follows = |item: &T| after.as_ref().is_none_or(|after| place(item) > *after);
        Ok(self.list(whole.filter(follows).take(self.limit() + 1).collect(), place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize, IntoParams)]
    struct Asked {
        #[param(format = Date)]
        from: Option<String>,
        #[param(minimum = 1)]
        subject: Option<i64>,
    }

    #[test]
    fn a_query_is_read_as_it_is_described() {
        let read = |query: &str| read(query, &described::<Asked>()).and_then(understood::<Asked>);
        let asked = read("from=2025-09-01&subject=3&subject=4").unwrap();
        assert_eq!(asked, Asked { from: Some("2025-09-01".to_owned()), subject: Some(4) });
        assert_eq!(read("").unwrap(), Asked { from: None, subject: None });
        let refused = read("from=today&subject=x&form=1").unwrap_err();
        assert_eq!(refused.status, 400);
        for name in ["form:", "from:", "subject:"] {
            assert!(refused.detail.contains(name), "{}", refused.detail);
        }
        assert!(read("subject=0").is_err() && read("subject=99999999999999999999").is_err());
    }

    #[test]
    fn a_list_is_given_in_parts_that_join() {
        let (mut given, mut page) = (Vec::new(), Page { limit: Some(3), cursor: None });
        loop {
            let part = page.of(1..=10, |number| *number).unwrap();
            given.extend(part.items);
            let Some(next) = part.next else { break };
            page.cursor = Some(next);
        }
        assert_eq!(given, (1..=10).collect::<Vec<_>>());
        page.cursor = Some("nonsense".to_owned());
        assert!(page.of(1..=10, |number| *number).is_err());
    }
}
