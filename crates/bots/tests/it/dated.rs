//! Answers for dates.

use board::{Language, NO_LESSON, Snapshot};
use bots::answer::answer;
use bots::{Command, When};
use jiff::civil::{Date, Weekday, date};

use crate::school::{
    FRIDAY, SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY, assignment, changes, dated, timetable, undated,
};

const TODAY: When = When::Today;
const TOMORROW: When = When::Tomorrow;

fn said(command: Command, class: &Snapshot, today: Date) -> String {
    answer(&command, class, today).text
}

fn homework(when: When, today: Date) -> String {
    said(Command::Homework(when), &dated(Language::Ru), today)
}

fn lessons(when: When, today: Date) -> String {
    said(Command::Timetable(when), &dated(Language::Ru), today)
}

fn on(date: Date) -> When {
    When::Date { day: date.day(), month: date.month(), year: Some(date.year()) }
}

#[test]
fn what_is_due_stands_after_what_has_no_date() {
    // Wednesday loses physics to the changes of the day, and gains history.
    let wednesday = "∙ Алгебра: № 12, 13\nhttps://school.example/12\n";
    assert_eq!(
        homework(TOMORROW, TUESDAY),
        format!("Домашнее задание на завтра:\n∙ Физика: § 2\n∙ История: § 3\n{wednesday}")
    );
    assert_eq!(homework(TODAY, TUESDAY), "Домашнее задание на сегодня:\n∙ История: § 3\n∙ Физика: № 5\n");
    assert_eq!(homework(TODAY, FRIDAY), "Домашнее задание на сегодня:\n∙ Алгебра: § 1\n");
}

#[test]
fn tomorrow_skips_days_without_school() {
    // What is due on Sunday is due by Monday.
    let monday = "∙ Алгебра: § 1\n∙ Физика: § 2\n∙ Химия: № 8\n";
    assert_eq!(homework(TOMORROW, SATURDAY), format!("Домашнее задание на понедельник:\n{monday}"));

    let mut five_days = dated(Language::Ru);
    five_days.class.settings.days = 5;
    let said_on = |today| said(Command::Timetable(TOMORROW), &five_days, today);
    assert_eq!(said_on(FRIDAY).lines().next(), Some("Расписание на понедельник:"));

    let before_holidays = homework(TOMORROW, date(2026, 10, 31));
    assert_eq!(before_holidays, "Домашнее задание на понедельник, 9 ноября:\n∙ Алгебра: § 1\n∙ Физика: § 2\n");
}

#[test]
fn a_day_off_looks_to_the_next_day_with_school() {
    let monday = "∙ Алгебра: § 1\n∙ Физика: § 2\n";
    assert_eq!(homework(TODAY, SUNDAY), format!("Сегодня уроков нет. \nДомашнее задание на завтра:\n{monday}"));
    let holidays = date(2026, 11, 4);
    assert_eq!(homework(TODAY, holidays), format!("Сегодня уроков нет. \nДомашнее задание на понедельник:\n{monday}"));
    assert_eq!(
        lessons(TODAY, holidays),
        "Сегодняя уроков нет :)\nЛадно, расписание на понедельник:\n1. 08:30–09:15 Алгебра\n2. 09:25–10:10 Физика"
    );

    let mut idle = dated(Language::Ru);
    idle.subjects.clear();
    assert_eq!(
        said(Command::Homework(TODAY), &idle, SUNDAY),
        "Какие уроки?! Сегодня воскресенье!\nНо на завтра ничего не задали :)"
    );
    let holiday = said(Command::Homework(TODAY), &idle, holidays);
    assert_eq!(holiday, "Сегодня уроков нет. \nНа понедельник ничего не задали");
}

#[test]
fn a_long_summer_has_no_next_day() {
    let mut class = dated(Language::Ru);
    class.class.settings.holidays[0].to = date(2027, 9, 1);
    let holidays = date(2026, 11, 4);
    assert_eq!(said(Command::Homework(TOMORROW), &class, holidays), "В ближайшее время уроков нет");
    assert_eq!(
        said(Command::Timetable(TODAY), &class, holidays),
        "Сегодняя уроков нет :)\nВ ближайшее время уроков нет"
    );
    assert_eq!(said(Command::Week, &class, holidays).matches("Уроков нет (Осенние каникулы)").count(), 6);
}

#[test]
fn cancelled_replaced_and_added_lessons_are_marked() {
    assert_eq!(
        lessons(TODAY, WEDNESDAY),
        "Расписание на среду:\n1. 08:30–09:15 Физика\n2. 09:25–10:10 Химия — отменяется\n3. История (вместо: \
         Алгебра)\n4. Химия (дополнительно)"
    );
}

#[test]
fn what_people_wrote_of_a_day_stands_with_its_changes_below() {
    let mut class = dated(Language::Ru);
    class.week.texts[2] = "Физика, 204\nХимия, 301\nАлгебра, 12\n".to_owned();
    class.week.texts[4] = "Уроки труда".to_owned();
    let said_on = |today| said(Command::Timetable(TODAY), &class, today);
    assert_eq!(
        said_on(WEDNESDAY),
        "Расписание на среду:\nФизика, 204\nХимия, 301\nАлгебра, 12\nИзменения:\n2. 09:25–10:10 Химия — \
         отменяется\n3. История (вместо: Алгебра)\n4. Химия (дополнительно)"
    );
    assert_eq!(said_on(FRIDAY), "Расписание на пятницу:\nУроки труда\nИзменения:\nRetenue, 14:00–15:00");
}

#[test]
fn the_timetable_is_the_one_that_holds() {
    let mut class = dated(Language::Ru);
    let mut week = class.week.clone();
    week.rows[3] = vec![4, 4];
    class.timetables.push(timetable(THURSDAY, week));
    let thursday = "1. 08:30–09:15 Химия\n2. 09:25–10:10 Химия";
    assert_eq!(said(Command::Timetable(TODAY), &class, THURSDAY), format!("Расписание на четверг:\n{thursday}"));
    let before = said(Command::Timetable(on(date(2026, 9, 10))), &class, THURSDAY);
    assert_eq!(before, "Расписание на четверг, 10 сентября:\n1. 08:30–09:15 История");
}

#[test]
fn the_changes_of_days_to_come_are_told_by_day() {
    let class = dated(Language::Ru);
    let wednesday = "Замены на среду, 16 сентября:\n2. 09:25–10:10 Химия — отменяется\n3. История (вместо: \
                     Алгебра)\n4. Химия (дополнительно)";
    let friday = "Замены на пятницу, 18 сентября:\nRetenue, 14:00–15:00";
    assert_eq!(said(Command::Changes(None), &class, TUESDAY), format!("{wednesday}\n\n{friday}"));
    assert_eq!(said(Command::Changes(Some(TOMORROW)), &class, TUESDAY), wednesday);
    assert_eq!(said(Command::Changes(Some(When::Weekday(Weekday::Friday))), &class, TUESDAY), friday);
    let none = said(Command::Changes(Some(TODAY)), &class, TUESDAY);
    assert_eq!(none, "Изменений нет на вторник, 15 сентября");
    assert_eq!(said(Command::Changes(None), &class, SATURDAY), "Изменений нет");
}

#[test]
fn changes_without_a_date_are_for_the_other_days() {
    let mut class = dated(Language::Ru);
    class.changes = changes("Второго урока нет", &[board::NO_CHANGE, NO_LESSON]);
    let told = said(Command::Changes(None), &class, THURSDAY);
    assert!(told.ends_with("Retenue, 14:00–15:00\n\nВ остальные дни:\nВторого урока нет"), "{told}");
    assert_eq!(said(Command::Changes(None), &class, SATURDAY), "Второго урока нет");
    let tuesday = said(Command::Timetable(TODAY), &class, TUESDAY);
    assert_eq!(tuesday, "Расписание на вторник:\n1. 08:30–09:15 История\n2. 09:25–10:10 Химия — отменяется");
}

#[test]
fn a_day_may_be_asked_for_by_name_or_date() {
    let wednesday = When::Weekday(Weekday::Wednesday);
    assert_eq!(homework(wednesday, THURSDAY).lines().next(), Some("Домашнее задание на среду, 23 сентября:"));
    assert_eq!(homework(on(SUNDAY), TUESDAY), "Домашнее задание на воскресенье, 20 сентября:\n∙ Химия: № 8\n");
    assert_eq!(
        homework(on(date(2026, 11, 4)), TUESDAY),
        "Домашнее задание на среду, 4 ноября:\nУроков нет (Осенние каникулы)"
    );
    assert_eq!(lessons(on(date(2026, 9, 27)), TUESDAY), "Расписание на воскресенье, 27 сентября:\nУроков нет");
    assert_eq!(homework(When::Date { day: 31, month: 2, year: None }, TUESDAY), "Такого дня нет");
}

#[test]
fn all_homework_is_what_stands_and_what_is_to_come() {
    assert_eq!(
        said(Command::AllHomework, &dated(Language::Ru), WEDNESDAY),
        "Всё домашнее задание:\nАлгебра: § 1\nФизика: § 2\nИстория: § 3\nАлгебра, на среду, 16 сентября: № 12, \
         13\nhttps://school.example/12\nХимия, на воскресенье, 20 сентября: № 8\n"
    );
}

#[test]
fn homework_of_a_subject_that_is_gone_is_told_all_the_same() {
    let mut class = dated(Language::Ru);
    class.assignments.push(assignment(4, 77, date(2026, 9, 21), "№ 9"));
    assert!(said(Command::AllHomework, &class, SATURDAY).ends_with("предмет № 77, на понедельник, 21 сентября: № 9\n"));
}

#[test]
fn a_strict_class_is_answered_as_if_nothing_had_a_date() {
    let (mut strict, mut plain) = (dated(Language::Ru), undated(Language::Ru));
    strict.class.settings.strict = true;
    plain.week.texts = strict.week.texts.clone();
    for command in [
        Command::Homework(TODAY),
        Command::Homework(TOMORROW),
        Command::AllHomework,
        Command::Timetable(TODAY),
        Command::Timetable(TOMORROW),
        Command::Week,
        Command::Changes(None),
    ] {
        for today in [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY, date(2026, 11, 4)] {
            assert_eq!(said(command.clone(), &strict, today), said(command.clone(), &plain, today), "{command:?}");
        }
    }
}

#[test]
fn the_last_day_of_all_is_answered() {
    for command in [
        Command::Homework(TODAY),
        Command::Homework(TOMORROW),
        Command::Timetable(TODAY),
        Command::Timetable(When::AfterTomorrow),
        Command::Timetable(When::Weekday(Weekday::Monday)),
        Command::Week,
        Command::Changes(None),
    ] {
        for today in [Date::MIN, Date::MAX] {
            for class in [dated(Language::Ru), undated(Language::En)] {
                assert!(!said(command.clone(), &class, today).is_empty(), "{command:?}");
            }
        }
    }
}
