//! What a chat is told without having asked.

use i18n::{Language, t};
use jiff::civil::Date;

use crate::Message;

/// Something that is new on the board of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Homework.
    Homework {
        /// The name of its subject.
        subject: String,
        /// The day it is due, if it has one.
        due: Option<Date>,
        /// What is to be done.
        text: String,
    },
    /// Changes to the timetable.
    Changes {
        /// Their day, if they have one.
        day: Option<Date>,
        /// What they are; nothing when there are none any more. [`changes`](super::changes) has it.
        text: Option<String>,
    },
}

/// Tells what is new in a class that has a name: homework first, then changes, each in the order given.
#[must_use]
pub fn alert(language: Language, class: &str, news: &[News]) -> Message {
    let (mut homework, mut changes) = (Vec::new(), Vec::new());
    for new in news {
        match new {
            News::Homework { subject, due, text } => {
                let day = due.map(|due| i18n::weekday_and_date_for(language, due));
                let key = if day.is_some() { "bot-homework-line-due" } else { "bot-homework-line" };
                let day = day.unwrap_or_default().into();
                let values = [("subject", subject.as_str().into()), ("text", text.as_str().into()), ("day", day)];
                homework.push(t(language, key, &values));
            }
            News::Changes { day, text } => {
                let day = day.map(|day| i18n::weekday_and_date_for(language, day));
                let values = [("day", day.clone().unwrap_or_default().into())];
                changes.push(match (day, text) {
                    (Some(_), Some(text)) => format!("{}\n{text}", t(language, "bot-changes-for", &values)),
                    (Some(_), None) => t(language, "bot-changes-none-for", &values),
                    (None, Some(text)) => format!("{}\n{text}", t(language, "bot-changes-below", &[])),
                    (None, None) => t(language, "bot-changes-none", &[]),
                });
            }
        }
    }
    if !homework.is_empty() {
        homework.insert(0, t(language, "bot-alert-homework", &[("count", homework.len().into())]));
    }
    let parts = [t(language, "bot-alert", &[("class", class.into())]), homework.join("\n")];
    let parts: Vec<_> = parts.into_iter().chain(changes).filter(|part| !part.is_empty()).collect();
    Message::text(parts.join("\n\n"))
}
