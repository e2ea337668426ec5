//! The timetable as iCalendar, as PRONOTE exports it (data §5.7).

use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::school::{Entry, Kind, Occasion, Person, School, What, Whose};

/// The calendar of a person for the whole year.
pub(crate) fn calendar(school: &School, person: &Person) -> String {
    let whose = if person.kind == Kind::Student { Whose::Pupil(person) } else { Whose::Adult(person.id) };
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    let utc = |moment: DateTime| {
        moment
            .to_zoned(zone.clone())
            .map(|zoned| zoned.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string())
            .unwrap_or_default()
    };
    let stamp = utc(school.clock.now());
    let mut calendar = Calendar::new();
    calendar.name(&format!("PRONOTE - {}", person.label()));
    for entry in school.timetable(whose, school.year.first, school.year.last) {
        let (start, end) = entry.bounds(school);
        let rooms: Vec<&str> =
            entry.rooms().iter().filter_map(|room| school.rooms.get(*room)).map(|room| room.name.as_str()).collect();
        let adults: Vec<String> =
            entry.adults().iter().filter_map(|adult| school.people.get(*adult)).map(Person::label).collect();
        let mut event = Event::new();
        event
            .uid(&format!("cours-{}-{}", super::lesson::key(school, &entry), person.id))
            .summary(&title(school, &entry))
            .description(&[adults.join(", "), entry.status().to_owned()].join("\n"))
            .location(&rooms.join(", "))
            .add_property("DTSTAMP", &stamp)
            .add_property("DTSTART", utc(start))
            .add_property("DTEND", utc(end));
        event.status(if entry.cancelled() { EventStatus::Cancelled } else { EventStatus::Confirmed });
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// What an entry is, in a few words.
pub(crate) fn title(school: &School, entry: &Entry<'_>) -> String {
    let subject = entry.subject().and_then(|subject| school.subjects.get(subject)).map(|subject| subject.name.clone());
    subject.unwrap_or_else(|| match entry.what {
        What::Extra(extra) => match &extra.what {
            Occasion::Detention(title) | Occasion::Outing(title) => title.clone(),
            Occasion::Lesson(_) | Occasion::Replacement(_) => String::new(),
        },
        What::Lesson(..) => String::new(),
    })
}
