//! What our own command line reads, in the form all clients are compared in.

use serde_json::{Value, json};

use super::{Fields, Reading};
use crate::person::Person;

/// PRONOTE's annotations by code, from 1.
const ANNOTATIONS: [&str; 8] = [
    "absent",
    "exempted",
    "not_graded",
    "unfit",
    "not_handed_in",
    "absent_zero",
    "not_handed_in_zero",
    "congratulations",
];
const DIFFICULTIES: [&str; 4] = ["unsaid", "easy", "medium", "hard"];
const SUBMISSIONS: [&str; 5] = ["none", "paper", "file", "kiosk", "recording"];
const COURSES: [&str; 6] = ["starter", "main", "side", "drink", "dessert", "cheese"];

/// Asks one page and expects every part of it to be understood.
fn ask(pupil: &Person, arguments: &[&str]) -> Value {
    let mut answer = pupil.json(arguments);
    assert_eq!(answer["diagnostics"], json!([]), "{arguments:?}");
    answer["data"].take()
}

/// The year of a pupil, between two days, both included.
pub(super) fn read(pupil: &Person, (first, last): (&str, &str)) -> Reading {
    let ask = |arguments: &[&str]| ask(pupil, arguments);
    let year = ["--from", first, "--to", last];
    let page = |name: &str| ask(&[&[name][..], &year].concat());

    let mut reading = Reading::new();
    let mut add = |kind: &str, object: Value| {
        let Value::Object(object) = object else { unreachable!("every form below is an object") };
        let objects: &mut Vec<Fields> = reading.entry(kind.to_owned()).or_default();
        objects.push(object);
    };
    for entry in list(&ask(&["timetable", "--all", "--from", first, "--to", last])["entries"]) {
        add("lessons", lesson(entry));
    }
    for piece in list(&page("homework")) {
        add("homework", homework(piece));
    }
    for day in list(&page("menus")["days"]) {
        list(&day["meals"]).iter().for_each(|meal| add("menus", menu(&day["date"], meal)));
    }
    for (place, found) in list(&ask(&["periods"])).iter().enumerate() {
        let number = (place + 1).to_string();
        let period = |name: &str| ask(&[name, "--period", &number]);
        let grades = period("grades");
        list(&grades["grades"]).iter().for_each(|one| add("grades", grade(one)));
        // The others give averages only where there are grades.
        if !list(&grades["grades"]).is_empty() {
            let subjects = list(&grades["subjects"]);
            subjects.iter().for_each(|subject| add("averages", average(&found["name"], subject)));
        }
        list(&period("evaluations")).iter().for_each(|one| add("evaluations", evaluation(one)));
        let life = period("absences");
        list(&life["absences"]).iter().for_each(|one| add("absences", absence(one)));
        list(&life["delays"]).iter().for_each(|one| add("delays", delay(one)));
        list(&life["punishments"]).iter().for_each(|one| add("punishments", punishment(one)));
    }
    list(&ask(&["news"])).iter().for_each(|one| add("news", news(one)));
    for (options, trash) in [(&["messages"][..], false), (&["messages", "--in-trash"], true)] {
        for one in list(&ask(options)) {
            let id = one["id"].as_str().expect("a discussion has an identifier");
            let (thread, people) = (ask(&["messages", "show", id]), ask(&["messages", "participants", id]));
            add("discussions", discussion(one, trash, &thread, &people));
        }
    }
    let (user, account) = (ask(&["user"]), ask(&["account"]));
    let person = json!({
        "name": user["name"], "class": user["class"]["name"], "school": user["school"]["name"],
        "email": account["email"], "phone": account["phone"], "national_id": account["national_id"],
    });
    add("people", person);
    reading
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn sorted(names: impl IntoIterator<Item = Value>) -> Value {
    let mut names: Vec<Value> = names.into_iter().collect();
    names.sort_by_key(Value::to_string);
    names.into()
}

/// A time to the minute.
fn minute(time: &Value) -> Value {
    time.as_str().and_then(|time| time.get(..16)).into()
}

fn decimal(text: &Value) -> Value {
    let Some(text) = text.as_str() else { return Value::Null };
    let plain = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    plain.into()
}

fn code(names: &[&str], name: &Value) -> Value {
    names.iter().position(|found| name == found).into()
}

fn mark(mark: &Value) -> Value {
    match code(&ANNOTATIONS, &mark["annotated"]["annotation"]).as_u64() {
        Some(index) => format!("|{}", index + 1).into(),
        None => decimal(&mark["value"]),
    }
}

fn attachments(files: &[Value]) -> Value {
    sorted(files.iter().map(|file| json!([file["name"], file["kind"]])))
}

fn lesson(entry: &Value) -> Value {
    json!({
        "start": minute(&entry["start"]), "end": minute(&entry["end"]), "memo": entry["memo"],
        "detention": entry["type"] == "detention", "outing": entry["type"] == "activity",
        "teachers": sorted(list(&entry["teachers"]).to_vec()), "rooms": sorted(list(&entry["rooms"]).to_vec()),
        "subject": entry["subject"]["name"], "groups": sorted(list(&entry["groups"]).to_vec()),
        "status": entry["status"], "cancelled": entry["cancelled"], "exempted": !entry["exemption"].is_null(),
        "test": entry["test"], "videos": sorted(list(&entry["video_links"]).to_vec()),
    })
}

fn homework(piece: &Value) -> Value {
    json!({
        "due": piece["due"], "subject": piece["subject"]["name"], "text": piece["description"]["text"],
        "done": piece["done"], "color": piece["color"], "attachments": attachments(list(&piece["attachments"])),
        "difficulty": code(&DIFFICULTIES, &piece["difficulty"]), "minutes": piece["estimated_minutes"],
        "return": code(&SUBMISSIONS, &piece["submission"]["kind"]),
    })
}

fn grade(one: &Value) -> Value {
    json!({
        "date": one["date"], "subject": one["subject"]["name"], "value": mark(&one["value"]),
        "out_of": decimal(&one["scale"]), "average": mark(&one["class_average"]), "highest": mark(&one["highest"]),
        "lowest": mark(&one["lowest"]), "coefficient": decimal(&one["coefficient"]), "comment": one["title"],
        "bonus": one["bonus"], "optional": one["optional"], "out_of_20": one["rescaled"],
    })
}

fn average(period: &Value, subject: &Value) -> Value {
    json!({
        "period": period, "subject": subject["subject"]["name"], "pupil": mark(&subject["student"]),
        "class": mark(&subject["class"]), "highest": mark(&subject["highest"]), "lowest": mark(&subject["lowest"]),
        "out_of": decimal(&subject["scale"]), "color": subject["color"],
    })
}

fn evaluation(one: &Value) -> Value {
    let skill = |skill: &Value| ["level", "abbreviation", "domain", "item", "pillar"].map(|name| skill[name].clone());
    json!({
        "date": one["date"], "name": one["name"], "subject": one["subject"]["name"], "teacher": one["teacher"],
        "description": one["description"], "skills": list(&one["acquisitions"]).iter().map(skill).collect::<Vec<_>>(),
    })
}

fn absence(one: &Value) -> Value {
    let days: Option<i64> = one["missed_days"].as_str().and_then(|days| days.parse().ok());
    json!({
        "start": minute(&one["from"]), "end": minute(&one["to"]), "justified": one["status"]["justified"],
        "minutes": one["missed_minutes"], "days": days, "reasons": first_reason(one),
    })
}

fn delay(one: &Value) -> Value {
    json!({
        "date": minute(&one["at"]), "minutes": one["minutes"], "justified": one["status"]["justified"],
        "reasons": first_reason(one),
    })
}

/// One of the clients gives no more.
fn first_reason(one: &Value) -> Vec<&Value> {
    list(&one["status"]["reasons"]).iter().take(1).collect()
}

fn punishment(one: &Value) -> Value {
    json!({
        "given": one["given"], "nature": one["title"], "during_lesson": one["during_lesson"],
        "exclusion": one["exclusion"], "work": one["work"], "circumstances": one["circumstances"],
        "giver": one["giver"], "minutes": one["minutes"], "reasons": one["reasons"],
    })
}

fn menu(date: &Value, meal: &Value) -> Value {
    let food = |food: &Value| {
        let labels = list(&food["labels"]).iter().map(|label| label["name"].clone());
        json!([food["name"], sorted(labels)])
    };
    let course = |course: &str| -> Vec<Value> {
        let dishes = list(&meal["dishes"]).iter().filter(|dish| dish["kind"] == course);
        dishes.flat_map(|dish| list(&dish["foods"])).map(food).collect()
    };
    json!({ "date": date, "meal": meal["kind"], "courses": COURSES.map(course) })
}

fn news(one: &Value) -> Value {
    let questions = list(&one["questions"]);
    let files: Vec<Value> = questions.iter().flat_map(|question| list(&question["attachments"]).to_vec()).collect();
    json!({
        "title": one["title"], "author": one["author"], "category": one["category"]["name"],
        "created": minute(&one["created"]), "read": one["read"], "survey": one["kind"] == "survey",
        "text": one["questions"][0]["content"]["text"], "attachments": attachments(&files),
    })
}

fn discussion(one: &Value, trash: bool, thread: &Value, people: &Value) -> Value {
    let sent = |message: &Value| {
        let author = if message["mine"] == true { json!("") } else { message["author"].clone() };
        json!([minute(&message["sent"]), author, message["content"]["text"]])
    };
    let mut discussion = json!({
        "subject": one["subject"], "creator": one["creator"], "unread": one["unread"], "closed": one["closed"],
        "trash": trash, "participants": sorted(list(people).iter().map(|person| person["name"].clone())),
    });
    if list(&thread["messages"]).iter().all(|message| message["draft"] == false) {
        discussion["messages"] = sorted(list(&thread["messages"]).iter().map(sent));
    }
    discussion
}
