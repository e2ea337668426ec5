//! Files that are served outside of the data functions: attachments, photos, generated PDFs and calendars (data §17).
//!
//! Generated documents and calendars are served by address, without session or cookies: the address holds a token that only this
//! school can make.

use serde_json::{Value, json};

use super::write::typed;
use super::{Answer, Call, Id, Ids, Refusal, genre, ical, pdf, personal, picture, read, report};
use crate::school::{Body, File, FileId, Kind, PeriodId, Person, PersonId, School, TestId, Whose};

/// The folder of generated documents, below the root of the server.
pub(crate) const GENERATED: &str = "DocumentsGeneres/";

/// Token kinds, out of the range of PRONOTE's resource kinds.
const REPORT: u16 = 900;
const TIMETABLE: u16 = 901;

/// Something to be sent as it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    /// The file name.
    pub(crate) name: String,
    /// The media type.
    pub(crate) media_type: &'static str,
    /// The content.
    pub(crate) bytes: Vec<u8>,
}

/// Answers `GenerationPDF`: the address at which the document can be read.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil_and = |pupil: PersonId, rest: u32| (u64::from(pupil) << 32) | u64::from(rest);
    let (kind, key, name) = match call.data["genreGenerationPDF"].as_i64() {
        Some(2) => {
            let pupil = call.viewer.pupil(school)?;
            let period = read::period(school, ids, call.data)?;
            let period = period.filter(|period| report::published(school, pupil, period).is_ok());
            let period = period.ok_or_else(|| Refusal::denied("Le bulletin n'est pas publié."))?;
            (REPORT, pupil_and(pupil.id, period.id.0), "Bulletin")
        }
        _ => {
            // Whatever resource is named, it is the viewer's own timetable, or the child's. Week 0 is the whole year.
            let person = call.viewer.child.unwrap_or(call.viewer.person);
            let week = read::weeks(&call.data["domaine"]).and_then(|weeks| weeks.iter().next()).unwrap_or(0);
            (TIMETABLE, pupil_and(person, week), "Emploi du temps")
        }
    };
    let path = format!("{GENERATED}{}/{name}.pdf", token(school, kind, key));
    Ok(Answer::read(json!({ "url": typed(23, path) })))
}

/// The document at an address below [`GENERATED`]; none for an address this school has not made.
pub(crate) fn generated(school: &School, path: &str) -> Option<Document> {
    let (token, name) = path.strip_prefix(GENERATED)?.split_once('/')?;
    let id = open_token(school, token)?;
    let person = school.people.get(PersonId(u32::try_from(id.key >> 32).ok()?))?;
    let rest = u32::try_from(id.key & 0xffff_ffff).ok()?;
    let lines = match id.genre {
        REPORT => report_lines(school, person, PeriodId(rest))?,
        TIMETABLE => timetable_lines(school, person, rest),
        _ => return None,
    };
    Some(Document { name: name.to_owned(), media_type: "application/pdf", bytes: pdf::lines(&lines) })
}

/// The calendar that a token opens, for `/ical/*.ics?icalsecurise=…`; none for any other text.
pub(crate) fn calendar(school: &School, token: &str) -> Option<Document> {
    let person = personal::calendar_owner(school, token).and_then(|person| school.people.get(person))?;
    let bytes = ical::calendar(school, person).into_bytes();
    Some(Document { name: "mesinformations.ics".to_owned(), media_type: "text/calendar; charset=utf-8", bytes })
}

/// The file behind a link of a session: `element` is the decrypted JSON of the address, with its `N` and perhaps `G`.
pub(crate) fn file(school: &School, ids: &Ids, element: &Value) -> Option<Document> {
    let id = ids.of(element).ok()??;
    let number = u32::try_from(id.key).ok()?;
    if id.genre == genre::FILE {
        return school.files.get(FileId(number)).map(document);
    }
    if id.genre == genre::TEST {
        let test = school.tests.get(TestId(number))?;
        let file = if element["G"] == "DevoirCorrige" { test.correction_file } else { test.subject_file };
        return file.and_then(|file| school.files.get(file)).map(document);
    }
    let person = school.people.get(PersonId(number)).filter(|person| person.kind.genre() == id.genre)?;
    person.photo.and_then(|photo| school.files.get(photo)).map(document)
}

fn document(file: &File) -> Document {
    let bytes = match &file.body {
        Body::Url(url) => url.clone().into_bytes(),
        Body::Text(text) => text.clone().into_bytes(),
        Body::Bytes(bytes) => bytes.clone(),
        Body::Pdf(lines) => pdf::lines(lines),
        Body::Picture(color) => picture::portrait(color),
    };
    Document { name: file.name.clone(), media_type: file.media_type(), bytes }
}

/// An identifier that stays the same in every session, in letters that an address may hold.
fn token(school: &School, kind: u16, key: u64) -> String {
    Ids::stable(school.seed).write(kind, key).replacen('#', "-", 1)
}

fn open_token(school: &School, token: &str) -> Option<Id> {
    Ids::stable(school.seed).read(&token.replacen('-', "#", 1)).ok()
}

fn report_lines(school: &School, pupil: &Person, period: PeriodId) -> Option<Vec<String>> {
    let period = school.year.periods.get(period)?;
    let report = report::published(school, pupil, period).ok()?;
    let mut lines = vec![format!("Bulletin de {} - {}", pupil.name(), period.name), school.name.clone(), String::new()];
    for average in &school.averages(pupil, period).subjects {
        let name = school.subjects.get(average.subject).map_or("", |subject| &subject.name);
        let own = average.pupil.map(super::grades::decimal).unwrap_or_default();
        lines.push(format!("{name} : {own}"));
        let comment = report.comments.iter().find(|(subject, _)| *subject == average.subject);
        lines.extend(comment.map(|(_, text)| format!("    {text}")));
    }
    lines.push(String::new());
    lines.extend(report.overall.iter().map(|(heading, text)| format!("{heading} : {text}")));
    Some(lines)
}

fn timetable_lines(school: &School, person: &Person, week: u32) -> Vec<String> {
    let year = &school.year;
    let (title, from, to) = match week {
        0 => ("l'année".to_owned(), year.first, year.last),
        week => (format!("la semaine {week}"), year.day_of(week, 0), year.day_of(week, 6)),
    };
    let mut lines = vec![format!("Emploi du temps de {} pour {title}", person.label())];
    let whose = if person.kind == Kind::Student { Whose::Pupil(person) } else { Whose::Adult(person.id) };
    let mut day = None;
    for entry in school.timetable(whose, from, to) {
        if day.replace(entry.date) != Some(entry.date) {
            lines.extend([String::new(), entry.date.strftime("%d/%m/%Y").to_string()]);
        }
        let (start, end) = entry.bounds(school);
        let what = ical::title(school, &entry);
        lines.push(format!("{} - {}  {what}  {}", start.strftime("%Hh%M"), end.strftime("%Hh%M"), entry.status()));
    }
    lines
}
