//! The home page: what is near, from every page at once.

use pronote::model::{Home, Instance, PlannedTestKind};

use super::{Look, block, cell, homework, joined, line, number, table, text_of, timetable};
use crate::items::listed;
use crate::when;

/// Each part of the page under its heading; parts without anything are left out.
pub(crate) fn home(home: &Home, instance: &Instance, look: Look) -> String {
    let mut text = home.message.as_ref().map(|message| block(message) + "\n").unwrap_or_default();
    let mut part = |heading: &str, body: String| {
        if !body.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}# {heading}\n{body}"));
        }
    };
    if let Some(page) = home.timetable.as_ref().filter(|page| !page.entries.is_empty()) {
        let days = page.entries.iter().map(|entry| entry.start.date());
        if let (Some(from), Some(to)) = (days.clone().min(), days.max()) {
            part("Lessons", timetable::timetable(page, instance, (from, to), false, look));
        }
    }
    if !home.homework.is_empty() {
        part("Homework", homework::homework(&listed(home.homework.clone()), look));
    }
    part("Tests", tests(home, look));
    part("Agenda", agenda(home, look));
    let unread = home.news.iter().filter(|item| !item.read).count();
    if unread > 0 {
        part("News", format!("{unread} unread\n"));
    }
    let unread: u32 = home.mailbox.iter().flat_map(|mailbox| &mailbox.discussions).map(|talk| talk.unread).sum();
    if unread > 0 {
        part("Discussions", format!("{unread} unread\n"));
    }
    part("Wallets", wallets(home, look));
    part("Links", links(home, look));
    if text.is_empty() { "Nothing is near.\n".into() } else { text }
}

fn tests(home: &Home, look: Look) -> String {
    let mut table = table(look, ["when", "what", "subject", "where"]);
    for test in &home.tests {
        let kind = match test.kind {
            PlannedTestKind::Evaluation => "evaluation",
            PlannedTestKind::Test | PlannedTestKind::Other(_) => "test",
        };
        table.add_row([
            cell(format!("{} {}", when::short(test.start.date()), test.start.time().strftime("%H:%M"))),
            cell(joined([kind, test.name.as_deref().unwrap_or_default()], ": ")),
            cell(test.subject.as_ref().map_or("", |subject| subject.name.as_str())),
            cell(test.rooms.join(", ")),
        ]);
    }
    text_of(&table)
}

fn agenda(home: &Home, look: Look) -> String {
    let mut table = table(look, ["from", "to", "what"]);
    for event in &home.agenda {
        let day = |time: Option<jiff::civil::DateTime>| time.map(|time| when::short(time.date())).unwrap_or_default();
        let what = joined([Some(&event.name), event.comment.as_ref()].into_iter().flatten(), ": ");
        table.add_row([cell(day(event.start)), cell(day(event.end)), cell(what)]);
    }
    text_of(&table)
}

fn wallets(home: &Home, look: Look) -> String {
    let mut table = table(look, ["wallet", "balance", ""]);
    for wallet in home.wallets() {
        let balance = wallet.balance.map_or_else(|| wallet.balance_label.clone(), number);
        table.add_row([cell(&wallet.name), cell(balance), cell(if wallet.low { "low" } else { "" })]);
    }
    text_of(&table)
}

fn links(home: &Home, look: Look) -> String {
    let mut table = table(look, ["link", "address", ""]);
    for link in &home.links {
        let about = [link.comment.as_deref(), link.phone.as_deref()].into_iter().flatten();
        table.add_row([
            cell(&link.name),
            cell(link.url.as_deref().map(line).unwrap_or_default()),
            cell(joined(about, ", ")),
        ]);
    }
    text_of(&table)
}
