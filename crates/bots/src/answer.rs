//! What the bot says: pure functions from a class as it is, a day and a [`Command`] to a text.
//!
//! A class that has nothing with a date is answered exactly as the bot before this one did, byte for byte
//! (`undated`); so is a class that wants it so. Another is answered for dates (`dated`): the next day is the next
//! with school, changes are those of the day, homework is what is due.

mod alert;
mod dated;
mod lessons;
mod undated;

use board::{Alerts, Class, Snapshot};
use i18n::{Language, Value, t};
use jiff::civil::Date;

pub use self::alert::{News, alert};
pub use self::lessons::changes;
use crate::command::{Command, When};
use crate::keyboard::with_keyboard;
use crate::{Message, language_of};

/// Answers what is asked of a class, on a day. What is about the chat itself is for [`converse`](crate::converse).
#[must_use]
pub fn answer(command: &Command, class: &Snapshot, today: Date) -> Message {
    let voice = Voice { class, language: language_of(class.class.settings.language), today };
    let text = match (command, class.is_dated()) {
        (Command::Homework(When::Tomorrow), false) => voice.undated_homework_tomorrow(),
        (Command::Homework(When::Tomorrow), true) => voice.next_homework(),
        (Command::Homework(When::Today), false) => voice.undated_homework_today(),
        (Command::Homework(When::Today), true) => voice.homework_today(),
        (Command::Homework(when), false) => voice.undated_on(*when, Voice::undated_homework_on),
        (Command::Homework(when), true) => voice.on(*when, Voice::homework_on),
        (Command::AllHomework, false) => voice.undated_homework(),
        (Command::AllHomework, true) => voice.all_homework(),
        (Command::Timetable(When::Tomorrow), false) => voice.undated_timetable_tomorrow(),
        (Command::Timetable(When::Tomorrow), true) => voice.next_timetable(),
        (Command::Timetable(When::Today), false) => voice.undated_timetable_today(),
        (Command::Timetable(When::Today), true) => voice.timetable_today(),
        (Command::Timetable(when), false) => voice.undated_on(*when, Voice::undated_timetable_on),
        (Command::Timetable(when), true) => voice.on(*when, Voice::timetable_on),
        (Command::Week, false) => voice.undated_week(),
        (Command::Week, true) => voice.week(),
        (Command::Changes(_), false) => voice.undated_changes(),
        (Command::Changes(None), true) => voice.changes(),
        (Command::Changes(Some(When::Tomorrow)), true) => voice.next_changes(),
        (Command::Changes(Some(when)), true) => voice.on(*when, Voice::changes_on),
        (Command::Keyboard, _) => return with_keyboard(voice.language, "bot-keyboard"),
        (Command::Help | Command::Bind(_) | Command::Leave | Command::Alerts(_), _) => voice.say("bot-help"),
    };
    Message::text(text)
}

/// What is said when the bot was invited into a chat.
#[must_use]
pub fn welcome(language: Language) -> Message {
    with_keyboard(language, "bot-welcome")
}

/// What is said in a private talk to what is not understood.
#[must_use]
pub fn hint(language: Language) -> Message {
    with_keyboard(language, "bot-hint")
}

/// What is said in a chat that is bound to no class.
#[must_use]
pub fn unbound(language: Language) -> Message {
    Message::text(t(language, "bot-unbound", &[]))
}

/// What is said when a chat was bound to a class.
#[must_use]
pub fn bound(class: &Class) -> Message {
    let language = language_of(class.settings.language);
    let text = t(language, "bot-bound", &[("class", class.settings.name.as_str().into())]);
    Message { text, ..with_keyboard(language, "bot-keyboard") }
}

/// What is said when no class has a code.
#[must_use]
pub fn no_such_code(language: Language) -> Message {
    Message::text(t(language, "bot-no-such-code", &[]))
}

/// What is said when a chat left its class.
#[must_use]
pub fn left(language: Language) -> Message {
    Message::text(t(language, "bot-left", &[]))
}

/// What is said when a chat is to be told of news in some way, or not at all.
#[must_use]
pub fn alerts(language: Language, alerts: Option<Alerts>) -> Message {
    Message::text(match alerts {
        Some(Alerts::AtOnce) => t(language, "bot-alerts-at-once", &[]),
        Some(Alerts::Daily(time)) => {
            t(language, "bot-alerts-daily", &[("time", time.strftime("%H:%M").to_string().into())])
        }
        None => t(language, "bot-alerts-off", &[]),
    })
}

/// The answers of a class, on a day.
struct Voice<'a> {
    class: &'a Snapshot,
    language: Language,
    today: Date,
}

impl Voice<'_> {
    fn say(&self, key: &str) -> String {
        t(self.language, key, &[])
    }

    fn say_with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        t(self.language, key, values)
    }

    /// Says something of a day, which is named already.
    fn say_of(&self, key: &str, day: &str) -> String {
        t(self.language, key, &[("day", day.into())])
    }

    /// The day that is meant; a sentence when there is none.
    fn on(&self, when: When, answer: impl Fn(&Self, Date) -> String) -> String {
        when.date(self.today).map_or_else(|| self.say("bot-no-such-day"), |date| answer(self, date))
    }
}
