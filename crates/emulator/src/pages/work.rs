//! Lesson contents, homework lists and shared resources: `PageCahierDeTexte`, `donneesContenusCDT`, `RessourcePedagogique` (data §6
//! and §7.1).

use jiff::civil::Date;
use pronote::wire::Set;
use serde_json::{Value, json};

use super::lesson::{key_on, subject_element};
use super::write::{attachment, date, date_time, element, html, list};
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{
    Audience, Content, HandIn, Homework, Item, Lesson, Person, School, Subject, SubjectId, category_name,
};

/// Answers the functions of lesson contents and homework lists.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?;
    let page = Page { school, ids, pupil };
    match call.function {
        "PageCahierDeTexte" => {
            let weeks = read::weeks(&call.data["domaine"]);
            // The tab only says which half the client looks at; both lists are always there, one of them empty.
            Ok(Answer::read(if call.tab == Some(88) {
                json!({ "ListeTravauxAFaire": page.homework(weeks.as_ref()), "ListeCahierDeTextes": list([]) })
            } else {
                page.contents(weeks.as_ref())
            }))
        }
        "donneesContenusCDT" => page.one_content(call),
        _ => Ok(Answer::read(page.resources())),
    }
}

/// The contents and homework of one pupil.
pub(crate) struct Page<'a> {
    pub(crate) school: &'a School,
    pub(crate) ids: &'a Ids,
    pub(crate) pupil: &'a Person,
}

impl Page<'_> {
    fn in_weeks(&self, weeks: Option<&Set>, day: Date) -> bool {
        weeks.is_none_or(|weeks| weeks.contains(self.school.year.week(day)))
    }

    fn homework(&self, weeks: Option<&Set>) -> Value {
        let wanted = |homework: &&Homework| {
            self.in_weeks(weeks, homework.due) && self.school.is_for(homework.audience, self.pupil)
        };
        let mut due: Vec<&Homework> = self.school.homework.iter().filter(wanted).collect();
        due.sort_by_key(|homework| homework.due);
        list(due.into_iter().map(|homework| self.one_homework(homework)))
    }

    /// An element of `ListeTravauxAFaire`.
    pub(crate) fn one_homework(&self, homework: &Homework) -> Value {
        let (school, ids) = (self.school, self.ids);
        let subject = school.subjects.get(homework.subject);
        let mut value = json!({
            "N": ids.write(genre::HOMEWORK, homework.id),
            "descriptif": html(&homework.html),
            "avecMiseEnForme": true,
            "PourLe": date(homework.due),
            "DonneLe": date(homework.given),
            "TAFFait": homework.done.contains(&self.pupil.id),
            "Matiere": element(self.subject(homework.subject)),
            "CouleurFond": subject.map_or("#C0C0C0", |subject| &subject.color),
            "couleurTexte": "#000000",
            "nomPublic": school.audience_name(homework.audience),
            "niveauDifficulte": homework.difficulty,
            "duree": homework.minutes,
            "ListePieceJointe": self.attachments(&homework.attachments),
            "ListeThemes": self.themes(&homework.themes, subject),
            "libelleCBTheme": "Thèmes",
            "avecRendu": homework.hand_in != HandIn::None,
            "genreRendu": homework.hand_in.genre(),
            "peuRendre": school.takes_files(homework),
        });
        if let Some(lesson) = homework.lesson {
            let key = key_on(school, lesson, homework.given);
            value["cours"] = element(json!({ "N": ids.write(genre::LESSON, key) }));
            let given_in = |content: &&Content| content.lesson == lesson && content.date == homework.given;
            if let Some(content) = school.contents.iter().find(given_in) {
                value["cahierDeTextes"] = element(json!({ "N": ids.write(genre::CONTENT, content.id) }));
            }
        }
        if let Some(handed_in) = homework.handed_in.iter().find(|handed_in| handed_in.pupil == self.pupil.id)
            && let Some(file) = school.files.get(handed_in.file)
        {
            value["documentRendu"] = element(attachment(ids, file));
            value["dateRendu"] = date_time(handed_in.at);
            if !handed_in.correction.is_empty() {
                value["commentaireCorrige"] = json!(handed_in.correction);
            }
        }
        value
    }

    fn contents(&self, weeks: Option<&Set>) -> Value {
        let mut contents = self.own_contents(|content| self.in_weeks(weeks, content.date));
        contents.sort_by_key(|(content, lesson)| (content.date, lesson.slot));
        json!({
            "ListeCahierDeTextes": list(contents.iter().map(|(content, lesson)| self.content(content, lesson))),
            "ListeTravauxAFaire": list([]),
            "ListeRessourcesPedagogiques": element(self.resources()),
            "ListeRessourcesNumeriques": element(json!({ "listeRessources": list([]) })),
        })
    }

    /// The contents of the pupil's lessons that are wanted.
    fn own_contents(&self, wanted: impl Fn(&Content) -> bool) -> Vec<(&Content, &Lesson)> {
        let contents = self.school.contents.iter().filter(|content| wanted(content));
        let with_lesson = contents.filter_map(|content| Some((content, self.school.lessons.get(content.lesson)?)));
        with_lesson.filter(|(_, lesson)| self.school.is_for(lesson.audience, self.pupil)).collect()
    }

    /// An element of `ListeCahierDeTextes`.
    fn content(&self, content: &Content, lesson: &Lesson) -> Value {
        let (school, ids) = (self.school, self.ids);
        let subject = school.subjects.get(lesson.subject);
        let teachers = lesson.teachers.iter().filter_map(|teacher| school.people.get(*teacher));
        let group = match lesson.audience {
            Audience::Group(group) => school.groups.get(group),
            Audience::Class(_) | Audience::Pupil(_) => None,
        };
        let mut value = json!({
            "N": ids.write(genre::CONTENT, content.id),
            "verrouille": false,
            "cours": element(json!({ "N": ids.write(genre::LESSON, key_on(school, lesson.id, content.date)) })),
            "Matiere": element(self.subject(lesson.subject)),
            "CouleurFond": subject.map_or("#C0C0C0", |subject| &subject.color),
            "listeProfesseurs": list(teachers.map(|teacher| super::write::person(ids, teacher))),
            "listeGroupes": list(group.map(|group| json!({ "N": ids.write(genre::GROUP, group.id), "L": group.name }))),
            "Date": date_time(school.year.moment(content.date, lesson.slot)),
            "DateFin": date_time(school.year.moment(content.date, lesson.slot + lesson.slots)),
            "listeContenus": list(content.items.iter().enumerate().map(|(place, item)| self.item(content, place, item, subject))),
            "listeElementsProgrammeCDT": list([]),
        });
        if let Some(due) = self.given_in(content).map(|homework| homework.due).min() {
            value["dateTAF"] = date(due);
        }
        value
    }

    fn item(&self, content: &Content, place: usize, item: &Item, subject: Option<&Subject>) -> Value {
        let mut category = json!({ "G": item.category });
        if let Some(name) = category_name(item.category) {
            category["L"] = json!(name);
        }
        // The pieces of a content are numbered after it.
        let key = (u64::from(content.id) << 8) | (place as u64 + 1) | 1 << 40;
        json!({
            "N": self.ids.write(genre::CONTENT, key),
            "L": item.title,
            "descriptif": html(&item.html),
            "categorie": element(category),
            "parcoursEducatif": -1,
            "ListePieceJointe": self.attachments(&item.attachments),
            "ListeThemes": self.themes(&item.themes, subject),
            "libelleCBTheme": "Thèmes",
            "training": element(json!({ "ListeExecutionsQCM": list([]) })),
        })
    }

    /// The homework given in the lesson of a content.
    fn given_in(&self, content: &Content) -> impl Iterator<Item = &Homework> {
        self.school
            .homework
            .iter()
            .filter(move |homework| homework.lesson == Some(content.lesson) && homework.given == content.date)
    }

    fn one_content(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = self.ids.of(read::bare(&call.data["cahierDeTextes"]))?;
        let found = self
            .own_contents(|content| id.is_some_and(|id| id.genre == genre::CONTENT && id.key == u64::from(content.id)));
        let entries = found.iter().map(|(content, lesson)| {
            let mut value = self.content(content, lesson);
            value["ListeTravailAFaire"] = list(self.given_in(content).map(|homework| self.one_homework(homework)));
            value
        });
        Ok(Answer::read(json!({ "ListeCahierDeTextes": list(entries) })))
    }

    /// The files and links that the pupil's teachers have shared, the latest first, with their subjects.
    fn resources(&self) -> Value {
        let mut shared: Vec<(Date, SubjectId, &crate::school::File)> = Vec::new();
        for (content, lesson) in self.own_contents(|content| content.date <= self.school.clock.today()) {
            for file in
                content.items.iter().flat_map(|item| &item.attachments).filter_map(|file| self.school.files.get(*file))
            {
                let known = shared.iter().any(|(_, subject, other)| *subject == lesson.subject && other.id == file.id);
                if !known {
                    shared.push((content.date, lesson.subject, file));
                }
            }
        }
        shared.sort_by_key(|(date, ..)| std::cmp::Reverse(*date));
        let mut subjects: Vec<SubjectId> = shared.iter().map(|(_, subject, _)| *subject).collect();
        subjects.sort();
        subjects.dedup();
        let subjects = subjects.into_iter().filter_map(|subject| self.school.subjects.get(subject)).map(|subject| {
            let mut value = subject_element(self.ids, subject);
            value["G"] = json!(genre::SUBJECT);
            value["couleur"] = json!(subject.color);
            value
        });
        json!({
            "listeRessources": list(shared.iter().map(|(day, subject, file)| json!({
                "G": i32::from(!file.is_link()),
                "ressource": element(attachment(self.ids, file)),
                "date": date(*day),
                "matiere": element(self.subject(*subject)),
                "ListeThemes": list([]),
            }))),
            "listeMatieres": list(subjects),
        })
    }

    fn subject(&self, subject: SubjectId) -> Value {
        self.school
            .subjects
            .get(subject)
            .map_or_else(|| json!({ "N": "0", "L": "" }), |subject| subject_element(self.ids, subject))
    }

    fn attachments(&self, files: &[crate::school::FileId]) -> Value {
        list(files.iter().filter_map(|file| self.school.files.get(*file)).map(|file| attachment(self.ids, file)))
    }

    fn themes(&self, themes: &[String], subject: Option<&Subject>) -> Value {
        list((1_u64..).zip(themes).map(|(place, theme)| {
            let of = subject.map_or_else(|| json!({ "N": "0", "L": "" }), |subject| subject_element(self.ids, subject));
            let key = 1_000 + subject.map_or(0, |subject| u64::from(subject.id)) * 100 + place;
            json!({ "N": self.ids.write(genre::FIXED, key), "L": theme, "Matiere": element(of) })
        }))
    }
}
