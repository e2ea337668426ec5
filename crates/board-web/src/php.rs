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
mod body;
mod json;
mod methods;
mod query;
mod validate;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::{MethodRouter, any};
use board::{ClassId, KeyKind, Session};

use crate::{App, ClientAddress};
use answer::Refusal;
use methods::Caller;

/// The methods that take a key, by the names of their files; the last two are what older clients say.
const METHODS: [(&str, Called); 13] = [
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

#[derive(Debug, Clone, Copy)]
enum Called {
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

/// Its routes: each method for the default class, and below the address of every class. None looks at the method of HTTP
/// before it has looked at the key.
pub(crate) fn routes() -> Router<Arc<App>> {
    let both = |router: Router<Arc<App>>, name: &str, route: MethodRouter<Arc<App>>| {
        router.route(&format!("/api/{name}.php"), route.clone()).route(&format!("/c/{{class}}/api/{name}.php"), route)
    };
    METHODS.into_iter().fold(both(Router::new(), "auth", any(auth)), |router, (name, called)| {
        let call = move |app: State<Arc<App>>, class: Option<Path<String>>, from: ClientAddress, request: Request| async move {
            call(&app, called, class, from, request).await
        };
        both(router, name, any(call))
    })
}

async fn auth(
    State(app): State<Arc<App>>,
    class: Option<Path<String>>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Refusal> {
    let class = app.board.class_id(class.as_deref().map(String::as_str)).await?;
    let (head, body) = request.into_parts();
    methods::auth(&app, class, from, &head, body).await
}

async fn call(
    app: &App,
    called: Called,
    class: Option<Path<String>>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Refusal> {
    let class = app.board.class_id(class.as_deref().map(String::as_str)).await?;
    let (head, body) = request.into_parts();
    let session = session(app, class, from, &head.headers).await?;
    let by = called.by();
    if head.method != by && !(by == Method::GET && head.method == Method::HEAD) {
        return Err(Refusal::not_by(&by));
    }
    let caller = Caller { app, class, session, head };
    match called {
        Called::GetSubjects => caller.get_subjects().await,
        Called::GetHomework => caller.get_homework().await,
        Called::GetTimetable => caller.get_timetable().await,
        Called::GetChanges => caller.get_changes().await,
        Called::UpdateHomework => caller.update_homework(body).await,
        Called::UpdateTimetable => caller.update_timetable(body).await,
        Called::UpdateChanges => caller.update_changes(body).await,
        Called::AddSubjects => caller.add_subjects(body).await,
        Called::DeleteSubjects => caller.delete_subjects(body).await,
        Called::AddUser => caller.add_user(body).await,
        Called::DeleteUser => caller.delete_user().await,
    }
}

/// Checks the key of a request: the last one that it shows, since a client that signed in twice shows both.
async fn session(app: &App, class: ClassId, from: ClientAddress, headers: &HeaderMap) -> Result<Session, Refusal> {
    let shown = headers.get_all("key").into_iter().next_back();
    let key = shown.and_then(|key| key.to_str().ok()?.rsplit(',').next()).ok_or(Refusal::WRONG_KEY)?;
    let session = app.board.check(key.trim(), from.0, KeyKind::Php).await?;
    if session.user.role_in(class).is_none() {
        return Err(Refusal::FORBIDDEN);
    }
    Ok(session)
}
