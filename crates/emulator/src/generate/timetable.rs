//! Invents the weekly timetable: nobody is in two places at once while room is left in the week.

use std::collections::HashMap;

use super::subjects::{ALTERNATING, COURSES};
use crate::school::{
    Audience, ClassId, Frequency, GroupId, Kind, Lesson, LessonId, PersonId, RoomId, School, SubjectId,
};

/// The hours at which lessons begin; Wednesday has only the morning.
const STARTS: [u16; 8] = [0, 2, 4, 6, 10, 12, 14, 16];
const MORNING_ENDS: u16 = 8;
const AFTERNOON_ENDS: u16 = 18;
const EVENING: u16 = 14;
const WEDNESDAY: u8 = 2;
const FRIDAY: u8 = 4;

/// Fills the weekly lessons of every class.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let teachers: Vec<Vec<PersonId>> = (1..)
        .zip(&COURSES)
        .map(|(subject, _)| {
            let of = |person: &&crate::school::Person| {
                person.kind == Kind::Teacher && person.subjects.contains(&SubjectId(subject))
            };
            school.people.iter().filter(of).map(|person| person.id).collect()
        })
        .collect();
    let mut desk = Desk { school, random, teachers, busy: HashMap::new(), next: 1 };
    let classes: Vec<ClassId> = desk.school.classes.iter().map(|class| class.id).collect();
    for (place, class) in classes.into_iter().enumerate() {
        desk.class(place, class);
    }
}

struct Desk<'a> {
    school: &'a mut School,
    random: &'a mut fastrand::Rng,
    /// The teachers of each subject.
    teachers: Vec<Vec<PersonId>>,
    /// The taken slots of each teacher's week, a bit a slot.
    busy: HashMap<PersonId, u128>,
    next: u32,
}

/// Where a lesson begins: day and slot.
type Start = (u8, u16);

fn bits(start: Start, slots: u16) -> u128 {
    let first = u32::from(start.0) * 20 + u32::from(start.1);
    ((1 << slots) - 1) << first
}

impl Desk<'_> {
    fn class(&mut self, place: usize, class: ClassId) {
        let mut taken = 0_u128;
        // Every class begins its Friday at eight, with mathematics.
        let mut blocks: Vec<(usize, u16)> = vec![(1, 2)];
        for (course, lessons) in COURSES.iter().map(|course| course.lessons).enumerate() {
            let skip = usize::from(course == 1);
            blocks.extend(lessons.iter().skip(skip).map(|slots| (course, *slots)));
        }
        // Long lessons first, as they find the fewest places.
        blocks[1..].sort_by_key(|(_, slots)| std::cmp::Reverse(*slots));
        for (index, (course, slots)) in blocks.into_iter().enumerate() {
            let teacher = self.teacher(course, place);
            let start = if index == 0 {
                Some((FRIDAY, STARTS[0])).filter(|start| self.is_free(teacher, bits(*start, slots)))
            } else {
                None
            };
            let on_friday = index == 0;
            let start = start.or_else(|| self.find(taken, slots, &[teacher], on_friday));
            let Some(start) = start else { continue };
            taken |= self.take(start, slots, &[teacher]);
            let rooms = vec![self.room(course, place, teacher)];
            self.add(Audience::Class(class), course, teacher, rooms, start, slots, Frequency::Weekly);
        }
        self.alternate(place, class, taken);
    }

    /// An hour in which one half of the class has one subject and the other half the other, changing every week.
    fn alternate(&mut self, place: usize, class: ClassId, taken: u128) {
        let [one, other] = ALTERNATING;
        let pair = [self.teacher(one, place), self.teacher(other, place)];
        let Some(start) = self.find(taken, 2, &pair, false) else { return };
        self.take(start, 2, &pair);
        let halves = [GroupId(class.0 * 2 - 1), GroupId(class.0 * 2)];
        for (half, frequency) in [(0, Frequency::First), (1, Frequency::Second)] {
            for (course, teacher, group) in [(one, pair[0], halves[half]), (other, pair[1], halves[1 - half])] {
                let rooms = vec![self.room(course, place, teacher)];
                self.add(Audience::Group(group), course, teacher, rooms, start, 2, frequency);
            }
        }
    }

    fn teacher(&self, course: usize, place: usize) -> PersonId {
        let teachers = &self.teachers[course];
        teachers.get(place % teachers.len().max(1)).copied().unwrap_or(PersonId(0))
    }

    fn is_free(&self, teacher: PersonId, bits: u128) -> bool {
        self.busy.get(&teacher).is_none_or(|busy| busy & bits == 0)
    }

    /// A free start, at random; when the teachers are never free at the same time as the class, the class decides.
    fn find(&mut self, taken: u128, slots: u16, teachers: &[PersonId], on_friday: bool) -> Option<Start> {
        let mut starts: Vec<Start> = (0..5).flat_map(|day| STARTS.map(|slot| (day, slot))).collect();
        starts.retain(|(day, slot)| {
            let ends = slot + slots;
            let fits = ends <= MORNING_ENDS || (*slot >= 10 && ends <= AFTERNOON_ENDS && *day != WEDNESDAY);
            fits && (!on_friday || *day == FRIDAY)
        });
        self.random.shuffle(&mut starts);
        // The end of the afternoon fills up last.
        starts.sort_by_key(|(_, slot)| *slot >= EVENING);
        let for_class = |start: &Start| taken & bits(*start, slots) == 0;
        starts
            .iter()
            .find(|start| {
                for_class(start) && teachers.iter().all(|teacher| self.is_free(*teacher, bits(**start, slots)))
            })
            .or_else(|| starts.iter().find(|start| for_class(start)))
            .copied()
    }

    fn take(&mut self, start: Start, slots: u16, teachers: &[PersonId]) -> u128 {
        let bits = bits(start, slots);
        for teacher in teachers {
            *self.busy.entry(*teacher).or_default() |= bits;
        }
        bits
    }

    /// The teacher's own room in the subjects that have one, else the class's.
    fn room(&self, course: usize, place: usize, teacher: PersonId) -> RoomId {
        let of_class = RoomId(u32::try_from(place).unwrap_or(0) + 1);
        let Some(kind) = COURSES[course].own_room else { return of_class };
        let number = self.teachers[course].iter().position(|person| *person == teacher).unwrap_or(0) + 1;
        let name = format!("{kind} {number}");
        self.school.rooms.iter().find(|room| room.name == name).map_or(of_class, |room| room.id)
    }

    #[expect(clippy::too_many_arguments, reason = "a lesson has that many parts")]
    fn add(
        &mut self,
        audience: Audience,
        course: usize,
        teacher: PersonId,
        rooms: Vec<RoomId>,
        (day, slot): Start,
        slots: u16,
        frequency: Frequency,
    ) {
        let subject = SubjectId(u32::try_from(course).unwrap_or(0) + 1);
        let id = LessonId(self.next);
        self.next += 1;
        self.school.lessons.put(Lesson {
            id,
            audience,
            subject,
            teachers: vec![teacher],
            rooms,
            day,
            slot,
            slots,
            frequency,
        });
    }
}
