//! The old face: the eleven methods of the PHP original, as its clients know them (`board-api.md`).
//!
//! Where the register of section 9 marks a quirk the sane answer is given. No client depends on another: the web page
//! and the C# library call each method by its own method of HTTP, and with well-formed bodies.
//!
//! ```text
//! methods.rs    what each method reads, asks the board, and answers
//! body.rs       what a request carries       answer.rs     answers and refusals
//! json.rs       JSON as PHP reads it         validate.rs   what has to be in it
//! query.rs      queries and forms as PHP reads them
//! ```

mod answer;
pub(crate) mod body;
mod json;
mod methods;
mod query;
mod validate;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use board::KeyKind;

use crate::{App, ClientAddress};
use answer::Refusal;
use methods::Caller;

/// The methods by the names of their files; the last two are what older clients say.
const METHODS: [(&str, Called); 14] = [
    ("auth", Called::Auth),
    ("getSubjects", Called::GetSubjects),
    ("getHomework", Called::GetHomework),
    ("getTimetable", Called::GetTimetable),
    ("getChanges", Called::GetChanges),
    ("updateHomework", Called::UpdateHomework),
    ("updateTimetable", Called::UpdateTimetable),
    ("updateChanges", Called::UpdateChanges),
    ("addSubjects", Called::AddSubjects),
    ("deleteSubjects", Called::DeleteSubjects),
    ("addUser", Called::AddUser),
    ("deleteUser", Called::DeleteUser),
    ("getSchedule", Called::GetTimetable),
    ("updateSchedule", Called::UpdateTimetable),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    Auth,
    GetSubjects,
    GetHomework,
    GetTimetable,
    GetChanges,
    UpdateHomework,
    UpdateTimetable,
    UpdateChanges,
    AddSubjects,
    DeleteSubjects,
    AddUser,
    DeleteUser,
}

impl Called {
    /// By which method of HTTP it is called.
    fn by(self) -> Method {
        match self {
            Called::GetSubjects
            | Called::GetHomework
            | Called::GetTimetable
            | Called::GetChanges
            | Called::DeleteUser => Method::GET,
            _ => Method::POST,
        }
    }
}

/// Its routes: each method for the default class, and below the address of every class.
pub(crate) fn routes() -> Router<Arc<App>> {
    METHODS.into_iter().fold(Router::new(), |router, (name, called)| {
        let root = move |State(app): State<Arc<App>>, from: ClientAddress, request: Request| async move {
            answer(&app, called, None, from, request).await
        };
        let of_class = move |State(app): State<Arc<App>>, Path(class): Path<String>, from, request: Request| async move {
            answer(&app, called, Some(class), from, request).await
        };
        router
            .route(&format!("/api/{name}.php"), any(root))
            .route(&format!("/c/{{class}}/api/{name}.php"), any(of_class))
    })
}

async fn answer(app: &App, called: Called, class: Option<String>, from: ClientAddress, request: Request) -> Response {
    let class = match app.board.class_id(class.as_deref()).await {
        Ok(class) => class,
        Err(board::Error::Missing(_)) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return Refusal::from(error).into_response(),
    };
    if called == Called::Auth {
        return methods::auth(app, class, from, request).await.unwrap_or_else(IntoResponse::into_response);
    }
    let caller = match caller(app, class, from, request.headers()).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal.into_response(),
    };
    let by = called.by();
    if *request.method() != by && !(by == Method::GET && request.method() == Method::HEAD) {
        // After the key, since without one the original says that of each.
        return Refusal::not_by(&by).into_response();
    }
    let answer = match called {
        Called::Auth | Called::GetSubjects => caller.get_subjects().await,
        Called::GetHomework => caller.get_homework(&request).await,
        Called::GetTimetable => caller.get_timetable().await,
        Called::GetChanges => caller.get_changes().await,
        Called::UpdateHomework => caller.update_homework(request).await,
        Called::UpdateTimetable => caller.update_timetable(request).await,
        Called::UpdateChanges => caller.update_changes(request).await,
        Called::AddSubjects => caller.add_subjects(request).await,
        Called::DeleteSubjects => caller.delete_subjects(request).await,
        Called::AddUser => caller.add_user(request).await,
        Called::DeleteUser => caller.delete_user(&request).await,
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// Checks the key of a request: the last one that it shows, since a client that signed in twice shows both.
async fn caller<'a>(
    app: &'a App,
    class: board::ClassId,
    from: ClientAddress,
    headers: &HeaderMap,
) -> Result<Caller<'a>, Refusal> {
    let shown = headers.get_all("key").into_iter().next_back();
    let key = shown.and_then(|key| key.to_str().ok()?.rsplit(',').next()).ok_or(Refusal::WRONG_KEY)?;
    let session = app.board.check(key.trim(), from.0, KeyKind::Php).await?;
    if session.user.role_in(class).is_none() {
        return Err(Refusal::FORBIDDEN);
    }
    Ok(Caller { app, class, session })
}
