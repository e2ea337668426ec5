//! `PagePresence`: absences, delays, punishments, observations and the hours missed (data §11).

mod events;

use jiff::civil::{DateTime, Time};
use serde_json::{Value, json};

use super::common::{in_group, minutes, number, some_text};
use super::period::chosen;
use super::{Context, Function, Payload, Read};
use crate::model::{
    EventKind, EventTotal, Instance, OtherEvent, Period, SchoolLife, Subject, SubjectHours, Visible, tab,
};
use crate::wire::{Malformed, Node, write};

/// Asks what happened to a pupil over some days (`PagePresence`, tab 19).
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The period; none for the one the tab opens on.
    pub period: Option<Period>,
    /// The first moment; none for the period's.
    pub from: Option<DateTime>,
    /// The last moment; none for the period's.
    pub to: Option<DateTime>,
}

impl Function for Request {
    const NAME: &'static str = "PagePresence";
    const TAB: Option<u32> = Some(tab::SCHOOL_LIFE);
    type Answer = SchoolLife;

    fn arguments(&self, context: &Context) -> Value {
        const LAST_SECOND: Time = Time::constant(23, 59, 59, 0);
        let period = chosen(context, tab::SCHOOL_LIFE, self.period.as_ref());
        let first = self.from.unwrap_or_else(|| period.start.to_datetime(Time::midnight()));
        let last = self.to.unwrap_or_else(|| period.end.to_datetime(LAST_SECOND));
        json!({
            "periode": period.element,
            "DateDebut": write::typed(7, write::request_date_time(first)),
            "DateFin": write::typed(7, write::request_date_time(last)),
        })
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<SchoolLife, Malformed> {
        Ok(school_life(payload.data, &context.instance))
    }
}

impl Read for Request {}

/// School life, wherever it stands: its own page, or the home page.
pub(crate) fn school_life(root: Node<'_>, instance: &Instance) -> SchoolLife {
    let subject_hours = root.each("Matieres", subject_hours);
    let leaves = subject_hours.iter().filter(|line| line.heads_group.is_none());
    let mut life = SchoolLife {
        notice: some_text(root, "message"),
        missed_seconds: leaves.fold(0, |sum, line| sum.saturating_add(line.missed_seconds())),
        subject_hours,
        totals: root.each("listeRecapitulatifs", total),
        visible: root.get("autorisations").map(visible).unwrap_or_default(),
        ..SchoolLife::default()
    };
    for event in root.items("listeAbsences") {
        let kind = kind_of(event);
        match kind {
            EventKind::Absence => life.absences.extend(event.or_note(events::absence)),
            EventKind::Delay => life.delays.extend(event.or_note(events::delay)),
            EventKind::Punishment => {
                life.punishments.extend(event.or_note(|event| events::punishment(event, instance)));
            }
            EventKind::Observation => life.observations.extend(event.or_note(events::observation)),
            EventKind::Measure => life.measures.extend(event.or_note(events::measure)),
            EventKind::Exemption => life.exemptions.extend(event.or_note(events::exemption)),
            kind => life.others.push(OtherEvent { kind, raw: serde_json::to_value(event.json()).unwrap_or_default() }),
        }
    }
    life
}

/// The kind by the event's own genre, else by the page it links to, which numbers observations differently.
fn kind_of(event: Node<'_>) -> EventKind {
    let page = || event.get("page").and_then(|page| page.read("Absence"));
    match event.read("G").or_else(page).unwrap_or(0) {
        45 => EventKind::Observation,
        72 => EventKind::Measure,
        code => EventKind::from_code(code),
    }
}

fn subject_hours(node: Node<'_>) -> Result<SubjectHours, Malformed> {
    let seconds = |key| node.read(key).unwrap_or(0);
    let group = |key| node.read(key).filter(|group| *group > 0);
    Ok(SubjectHours {
        subject: Subject { id: node.id(), name: node.need("L")?, in_group: in_group(node) },
        heads_group: group("regroupement"),
        in_group: group("dansRegroupement"),
        attended_seconds: seconds("suivi"),
        absent_seconds: seconds("absence"),
        excluded_from_lessons_seconds: seconds("excluCours"),
        excluded_from_school_seconds: seconds("excluEtab"),
        infirmary_seconds: seconds("infirmerie"),
    })
}

fn total(node: Node<'_>) -> Result<EventTotal, Malformed> {
    Ok(EventTotal {
        kind: node.need("G")?,
        count: number(node, "NombreTotal"),
        minutes: minutes(node, "NbrHeures"),
        unjustified: number(node, "NombreNonJustifie"),
    })
}

fn visible(node: Node<'_>) -> Vec<Visible> {
    const NAMES: [(&str, Visible); 17] = [
        ("absence", Visible::Absences),
        ("saisieMotifAbsence", Visible::GiveAbsenceReason),
        ("retard", Visible::Delays),
        ("saisieMotifRetard", Visible::GiveDelayReason),
        ("punition", Visible::Punishments),
        ("exclusion", Visible::Exclusions),
        ("sanction", Visible::Sanctions),
        ("mesureConservatoire", Visible::Measures),
        ("infirmerie", Visible::Infirmary),
        ("absenceRepas", Visible::MealAbsences),
        ("absenceInternat", Visible::BoardingAbsences),
        ("retardInternat", Visible::BoardingDelays),
        ("observation", Visible::Observations),
        ("incident", Visible::Incidents),
        ("commission", Visible::Commissions),
        ("dispense", Visible::Exemptions),
        ("totalHeuresManquees", Visible::MissedHours),
    ];
    NAMES.into_iter().filter(|(name, _)| node.flag(name)).map(|(_, visible)| visible).collect()
}

#[cfg(test)]
mod tests;
