//! The bot: a digit that says where somebody writes and to which class, what is written, and after a NUL what stands on
//! the board.
#![no_main]

use board::{Assignment, Class, ClassId, ClassSettings, Language, Platform, Snapshot, Source, Subject, Task, Week};
use bots::{Hearing, Incoming, LIMIT, converse, earlier_day, split, understand};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Some((choice, text)) = input.split_at_checked(1) else { return };
    let choice = choice.as_bytes()[0];
    let (text, board) = text.split_once('\0').unwrap_or((text, "§ 1"));

    let hearing = Hearing { language: Some(i18n::Language::Ru), wide: false, slashes: false };
    if let Some(command) = understand(text, hearing) {
        assert_eq!(understand(text, Hearing { wide: true, ..hearing }), Some(command));
    }

    let language = [Language::Ru, Language::Fr, Language::En][usize::from(choice) % 3];
    let class = class(language, board, choice & 4 != 0);
    let incoming = Incoming {
        platform: if choice & 1 != 0 { Platform::Vk } else { Platform::Telegram },
        peer: 1,
        from: None,
        event: None,
        at: Timestamp::UNIX_EPOCH,
        text: text.to_owned(),
        invited: choice & 8 != 0,
        private: choice & 2 != 0,
    };
    let _ = earlier_day(&incoming, &class, &TimeZone::UTC);
    let _ = converse(&incoming, None, &TimeZone::UTC);
    for part in converse(&incoming, Some(&class), &TimeZone::UTC).messages.into_iter().flat_map(split) {
        assert!(part.text.encode_utf16().count() <= LIMIT && !part.text.trim().is_empty());
    }
});

fn class(language: Language, text: &str, dated: bool) -> Snapshot {
    let settings = ClassSettings { language, ..ClassSettings::named("9Б") };
    let subject = Subject { number: 1, name: "Алгебра".to_owned(), note: text.to_owned(), source: Source::Hand };
    let today = date(1970, 1, 1);
    let task =
        Task { subject: 1, given: today, due: today, text: text.to_owned(), links: Vec::new(), source: Source::Hand };
    Snapshot {
        class: Class { id: ClassId(1), slug: "9b".to_owned(), code: "9Б-4711".to_owned(), archived: None, settings },
        revision: 1,
        subjects: [(1, subject)].into(),
        week: Week { texts: std::array::from_fn(|_| text.to_owned()), rows: std::array::from_fn(|_| vec![1]) },
        changes: board::Changes { text: text.to_owned(), ..Default::default() },
        timetables: Vec::new(),
        dated_changes: Default::default(),
        assignments: if dated { vec![Assignment { id: 1, task }] } else { Vec::new() },
        since: today,
    }
}
