//! What a later command can name: things with an identifier that outlives the session, and the files that come with them.
//!
//! A file has no name of its own: it is the n-th of its thing, for instance `homework/3f9k2m8q1z/1`.

use std::ops::Deref;

use gateway::ids::{self, Identity};
use pronote::model::{Attachment, Grade, Homework, LessonContent, NewsItem, SharedResource};
use serde::Serialize;
use serde_json::Value;

use crate::exit::{Family, failure};

/// The fewest characters after the `#` of a server's identifier.
const SESSION_ID_LENGTH: usize = 16;

/// A thing with the identifier that a person may type.
#[derive(Debug, Clone)]
pub(crate) struct Listed<T> {
    /// The identifier; that of the session is the thing's own.
    pub(crate) listed_id: String,
    item: T,
}

impl<T> Deref for Listed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

/// Names the things of a page.
pub(crate) fn listed<T: Identity>(items: Vec<T>) -> Vec<Listed<T>> {
    let ids = ids::ids(&items);
    ids.into_iter().zip(items).map(|(listed_id, item)| Listed { listed_id, item }).collect()
}

/// Finds the thing that a person typed the identifier of, or its beginning.
pub(crate) fn found<'a, T: Identity>(items: &'a [Listed<T>], typed: &str) -> anyhow::Result<&'a Listed<T>> {
    let ids: Vec<String> = items.iter().map(|item| item.listed_id.clone()).collect();
    ids::position(&ids, typed).map(|place| &items[place]).map_err(|unknown| {
        let kind = T::KIND;
        failure(
            Family::Missing,
            format!("no {kind} `{typed}`: {unknown}"),
            format!("`cartable pronote {}` shows the identifiers.", command(kind)),
        )
    })
}

/// The command that lists the things of a kind.
fn command(kind: &str) -> &str {
    match kind {
        "content" => "contents",
        "discussion" => "messages",
        "grade" => "grades",
        "resource" => "resources",
        "class" => "classes",
        "pupil" => "students CLASS",
        "recipient" => "messages recipients",
        same => same,
    }
}

/// A thing that may come with files.
pub(crate) trait WithFiles {
    /// The page that references to its files begin with.
    const PAGE: &'static str;

    /// Its files and links, always in the same order.
    fn files(&self) -> Vec<&Attachment>;
}

impl WithFiles for Homework {
    const PAGE: &'static str = "homework";

    fn files(&self) -> Vec<&Attachment> {
        self.attachments.iter().chain(&self.submission.file).collect()
    }
}

impl WithFiles for LessonContent {
    const PAGE: &'static str = "contents";

    fn files(&self) -> Vec<&Attachment> {
        self.items.iter().flat_map(|item| &item.attachments).collect()
    }
}

impl WithFiles for SharedResource {
    const PAGE: &'static str = "resources";

    fn files(&self) -> Vec<&Attachment> {
        vec![&self.file]
    }
}

impl WithFiles for NewsItem {
    const PAGE: &'static str = "news";

    fn files(&self) -> Vec<&Attachment> {
        self.questions.iter().flatten().flat_map(|question| &question.attachments).collect()
    }
}

impl WithFiles for Grade {
    const PAGE: &'static str = "grades";

    fn files(&self) -> Vec<&Attachment> {
        self.subject_file.iter().chain(&self.correction_file).collect()
    }
}

/// How a person names the n-th file of a thing, counted from 0.
pub(crate) fn reference(page: &str, id: &str, place: usize) -> String {
    format!("{page}/{id}/{}", place + 1)
}

/// The JSON of things, each with its lasting identifier and its files with their references.
pub(crate) fn json<T: Serialize + WithFiles>(items: &[Listed<T>]) -> anyhow::Result<Value> {
    items.iter().map(|item| json_with_files(&**item, &item.listed_id, T::PAGE, &item.files())).collect()
}

/// The JSON of one thing, with its lasting identifier and the references of its files.
pub(crate) fn json_with_files(
    item: &impl Serialize,
    id: &str,
    page: &str,
    files: &[&Attachment],
) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(item)?;
    let mut left: Vec<(usize, &Attachment)> = files.iter().copied().enumerate().collect();
    refer(&mut value, page, id, &mut left);
    value["id"] = id.into();
    Ok(value)
}

/// Gives each file of a JSON the reference of the first file that says the same and has none yet.
fn refer(value: &mut Value, page: &str, id: &str, left: &mut Vec<(usize, &Attachment)>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| refer(value, page, id, left)),
        Value::Object(members) => {
            if members.contains_key("has_thumbnail") {
                let same = |file: &Attachment| {
                    members.get("name").and_then(Value::as_str) == Some(&file.name)
                        && members.get("url").and_then(Value::as_str) == file.url.as_deref()
                        && members.get("id").and_then(Value::as_str)
                            == file.id.as_ref().map(pronote::wire::RemoteId::as_str)
                };
                if let Some(at) = left.iter().position(|(_, file)| same(file)) {
                    let (place, file) = left.remove(at);
                    if file.url.is_none() {
                        members.insert("reference".into(), reference(page, id, place).into());
                    }
                }
            }
            members.values_mut().for_each(|value| refer(value, page, id, left));
        }
        _ => {}
    }
}

/// Takes the identifiers of a session out of a JSON: no later command could use them.
pub(crate) fn without_session_ids(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.retain(|value| !is_session_id(value));
            values.iter_mut().for_each(without_session_ids);
        }
        Value::Object(members) => {
            members.retain(|_, value| !is_session_id(value));
            members.values_mut().for_each(without_session_ids);
        }
        _ => {}
    }
}

/// Whether it looks like the server's own: a number, `#`, a long word.
fn is_session_id(value: &Value) -> bool {
    let Some((kind, rest)) = value.as_str().and_then(|text| text.split_once('#')) else { return false };
    let digits = !kind.is_empty() && kind.len() <= 4 && kind.bytes().all(|byte| byte.is_ascii_digit());
    let word =
        rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'=' | b'+' | b'/'));
    digits && word && rest.len() >= SESSION_ID_LENGTH
}

#[cfg(test)]
mod tests {
    use pronote::model::AttachmentKind;
    use pronote::wire::RemoteId;
    use serde_json::json;

    use super::*;

    fn file(name: &str, url: Option<&str>) -> Attachment {
        Attachment {
            id: Some(RemoteId::new(format!("48#{name}"))),
            kind: if url.is_some() { AttachmentKind::Link } else { AttachmentKind::File },
            name: name.into(),
            url: url.map(Into::into),
            has_thumbnail: false,
            genre: None,
        }
    }

    #[test]
    fn files_are_numbered_in_the_order_of_their_thing_whatever_that_of_the_json() {
        let [a, b, link] = [file("a.pdf", None), file("b.pdf", None), file("c", Some("https://exemple.fr"))];
        let thing = json!({ "x": [b], "a": { "deep": a }, "l": link });
        let value = json_with_files(&thing, "abc", "homework", &[&a, &b, &link]).unwrap();
        assert_eq!(value["a"]["deep"]["reference"], "homework/abc/1");
        assert_eq!(value["x"][0]["reference"], "homework/abc/2");
        assert_eq!(value["l"].get("reference"), None, "a link leads elsewhere by itself");
        assert_eq!(value["id"], "abc");
    }

    #[test]
    fn no_identifier_of_a_session_is_printed() {
        let id = "48#AbCdEfGhIjKlMnOpQrStUv_-";
        let mut value = json!({ "id": id, "parts": [{ "lesson_id": id, "name": "3#b" }], "possessions": [id], "n": 3 });
        without_session_ids(&mut value);
        assert_eq!(value, json!({ "parts": [{ "name": "3#b" }], "possessions": [], "n": 3 }));
    }
}
