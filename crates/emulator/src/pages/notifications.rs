//! What waits for somebody: the notification centre (`CentraleNotifications`, data §19) and the counters beside every answer.

use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, write};
use crate::School;
use crate::school::PersonId;

/// PRONOTE's number of the news tab.
const NEWS: u8 = 8;
/// PRONOTE's number of the messaging tab.
const MESSAGES: u8 = 131;

/// What is unread on one tab.
struct Unread {
    tab: u8,
    ident: &'static str,
    title: &'static str,
    count: usize,
}

fn unread(school: &School, person: PersonId) -> [Unread; 2] {
    let news = school.news.items.iter().filter(|item| item.reaches(school, person) && !item.read_by(person));
    [
        Unread { tab: NEWS, ident: "insh_IdInformations", title: "Informations et sondages", count: news.count() },
        Unread {
            tab: MESSAGES,
            ident: "insh_IdDiscussions",
            title: "Discussions",
            count: school.messages.unread(person),
        },
    ]
}

/// `notificationsCommunication` of a response signature: how much is unread, by tab (data §1.5).
pub(crate) fn counters(school: &School, person: PersonId) -> Value {
    unread(school, person).iter().map(|unread| json!({ "onglet": unread.tab, "nb": unread.count })).collect()
}

/// Answers with all that waits.
pub(crate) fn answer(school: &mut School, _ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let waiting: Vec<Unread> =
        unread(school, call.viewer.person).into_iter().filter(|unread| unread.count > 0).collect();
    let total: usize = waiting.iter().map(|unread| unread.count).sum();
    let list = waiting.into_iter().map(|unread| {
        let line = json!({
            "type": 0,
            "action": 0,
            "id": unread.ident,
            "titre": unread.title,
            "message": format!("{} non lu(s)", unread.count),
            "compteur": unread.count,
            "modalites": write::set([0]),
            "date": write::date_time(school.clock.now()),
            "navOnglets": [unread.tab],
        });
        json!({ "L": unread.title, "ident": unread.ident, "liste": write::list([line]) })
    });
    Ok(Answer::read(json!({ "nbNotifs": total, "liste": write::list(list) })))
}

#[cfg(test)]
mod tests;
