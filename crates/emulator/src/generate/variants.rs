//! Invents what differs from the weekly timetable around today: every variant that a timetable can show (data §5.5).

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::subjects::SPORT;
use crate::school::{
    Audience, Change, ChangeId, ClassId, Entry, Exempted, Extra, ExtraId, Lesson, LessonId, Occasion, PersonId, RoomId,
    School, SubjectId, Whose, monday_of,
};

const THURSDAY: i64 = 3;
const FRIDAY: u8 = 4;
/// The outing takes Thursday afternoon.
const OUTING: (u16, u16) = (10, 8);

/// Fills changes and extras of the week of today, the school week before and the one after.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let today = school.clock.today();
    let this_week = monday_of(school.year.next_open(today));
    let last_week = monday_of(school.year.last_open(this_week.saturating_sub(1.day())));
    let next_week = monday_of(school.year.next_open(this_week.saturating_add(7.days())));
    let classes: Vec<ClassId> = school.classes.iter().map(|class| class.id).collect();
    let mut weeks = vec![last_week, this_week, next_week];
    weeks.dedup();
    let mut office = Office { school, random, changes: 1, extras: 1 };
    for class in classes {
        for monday in &weeks {
            office.week(class, *monday);
        }
    }
}

struct Office<'a> {
    school: &'a mut School,
    random: &'a mut fastrand::Rng,
    changes: u32,
    extras: u32,
}

impl Office<'_> {
    fn week(&mut self, class: ClassId, monday: Date) {
        let sunday = monday.saturating_add(6.days());
        let thursday = monday.saturating_add(THURSDAY.days());
        let week = self.school.timetable(Whose::Class(class), monday, sunday);
        let in_outing = |entry: &Entry<'_>| entry.date == thursday && entry.slots().0 >= OUTING.0;
        let dated = |entry: &Entry<'_>| entry.lesson().map(|lesson| (lesson, entry.date));
        let missed: Vec<(LessonId, Date)> = week.iter().filter(|entry| in_outing(entry)).filter_map(dated).collect();
        // The first lesson of Friday stays as it is: other clients' tests begin with it.
        let mut free: Vec<(LessonId, Date)> = week
            .iter()
            .filter(|entry| matches!(entry.audience(), Audience::Class(_)) && !in_outing(entry))
            .filter(|entry| entry.date != monday.saturating_add(i64::from(FRIDAY).days()) || entry.slots().0 > 0)
            .filter_map(dated)
            .collect();
        self.random.shuffle(&mut free);
        let sport = SubjectId(u32::try_from(SPORT).unwrap_or(0) + 1);
        let of_sport = |(lesson, _): &(LessonId, Date)| {
            self.school.lessons.get(*lesson).is_some_and(|lesson| lesson.subject == sport)
        };
        let exempting = free.iter().position(of_sport).map(|at| free.swap_remove(at));
        let mut pupils = self.school.pupils(class).map(|pupil| pupil.id);
        let (first, second) = (pupils.next(), pupils.next());
        drop(pupils);

        if let (Some(lesson), Some(first)) = (exempting, first) {
            let mut exempted = vec![exempted(first, "Dispensé (présence non obligatoire)", false)];
            exempted.extend(second.map(exempted_at_home));
            self.change(lesson, |change| change.exempted = exempted);
        }
        self.plain_changes(&mut free.into_iter());
        if self.school.year.is_open(thursday) {
            self.outing(class, thursday, missed);
        }
        if let Some(first) = first {
            self.detention(first, monday);
        }
        self.exceptional(class, monday);
    }

    /// One lesson of each kind of change, while lessons are left.
    fn plain_changes(&mut self, lessons: &mut impl Iterator<Item = (LessonId, Date)>) {
        if let Some(lesson) = lessons.next() {
            self.change(lesson, |change| {
                change.cancelled = true;
                change.status = "Cours annulé".to_owned();
            });
        }
        if let Some(lesson) = lessons.next() {
            self.change(lesson, |change| {
                change.cancelled = true;
                change.status = "Prof. absent".to_owned();
            });
        }
        if let Some(lesson) = lessons.next() {
            self.replacement(lesson);
        }
        if let Some(lesson) = lessons.next() {
            let room = self.another_room(lesson.0);
            self.change(lesson, |change| {
                change.rooms = room.map(|room| vec![room]);
                change.status = "Changement de salle".to_owned();
            });
        }
        if let Some(lesson) = lessons.next() {
            let substitute = self.another_teacher(lesson.0);
            self.change(lesson, |change| {
                change.teachers = substitute.map(|(teacher, _)| vec![teacher]);
                change.subject = substitute.map(|(_, subject)| subject);
                change.status = "Cours modifié".to_owned();
            });
        }
        if let Some(lesson) = lessons.next() {
            self.change(lesson, |change| {
                change.videos = vec!["https://visio.example.org/classe".to_owned()];
                change.memo = "Le cours a lieu en visioconférence.".to_owned();
            });
        }
    }

    /// A cancelled lesson with another one in its place.
    fn replacement(&mut self, (lesson, date): (LessonId, Date)) {
        let Some((substitute, subject)) = self.another_teacher(lesson) else { return };
        let Some(Lesson { slot, slots, audience, rooms, .. }) = self.school.lessons.get(lesson).cloned() else {
            return;
        };
        self.change((lesson, date), |change| {
            change.cancelled = true;
            change.status = "Prof. absent".to_owned();
        });
        let status = "Remplacement".to_owned();
        let what = Occasion::Replacement(subject);
        self.extra(Extra { adults: vec![substitute], rooms, status, ..extra(date, (slot, slots), audience, what) });
    }

    fn outing(&mut self, class: ClassId, date: Date, missed: Vec<(LessonId, Date)>) {
        let chaperones: Vec<PersonId> = missed
            .iter()
            .filter_map(|(lesson, _)| self.school.lessons.get(*lesson))
            .flat_map(|lesson| lesson.teachers.iter().copied())
            .take(2)
            .collect();
        for lesson in missed {
            self.change(lesson, |change| {
                change.cancelled = true;
                change.status = "Sortie pédagogique".to_owned();
            });
        }
        let what = Occasion::Outing("Visite du musée".to_owned());
        let memo = "Prévoir un pique-nique.".to_owned();
        self.extra(Extra { adults: chaperones, memo, ..extra(date, OUTING, Audience::Class(class), what) });
    }

    fn detention(&mut self, pupil: PersonId, monday: Date) {
        let wednesday = monday.saturating_add(2.days());
        if !self.school.year.is_open(wednesday) {
            return;
        }
        let supervisor = self.school.people.iter().find(|person| person.function == "CPE").map(|person| person.id);
        let rooms: Vec<RoomId> = self.school.rooms.first().map(|room| room.id).into_iter().collect();
        let what = Occasion::Detention("Retenue".to_owned());
        let adults = supervisor.into_iter().collect();
        self.extra(Extra { adults, rooms, ..extra(wednesday, (10, 2), Audience::Pupil(pupil), what) });
    }

    /// An hour with the head teacher at the end of Tuesday.
    fn exceptional(&mut self, class: ClassId, monday: Date) {
        let tuesday = monday.saturating_add(1.day());
        let Some(head) = self.school.classes.get(class).and_then(|class| class.head_teacher) else { return };
        if !self.school.year.is_open(tuesday) {
            return;
        }
        let subject =
            self.school.people.get(head).and_then(|head| head.subjects.first().copied()).unwrap_or(SubjectId(1));
        let (status, memo) = ("Exceptionnel".to_owned(), "Heure de vie de classe".to_owned());
        let entry = extra(tuesday, (18, 2), Audience::Class(class), Occasion::Lesson(subject));
        self.extra(Extra { adults: vec![head], rooms: vec![RoomId(class.0)], status, memo, ..entry });
    }

    fn another_room(&mut self, lesson: LessonId) -> Option<RoomId> {
        let own = self.school.lessons.get(lesson)?.rooms.first().copied();
        self.school.rooms.iter().rev().map(|room| room.id).find(|room| Some(*room) != own)
    }

    /// Somebody who teaches another subject, with that subject.
    fn another_teacher(&mut self, lesson: LessonId) -> Option<(PersonId, SubjectId)> {
        let own = self.school.lessons.get(lesson)?.subject;
        let skip = self.random.usize(..10);
        let others: Vec<_> = self
            .school
            .people
            .iter()
            .filter(|person| !person.subjects.is_empty() && !person.subjects.contains(&own))
            .collect();
        let other = others.get(skip).or_else(|| others.last())?;
        Some((other.id, *other.subjects.first()?))
    }

    fn change(&mut self, (lesson, date): (LessonId, Date), alter: impl FnOnce(&mut Change)) {
        let mut change = Change::of(ChangeId(self.changes), lesson, date);
        self.changes += 1;
        alter(&mut change);
        self.school.changes.put(change);
    }

    fn extra(&mut self, extra: Extra) {
        self.school.extras.put(Extra { id: ExtraId(self.extras), ..extra });
        self.extras += 1;
    }
}

fn exempted(pupil: PersonId, label: &str, at_home: bool) -> Exempted {
    Exempted { pupil, label: label.to_owned(), at_home }
}

fn exempted_at_home(pupil: PersonId) -> Exempted {
    exempted(pupil, "Dispensé (suivi à la maison)", true)
}

fn extra(date: Date, (slot, slots): (u16, u16), audience: Audience, what: Occasion) -> Extra {
    Extra {
        id: ExtraId(0),
        date,
        slot,
        slots,
        audience,
        adults: Vec::new(),
        rooms: Vec::new(),
        status: String::new(),
        memo: String::new(),
        what,
    }
}
