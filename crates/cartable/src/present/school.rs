//! Who is signed in, and the school's year.

use jiff::civil::Date;
use pronote::model::{Instance, Person, User};

use super::{Look, cell, joined, line, table, table_or, text_of};
use crate::when;

/// The account, its children and its schools.
pub(crate) fn user(user: &User, look: Look) -> String {
    let mut table = table(look, ["", "name", "class", "groups", "school"]);
    let mut add = |label: String, person: &Person| {
        table.add_row([
            cell(label),
            cell(&person.name),
            cell(joined(
                [
                    person.class.as_ref().map_or("", |class| class.name.as_str()),
                    if person.is_delegate { "delegate" } else { "" },
                ],
                ", ",
            )),
            cell(joined(person.groups.iter().map(|group| group.name.as_str()), ", ")),
            cell(person.school.as_ref().map_or("", |school| school.name.as_str())),
        ]);
    };
    add("you".into(), &user.person);
    for (number, child) in user.children.iter().enumerate() {
        add(format!("child {}", number + 1), child);
    }
    let mut text = text_of(&table);
    for school in &user.schools {
        let lines = std::iter::once(&school.name).chain(&school.address).chain(&school.website);
        text.push_str(&format!("{}\n", lines.map(|part| line(part)).collect::<Vec<_>>().join(" · ")));
    }
    text
}

/// The grading periods, as the school dates them.
pub(crate) fn periods(instance: &Instance, today: Date, look: Look) -> String {
    let mut table = table(look, ["period", "from", "to", ""]);
    for period in &instance.periods {
        let current = if (period.start..=period.end).contains(&today) { "now" } else { "" };
        table.add_row([
            cell(&period.name),
            cell(when::short(period.start)),
            cell(when::short(period.end)),
            cell(current),
        ]);
    }
    table_or(&table, "No periods.")
}

/// The holidays of the year.
pub(crate) fn holidays(instance: &Instance, look: Look) -> String {
    let mut table = table(look, ["holiday", "from", "to"]);
    for holiday in instance.holidays.iter() {
        table.add_row([cell(&holiday.name), cell(when::long(holiday.start)), cell(when::long(holiday.end))]);
    }
    table_or(&table, "No holidays.")
}
