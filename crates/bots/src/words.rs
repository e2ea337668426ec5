//! The words by which each language asks. They are written as [`hear`](crate::hearing::hear) hands them over: in small
//! letters, without the marks of French, with `е` for `ё`.

use board::Alerts;
use i18n::Language;
use jiff::civil::Weekday;

use crate::command::{Command, When};

/// The words of a language.
pub(crate) struct Words {
    /// What the bot knew from the beginning.
    pub(crate) commands: &'static [(&'static str, Command)],
    /// What it learnt since.
    pub(crate) more: &'static [(&'static str, Command)],
    /// What is said of the chat itself.
    pub(crate) chat: &'static [(&'static str, Command)],
    /// Before a code.
    pub(crate) bind: &'static str,
    /// Between the wish to be told and a time.
    pub(crate) at: &'static str,
    /// Between a question and its day; those that end in an apostrophe stand at the word itself.
    pub(crate) before_days: &'static [&'static str],
    /// Days.
    pub(crate) days: &'static [(&'static str, When)],
    /// How the names of months begin.
    pub(crate) months: [&'static [&'static str]; 12],
}

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Ru => &RU,
        Language::Fr => &FR,
        Language::En => &EN,
    }
}

/// What a platform's commands with a slash stand for.
pub(crate) const SLASHES: &[(&str, &str)] = &[
    ("start", "начать"),
    ("help", "помощь"),
    ("dz", "дз"),
    ("raspisanie", "расписание"),
    ("zameny", "замены"),
    ("devoirs", "devoirs"),
    ("edt", "edt"),
    ("homework", "homework"),
    ("timetable", "timetable"),
    ("changes", "changes"),
    ("bind", "bind"),
];

const TOMORROW: When = When::Tomorrow;
const TODAY: When = When::Today;
const HOMEWORK: Command = Command::Homework(TOMORROW);
const TIMETABLE: Command = Command::Timetable(TOMORROW);
const CHANGES: Command = Command::Changes(None);
const AT_ONCE: Command = Command::Alerts(Some(Alerts::AtOnce));
const SILENCE: Command = Command::Alerts(None);

const MONDAY: When = When::Weekday(Weekday::Monday);
const TUESDAY: When = When::Weekday(Weekday::Tuesday);
const WEDNESDAY: When = When::Weekday(Weekday::Wednesday);
const THURSDAY: When = When::Weekday(Weekday::Thursday);
const FRIDAY: When = When::Weekday(Weekday::Friday);
const SATURDAY: When = When::Weekday(Weekday::Saturday);
const SUNDAY: When = When::Weekday(Weekday::Sunday);

static RU: Words = Words {
    commands: &[
        ("дз", HOMEWORK),
        ("домашка", HOMEWORK),
        ("домашнее задание", HOMEWORK),
        ("домашняя работа", HOMEWORK),
        ("че задали", HOMEWORK),
        ("чо задали", HOMEWORK),
        ("что задали", HOMEWORK),
        ("задание", HOMEWORK),
        ("дз на сегодня", Command::Homework(TODAY)),
        ("все дз", Command::AllHomework),
        ("расписание", TIMETABLE),
        ("расписание на завтра", TIMETABLE),
        ("расписание на сегодня", Command::Timetable(TODAY)),
        ("все расписание", Command::Week),
        ("расписание на всю неделю", Command::Week),
        ("замены", CHANGES),
        ("изменения", CHANGES),
        ("начать", Command::Keyboard),
    ],
    more: &[
        ("уроки", TIMETABLE),
        ("какие уроки", TIMETABLE),
        ("все задания", Command::AllHomework),
        ("расписание на неделю", Command::Week),
        ("клавиши", Command::Keyboard),
        ("помощь", Command::Help),
        ("команды", Command::Help),
        ("что ты умеешь", Command::Help),
    ],
    chat: &[("отвязать", Command::Leave), ("уведомления", AT_ONCE), ("без уведомлений", SILENCE)],
    bind: "привязать",
    at: "в",
    before_days: &["на", "в", "во", "к", "ко", "за"],
    days: &[
        ("сегодня", TODAY),
        ("завтра", TOMORROW),
        ("послезавтра", When::AfterTomorrow),
        ("понедельник", MONDAY),
        ("понедельнику", MONDAY),
        ("пн", MONDAY),
        ("вторник", TUESDAY),
        ("вторнику", TUESDAY),
        ("вт", TUESDAY),
        ("среда", WEDNESDAY),
        ("среду", WEDNESDAY),
        ("среде", WEDNESDAY),
        ("ср", WEDNESDAY),
        ("четверг", THURSDAY),
        ("четвергу", THURSDAY),
        ("чт", THURSDAY),
        ("пятница", FRIDAY),
        ("пятницу", FRIDAY),
        ("пятнице", FRIDAY),
        ("пт", FRIDAY),
        ("суббота", SATURDAY),
        ("субботу", SATURDAY),
        ("субботе", SATURDAY),
        ("сб", SATURDAY),
        ("воскресенье", SUNDAY),
        ("воскресенью", SUNDAY),
        ("вс", SUNDAY),
    ],
    months: [
        &["янв"],
        &["фев"],
        &["мар"],
        &["апр"],
        &["мая", "май"],
        &["июн"],
        &["июл"],
        &["авг"],
        &["сен"],
        &["окт"],
        &["ноя"],
        &["дек"],
    ],
};

static FR: Words = Words {
    commands: &[
        ("devoirs", HOMEWORK),
        ("les devoirs", HOMEWORK),
        ("travail a faire", HOMEWORK),
        ("devoirs du jour", Command::Homework(TODAY)),
        ("tous les devoirs", Command::AllHomework),
        ("emploi du temps", TIMETABLE),
        ("edt", TIMETABLE),
        ("emploi du temps de demain", TIMETABLE),
        ("emploi du temps du jour", Command::Timetable(TODAY)),
        ("toute la semaine", Command::Week),
        ("emploi du temps de la semaine", Command::Week),
        ("changements", CHANGES),
        ("remplacements", CHANGES),
        ("commencer", Command::Keyboard),
    ],
    more: &[("touches", Command::Keyboard), ("aide", Command::Help), ("commandes", Command::Help)],
    chat: &[("delier", Command::Leave), ("alertes", AT_ONCE), ("sans alertes", SILENCE)],
    bind: "lier",
    at: "a",
    before_days: &["pour", "de", "du", "d'", "le", "a", "au"],
    days: &[
        ("aujourd'hui", TODAY),
        ("jour", TODAY),
        ("demain", TOMORROW),
        ("apres-demain", When::AfterTomorrow),
        ("apres demain", When::AfterTomorrow),
        ("lundi", MONDAY),
        ("lun", MONDAY),
        ("mardi", TUESDAY),
        ("mar", TUESDAY),
        ("mercredi", WEDNESDAY),
        ("mer", WEDNESDAY),
        ("jeudi", THURSDAY),
        ("jeu", THURSDAY),
        ("vendredi", FRIDAY),
        ("ven", FRIDAY),
        ("samedi", SATURDAY),
        ("sam", SATURDAY),
        ("dimanche", SUNDAY),
        ("dim", SUNDAY),
    ],
    months: [
        &["janv"],
        &["fev"],
        &["mars"],
        &["avr"],
        &["mai"],
        &["juin"],
        &["juil"],
        &["aout"],
        &["sept"],
        &["oct"],
        &["nov"],
        &["dec"],
    ],
};

static EN: Words = Words {
    commands: &[
        ("homework", HOMEWORK),
        ("homework for today", Command::Homework(TODAY)),
        ("all homework", Command::AllHomework),
        ("timetable", TIMETABLE),
        ("schedule", TIMETABLE),
        ("lessons", TIMETABLE),
        ("timetable for tomorrow", TIMETABLE),
        ("timetable for today", Command::Timetable(TODAY)),
        ("whole week", Command::Week),
        ("timetable for the week", Command::Week),
        ("changes", CHANGES),
        ("substitutions", CHANGES),
        ("start", Command::Keyboard),
    ],
    more: &[("keys", Command::Keyboard), ("help", Command::Help), ("commands", Command::Help)],
    chat: &[("unbind", Command::Leave), ("alerts", AT_ONCE), ("no alerts", SILENCE)],
    bind: "bind",
    at: "at",
    before_days: &["for", "on", "of", "the"],
    days: &[
        ("today", TODAY),
        ("tomorrow", TOMORROW),
        ("day after tomorrow", When::AfterTomorrow),
        ("monday", MONDAY),
        ("mon", MONDAY),
        ("tuesday", TUESDAY),
        ("tue", TUESDAY),
        ("wednesday", WEDNESDAY),
        ("wed", WEDNESDAY),
        ("thursday", THURSDAY),
        ("thu", THURSDAY),
        ("friday", FRIDAY),
        ("fri", FRIDAY),
        ("saturday", SATURDAY),
        ("sat", SATURDAY),
        ("sunday", SUNDAY),
        ("sun", SUNDAY),
    ],
    months: [
        &["jan"],
        &["feb"],
        &["mar"],
        &["apr"],
        &["may"],
        &["jun"],
        &["jul"],
        &["aug"],
        &["sep"],
        &["oct"],
        &["nov"],
        &["dec"],
    ],
};

#[cfg(test)]
mod tests {
    use i18n::Language;

    use super::{SLASHES, words};
    use crate::hearing::hear;

    #[test]
    fn every_word_is_written_as_it_is_heard() {
        for language in Language::ALL {
            let words = words(language);
            let phrases = [words.commands, words.more, words.chat].concat();
            let days = words.days.iter().map(|(day, _)| *day);
            let all = phrases.iter().map(|(phrase, _)| *phrase).chain(days).chain([words.bind, words.at]);
            for word in all.chain(words.months.into_iter().flatten().copied()) {
                assert_eq!(hear(word), word);
            }
        }
    }

    #[test]
    fn no_phrase_means_two_things() {
        let mut all: Vec<_> = Language::ALL
            .into_iter()
            .map(words)
            .flat_map(|words| [words.commands, words.more, words.chat].concat())
            .map(|(phrase, _)| phrase)
            .collect();
        all.sort_unstable();
        let many = all.len();
        all.dedup();
        assert_eq!(all.len(), many);
    }

    #[test]
    fn a_slash_stands_for_something_that_is_known() {
        for (slash, phrase) in SLASHES {
            let known = Language::ALL.into_iter().map(words).any(|words| {
                words.bind == *phrase || [words.commands, words.more].concat().iter().any(|(known, _)| known == phrase)
            });
            assert!(known, "/{slash}");
        }
    }
}
