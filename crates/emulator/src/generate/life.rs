//! Invents absences, delays, punishments and the like.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::subjects::SPORT;
use crate::school::{
    Absence, Delay, Event, EventId, Exemption, FileId, Happening, Kind, Measure, Observation, Other, PersonId,
    Punishment, School, SubjectId,
};

/// Fills events: the first pupil of each class meets every kind, the others now and then an absence or a delay.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let today = school.clock.today();
    let days: Vec<Date> = school.year.open_days(school.year.first, today).collect();
    let Some(last) = days.last().copied() else { return };
    let of_function =
        |function: &str| school.people.iter().find(|person| person.function == function).map(|person| person.id);
    let teacher = school.people.iter().find(|person| person.kind == Kind::Teacher).map(|person| person.id);
    let (Some(cpe), Some(head), Some(teacher)) = (of_function("CPE"), of_function("Principale"), teacher) else {
        return;
    };
    let adults = Adults { cpe, head, teacher };
    let term_start = school.year.term(last).map_or(school.year.first, |term| term.start);
    let recent: Vec<Date> = days.iter().copied().filter(|day| *day >= term_start).collect();
    let recent = if recent.is_empty() { vec![last] } else { recent };

    let firsts: Vec<PersonId> =
        school.classes.iter().filter_map(|class| school.pupils(class.id).next()).map(|pupil| pupil.id).collect();
    let pupils: Vec<PersonId> =
        school.people.iter().filter(|person| person.kind == Kind::Student).map(|person| person.id).collect();
    let mut events = Vec::new();
    for pupil in pupils {
        if firsts.contains(&pupil) {
            let next_wednesday = school.year.next_open(today.saturating_add(1.day()));
            events.extend(every_kind(pupil, &recent, next_wednesday, &adults));
        } else if random.u8(..3) == 0 {
            let day = days[random.usize(..days.len())];
            events.push(if random.bool() { absence(pupil, day, true) } else { delay(pupil, day, true) });
        }
    }
    school.events = (1..).zip(events).map(|(id, event)| Event { id: EventId(id), ..event }).collect();
}

struct Adults {
    cpe: PersonId,
    head: PersonId,
    teacher: PersonId,
}

fn event(pupil: PersonId, day: Date, (hour, minute): (i8, i8), reason: &str, what: Happening) -> Event {
    Event { id: EventId(0), pupil, at: day.at(hour, minute, 0, 0), reason: reason.to_owned(), what }
}

fn absence(pupil: PersonId, day: Date, justified: bool) -> Event {
    let absence = Absence {
        until: day.at(10, 0, 0, 0),
        open: false,
        justified,
        settled: justified,
        minutes: 120,
        days: u32::from(justified),
    };
    event(pupil, day, (8, 0), if justified { "Maladie" } else { "" }, Happening::Absence(absence))
}

fn delay(pupil: PersonId, day: Date, justified: bool) -> Event {
    let justification = if justified { "Bus en retard" } else { "" }.to_owned();
    let delay = Delay { minutes: 10, justified, settled: justified, justification };
    event(pupil, day, (8, 10), if justified { "Transport" } else { "" }, Happening::Delay(delay))
}

/// One event of every kind, on the latest days of the term.
fn every_kind(pupil: PersonId, days: &[Date], next: Date, adults: &Adults) -> Vec<Event> {
    let day = |back: usize| days[days.len().saturating_sub(1 + back % days.len())];
    let mut events = vec![absence(pupil, day(12), true), absence(pupil, day(4), false)];
    let open =
        Absence { until: day(1).at(17, 0, 0, 0), open: true, justified: false, settled: false, minutes: 450, days: 1 };
    events.push(event(pupil, day(1), (8, 30), "", Happening::Absence(open)));
    events.extend([delay(pupil, day(9), true), delay(pupil, day(3), false)]);
    events.extend(punishments(pupil, day, next, adults));
    for (back, kind, heading, comment, subject, read) in [
        (5, 1, "Travail non fait", "Le cahier était oublié.", Some(SubjectId(2)), false),
        (8, 2, "Encouragements", "Très bonne participation.", Some(SubjectId(1)), true),
        (10, 0, "Carnet oublié", "", None, true),
        (11, 3, "Information", "Rendez-vous pris avec la famille.", None, false),
    ] {
        let (heading, comment) = (heading.to_owned(), comment.to_owned());
        let observation = Observation { heading, kind, comment, by: adults.teacher, subject, read };
        events.push(event(pupil, day(back), (9, 0), "", Happening::Observation(observation)));
    }
    let measure = Measure {
        title: "Mesure conservatoire".to_owned(),
        until: day(6).saturating_add(3.days()),
        asked_by: adults.teacher,
        decided_by: adults.head,
        banned_from: vec![1, 2],
    };
    events.push(event(pupil, day(6), (9, 0), "Violence", Happening::Measure(measure)));
    let exemption = Exemption {
        subject: SubjectId(u32::try_from(SPORT).unwrap_or(0) + 1),
        until: next.at(18, 0, 0, 0),
        label: "Dispense d'EPS".to_owned(),
    };
    events.push(event(pupil, day(7), (8, 0), "Certificat médical", Happening::Exemption(exemption)));
    for (back, genre, label) in [
        (2, 21, "Passage à l'infirmerie"),
        (2, 22, "Absence au repas"),
        (3, 15, "Exclusion de cours"),
        (4, 42, "Avertissement"),
        (5, 44, "Absence à l'internat"),
        (6, 73, "Incident"),
        (7, 105, "Commission éducative"),
        (8, 121, "Retard à l'internat"),
    ] {
        let other = Other { genre, label: label.to_owned(), until: day(back).at(11, 0, 0, 0) };
        events.push(event(pupil, day(back), (10, 0), label, Happening::Other(other)));
    }
    events
}

/// A detention that is scheduled, extra work, and an exclusion from class.
fn punishments(pupil: PersonId, day: impl Fn(usize) -> Date, next: Date, adults: &Adults) -> Vec<Event> {
    let plain = Punishment {
        title: "Retenue".to_owned(),
        nature: 1,
        by: adults.teacher,
        outside_lessons: false,
        circumstances: "Bavardages répétés malgré plusieurs remarques.".to_owned(),
        work: "Ex.&nbsp;5 p.&nbsp;20".to_owned(),
        work_files: vec![FileId(2)],
        sessions: vec![(next, 16, 60)],
        minutes: 60,
    };
    let extra_work = Punishment {
        title: "Devoir supplémentaire".to_owned(),
        nature: 2,
        by: adults.cpe,
        outside_lessons: true,
        sessions: Vec::new(),
        minutes: 0,
        ..plain.clone()
    };
    let exclusion = Punishment {
        title: "Exclusion de cours".to_owned(),
        nature: 0,
        sessions: Vec::new(),
        minutes: 0,
        ..plain.clone()
    };
    [(2, plain, "Bavardage"), (5, extra_work, "Retards répétés"), (8, exclusion, "Insolence")]
        .map(|(back, punishment, reason)| event(pupil, day(back), (9, 0), reason, Happening::Punishment(punishment)))
        .to_vec()
}
