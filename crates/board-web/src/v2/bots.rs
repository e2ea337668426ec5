//! The bot: what it would answer, its chats, and what waits to be sent.

use axum::http::StatusCode;
use board::{Alerts, Chat, Error, Platform};
use bots::{Effect, Incoming, Outcome, converse, earlier_day, split};
use jiff::Timestamp;
use jiff::civil::{Date, time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answer, List};
use super::body::Body;
use super::caller::{At, Caller, Head, Reader, nothing_there};
use super::classes::ClassPath;
use super::query::{Listing, Page, Whole};
use super::shape;

/// What is written to the bot.
#[derive(Deserialize, ToSchema)]
pub(super) struct Asked {
    /// The message.
    #[schema(max_length = 10000)]
    text: String,
    /// The day that it is written; today when it is not said.
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// Where it is written.
    #[serde(default = "console")]
    #[schema(value_type = shape::Platform)]
    platform: Platform,
    /// Whether the talk is with one person, and not in a chat of several.
    #[serde(default = "yes")]
    private: bool,
}

fn console() -> Platform {
    Platform::Console
}

fn yes() -> bool {
    true
}

/// What the bot would answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Preview {
    /// Its messages, in order; none when it would keep silent.
    messages: Vec<Said>,
    /// What it would do besides; here it does nothing.
    effect: Option<Does>,
}

/// A message of the bot.
#[derive(Serialize, ToSchema)]
struct Said {
    /// The text.
    text: String,
    /// The labels of the keyboard that goes with it, row by row.
    keyboard: Option<Vec<Vec<String>>>,
}

/// What the bot does besides answering: it binds a chat, lets it go, or sets when it is told of news.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Does {
    Bind,
    Leave,
    Alerts,
}

/// The bot on a platform.
#[derive(Serialize, ToSchema)]
pub(super) struct Bot {
    #[schema(value_type = shape::Platform)]
    platform: Platform,
    /// How many chats are bound there.
    chats: usize,
    /// How many messages wait to be sent.
    waiting: i64,
}

/// A chat that is bound to a class.
#[derive(Serialize, ToSchema)]
#[schema(as = Chat)]
pub(super) struct Bound {
    #[schema(value_type = shape::Platform)]
    platform: Platform,
    /// Its number there.
    peer: i64,
    /// When it is told of news; nothing when it is not.
    #[schema(value_type = Option<AlertsShape>)]
    alerts: Option<Alerts>,
    /// Since when it is bound.
    #[schema(value_type = String, format = DateTime)]
    bound: Timestamp,
}

/// When a chat is told of news: `at_once`, or `daily` at a time of day of the class.
#[derive(ToSchema)]
#[schema(as = Alerts)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(super) struct AlertsShape {
    when: String,
    time: Option<String>,
}

/// What the bot would answer to a message in a chat of the class.
#[utoipa::path(post, path = "/classes/{class}/bot/preview", tag = "bots", params(ClassPath), request_body = Asked, responses((status = 200, description = "What it would say", body = Preview)))]
pub(super) async fn preview(at: At<Reader>, Body(asked, _): Body<Asked>) -> Answer {
    let (board, zone) = (at.board(), at.board().zone_of(&at.class));
    let noon = |date: Date| date.to_datetime(time(12, 0, 0, 0)).to_zoned(zone.clone()).map(|noon| noon.timestamp());
    // Only at the very end of time is there no noon.
    let then = asked.date.and_then(|date| noon(date).ok()).unwrap_or_else(|| board.now());
    let incoming = Incoming {
        platform: asked.platform,
        peer: 0,
        from: None,
        event: None,
        at: then,
        text: asked.text,
        invited: false,
        private: asked.private,
    };
    let snapshot = board.snapshot(at.class.id).await?;
    let Outcome { messages, effect } = match earlier_day(&incoming, &snapshot, &zone) {
        Some(day) => converse(&incoming, Some(&board.snapshot_around(at.class.id, day, day).await?), &zone),
        None => converse(&incoming, Some(&snapshot), &zone),
    };
    let said = messages.into_iter().flat_map(split);
    let said = said.map(|message| Said { text: message.text, keyboard: message.keyboard_labels });
    let effect = effect.map(|effect| match effect {
        Effect::Bind { .. } => Does::Bind,
        Effect::Leave => Does::Leave,
        Effect::Alerts(_) => Does::Alerts,
    });
    Ok(answer::json(StatusCode::OK, &Preview { messages: said.collect(), effect }))
}

/// The bot on each platform: how many chats it has, and how much waits to be sent.
#[utoipa::path(get, path = "/bots", tag = "bots", responses((status = 200, description = "Bots", body = List<Bot>)))]
pub(super) async fn list(caller: Caller) -> Answer {
    caller.heads_any()?;
    let chats = caller.board().all_chats().await?;
    let mut bots = Vec::new();
    for platform in [Platform::Vk, Platform::Telegram, Platform::Console] {
        let chats = chats.iter().filter(|chat| chat.platform == platform).count();
        bots.push(Bot { platform, chats, waiting: caller.board().count_waiting(platform).await? });
    }
    List::whole(bots).answer()
}

/// The chats of a class.
#[utoipa::path(get, path = "/classes/{class}/chats", tag = "bots", params(ClassPath, Page), responses((status = 200, description = "Chats", body = List<Bound>)))]
pub(super) async fn chats(at: At<Head>, Listing(_, page): Listing<Whole>) -> Answer {
    let mut chats = at.board().chats(at.class.id).await?;
    chats.sort_by_key(|chat| (chat.platform, chat.peer));
    let bound = chats.into_iter().map(|chat| {
        let Chat { platform, peer, alerts, bound, .. } = chat;
        Bound { platform, peer, alerts, bound }
    });
    page.of(bound, |chat| (chat.platform, chat.peer))?.answer()
}

/// Unbinds a chat from the class.
#[utoipa::path(delete, path = "/classes/{class}/chats/{platform}/{peer}", tag = "bots", params(
    ClassPath,
    ("platform" = shape::Platform, Path, description = "Where it is"),
    ("peer" = i64, Path, description = "Its number there"),
), responses((status = 204, description = "It is bound to nothing any more")))]
pub(super) async fn unbind(
    at: At<Head>,
    axum::extract::Path((_, platform, peer)): axum::extract::Path<(String, String, String)>,
) -> Answer {
    let platform: Platform = serde_json::from_value(platform.into()).map_err(|_| nothing_there())?;
    let peer = peer.parse().map_err(|_| nothing_there())?;
    let chat = at.board().chat(platform, peer).await?;
    chat.filter(|chat| chat.class == at.class.id).ok_or(Error::Missing("chat"))?;
    at.board().leave_chat(platform, peer).await?;
    answer::done()
}
