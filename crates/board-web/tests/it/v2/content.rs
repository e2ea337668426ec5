//! Subjects, timetables, changes, homework and days.

use board::Role;
use serde_json::{Value, json};

use super::{Api, changes, week};
use crate::house::House;
use crate::wire::{Ask, Told};

fn tag(told: &Told) -> String {
    told.header("etag").unwrap_or_else(|| panic!("no tag: {}", told.text())).to_owned()
}

#[tokio::test]
async fn a_subject_is_added_read_renamed_and_put_away() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        let added = head.post("subjects", &json!({"name": "Алгебра"})).await;
        assert_eq!((added.status, added.header("location")), (201, Some("/api/v2/classes/class/subjects/1")));
        assert_eq!(added.json(), json!({"number": 1, "name": "Алгебра", "note": "", "source": {"from": "hand"}}));
        let again = head.post("subjects", &json!({"name": "Алгебра"})).await;
        assert_eq!((again.status, again.json()["title"].as_str()), (409, Some("Conflict")));

        let changed = head.patch("subjects/1", &json!({"name": "Геометрия", "note": "№ 12\r\n☂\u{0}"})).await;
        assert_eq!((changed.status, &changed.json()["note"]), (200, &json!("№ 12\r\n☂\u{0}")));
        let read = head.get("subjects/1").await;
        assert_eq!((read.json(), tag(&read)), (changed.json(), tag(&changed)));
        let known = head.ask(&head.request("GET", "subjects/1").header("If-None-Match", &tag(&read))).await;
        assert_eq!((known.status, known.body.len()), (304, 0));

        head.put("timetables/undated", &week("", &[1, 2])).await;
        let away = head.delete("subjects/1").await;
        assert_eq!((away.status, &away.json()["named_by"]["week"]), (200, &json!(true)));
        assert_eq!(head.get("subjects/1").await.status, 404);
        assert_eq!(head.delete("subjects/1").await.status, 404);
        assert_eq!(head.get("subjects").await.json(), json!({"items": [], "next": null}));
    }
}

#[tokio::test]
async fn lists_are_given_in_parts() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        let names: Vec<_> = (1..=7).map(|number| format!("Предмет {number}")).collect();
        for name in &names {
            head.post("subjects", &json!({"name": name})).await;
        }
        let all = head.all("subjects", 3).await;
        assert_eq!(all.iter().map(|subject| subject["name"].as_str().unwrap()).collect::<Vec<_>>(), names);

        for (subject, due) in
            [(1, "2025-09-03"), (2, "2025-09-02"), (1, "2025-09-02"), (1, "9999-12-31"), (2, "2024-01-01")]
        {
            let given = head.post("assignments", &json!({"subject": subject, "due": due, "text": "§ 1"})).await;
            assert_eq!(given.status, 201, "{}", given.text());
        }
        let due = async |query: &str| {
            let all = head.all(&format!("assignments{query}"), 1).await;
            all.iter()
                .map(|one| (one["due"].as_str().unwrap().to_owned(), one["subject"].as_i64().unwrap()))
                .collect::<Vec<_>>()
        };
        let on = |day: &str, subject| (day.to_owned(), subject);
        assert_eq!(due("?due=2025-09-02").await, [on("2025-09-02", 2), on("2025-09-02", 1)]);
        assert_eq!(due("?from=2025-09-03").await, [on("2025-09-03", 1), on("9999-12-31", 1)]);
        assert_eq!(due("?to=2025-09-02&subject=2").await, [on("2024-01-01", 2), on("2025-09-02", 2)]);
        assert_eq!(due("").await.len(), 5);

        for day in ["2025-09-02", "9999-12-31", "0001-01-01", "2025-09-04"] {
            let set = head.put(&format!("changes/{day}"), &changes(day)).await;
            assert_eq!((set.status, set.header("location").is_some()), (201, true));
        }
        let days = async |query: &str| {
            let all = head.all(&format!("changes{query}"), 1).await;
            all.iter().map(|day| day["date"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(days("").await, ["0001-01-01", "2025-09-02", "2025-09-04", "9999-12-31"]);
        assert_eq!(days("?from=2025-09-03&to=2025-09-30").await, ["2025-09-04"]);

        for from in ["2025-09-08", "2025-09-01", "2025-09-08"] {
            head.post("timetables", &json!({"valid_from": from, "week": week("", &[])})).await;
        }
        let begun: Vec<_> = head.all("timetables", 1).await.iter().map(|one| one["valid_from"].clone()).collect();
        assert_eq!(begun, ["2025-09-01", "2025-09-08", "2025-09-08"]);
    }
}

#[tokio::test]
async fn a_timetable_holds_from_its_first_day_to_its_last() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        assert_eq!(head.put("timetables/undated", &week("Алгебра", &[1])).await.status, 200);
        let sent = json!({"valid_from": "2025-09-08", "valid_to": "2025-09-14", "week": week("Физика", &[2])});
        let added = head.post("timetables", &sent).await;
        assert_eq!(added.status, 201, "{}", added.text());
        let place = added.header("location").unwrap().strip_prefix("/api/v2").unwrap().to_owned();
        assert_eq!(head.get(&place).await.json(), added.json());
        let on = async |day: &str| head.get(&format!("timetables/current?date={day}")).await.json();
        assert_eq!(on("2025-09-07").await["week"]["texts"][0], "Алгебра");
        let within = on("2025-09-14").await;
        assert_eq!((&within["week"]["texts"][0], &within["timetable"]), (&json!("Физика"), &added.json()["id"]));
        assert_eq!(on("9999-12-31").await["timetable"], Value::Null);
        assert_eq!(
            head.get("timetables/current").await.json()["date"],
            "2025-09-01",
            "today, as the clock of the test has it"
        );

        // What was read may be sent back as it is.
        let mut longer = added.json();
        longer["valid_to"] = Value::Null;
        let set = head.ask(&head.with_body("PUT", &place, &longer).header("If-Match", &tag(&added))).await;
        assert_eq!((set.status, &set.json()["valid_to"]), (200, &Value::Null));
        assert_eq!(on("9999-12-31").await["timetable"], added.json()["id"]);
        assert_eq!(head.delete(&place).await.status, 204);
        assert_eq!(head.get(&place).await.status, 404);
        assert_eq!(head.put(&place, &longer).await.status, 404);
    }
}

#[tokio::test]
async fn homework_is_given_changed_and_taken_away() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        head.post("subjects", &json!({"name": "Физика"})).await;
        let given = head.post("assignments", &json!({"subject": 1, "due": "2025-09-03", "text": "§ 1"})).await;
        assert_eq!(given.json()["given"], "2025-09-01", "today");
        let place = given.header("location").unwrap().strip_prefix("/api/v2").unwrap().to_owned();
        let links = json!({"links": ["https://example.org/задание"], "text": "§ 2"});
        let changed = head.patch(&place, &links).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert_eq!((&changed.json()["text"], &changed.json()["due"]), (&json!("§ 2"), &json!("2025-09-03")));
        assert_eq!(head.get(&place).await.json(), changed.json());
        assert_eq!(head.delete(&place).await.status, 204);
        assert_eq!(head.patch(&place, &links).await.status, 404);
        let unknown = head.post("assignments", &json!({"subject": 9, "due": "2025-09-03", "text": "§ 1"})).await;
        assert_eq!((unknown.status, super::places(&unknown)), (422, vec!["/subject".to_owned()]));
    }
}

#[tokio::test]
async fn whoever_is_slower_is_told_what_is_there_now() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        head.post("subjects", &json!({"name": "Физика"})).await;
        head.post("assignments", &json!({"subject": 1, "due": "2025-09-03", "text": "§ 1"})).await;
        let plan = json!({"valid_from": "2025-09-08", "week": week("Физика", &[2])});
        head.post("timetables", &plan).await;
        let things = [
            ("PATCH", "subjects/1", json!({"note": "№ 1"}), json!({"note": "№ 2"})),
            ("PATCH", "assignments/1", json!({"text": "№ 1"}), json!({"text": "№ 2"})),
            ("PATCH", "settings", json!({"name": "9Б"}), json!({"name": "9В"})),
            ("PUT", "timetables/undated", week("№ 1", &[]), week("№ 2", &[])),
            ("PUT", "timetables/1", json!({"valid_from": "2025-09-08", "week": week("№ 1", &[])}), plan),
            ("PUT", "changes/undated", changes("№ 1"), changes("№ 2")),
            ("PUT", "changes/2025-09-02", changes("№ 1"), changes("№ 2")),
        ];
        head.put("changes/2025-09-02", &changes("")).await;
        for (method, path, mine, theirs) in things {
            let seen = tag(&head.get(path).await);
            let first = head.ask(&head.with_body(method, path, &mine).header("If-Match", &seen)).await;
            assert_eq!((first.status, first.header("etag") == Some(&seen)), (200, false), "{path}: {}", first.text());
            let second = head.ask(&head.with_body(method, path, &theirs).header("If-Match", &seen)).await;
            assert_eq!((second.status, &second.json()["current"]), (412, &first.json()), "{path}");
            let seen = tag(&head.get(path).await);
            assert_eq!(seen, tag(&first), "{path}: nothing was changed");
            let third = head.ask(&head.with_body(method, path, &theirs).header("If-Match", &seen)).await;
            assert_eq!(third.status, 200, "{path}");
            assert_eq!(head.ask(&head.with_body(method, path, &mine)).await.status, 200, "{path}: the last one wins");
        }
        let only_new = head.with_body("PUT", "changes/2025-09-02", &changes("")).header("If-None-Match", "*");
        assert_eq!(head.ask(&only_new).await.status, 412);
        let only_there = head.with_body("PUT", "changes/2025-09-03", &changes("")).header("If-Match", "*");
        let refused = head.ask(&only_there).await;
        assert_eq!((refused.status, &refused.json()["current"]), (412, &Value::Null));
        let away = head.request("DELETE", "changes/2025-09-02").header("If-Match", "\"another\"");
        assert_eq!(head.ask(&away).await.status, 412);
        assert_eq!(head.delete("changes/2025-09-02").await.status, 204);
        assert_eq!(head.get("changes/2025-09-02").await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_to_different_members_at_once_are_all_kept() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        head.post("subjects", &json!({"name": "Физика"})).await;
        head.post("assignments", &json!({"subject": 1, "due": "2025-09-03", "text": "§ 1"})).await;
        for round in 0..10 {
            let (text, day) = (json!({"text": format!("§ {round}")}), json!({"due": format!("2025-09-1{round}")}));
            let (one, other) = tokio::join!(head.patch("assignments/1", &text), head.patch("assignments/1", &day));
            assert_eq!((one.status, other.status), (200, 200));
            let now = head.get("assignments/1").await.json();
            assert_eq!((&now["text"], &now["due"]), (&text["text"], &day["due"]));
        }
    }
}

#[tokio::test]
async fn a_day_is_laid_together() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        for name in ["Алгебра", "Физика"] {
            head.post("subjects", &json!({"name": name})).await;
        }
        head.patch("subjects/2", &json!({"note": "§ 4"})).await;
        head.patch("settings", &json!({"bells": [{"from": "08:30", "to": "09:15"}]})).await;
        head.put("timetables/undated", &week("Алгебра", &[1])).await;
        let replaced = json!({"text": "физика вместо алгебры", "rows": [2, -2, -2, -2, -2, -2, -2, -2]});
        for day in ["2025-09-08", "2020-09-07"] {
            head.put(&format!("changes/{day}"), &replaced).await;
            head.post("assignments", &json!({"subject": 1, "due": day, "text": "№ 12"})).await;
            let told = head.get(&format!("days/{day}")).await;
            assert!(told.header("etag").is_some());
            let told = told.json();
            let lesson = json!({
                "row": 1, "time": {"from": "08:30:00", "to": "09:15:00"}, "subject": 2, "name": "Физика", "state": "replaced",
                "instead_of": 1
            });
            assert_eq!((&told["lessons"], &told["notes"][0]["text"]), (&json!([lesson]), &json!("§ 4")), "{day}");
            assert_eq!(
                (&told["assignments"][0]["text"], &told["dated_changes"]),
                (&json!("№ 12"), &json!(true)),
                "{day}"
            );
        }
        for day in ["0001-01-01", "9999-12-31"] {
            assert_eq!(head.get(&format!("days/{day}")).await.status, 200, "{day}");
        }
    }
}

#[tokio::test]
async fn what_one_face_writes_the_other_shows_at_once() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        let key = house.sign_in_from("127.0.0.1", "olga", super::PASSWORD).await;
        let old = async |ask: Ask| house.ask(&ask.key(&key)).await.json();
        head.post("subjects", &json!({"name": "Физика"})).await;
        head.patch("subjects/1", &json!({"note": "§ 1"})).await;
        assert_eq!(old(Ask::get("/api/getHomework.php?id=1")).await, json!({"ID": 1, "Homework": "§ 1"}));
        old(Ask::json("/api/updateHomework.php", &json!({"ID": 1, "Homework": "§ 2"}))).await;
        assert_eq!(head.get("subjects/1").await.json()["note"], "§ 2");
        old(Ask::json(
            "/api/updateChanges.php",
            &json!({"TextChanges": "нет", "NumericChanges": [-1, -2, -2, -2, -2, -2, -2, -2]}),
        ))
        .await;
        assert_eq!(head.get("changes/undated").await.json()["text"], "нет");
        head.put("timetables/undated", &week("Физика", &[1])).await;
        assert_eq!(old(Ask::get("/api/getTimetable.php")).await["NumericTimetable"][0], json!([1]));
        assert_eq!(old(Ask::get("/api/getSubjects.php")).await, json!([{"ID": 1, "Name": "Физика"}]));
        head.post("/users", &json!({"name": "petr", "password": super::PASSWORD, "roles": {"class": "editor"}})).await;
        house.sign_in_from("127.0.0.1", "petr", super::PASSWORD).await;
    }
}
