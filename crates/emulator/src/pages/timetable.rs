//! `PageEmploiDuTemps`, its presence domain, and `FicheCours` (data §5).

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::instance::breaks;
use super::lesson::{Background, find};
use super::write::{domain, list};
use super::{Answer, Call, Ids, Refusal, attendance, genre, personal, read};
use crate::school::{ClassId, Happening, Kind, Occasion, Person, PersonId, RoomId, School, Space, What, Whose};

/// Answers the functions of the timetable.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    match call.function {
        "PageEmploiDuTemps" => page(school, ids, call),
        "PageEmploiDuTemps_DomainePresence" => Ok(Answer::read(json!({
            "Domaine": domain((1..=school.year.weeks()).filter(|week| school.year.has_school(*week))),
            "joursPresence": domain(1..=5),
        }))),
        _ => card(school, ids, call),
    }
}

fn page(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let whose = whose(school, ids, call)?;
    let ranges = ranges(school, call.data);
    let (from, to) = match (ranges.first(), ranges.last()) {
        (Some((from, _)), Some((_, to))) => (*from, *to),
        _ => (school.year.first, school.year.first),
    };
    let pupil = match whose {
        Whose::Pupil(pupil) => Some(pupil),
        Whose::Adult(_) | Whose::Class(_) | Whose::Room(_) => None,
    };
    let background = Background::new(school, ids, pupil.map(|pupil| pupil.id), from, to);
    let detentions = !read::is_refused(call.data, "avecRetenuesEleve");
    let outings = !read::is_refused(call.data, "avecCoursSortiePeda");
    let lessons: Vec<Value> = ranges
        .iter()
        .flat_map(|(from, to)| school.timetable(whose, *from, *to))
        .filter(|entry| match entry.what {
            What::Extra(extra) => match extra.what {
                Occasion::Detention(_) => detentions,
                Occasion::Outing(_) => outings,
                Occasion::Lesson(_) | Occasion::Replacement(_) => true,
            },
            What::Lesson(..) => true,
        })
        .map(|entry| background.entry(&entry))
        .collect();
    let day = &school.year.day;
    let weekday = u16::try_from(from.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut data = json!({
        "ListeCours": lessons,
        "avecCoursAnnule": true,
        "recreations": breaks(school),
        "prefsGrille": { "genreRessource": 4 },
        "jourCycleSelectionne": weekday,
        "premierePlaceHebdoDuJour": weekday * day.slots,
        "debutDemiPensionHebdo": weekday * day.slots + day.lunch.0,
        "finDemiPensionHebdo": weekday * day.slots + day.lunch.1,
        "absences": { "joursCycle": cycle_days(school, from, to) },
        "avecExportICal": true,
        "ParametreExportiCal": personal::calendar_token(school, call.viewer.child.unwrap_or(call.viewer.person)),
    });
    if let Some(pupil) = pupil.filter(|_| call.data["avecAbsencesEleve"] == json!(true)) {
        add_absences(school, ids, pupil, (from, to), &mut data["absences"]);
    }
    Ok(Answer::read(data))
}

/// The day of the week of each open day, with its week.
fn cycle_days(school: &School, from: Date, to: Date) -> Value {
    list(school.year.open_days(from, to).map(
        |day| json!({ "jourCycle": day.weekday().to_monday_zero_offset(), "numeroSemaine": school.year.week(day) }),
    ))
}

/// The school life of the shown days, list by list.
fn add_absences(school: &School, ids: &Ids, pupil: &Person, (from, to): (Date, Date), absences: &mut Value) {
    let shown = |wanted: fn(&Happening) -> bool| {
        let events = school.events.iter().filter(move |event| {
            event.pupil == pupil.id && (from..=to).contains(&event.at.date()) && wanted(&event.what)
        });
        list(events.map(|event| attendance::event(school, ids, event)))
    };
    absences["listeAbsences"] = shown(|what| matches!(what, Happening::Absence(_)));
    absences["listeRetards"] = shown(|what| matches!(what, Happening::Delay(_)));
    absences["listePunitions"] = shown(|what| matches!(what, Happening::Punishment(_)));
    absences["listeInfirmeries"] = shown(|what| what.genre() == 21);
}

/// The days asked for: an interval, a set of weeks, a week, or the week of the next day of school.
fn ranges(school: &School, data: &Value) -> Vec<(Date, Date)> {
    let year = &school.year;
    if let Some(from) = read::day(read::any(data, &["dateDebut", "DateDebut"])) {
        // Only a start is one day.
        let to = read::day(read::any(data, &["dateFin", "DateFin"])).unwrap_or(from);
        return vec![(from, to)];
    }
    let week = |week: u32| (year.day_of(week, 0), year.day_of(week, 6));
    if let Some(weeks) = read::weeks(read::any(data, &["Domaine", "domaine"])) {
        return weeks.iter().filter(|number| (1..=year.weeks()).contains(number)).map(week).collect();
    }
    let number = read::number(read::any(data, &["NumeroSemaine", "numeroSemaine"]));
    match number.map(u32::try_from) {
        Some(Ok(number)) if (1..=year.weeks()).contains(&number) => vec![week(number)],
        Some(_) => Vec::new(),
        None => vec![week(year.week(year.next_open(school.clock.today())))],
    }
}

/// Whose timetable is asked for, and whether the viewer may see it.
fn whose<'a>(school: &'a School, ids: &Ids, call: &Call<'_>) -> Result<Whose<'a>, Refusal> {
    let viewer = call.viewer;
    if viewer.is_guardian() {
        return viewer.pupil(school).map(Whose::Pupil);
    }
    let Some(id) = ids.of(read::any(call.data, &["ressource", "Ressource"]))? else {
        return own(school, viewer.person);
    };
    if id.key == u64::from(viewer.person)
        && school.people.get(viewer.person).is_some_and(|person| person.kind.genre() == id.genre)
    {
        return own(school, viewer.person);
    }
    let denied = || Refusal::denied("Cet emploi du temps n'est pas accessible.");
    if !matches!(viewer.space, Space::Teacher | Space::SchoolLife) {
        return Err(denied());
    }
    let number = u32::try_from(id.key).map_err(|_| denied())?;
    match id.genre {
        genre::CLASS => Ok(Whose::Class(ClassId(number))),
        genre::ROOM => Ok(Whose::Room(RoomId(number))),
        _ => own(school, PersonId(number)),
    }
}

fn own(school: &School, person: PersonId) -> Result<Whose<'_>, Refusal> {
    let person = school.people.get(person).ok_or_else(|| Refusal::denied("Cette personne n'existe pas."))?;
    Ok(if person.kind == Kind::Student { Whose::Pupil(person) } else { Whose::Adult(person.id) })
}

/// `FicheCours`: one lesson of the viewer's.
fn card(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let whose = whose(school, ids, call)?;
    let entry = ids
        .of(read::bare(&call.data["cours"]))?
        .filter(|id| id.genre == genre::LESSON)
        .and_then(|id| find(school, id.key));
    let Some(entry) = entry else { return Ok(Answer::read(json!({ "listeCours": list([]) }))) };
    let pupil = match whose {
        Whose::Pupil(pupil) => Some(pupil.id),
        Whose::Adult(_) | Whose::Class(_) | Whose::Room(_) => None,
    };
    let (from, to) = (entry.date, entry.date.saturating_add(1.day()));
    let is_own = school
        .timetable(whose, entry.date, entry.date)
        .iter()
        .any(|own| super::lesson::key(school, own) == super::lesson::key(school, &entry));
    let background = Background::new(school, ids, pupil, from, to);
    Ok(Answer::read(json!({ "listeCours": list(is_own.then(|| background.entry(&entry))) })))
}
