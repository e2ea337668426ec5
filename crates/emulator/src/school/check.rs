//! What a school file may get wrong beyond its form: numbers that lead nowhere, days that cannot be.

use super::{
    Audience, Happening, Lesson, MAX_WEEKS, Mark, Numbered, Occasion, PersonId, RoomId, SKILL_LEVELS, School, Shelf,
    SubjectId,
};

/// Where in the file something is wrong, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The section, such as `lessons`.
    pub(super) section: &'static str,
    /// Which element of the section: its number.
    pub(super) id: Option<u32>,
    /// The field, such as `subject`.
    pub(super) field: &'static str,
    /// What is wrong.
    pub(super) problem: String,
}

/// Everything wrong with a school, in the order of its sections.
pub(super) fn check(school: &School) -> Vec<Finding> {
    let mut check = Check { school, found: Vec::new(), section: "", id: None };
    check.year();
    check.people();
    check.structure();
    check.timetable();
    check.work();
    check.grades();
    check.life();
    check.found
}

struct Check<'a> {
    school: &'a School,
    found: Vec<Finding>,
    section: &'static str,
    id: Option<u32>,
}

impl<'a> Check<'a> {
    fn wrong(&mut self, field: &'static str, problem: impl Into<String>) {
        self.found.push(Finding { section: self.section, id: self.id, field, problem: problem.into() });
    }

    fn ensure(&mut self, right: bool, field: &'static str, problem: impl FnOnce() -> String) {
        if !right {
            self.wrong(field, problem());
        }
    }

    /// Says what is looked at from now on.
    fn at(&mut self, section: &'static str, id: u32) {
        (self.section, self.id) = (section, Some(id));
    }

    /// Every number of a section only once.
    fn unique<T: Numbered>(&mut self, section: &'static str, shelf: &Shelf<T>, number: fn(T::Id) -> u32) {
        let mut last = None;
        for thing in shelf.iter().map(T::id) {
            if last == Some(thing) {
                self.at(section, number(thing));
                self.wrong("id", "this number is used twice");
            }
            last = Some(thing);
        }
    }

    fn person(&mut self, field: &'static str, id: PersonId) {
        self.ensure(self.school.people.get(id).is_some(), field, || format!("there is no person {id}"));
    }

    fn subject(&mut self, field: &'static str, id: SubjectId) {
        self.ensure(self.school.subjects.get(id).is_some(), field, || format!("there is no subject {id}"));
    }

    fn rooms(&mut self, rooms: &[RoomId]) {
        for id in rooms {
            self.ensure(self.school.rooms.get(*id).is_some(), "rooms", || format!("there is no room {id}"));
        }
    }

    fn files(&mut self, field: &'static str, files: impl IntoIterator<Item = &'a super::FileId>) {
        for id in files {
            self.ensure(self.school.files.get(*id).is_some(), field, || format!("there is no file {id}"));
        }
    }

    fn audience(&mut self, audience: Audience) {
        let school = self.school;
        match audience {
            Audience::Class(id) => {
                self.ensure(school.classes.get(id).is_some(), "audience", || format!("there is no class {id}"));
            }
            Audience::Group(id) => {
                self.ensure(school.groups.get(id).is_some(), "audience", || format!("there is no group {id}"));
            }
            Audience::Pupil(id) => self.person("audience", id),
        }
    }

    fn lesson(&mut self, id: super::LessonId) {
        self.ensure(self.school.lessons.get(id).is_some(), "lesson", || format!("there is no lesson {id}"));
    }

    fn slots(&mut self, slot: u16, slots: u16) {
        let most = self.school.year.day.slots;
        let fits = slots >= 1 && slot.checked_add(slots).is_some_and(|end| end <= most);
        self.ensure(fits, "slot", || format!("a day has {most} slots; this needs {slots} from {slot}"));
    }

    fn year(&mut self) {
        let year = &self.school.year;
        (self.section, self.id) = ("year", None);
        let weeks = (year.last.since(year.first).map_or(0, |span| span.get_days()) / 7).max(0);
        self.ensure(year.first < year.last, "last", || "the year must end after it begins".to_owned());
        self.ensure(weeks < MAX_WEEKS as i32 - 1, "last", || format!("a year has at most {MAX_WEEKS} weeks"));
        let day = &year.day;
        self.ensure(matches!(day.slots_per_hour, 1 | 2 | 3 | 4 | 6), "day", || {
            "an hour has 1, 2, 3, 4 or 6 slots".to_owned()
        });
        let minutes = u32::from(day.slots) * u32::from(day.slot_minutes());
        let until_midnight = 24 * 60 - (day.opens.hour() as u32 * 60 + day.opens.minute() as u32);
        self.ensure(day.slots >= 1 && minutes < until_midnight, "day", || {
            "the slots must end before midnight".to_owned()
        });
        self.ensure(!year.periods.is_empty(), "periods", || "there must be at least one period".to_owned());
        self.unique("year.periods", &year.periods, |id| id.0);
        self.unique("year.holidays", &year.holidays, |id| id.0);
        for period in &year.periods {
            self.at("year.periods", period.id.0);
            self.ensure(period.start <= period.end, "end", || "the period ends before it begins".to_owned());
        }
    }

    fn people(&mut self) {
        let school = self.school;
        self.unique("people", &school.people, |id| id.0);
        self.unique("accounts", &school.accounts, |id| id.0);
        for person in &school.people {
            self.at("people", person.id.0);
            if let Some(class) = person.class {
                self.ensure(school.classes.get(class).is_some(), "class", || format!("there is no class {class}"));
            }
            for group in &person.groups {
                self.ensure(school.groups.get(*group).is_some(), "groups", || format!("there is no group {group}"));
            }
            person.children.iter().for_each(|child| self.person("children", *child));
            person.subjects.iter().for_each(|subject| self.subject("subjects", *subject));
            self.files("photo", &person.photo);
        }
        for account in &school.accounts {
            self.at("accounts", account.id.0);
            self.person("person", account.person);
        }
    }

    fn structure(&mut self) {
        let school = self.school;
        self.unique("levels", &school.levels, |id| id.0);
        self.unique("classes", &school.classes, |id| id.0);
        self.unique("groups", &school.groups, |id| id.0);
        self.unique("subjects", &school.subjects, |id| id.0);
        self.unique("rooms", &school.rooms, |id| id.0);
        self.unique("files", &school.files, |id| id.0);
        for class in &school.classes {
            self.at("classes", class.id.0);
            let level = class.level;
            self.ensure(school.levels.get(level).is_some(), "level", || format!("there is no level {level}"));
            class.head_teacher.into_iter().for_each(|head| self.person("head_teacher", head));
        }
        for group in &school.groups {
            self.at("groups", group.id.0);
            for class in &group.classes {
                self.ensure(school.classes.get(*class).is_some(), "classes", || format!("there is no class {class}"));
            }
        }
    }

    fn timetable(&mut self) {
        let school = self.school;
        self.unique("lessons", &school.lessons, |id| id.0);
        self.unique("changes", &school.changes, |id| id.0);
        self.unique("extras", &school.extras, |id| id.0);
        for Lesson { id, audience, subject, teachers, rooms, day, slot, slots, frequency: _ } in &school.lessons {
            self.at("lessons", id.0);
            self.audience(*audience);
            self.subject("subject", *subject);
            teachers.iter().for_each(|teacher| self.person("teachers", *teacher));
            self.rooms(rooms);
            self.ensure(*day < 5, "day", || "0 is Monday and 4 is Friday".to_owned());
            self.slots(*slot, *slots);
        }
        for change in &school.changes {
            self.at("changes", change.id.0);
            self.lesson(change.lesson);
            change.teachers.iter().flatten().for_each(|teacher| self.person("teachers", *teacher));
            change.rooms.iter().for_each(|rooms| self.rooms(rooms));
            change.subject.into_iter().for_each(|subject| self.subject("subject", subject));
            change.exempted.iter().for_each(|exempted| self.person("exempted", exempted.pupil));
        }
        for extra in &school.extras {
            self.at("extras", extra.id.0);
            self.audience(extra.audience);
            self.slots(extra.slot, extra.slots);
            extra.adults.iter().for_each(|adult| self.person("adults", *adult));
            self.rooms(&extra.rooms);
            if let Occasion::Lesson(subject) | Occasion::Replacement(subject) = extra.what {
                self.subject("what", subject);
            }
        }
    }

    fn work(&mut self) {
        let school = self.school;
        self.unique("contents", &school.contents, |id| id.0);
        self.unique("homework", &school.homework, |id| id.0);
        for content in &school.contents {
            self.at("contents", content.id.0);
            self.lesson(content.lesson);
            self.files("items", content.items.iter().flat_map(|item| &item.attachments));
        }
        for homework in &school.homework {
            self.at("homework", homework.id.0);
            self.audience(homework.audience);
            self.subject("subject", homework.subject);
            homework.lesson.into_iter().for_each(|lesson| self.lesson(lesson));
            self.files("attachments", &homework.attachments);
            self.ensure(homework.difficulty <= 3, "difficulty", || "difficulties go from 0 to 3".to_owned());
            homework.done.iter().for_each(|pupil| self.person("done", *pupil));
            homework.handed_in.iter().for_each(|handed_in| self.person("handed_in", handed_in.pupil));
            self.files("handed_in", homework.handed_in.iter().map(|handed_in| &handed_in.file));
        }
    }

    fn grades(&mut self) {
        let school = self.school;
        self.unique("tests", &school.tests, |id| id.0);
        self.unique("evaluations", &school.evaluations, |id| id.0);
        for test in &school.tests {
            self.at("tests", test.id.0);
            self.audience(test.audience);
            self.subject("subject", test.subject);
            self.ensure(test.scale.is_sign_positive() && !test.scale.is_zero(), "scale", || {
                "a scale is above zero".to_owned()
            });
            self.ensure(!test.coefficient.is_sign_negative(), "coefficient", || "a weight is not negative".to_owned());
            self.files("subject_file", test.subject_file.iter().chain(&test.correction_file));
            for (pupil, mark) in &test.marks {
                self.person("marks", *pupil);
                let negative = matches!(mark, Mark::Points(points) if *points < 0);
                self.ensure(!negative, "marks", || "a mark is not negative".to_owned());
            }
        }
        for evaluation in &school.evaluations {
            self.at("evaluations", evaluation.id.0);
            self.audience(evaluation.audience);
            self.subject("subject", evaluation.subject);
            self.person("teacher", evaluation.teacher);
            for (pupil, level) in evaluation.skills.iter().flat_map(|skill| &skill.levels) {
                self.person("skills", *pupil);
                let known = (1..=SKILL_LEVELS.len()).contains(&usize::from(*level));
                self.ensure(known, "skills", || format!("levels go from 1 to {}", SKILL_LEVELS.len()));
            }
        }
        (self.section, self.id) = ("reports", None);
        for report in &school.reports {
            self.person("pupil", report.pupil);
            let period = report.period;
            self.ensure(school.year.periods.get(period).is_some(), "period", || format!("there is no period {period}"));
        }
        (self.section, self.id) = ("publications", None);
        for publication in &school.publications {
            let (class, period) = (publication.class, publication.period);
            self.ensure(school.classes.get(class).is_some(), "class", || format!("there is no class {class}"));
            self.ensure(school.year.periods.get(period).is_some(), "period", || format!("there is no period {period}"));
        }
    }

    fn life(&mut self) {
        let school = self.school;
        self.unique("events", &school.events, |id| id.0);
        for event in &school.events {
            self.at("events", event.id.0);
            self.person("pupil", event.pupil);
            match &event.what {
                Happening::Punishment(punishment) => {
                    self.person("what", punishment.by);
                    self.files("what", &punishment.work_files);
                    let most = school.year.day.slots;
                    let in_day = punishment.sessions.iter().all(|(_, slot, _)| *slot < most);
                    self.ensure(in_day, "what", || format!("a day has {most} slots"));
                }
                Happening::Observation(observation) => {
                    self.person("what", observation.by);
                    observation.subject.into_iter().for_each(|subject| self.subject("what", subject));
                }
                Happening::Measure(measure) => {
                    self.person("what", measure.asked_by);
                    self.person("what", measure.decided_by);
                }
                Happening::Exemption(exemption) => self.subject("what", exemption.subject),
                Happening::Absence(_) | Happening::Delay(_) | Happening::Other(_) => {}
            }
        }
    }
}
