//! Who is answered, and who is not.

use board::{Alerts, Language, Platform};
use bots::answer::{bound, hint, left, no_such_code, unbound, welcome};
use bots::{Effect, Incoming, Message, Outcome, converse, earlier_day};
use jiff::civil::{date, time};
use jiff::tz::{TimeZone, offset};

use crate::school::{SUNDAY, TUESDAY, WEDNESDAY, dated, in_a_chat, says, undated};

fn answers(incoming: &Incoming, class: &board::Snapshot) -> Vec<Message> {
    let outcome = converse(incoming, Some(class), &TimeZone::UTC);
    assert_eq!(outcome.effect, None);
    outcome.messages
}

fn is_answered(incoming: &Incoming, class: &board::Snapshot) -> bool {
    !answers(incoming, class).is_empty()
}

#[test]
fn a_chat_is_silent_to_what_is_no_command() {
    for text in ["привет", "дз на завтра", "расписание на понедельник", "помощь", "/дз", "", "hello"]
    {
        assert!(!is_answered(&in_a_chat(text, TUESDAY), &undated(Language::Ru)), "{text}");
    }
    assert!(!is_answered(&in_a_chat("salut", TUESDAY), &undated(Language::Fr)));
    assert!(!is_answered(&in_a_chat("привет", TUESDAY), &dated(Language::Ru)));
}

#[test]
fn a_chat_asks_for_days_where_there_is_something_for_days() {
    for text in ["дз на завтра", "дз на среду", "дз на 16.09", "помощь"] {
        assert!(is_answered(&in_a_chat(text, TUESDAY), &dated(Language::Ru)), "{text}");
    }
    // Nobody has got used to silence in French.
    assert!(is_answered(&in_a_chat("devoirs pour mercredi", TUESDAY), &undated(Language::Fr)));
    let mut strict = dated(Language::Fr);
    strict.class.settings.strict = true;
    assert!(!is_answered(&in_a_chat("devoirs pour mercredi", TUESDAY), &strict));
}

#[test]
fn a_private_talk_gets_a_hint() {
    let class = undated(Language::Ru);
    assert_eq!(answers(&says("привет", TUESDAY), &class), [hint(i18n::Language::Ru)]);
    assert_eq!(answers(&says("salut", TUESDAY), &dated(Language::Fr)), [hint(i18n::Language::Fr)]);
    // A sticker is no question.
    assert!(!is_answered(&says(" ", TUESDAY), &class));
    let mut strict = class;
    strict.class.settings.strict = true;
    assert!(!is_answered(&says("привет", TUESDAY), &strict));
}

#[test]
fn a_private_talk_may_ask_for_any_day_of_the_week() {
    let class = undated(Language::Ru);
    let said = |text| answers(&says(text, TUESDAY), &class).remove(0).text;
    assert_eq!(said("дз на среду"), "Домашнее задание на среду:\n∙ Алгебра: § 1\n∙ Физика: § 2\n");
    assert_eq!(said("дз на 16.09"), "Домашнее задание на среду, 16 сентября:\n∙ Алгебра: § 1\n∙ Физика: § 2\n");
    assert_eq!(said("дз на пятницу"), "Ничего не задали на пятницу");
    assert_eq!(said("дз на воскресенье"), "Домашнее задание на воскресенье:\nУроков нет");
    assert_eq!(said("расписание на послезавтра"), "Расписание на четверг:\nИстория");
    assert_eq!(said("расписание на вс"), "Расписание на воскресенье:\nУроков нет");
    assert_eq!(said("замены на среду"), "Изменений нет");
    assert_eq!(said("дз на 30.02"), "Такого дня нет");
}

#[test]
fn whoever_invites_the_bot_is_greeted() {
    let class = undated(Language::Ru);
    let invited = Incoming { invited: true, ..in_a_chat("", TUESDAY) };
    assert_eq!(answers(&invited, &class), [welcome(i18n::Language::Ru)]);
    let with_a_question = Incoming { invited: true, ..in_a_chat("замены", TUESDAY) };
    assert_eq!(answers(&with_a_question, &class), [Message::text("Изменений нет")]);
    let with_small_talk = Incoming { invited: true, ..in_a_chat("привет", TUESDAY) };
    assert!(!is_answered(&with_small_talk, &class));
}

#[test]
fn a_chat_is_bound_told_of_news_and_let_go() {
    let class = undated(Language::Ru);
    let done = |text| converse(&in_a_chat(text, TUESDAY), Some(&class), &TimeZone::UTC);
    let bind = Effect::Bind { code: "9Б-4711".to_owned(), language: i18n::Language::Fr };
    assert_eq!(done("lier 9б-4711"), Outcome { messages: vec![], effect: Some(bind) });
    let leave = Outcome { messages: vec![left(i18n::Language::Ru)], effect: Some(Effect::Leave) };
    assert_eq!(done("отвязать"), leave);
    let daily = done("уведомления в 18:00");
    assert_eq!(daily.effect, Some(Effect::Alerts(Some(Alerts::Daily(time(18, 0, 0, 0))))));
    assert_eq!(daily.messages[0].text, "Буду сообщать о новых заданиях и заменах каждый день в 18:00.");
    assert_eq!(done("без уведомлений").effect, Some(Effect::Alerts(None)));
    assert_eq!(bound(&class.class).text, "Готово! Теперь здесь отвечает доска класса 9Б.");
    assert_eq!(no_such_code(i18n::Language::En).text, "There is no such code. Check its spelling.");
}

#[test]
fn a_chat_without_a_class_is_told_how_to_get_one() {
    let done = |incoming| converse(&incoming, None, &TimeZone::UTC);
    let how = |language| Outcome { messages: vec![unbound(language)], effect: None };
    assert_eq!(done(in_a_chat("дз", TUESDAY)), how(i18n::Language::Ru));
    assert_eq!(done(in_a_chat("alertes", TUESDAY)), how(i18n::Language::Fr));
    assert_eq!(done(says("привет", TUESDAY)), how(i18n::Language::Ru));
    assert_eq!(done(Incoming { invited: true, ..in_a_chat("", TUESDAY) }), how(i18n::Language::Ru));
    assert_eq!(done(in_a_chat("привет", TUESDAY)), Outcome::default());
    let bind = Effect::Bind { code: "9Б-4711".to_owned(), language: i18n::Language::En };
    assert_eq!(done(in_a_chat("bind 9Б-4711", TUESDAY)).effect, Some(bind));
}

#[test]
fn slashes_are_for_telegram() {
    let telegram = Incoming { platform: Platform::Telegram, ..in_a_chat("/dz@cartable_bot", TUESDAY) };
    assert!(is_answered(&telegram, &undated(Language::Ru)));
    assert!(!is_answered(&in_a_chat("/dz@cartable_bot", TUESDAY), &undated(Language::Ru)));
}

#[test]
fn today_is_that_of_the_class_and_of_the_message() {
    let mut class = undated(Language::Ru);
    let mut late = says("расписание на сегодня", SUNDAY);
    late.at = SUNDAY.at(22, 30, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let said = |class: &board::Snapshot, zone: &TimeZone| {
        converse(&late, Some(class), zone).messages[0].text.lines().next().unwrap().to_owned()
    };
    assert_eq!(said(&class, &TimeZone::UTC), "Сегодняя уроков нет :)");
    assert_eq!(said(&class, &offset(3).to_time_zone()), "Расписание на понедельник:");
    class.class.settings.zone = Some("America/New_York".to_owned());
    assert_eq!(said(&class, &offset(3).to_time_zone()), "Сегодняя уроков нет :)");
}

#[test]
fn a_day_before_the_snapshot_is_asked_for_by_its_date() {
    let class = dated(Language::Ru);
    let day = |text| earlier_day(&says(text, WEDNESDAY), &class, &TimeZone::UTC);
    assert_eq!(day("дз на 31.08"), Some(date(2026, 8, 31)));
    assert_eq!(day("дз на 01.09"), None);
    assert_eq!(day("дз"), None);
    assert_eq!(day("привет"), None);
    assert_eq!(
        earlier_day(&says("замены на сегодня", date(2026, 5, 4)), &class, &TimeZone::UTC),
        Some(date(2026, 5, 4))
    );
}
