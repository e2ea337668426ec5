//! Invents what was done in lessons, and homework.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::subjects::{COURSES, Course, FRENCH};
use crate::school::{
    Audience, Body, ClassId, Content, ContentId, File, FileId, HandIn, Homework, HomeworkId, Item, Lesson, LessonId,
    PersonId, School, SubjectId,
};

/// With more classes than this, only the weeks that people look at have contents.
const CLASSES_WITH_EVERYTHING: usize = 12;
const SHEET: FileId = FileId(2);
const SITE: FileId = FileId(3);
const EXERCISES: FileId = FileId(4);

/// Fills files, contents and homework.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    files(school);
    let today = school.clock.today();
    let this_week = school.year.week(school.year.next_open(today));
    let everything = school.classes.len() <= CLASSES_WITH_EVERYTHING;
    let wanted =
        |week: u32| week <= 4 || (week + 4 > this_week && week <= this_week + 1) || (everything && week <= this_week);
    let lessons: Vec<Lesson> = school.lessons.iter().cloned().collect();
    let mut desk = Desk { school, random, contents: 1, homework: 1, today };
    for week in (1..=desk.school.year.weeks()).filter(|week| wanted(*week)) {
        let Some(fortnight) = desk.school.year.fortnight(week) else { continue };
        for lesson in lessons.iter().filter(|lesson| lesson.frequency.in_fortnight(fortnight)) {
            let date = desk.school.year.day_of(week, lesson.day);
            if desk.school.year.is_open(date) {
                desk.lesson(lesson, date, week);
            }
        }
    }
    let classes: Vec<ClassId> = desk.school.classes.iter().map(|class| class.id).collect();
    for class in classes {
        desk.always_due(class);
    }
}

fn files(school: &mut School) {
    let sheet =
        ["Fiche d'exercices", "1. Calculer.", "2. Justifier la réponse.", "3. Rédiger une phrase de conclusion."];
    let files = [
        (SHEET, "fiche.pdf", Body::Pdf(sheet.map(str::to_owned).to_vec())),
        (SITE, "Pour aller plus loin", Body::Url("https://example.org/pour-aller-plus-loin".to_owned())),
        (EXERCISES, "exercices.txt", Body::Text("Exercice 1 : lire l'énoncé deux fois.\n".to_owned())),
    ];
    for (id, name, body) in files {
        school.files.put(File { id, name: name.to_owned(), body });
    }
}

struct Desk<'a> {
    school: &'a mut School,
    random: &'a mut fastrand::Rng,
    contents: u32,
    homework: u32,
    today: Date,
}

impl Desk<'_> {
    fn lesson(&mut self, lesson: &Lesson, date: Date, week: u32) {
        let Some(course) =
            usize::try_from(lesson.subject.0).ok().and_then(|subject| COURSES.get(subject.wrapping_sub(1)))
        else {
            return;
        };
        // The first two weeks are always written: other clients' tests read them, whatever the day.
        let past = date <= self.today || week <= 2;
        let test = self.random.u8(..if past { 16 } else { 8 }) == 0 && week > 2;
        if past || test {
            let items = if test { vec![planned_test(course)] } else { self.items(course) };
            self.school.contents.put(Content { id: ContentId(self.contents), lesson: lesson.id, date, items });
            self.contents += 1;
        }
        if past && self.random.u8(..5) < 2 {
            self.give(lesson, course, date);
        }
    }

    fn items(&mut self, course: &Course) -> Vec<Item> {
        let at = self.random.usize(..course.topics.len());
        let (theme, html) = course.topics[at];
        let category = *self.random.choice(&[1, 1, 1, 5, 6, 0]).unwrap_or(&1);
        let attachments = match self.random.u8(..6) {
            0 => vec![SHEET],
            1 => vec![SHEET, SITE],
            2 => vec![EXERCISES],
            _ => Vec::new(),
        };
        let themes = vec![theme.to_owned()];
        let mut items = vec![Item { title: theme.to_owned(), html: html.to_owned(), category, attachments, themes }];
        if self.random.u8(..6) == 0 {
            let html = "<p>Correction au tableau.</p>".to_owned();
            let title = "Correction des exercices".to_owned();
            items.push(Item { title, html, category: 2, attachments: Vec::new(), themes: Vec::new() });
        }
        items
    }

    fn give(&mut self, lesson: &Lesson, course: &Course, date: Date) {
        let Some(due) = self.school.next_lesson_day(lesson, date) else { return };
        let html = course.homework[self.random.usize(..course.homework.len())];
        let attachments = match self.random.u8(..5) {
            0 => vec![SHEET],
            1 => vec![SITE],
            _ => Vec::new(),
        };
        let done = if due < self.today { self.diligent(lesson.audience) } else { BTreeSet::new() };
        let theme = course.topics.first().map(|(theme, _)| (*theme).to_owned());
        let homework = Homework {
            lesson: Some(lesson.id),
            difficulty: self.random.u8(..=3),
            minutes: self.random.u16(1..=4) * 15,
            attachments,
            themes: theme.into_iter().filter(|_| self.random.bool()).collect(),
            done,
            ..plain(lesson.subject, lesson.audience, (date, due), html)
        };
        self.put(homework);
    }

    /// The pupils who tick what they have done: every third one.
    fn diligent(&mut self, audience: Audience) -> BTreeSet<PersonId> {
        match audience {
            Audience::Class(class) => {
                let third = self.random.u32(..3);
                self.school.pupils(class).map(|pupil| pupil.id).filter(|pupil| pupil.0 % 3 == third).collect()
            }
            Audience::Group(_) | Audience::Pupil(_) => BTreeSet::new(),
        }
    }

    /// What the next days always have: a file to hand in, a paper, a recording, and something with everything attached.
    fn always_due(&mut self, class: ClassId) {
        let year = &self.school.year;
        let given = year.last_open(self.today);
        let due = year.next_open(self.today.saturating_add(2.days()));
        let later = year.next_open(self.today.saturating_add(7.days()));
        let french = SubjectId(u32::try_from(FRENCH).unwrap_or(0) + 1);
        let lesson: Option<LessonId> = self
            .school
            .lessons
            .iter()
            .find(|lesson| lesson.audience == Audience::Class(class) && lesson.subject == french)
            .map(|lesson| lesson.id);
        for (html, hand_in, due) in [
            ("<div>Rédaction à rendre sous forme de fichier.</div>", HandIn::File, due),
            ("<div>Recopier le poème, à rendre sur copie.</div>", HandIn::Paper, later),
            ("<div>S'enregistrer en lisant la scène 2.</div>", HandIn::Recording, later),
        ] {
            let homework = Homework {
                lesson,
                difficulty: 2,
                minutes: 45,
                attachments: vec![SHEET, SITE],
                themes: vec!["Le récit de voyage".to_owned()],
                hand_in,
                ..plain(french, Audience::Class(class), (given, due), html)
            };
            self.put(homework);
        }
    }

    fn put(&mut self, homework: Homework) {
        self.school.homework.put(Homework { id: HomeworkId(self.homework), ..homework });
        self.homework += 1;
    }
}

fn planned_test(course: &Course) -> Item {
    let theme = course.topics.first().map_or("", |(theme, _)| theme);
    Item {
        title: format!("Contrôle : {theme}"),
        html: "<p>Contrôle d'une heure, sans calculatrice.</p>".to_owned(),
        category: 3,
        attachments: Vec::new(),
        themes: vec![theme.to_owned()],
    }
}

fn plain(subject: SubjectId, audience: Audience, (given, due): (Date, Date), html: &str) -> Homework {
    Homework {
        id: HomeworkId(0),
        subject,
        audience,
        given,
        due,
        html: html.to_owned(),
        lesson: None,
        difficulty: 0,
        minutes: 0,
        attachments: Vec::new(),
        themes: Vec::new(),
        hand_in: HandIn::None,
        done: BTreeSet::new(),
        handed_in: Vec::new(),
    }
}
