//! The school that old clients are judged with: a small one of 2020, where every value is known.
//!
//! Jean (`DUPONT Jean`, class 2A) and Lea (class 3B) are the children of Marie. Most of it is an ordinary school; what an
//! emulated school would never say (marks and averages that do not add up, colours of three digits, groups of subjects) is
//! written over its answers by [`start`].

use emulator::school::menus::{Food, FoodLabel, Meal, MenuDay, MenuWeek};
use emulator::school::news::{Asks, Category, NewsItem, Question, State};
use emulator::school::{
    Absence, Account, AccountId, Audience, Body, CategoryId, Change, ChangeId, Class, ClassId, Content, ContentId,
    Delay, Evaluation, EvaluationId, Event, EventId, Extra, ExtraId, File, FileId, Frequency, Grading, Happening, Home,
    Homework, HomeworkId, Item, Kind, Lesson, LessonId, Level, LevelId, Mark, Menus, Messages, News, NewsId,
    Observation, Occasion, Period, PeriodId, PeriodKind, Person, PersonId, Punishment, Room, RoomId, SchoolDay, Sex,
    Shelf, Skill, Space, Subject, SubjectId, Test, TestId, Year,
};
use emulator::{Clock, Config, Emulator, School, school};
use jiff::civil::{Date, DateTime, date, time};
use serde_json::{Value, json};

/// The pupil: login, password.
pub(crate) const JEAN: (&str, &str) = ("jean", "secret");
/// The mother of Jean and Lea: login, password.
pub(crate) const MARIE: (&str, &str) = ("marie", "secret");

/// When it is, unless a test says otherwise: everything in the school has happened.
pub(crate) const NOW: DateTime = date(2020, 10, 15).at(12, 0, 0, 0);

/// The class of Jean.
pub(crate) const CLASS: Audience = Audience::Class(ClassId(1));

/// Mathematics.
pub(crate) const MATHS: SubjectId = SubjectId(1);
const FRENCH: SubjectId = SubjectId(2);
const SPORT: SubjectId = SubjectId(3);
const HISTORY: SubjectId = SubjectId(4);

/// Jean himself.
pub(crate) const PUPIL: PersonId = PersonId(1);
/// His sister.
pub(crate) const SISTER: PersonId = PersonId(2);
const MOTHER: PersonId = PersonId(3);
/// Who teaches mathematics.
pub(crate) const MISTER_X: PersonId = PersonId(4);
const MISS_Y: PersonId = PersonId(5);
const MISS_S: PersonId = PersonId(6);
const HEAD: PersonId = PersonId(7);

const ROOM_101: RoomId = RoomId(1);
const STUDY_ROOM: RoomId = RoomId(2);

const EXERCISE: FileId = FileId(1);
const LESSON_SHEET: FileId = FileId(2);
const LETTER: FileId = FileId(3);
const PHOTO: FileId = FileId(4);

const WEDNESDAY: Date = date(2020, 9, 2);

/// Serves the school, with what no emulated school would say.
pub(crate) async fn start() -> Emulator {
    let emulator = Emulator::start(Config::new(school())).await.unwrap();
    emulator.script("ParametresUtilisateur", |_, user| {
        // Nobody sees menus, and no parent the shared files.
        let is_parent = user["ressource"]["G"] == 5;
        user["listeOngletsInvisibles"] = if is_parent { json!([10, 99]) } else { json!([10]) };
    });
    emulator.script("PageEmploiDuTemps_DomainePresence", |_, weeks| weeks["Domaine"]["V"] = json!("[1..44]"));
    emulator.script("DernieresNotes", |_, page| marks(page));
    emulator.script("DernieresEvaluations", |_, page| {
        for evaluation in list(page, "listeEvaluations") {
            for level in list(evaluation, "listeNiveauxDAcquisitions") {
                level["abbreviation"] = json!("A");
            }
        }
    });
    emulator.script("PagePresence", |_, page| {
        if !list(page, "listeAbsences").is_empty() {
            page["Matieres"] = totals();
        }
    });
    emulator.script("PageMenus", |_, page| {
        for day in list(page, "ListeJours") {
            for meal in list(day, "ListeRepas") {
                for course in list(meal, "ListePlats") {
                    for food in list(course, "ListeAliments") {
                        for label in list(food, "listeLabelsAlimentaires") {
                            label["L"] = json!("Bio");
                            label["couleur"] = json!("#0f0");
                        }
                    }
                }
            }
        }
    });
    emulator
}

/// Lets a school show every page.
pub(crate) fn show_all(school: &Emulator) {
    school.script("ParametresUtilisateur", |_, user| user["listeOngletsInvisibles"] = json!([]));
}

/// The elements of a list of the wire, to change them.
pub(crate) fn list<'a>(of: &'a mut Value, key: &str) -> &'a mut Vec<Value> {
    of[key]["V"].as_array_mut().unwrap()
}

/// A mark of the wire.
pub(crate) fn mark(text: &str) -> Value {
    json!({ "_T": 10, "V": text })
}

/// Averages and bounds that do not follow from the marks.
fn marks(page: &mut Value) {
    let [first, second] = &mut list(page, "listeDevoirs")[..] else { return };
    for (key, text) in [("moyenne", "6"), ("noteMax", "10"), ("noteMin", "0")] {
        first[key] = mark(text);
        second[key] = mark("|1");
    }
    let maths = &mut list(page, "listeServices")[0];
    let mut sport = maths.clone();
    sport["L"] = json!("EPS");
    sport["N"] = json!("12#eps");
    sport["ordre"] = json!(2);
    for (subject, own) in [(&mut *maths, "15"), (&mut sport, "|1")] {
        subject["couleur"] = json!("#123");
        for (key, text) in [("moyEleve", own), ("moyClasse", "12"), ("moyMax", "20"), ("moyMin", "2")] {
            subject[key] = mark(text);
        }
    }
    list(page, "listeServices").push(sport);
    page["moyGenerale"] = mark("15,50");
    page["moyGeneraleClasse"] = mark("12,345");
}

/// Hours by subject, with a group of subjects.
fn totals() -> Value {
    let line =
        |name: &str| json!({ "N": "0", "L": name, "suivi": 7200, "absence": 3600, "excluCours": 0, "excluEtab": 0 });
    let (maths, mut group, mut english) = (line("MATHS"), line("LANGUES"), line("ANGLAIS"));
    group["regroupement"] = json!(1);
    english["dansRegroupement"] = json!(1);
    json!([maths, group, english])
}

/// The school itself.
pub(crate) fn school() -> School {
    School {
        name: "Lycée Exemple".to_owned(),
        seed: 1,
        clock: Clock::Fixed(NOW),
        year: year(),
        people: people(),
        accounts: [account(1, JEAN, Space::Student, PUPIL), account(2, MARIE, Space::Guardian, MOTHER)]
            .into_iter()
            .collect(),
        levels: one(Level { id: LevelId(1), name: "2NDE".to_owned() }),
        classes: [(1, "2A"), (2, "3B")].map(|(id, name)| class(id, name)).into_iter().collect(),
        groups: Shelf::default(),
        subjects: [(MATHS, "MATHS"), (FRENCH, "FR"), (SPORT, "EPS"), (HISTORY, "HISTOIRE")]
            .map(|(id, name)| Subject { id, name: name.to_owned(), color: "#fff".to_owned() })
            .into_iter()
            .collect(),
        rooms: [(ROOM_101, "101"), (STUDY_ROOM, "Perm")]
            .map(|(id, name)| Room { id, name: name.to_owned() })
            .into_iter()
            .collect(),
        files: [(EXERCISE, "a b.pdf"), (LESSON_SHEET, "cours.pdf"), (LETTER, "doc.pdf")]
            .map(|(id, name)| File { id, name: name.to_owned(), body: Body::Pdf(vec![name.to_owned()]) })
            .into_iter()
            .chain([File { id: PHOTO, name: "photo.png".to_owned(), body: Body::Picture("#336699".to_owned()) }])
            .collect(),
        lessons: lessons(),
        changes: one(Change {
            status: "Prof. absent".to_owned(),
            cancelled: true,
            ..Change::of(ChangeId(1), LessonId(2), WEDNESDAY)
        }),
        extras: one(detention(1, WEDNESDAY)),
        contents: one(Content {
            id: ContentId(1),
            lesson: LessonId(1),
            date: WEDNESDAY,
            items: vec![Item {
                title: "Chapitre 1".to_owned(),
                html: "<p>Intro</p>".to_owned(),
                category: 1,
                attachments: vec![LESSON_SHEET],
                themes: Vec::new(),
            }],
        }),
        homework: [
            homework(1, MATHS, "<p>Faire <b>ex 1</b></p>", vec![EXERCISE]),
            homework(2, FRENCH, "<p>Autre</p>", Vec::new()),
        ]
        .into_iter()
        .collect(),
        grading: Grading::default(),
        tests: [test(1, Mark::Points(850)), test(2, Mark::Annotation(1))].into_iter().collect(),
        evaluations: one(evaluation()),
        publications: Vec::new(),
        reports: Vec::new(),
        events: events(),
        news: news(),
        menus: menus(),
        messages: Messages::default(),
        home: Home::default(),
    }
}

/// The same school with nothing in it but people and hours.
pub(crate) fn empty_school() -> School {
    School {
        lessons: Shelf::default(),
        changes: Shelf::default(),
        extras: Shelf::default(),
        contents: Shelf::default(),
        homework: Shelf::default(),
        tests: Shelf::default(),
        evaluations: Shelf::default(),
        events: Shelf::default(),
        news: News::default(),
        menus: Menus::default(),
        ..school()
    }
}

fn one<T: school::Numbered>(thing: T) -> Shelf<T> {
    [thing].into_iter().collect()
}

fn year() -> Year {
    let period =
        |id, name: &str, kind, start, end| Period { id: PeriodId(id), name: name.to_owned(), kind, start, end };
    let (first, last) = (date(2020, 8, 31), date(2021, 7, 14));
    Year {
        first,
        last,
        day: SchoolDay {
            opens: time(8, 0, 0, 0),
            slots_per_hour: 2,
            slots: 20,
            lunch: (8, 9),
            breaks: vec![("Récréation".to_owned(), 4)],
        },
        holidays: Shelf::default(),
        periods: [
            period(1, "Trimestre 1", PeriodKind::Term, first, date(2020, 11, 30)),
            period(2, "Trimestre 2", PeriodKind::Term, date(2020, 12, 1), date(2021, 3, 1)),
            period(3, "Trimestre 3", PeriodKind::Term, date(2021, 3, 2), last),
            period(4, "Semestre 1", PeriodKind::Semester, first, date(2021, 1, 31)),
            period(5, "Semestre 2", PeriodKind::Semester, date(2021, 2, 1), last),
            period(6, "Année continue", PeriodKind::Year, first, last),
        ]
        .into_iter()
        .collect(),
    }
}

/// A pupil of a class, or an adult of none.
pub(crate) fn person(id: PersonId, kind: Kind, surname: &str, first_name: &str, class: Option<ClassId>) -> Person {
    Person {
        id,
        kind,
        surname: surname.to_owned(),
        first_name: first_name.to_owned(),
        sex: Sex::Female,
        birth: None,
        street: String::new(),
        postal_code: String::new(),
        city: String::new(),
        email: String::new(),
        phone: String::new(),
        national_id: String::new(),
        photo: None,
        class,
        groups: Vec::new(),
        delegate: false,
        children: Vec::new(),
        subjects: Vec::new(),
        function: String::new(),
        options: Vec::new(),
        arrangements: Vec::new(),
    }
}

fn people() -> Shelf<Person> {
    let adult = |id, kind, name: &str| person(id, kind, name, "", None);
    [
        Person { photo: Some(PHOTO), ..person(PUPIL, Kind::Student, "DUPONT", "Jean", Some(ClassId(1))) },
        person(SISTER, Kind::Student, "DUPONT", "Lea", Some(ClassId(2))),
        Person { children: vec![PUPIL, SISTER], ..person(MOTHER, Kind::Guardian, "DUPONT", "Marie", None) },
        adult(MISTER_X, Kind::Teacher, "M. X"),
        adult(MISS_Y, Kind::Teacher, "Mme Y"),
        adult(MISS_S, Kind::Staff, "Mme S"),
        adult(HEAD, Kind::Staff, "Proviseur"),
    ]
    .into_iter()
    .collect()
}

/// A login.
pub(crate) fn account(id: u32, (login, password): (&str, &str), space: Space, person: PersonId) -> Account {
    Account {
        id: AccountId(id),
        login: login.to_owned(),
        password: password.to_owned(),
        space,
        person,
        note: String::new(),
        locked: false,
        second_factor: None,
    }
}

fn class(id: u32, name: &str) -> Class {
    Class { id: ClassId(id), name: name.to_owned(), level: LevelId(1), head_teacher: None }
}

/// Every Wednesday: Jean has mathematics at 8 and French at 9, Lea history at 10.
fn lessons() -> Shelf<Lesson> {
    let lesson = |id, audience, subject, slot, slots| Lesson {
        id: LessonId(id),
        audience,
        subject,
        teachers: Vec::new(),
        rooms: Vec::new(),
        day: 2,
        slot,
        slots,
        frequency: Frequency::Weekly,
    };
    [
        Lesson { teachers: vec![MISTER_X], rooms: vec![ROOM_101], ..lesson(1, CLASS, MATHS, 0, 2) },
        lesson(2, CLASS, FRENCH, 2, 3),
        lesson(3, Audience::Class(ClassId(2)), HISTORY, 4, 2),
    ]
    .into_iter()
    .collect()
}

/// Jean is kept in at 9 on a day.
pub(crate) fn detention(id: u32, date: Date) -> Extra {
    Extra {
        id: ExtraId(id),
        date,
        slot: 2,
        slots: 2,
        audience: Audience::Pupil(PUPIL),
        adults: vec![MISS_S],
        rooms: vec![STUDY_ROOM],
        status: String::new(),
        memo: String::new(),
        what: Occasion::Detention("Retenue".to_owned()),
    }
}

fn homework(id: u32, subject: SubjectId, html: &str, attachments: Vec<FileId>) -> Homework {
    Homework {
        id: HomeworkId(id),
        subject,
        audience: CLASS,
        given: WEDNESDAY,
        due: date(2020, 9, 3),
        html: html.to_owned(),
        lesson: None,
        difficulty: 0,
        minutes: 0,
        attachments,
        themes: Vec::new(),
        hand_in: school::HandIn::None,
        done: std::collections::BTreeSet::new(),
        handed_in: Vec::new(),
    }
}

fn test(id: u32, mark: Mark) -> Test {
    Test {
        id: TestId(id),
        title: "DS".to_owned(),
        subject: MATHS,
        audience: CLASS,
        date: date(2020, 9, 10),
        scale: 10.into(),
        coefficient: 1.into(),
        bonus: false,
        optional: false,
        rescaled: false,
        subject_file: None,
        correction_file: None,
        marks: vec![(PUPIL, mark)],
        remarks: Vec::new(),
    }
}

fn evaluation() -> Evaluation {
    Evaluation {
        id: EvaluationId(1),
        name: "Dictée".to_owned(),
        description: String::new(),
        subject: FRENCH,
        audience: CLASS,
        teacher: MISS_Y,
        date: date(2020, 9, 10),
        coefficient: 1,
        skills: vec![Skill {
            domain: "Ecrire".to_owned(),
            item: None,
            pillar: "Les langages pour penser et communiquer".to_owned(),
            prefixes: "D1, D2".to_owned(),
            coefficient: 1,
            levels: vec![(PUPIL, 1)],
        }],
    }
}

/// An absence from 8 to 10 of so many minutes, and what it is counted for.
pub(crate) fn absence(minutes: u32) -> Event {
    let day = date(2020, 9, 10);
    Event {
        id: EventId(1),
        pupil: PUPIL,
        at: day.at(8, 0, 0, 0),
        reason: "Maladie".to_owned(),
        what: Happening::Absence(Absence {
            until: day.at(10, 0, 0, 0),
            open: false,
            justified: true,
            settled: true,
            minutes,
            days: 0,
        }),
    }
}

fn events() -> Shelf<Event> {
    let happened = |id, at, what| Event { id: EventId(id), pupil: PUPIL, at, reason: String::new(), what };
    let late =
        || Happening::Delay(Delay { minutes: 10, justified: false, settled: false, justification: String::new() });
    let saturday = date(2020, 9, 12);
    [
        absence(120),
        happened(2, date(2020, 9, 11).at(8, 0, 0, 0), late()),
        happened(3, saturday.at(8, 0, 0, 0), late()),
        happened(
            4,
            saturday.at(0, 0, 0, 0),
            Happening::Punishment(Punishment {
                title: "Retenue".to_owned(),
                nature: 1,
                by: MISS_S,
                outside_lessons: true,
                circumstances: "bavardage".to_owned(),
                work: String::new(),
                work_files: Vec::new(),
                sessions: vec![(date(2020, 9, 15), 4, 60)],
                minutes: 60,
            }),
        ),
        happened(
            5,
            saturday.at(0, 0, 0, 0),
            Happening::Observation(Observation {
                heading: "Leçon non apprise".to_owned(),
                kind: 3,
                comment: String::new(),
                by: MISTER_X,
                subject: Some(MATHS),
                read: false,
            }),
        ),
    ]
    .into_iter()
    .collect()
}

fn news() -> News {
    let everybody = vec![Kind::Student, Kind::Guardian];
    News {
        categories: one(Category { id: CategoryId(1), name: "Divers".to_owned() }),
        items: one(NewsItem {
            id: NewsId(1),
            title: "Réunion".to_owned(),
            survey: false,
            anonymous: false,
            category: CategoryId(1),
            author: HEAD,
            created: WEDNESDAY.at(0, 0, 0, 0),
            from: WEDNESDAY,
            to: date(2030, 7, 14),
            state: State::Published,
            audience: school::news::Audience { kinds: everybody, classes: Vec::new(), people: Vec::new() },
            questions: vec![Question {
                title: String::new(),
                text: "<div>Bonjour &amp; <br>bienvenue</div>".to_owned(),
                asks: Asks::Nothing,
                choices: Vec::new(),
                other: false,
                at_most: 0,
                files: vec![LETTER],
            }],
            readers: Shelf::default(),
        }),
    }
}

/// A salad every Wednesday.
fn menus() -> Menus {
    let salad = Food { name: "Salade".to_owned(), labels: vec![FoodLabel::Organic], allergens: Vec::new() };
    let wednesday = MenuDay { lunch: Some(Meal { starter: vec![salad], ..Meal::default() }), dinner: None };
    Menus { weeks: vec![MenuWeek { days: vec![MenuDay::default(), MenuDay::default(), wednesday] }] }
}

/// The login of one of [`more_pupils`], and the password too.
pub(crate) fn pupil_login(number: u32) -> String {
    format!("eleve{number}")
}

/// Adds pupils without a class, each with a login and homework of their own.
pub(crate) fn more_pupils(school: &mut School, how_many: u32) {
    for number in 1..=how_many {
        let (login, id) = (pupil_login(number), PersonId(100 + number));
        school.people.put(person(id, Kind::Student, "ELEVE", &login, None));
        school.accounts.put(account(100 + number, (&login, &login), Space::Student, id));
        let own = homework(100 + number, MATHS, &format!("Pour {login}"), Vec::new());
        school.homework.put(Homework { audience: Audience::Pupil(id), ..own });
    }
}
