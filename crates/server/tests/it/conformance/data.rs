//! Cases 58 to 92: what every page says.

use std::sync::{Arc, Mutex};

use emulator::school::{Extra, Occasion};
use emulator::{Config, Emulator};
use jiff::civil::date;
use serde_json::{Value, json};

use super::desk::{Desk, only_error, period_of};
use crate::fixture::{self, MATHS, list, mark};

/// The nine pages of a pupil, in one question.
const PAGES: &str = "{timetable{id} marks{averages{student}} evaluations{name} absences{absences{id}} infos{id} \
                     contents{id} homeworks{id} menu{date} files{id}}";

#[tokio::test]
async fn case_58_lessons_are_told_whole_and_in_order() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let fields =
        "id from to isDetention hasDuplicate subject teacher room status isAway isCancelled color remoteLesson";
    let data = desk.data(&token, &format!(r#"{{timetable(from:"2020-09-02"){{{fields}}}}}"#)).await;
    assert_eq!(
        data["timetable"],
        json!([
            {
                "id": "564380727502322b", "from": 1_599_026_400_000_u64, "to": 1_599_030_000_000_u64,
                "isDetention": false, "hasDuplicate": false, "subject": "MATHS", "teacher": "M. X", "room": "101",
                "status": null, "isAway": false, "isCancelled": false, "color": "#fff", "remoteLesson": false,
            },
            {
                "id": "526710c7b84d2f5", "from": 1_599_030_000_000_u64, "to": 1_599_035_400_000_u64,
                "isDetention": false, "hasDuplicate": true, "subject": "FR", "teacher": null, "room": null,
                "status": "Prof. absent", "isAway": true, "isCancelled": false, "color": "#fff", "remoteLesson": false,
            },
            {
                "id": "26d074fbd7a3b2e2", "from": 1_599_030_000_000_u64, "to": 1_599_033_600_000_u64,
                "isDetention": true, "hasDuplicate": true, "subject": "Retenue", "teacher": "Mme S", "room": "Perm",
                "status": null, "isAway": null, "isCancelled": null, "color": null, "remoteLesson": false,
            },
        ])
    );
}

#[tokio::test]
async fn case_59_an_end_before_the_start_is_the_next_day() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, r#"{timetable(from:"2020-09-02", to:"2020-09-01"){from}}"#).await;
    let starts = [1_599_026_400_000_u64, 1_599_030_000_000, 1_599_030_000_000].map(|from| json!({ "from": from }));
    assert_eq!(data["timetable"], json!(starts));
}

#[tokio::test]
async fn case_60_both_ends_of_a_range_belong_to_it() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let nine = r#""2020-09-02T09:00:00+02:00""#;
    let data = desk.data(&token, &format!("{{timetable(from:{nine}, to:{nine}){{subject}}}}")).await;
    assert_eq!(data["timetable"], json!([{ "subject": "FR" }, { "subject": "Retenue" }]));
}

#[tokio::test]
async fn case_61_a_null_date_is_a_date_left_out() {
    // Early, so that there is something to be seen from now on.
    let desk = Desk::on(date(2020, 9, 2).at(7, 0, 0, 0)).await;
    let token = desk.student().await;
    let omitted = desk.data(&token, "{timetable{from}}").await;
    assert_eq!(omitted["timetable"].as_array().map(Vec::len), Some(3));
    assert_eq!(desk.data(&token, "{timetable(from:null){from}}").await, omitted);
}

#[tokio::test]
async fn case_62_what_is_no_date_is_refused() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let answer = desk.ask(&token, r#"{timetable(from:"garbage"){from}}"#).await;
    assert_eq!(answer["data"], json!({ "timetable": null }));
    let error = only_error(&answer);
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(error["message"].as_str().unwrap().contains("from"), "{error}");
}

#[tokio::test]
async fn case_63_a_saturday_lesson_is_found_from_its_saturday() {
    let desk = Desk::open().await;
    let saturday = fixture::detention(2, date(2020, 9, 5));
    desk.school.school().extras.put(Extra { slot: 4, what: Occasion::Lesson(MATHS), ..saturday });
    let token = desk.student().await;
    let data = desk.data(&token, r#"{timetable(from:"2020-09-05"){subject from}}"#).await;
    assert_eq!(data["timetable"], json!([{ "subject": "MATHS", "from": 1_599_292_800_000_u64 }]));
}

#[tokio::test]
async fn case_64_outside_the_filled_weeks_every_lesson_is_cancelled() {
    let desk = Desk::open().await;
    desk.school.school().extras.put(fixture::detention(2, date(2021, 7, 7)));
    let token = desk.student().await;
    let data = desk.data(&token, r#"{timetable(from:"2021-07-07"){isDetention isCancelled}}"#).await;
    let lesson = |detention: bool| json!({ "isDetention": detention, "isCancelled": true });
    assert_eq!(data["timetable"], json!([lesson(false), lesson(false), lesson(true)]));
}

const MARKS: &str = "averages{student studentClass} subjects{name averages{student studentClass min max} \
                     marks{id value scale average min max date isAway}}";

#[tokio::test]
async fn case_65_marks_and_averages_are_numbers() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, &format!("{{marks{{{MARKS}}}}}")).await;
    assert_numbers(&data["marks"]["averages"], &[("student", 15.5), ("studentClass", 12.35)]);
    let [maths, sport] = &data["marks"]["subjects"].as_array().unwrap()[..] else { panic!("{data}") };
    for (subject, name, own) in [(maths, "MATHS", 15.0), (sport, "EPS", -1.0)] {
        assert_eq!(subject["name"], name);
        let averages = [("student", own), ("studentClass", 12.0), ("min", 2.0), ("max", 20.0)];
        assert_numbers(&subject["averages"], &averages);
    }
    assert_eq!(sport["marks"], json!([]));
    let [first, second] = &maths["marks"].as_array().unwrap()[..] else { panic!("{maths}") };
    let numbers = [("value", 8.5), ("scale", 10.0), ("average", 6.0), ("min", 0.0), ("max", 10.0)];
    assert_numbers(first, &numbers);
    assert_eq!(
        (&first["id"], &first["date"], &first["isAway"]),
        (&json!("d26ab2415e5f1080"), &json!(1_599_688_800_000_u64), &json!(false))
    );
    assert_numbers(second, &[("scale", 10.0)]);
    for field in ["value", "average", "min", "max"] {
        assert_eq!(second[field], Value::Null, "{field}");
    }
    assert_eq!(
        (&second["id"], &second["date"], &second["isAway"]),
        (&json!("d26ab2415e5f1081"), &json!(1_599_688_800_000_u64), &json!(true))
    );
}

/// Compares numbers whether or not they are written with a point.
#[track_caller]
fn assert_numbers(object: &Value, expected: &[(&str, f64)]) {
    for (field, number) in expected {
        assert_eq!(object[field].as_f64(), Some(*number), "{field} of {object}");
    }
}

#[tokio::test]
async fn case_66_a_period_is_asked_for_by_its_name() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = |period: &str| format!(r#"{{marks(period:"{period}"){{subjects{{name}}}}}}"#);
    let data = desk.data(&token, &query("Trimestre 1")).await;
    assert_eq!(data["marks"]["subjects"], json!([{ "name": "MATHS" }, { "name": "EPS" }]));
    assert_eq!(period_of(&desk.last("DernieresNotes")), "Trimestre 1");
    let data = desk.data(&token, &query("Trimestre 2")).await;
    assert_eq!(data["marks"]["subjects"], json!([]));
    let answer = desk.ask(&token, &query("zzz")).await;
    assert_eq!(answer["data"], json!({ "marks": null }));
    let error = only_error(&answer);
    assert_eq!(
        (&error["message"], &error["extensions"]["code"]),
        (&json!("Unknown period 'zzz'"), &json!("BAD_USER_INPUT"))
    );
}

#[tokio::test]
async fn case_67_outside_every_period_the_default_of_the_page_is_asked_for() {
    let desk = Desk::on(date(2026, 3, 15).at(12, 0, 0, 0)).await;
    let token = desk.student().await;
    desk.data(&token, "{marks{averages{student}}}").await;
    assert_eq!(period_of(&desk.last("DernieresNotes")), "Trimestre 3", "the one that the school proposes");

    desk.school.script("ParametresUtilisateur", |_, user| {
        for tab in list(&mut user["ressource"], "listeOngletsPourPeriodes") {
            tab.as_object_mut().unwrap().remove("periodeParDefaut");
        }
    });
    let token = desk.student().await;
    desk.data(&token, "{marks{averages{student}}}").await;
    assert_eq!(period_of(&desk.last("DernieresNotes")), "Année continue", "the sixth one");
}

#[tokio::test]
async fn case_68_averages_that_are_not_published_are_null() {
    let desk = Desk::open().await;
    desk.school.script("DernieresNotes", |_, page| {
        for key in ["moyGenerale", "moyGeneraleClasse"] {
            page.as_object_mut().unwrap().remove(key);
        }
    });
    let token = desk.student().await;
    let data = desk.data(&token, "{marks{averages{student studentClass}}}").await;
    assert_eq!(data["marks"]["averages"], json!({ "student": null, "studentClass": null }));
}

#[tokio::test]
async fn case_69_a_subject_without_averages_says_minus_one() {
    let desk = Desk::open().await;
    desk.school.script("DernieresNotes", |_, page| {
        for key in ["moyEleve", "moyClasse", "moyMin", "moyMax"] {
            list(page, "listeServices")[1][key] = mark("");
            list(page, "listeServices")[0].as_object_mut().unwrap().remove(key);
        }
    });
    let token = desk.student().await;
    let data = desk.data(&token, "{marks{subjects{name averages{student studentClass min max}}}}").await;
    let subjects = data["marks"]["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), 2);
    for subject in subjects {
        let none = [("student", -1.0), ("studentClass", -1.0), ("min", -1.0), ("max", -1.0)];
        assert_numbers(&subject["averages"], &none);
    }
}

#[tokio::test]
async fn case_70_evaluations_are_told_by_subject() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = "{evaluations{name teacher evaluations{id name levels{name prefixes value{short long}}}}}";
    let data = desk.data(&token, query).await;
    let level = json!({
        "name": "Ecrire", "prefixes": ["D1", "D2"], "value": { "short": "A", "long": "Très bonne maîtrise" },
    });
    let evaluation = json!({ "id": "4016ac44327ef0cf", "name": "Dictée", "levels": [level] });
    assert_eq!(data["evaluations"], json!([{ "name": "FR", "teacher": "Mme Y", "evaluations": [evaluation] }]));
}

#[tokio::test]
async fn case_71_school_life_is_told_kind_by_kind() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = "{absences{absences{id from to hours reason justified solved} delays{id minutesMissed reason} \
                 other{id kind subject} totals{subject hoursAssisted hoursMissed subs{subject}}}}";
    let data = desk.data(&token, query).await;
    let absence = &data["absences"]["absences"][0];
    assert_numbers(absence, &[("hours", 2.0)]);
    assert_eq!(
        ["id", "from", "to", "reason", "justified", "solved"].map(|field| &absence[field]),
        [
            &json!("30a8baddbca2ce70"),
            &json!(1_599_717_600_000_u64),
            &json!(1_599_724_800_000_u64),
            &json!("Maladie"),
            &json!(true),
            &json!(true)
        ]
    );
    let late = |id: &str| json!({ "id": id, "minutesMissed": 10, "reason": "" });
    assert_eq!(data["absences"]["delays"], json!([late("7fa18693edd52958"), late("820a7f14662775ed")]));
    let other = json!([{ "id": "82be0446ad263858", "kind": "Leçon non apprise", "subject": "MATHS" }]);
    assert_eq!(data["absences"]["other"], other);
    let [maths, languages] = &data["absences"]["totals"].as_array().unwrap()[..] else { panic!("{data}") };
    assert_eq!((&maths["subject"], &maths["subs"]), (&json!("MATHS"), &Value::Null));
    assert_eq!((&languages["subject"], &languages["subs"]), (&json!("LANGUES"), &json!([{ "subject": "ANGLAIS" }])));
    for total in [maths, languages] {
        assert_numbers(total, &[("hoursAssisted", 2.0), ("hoursMissed", 1.0)]);
    }
}

#[tokio::test]
async fn case_72_a_detention_is_told_with_its_punishment() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{absences{punishments{isDuringLesson giver detention{from to}}}}").await;
    let detention = json!({ "from": 1_600_156_800_000_u64, "to": 1_600_160_400_000_u64 });
    let punishment = json!({ "isDuringLesson": false, "giver": "Mme S", "detention": detention });
    assert_eq!(data["absences"]["punishments"], json!([punishment]));
}

#[tokio::test]
async fn case_73_a_detention_has_an_id() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{absences{punishments{id detention{id}}}}").await;
    let punishment = json!({ "id": "8a35a4d5237db4ce", "detention": { "id": "ed2a68e7eb59f550" } });
    assert_eq!(data["absences"]["punishments"], json!([punishment]));
}

#[tokio::test]
async fn case_74_a_range_without_a_period_is_asked_of_the_first_term() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    desk.data(&token, r#"{absences(from:"2020-09-01",to:"2021-07-01"){absences{from}}}"#).await;
    let asked = desk.last("PagePresence");
    let day = |key: &str| {
        let value = &asked.data[key];
        let text = value.get("V").unwrap_or(value).as_str().unwrap().to_owned();
        text.split(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!((day("DateDebut").as_str(), day("DateFin").as_str()), ("1/9/2020", "1/7/2021"));
    assert_eq!(period_of(&asked), "Trimestre 1");
}

#[tokio::test]
async fn case_75_hours_may_have_two_digits() {
    let desk = Desk::open().await;
    desk.school.school().events.put(fixture::absence(750));
    let token = desk.student().await;
    let data = desk.data(&token, "{absences{absences{hours}}}").await;
    assert_numbers(&data["absences"]["absences"][0], &[("hours", 12.5)]);
}

#[tokio::test]
async fn case_76_news_are_told_with_text_and_files() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{infos{id date title content htmlContent files{id name url}}}").await;
    let mut infos = data["infos"].clone();
    let url = infos[0]["files"][0]["url"].take();
    let file = json!({ "id": "ea66b028317150c7", "name": "doc.pdf", "url": null });
    let info = json!({
        "id": "9f015b5610872d01", "date": 1_598_997_600_000_u64, "title": "Réunion", "content": "Bonjour & bienvenue",
        "htmlContent": "<div>Bonjour &amp; <br>bienvenue</div>", "files": [file],
    });
    assert_eq!(infos, json!([info]));
    let cipher = desk.cipher_of(url.as_str().unwrap(), "/doc.pdf");
    assert!(!cipher.is_empty() && cipher.bytes().all(|byte| byte.is_ascii_hexdigit()), "{url}");
    let file = desk.fetch(url.as_str().unwrap()).await;
    assert!(file.body.starts_with(b"%PDF"), "the address leads to the file");
}

#[tokio::test]
async fn case_77_attachments_have_the_date_of_what_they_are_attached_to() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{infos{files{time subject}}}").await;
    assert_eq!(data["infos"], json!([{ "files": [{ "time": "1598997600000", "subject": "" }] }]));
}

#[tokio::test]
async fn case_78_contents_are_told_as_text_and_as_html() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let ask = async |fields: &str| {
        desk.data(&token, &format!(r#"{{contents(from:"2020-09-02"){{{fields}}}}}"#)).await["contents"].take()
    };
    let content = json!({
        "id": "c7fe87f102469c13", "title": "Chapitre 1", "description": "Intro", "category": "Cours",
    });
    assert_eq!(ask("id title description category").await, json!([content]));
    assert_eq!(ask("htmlDescription").await, json!([{ "htmlDescription": "<p>Intro</p>" }]));
}

#[tokio::test]
async fn case_79_homework_is_told_with_its_files() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = r#"{homeworks(from:"2020-09-02",to:"2020-09-04"){id subject description for givenAt done files{url}}}"#;
    let mut homework = desk.data(&token, query).await["homeworks"].take();
    let url = homework[0]["files"][0]["url"].take();
    let item = |id: &str, subject: &str, description: &str, files: Value| {
        json!({
            "id": id, "subject": subject, "description": description, "for": 1_599_084_000_000_u64,
            "givenAt": 1_598_997_600_000_u64, "done": false, "files": files,
        })
    };
    let maths = item("617eee86de040159", "MATHS", "Faire ex 1", json!([{ "url": null }]));
    let french = item("8a4f07d5ef146049", "FR", "Autre", json!([]));
    assert_eq!(homework, json!([maths, french]));
    let cipher = desk.cipher_of(url.as_str().unwrap(), "/a%2520b.pdf");
    assert!(cipher.bytes().all(|byte| byte.is_ascii_hexdigit()), "{url}");
}

#[tokio::test]
async fn case_80_a_day_is_a_day_of_the_school() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, r#"{homeworks(from:"2020-09-03"){subject}}"#).await;
    assert_eq!(data["homeworks"], json!([{ "subject": "MATHS" }, { "subject": "FR" }]));
}

#[tokio::test]
async fn case_81_a_hidden_page_is_null_and_not_asked_for() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let asked = desk.school.exchanges().len();
    assert_eq!(desk.data(&token, "{menu{date}}").await, json!({ "menu": null }));
    assert_eq!(desk.school.exchanges().len(), asked);
}

#[tokio::test]
async fn case_82_menus_are_told_meal_by_meal() {
    let desk = Desk::open().await;
    fixture::show_all(&desk.school);
    let token = desk.student().await;
    let query = r#"{menu(from:"2020-09-01T22:00:00Z"){date meals{name labels{name color}}}}"#;
    let salad = json!({ "name": "Salade", "labels": [{ "name": "Bio", "color": "#0f0" }] });
    let menu = json!([{ "date": 1_598_997_600_000_u64, "meals": [[[salad]]] }]);
    assert_eq!(desk.data(&token, query).await["menu"], menu);
}

#[tokio::test]
async fn case_83_menus_of_two_weeks_are_asked_for_in_both() {
    let desk = Desk::open().await;
    fixture::show_all(&desk.school);
    let token = desk.student().await;
    desk.data(&token, r#"{menu(from:"2020-09-04", to:"2020-09-07"){date}}"#).await;
    let asked: Vec<String> = desk
        .school
        .exchanges()
        .iter()
        .filter(|exchange| exchange.function == "PageMenus")
        .map(|exchange| {
            let date = &exchange.data["date"];
            let text = date.get("V").unwrap_or(date).as_str().unwrap();
            let mut parts = text.split([' ', '/']).map(|part| part.parse::<i16>().unwrap_or_default());
            let mut next = || parts.next().unwrap();
            let (day, month, year) = (next() as i8, next() as i8, next());
            fixture::school().year.week(date_of(year, month, day)).to_string()
        })
        .collect();
    assert_eq!(asked, ["1", "2"]);
}

fn date_of(year: i16, month: i8, day: i8) -> jiff::civil::Date {
    jiff::civil::Date::new(year, month, day).unwrap()
}

#[tokio::test]
async fn case_84_files_are_for_pupils() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let mut files = desk.data(&token, "{files{id time subject name url}}").await["files"].take();
    let url = files[0]["url"].take();
    let file = json!({
        "id": "347ef7ad6a597cbb", "time": "1598997600000", "subject": "MATHS", "name": "cours.pdf", "url": null,
    });
    assert_eq!(files, json!([file]));
    desk.cipher_of(url.as_str().unwrap(), "/cours.pdf");
    let parent = desk.parent().await;
    let data = desk.data(&parent, r#"{files(student:"DUPONT Lea"){name}}"#).await;
    assert_eq!(data, json!({ "files": null }));
}

#[tokio::test]
async fn case_85_the_school_tells_its_parameters() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{params{version firstDay displayWeeks periods{name notationPeriod from to}}}").await;
    let params = &data["params"];
    assert!(params["version"].as_str().is_some_and(|version| !version.is_empty()), "{params}");
    assert_eq!(params["firstDay"], json!(1_598_824_800_000_u64));
    assert!(params["displayWeeks"].is_string(), "{params}");
    let periods = params["periods"].as_array().unwrap();
    let names: Vec<&str> = periods.iter().map(|period| period["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Trimestre 1", "Trimestre 2", "Trimestre 3", "Semestre 1", "Semestre 2", "Année continue"]);
    let first = json!({
        "name": "Trimestre 1", "notationPeriod": 0, "from": 1_598_824_800_000_u64, "to": 1_606_690_800_000_u64,
    });
    assert_eq!(periods[0], first);
}

#[tokio::test]
async fn case_86_whether_a_password_may_be_changed_is_known() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, "{user{authorizations{hasPassword hasPersonalInfo}}}").await;
    assert_eq!(data["user"]["authorizations"], json!({ "hasPassword": true, "hasPersonalInfo": true }));
}

#[tokio::test]
async fn case_87_a_parent_sees_the_children() {
    let desk = Desk::open().await;
    let token = desk.parent().await;
    let data = desk.data(&token, "{user{students{name studentClass{name} avatar}}}").await;
    let mut students = data["user"]["students"].clone();
    let photo = students[0]["avatar"].take();
    let child = |name: &str, class: &str| json!({ "name": name, "studentClass": { "name": class }, "avatar": null });
    assert_eq!(students, json!([child("DUPONT Jean", "2A"), child("DUPONT Lea", "3B")]));
    desk.cipher_of(photo.as_str().unwrap(), "/photo.jpg");
    let answer = desk.ask(&token, "{user{students{id}}}").await;
    assert_eq!(answer.get("data"), None, "{answer}");
    only_error(&answer);
}

#[tokio::test]
async fn case_88_a_child_is_asked_for_by_name_or_by_id() {
    let desk = Desk::open().await;
    let ids: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&ids);
    desk.school.script("ParametresUtilisateur", move |_, user| {
        let children = user["ressource"]["listeRessources"].as_array().unwrap();
        *seen.lock().unwrap() = children.iter().map(|child| child["N"].as_str().unwrap().to_owned()).collect();
    });
    let token = desk.parent().await;
    let lea = ids.lock().unwrap()[1].clone();
    let ask = async |student: &str| {
        let query = format!(r#"{{timetable(student:"{student}", from:"2020-09-02"){{subject from to}}}}"#);
        desk.data(&token, &query).await["timetable"].take()
    };
    let by_id = ask(&lea).await;
    let history = json!({ "subject": "HISTOIRE", "from": 1_599_033_600_000_u64, "to": 1_599_037_200_000_u64 });
    assert_eq!(by_id, json!([history]));
    let asked = desk.last("PageEmploiDuTemps");
    assert_eq!(asked.signature["membre"]["N"], json!(lea));
    assert_eq!(asked.data["ressource"]["N"], json!(lea));
    assert_eq!(ask("DUPONT Lea").await, by_id);
}

#[tokio::test]
async fn case_89_a_child_that_is_not_there_is_named() {
    let desk = Desk::open().await;
    let token = desk.parent().await;
    let answer = desk.ask(&token, r#"{timetable(student:"nobody"){room}}"#).await;
    assert_eq!(answer["data"], json!({ "timetable": null }));
    let error = only_error(&answer);
    assert_eq!((&error["message"], &error["path"]), (&json!("Unknown student 'nobody'"), &json!(["timetable"])));
    assert_eq!(error["extensions"]["code"], "UNKNOWN_STUDENT");
}

#[tokio::test]
async fn case_90_a_parent_must_say_which_child() {
    let desk = Desk::open().await;
    let token = desk.parent().await;
    let answer = desk.ask(&token, "{timetable{room}}").await;
    assert_eq!(answer.get("data"), None, "{answer}");
    let error = only_error(&answer);
    assert!(error["message"].as_str().unwrap().contains("\"student\""), "{error}");
}

#[tokio::test]
async fn case_91_when_everything_is_hidden_everything_is_null() {
    let desk = Desk::open().await;
    desk.school.script("ParametresUtilisateur", |_, user| {
        user["listeOngletsInvisibles"] = json!([8, 10, 16, 19, 88, 89, 99, 198, 201]);
    });
    let token = desk.student().await;
    let asked = desk.school.exchanges().len();
    let data = desk.data(&token, PAGES).await;
    let pages = data.as_object().unwrap();
    assert_eq!(pages.len(), 9);
    assert!(pages.values().all(Value::is_null), "{data}");
    assert_eq!(desk.school.exchanges().len(), asked);
}

#[tokio::test]
async fn case_92_what_is_empty_at_school_is_an_empty_list() {
    let school = Emulator::start(Config::new(fixture::empty_school())).await.unwrap();
    let desk = Desk::at(school, fixture::NOW).await;
    let token = desk.student().await;
    let query = "{timetable{id} marks{subjects{name}} evaluations{name} infos{id} contents{id} homeworks{id} menu{date} \
                 files{id} absences{absences{id} delays{id} punishments{id} other{id} totals{subject}}}";
    let expected = json!({
        "timetable": [], "marks": { "subjects": [] }, "evaluations": [], "infos": [], "contents": [], "homeworks": [],
        "menu": [], "files": [],
        "absences": { "absences": [], "delays": [], "punishments": [], "other": [], "totals": [] },
    });
    assert_eq!(desk.data(&token, query).await, expected);
}
