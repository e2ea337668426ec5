//! Invents news, menus, discussions and the home page.

mod discussions;
mod home;
mod menus;
mod news;

use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};

use crate::School;
use crate::school::{Body, File, FileId, Kind, Person};

/// Fills the communication half of a school whose people and year exist.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    menus::fill(school, random);
    news::fill(school, random);
    discussions::fill(school, random);
    home::fill(school, random);
}

/// Some days before today, at an hour.
fn ago(school: &School, days: i64, hour: i8, minute: i8) -> DateTime {
    let time = Time::new(hour, minute, 0, 0).unwrap_or_default();
    school.clock.today().saturating_sub(days.days()).to_datetime(time)
}

/// Puts a file or a link on the shelf.
fn attach(school: &mut School, name: &str, body: Body) -> FileId {
    let id = FileId(school.files.last().map_or(1, |file| file.id.0 + 1));
    school.files.put(File { id, name: name.to_owned(), body });
    id
}

/// Finds a member of the staff by what this person does; any other when nobody does that.
fn staff<'a>(school: &'a School, function: &str) -> Option<&'a Person> {
    let mut staff = school.people.iter().filter(|person| person.kind == Kind::Staff);
    let first = staff.clone().next();
    staff.find(|person| person.function == function).or(first)
}
