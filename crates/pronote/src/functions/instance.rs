//! `FonctionParametres`: the school's year, hours and periods, before anyone signs in (data §3).

mod profile;

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::common::{color, number, some_text};
use super::{Context, Function, Payload, Read};
use crate::interned::Interned;
use crate::model::{Break, DeviceId, Fortnight, Holiday, Instance, LunchBreak, Period, PeriodKind, SkillLevel, Slot};
use crate::protocol::Version;
use crate::wire::{FromWire as _, Malformed, Node, Set, parse_time};

/// The most slots a day may have: five-minute slots around the clock.
const MOST_SLOTS: u32 = 288;

/// Asks for the instance's parameters (`FonctionParametres`); the first call of a session.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The initialisation vector of the session, as the generation wants it written (protocol §4.3).
    pub uuid: String,
    /// The identifier the server gave to this device before.
    pub device_id: Option<DeviceId>,
}

impl Function for Request {
    const NAME: &'static str = "FonctionParametres";
    const TAB: Option<u32> = None;
    type Answer = Instance;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "Uuid": self.uuid, "identifiantNav": self.device_id.as_ref().map(DeviceId::as_str) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Instance, Malformed> {
        instance(payload.data)
    }
}

impl Read for Request {}

static SLOTS: Interned<Vec<Slot>> = Interned::new();
static BREAKS: Interned<Vec<Break>> = Interned::new();
static FORTNIGHTS: Interned<Vec<Fortnight>> = Interned::new();
static HOLIDAYS: Interned<Vec<Holiday>> = Interned::new();
static SKILL_LEVELS: Interned<Vec<SkillLevel>> = Interned::new();

pub(crate) fn instance(root: Node<'_>) -> Result<Instance, Malformed> {
    // Before a space is chosen, everything is at the root.
    let general = root.get("General").unwrap_or(root);
    let first_date: Option<Date> = general.read("PremiereDate");
    let first_monday = match general.read("PremierLundi").or_else(|| first_date.map(Instance::monday_before)) {
        Some(monday) => monday,
        None => general.need("PremierLundi")?,
    };
    let slots_per_hour = general.read("PlacesParHeure").unwrap_or(1);
    let sequence_minutes = sequence_minutes(general);
    let slots = slots(general, slots_per_hour, sequence_minutes);
    let version: Option<&str> = general.read("versionPN");
    Ok(Instance {
        version: version.and_then(|text| text.parse().ok()).or_else(|| Version::find(general.read::<&str>("version")?)),
        school_name: general.text("NomEtablissement").trim().to_owned(),
        school_year: general.read_any(&["AnneeScolaire", "anneeScolaire"]).unwrap_or_default(),
        space_label: root.text("Nom"),
        device_id: some_text(root, "identifiantNav").map(DeviceId::new),
        signature_with_member: root.flag("avecMembre"),
        server_time: root.read("DateServeurHttp"),
        demo_date: root.read("DateDemo"),
        first_monday,
        first_date: first_date.unwrap_or(first_monday),
        last_date: general.read("DerniereDate").unwrap_or_else(|| end_of_year(first_monday)),
        next_business_day: general.read("JourOuvre"),
        working_days: general.read("JoursOuvres").unwrap_or_default(),
        cycle_days: general.read("setOfJoursCycleOuvre").unwrap_or_default(),
        // Servers list one slot more than a day has.
        slots_per_day: general.read("PlacesParJour").unwrap_or_else(|| slots_of_day(&slots)),
        slots_per_hour,
        sequence_minutes,
        half_day_slot: general.read("PlaceDemiJourneeAbsence"),
        lunch: lunch(general),
        breaks: BREAKS.share(general.each("recreations", break_between)),
        sequence_names: if general.flag("afficherSequences") { names(general) } else { Vec::new() },
        fortnights: FORTNIGHTS.share(fortnights(general)),
        holidays: HOLIDAYS.share(general.each("listeJoursFeries", holiday)),
        periods: general.each("ListePeriodes", period),
        default_scale: number(general, "BaremeNotation"),
        allowed_annotations: general.read("listeAnnotationsAutorisees").unwrap_or_default(),
        skill_levels: SKILL_LEVELS.share(general.each("ListeNiveauxDAcquisitions", skill_level)),
        profile: profile::profile(root, general),
        slots: SLOTS.share(slots),
    })
}

/// A year after the first Monday, for a server that does not tell the last day.
fn end_of_year(first_monday: Date) -> Date {
    use jiff::ToSpan as _;
    first_monday.checked_add(52.weeks()).unwrap_or(first_monday)
}

fn slots_of_day(slots: &[Slot]) -> u32 {
    u32::try_from(slots.len().saturating_sub(1)).unwrap_or(0)
}

/// Servers write either minutes (60) or a fraction of a day (0.0416…).
fn sequence_minutes(general: Node<'_>) -> u32 {
    const USUAL: u32 = 60;
    let Some(written): Option<Decimal> = general.read("DureeSequence") else { return USUAL };
    let minutes = if written < Decimal::TWO { written.checked_mul(Decimal::from(24 * 60)) } else { Some(written) };
    let minutes = minutes.and_then(|minutes| u32::try_from(minutes.round()).ok());
    minutes.filter(|minutes| (1..=24 * 60).contains(minutes)).unwrap_or(USUAL)
}

/// The hours of a day: starts and ends are two lists joined by their `G`; a gap is filled by the length of a slot.
fn slots(general: Node<'_>, slots_per_hour: u32, sequence_minutes: u32) -> Vec<Slot> {
    let starts = hours(general, "ListeHeures");
    let ends = hours(general, "ListeHeuresFin");
    let length = jiff::Span::new().minutes(i64::from(sequence_minutes / slots_per_hour.max(1)));
    let count = starts.len().max(ends.len());
    let slots = (0..count).map_while(|place| {
        let (start, end) = (starts.get(place).copied().flatten(), ends.get(place).copied().flatten());
        Some(match (start, end) {
            (Some(start), Some(end)) => Slot { start, end },
            (Some(start), None) => Slot { start, end: start.saturating_add(length) },
            (None, Some(end)) => Slot { start: end.saturating_sub(length), end },
            (None, None) => return None,
        })
    });
    slots.collect()
}

fn hours(general: Node<'_>, key: &str) -> Vec<Option<Time>> {
    let mut hours = Vec::new();
    for (place, node) in (0..MOST_SLOTS).zip(general.items(key)) {
        let place = node.read("G").unwrap_or(place);
        let time = node.or_note(|node| {
            let label = node.need_node("L")?;
            let text = <&str>::from_wire(label).map_err(|_| label.unexpected("an hour"))?;
            let time = (!text.is_empty()).then(|| parse_time(&text.to_ascii_lowercase()));
            time.flatten().ok_or_else(|| label.unexpected("an hour"))
        });
        if place < MOST_SLOTS {
            let place = place as usize;
            hours.resize(hours.len().max(place + 1), None);
            hours[place] = time;
        }
    }
    hours
}

fn lunch(general: Node<'_>) -> Option<LunchBreak> {
    if !general.flag("activationDemiPension") {
        return None;
    }
    Some(LunchBreak { first_slot: general.read("debutDemiPension")?, last_slot: general.read("finDemiPension")? })
}

fn break_between(node: Node<'_>) -> Result<Break, Malformed> {
    Ok(Break { name: node.text("L"), before_slot: node.need("place")? })
}

fn names(general: Node<'_>) -> Vec<String> {
    general.items("sequences").filter_map(Node::value).collect()
}

/// The first of the three domains is "every week".
fn fortnights(general: Node<'_>) -> Vec<Fortnight> {
    let labels: Vec<String> = general.items("LibellesFrequences").filter_map(Node::value).collect();
    let domains = (0u8..3).zip(general.items("DomainesFrequences")).skip(1);
    let fortnights = domains.filter_map(|(index, node)| {
        let weeks: Set = node.value()?;
        let label = labels.get(usize::from(index)).cloned().unwrap_or_default();
        (!weeks.is_empty()).then_some(Fortnight { index, label, weeks })
    });
    fortnights.collect()
}

fn holiday(node: Node<'_>) -> Result<Holiday, Malformed> {
    let start = node.need("dateDebut")?;
    Ok(Holiday { name: node.text("L"), start, end: node.read("dateFin").unwrap_or(start) })
}

fn period(node: Node<'_>) -> Result<Period, Malformed> {
    Ok(Period {
        id: node.need("N")?,
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(PeriodKind::Other(0)),
        start: node.need("dateDebut")?,
        end: node.need("dateFin")?,
        grading_slot: node.read("periodeNotation"),
    })
}

fn skill_level(node: Node<'_>) -> Result<SkillLevel, Malformed> {
    Ok(SkillLevel {
        code: node.read("G").unwrap_or(0),
        name: node.need("L")?,
        abbreviation: node.text("abbreviation"),
        color: color(node, "couleur"),
        weight: number(node, "ponderation"),
        acquired: node.flag("estAcqui"),
    })
}

#[cfg(test)]
mod tests;
