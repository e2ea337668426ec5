//! A message comes in, and what is to be said and done about it goes out: the whole bot, without a network, a clock or
//! a database.

use board::{Alerts, Platform, Snapshot};
use i18n::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::command::Command;
use crate::hearing::{Hearing, spoken, understand, understand_in};
use crate::{Incoming, Message, answer};

/// What comes of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What is said, in order, once the effect is done.
    pub messages: Vec<Message>,
    /// What is done.
    pub effect: Option<Effect>,
}

/// What a message does, besides being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The chat is bound to the class that has a code. Who does it says [`bound`](answer::bound) or
    /// [`no_such_code`](answer::no_such_code).
    Bind {
        /// The code.
        code: String,
        /// The language it was asked for in.
        language: Language,
    },
    /// The chat is bound to no class any more.
    Leave,
    /// The chat is told of news, or not any more. If it turns out to be bound to no class,
    /// [`unbound`](answer::unbound) is said instead.
    Alerts(Option<Alerts>),
}

/// Answers a message, for the class that its chat belongs to.
///
/// "Today" is the day the message was written, in the time zone of the class, or else in `zone`. In a chat of several
/// only commands are answered; in a private talk there is a hint for what is no command.
#[must_use]
pub fn converse(incoming: &Incoming, class: Option<&Snapshot>, zone: &TimeZone) -> Outcome {
    let Some(class) = class else { return without_class(incoming) };
    let settings = &class.class.settings;
    let language = language_of(settings.language);
    let blank = spoken(&incoming.text).is_empty();
    match understand_in(&incoming.text, hearing(incoming, Some(class))) {
        Some((language, Command::Bind(code))) => Outcome::effect(Effect::Bind { code, language }, None),
        Some((_, Command::Leave)) => Outcome::effect(Effect::Leave, Some(answer::left(language))),
        Some((_, Command::Alerts(wish))) => Outcome::effect(Effect::Alerts(wish), Some(answer::alerts(language, wish))),
        Some((_, command)) => Outcome::say(answer::answer(&command, class, today(incoming, class, zone))),
        None if blank && incoming.invited => Outcome::say(answer::welcome(language)),
        None if !blank && incoming.private && !settings.strict => Outcome::say(answer::hint(language)),
        None => Outcome::default(),
    }
}

/// The day that is asked for, when the snapshot does not reach back to it: the answer then wants one that does.
#[must_use]
pub fn earlier_day(incoming: &Incoming, class: &Snapshot, zone: &TimeZone) -> Option<Date> {
    let command = understand(&incoming.text, hearing(incoming, Some(class)))?;
    command.when()?.date(today(incoming, class, zone)).filter(|date| *date < class.since)
}

fn without_class(incoming: &Incoming) -> Outcome {
    match understand_in(&incoming.text, hearing(incoming, None)) {
        Some((language, Command::Bind(code))) => Outcome::effect(Effect::Bind { code, language }, None),
        Some((language, _)) => Outcome::say(answer::unbound(language)),
        None if incoming.invited || (incoming.private && !spoken(&incoming.text).is_empty()) => {
            Outcome::say(answer::unbound(Language::default()))
        }
        None => Outcome::default(),
    }
}

/// In a chat of a class that is kept as the original kept it, silence to all that the original was silent to is part of
/// the contract. Elsewhere nobody has got used to it.
fn hearing(incoming: &Incoming, class: Option<&Snapshot>) -> Hearing {
    let language = class.map(|class| language_of(class.class.settings.language));
    let wide = class.is_none_or(|class| {
        let as_ever = !incoming.private && !class.is_dated() && language == Some(Language::Ru);
        !(as_ever || class.class.settings.strict)
    });
    Hearing { language, wide, slashes: matches!(incoming.platform, Platform::Telegram | Platform::Console) }
}

fn today(incoming: &Incoming, class: &Snapshot, zone: &TimeZone) -> Date {
    incoming.at.to_zoned(class.class.settings.time_zone(zone)).date()
}

/// The language of a class, for messages.
pub(crate) fn language_of(language: board::Language) -> Language {
    match language {
        board::Language::Ru => Language::Ru,
        board::Language::Fr => Language::Fr,
        board::Language::En => Language::En,
    }
}

impl Outcome {
    fn say(message: Message) -> Self {
        Outcome { messages: vec![message], effect: None }
    }

    fn effect(effect: Effect, message: Option<Message>) -> Self {
        Outcome { messages: message.into_iter().collect(), effect: Some(effect) }
    }
}
