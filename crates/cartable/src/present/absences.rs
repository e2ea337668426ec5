//! Absences, delays, punishments and the like.

use jiff::civil::DateTime;
use pronote::model::{
    AbsenceStatus, EventKind, Measure, Observation, Punishment, PunishmentKind, PunishmentSession, SchoolLife,
};
use pronote::wire::Html;

use super::{Look, Tone, block, cell, joined, number, table, table_or, text_of, toned};
use crate::when;

/// Everything that happened, in the order of time, then hours and totals.
pub(crate) fn absences(life: &SchoolLife, look: Look) -> String {
    let mut text = life.notice.as_ref().map(|notice| block(notice) + "\n").unwrap_or_default();
    let mut events = events(life);
    // Those without a date come last.
    events.sort_by_key(|event| (event.at.is_none(), event.at));
    let mut table = table(look, ["when", "what", "details", ""]);
    for event in events {
        let open = toned(if event.open { "to settle" } else { "" }, event.open.then_some(Tone::Bad));
        let when = event.at.map(|_| event.when).unwrap_or_default();
        table.add_row([cell(when), cell(event.what), cell(event.details), open]);
    }
    text.push_str(&table_or(&table, "Nothing happened."));
    text.push_str(&hours(life, look));
    text.push_str(&totals(life));
    text
}

/// Something that happened, in words.
struct Event {
    at: Option<DateTime>,
    when: String,
    what: String,
    details: String,
    /// Whether someone has to do something about it.
    open: bool,
}

fn events(life: &SchoolLife) -> Vec<Event> {
    let absences = life.absences.iter().map(|absence| {
        let hours = absence.missed_minutes.map(|minutes| format!("{} missed", duration(u64::from(minutes) * 60)));
        let days = absence.missed_days.map(|days| format!("{} half-days", number(days)));
        let end = if absence.open { "still open".into() } else { moment(absence.to) };
        Event {
            at: Some(absence.from),
            when: format!("{} to {end}", moment(absence.from)),
            what: "absence".into(),
            details: joined([hours, days, Some(status(&absence.status))].into_iter().flatten(), "; "),
            open: absence.status.needs_action,
        }
    });
    let delays = life.delays.iter().map(|delay| {
        let minutes = delay.minutes.map(|minutes| format!("{minutes} min"));
        Event {
            at: Some(delay.at),
            when: moment(delay.at),
            what: "delay".into(),
            details: joined([minutes, Some(status(&delay.status))].into_iter().flatten(), "; "),
            open: delay.status.needs_action,
        }
    });
    let exemptions = life.exemptions.iter().map(|exemption| Event {
        at: Some(exemption.from),
        when: format!("{} to {}", moment(exemption.from), moment(exemption.to)),
        what: "exemption".into(),
        details: joined(
            exemption
                .subject
                .iter()
                .map(|subject| subject.name.clone())
                .chain(exemption.label.clone())
                .chain(exemption.reasons.clone()),
            "; ",
        ),
        open: exemption.pending,
    });
    let others = life.others.iter().map(|other| Event {
        at: None,
        when: String::new(),
        what: kind(other.kind).into(),
        details: "see --json".into(),
        open: false,
    });
    let rest = life.punishments.iter().map(punishment).chain(life.observations.iter().map(observation));
    absences
        .chain(delays)
        .chain(exemptions)
        .chain(rest)
        .chain(life.measures.iter().map(measure))
        .chain(others)
        .collect()
}

fn status(status: &AbsenceStatus) -> String {
    let words = [
        if status.justified { "justified" } else { "not justified" },
        if status.settled { "settled" } else { "" },
        if status.guardian_must_justify { "a guardian must justify it" } else { "" },
        if status.reason_unknown { "reason unknown" } else { "" },
    ];
    let words = words.iter().map(|word| (*word).to_owned());
    joined(words.chain(status.reasons.clone()).chain(status.justification.clone()), "; ")
}

fn punishment(punishment: &Punishment) -> Event {
    let kind = match punishment.kind {
        PunishmentKind::Exclusion => "exclusion",
        PunishmentKind::Detention => "detention",
        PunishmentKind::ExtraWork => "extra work",
        PunishmentKind::Else | PunishmentKind::Other(_) => "punishment",
    };
    let start = punishment.lesson_start.unwrap_or(jiff::civil::Time::midnight());
    let minutes = punishment.minutes.map(|minutes| duration(u64::from(minutes) * 60));
    let sessions = punishment.sessions.iter().map(session);
    let words = [minutes, punishment.giver.clone()].into_iter().flatten().chain(punishment.reasons.clone());
    let words =
        words.chain([&punishment.circumstances, &punishment.work].into_iter().flatten().map(plain)).chain(sessions);
    Event {
        at: Some(punishment.given.to_datetime(start)),
        when: when::short(punishment.given),
        what: joined([kind, &punishment.title], ": "),
        details: joined(words, "; "),
        open: punishment.needs_action,
    }
}

/// Some texts of the school are HTML.
fn plain(text: &String) -> String {
    Html::new(text).text()
}

fn session(session: &PunishmentSession) -> String {
    let start = session.start.map(|start| start.time().strftime(" at %H:%M").to_string()).unwrap_or_default();
    format!("to serve {}{start}", when::short(session.date))
}

fn observation(observation: &Observation) -> Event {
    let words = [&observation.comment, &observation.author].into_iter().flatten().cloned();
    let words = words.chain(observation.subject.iter().map(|subject| subject.name.clone()));
    let asks = observation.wants_acknowledgement && !observation.read;
    Event {
        at: Some(observation.at),
        when: moment(observation.at),
        what: joined(["observation", &observation.heading], ": "),
        details: joined(words.chain(asks.then(|| "to acknowledge".to_owned())), "; "),
        open: observation.needs_action,
    }
}

fn measure(measure: &Measure) -> Event {
    let from = measure.from.or(measure.requested.map(DateTime::date));
    let days = [measure.from, measure.to].into_iter().flatten().map(when::short);
    let words = measure.reasons.iter().chain(&measure.comment).chain(&measure.circumstances).chain(&measure.decided_by);
    Event {
        at: from.map(|day| day.at(0, 0, 0, 0)),
        when: joined(days, " to "),
        what: joined(["measure", &measure.title], ": "),
        details: joined(words, "; "),
        open: false,
    }
}

/// What an event is called.
fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Absence => "absence",
        EventKind::Delay => "delay",
        EventKind::Exclusion => "exclusion from a lesson",
        EventKind::Infirmary => "stay in the infirmary",
        EventKind::MealAbsence => "absence from a meal",
        EventKind::Exemption => "exemption",
        EventKind::Punishment => "punishment",
        EventKind::Sanction => "sanction",
        EventKind::BoardingAbsence => "absence from the boarding house",
        EventKind::Observation => "observation",
        EventKind::Measure => "measure",
        EventKind::Incident => "incident",
        EventKind::Commission => "commission",
        EventKind::BoardingDelay => "delay at the boarding house",
        EventKind::Other(_) => "something else",
    }
}

fn hours(life: &SchoolLife, look: Look) -> String {
    let mut table = table(look, ["subject", "attended", "absent", "excluded", "infirmary"]);
    for hours in &life.subject_hours {
        let excluded = hours.excluded_from_lessons_seconds.saturating_add(hours.excluded_from_school_seconds);
        table.add_row([
            cell(&hours.subject.name),
            cell(duration(hours.attended_seconds)),
            cell(duration(hours.absent_seconds)),
            cell(duration(excluded)),
            cell(duration(hours.infirmary_seconds)),
        ]);
    }
    let shown = text_of(&table);
    if shown.is_empty() { shown } else { format!("\n{shown}Missed in all: {}\n", duration(life.missed_seconds)) }
}

fn totals(life: &SchoolLife) -> String {
    let lines = life.totals.iter().map(|total| {
        let words = [
            total.count.map(number),
            total.minutes.map(|minutes| duration(u64::from(minutes) * 60)),
            total.unjustified.map(|count| format!("{} not justified", number(count))),
        ];
        format!("{}: {}\n", kind(total.kind), joined(words.into_iter().flatten(), ", "))
    });
    lines.collect()
}

fn moment(at: DateTime) -> String {
    format!("{} {}", when::short(at.date()), at.time().strftime("%H:%M"))
}

/// `1h30`, `0h05`; nothing for no time at all.
fn duration(seconds: u64) -> String {
    if seconds == 0 { String::new() } else { format!("{}h{:02}", seconds / 3600, seconds / 60 % 60) }
}
