//! Whole talks, as they are seen in a terminal, in three languages; and what is told without being asked.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use board::{Language, Platform, Snapshot};
use bots::answer::{News, alert};
use bots::{Incoming, LIMIT, console, converse, split};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::school::{TUESDAY, WEDNESDAY, dated, says, undated};

const RUSSIAN: &str = "начать\nдз\nдз на сегодня\nдз на среду\nвсе дз\nрасписание\nрасписание на сегодня\nвсе \
                       расписание\nзамены\nзамены на 14.09\nкак дела?\nпомощь\nпривязать \
                       9Б-47110815\nуведомления\nуведомления в 18:00\nбез уведомлений\nотвязать\n";
const FRENCH: &str = "commencer\ndevoirs\ndevoirs du jour\ndevoirs pour mercredi\ntous les devoirs\nemploi du \
                      temps\nemploi du temps du jour\ntoute la semaine\nchangements\nchangements du 14/09\nça \
                      va ?\naide\nlier 9Б-47110815\nalertes\nalertes à 18h\nsans alertes\ndélier\nдз\n";
const ENGLISH: &str = "start\nhomework\nhomework for today\nhomework for Wednesday\nall \
                       homework\ntimetable\ntimetable for today\nwhole week\nchanges\nchanges for 14/09\nhow are \
                       you?\nhelp\nbind 9Б-47110815\nalerts\nalerts at 18:00\nno alerts\nunbind\nдз\n";

/// A talk as it stands in a terminal, and what it did.
fn talk(lines: &str, class: &Snapshot) -> String {
    let mut whole = String::new();
    for line in lines.lines() {
        let mut said = Vec::new();
        let mut done = String::new();
        console::talk(line.as_bytes(), &mut said, |line| {
            let incoming = Incoming { platform: Platform::Console, ..says(line, TUESDAY) };
            let outcome = converse(&incoming, Some(class), &TimeZone::UTC);
            done = outcome.effect.map(|effect| format!("({effect:?})\n")).unwrap_or_default();
            Ok(outcome.messages)
        })
        .unwrap();
        whole += &format!("> {line}\n{done}{}", String::from_utf8_lossy(&said));
    }
    whole
}

#[test]
fn a_talk_in_russian() {
    insta::assert_snapshot!("undated_ru", talk(RUSSIAN, &undated(Language::Ru)));
    insta::assert_snapshot!("dated_ru", talk(RUSSIAN, &dated(Language::Ru)));
}

#[test]
fn a_talk_in_french() {
    insta::assert_snapshot!("undated_fr", talk(FRENCH, &undated(Language::Fr)));
    insta::assert_snapshot!("dated_fr", talk(FRENCH, &dated(Language::Fr)));
}

#[test]
fn a_talk_in_english() {
    insta::assert_snapshot!("undated_en", talk(ENGLISH, &undated(Language::En)));
    insta::assert_snapshot!("dated_en", talk(ENGLISH, &dated(Language::En)));
}

fn news() -> [News; 5] {
    [
        News::Homework { subject: "Maths".to_owned(), due: Some(WEDNESDAY), text: "№ 12".to_owned() },
        News::Changes { day: Some(WEDNESDAY), text: Some("2. Maths — annulé".to_owned()) },
        News::Homework { subject: "Histoire".to_owned(), due: None, text: "§ 3".to_owned() },
        News::Changes { day: Some(TUESDAY), text: None },
        News::Changes { day: None, text: Some("Pas de sport".to_owned()) },
    ]
}

#[test]
fn news_are_told_homework_first() {
    let told = |language| alert(language, "9Б", &news()).text;
    insta::assert_snapshot!("alert_ru", told(i18n::Language::Ru));
    insta::assert_snapshot!("alert_fr", told(i18n::Language::Fr));
    insta::assert_snapshot!("alert_en", told(i18n::Language::En));
    let gone = alert(i18n::Language::Ru, "9Б", &[News::Changes { day: None, text: None }]);
    assert_eq!(gone.text, "9Б, новое на доске\n\nИзменений нет");
}

#[test]
fn russian_counts_homework_right() {
    let new = News::Homework { subject: "Физика".to_owned(), due: None, text: "§ 2".to_owned() };
    let told = |count| alert(i18n::Language::Ru, "9Б", &vec![new.clone(); count]).text;
    for (count, expected) in [
        (1, "1 новое задание:"),
        (2, "2 новых задания:"),
        (5, "5 новых заданий:"),
        (11, "11 новых заданий:"),
        (21, "21 новое задание:"),
        (22, "22 новых задания:"),
    ] {
        assert_eq!(told(count).lines().nth(2), Some(expected));
    }
}

#[test]
fn a_terminal_shows_keys_and_takes_any_line() {
    let mut said = Vec::new();
    let mut heard = Vec::new();
    console::talk(&b"a\r\n\xff\n\nlast"[..], &mut said, |line| {
        heard.push(line.to_owned());
        Ok(match line {
            "a" => vec![bots::answer::welcome(i18n::Language::En)],
            _ => Vec::new(),
        })
    })
    .unwrap();
    assert_eq!(heard, ["a", "\u{fffd}", "", "last"]);
    let keys = "[ homework ] [ homework for today ]\n[ all homework ] [ whole week ]\n[ timetable for today ]\n[ \
                timetable for tomorrow ] [ changes ]";
    assert_eq!(String::from_utf8(said).unwrap(), format!("Welcome :)\n{keys}\n\n"));
}

proptest! {
    #[test]
    fn every_answer_fits_once_it_is_split(
        question in proptest::sample::select(RUSSIAN.lines().chain(FRENCH.lines()).chain(ENGLISH.lines()).collect::<Vec<_>>()),
        language in proptest::sample::select(vec![Language::Ru, Language::Fr, Language::En]),
        with_dates: bool,
        text in "(?s)[ \n🙂а-я]{0,80}",
        times in 0_usize..400,
    ) {
        let mut class = if with_dates { dated(language) } else { undated(language) };
        let text = text.repeat(times);
        class.changes.text.clone_from(&text);
        class.week.texts[2].clone_from(&text);
        class.assignments.iter_mut().for_each(|assignment| assignment.task.text.clone_from(&text));
        class.subjects.values_mut().for_each(|subject| subject.note.clone_from(&text));
        for part in converse(&says(question, TUESDAY), Some(&class), &TimeZone::UTC).messages.into_iter().flat_map(split) {
            prop_assert!(part.text.encode_utf16().count() <= LIMIT && !part.text.trim().is_empty());
        }
    }

    #[test]
    fn anything_may_be_said_to_any_class(text in "(?s).*", with_dates: bool, private: bool, seconds in -10_000_000_000_i64..200_000_000_000) {
        let class = if with_dates { dated(Language::Fr) } else { undated(Language::Ru) };
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        let incoming = Incoming { at, private, ..says(&text, TUESDAY) };
        let _ = converse(&incoming, Some(&class), &TimeZone::UTC);
        let _ = converse(&incoming, None, &TimeZone::UTC);
    }
}
