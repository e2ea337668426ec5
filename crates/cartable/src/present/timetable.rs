//! The timetable: a grid of the week where there is room, else a list.

use std::collections::BTreeSet;

use comfy_table::Cell;
use jiff::civil::{Date, Time};
use pronote::model::{EntryKind, Instance, LessonKind, Timetable, TimetableEntry};

use super::{Look, Tone, cell, joined, line, names, table, text_of, toned};
use crate::when;

/// The least columns that a day of the grid can be read in, and those of the hours.
const DAY_COLUMNS: usize = 16;
const HOUR_COLUMNS: usize = 9;

/// The days from one to another: week after week where there is room for it, else day after day. `all` shows also what
/// lies under something else.
pub(crate) fn timetable(
    timetable: &Timetable,
    instance: &Instance,
    (from, to): (Date, Date),
    all: bool,
    look: Look,
) -> String {
    let inside = |entry: &&TimetableEntry| (from..=to).contains(&entry.start.date());
    let shown: Vec<&TimetableEntry> = if all {
        timetable.entries.iter().filter(inside).collect()
    } else {
        timetable.visible(timetable.show_cancelled).filter(inside).collect()
    };
    let days = days(&shown, from, to);
    let room = look.width.is_some_and(|width| usize::from(width) >= HOUR_COLUMNS + days.len() * DAY_COLUMNS);
    let grid_fits = room && days.len() > 1 && !shown.is_empty();

    let mut text = String::new();
    let mut monday = when::monday(from);
    while monday <= to {
        let next = when::shifted(monday, 7);
        let week: Vec<&TimetableEntry> =
            shown.iter().copied().filter(|entry| (monday..next).contains(&entry.start.date())).collect();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&heading(timetable, instance, monday));
        for holiday in
            instance.holidays.iter().filter(|holiday| holiday.start < next && holiday.end >= monday.max(from))
        {
            text.push_str(&format!(
                "{}: {} to {}\n",
                line(&holiday.name),
                when::short(holiday.start),
                when::short(holiday.end)
            ));
        }
        if week.is_empty() {
            text.push_str("No lessons.\n");
        } else if grid_fits {
            let of_week: Vec<Date> = days.iter().copied().filter(|day| (monday..next).contains(day)).collect();
            text.push_str(&grid(&week, &of_week, look));
        } else {
            text.push_str(&list(&week, look));
        }
        if next == monday {
            break; // the end of the calendar
        }
        monday = next;
    }
    text
}

fn heading(timetable: &Timetable, instance: &Instance, monday: Date) -> String {
    let number = instance.week_of(monday);
    let read = timetable.weeks.iter().find(|week| week.monday == monday);
    let fortnight = read
        .and_then(|week| week.fortnight.as_deref())
        .or_else(|| instance.fortnight(number).map(|fortnight| fortnight.label.as_str()));
    let fortnight = fortnight.map_or_else(String::new, |label| format!(" ({})", line(label)));
    format!("Week {number}{fortnight}, from {}\n", when::long(monday))
}

/// The days of the grid: those that have something, and the working days around them.
fn days(shown: &[&TimetableEntry], from: Date, to: Date) -> Vec<Date> {
    let busy: BTreeSet<Date> = shown.iter().map(|entry| entry.start.date()).collect();
    let mut days = Vec::new();
    let mut day = from;
    while day <= to && days.len() < 400 {
        let weekend = day.weekday().to_monday_one_offset() > 5;
        if !weekend || busy.contains(&day) {
            days.push(day);
        }
        let next = when::shifted(day, 1);
        if next == day {
            break;
        }
        day = next;
    }
    days
}

fn list(entries: &[&TimetableEntry], look: Look) -> String {
    let mut table = table(look, ["day", "time", "what", "who", "where", "remark"]);
    let mut last = None;
    for entry in entries {
        let day = entry.start.date();
        let shown = if look.width.is_some() && last == Some(day) { String::new() } else { when::short(day) };
        last = Some(day);
        let (remark, tone) = remark(entry);
        table.add_row([
            cell(shown),
            cell(format!("{}-{}", hour(entry.start.time()), hour(entry.end.time()))),
            toned(what(entry), faded(entry)),
            cell(who(entry)),
            cell(entry.rooms.join(", ")),
            toned(remark, tone),
        ]);
    }
    text_of(&table)
}

fn grid(entries: &[&TimetableEntry], days: &[Date], look: Look) -> String {
    let starts: BTreeSet<Time> = entries.iter().map(|entry| entry.start.time()).collect();
    let mut table = table(look, [""]);
    let header = std::iter::once(cell("")).chain(days.iter().map(|day| toned(when::short(*day), Some(Tone::Strong))));
    table.set_header(header.collect::<Vec<Cell>>());
    for start in starts {
        let cells = days.iter().map(|day| slot(entries, *day, start));
        table.add_row(std::iter::once(toned(hour(start), Some(Tone::Faint))).chain(cells).collect::<Vec<Cell>>());
    }
    // Each hour apart from the next: its cells have several lines.
    table.load_style(comfy_table::presets::UTF8_FULL);
    text_of(&table)
}

/// What begins at that hour of that day, or the mark of what has not ended yet.
fn slot(entries: &[&TimetableEntry], day: Date, start: Time) -> Cell {
    let begins: Vec<&&TimetableEntry> = entries.iter().filter(|entry| entry.start == day.to_datetime(start)).collect();
    if begins.is_empty() {
        let at = day.to_datetime(start);
        return cell(if entries.iter().any(|entry| entry.start < at && at < entry.end) { "┆" } else { "" });
    }
    let tones = begins.iter().find_map(|entry| remark(entry).1);
    let lines = begins.iter().map(|entry| {
        let until = format!("to {}", hour(entry.end.time()));
        let place = joined([who(entry), entry.rooms.join(", ")], " · ");
        joined([what(entry), place, until, remark(entry).0], "\n")
    });
    toned(lines.collect::<Vec<_>>().join("\n\n"), tones)
}

fn what(entry: &TimetableEntry) -> String {
    let title = entry.title();
    let fallback = match entry.kind {
        EntryKind::Lesson(_) => "lesson",
        EntryKind::Detention { .. } => "detention",
        EntryKind::Activity(_) => "activity",
    };
    line(if title.trim().is_empty() { fallback } else { title })
}

fn who(entry: &TimetableEntry) -> String {
    let companions = match &entry.kind {
        EntryKind::Activity(activity) => activity.companions.as_slice(),
        _ => &[],
    };
    let people = names(entry.teachers.iter().chain(&entry.staff).chain(companions));
    let groups = entry.groups.join(", ");
    if groups.is_empty() { people } else { joined([people, format!("[{groups}]")], " ") }
}

/// What is out of the ordinary, in words, and how much it matters.
fn remark(entry: &TimetableEntry) -> (String, Option<Tone>) {
    let mut words: Vec<String> = Vec::new();
    let mut tone = None;
    if entry.cancelled {
        words.push("cancelled".into());
        tone = Some(Tone::Bad);
    }
    match &entry.kind {
        EntryKind::Detention { .. } => {
            words.push("detention".into());
            tone = Some(Tone::Bad);
        }
        EntryKind::Activity(activity) => {
            words.push("outing".into());
            words.extend(activity.audience.clone());
            tone = tone.or(Some(Tone::Notice));
        }
        EntryKind::Lesson(lesson) => {
            match lesson.lesson_kind {
                LessonKind::Replacement => words.push("replacement".into()),
                LessonKind::Substitute => words.push("substitute".into()),
                LessonKind::ClassCouncil => words.push("class council".into()),
                _ => {}
            }
            if lesson.test {
                words.push("test".into());
            }
            if lesson.study_hall {
                words.push("study hall".into());
            }
        }
    }
    if let Some(exemption) = &entry.exemption {
        let how = if exemption.remote { "exempted, from home" } else { "exempted" };
        words.push(exemption.label.as_ref().map_or_else(|| how.to_owned(), |why| format!("{how}: {why}")));
    }
    words.extend(entry.status.clone());
    if !entry.video_links.is_empty() {
        words.push(format!("video: {}", entry.video_links.join(" ")));
    }
    words.extend(entry.memo.clone());
    if tone.is_none() && !words.is_empty() {
        tone = Some(Tone::Notice);
    }
    (line(&joined(words, "; ")), tone)
}

fn faded(entry: &TimetableEntry) -> Option<Tone> {
    entry.cancelled.then_some(Tone::Faint)
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use pronote::model::{Lesson, Subject};
    use pronote::wire::RemoteId;

    use super::*;

    const MONDAY: Date = date(2026, 11, 16);

    fn entry(day: i64, from: i8, to: i8, subject: &str) -> TimetableEntry {
        let day = when::shifted(MONDAY, day);
        TimetableEntry {
            id: RemoteId::new(subject),
            start: day.at(from, 0, 0, 0),
            end: day.at(to, 0, 0, 0),
            week: 12,
            slot: None,
            slot_count: None,
            rank: 0,
            position: 0,
            kind: EntryKind::Lesson(Lesson {
                lesson_kind: LessonKind::Normal,
                subject: Some(Subject { id: None, name: subject.into(), in_group: false }),
                label: None,
                teacher_absent: false,
                study_hall: false,
                test: false,
                has_homework: false,
                content_id: None,
            }),
            cancelled: false,
            status: None,
            memo: None,
            color: None,
            teachers: vec!["PROF P.".into()],
            staff: vec![],
            rooms: vec!["101".into()],
            classes: vec![],
            groups: vec![],
            exemption: None,
            pupils: vec![],
            video_links: vec![],
        }
    }

    fn shown(entries: Vec<TimetableEntry>, all: bool, width: Option<u16>) -> String {
        let instance = Instance { first_monday: date(2026, 8, 31), last_date: date(2027, 7, 3), ..Instance::default() };
        let page = Timetable { entries, show_cancelled: true, ..Timetable::default() };
        let look = Look { width, color: false };
        timetable(&page, &instance, (MONDAY, when::shifted(MONDAY, 6)), all, look)
    }

    #[test]
    fn a_wide_terminal_shows_the_week_as_a_grid() {
        let mut cancelled = entry(1, 9, 10, "MATHS");
        cancelled.cancelled = true;
        cancelled.status = Some("Prof. absent".into());
        let text = shown(vec![entry(0, 8, 10, "LATIN"), cancelled, entry(0, 10, 11, "EPS")], false, Some(110));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_lies_under_something_else_is_shown_on_demand() {
        let mut cancelled = entry(0, 8, 9, "MATHS");
        cancelled.cancelled = true;
        let entries = vec![cancelled, entry(0, 8, 9, "LATIN")];
        assert!(!shown(entries.clone(), false, None).contains("MATHS"));
        let all = shown(entries, true, None);
        assert!(all.contains("MATHS") && all.contains("cancelled"), "{all}");
    }

    #[test]
    fn a_week_without_lessons_is_said_to_be_one() {
        assert_eq!(shown(vec![], false, Some(200)), "Week 12, from Monday 16 November 2026\nNo lessons.\n");
    }
}
