//! An iCalendar of a person's year (RFC 5545): lessons, homework, menus, holidays.
//!
//! Identifiers are made of what a thing says, so that a subscriber sees the same things at each reading, although the
//! server names them anew in every session.

use std::fmt::Write as _;

use icalendar::{Component, Event, EventLike as _, EventStatus, Property, Todo, TodoStatus};
use jiff::civil::{Date, DateTime};
use jiff::tz::{Dst, Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use pronote::functions::Context;
use pronote::model::{Dish, EntryKind, Holiday, Homework, Instance, MealKind, MenuDay, TimetableEntry};

use crate::ids;

/// The most characters of a description: folding longer ones costs more than anyone reads.
const MOST_CHARACTERS: usize = 4000;
/// The most characters of a summary.
const LONGEST_SUMMARY: usize = 80;

/// The zone of nearly every school.
pub const USUAL_ZONE: &str = "Europe/Paris";

/// A calendar that is being written.
///
/// ```
/// use gateway::calendar::{Calendar, USUAL_ZONE};
/// use pronote::functions::Context;
///
/// let context = Context::default();
/// let mut calendar = Calendar::new(&context, "ecole.example", USUAL_ZONE, jiff::Timestamp::UNIX_EPOCH)?;
/// calendar.holidays(&context.instance.holidays);
/// assert!(calendar.finish().starts_with("BEGIN:VCALENDAR\r\n"));
/// # Ok::<(), gateway::calendar::UnknownZone>(())
/// ```
pub struct Calendar {
    head: icalendar::Calendar,
    zone: String,
    zone_name: String,
    stamp: String,
    /// Tells the same lesson of two people apart.
    scope: String,
    components: Vec<String>,
}

/// No time zone bears the name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone named {0}")]
pub struct UnknownZone(pub String);

impl Calendar {
    /// Begins the calendar of the person whose pages are read, at a school known by its [key].
    ///
    /// `stamp` is when it is written.
    ///
    /// [key]: pronote::SchoolAddress::key
    ///
    /// # Errors
    /// There is no such zone.
    pub fn new(context: &Context, school: &str, zone: &str, stamp: Timestamp) -> Result<Self, UnknownZone> {
        let person = &context.person().name;
        let time_zone = TimeZone::get(zone).map_err(|_| UnknownZone(zone.to_owned()))?;
        let zone_name = time_zone.iana_name().unwrap_or(zone).to_owned();
        let mut head = icalendar::Calendar::empty();
        for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//Cartable//Cartable//EN"), ("CALSCALE", "GREGORIAN")] {
            head.append_property(Property::new(key, value));
        }
        let year = &context.instance.school_year;
        let name = [person.as_str(), year.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        head.append_property(Property::new("X-WR-CALNAME", clean(&name.join(" "))));
        Ok(Calendar {
            head,
            zone: zone_component(&time_zone, &zone_name, &context.instance),
            zone_name,
            stamp: stamp.strftime("%Y%m%dT%H%M%SZ").to_string(),
            scope: ids::fingerprint("calendar", &[school.to_owned(), person.clone()]),
            components: Vec::new(),
        })
    }

    /// Adds lessons, detentions and activities. Cancelled ones stay, marked as cancelled.
    pub fn entries(&mut self, entries: &[TimetableEntry]) -> &mut Self {
        for (entry, id) in entries.iter().zip(ids::ids(entries)) {
            let mut event = Event::new();
            self.identify(&mut event, "lesson", &id);
            event.append_property(self.moment("DTSTART", entry.start));
            if entry.start < entry.end {
                event.append_property(self.moment("DTEND", entry.end));
            }
            let test = matches!(&entry.kind, EntryKind::Lesson(lesson) if lesson.test);
            let title = match entry.title() {
                "" => kind_name(&entry.kind),
                title => title,
            };
            event.summary(&clean(&if test { format!("{title} (test)") } else { title.to_owned() }));
            if !entry.rooms.is_empty() {
                event.location(&clean(&entry.rooms.join(", ")));
            }
            event.description(&description(entry));
            event.add_property("CATEGORIES", kind_name(&entry.kind));
            event.status(if entry.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
            event.add_property("TRANSP", if entry.cancelled { "TRANSPARENT" } else { "OPAQUE" });
            self.push(&event);
        }
        self
    }

    /// Adds homework, as tasks that are due and done or not.
    pub fn homework(&mut self, homework: &[Homework]) -> &mut Self {
        for (piece, id) in homework.iter().zip(ids::ids(homework)) {
            let mut task = Todo::new();
            self.identify(&mut task, "homework", &id);
            let text = piece.description.text();
            let subject = piece.subject.as_ref().map(|subject| subject.name.as_str());
            let first_line = text.lines().next().unwrap_or_default();
            let parts: Vec<&str> = subject.into_iter().chain([first_line]).filter(|part| !part.is_empty()).collect();
            let summary = if parts.is_empty() { "homework".to_owned() } else { parts.join(": ") };
            task.summary(&shortened(&clean(&summary), LONGEST_SUMMARY));
            task.description(&shortened(&clean(&text), MOST_CHARACTERS));
            // A task may not begin on the day it is due.
            if let Some(given) = piece.given.filter(|given| *given < piece.due) {
                task.append_property(day("DTSTART", given));
            }
            task.append_property(day("DUE", piece.due));
            task.status(if piece.done { TodoStatus::Completed } else { TodoStatus::NeedsAction });
            if piece.done {
                task.percent_complete(100);
            }
            self.push(&task);
        }
        self
    }

    /// Adds what the canteen serves, each meal as a day's note.
    pub fn menus(&mut self, days: &[MenuDay]) -> &mut Self {
        for (date, meal) in days.iter().flat_map(|day| day.meals.iter().map(|meal| (day.date, meal))) {
            let usual = if meal.kind == MealKind::Dinner { "dinner" } else { "lunch" };
            let name = meal.name.as_deref().unwrap_or(usual);
            let mut event = Event::new();
            let parts = [date.to_string(), meal.kind.code().to_string(), name.to_owned()];
            self.identify(&mut event, "menu", &ids::fingerprint("menu", &parts));
            event.append_property(day("DTSTART", date));
            event.summary(&shortened(&clean(name), LONGEST_SUMMARY));
            let course = |dish: &Dish| {
                let foods: Vec<&str> = dish.foods.iter().map(|food| food.name.as_str()).collect();
                foods.join(" / ")
            };
            let courses: Vec<String> = meal.dishes.iter().map(course).filter(|course| !course.is_empty()).collect();
            event.description(&shortened(&clean(&courses.join("\n")), MOST_CHARACTERS));
            event.add_property("CATEGORIES", "menu");
            event.add_property("TRANSP", "TRANSPARENT");
            self.push(&event);
        }
        self
    }

    /// Adds holidays, as whole days.
    pub fn holidays(&mut self, holidays: &[Holiday]) -> &mut Self {
        for holiday in holidays {
            let mut event = Event::new();
            let parts = [holiday.name.clone(), holiday.start.to_string()];
            self.identify(&mut event, "holiday", &ids::fingerprint("holiday", &parts));
            event.append_property(day("DTSTART", holiday.start));
            // The end of whole days is the day after; there is none after the last day of all.
            if let Some(after) = holiday.end.tomorrow().ok().filter(|after| holiday.start < *after) {
                event.append_property(day("DTEND", after));
            }
            event.summary(&clean(if holiday.name.is_empty() { "holiday" } else { &holiday.name }));
            event.add_property("CATEGORIES", "holiday");
            event.add_property("TRANSP", "TRANSPARENT");
            self.push(&event);
        }
        self
    }

    /// The whole text.
    #[must_use]
    pub fn finish(&self) -> String {
        let head = self.head.to_string();
        let end = "END:VCALENDAR\r\n";
        let head = head.strip_suffix(end).unwrap_or(&head);
        // As text: the calendar crate would give a zone a stamp and an identifier, which it may not have.
        [head, &self.zone, &self.components.concat(), end].concat()
    }

    fn identify(&self, component: &mut impl Component, kind: &str, id: &str) {
        component.add_property("UID", format!("{kind}-{id}-{}@cartable", self.scope));
        component.add_property("DTSTAMP", self.stamp.clone());
    }

    fn moment(&self, key: &str, moment: DateTime) -> Property {
        let text = moment.strftime("%Y%m%dT%H%M%S").to_string();
        Property::new(key, text).add_parameter("TZID", &self.zone_name).done()
    }

    fn push(&mut self, component: &impl Component) {
        // Writing to a string cannot fail; a component that did would only be left out.
        self.components.extend(component.try_into_string());
    }
}

fn day(key: &str, day: Date) -> Property {
    Property::new(key, day.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

fn kind_name(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Lesson(_) => "lesson",
        EntryKind::Detention { .. } => "detention",
        EntryKind::Activity(_) => "activity",
    }
}

/// What a subscriber wants to know besides: status, teachers, classes, notes, links.
fn description(entry: &TimetableEntry) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(entry.status.clone());
    lines.extend(
        [&entry.teachers, &entry.staff, &entry.classes, &entry.groups]
            .into_iter()
            .filter(|names| !names.is_empty())
            .map(|names| names.join(", ")),
    );
    lines.extend(entry.exemption.as_ref().and_then(|exemption| exemption.label.clone()));
    lines.extend(entry.memo.clone());
    lines.extend(entry.video_links.clone());
    shortened(&clean(&lines.join("\n")), MOST_CHARACTERS)
}

/// A text without what no iCalendar text may hold: control characters, other than line feeds, which are escaped.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|char| *char == '\n' || *char == '\t' || !char.is_control()).collect()
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The zone around a school year: how it begins, then each change of its clocks.
fn zone_component(zone: &TimeZone, name: &str, instance: &Instance) -> String {
    let around = |date: Date, years: i64| {
        let date = date.saturating_add(years.years());
        zone.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let (start, end) = (around(instance.first_date, -1), around(instance.last_date, 1));
    let info = zone.to_offset_info(start);
    let mut offset = info.offset();
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{name}\r\n");
    write_observance(&mut text, info.dst(), start, (offset, offset), info.abbreviation());
    for change in zone.following(start).take_while(|change| change.timestamp() <= end) {
        write_observance(&mut text, change.dst(), change.timestamp(), (offset, change.offset()), change.abbreviation());
        offset = change.offset();
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

fn write_observance(text: &mut String, dst: Dst, at: Timestamp, (before, after): (Offset, Offset), name: &str) {
    let kind = if dst.is_dst() { "DAYLIGHT" } else { "STANDARD" };
    // The clock as it stood just before the change.
    let start = before.to_datetime(at).strftime("%Y%m%dT%H%M%S");
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "BEGIN:{kind}\r\nDTSTART:{start}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nTZNAME:{name}\r\nEND:{kind}\r\n",
        utc_offset(before),
        utc_offset(after)
    );
}

fn utc_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests;
