//! The editor: pages for the people who keep a board. They work without JavaScript; a little of it makes them better.
//!
//! ```text
//! visit.rs     who asks, in which class, with which rights      guard.rs   forms that are sent from our pages only
//! form.rs      what was typed, what is wrong with it, what others made of it meanwhile
//! page.rs      templates, and the headers of every page         words.rs   the language
//! fault.rs     why a page cannot be shown                       assets.rs  style, script, icon
//! ```
//!
//! and a file for each page. A form carries the tag of what it was made of. When that has changed, nothing is saved: the
//! same form is shown again with what was typed, and beside each field that differs what is on the board now.

mod account;
mod assets;
mod changes;
mod chats;
mod classes;
mod cookies;
mod fault;
mod form;
mod guard;
mod history;
mod homework;
mod notes;
mod overview;
mod page;
mod people;
mod preview;
mod pronote;
mod settings;
mod sign_in;
mod subjects;
mod timetable;
mod told;
mod user;
mod versions;
mod visit;
mod week;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use crate::App;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/board", get(|| async { fault::see_other("/board/") }))
        .route("/board/", get(classes::list))
        .route("/board/_/{asset}", get(assets::serve))
        .route("/board/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/board/sign-out", get(classes::list).post(sign_in::leave))
        .route("/board/language", get(classes::list).post(sign_in::speak))
        .route("/board/account", get(account::show).post(account::save))
        .route("/board/new-class", get(classes::show_new).post(classes::add))
        .route("/board/_history", get(history::list_all))
        .route("/board/_users", get(people::list_all).post(people::add_anywhere))
        .route("/board/_users/{user}", get(user::show_anywhere).post(user::save_anywhere))
        .route("/board/_users/{user}/remove", get(user::ask_anywhere).post(user::remove_anywhere))
        .merge(of_class())
        .route("/board/{class}/{page}", get(nowhere))
        .route("/board/{class}/{page}/{rest}", get(nowhere))
        .route("/board/{class}/{page}/{rest}/{more}", get(nowhere))
        .layer(from_fn(page::finish))
}

/// What is no page: said by a page, and not as to a program.
async fn nowhere() -> fault::Fault {
    fault::Fault::Missing
}

/// The pages of a class. Each address that takes a form shows a page too, for whoever comes back to it.
fn of_class() -> Router<Arc<App>> {
    Router::new()
        .route("/board/{class}", get(|visit: visit::ClassVisit| async move { fault::see_other(&visit.at("")) }))
        .route("/board/{class}/", get(overview::show))
        .route("/board/{class}/homework", get(homework::list))
        .route("/board/{class}/homework/notes/{number}", get(notes::show).post(notes::save))
        .route("/board/{class}/homework/new", get(homework::show_new).post(homework::add))
        .route("/board/{class}/homework/{id}", get(homework::show).post(homework::save))
        .route("/board/{class}/homework/{id}/remove", get(homework::show).post(homework::remove))
        .route("/board/{class}/changes", get(changes::list).post(changes::save_undated))
        .route("/board/{class}/changes/day", get(changes::go))
        .route("/board/{class}/changes/{date}", get(changes::show).post(changes::save))
        .route("/board/{class}/changes/{date}/remove", get(changes::show).post(changes::remove))
        .route("/board/{class}/timetable", get(timetable::list))
        .route("/board/{class}/timetable/week", get(week::show).post(week::save))
        .route("/board/{class}/timetable/new", get(timetable::show_new).post(timetable::add))
        .route("/board/{class}/timetable/{id}", get(timetable::show).post(timetable::save))
        .route("/board/{class}/timetable/{id}/remove", get(timetable::show).post(timetable::remove))
        .route("/board/{class}/subjects", get(subjects::list).post(subjects::add))
        .route("/board/{class}/subjects/{number}", get(subjects::show).post(subjects::rename))
        .route("/board/{class}/subjects/{number}/archive", get(subjects::ask).post(subjects::archive))
        .route("/board/{class}/users", get(people::list).post(people::add))
        .route("/board/{class}/users/{user}", get(user::show).post(user::save))
        .route("/board/{class}/users/{user}/remove", get(user::ask).post(user::remove))
        .route("/board/{class}/settings", get(settings::show).post(settings::save))
        .route("/board/{class}/settings/archive", get(settings::show).post(settings::archive))
        .route("/board/{class}/chats", get(chats::list))
        .route("/board/{class}/chats/code", get(chats::list).post(chats::renew))
        .route("/board/{class}/chats/alerts", get(chats::list).post(chats::tell))
        .route("/board/{class}/chats/leave", get(chats::list).post(chats::leave))
        .route("/board/{class}/pronote", get(pronote::show))
        .route("/board/{class}/pronote/unbind", get(pronote::ask).post(pronote::unbind))
        .route("/board/{class}/history", get(history::list))
        .route("/board/{class}/history/{id}/undo", get(history::list).post(history::undo))
        .route("/board/{class}/preview", get(preview::show))
}
