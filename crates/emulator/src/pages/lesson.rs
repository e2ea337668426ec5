//! A lesson of the timetable as JSON, in all its variants (data §5.3 to §5.5).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::write::{date_time, element, list};
use super::{Ids, genre};
use crate::school::{
    Audience, Content, Entry, Extra, ExtraId, Kind, Lesson, LessonId, Occasion, Person, PersonId, School, Subject,
    What, category_name,
};

/// The bit that tells extras from lessons in the number of an entry.
const EXTRA: u64 = 1 << 40;

/// The number of an entry, the same in every answer: which lesson of which week, or which extra.
pub(crate) fn key(school: &School, entry: &Entry<'_>) -> u64 {
    match entry.what {
        What::Lesson(lesson, _) => key_on(school, lesson.id, entry.date),
        What::Extra(extra) => EXTRA | u64::from(extra.id),
    }
}

/// The number of a lesson on a day.
pub(crate) fn key_on(school: &School, lesson: LessonId, date: Date) -> u64 {
    (u64::from(lesson) << 8) | u64::from(school.year.week(date))
}

/// The entry with a number, if the base has it.
pub(crate) fn find(school: &School, key: u64) -> Option<Entry<'_>> {
    if key & EXTRA != 0 {
        let extra: &Extra = school.extras.get(ExtraId(u32::try_from(key & !EXTRA).ok()?))?;
        return Some(Entry { date: extra.date, what: What::Extra(extra) });
    }
    let lesson: &Lesson = school.lessons.get(LessonId(u32::try_from(key >> 8).ok()?))?;
    let date = school.year.day_of(u32::try_from(key & 0xff).ok()?, lesson.day);
    let change = school.changes.iter().find(|change| change.lesson == lesson.id && change.date == date);
    Some(Entry { date, what: What::Lesson(lesson, change) })
}

/// What is looked up for every lesson of a page.
pub(crate) struct Background<'a> {
    school: &'a School,
    ids: &'a Ids,
    /// The pupil whose timetable it is, if it is a pupil's.
    pupil: Option<PersonId>,
    contents: BTreeMap<(LessonId, Date), &'a Content>,
    /// For whom homework is due on which day.
    due: Vec<(Date, Audience, crate::school::SubjectId)>,
}

impl<'a> Background<'a> {
    /// Gathers what lessons between two days need.
    pub(crate) fn new(school: &'a School, ids: &'a Ids, pupil: Option<PersonId>, from: Date, to: Date) -> Self {
        let days = from..=to;
        let contents = school.contents.iter().filter(|content| days.contains(&content.date));
        let due = school.homework.iter().filter(|homework| days.contains(&homework.due));
        Self {
            school,
            ids,
            pupil,
            contents: contents.map(|content| ((content.lesson, content.date), content)).collect(),
            due: due.map(|homework| (homework.due, homework.audience, homework.subject)).collect(),
        }
    }

    /// An element of `ListeCours`.
    pub(crate) fn entry(&self, entry: &Entry<'_>) -> Value {
        let (school, ids) = (self.school, self.ids);
        let (slot, slots) = entry.slots();
        let (start, end) = entry.bounds(school);
        let day = u16::try_from(entry.date.weekday().to_monday_zero_offset()).unwrap_or(0);
        let mut lesson = json!({
            "N": ids.write(genre::LESSON, key(school, entry)),
            "G": kind(entry),
            "P": entry.rank(),
            "place": day * school.year.day.slots + slot,
            "duree": slots,
            "DateDuCours": date_time(start),
            "DateDuCoursFin": date_time(end),
            "numeroSemaine": school.year.week(entry.date),
            "ListeContenus": list(self.contents_of(entry)),
            "AvecTafPublie": self.has_homework(entry),
        });
        let subject = entry.subject().and_then(|subject| school.subjects.get(subject));
        lesson["CouleurFond"] = json!(subject.map_or("#C0C0C0", |subject| &subject.color));
        for (field, text) in [("Statut", entry.status()), ("memo", entry.memo())] {
            if !text.is_empty() {
                lesson[field] = json!(text);
            }
        }
        if entry.cancelled() {
            lesson["estAnnule"] = json!(true);
        }
        if let What::Lesson(_, Some(change)) = entry.what
            && !change.videos.is_empty()
        {
            lesson["listeVisios"] =
                list(change.videos.iter().map(|url| json!({ "url": url, "libelleLien": "Visioconférence" })));
        }
        if let Some(exempted) = self.pupil.and_then(|pupil| entry.exempted(pupil)) {
            lesson["dispenseEleve"] = element(json!({ "L": exempted.label, "maison": exempted.at_home }));
        }
        if let Some(content) = entry.lesson().and_then(|lesson| self.contents.get(&(lesson, entry.date))) {
            lesson["AvecCdT"] = json!(true);
            lesson["cahierDeTextes"] = element(self.content_link(content));
        }
        if let What::Extra(extra) = entry.what {
            self.occasion(extra, &mut lesson);
        }
        lesson
    }

    /// What tells detentions and outings from lessons; both are told by the presence of a key.
    fn occasion(&self, extra: &Extra, lesson: &mut Value) {
        match &extra.what {
            Occasion::Lesson(_) | Occasion::Replacement(_) => {}
            Occasion::Detention(_) => lesson["estRetenue"] = json!(true),
            Occasion::Outing(title) => {
                let school = self.school;
                let adults = extra.adults.iter().filter_map(|adult| school.people.get(*adult));
                let hour = |slot| school.year.moment(extra.date, slot).strftime("%d/%m/%Y à %Hh%M").to_string();
                let genre = match extra.audience {
                    Audience::Class(_) => "Classe",
                    Audience::Group(_) => "Groupe",
                    Audience::Pupil(_) => "Élève",
                };
                lesson["estSortiePedagogique"] = json!(true);
                lesson["motif"] = json!(title);
                lesson["accompagnateurs"] = adults.map(Person::label).collect();
                lesson["strGenreRess"] = json!(genre);
                lesson["strRess"] = json!(school.audience_name(extra.audience));
                lesson["strDateDebut"] = json!(hour(extra.slot));
                lesson["strDateFin"] = json!(hour(extra.slot + extra.slots));
            }
        }
    }

    /// The subject or title, the adults, the rooms and the audience.
    fn contents_of(&self, entry: &Entry<'_>) -> Vec<Value> {
        let (school, ids) = (self.school, self.ids);
        let audience = entry.audience();
        let mut contents = Vec::new();
        if let Some(subject) = entry.subject().and_then(|subject| school.subjects.get(subject)) {
            let mut element = subject_element(ids, subject);
            element["G"] = json!(genre::SUBJECT);
            element["estServiceGroupe"] = json!(matches!(audience, Audience::Group(_)));
            contents.push(element);
        } else if let What::Extra(extra) = entry.what {
            contents.push(match &extra.what {
                Occasion::Detention(title) => json!({ "L": title, "estHoraire": true }),
                Occasion::Outing(title) => json!({ "G": genre::SUBJECT, "N": "0", "L": title }),
                Occasion::Lesson(_) | Occasion::Replacement(_) => json!({ "G": genre::SUBJECT, "N": "0", "L": "" }),
            });
        }
        contents.extend(entry.adults().iter().filter_map(|adult| school.people.get(*adult)).map(|adult| {
            let genre = if adult.kind == Kind::Teacher { Kind::Teacher } else { Kind::Staff }.genre();
            json!({ "G": genre, "N": ids.write(genre, adult.id), "L": adult.label() })
        }));
        contents.extend(
            entry
                .rooms()
                .iter()
                .filter_map(|room| school.rooms.get(*room))
                .map(|room| json!({ "G": genre::ROOM, "N": ids.write(genre::ROOM, room.id), "L": room.name })),
        );
        match audience {
            Audience::Group(group) => {
                contents.push(json!({ "G": genre::GROUP, "N": ids.write(genre::GROUP, group), "L": school.audience_name(audience) }));
            }
            // A pupil knows what class they are in; the others are told.
            Audience::Class(class) if self.pupil.is_none() => {
                contents.push(json!({ "G": genre::CLASS, "N": ids.write(genre::CLASS, class), "L": school.audience_name(audience) }));
            }
            Audience::Class(_) | Audience::Pupil(_) => {}
        }
        contents
    }

    fn content_link(&self, content: &Content) -> Value {
        let categories = content.items.iter().filter_map(|item| {
            let name = category_name(item.category)?;
            Some(json!({ "N": self.ids.write(genre::FIXED, 200 + u64::from(item.category)), "G": item.category, "L": name }))
        });
        json!({
            "N": self.ids.write(genre::CONTENT, content.id),
            "estDevoir": content.has_test(),
            "originesCategorie": list(categories),
        })
    }

    fn has_homework(&self, entry: &Entry<'_>) -> bool {
        let subject = entry.subject();
        self.due
            .iter()
            .any(|(due, audience, of)| *due == entry.date && *audience == entry.audience() && Some(*of) == subject)
    }
}

/// A subject as `{N, L}`.
pub(crate) fn subject_element(ids: &Ids, subject: &Subject) -> Value {
    json!({ "N": ids.write(genre::SUBJECT, subject.id), "L": subject.name })
}

/// PRONOTE's kind of lesson: 0 normal, 2 replacement teaching, 4 given by a substitute.
fn kind(entry: &Entry<'_>) -> u8 {
    match entry.what {
        What::Lesson(_, Some(change)) if change.teachers.is_some() => 4,
        What::Extra(Extra { what: Occasion::Replacement(_), .. }) => 2,
        What::Lesson(..) | What::Extra(_) => 0,
    }
}
