//! `PageEmploiDuTemps` and its neighbours: the timetable (data §5).

use std::cmp::Reverse;

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::common::{color, in_group, some_text};
use super::{Context, Function, Payload, Read};
use crate::model::{
    Activity, Break, CalendarToken, EntryKind, Exemption, Instance, Lesson, LessonKind, PresenceDomain, Subject,
    Timetable, TimetableEntry, TimetableWeek, tab,
};
use crate::session::Page;
use crate::wire::{Json, Malformed, Node, RemoteId, write};

/// What part of the year is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A school week.
    Week(u32),
    /// Days, both included.
    Days {
        /// The first.
        from: Date,
        /// The last.
        to: Date,
    },
}

/// Asks for a week or some days of a timetable (`PageEmploiDuTemps`, data §5.1).
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// Which part of the year.
    pub when: When,
}

impl Function for Request {
    const NAME: &'static str = "PageEmploiDuTemps";
    const TAB: Option<u32> = Some(tab::TIMETABLE);
    type Answer = Timetable;

    fn arguments(&self, context: &Context) -> Value {
        let person = person(context);
        let mut arguments = json!({
            "ressource": person,
            "Ressource": person,
            "edt": { "G": tab::TIMETABLE, "L": "Emploi du temps" },
            "estEDTAnnuel": false,
            "estEDTPermanence": false,
            "avecAbsencesEleve": false,
            "avecAbsencesRessource": true,
            "avecConseilDeClasse": true,
            "avecCoursSortiePeda": true,
            "avecDisponibilites": true,
            "avecInfosPrefsGrille": true,
            "avecRessourcesLibrePiedHoraire": false,
            "avecRetenuesEleve": true,
        });
        // Servers of different years read different spellings of the same name.
        match self.when {
            When::Week(week) => {
                arguments["NumeroSemaine"] = json!(week);
                arguments["numeroSemaine"] = json!(week);
            }
            When::Days { from, to } => {
                for (name, date) in [("dateDebut", from), ("DateDebut", from), ("dateFin", to), ("DateFin", to)] {
                    arguments[name] = write::request_date(date);
                }
            }
        }
        arguments
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Timetable, Malformed> {
        Ok(timetable(payload.data, &context.instance))
    }
}

impl Read for Request {}

impl Page<Timetable> {
    /// Whether everything that the server listed could be read: then what is not in it is no more.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.listed("ListeCours") == Some(self.entries.len())
    }
}

/// Asks in which weeks and on which days there are lessons (`PageEmploiDuTemps_DomainePresence`, data §5.6).
#[derive(Debug, Clone, Copy)]
pub struct Presence;

impl Function for Presence {
    const NAME: &'static str = "PageEmploiDuTemps_DomainePresence";
    const TAB: Option<u32> = Some(tab::TIMETABLE);
    type Answer = PresenceDomain;

    fn arguments(&self, context: &Context) -> Value {
        json!({ "Ressource": person(context) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<PresenceDomain, Malformed> {
        let weeks = payload.data.need("Domaine")?;
        Ok(PresenceDomain { weeks, days: payload.data.read("joursPresence").unwrap_or_default() })
    }
}

impl Read for Presence {}

/// Asks for all that is known of one lesson (`FicheCours`, data §5.9).
#[derive(Debug, Clone)]
pub struct Card {
    /// The lesson.
    pub lesson: RemoteId,
    /// How it came to be.
    pub kind: LessonKind,
    /// Its school week.
    pub week: u32,
}

impl Function for Card {
    const NAME: &'static str = "FicheCours";
    const TAB: Option<u32> = Some(tab::TIMETABLE);
    type Answer = Vec<TimetableEntry>;

    fn arguments(&self, context: &Context) -> Value {
        json!({
            "cours": { "G": self.kind.code(), "N": self.lesson },
            "numeroSemaine": self.week,
            "ressource": person(context),
            "avecListeEleves": false,
            "avecNbEleves": false,
        })
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Vec<TimetableEntry>, Malformed> {
        payload.data.need_node("listeCours")?;
        Ok(entries(payload.data, "listeCours", &context.instance))
    }
}

impl Read for Card {}

/// The element of the person whose timetable is asked for.
pub(crate) fn person(context: &Context) -> Value {
    let person = context.person();
    json!({ "G": person.kind.code(), "L": person.name, "N": person.id })
}

/// A timetable, wherever it stands: its own page, or the home page.
pub(crate) fn timetable(root: Node<'_>, instance: &Instance) -> Timetable {
    let entries = entries(root, "ListeCours", instance);
    Timetable {
        weeks: weeks(&entries, instance),
        entries,
        show_cancelled: root.read_any(&["avecCoursAnnule", "AvecCoursAnnule"]).unwrap_or(true),
        breaks: root.each("recreations", |node| Ok(Break { name: node.text("L"), before_slot: node.need("place")? })),
        calendar: some_text(root, "ParametreExportiCal").map(|token| CalendarToken::new(String::new(), token, None)),
    }
}

fn entries(root: Node<'_>, key: &str, instance: &Instance) -> Vec<TimetableEntry> {
    let mut entries = root.each(key, |node| entry(node, instance));
    entries.iter_mut().enumerate().for_each(|(position, entry)| entry.position = position);
    entries.sort_by_key(|entry| (entry.start, Reverse(entry.rank)));
    entries
}

fn weeks(entries: &[TimetableEntry], instance: &Instance) -> Vec<TimetableWeek> {
    let mut numbers: Vec<u32> = entries.iter().map(|entry| entry.week).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let week = |number| TimetableWeek {
        number,
        monday: instance.monday_of(number),
        fortnight: instance.fortnight(number).map(|fortnight| fortnight.label.clone()),
    };
    numbers.into_iter().map(week).collect()
}

fn entry(node: Node<'_>, instance: &Instance) -> Result<TimetableEntry, Malformed> {
    let start: DateTime = node.need("DateDuCours")?;
    let (slot, slot_count) = (node.read("place"), node.read("duree"));
    let end = node.read("DateDuCoursFin").filter(|end| *end > start);
    let end = end.or_else(|| instance.end_of(start, slot?, slot_count?));
    let contents = Contents::of(node);
    let status = some_text(node, "Statut");
    let is_detention = node.flag("estRetenue");
    let is_activity = node.flag("estSortiePedagogique");
    let cancelled = node.flag("estAnnule") && !is_detention && !is_activity;
    let kind = if is_detention {
        EntryKind::Detention { title: contents.title.or(contents.subject.map(|subject| subject.name)) }
    } else if is_activity {
        EntryKind::Activity(activity(node, contents.subject))
    } else {
        EntryKind::Lesson(lesson(node, contents.subject, contents.label, status.as_deref()))
    };
    Ok(TimetableEntry {
        id: node.need("N")?,
        start,
        end: end.ok_or_else(|| node.missing("DateDuCoursFin"))?,
        week: node.read("numeroSemaine").filter(|week| *week > 0).unwrap_or_else(|| instance.week_of(start.date())),
        slot,
        slot_count,
        rank: node.read("P").unwrap_or(0),
        position: 0,
        kind,
        cancelled,
        status,
        memo: some_text(node, "memo"),
        color: color(node, "CouleurFond"),
        teachers: contents.teachers,
        staff: contents.staff,
        rooms: contents.rooms,
        classes: contents.classes,
        groups: contents.groups,
        pupils: contents.pupils,
        exemption: exemption(node),
        video_links: node.each("listeVisios", |link| link.need("url")),
    })
}

fn lesson(node: Node<'_>, subject: Option<Subject>, label: Option<String>, status: Option<&str>) -> Lesson {
    let contents = node.get("cahierDeTextes");
    Lesson {
        lesson_kind: node.read("G").unwrap_or(LessonKind::Normal),
        subject,
        label,
        teacher_absent: status.is_some_and(says_teacher_absent),
        study_hall: node.flag("estPermanence"),
        test: contents.is_some_and(|contents| contents.flag("estDevoir")),
        has_homework: node.flag("AvecTafPublie"),
        content_id: contents.and_then(Node::id),
    }
}

/// `Prof. absent`, `Professeur absent`, `Prof./pers. absent` (data §5.5).
fn says_teacher_absent(status: &str) -> bool {
    let status = status.to_lowercase();
    status.split_once("prof").is_some_and(|(_, rest)| rest.contains("absent"))
}

fn activity(node: Node<'_>, subject: Option<Subject>) -> Activity {
    Activity {
        title: some_text(node, "motif").or(subject.map(|subject| subject.name)),
        companions: node.items("accompagnateurs").filter_map(Node::value).collect(),
        audience_kind: some_text(node, "strGenreRess"),
        audience: some_text(node, "strRess"),
        start_label: some_text(node, "strDateDebut"),
        end_label: some_text(node, "strDateFin"),
    }
}

/// Either a yes or no, or an element that says why.
fn exemption(node: Node<'_>) -> Option<Exemption> {
    let exemption = node.get("dispenseEleve")?;
    match exemption.json() {
        Json::Object(_) => Some(Exemption { label: some_text(exemption, "L"), remote: exemption.flag("maison") }),
        _ => exemption.value().filter(|exempted| *exempted).map(|_: bool| Exemption { label: None, remote: false }),
    }
}

/// What `ListeContenus` says, by the kind of each element (data §5.4).
#[derive(Default)]
struct Contents {
    subject: Option<Subject>,
    label: Option<String>,
    title: Option<String>,
    teachers: Vec<String>,
    staff: Vec<String>,
    rooms: Vec<String>,
    classes: Vec<String>,
    groups: Vec<String>,
    pupils: Vec<String>,
}

impl Contents {
    fn of(entry: Node<'_>) -> Self {
        let mut contents = Contents::default();
        for node in entry.items("ListeContenus") {
            let Some(name) = some_text(node, "L") else { continue };
            match node.read::<i64>("G").unwrap_or(0) {
                16 if contents.subject.is_none() => {
                    contents.subject = Some(Subject { id: node.id(), name, in_group: in_group(node) });
                }
                3 => contents.teachers.push(name),
                34 => contents.staff.push(name),
                17 => contents.rooms.push(name),
                1 | 57 => contents.classes.push(name),
                2 => contents.groups.push(name),
                4 => contents.pupils.push(name),
                93 => contents.label = Some(name),
                0 if node.flag("estHoraire") => contents.title = Some(name),
                _ => {}
            }
        }
        contents
    }
}

#[cfg(test)]
mod tests;
