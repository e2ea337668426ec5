//! The methods: what each reads, asks the board, and answers (`board-api.md`, sections 6 to 8).

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::request::Parts;
use axum::response::Response;
use board::{Actor, Changes, ClassId, Error, Expect, KeyKind, NewUser, Role, Session, Source, Week};
use serde::Serialize;
use serde_json::json as object;

use super::answer::{Refusal, json};
use super::json::Object;
use super::{body, json as reader, query, validate};
use crate::{App, ClientAddress, RequestId};

/// Whoever calls a method, and of which class.
pub(super) struct Caller<'a> {
    pub(super) app: &'a App,
    pub(super) class: ClassId,
    pub(super) session: Session,
    pub(super) head: Parts,
}

type Answer = Result<Response, Refusal>;

/// Signs in: the one method that takes no key.
pub(super) async fn auth(app: &App, class: ClassId, from: ClientAddress, head: &Parts, body: Body) -> Answer {
    let (Some(name), Some(password)) = body::credentials(head, body, app).await? else {
        return Err(Refusal::NO_PASSWORD);
    };
    if !validate::is_name(&name) {
        return Err(Refusal::WRONG_PASSWORD);
    }
    let signed_in = app.board.sign_in(&name, &password.into(), from.0, KeyKind::Php).await?;
    // To whoever has no part in the class it says no more than to a stranger.
    let role = signed_in.user.role_in(class).ok_or(Refusal::WRONG_PASSWORD)?;
    Ok(json(&object!({"key": signed_in.key, "username": name, "pr": if role == Role::Head { 2 } else { 1 }})))
}

#[derive(Serialize)]
struct Named<'a> {
    #[serde(rename = "ID")]
    number: i64,
    #[serde(rename = "Name")]
    name: &'a str,
}

#[derive(Serialize)]
struct Homework<'a> {
    #[serde(rename = "ID")]
    number: i64,
    #[serde(rename = "Homework")]
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Timetable<'a> {
    text_timetable: &'a [String],
    numeric_timetable: &'a [Vec<i64>],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Changed<'a> {
    text_changes: &'a str,
    numeric_changes: &'a [i64],
}

impl Caller<'_> {
    pub(super) async fn get_subjects(&self) -> Answer {
        let snapshot = self.app.board.snapshot(self.class).await?;
        let subjects = snapshot.subjects.values().map(|subject| Named { number: subject.number, name: &subject.name });
        let mut subjects: Vec<_> = subjects.collect();
        // By bytes, as texts compare here.
        subjects.sort_unstable_by_key(|subject| subject.name);
        Ok(json(&subjects))
    }

    pub(super) async fn get_homework(&self) -> Answer {
        let id = self.parameter("id").ok_or(Refusal::PARAMETERS)?;
        let number = query::number(&id).ok_or(Refusal::PARAMETERS)?;
        let snapshot = self.app.board.snapshot(self.class).await?;
        let subject = snapshot.subjects.get(&number).ok_or(Refusal::NO_SUBJECT)?;
        Ok(json(&Homework { number, text: &subject.note }))
    }

    pub(super) async fn get_timetable(&self) -> Answer {
        let snapshot = self.app.board.snapshot(self.class).await?;
        let Week { texts, rows } = &snapshot.week;
        Ok(json(&Timetable { text_timetable: texts, numeric_timetable: rows }))
    }

    pub(super) async fn get_changes(&self) -> Answer {
        let snapshot = self.app.board.snapshot(self.class).await?;
        let Changes { text, rows, .. } = &snapshot.changes;
        Ok(json(&Changed { text_changes: text, numeric_changes: rows }))
    }

    pub(super) async fn update_homework(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Editor)?;
        let (number, text) = validate::homework(&body).map_err(Refusal::invalid)?;
        match self.app.board.set_note(&self.actor(), self.class, number, text, Expect::Anything).await {
            Ok(_) => Ok(json(&object!({"updated": true}))),
            Err(Error::Missing("subject")) => Ok(json(&object!({"updated": false}))),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn update_timetable(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Editor)?;
        let (texts, rows) = validate::timetable(&body).map_err(Refusal::invalid)?;
        let week = Week { texts: texts.map(str::to_owned), rows };
        self.app.board.set_week(&self.actor(), self.class, week, Expect::Anything).await?;
        Ok(json(&object!({"updated": true})))
    }

    pub(super) async fn update_changes(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Editor)?;
        let (text, rows) = validate::changes(&body).map_err(Refusal::invalid)?;
        let changes = Changes { text: text.to_owned(), rows, source: Source::Hand };
        self.app.board.set_changes(&self.actor(), self.class, None, changes, Expect::Anything).await?;
        Ok(json(&object!({"updated": true})))
    }

    pub(super) async fn add_subjects(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Head)?;
        let names = validate::names(&body).map_err(Refusal::invalid)?;
        if let Some(message) = names.iter().find_map(|name| validate::odd_subject(name)) {
            return Err(Refusal::invalid(message));
        }
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let added = match self.app.board.add_subjects(&self.actor(), self.class, &names).await {
            Ok(added) => added.len(),
            Err(Error::Taken(_)) => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(json(&object!({"added_subjects": added})))
    }

    pub(super) async fn delete_subjects(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Head)?;
        let numbers = validate::numbers(&body).map_err(Refusal::invalid)?;
        let deleted = self.app.board.remove_subjects(&self.actor(), self.class, &numbers).await?;
        Ok(json(&object!({"deleted_subjects": deleted.len()})))
    }

    pub(super) async fn add_user(&self, body: Body) -> Answer {
        let bytes = body::receive(&self.head, body, self.app).await?;
        let body = self.read(&bytes, Role::Head)?;
        let user = validate::user(&body).map_err(Refusal::invalid)?;
        if let Some(message) = validate::odd_user(&user) {
            return Err(Refusal::invalid(message));
        }
        let role = if user.pr == 2 { Role::Head } else { Role::Editor };
        let new = NewUser {
            name: user.name.to_owned(),
            password: user.password.to_owned().into(),
            strong: false,
            admin: false,
            roles: BTreeMap::from([(self.class, role)]),
        };
        match self.app.board.add_user(&self.actor(), new).await {
            Ok(_) => Ok(json(&object!({"added": true}))),
            Err(Error::Taken(_)) => Ok(json(&object!({"added": false}))),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn delete_user(&self) -> Answer {
        let name = self.parameter("user").ok_or(Refusal::PARAMETERS)?;
        self.may(Role::Head)?;
        if name == self.session.user.name {
            return Err(Refusal::OWN_USER);
        }
        if !validate::is_name(&name) {
            return Err(Refusal::PARAMETERS);
        }
        let deleted = self.app.board.leave_class(&self.actor(), self.class, &name).await?;
        Ok(json(&object!({"deleted": deleted})))
    }

    /// Reads a body; only then it matters whether the caller may.
    fn read<'b>(&self, bytes: &'b [u8], role: Role) -> Result<Object<'b>, Refusal> {
        let body = reader::read(bytes).ok_or(Refusal::PARAMETERS)?;
        self.may(role)?;
        Ok(body)
    }

    fn may(&self, role: Role) -> Result<(), Refusal> {
        self.session.may(self.class, role).map_err(|_| Refusal::FORBIDDEN)
    }

    fn actor(&self) -> Actor {
        let id = self.head.extensions.get::<RequestId>().map_or("", |id| id.0.as_str());
        self.session.actor("php", id)
    }

    fn parameter(&self, name: &str) -> Option<String> {
        query::find(self.head.uri.query()?.as_bytes(), name)
    }
}
