use board::Alerts;
use i18n::Language::{self, En, Fr, Ru};
use jiff::civil::Weekday::{Friday, Monday, Wednesday};
use jiff::civil::time;
use proptest::prelude::*;

use super::{Hearing, hear, spoken, understand};
use crate::command::When::{AfterTomorrow, Date, Today, Tomorrow, Weekday};
use crate::command::{Command, When};

const NARROW: Hearing = Hearing { language: Some(Ru), wide: false, slashes: false };
const WIDE: Hearing = Hearing { wide: true, ..NARROW };

fn of(language: Language) -> Hearing {
    Hearing { language: Some(language), ..WIDE }
}

const fn date(day: i8, month: i8, year: Option<i16>) -> When {
    Date { day, month, year }
}

fn homework(text: &str, hearing: Hearing) -> Option<When> {
    match understand(text, hearing)? {
        Command::Homework(when) => Some(when),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_phrase_of_the_original_is_known() {
    for (phrases, command) in [
        (
            "дз|домашка|домашнее задание|домашняя работа|че задали?|че задали|чо задали?|чо задали|что задали?|что \
             задали|задание",
            Command::Homework(Tomorrow),
        ),
        ("дз на сегодня", Command::Homework(Today)),
        ("все дз|всё дз", Command::AllHomework),
        ("расписание|расписание на завтра", Command::Timetable(Tomorrow)),
        ("расписание на сегодня", Command::Timetable(Today)),
        ("всё расписание|все расписание|расписание на всю неделю", Command::Week),
        ("замены|изменения", Command::Changes(None)),
        ("начать|Начать", Command::Keyboard),
    ] {
        for phrase in phrases.split('|') {
            assert_eq!(understand(phrase, NARROW), Some(command.clone()), "{phrase}");
        }
    }
}

#[test]
fn what_the_original_kept_silent_to_is_not_heard_in_narrow_hearing() {
    let texts = "/дз|привет|дз на завтра|дзззз|какое дз|расписание на понедельник|hello|0|null|]|] |🙂|дз\nрасписание|\
                 замена|dz|/dz|@bot дз|помощь|homework|devoirs|дз на 14.09|замены на завтра|[club1|@bot] |";
    for text in texts.split("|").chain(["[club1|@schoolbot] ", "[club1|дз]"]) {
        assert_eq!(understand(text, NARROW), None, "{text}");
    }
}

#[test]
fn a_mention_in_front_is_forgiven() {
    for text in [
        "[club1|@schoolbot] дз",
        "[CLUB1|Школьный бот] ДЗ",
        "а вот] дз",
        "[a] [b] дз",
        "[club1|@schoolbot], дз",
        "[club1|@schoolbot]дз",
        "[club1|@schoolbot]: дз",
        " [club1|@schoolbot]   дз",
        "] дз",
    ] {
        assert_eq!(homework(text, NARROW), Some(Tomorrow), "{text}");
    }
    assert_eq!(spoken("[club1|@schoolbot], "), "");
    assert_eq!(spoken("[дз]"), "[дз]");
}

#[test]
fn blanks_and_what_ends_a_sentence_are_forgiven() {
    for text in [" дз", "дз ", "дз\n", "дз!", "дз?", "дз ?!", "дз…", "ДЗ)))", "\u{a0}дз\t", "дз ."]
    {
        assert_eq!(homework(text, NARROW), Some(Tomorrow), "{text}");
    }
    assert_eq!(understand("расписание \n на   всю неделю", NARROW), Some(Command::Week));
    assert_eq!(homework("чё задали", NARROW), Some(Tomorrow));
    assert_eq!(hear("  L’École,  DÉLIER !! "), "l'ecole, delier");
}

#[test]
fn a_day_may_be_asked_for() {
    for (text, when) in [
        ("дз на среду", Weekday(Wednesday)),
        ("Домашка на пятницу?", Weekday(Friday)),
        ("что задали на пн", Weekday(Monday)),
        ("что задали к среде", Weekday(Wednesday)),
        ("дз пт", Weekday(Friday)),
        ("дз на завтра", Tomorrow),
        ("дз на послезавтра", AfterTomorrow),
        ("домашка на сегодня", Today),
        ("дз на 14.09", date(14, 9, None)),
        ("дз на 14.09.", date(14, 9, None)),
        ("дз на 4.9.26", date(4, 9, Some(2026))),
        ("дз 14/09/2026", date(14, 9, Some(2026))),
        ("дз на 2026-09-14", date(14, 9, Some(2026))),
        ("дз на 14 сентября", date(14, 9, None)),
        ("дз на 14-е сентября 2026 г.", date(14, 9, Some(2026))),
        ("дз на среду, 16 сентября", date(16, 9, None)),
        ("дз на 31 февраля", date(31, 2, None)),
    ] {
        assert_eq!(homework(text, WIDE), Some(when), "{text}");
    }
    assert_eq!(understand("расписание на пятницу", WIDE), Some(Command::Timetable(Weekday(Friday))));
    assert_eq!(understand("замены на 14.09", WIDE), Some(Command::Changes(Some(date(14, 9, None)))));
    assert_eq!(understand("помощь", WIDE), Some(Command::Help));
}

#[test]
fn what_names_no_day_is_no_question() {
    for text in [
        "дз на",
        "дз на вчера",
        "дз на на на на на среду",
        "дз на 0.09",
        "дз на 32.09",
        "дз на 14.13",
        "дз на 14.09.202",
        "дз на +4.09",
        "дз на 14",
        "дз на сентября 14 15 16",
        "все дз на среду",
        "дзна среду",
        "начать на среду",
    ] {
        assert_eq!(understand(text, WIDE), None, "{text}");
    }
}

#[test]
fn french_is_understood_in_a_french_class() {
    for (text, when) in [
        ("devoirs", Tomorrow),
        ("Devoirs pour demain ?", Tomorrow),
        ("devoirs du jour", Today),
        ("devoirs pour aujourd’hui", Today),
        ("devoirs d'aujourd'hui", Today),
        ("devoirs pour mercredi", Weekday(Wednesday)),
        ("devoirs pour après-demain", AfterTomorrow),
        ("devoirs pour le 14/09", date(14, 9, None)),
        ("devoirs du 1er février 2027", date(1, 2, Some(2027))),
        ("devoirs pour mercredi 16 septembre", date(16, 9, None)),
        ("дз на среду", Weekday(Wednesday)),
    ] {
        assert_eq!(homework(text, of(Fr)), Some(when), "{text}");
    }
    assert_eq!(understand("Emploi du temps de vendredi", of(Fr)), Some(Command::Timetable(Weekday(Friday))));
    assert_eq!(understand("Remplacements du 14/09", of(Fr)), Some(Command::Changes(Some(date(14, 9, None)))));
    assert_eq!(understand("homework", of(Fr)), None);
}

#[test]
fn english_is_understood_in_an_english_class() {
    for (text, when) in [
        ("homework", Tomorrow),
        ("homework for tomorrow", Tomorrow),
        ("homework for today", Today),
        ("homework for the day after tomorrow", AfterTomorrow),
        ("homework for Wednesday, 16 September", date(16, 9, None)),
        ("homework for September 14th", date(14, 9, None)),
        ("homework for the 14th of September 2026", date(14, 9, Some(2026))),
        ("дз", Tomorrow),
    ] {
        assert_eq!(homework(text, of(En)), Some(when), "{text}");
    }
    assert_eq!(understand("Timetable on Friday!", of(En)), Some(Command::Timetable(Weekday(Friday))));
    assert_eq!(understand("devoirs", of(En)), None);
}

#[test]
fn where_there_is_no_class_all_languages_are_understood() {
    let anyone = Hearing { language: None, ..NARROW };
    for text in ["дз", "devoirs", "homework"] {
        assert_eq!(homework(text, anyone), Some(Tomorrow), "{text}");
    }
}

#[test]
fn a_chat_is_bound_by_a_code_in_any_language() {
    for text in [
        "привязать 9Б-4711",
        "Привязать  9б-4711.",
        "привязать 9Б—4711",
        "привязать «9Б-4711»",
        "привязать 9Б -4711",
        "lier 9Б-4711",
        "Bind 9б-4711!",
        "[club1|@bot], привязать 9Б-4711",
    ] {
        assert_eq!(understand(text, NARROW), Some(Command::Bind("9Б-4711".to_owned())), "{text}");
    }
    for text in ["привязать", "привязать к дереву", "привязать к дому 5", "привязать верёвку", "lier"]
    {
        assert_eq!(understand(text, NARROW), None, "{text}");
    }
    assert_eq!(understand("привязать 9Ё-1", NARROW), Some(Command::Bind("9Ё-1".to_owned())));
}

#[test]
fn a_chat_may_leave_its_class() {
    for text in ["отвязать", "Délier", "unbind"] {
        assert_eq!(understand(text, NARROW), Some(Command::Leave), "{text}");
    }
}

#[test]
fn alerts_are_wished_for_at_once_at_a_time_or_not_at_all() {
    for (text, wish) in [
        ("уведомления", Some(Alerts::AtOnce)),
        ("уведомления в 18:00", Some(Alerts::Daily(time(18, 0, 0, 0)))),
        ("Уведомления в 7.30", Some(Alerts::Daily(time(7, 30, 0, 0)))),
        ("уведомления в 18", Some(Alerts::Daily(time(18, 0, 0, 0)))),
        ("без уведомлений", None),
        ("alertes", Some(Alerts::AtOnce)),
        ("alertes à 18h30", Some(Alerts::Daily(time(18, 30, 0, 0)))),
        ("sans alertes", None),
        ("alerts", Some(Alerts::AtOnce)),
        ("alerts at 18:05", Some(Alerts::Daily(time(18, 5, 0, 0)))),
        ("no alerts", None),
    ] {
        assert_eq!(understand(text, NARROW), Some(Command::Alerts(wish)), "{text}");
    }
    for text in ["уведомления в 24:00", "уведомления в 18:60", "уведомления в", "без уведомлений в 18:00"]
    {
        assert_eq!(understand(text, NARROW), None, "{text}");
    }
}

#[test]
fn a_slash_is_heard_where_the_platform_has_them() {
    let telegram = Hearing { slashes: true, ..NARROW };
    for (text, command) in [
        ("/start", Command::Keyboard),
        ("/dz", Command::Homework(Tomorrow)),
        ("/DZ@cartable_bot", Command::Homework(Tomorrow)),
        ("/dz среда", Command::Homework(Weekday(Wednesday))),
        ("/raspisanie", Command::Timetable(Tomorrow)),
        ("/zameny 14.09", Command::Changes(Some(date(14, 9, None)))),
        ("/help", Command::Help),
        ("/bind@cartable_bot 9Б-4711", Command::Bind("9Б-4711".to_owned())),
        ("@cartable_bot дз", Command::Homework(Tomorrow)),
    ] {
        assert_eq!(understand(text, telegram), Some(command), "{text}");
    }
    for text in ["/", "/дз", "/nothing", "//dz", "@cartable_bot", "/@"] {
        assert_eq!(understand(text, telegram), None, "{text}");
    }
}

#[test]
fn a_long_text_is_no_command() {
    let text = "дз\n".repeat(5000);
    assert_eq!(understand(&text, WIDE), None);
    assert_eq!(homework(&format!("{}] дз", "а".repeat(100_000)), WIDE), Some(Tomorrow));
}

fn hearings() -> impl Strategy<Value = Hearing> {
    let language = prop_oneof![Just(None), Just(Some(Ru)), Just(Some(Fr)), Just(Some(En))];
    (language, any::<bool>(), any::<bool>()).prop_map(|(language, wide, slashes)| Hearing { language, wide, slashes })
}

proptest! {
    #[test]
    fn any_text_is_heard_without_a_panic(text in "(?s).*", hearing in hearings()) {
        let _ = understand(&text, hearing);
    }

    #[test]
    fn anything_like_a_question_is_heard_without_a_panic(
        text in "(/|@|\\[|)(дз|замены|devoirs|homework|уведомления|bind) (на|d'|le|at|в) ?([0-9]{0,5}[-./ :h]?){0,4}(er|сент)?",
        hearing in hearings(),
    ) {
        let _ = understand(&text, hearing);
    }

    #[test]
    fn what_is_heard_stays_as_it_is(text in "(?s).*") {
        let heard = hear(&text);
        prop_assert_eq!(hear(&heard), heard);
    }

    #[test]
    fn wide_hearing_knows_all_that_narrow_hearing_knows(text in "(?s).{0,40}|(дз|замены|начать)[ !.]*") {
        if let Some(command) = understand(&text, NARROW) {
            prop_assert_eq!(understand(&text, WIDE), Some(command));
        }
    }
}
