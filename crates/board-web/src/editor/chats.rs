//! The chats of a class: the code that binds one, and when each is told of news.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Alerts, Chat, Error, Platform, Role};
use minijinja::{Value, context};

use super::fault::Fault;
use super::form::{Choice, Form, fields};
use super::settings::time;
use super::visit::{ClassVisit, Posted};
use super::words;

/// Lists them.
pub(crate) async fn list(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    page(&visit, StatusCode::OK, None).await
}

/// The page, with what is wrong with the form of one of them.
async fn page(visit: &ClassVisit, status: StatusCode, faulty: Option<Form>) -> Result<Response, Fault> {
    let chat = |chat: &Chat| {
        let id = format!("{}-{}", chat.platform, chat.peer);
        let mine = faulty.as_ref().filter(|form| is_of(form, chat)).cloned();
        let form = mine.unwrap_or_else(|| {
            let (when, time) = match chat.alerts {
                None => ("never", String::new()),
                Some(Alerts::AtOnce) => ("now", String::new()),
                Some(Alerts::Daily(time)) => ("daily", time.strftime("%H:%M").to_string()),
            };
            Form::new(fields([("when", when.to_owned()), ("time", time)]))
        });
        context! {
            name => format!("{} {}", platform_name(visit, chat.platform), chat.peer),
            platform => chat.platform.to_string(),
            peer => chat.peer.to_string(),
            since => visit.moment(chat.bound),
            form => form.named(id).view(visit.language),
        }
    };
    let chats: Vec<Value> = visit.app.board.chats(visit.class.id).await?.iter().map(chat).collect();
    let whens = [("never", "editor-alerts-never"), ("now", "editor-alerts-now"), ("daily", "editor-alerts-daily")];
    let view = context! {
        // The bot speaks the language of the class.
        command => words::say(words::of_class(visit.class.settings.language), "editor-code-command", &[]),
        code => &visit.class.code,
        chats,
        whens => whens.map(|(value, key)| Choice::new(value, visit.say(key, &[]))),
    };
    Ok(visit.class_page(status, "chats.html", "chats", view))
}

fn platform_name(visit: &ClassVisit, platform: Platform) -> String {
    match platform {
        Platform::Vk => "VK".to_owned(),
        Platform::Telegram => "Telegram".to_owned(),
        Platform::Console => visit.say("editor-console", &[]),
    }
}

fn is_of(form: &Form, chat: &Chat) -> bool {
    form.get("platform") == chat.platform.to_string() && form.number("peer") == Some(chat.peer)
}

/// Gives the class another code.
pub(crate) async fn renew(Posted { visit, .. }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    visit.app.board.renew_code(&visit.actor(), visit.class.id).await?;
    Ok(visit.told(&visit.at("chats"), "editor-notice-code"))
}

/// The chat of a form, which has to be one of the class.
async fn chat_of(visit: &ClassVisit, form: &Form) -> Result<Option<Chat>, Fault> {
    Ok(visit.app.board.chats(visit.class.id).await?.into_iter().find(|chat| is_of(form, chat)))
}

/// Sets when a chat is told of news.
pub(crate) async fn tell(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let Some(chat) = chat_of(&visit, &form).await? else {
        return Ok(visit.told(&visit.at("chats"), "editor-notice-gone"));
    };
    let alerts = match form.get("when") {
        "now" => Some(Alerts::AtOnce),
        "daily" => time(&mut form, "time").map(Alerts::Daily),
        _ => None,
    };
    if !form.is_fine() {
        return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    }
    match visit.app.board.set_alerts(chat.platform, chat.peer, alerts).await {
        Ok(()) => Ok(visit.told(&visit.at("chats"), "editor-notice-saved")),
        Err(Error::Missing(_)) => Ok(visit.told(&visit.at("chats"), "editor-notice-gone")),
        Err(error) => Err(error.into()),
    }
}

/// Forgets a chat.
pub(crate) async fn leave(Posted { visit, form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    if let Some(chat) = chat_of(&visit, &form).await? {
        visit.app.board.leave_chat(chat.platform, chat.peer).await?;
    }
    Ok(visit.told(&visit.at("chats"), "editor-notice-chat-left"))
}
