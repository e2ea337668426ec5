//! The account, and the people of a school.

use pronote::model::{Account, ClassRef, Identity, Pupil, PupilCard, SecurityMode, TeamMember};

use super::messages::kind;
use super::{Look, cell, joined, line, table, table_or};
use crate::items::Listed;
use crate::when;

/// The account's own data, line by line.
pub(crate) fn account(account: &Account) -> String {
    let town = joined([account.postal_code.clone(), account.city.clone()].into_iter().flatten(), " ");
    let address = account.address.iter().cloned().chain([town]);
    let address = address.chain(account.province.clone()).chain(account.country.clone());
    let mut rows = vec![
        ("address", joined(address, ", ")),
        ("e-mail", account.email.clone().unwrap_or_default()),
        ("phone", account.phone.clone().unwrap_or_default()),
        ("national identifier", account.national_id.clone().unwrap_or_default()),
    ];
    if let Some(security) = &account.security {
        let mode = match security.mode {
            SecurityMode::NotChosen => "not chosen",
            SecurityMode::Inactive => "none",
            SecurityMode::Notification => "notification of new devices",
            SecurityMode::Pin => "PIN",
            SecurityMode::Other(_) => "unknown",
        };
        rows.push(("second factor", mode.into()));
        let devices = security.devices.iter().filter_map(|device| device.name.clone());
        rows.push(("known devices", joined(devices, ", ")));
    }
    lines(&rows)
}

fn lines(rows: &[(&str, String)]) -> String {
    let shown = rows.iter().filter(|(_, value)| !value.trim().is_empty());
    shown.map(|(name, value)| format!("{name}: {}\n", line(value))).collect()
}

/// The classes of an account of school life.
pub(crate) fn classes(classes: &[Listed<ClassRef>], look: Look) -> String {
    let mut table = table(look, ["class", "level", "", "id"]);
    for class in classes {
        table.add_row([
            cell(&class.name),
            cell(class.level.as_deref().unwrap_or_default()),
            cell(if class.is_responsible { "in charge" } else { "" }),
            cell(&class.listed_id),
        ]);
    }
    table_or(&table, "This account has no classes.")
}

/// The pupils of a class.
pub(crate) fn pupils(pupils: &[Listed<Pupil>], look: Look) -> String {
    let mut table = table(look, ["name", "born", "options", "arrangements", "id"]);
    for pupil in pupils {
        let arrangements = pupil.arrangements.iter().filter_map(|arrangement| arrangement.kind.clone());
        table.add_row([
            cell(&pupil.name),
            cell(pupil.born.map(|born| born.to_string()).unwrap_or_default()),
            cell(joined(&pupil.options, ", ")),
            cell(joined(arrangements, ", ")),
            cell(&pupil.listed_id),
        ]);
    }
    table_or(&table, "No pupils.")
}

/// A pupil, and who answers for them.
pub(crate) fn card(card: &PupilCard) -> String {
    let mut text = identity(&card.identity, &[]);
    for guardian in &card.guardians {
        let about = [
            guardian.relationship.clone().unwrap_or_default(),
            if guardian.legal { "legal guardian".into() } else { guardian.responsibility.clone().unwrap_or_default() },
            if guardian.emergency_contact == Some(true) { "emergency contact".into() } else { String::new() },
            if guardian.may_collect_child == Some(true) { "may collect the child".into() } else { String::new() },
        ];
        text.push('\n');
        text.push_str(&identity(&guardian.identity, &about));
    }
    text
}

fn identity(person: &Identity, about: &[String]) -> String {
    let name = person.last_name.iter().chain(&person.first_names);
    let town = joined([person.postal_code.clone(), person.city.clone()].into_iter().flatten(), " ");
    let born = person.born.map(when::long);
    let rows = [
        ("name", joined(name, " ")),
        ("role", joined(about, ", ")),
        ("born", joined([born, person.birth_city.clone()].into_iter().flatten(), ", ")),
        ("address", joined(person.address.iter().cloned().chain([town]).chain(person.country.clone()), ", ")),
        ("e-mail", person.email.clone().unwrap_or_default()),
        ("mobile phone", person.mobile_phone.clone().unwrap_or_default()),
        ("home phone", person.home_phone.clone().unwrap_or_default()),
        ("other phone", person.other_phone.clone().unwrap_or_default()),
    ];
    lines(&rows)
}

/// The people who teach a pupil, and what.
pub(crate) fn team(team: &[TeamMember], look: Look) -> String {
    let mut table = table(look, ["name", "", "subjects"]);
    for member in team {
        let subjects = member.subjects.iter().map(|subject| {
            let hours = subject.weekly_minutes.map(|minutes| format!(" ({}h{:02} a week)", minutes / 60, minutes % 60));
            format!("{}{}", subject.name, hours.unwrap_or_default())
        });
        let role = [kind(member.kind), if member.left { "left" } else { "" }];
        table.add_row([cell(&member.name), cell(joined(role, ", ")), cell(joined(subjects, "\n"))]);
    }
    table_or(&table, "The school shows no team.")
}
