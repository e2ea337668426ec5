//! The new face, over real sockets.

mod content;
mod people;
mod records;
mod refusals;

use serde_json::{Value, json};

use crate::house::House;
use crate::wire::{Ask, Told};

/// Passwords that will do.
pub(crate) const PASSWORD: &str = "Parol-2026";

/// Somebody who is signed in to the new face.
pub(crate) struct Api<'a> {
    house: &'a House,
    key: String,
}

impl<'a> Api<'a> {
    /// Signs in.
    pub(crate) async fn sign_in(house: &'a House, name: &str, password: &str) -> Self {
        let told = house.ask(&Ask::json("/api/v2/sessions", &json!({"user": name, "password": password}))).await;
        assert_eq!(told.status, 201, "{}", told.text());
        Api { house, key: told.json()["key"].as_str().unwrap().to_owned() }
    }

    /// Somebody who administers the school.
    pub(crate) async fn admin(house: &'a House) -> Self {
        let new = board::NewUser {
            name: "director".to_owned(),
            password: PASSWORD.to_owned().into(),
            strong: true,
            admin: true,
            roles: std::collections::BTreeMap::new(),
        };
        house.board.add_user(&board::Actor::program("test"), new).await.unwrap();
        Api::sign_in(house, "director", PASSWORD).await
    }

    /// Somebody with a role in the default class.
    pub(crate) async fn with(house: &'a House, name: &str, role: board::Role) -> Self {
        house.add_user(name, PASSWORD, &[(house.class, role)]).await;
        Api::sign_in(house, name, PASSWORD).await
    }

    /// A request with the key; what is no `/` at the beginning is below the default class.
    pub(crate) fn request(&self, method: &str, path: &str) -> Ask {
        let path = match path.strip_prefix('/') {
            Some(path) => format!("/api/v2/{path}"),
            None => format!("/api/v2/classes/class/{path}").trim_end_matches('/').to_owned(),
        };
        let ask = Ask { method: method.to_owned(), path, ..Ask::default() };
        ask.header("Authorization", &format!("Bearer {}", self.key))
    }

    pub(crate) fn with_body(&self, method: &str, path: &str, body: &Value) -> Ask {
        let ask = self.request(method, path).header("Content-Type", "application/json");
        Ask { body: body.to_string().into(), ..ask }
    }

    pub(crate) async fn ask(&self, ask: &Ask) -> Told {
        self.house.ask(ask).await
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.ask(&self.request("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Told {
        self.ask(&self.request("DELETE", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Told {
        self.ask(&self.with_body("POST", path, body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Told {
        self.ask(&self.with_body("PUT", path, body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Told {
        self.ask(&self.with_body("PATCH", path, body)).await
    }

    /// All of a list, part by part.
    pub(crate) async fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let part = self.get(&format!("{path}{mark}limit={limit}{cursor}")).await.json();
            let items = part["items"].as_array().unwrap_or_else(|| panic!("{path}: {part}"));
            assert!(items.len() <= limit);
            all.extend(items.iter().cloned());
            match part["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

/// What is wrong with what was sent, by place.
pub(crate) fn places(told: &Told) -> Vec<String> {
    assert_eq!(told.header("content-type"), Some("application/problem+json"), "{}", told.text());
    let told = told.json();
    let faults = told["faults"].as_array().unwrap_or_else(|| panic!("no faults: {told}"));
    faults.iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
}

/// A week with a subject on Monday.
pub(crate) fn week(text: &str, monday: &[i64]) -> Value {
    json!({"texts": [text, "", "", "", "", ""], "rows": [monday, [], [], [], [], []]})
}

/// Changes without any.
pub(crate) fn changes(text: &str) -> Value {
    json!({"text": text, "rows": [-2, -2, -2, -2, -2, -2, -2, -2]})
}
