//! Reads each kind of event (data §11.3 to §11.7).

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::functions::common::{attachment, labels, minutes, named_of, number, some_text, subject_of};
use crate::model::{
    Absence, AbsenceStatus, Delay, ForbiddenPlace, Instance, Measure, Observation, ObservationKind, Punishment,
    PunishmentKind, PunishmentSession, SubjectExemption,
};
use crate::wire::{Malformed, Node, Set};

pub(super) fn absence(node: Node<'_>) -> Result<Absence, Malformed> {
    Ok(Absence {
        id: node.need("N")?,
        from: node.need("dateDebut")?,
        to: node.need("dateFin")?,
        open: node.flag("ouverte"),
        status: status(node),
        missed_minutes: minutes(node, "NbrHeures"),
        missed_days: number(node, "NbrJours"),
    })
}

pub(super) fn delay(node: Node<'_>) -> Result<Delay, Malformed> {
    Ok(Delay { id: node.need("N")?, at: node.need("date")?, minutes: node.read("duree"), status: status(node) })
}

fn status(node: Node<'_>) -> AbsenceStatus {
    let justified = node.flag("justifie");
    AbsenceStatus {
        justified,
        settled: node.flag("reglee"),
        reason_unknown: node.flag("estMotifNonEncoreConnu"),
        guardian_must_justify: node.flag("aJustifierParParents"),
        reasons: labels(node, "listeMotifs"),
        justification: some_text(node, "justification"),
        needs_action: node.flag("avecSaisie") && !justified,
    }
}

pub(super) fn punishment(node: Node<'_>, instance: &Instance) -> Result<Punishment, Malformed> {
    let nature = node.get("nature").unwrap_or_else(|| node.empty());
    let given: DateTime = node.need("dateDemande")?;
    let during_lesson = !node.flag("horsCours");
    let place = node.read("placeDemande").filter(|_: &u32| during_lesson);
    Ok(Punishment {
        id: node.need("N")?,
        title: nature.text("L"),
        kind: nature.read("G").unwrap_or(PunishmentKind::Else),
        given: given.date(),
        given_at: given,
        lesson_start: place.and_then(|place| instance.slot_start(place)),
        during_lesson,
        exclusion: node.flag("estUneExclusion"),
        giver: named_of(node, "demandeur").map(|giver| giver.name),
        subject: subject_of(node, "matiere"),
        reasons: labels(node, "listeMotifs"),
        circumstances: some_text(node, "circonstances"),
        circumstance_files: node.each("documentsCirconstances", attachment),
        work: some_text(node, "travailAFaire"),
        work_files: node.each("documentsTAF", attachment),
        minutes: node.read("duree").filter(|minutes| *minutes > 0),
        can_be_scheduled: node.flag("estProgrammable") || nature.flag("estProgrammable"),
        sessions: node.each("programmation", |session| punishment_session(session, instance)),
        from_incident: node.flag("estLieAUnIncident"),
        needs_action: nature.flag("estAvecARParent") && !node.flag("parentAAccuseDeReception"),
    })
}

fn punishment_session(node: Node<'_>, instance: &Instance) -> Result<PunishmentSession, Malformed> {
    let at: DateTime = node.need("date")?;
    let minutes: Option<u32> = node.read("duree").filter(|minutes| *minutes > 0);
    let place: Option<u32> = node.read_any(&["placeExecution", "place"]);
    let start = place.and_then(|place| instance.slot_start(place)).map(|time| at.date().to_datetime(time));
    let end = start.and_then(|start| start.checked_add(i64::from(minutes?).minutes()).ok());
    Ok(PunishmentSession { date: at.date(), start, end, minutes })
}

pub(super) fn observation(node: Node<'_>) -> Result<Observation, Malformed> {
    let heading = named_of(node, "rubrique").map(|heading| heading.name);
    let read = node.flag("estLue");
    Ok(Observation {
        id: node.need("N")?,
        heading: some_text(node, "L").or(heading).unwrap_or_default(),
        kind: node.read("genreObservation").unwrap_or(ObservationKind::Else),
        at: node.need("date")?,
        comment: some_text(node, "commentaire"),
        author: named_of(node, "demandeur").map(|author| author.name),
        subject: subject_of(node, "matiere"),
        read,
        wants_acknowledgement: node.flag("avecARObservation"),
        needs_action: !read,
    })
}

pub(super) fn measure(node: Node<'_>) -> Result<Measure, Malformed> {
    let forbidden: Set = node.read("interditAcces").unwrap_or_default();
    let date = |key| node.read(key).map(DateTime::date);
    Ok(Measure {
        id: node.need("N")?,
        title: node.need_node("nature")?.need("L")?,
        comment: some_text(node, "commentaire"),
        reasons: labels(node, "listeMotifs"),
        exclusion: node.flag("estUneExclusion"),
        circumstances: some_text(node, "circonstances"),
        circumstance_files: node.each("documentsCirconstances", attachment),
        decided_by: named_of(node, "decideur").map(|person| person.name),
        requested_by: named_of(node, "demandeur").map(|person| person.name),
        requested: node.read("dateDemande"),
        from: date("dateDebut"),
        to: date("dateFin"),
        forbidden: forbidden.iter().map(|place| ForbiddenPlace::from_code(place.into())).collect(),
        from_incident: node.flag("estLieAUnIncident"),
    })
}

pub(super) fn exemption(node: Node<'_>) -> Result<SubjectExemption, Malformed> {
    Ok(SubjectExemption {
        id: node.need("N")?,
        from: node.need("dateDebut")?,
        to: node.need("dateFin")?,
        subject: subject_of(node, "matiere"),
        label: some_text(node, "strGenreDispense"),
        reasons: labels(node, "listeMotifs"),
        justified: node.flag("justifie"),
        pending: node.flag("enAttente"),
        settled: node.flag("reglee"),
    })
}
