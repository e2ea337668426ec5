//! Invents classes, teachers, families and their logins.

use jiff::civil::date;

use super::names;
use super::subjects::{ALTERNATING, COURSES};
use crate::school::{
    Account, AccountId, Body, Class, ClassId, File, FileId, Group, GroupId, Kind, Level, LevelId, Person, PersonId,
    Room, RoomId, School, SecondFactor, Sex, Space, Subject, SubjectId,
};

/// How many pupils a class has, about.
const CLASS_SIZE: usize = 24;
/// The hours a teacher teaches in a week.
const TEACHING_HOURS: usize = 18;
/// The password of every invented account; the one of the vendor's public demonstration.
const PASSWORD: &str = "pronotevs";
const LEVELS: [(&str, i16); 4] = [("3EME", 14), ("5EME", 12), ("4EME", 13), ("6EME", 11)];

/// Fills subjects, rooms, classes, groups, people and accounts.
pub(super) fn fill(school: &mut School, pupils: usize, random: &mut fastrand::Rng) {
    let classes = pupils.div_ceil(CLASS_SIZE).max(2);
    structure(school, classes);
    let mut people = People { school, random, next: 1 };
    let demo = people.demo_families();
    people.pupils(pupils.max(demo), demo, classes);
    people.teachers(classes);
    people.staff();
    let accounts = accounts(school);
    school.accounts = accounts.into_iter().collect();
}

fn structure(school: &mut School, classes: usize) {
    school.levels = (1..).zip(LEVELS).map(|(id, (name, _))| Level { id: LevelId(id), name: name.to_owned() }).collect();
    school.subjects = (1..)
        .zip(&COURSES)
        .map(|(id, course)| Subject { id: SubjectId(id), name: course.name.to_owned(), color: course.color.to_owned() })
        .collect();
    for (index, id) in (0..classes).zip(1..) {
        let (level, _) = LEVELS[index % LEVELS.len()];
        let name = format!("{}{}", &level[..1], section(index / LEVELS.len()));
        school.rooms.put(Room { id: RoomId(id), name: format!("B{:02}", 10 + index) });
        for (half, group) in [(1, id * 2 - 1), (2, id * 2)] {
            let name = format!("{name} GR.{half}");
            school.groups.put(Group { id: GroupId(group), name, classes: vec![ClassId(id)] });
        }
        let level = LevelId(u32::try_from(index % LEVELS.len()).unwrap_or(0) + 1);
        school.classes.put(Class { id: ClassId(id), name, level, head_teacher: None });
    }
}

/// `A` to `Z`, then `AA` and so on.
fn section(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    if index < 26 { letter.to_string() } else { format!("{}{letter}", section(index / 26 - 1)) }
}

struct People<'a> {
    school: &'a mut School,
    random: &'a mut fastrand::Rng,
    next: u32,
}

impl People<'_> {
    /// A person with an address, not yet in the school.
    fn invent(&mut self, kind: Kind, surname: &str, first_name: &str, sex: Sex) -> Person {
        let id = PersonId(self.next);
        self.next += 1;
        Person {
            id,
            kind,
            surname: surname.to_owned(),
            first_name: first_name.to_owned(),
            sex,
            birth: None,
            street: names::street(self.random),
            postal_code: "75013".to_owned(),
            city: "PARIS".to_owned(),
            email: names::email(first_name, surname),
            phone: format!("6{:08}", self.random.u32(..100_000_000)),
            national_id: String::new(),
            photo: None,
            class: None,
            groups: Vec::new(),
            delegate: false,
            children: Vec::new(),
            subjects: Vec::new(),
            function: String::new(),
            options: Vec::new(),
            arrangements: Vec::new(),
        }
    }

    fn anybody(&mut self, kind: Kind, surname: &str) -> Person {
        let sex = if self.random.bool() { Sex::Female } else { Sex::Male };
        let first_name = names::first_name(self.random, sex);
        self.invent(kind, surname, first_name, sex)
    }

    /// A pupil in a class of the school, by the class's place.
    fn enrolled(&mut self, mut pupil: Person, class: usize) -> Person {
        let number = u32::try_from(class).unwrap_or(0) + 1;
        let (_, age) = LEVELS[class % LEVELS.len()];
        let half = pupil.id.0 % 2;
        pupil.class = Some(ClassId(number));
        pupil.groups = vec![GroupId(number * 2 - half)];
        pupil.birth = Some(date(self.school.year.first.year() - age, self.random.i8(1..=12), self.random.i8(1..=28)));
        pupil.national_id = format!("{:03}", pupil.id.0);
        pupil.options = vec!["ANGLAIS LV1".to_owned(), "ESPAGNOL LV2".to_owned()];
        if self.random.u8(..12) == 0 {
            pupil.arrangements = vec!["PAP".to_owned()];
        }
        pupil
    }

    /// The people that examples and other clients' tests look for: a guardian of two, a guardian of one. Returns the number of
    /// pupils among them.
    fn demo_families(&mut self) -> usize {
        const PHOTO: FileId = FileId(1);
        self.school.files.put(File {
            id: PHOTO,
            name: "photo.png".to_owned(),
            body: Body::Picture("#7CA982".to_owned()),
        });
        let fanny = self.invent(Kind::Student, "PARENT", "Fanny", Sex::Female);
        let mut fanny = self.enrolled(fanny, 0);
        fanny.delegate = true;
        fanny.photo = Some(PHOTO);
        let leo = self.invent(Kind::Student, "PARENT", "Léo", Sex::Male);
        let leo = self.enrolled(leo, 1);
        let anais = self.invent(Kind::Student, "NOËL", "Anaïs", Sex::Female);
        let mut anais = self.enrolled(anais, 0);
        anais.arrangements = vec!["PAI".to_owned()];
        let mut flore = self.invent(Kind::Guardian, "PARENT", "Flore", Sex::Female);
        flore.children = vec![fanny.id, leo.id];
        flore.national_id = fanny.national_id.clone();
        let mut marc = self.invent(Kind::Guardian, "NOËL", "Marc", Sex::Male);
        marc.children = vec![anais.id];
        for person in [fanny, leo, anais, flore, marc] {
            self.school.people.put(person);
        }
        3
    }

    /// Pupils until there are `wanted`, each with one or two guardians; some have an elder sibling here.
    fn pupils(&mut self, wanted: usize, already: usize, classes: usize) {
        let mut last_family: Option<(String, PersonId)> = None;
        for index in already..wanted {
            let sibling = last_family.take().filter(|_| self.random.u8(..8) == 0);
            let surname =
                sibling.as_ref().map_or_else(|| names::surname(self.random).to_owned(), |(surname, _)| surname.clone());
            let pupil = self.anybody(Kind::Student, &surname);
            let mut pupil = self.enrolled(pupil, index % classes);
            pupil.delegate = index < classes * 2 && index >= classes;
            let id = pupil.id;
            self.school.people.put(pupil);
            if let Some(guardian) = sibling.and_then(|(_, guardian)| self.school.people.get_mut(guardian)) {
                guardian.children.push(id);
                continue;
            }
            let mut guardian = self.anybody(Kind::Guardian, &surname);
            guardian.children = vec![id];
            last_family = Some((surname.clone(), guardian.id));
            self.school.people.put(guardian);
            if self.random.u8(..3) > 0 {
                let mut other = self.anybody(Kind::Guardian, &surname);
                other.children = vec![id];
                self.school.people.put(other);
            }
        }
    }

    /// As many teachers of each subject as its hours ask for, each with a room where the subject has its own.
    fn teachers(&mut self, classes: usize) {
        for (place, course) in COURSES.iter().enumerate() {
            let slots: u16 = course.lessons.iter().sum();
            let hours = usize::from(slots) / 2 + if ALTERNATING.contains(&place) { 2 } else { 0 };
            let teachers = (classes * hours).div_ceil(TEACHING_HOURS - 3);
            for number in 0..teachers {
                let mut teacher = if place == 1 && number == 0 {
                    self.invent(Kind::Teacher, "BROWN", "Julie", Sex::Female)
                } else {
                    let surname = names::surname(self.random);
                    self.anybody(Kind::Teacher, surname)
                };
                teacher.subjects = vec![SubjectId(u32::try_from(place).unwrap_or(0) + 1)];
                self.school.people.put(teacher);
                if let Some(room) = course.own_room {
                    let id = RoomId(self.school.rooms.last().map_or(1, |room| room.id.0 + 1));
                    self.school.rooms.put(Room { id, name: format!("{room} {}", number + 1) });
                }
            }
        }
        let mathematics = SubjectId(2);
        let heads: Vec<PersonId> = self
            .school
            .people
            .iter()
            .filter(|person| person.subjects.contains(&mathematics))
            .map(|person| person.id)
            .collect();
        for (place, class) in self.school.classes.iter_mut().enumerate() {
            class.head_teacher = heads.get(place % heads.len().max(1)).copied();
        }
    }

    fn staff(&mut self) {
        for (surname, first_name, sex, function) in [
            ("MARTIN", "Paul", Sex::Male, "CPE"),
            ("LEROY", "Hélène", Sex::Female, "Principale"),
            ("PETIT", "Aïcha", Sex::Female, "Infirmière"),
            ("MOREL", "Benoît", Sex::Male, "Assistant d'éducation"),
        ] {
            let mut person = self.invent(Kind::Staff, surname, first_name, sex);
            person.function = function.to_owned();
            self.school.people.put(person);
        }
    }
}

/// The accounts that are listed, then one for everybody else: `eleve7`, `parent8`, `prof9`.
fn accounts(school: &School) -> Vec<Account> {
    let find = |surname: &str, first_name: &str| {
        school
            .people
            .iter()
            .find(|person| person.surname == surname && person.first_name == first_name)
            .map(|person| person.id)
    };
    let factor = |pin: Option<&str>, actions: &[u8], strategy| {
        Some(SecondFactor { pin: pin.map(str::to_owned), actions: actions.to_vec(), strategy })
    };
    let fanny = find("PARENT", "Fanny");
    let anais = find("NOËL", "Anaïs");
    let listed = [
        ("demonstration", Space::Student, fanny, "a pupil of 3A", false, None),
        ("demonstration", Space::Guardian, find("PARENT", "Flore"), "a mother of two", false, None),
        ("demonstration", Space::Teacher, find("BROWN", "Julie"), "a teacher of mathematics", false, None),
        ("demonstration2", Space::SchoolLife, find("MARTIN", "Paul"), "school life", false, None),
        ("demonstration2", Space::Student, anais, "another pupil of 3A", false, None),
        ("demonstration2", Space::Guardian, find("NOËL", "Marc"), "a father of one", false, None),
        ("code", Space::Student, fanny, "asks for the PIN 1234", false, factor(Some("1234"), &[3], 3)),
        ("appareil", Space::Student, fanny, "asks for the name of the device", false, factor(None, &[5], 2)),
        (
            "premier",
            Space::Student,
            anais,
            "asks for a new password, a strategy and a PIN",
            false,
            factor(None, &[0, 1, 2], 0),
        ),
        ("bloque", Space::Student, anais, "locked", true, None),
    ];
    let mut accounts = Vec::new();
    let mut add = |login: String, space, person, note: &str, locked, second_factor| {
        let id = AccountId(u32::try_from(accounts.len()).unwrap_or(u32::MAX) + 1);
        let (password, note) = (PASSWORD.to_owned(), note.to_owned());
        accounts.push(Account { id, login, password, space, person, note, locked, second_factor });
    };
    for (login, space, person, note, locked, second_factor) in listed {
        if let Some(person) = person {
            add(login.to_owned(), space, person, note, locked, second_factor);
        }
    }
    for person in &school.people {
        let (word, space) = match person.kind {
            Kind::Student => ("eleve", Space::Student),
            Kind::Guardian => ("parent", Space::Guardian),
            Kind::Teacher => ("prof", Space::Teacher),
            Kind::Staff => ("vs", Space::SchoolLife),
        };
        add(format!("{word}{}", person.id), space, person.id, "", false, None);
    }
    accounts
}
