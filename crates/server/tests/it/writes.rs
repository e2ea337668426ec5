//! What changes something: each mutation does what it says, and only with a token that was granted writing.

use std::net::SocketAddr;
use std::time::Duration;

use emulator::{Emulator, Fault};
use pronote::Space;
use serde_json::{Value, json};

use crate::house::{self, House};
use crate::people::{School, Someone, list, named};
use crate::wire;

/// Does something, and expects that the school takes it.
async fn done(who: &Someone, mutation: &str) {
    who.data(&format!("mutation {{ {mutation} {{ notices }} }}")).await;
}

async fn refused(who: &Someone, mutation: &str) -> String {
    who.refusal(&format!("mutation {{ {mutation} {{ notices }} }}")).await
}

fn text(of: &Value) -> &str {
    of.as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_token_that_may_only_read_changes_nothing() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let before = school.emulator.exchanges().len();
    for mutation in [
        r#"setHomeworkDone(key: "0", done: true)"#,
        r#"withdrawHomework(key: "0")"#,
        r#"markNews(key: "0", read: true)"#,
        r#"acknowledgeNews(key: "0")"#,
        r#"answerNews(key: "0", answers: [])"#,
        r#"deleteNews(key: "0")"#,
        "acknowledgeReport",
        r#"beginDiscussion(to: [], subject: "", text: "x")"#,
        r#"reply(discussion: "0", text: "x")"#,
        r#"saveDraft(discussion: "0", text: "x")"#,
        r#"changeDiscussion(discussion: "0", change: TRASH)"#,
        r#"renameDiscussion(discussion: "0", subject: "x")"#,
        r#"changeMessage(discussion: "0", message: "0", change: REPORT)"#,
        r#"forwardMessage(discussion: "0", message: "0", to: [], subject: "", text: "x")"#,
        "emptyTrash",
        r##"createFolder(name: "x", color: "#ff0000")"##,
        r#"renameFolder(folder: "x", name: "y")"#,
        r#"deleteFolder(folder: "x")"#,
        r#"sortDiscussion(discussion: "0", into: [])"#,
    ] {
        assert_eq!(refused(&pupil, mutation).await, "READ_ONLY", "{mutation}");
    }
    assert_eq!(school.emulator.exchanges().len(), before, "the school is not even asked");
}

#[tokio::test]
async fn homework_is_marked_by_its_key() {
    let school = School::open().await;
    let pupil = school.writer(Space::Student).await;
    let read = r#"{ homeworks(from: "2026-11-24", to: "2026-12-01") { key done } }"#;
    let first = pupil.data(read).await["homeworks"][0].clone();
    for wanted in [first["done"] == json!(false), first["done"] == json!(true)] {
        done(&pupil, &format!("setHomeworkDone(key: {}, done: {wanted})", first["key"])).await;
        let now = pupil.data(read).await;
        assert_eq!(named(&now["homeworks"], "key", text(&first["key"]))["done"], wanted);
    }
    assert_eq!(refused(&pupil, r#"setHomeworkDone(key: "0000000000", done: true)"#).await, "STALE_KEY");
    let nothing = format!("withdrawHomework(key: {})", first["key"]);
    assert_eq!(refused(&pupil, &nothing).await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn news_are_read_acknowledged_answered_and_deleted() {
    let school = School::open().await;
    let pupil = school.writer(Space::Student).await;
    let read = async || {
        let query = "{ news { items { key kind read questions { kind answer { answered text choices other } } } } }";
        pupil.data(query).await["news"]["items"].take()
    };
    let items = read().await;
    let asks = |kind: &str| {
        let asked = |item: &&Value| list(&item["questions"]).iter().any(|question| question["kind"] == kind);
        list(&items).iter().find(asked).unwrap()["key"].clone()
    };
    let (notice, survey) = (asks("ACKNOWLEDGEMENT"), asks("MULTIPLE_CHOICE"));
    done(&pupil, &format!("acknowledgeNews(key: {notice})")).await;
    let now = read().await;
    assert_eq!(named(&now, "key", text(&notice))["questions"][0]["answer"]["answered"], true);

    let answers = r#"[{ question: 2, choices: [1] }, { question: 3, choices: [2, 4], text: "Danse" }, { question: 4, text: "Rien." }]"#;
    done(&pupil, &format!("answerNews(key: {survey}, answers: {answers})")).await;
    let now = read().await;
    let questions = &named(&now, "key", text(&survey))["questions"];
    assert_eq!(questions[1]["answer"]["choices"], json!([1]));
    assert_eq!(questions[2]["answer"]["other"], "Danse");
    assert_eq!(questions[3]["answer"]["text"], "Rien.");
    let unfit = format!("answerNews(key: {survey}, answers: [{{ question: 2, choices: [9] }}])");
    assert_eq!(refused(&pupil, &unfit).await, "BAD_USER_INPUT");

    done(&pupil, &format!("markNews(key: {survey}, read: false)")).await;
    assert_eq!(named(&read().await, "key", text(&survey))["read"], false);
    done(&pupil, &format!("deleteNews(key: {notice})")).await;
    assert!(list(&read().await).iter().all(|item| item["key"] != notice));
}

#[tokio::test]
async fn discussions_are_begun_answered_and_put_away() {
    let school = School::open().await;
    let pupil = school.writer(Space::Student).await;
    let people = pupil.data("{ recipients(kind: TEACHER) { key } }").await;
    let to = &people["recipients"][0]["key"];
    done(&pupil, &format!(r#"beginDiscussion(to: [{to}], subject: "La sortie", text: "Quand ?")"#)).await;
    let find = async || {
        let query =
            "{ discussions { discussions { key subject messageCount unread drafts closed folders { name kind } } } }";
        let data = pupil.data(query).await;
        named(&data["discussions"]["discussions"], "subject", "La sortie").clone()
    };
    let key = find().await["key"].clone();
    done(&pupil, &format!(r#"saveDraft(discussion: {key}, text: "Merci")"#)).await;
    let thread = format!("{{ discussion(key: {key}) {{ draft {{ text }} messages {{ key content {{ text }} }} }} }}");
    assert_eq!(pupil.data(&thread).await["discussion"]["draft"]["text"], "Merci");
    done(&pupil, &format!(r#"reply(discussion: {key}, text: "Merci beaucoup.")"#)).await;
    let now = pupil.data(&thread).await["discussion"].take();
    assert_eq!(now["draft"], Value::Null, "the reply took the place of the draft");
    let texts: Vec<&str> = list(&now["messages"]).iter().map(|message| text(&message["content"]["text"])).collect();
    assert!(texts.contains(&"Quand ?") && texts.contains(&"Merci beaucoup."), "{texts:?}");

    done(&pupil, &format!("changeDiscussion(discussion: {key}, change: ARCHIVE)")).await;
    assert_eq!(find().await["folders"][0]["kind"], "ARCHIVE");
    done(&pupil, &format!("changeDiscussion(discussion: {key}, change: UNARCHIVE)")).await;
    done(&pupil, &format!("changeDiscussion(discussion: {key}, change: CLOSE)")).await;
    assert_eq!(find().await["closed"], true);
    done(&pupil, &format!("changeDiscussion(discussion: {key}, change: OPEN)")).await;

    done(&pupil, r##"createFolder(name: "Voyages", color: "#ff8800")"##).await;
    done(&pupil, r#"renameFolder(folder: "Voyages", name: "Sorties")"#).await;
    done(&pupil, &format!(r#"sortDiscussion(discussion: {key}, into: ["Sorties"])"#)).await;
    assert_eq!(find().await["folders"][0], json!({ "name": "Sorties", "kind": "CUSTOM" }));
    done(&pupil, r#"deleteFolder(folder: "Sorties")"#).await;
    assert_eq!(find().await["folders"], json!([]));
    assert_eq!(refused(&pupil, r#"deleteFolder(folder: "Sorties")"#).await, "STALE_KEY");

    let message = &now["messages"][0]["key"];
    let forward = format!(
        r#"forwardMessage(discussion: {key}, message: {message}, to: [{to}], subject: "Pour info", text: "Voici.")"#
    );
    done(&pupil, &forward).await;
    // This school takes no reports, and says so.
    let report = format!("changeMessage(discussion: {key}, message: {message}, change: REPORT)");
    assert_eq!(refused(&pupil, &report).await, "SAVE_REFUSED");
    done(&pupil, &format!(r#"renameDiscussion(discussion: {key}, subject: "Sortie du 3")"#)).await;
    let subjects = pupil.data("{ discussions { discussions { key subject } } }").await;
    let renamed = named(&subjects["discussions"]["discussions"], "subject", "Sortie du 3")["key"].clone();
    done(&pupil, &format!("changeDiscussion(discussion: {renamed}, change: TRASH)")).await;
    done(&pupil, "emptyTrash").await;
    let left = pupil.data("{ discussions { discussions { subject } } }").await;
    let left = list(&left["discussions"]["discussions"]);
    assert!(left.iter().all(|discussion| discussion["subject"] != "Sortie du 3"), "{left:?}");
}

#[tokio::test]
async fn a_discussion_is_marked_as_read_and_as_unread() {
    let school = School::open().await;
    let pupil = school.writer(Space::Student).await;
    let unread = async || {
        let data = pupil.data("{ discussions { discussions { key subject unread } } }").await;
        named(&data["discussions"]["discussions"], "subject", "Sortie au musée").clone()
    };
    let before = unread().await;
    done(&pupil, &format!("changeDiscussion(discussion: {}, change: MARK_READ)", before["key"])).await;
    assert_eq!(unread().await["unread"], 0);
    done(&pupil, &format!("changeDiscussion(discussion: {}, change: MARK_UNREAD)", before["key"])).await;
    assert_eq!(unread().await["unread"], before["unread"]);
}

#[tokio::test]
async fn a_guardian_confirms_a_report_card() {
    let school = School::open().await;
    let parent = school.writer(Space::Parent).await;
    let child = parent.viewer.user().children[0].name.clone();
    done(&parent, &format!(r#"acknowledgeReport(student: "{child}")"#)).await;
    assert_eq!(refused(&parent, r#"acknowledgeReport(student: "nobody")"#).await, "UNKNOWN_STUDENT");
    let pupil = school.writer(Space::Student).await;
    assert_ne!(refused(&pupil, "acknowledgeReport").await, "", "pupils cannot");
}

#[tokio::test]
async fn the_three_mutations_of_the_old_schema_need_no_grant() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let on = pupil.data("mutation { a: setKeepAlive(enabled: true) b: setKeepAlive(enabled: true) keepAlive }").await;
    assert_eq!(on, json!({ "a": true, "b": true, "keepAlive": true }));
    assert_eq!(pupil.data("{ keepAliveState { enabled } }").await["keepAliveState"]["enabled"], true);
    assert_eq!(pupil.data("mutation { setKeepAlive(enabled: false) }").await["setKeepAlive"], false);
    assert_eq!(pupil.data("mutation { logout }").await["logout"], true);
    assert_eq!(pupil.data("{ sessionState }").await["sessionState"], "LOGGED_OUT");
    assert_eq!(pupil.refusal("{ teachingTeam { name } }").await, "SESSION_EXPIRED");
}

#[tokio::test]
async fn a_file_is_handed_in_over_http() {
    let (school, house) = (house::school().await, House::open().await);
    let sign_in = async |write: bool| {
        let login =
            json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs", "write": write });
        let reply = wire::send(house.address(), "POST", "/auth/login", &[wire::JSON], login.to_string()).await;
        text(&reply.json()["token"]).to_owned()
    };
    let (token, reading) = (sign_in(true).await, sign_in(false).await);
    let ask = async |query: &str| {
        let headers = [wire::JSON, ("Token", token.as_str())];
        let body = json!({ "query": query }).to_string();
        wire::send(house.address(), "POST", "/graphql", &headers, body).await.json()["data"].take()
    };
    let wanted =
        r#"{ homeworks(from: "2026-09-01", to: "2027-07-01") { key subject handIn { isPossible file { name } } } }"#;
    let all = ask(wanted).await["homeworks"].take();
    let find = |possible: bool| {
        let fits = |homework: &&Value| homework["handIn"]["isPossible"] == possible;
        text(&list(&all).iter().find(fits).unwrap()["key"]).to_owned()
    };
    let upload = async |key: &str, query: &str, token: &str| {
        let target = format!("/uploads/homework/{key}?{query}");
        wire::send(house.address(), "POST", &target, &[("Token", token)], "Voici mon devoir.").await
    };
    let key = find(true);
    let reply = upload(&key, "name=Mon%20devoir.txt", &token).await;
    assert_eq!((reply.status, reply.text()), (200, r#"{"notices":[]}"#));
    let now = ask(wanted).await;
    assert_eq!(named(&now["homeworks"], "key", &key)["handIn"]["file"]["name"], "Mon devoir.txt");
    for (key, query, token, status, code) in [
        (key.as_str(), "name=a.txt", reading.as_str(), 403, "READ_ONLY"),
        (&key, "", &token, 400, ""),
        (&key, "name=../a.txt", &token, 400, ""),
        (&key, "name=a.txt", "zzz", 401, ""),
        (&key, "name=a.txt&student=nobody", &token, 404, "NOT_FOUND"),
        ("0000000000", "name=a.txt", &token, 404, "STALE_KEY"),
        (&find(false), "name=a.txt", &token, 400, "BAD_USER_INPUT"),
    ] {
        let reply = upload(key, query, token).await;
        assert_eq!((reply.status, text(&reply.json()["code"])), (status, code), "{key} {query}");
    }
}

#[tokio::test]
async fn a_file_that_the_school_is_being_given_is_not_cut_off_when_the_server_stops() {
    let (school, house) = (house::school().await, House::open().await);
    let address = house.address();
    let (token, key) = hand_in(&school, address).await;
    school.faults().next("upload", 1, Fault::Delay(Duration::from_millis(500)));
    let target = format!("/uploads/homework/{key}?name=a.txt");
    let upload = async { wire::send(address, "POST", &target, &[("Token", &token)], "Voici mon devoir.").await };
    let stop = async {
        while school.count("upload") == 0 {
            tokio::task::yield_now().await;
        }
        house.stop().await;
    };
    let (reply, ()) = tokio::join!(upload, stop);
    assert_eq!((reply.status, reply.text()), (200, r#"{"notices":[]}"#));
}

/// A token that may write, and the key of homework that waits for a file.
pub(crate) async fn hand_in(school: &Emulator, house: SocketAddr) -> (String, String) {
    let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs", "write": true });
    let reply = wire::send(house, "POST", "/auth/login", &[wire::JSON], login.to_string()).await;
    let token = text(&reply.json()["token"]).to_owned();
    let query = r#"{ homeworks(from: "2026-09-01", to: "2027-07-01") { key handIn { isPossible } } }"#;
    let headers = [wire::JSON, ("Token", token.as_str())];
    let answer = wire::send(house, "POST", "/graphql", &headers, json!({ "query": query }).to_string()).await.json();
    let fits = |homework: &&Value| homework["handIn"]["isPossible"] == true;
    let key = text(&list(&answer["data"]["homeworks"]).iter().find(fits).unwrap()["key"]).to_owned();
    (token, key)
}
