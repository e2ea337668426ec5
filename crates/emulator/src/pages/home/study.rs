//! The widgets about a pupil's days and work: the study pages' own answers, cut to what is new.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::widget;
use crate::School;
use crate::pages::{Call, Ids, attendance, bare, evaluations, genre, grades, read, timetable, work, write};

/// How many grades, evaluations or events a widget shows.
const SHOWN: usize = 5;

/// Adds the wanted widgets; to people who are no pupil's, only the timetable.
pub(super) fn add(
    school: &School,
    ids: &Ids,
    call: &Call<'_>,
    day: Date,
    wanted: &impl Fn(u64) -> bool,
    page: &mut Value,
) {
    if wanted(widget::TIMETABLE)
        && let Some(lessons) = lessons(school, ids, call, day)
    {
        for (field, value) in lessons {
            page[field] = value;
        }
    }
    if call.viewer.pupil(school).is_err() {
        return;
    }
    let widgets: [(u64, &str, Widget); 4] = [
        (widget::HOMEWORK, "travailAFaire", homework),
        (widget::GRADES, "notes", latest_grades),
        (widget::SKILLS, "competences", latest_evaluations),
        (widget::SCHOOL_LIFE, "vieScolaire", school_life),
    ];
    for (number, name, content) in widgets {
        if wanted(number)
            && let Some(content) = content(school, ids, call)
        {
            page[name] = content;
        }
    }
}

/// Makes one widget; none when its page is refused to the viewer.
type Widget = fn(&School, &Ids, &Call<'_>) -> Option<Value>;

/// The same call, made of another page.
fn asking<'a>(call: &Call<'a>, function: &'a str, tab: i64, data: &'a Value) -> Call<'a> {
    Call { function, tab: Some(tab), data, signature: call.signature, viewer: call.viewer, uploads: call.uploads }
}

/// The fields of the timetable of one day, which stand in the home page itself.
fn lessons(school: &School, ids: &Ids, call: &Call<'_>, day: Date) -> Option<Map<String, Value>> {
    let data = json!({ "dateDebut": write::date(day) });
    let answer = timetable::answer(school, ids, &asking(call, "PageEmploiDuTemps", 16, &data)).ok()?;
    let Value::Object(mut fields) = answer.data else { return None };
    let next = school.year.next_open(day.saturating_add(1.day()));
    fields.insert("dateSelectionnee".to_owned(), write::date(day));
    fields.insert("prochaineDate".to_owned(), write::date(next));
    fields.insert("prochainJourCycle".to_owned(), json!(next.weekday().to_monday_zero_offset()));
    // The switch is spelled both ways by first-party clients of different years.
    fields.insert("AvecCoursAnnule".to_owned(), fields.get("avecCoursAnnule").cloned().unwrap_or_default());
    Some(fields)
}

/// What is due from today on, for two weeks, with fields in lower case.
fn homework(school: &School, ids: &Ids, call: &Call<'_>) -> Option<Value> {
    let today = school.clock.today();
    let week = school.year.week(today);
    let data = json!({ "domaine": write::domain(week..=week + 1) });
    let answer = work::answer(school, ids, &asking(call, "PageCahierDeTexte", 88, &data)).ok()?;
    let due = elements(&answer.data["ListeTravauxAFaire"]);
    let due = due.filter(|homework| read::day(&homework["PourLe"]).is_some_and(|due| due >= today));
    Some(json!({ "listeTAF": write::list(due.map(lower_case)) }))
}

/// A copy whose fields begin with a small letter; acronyms stay as they are.
fn lower_case(element: &Value) -> Value {
    let fields = element.as_object().into_iter().flatten().map(|(name, value)| {
        let mut letters = name.chars();
        let small = match (letters.next(), letters.next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                format!("{}{}", first.to_lowercase(), &name[first.len_utf8()..])
            }
            _ => name.clone(),
        };
        (small, value.clone())
    });
    Value::Object(fields.collect())
}

fn latest_grades(school: &School, ids: &Ids, call: &Call<'_>) -> Option<Value> {
    let data = term(school, ids)?;
    let answer = grades::answer(school, ids, &asking(call, "DernieresNotes", 198, &data)).ok()?;
    Some(json!({
        "listeDevoirs": first(&answer.data["listeDevoirs"]),
        "avecDetailDevoir": true,
        "avecDetailService": true,
        "page": { "periode": write::element(data["periode"].clone()) },
    }))
}

fn latest_evaluations(school: &School, ids: &Ids, call: &Call<'_>) -> Option<Value> {
    let data = term(school, ids)?;
    let answer = evaluations::answer(school, ids, &asking(call, "DernieresEvaluations", 201, &data)).ok()?;
    Some(json!({ "listeEvaluations": first(&answer.data["listeEvaluations"]) }))
}

fn school_life(school: &School, ids: &Ids, call: &Call<'_>) -> Option<Value> {
    let data = term(school, ids)?;
    let answer = attendance::answer(school, ids, &asking(call, "PagePresence", 19, &data)).ok()?;
    let events = &answer.data["listeAbsences"];
    Some(json!({ "L": "Vie scolaire", "listeAbsences": first(events) }))
}

/// A request about the present term.
fn term(school: &School, ids: &Ids) -> Option<Value> {
    let term = school.year.term(school.clock.today())?;
    Some(json!({ "periode": { "N": ids.write(genre::PERIOD, term.id), "L": term.name, "G": 2 } }))
}

fn elements(list: &Value) -> impl Iterator<Item = &Value> {
    bare(list).as_array().into_iter().flatten()
}

fn first(list: &Value) -> Value {
    write::list(elements(list).take(SHOWN).cloned())
}
