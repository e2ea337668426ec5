//! The school as every account knows it since the sign-in, and what the account may do there: nothing is asked for these.

use async_graphql::{Enum, SimpleObject};
use gateway::{Viewer, Whose};
use pronote::model::{PersonKind, tab};

use super::view::{Pen, Show, choice, view};
use super::{Answer, Date, Float, offers};

view! {
    /// The school and its year.
    School of Instance {
        /// Its name.
        name: String = |it, _| it.school_name.clone(),
        /// The school year as it is shown, for instance `2026-2027`.
        year: String = |it, _| it.school_year.clone(),
        /// The name of the space the account is in.
        space: String = |it, _| it.space_label.clone(),
        /// The version of its PRONOTE, for instance `2026.1.2`.
        version: Option<String> = |it, _| it.version.map(|version| version.to_string()),
        /// The dialect of the protocol that version speaks, for instance `G25`.
        generation: Option<String> = |_, pen| generation(pen.viewer),
        /// Whether it is a demonstration, whose clock stands still.
        demo: bool = |it, _| it.demo_date.is_some(),
        /// The first day of the school year.
        first_day: Date = |it, pen| it.first_date.show(pen),
        /// The last day of the school year.
        last_day: Date = |it, pen| it.last_date.show(pen),
        /// The Monday of week 1.
        first_monday: Date,
        /// The next day of school.
        next_school_day: Option<Date> = |it, pen| it.next_business_day.show(pen),
        /// The weekdays of school, 1 for the first day of the week.
        working_days: Vec<i32>,
        /// When the hours of a day begin and end.
        slots: Vec<Slot> = |it, pen| it.slots.iter().take(it.slots_per_day as usize).map(|slot| slot.show(pen)).collect(),
        /// The breaks of a day.
        breaks: Vec<Break>,
        /// The alternating weeks; empty when weeks do not alternate.
        fortnights: Vec<Fortnight>,
        /// The usual grading scale.
        default_scale: Option<Float>,
        /// The levels skills are evaluated on.
        skill_levels: Vec<SkillLevel>,
    }
}

fn generation(viewer: &Viewer) -> Option<String> {
    let session = viewer.session(Whose::OWN).ok()?;
    Some(format!("{:?}", session.facts().generation))
}

view! {
    /// An hour of the day.
    Slot of Slot {
        /// When it begins, `HH:MM`.
        start: String = |it, _| it.start.strftime("%H:%M").to_string(),
        /// When it ends, `HH:MM`.
        end: String = |it, _| it.end.strftime("%H:%M").to_string(),
    }
}

view! {
    /// A break between lessons.
    Break of Break {
        /// What it is called.
        name: String,
        /// When the lesson after it begins, `HH:MM`.
        until: Option<String> = |it, pen| {
            pen.viewer.instance().slot_start(it.before_slot).map(|time| time.strftime("%H:%M").to_string())
        },
    }
}

view! {
    /// One of the two alternating kinds of weeks.
    Fortnight of Fortnight {
        /// What the school calls it.
        label: String,
        /// Its weeks, counted from 1.
        weeks: Vec<i32>,
    }
}

view! {
    /// A level skills are evaluated on.
    SkillLevel of SkillLevel {
        /// What it is called.
        name: String,
        /// Its abbreviation.
        abbreviation: String,
        /// Its colour, `#rrggbb`.
        color: Option<String>,
        /// What it weighs in an average of skills.
        weight: Option<Float>,
        /// Whether it counts as acquired.
        acquired: bool,
    }
}

choice! {
    /// What a period is.
    PeriodKind of PeriodKind {
        /// A third of the year.
        Term,
        /// A half of the year.
        Semester,
        /// The whole year.
        Year,
    }
}

view! {
    /// A grading period, both days included.
    Period of Period {
        /// What the school calls it; what `period` arguments take.
        name: String,
        /// What it is.
        kind: PeriodKind,
        /// The first day.
        from: Date = |it, pen| it.start.show(pen),
        /// The last day.
        to: Date = |it, pen| it.end.show(pen),
    }
}

view! {
    /// A holiday, both days included.
    Holiday of Holiday {
        /// What it is called.
        name: String,
        /// The first day.
        from: Date = |it, pen| it.start.show(pen),
        /// The last day.
        to: Date = |it, pen| it.end.show(pen),
    }
}

/// A page of the school's PRONOTE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum PageName {
    /// The home page: `home`.
    Home,
    /// News and surveys: `infos`, `news`.
    News,
    /// The menus of the canteen: `menu`, `canteen`.
    Menus,
    /// The report card: `report`.
    Report,
    /// The report card of the class: `classReport`.
    ClassReport,
    /// The timetable: `timetable`.
    Timetable,
    /// Absences and the like: `absences`, `schoolLife`.
    SchoolLife,
    /// Who teaches: `teachingTeam`.
    TeachingTeam,
    /// The account's own data: `account`.
    Account,
    /// Homework: `homeworks`.
    Homework,
    /// What was done in lessons: `contents`.
    Contents,
    /// What teachers share: `files`, `resources`.
    Resources,
    /// The pupils of a class: `pupils`, `pupil`.
    Pupils,
    /// Discussions: `discussions`, `discussion`, `recipients`.
    Discussions,
    /// Marks: `marks`.
    Marks,
    /// Evaluations of skills: `evaluations`.
    Evaluations,
}

const PAGES: [(u32, PageName); 16] = [
    (tab::HOME, PageName::Home),
    (tab::NEWS, PageName::News),
    (tab::MENUS, PageName::Menus),
    (tab::REPORT, PageName::Report),
    (tab::CLASS_REPORT, PageName::ClassReport),
    (tab::TIMETABLE, PageName::Timetable),
    (tab::SCHOOL_LIFE, PageName::SchoolLife),
    (tab::TEACHING_TEAM, PageName::TeachingTeam),
    (tab::PERSONAL_DATA, PageName::Account),
    (tab::HOMEWORK, PageName::Homework),
    (tab::CONTENTS, PageName::Contents),
    (tab::RESOURCES, PageName::Resources),
    (tab::PUPILS, PageName::Pupils),
    (tab::MESSAGING, PageName::Discussions),
    (tab::GRADES, PageName::Marks),
    (tab::EVALUATIONS, PageName::Evaluations),
];

/// What the account can see and do.
#[derive(SimpleObject)]
pub(crate) struct Capabilities {
    /// The pages it has. Fields of other pages are null.
    pages: Vec<PageName>,
    /// Whether this token may change things at school; it was decided at the sign-in.
    write: bool,
    /// Whether the account may begin and answer discussions.
    discuss: bool,
    /// Whether it may write to teachers.
    write_to_teachers: bool,
    /// Whether it may write to staff.
    write_to_staff: bool,
    /// Whether it may write to guardians.
    write_to_guardians: bool,
    /// Whether it may write to pupils.
    write_to_pupils: bool,
    /// Whether homework can be marked as done: pupils can.
    mark_homework: bool,
    /// The largest file that may be handed in, in bytes; null when the school does not say.
    largest_file: Option<i32>,
}

pub(super) fn capabilities(viewer: &Viewer) -> Capabilities {
    let (user, pen) = (viewer.user(), Pen { viewer, whose: Whose::OWN });
    let rights = user.rights;
    Capabilities {
        pages: PAGES.iter().filter(|(tab, _)| offers(viewer, *tab)).map(|(_, page)| *page).collect(),
        write: viewer.may_write(),
        discuss: rights.write_discussions,
        write_to_teachers: rights.write_to_teachers,
        write_to_staff: rights.write_to_staff,
        write_to_guardians: rights.write_to_guardians,
        write_to_pupils: rights.write_to_pupils,
        mark_homework: user.person.kind == PersonKind::Pupil,
        largest_file: rights.largest_return.show(&pen),
    }
}

pub(super) fn school(viewer: &Viewer) -> School {
    viewer.instance().show(&Pen { viewer, whose: Whose::OWN })
}

pub(super) fn periods(viewer: &Viewer) -> Vec<Period> {
    viewer.instance().periods.show(&Pen { viewer, whose: Whose::OWN })
}

pub(super) fn holidays(viewer: &Viewer) -> Vec<Holiday> {
    viewer.instance().holidays.show(&Pen { viewer, whose: Whose::OWN })
}

/// The period that pages are about when nobody says which.
pub(super) async fn current_period(viewer: &Viewer, whose: Whose) -> Answer<Period> {
    let period = viewer.period(whose, tab::GRADES, None)?;
    Ok(period.map(|period| period.show(&Pen { viewer, whose })))
}
