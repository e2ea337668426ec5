//! What pupils and parents read beyond 2.x.

use pronote::Space;
use serde_json::{Value, json};

use crate::people::{School, list, named};

#[tokio::test]
async fn what_is_known_since_the_sign_in_is_told_without_asking_the_school() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let before = school.emulator.exchanges().len();
    let data = pupil
        .data(
            "{ school { name year space version generation demo firstDay lastDay firstMonday nextSchoolDay workingDays
                        slots { start end } breaks { name until } fortnights { label weeks } defaultScale
                        skillLevels { name abbreviation color weight acquired } }
               periods { name kind from to } holidays { name from to } currentPeriod { name }
               capabilities { pages write discuss markHomework largestFile }
               sessionState keepAliveState { enabled since last failure } dataAge }",
        )
        .await;
    assert_eq!(school.emulator.exchanges().len(), before);
    let (known, rights) = (&data["school"], &data["capabilities"]);
    assert_eq!(known["year"], "2026-2027");
    assert_eq!(known["slots"][0]["start"], "08:00");
    assert_eq!(known["breaks"][0], json!({ "name": "Récréation du matin", "until": "10:00" }));
    assert_eq!(known["generation"], "G25");
    assert_eq!(data["currentPeriod"]["name"], "Trimestre 1");
    assert_eq!(data["periods"][0]["kind"], "TERM");
    // The last day is inclusive: its midnight in Paris.
    assert_eq!(data["periods"][0]["to"], 1_795_993_200_000_i64);
    assert_eq!(data["holidays"][0]["name"], "Vacances de la Toussaint");
    assert!(list(&rights["pages"]).contains(&json!("HOMEWORK")), "{rights}");
    assert!(!list(&rights["pages"]).contains(&json!("PUPILS")), "{rights}");
    assert_eq!((&rights["write"], &rights["markHomework"]), (&json!(false), &json!(true)));
    assert_eq!((&data["sessionState"], &data["dataAge"]), (&json!("OPEN"), &Value::Null));
    assert_eq!(data["keepAliveState"], json!({ "enabled": false, "since": null, "last": null, "failure": null }));
}

#[tokio::test]
async fn a_report_card_says_what_the_school_says() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil
        .data(
            "{ report { published notice className chart absences student { value annotation }
                        comments { heading text }
                        subjects { subject color group coefficient teachers comments parts { name }
                                   student { value } classAverage { value } lowest { value } highest { value } } } }",
        )
        .await;
    let report = &data["report"];
    assert_eq!(report["className"], "3A");
    let maths = named(&report["subjects"], "subject", "MATHÉMATIQUES");
    let [lowest, own, highest] = ["lowest", "student", "highest"].map(|key| maths[key]["value"].as_f64().unwrap());
    assert!(lowest <= own && own <= highest, "{maths}");
    assert_eq!(maths["teachers"], json!(["BROWN J."]));
    assert!(!report["comments"][0]["text"].as_str().unwrap().is_empty());
    assert!(report["chart"].as_str().unwrap().starts_with("iVBOR"), "a PNG in base64");
    let unknown = pupil.refusal(r#"{ report(period: "Trimestre 9") { published } }"#).await;
    assert_eq!(unknown, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_page_the_account_does_not_have_is_null_and_not_asked() {
    let school = School::open().await;
    school.emulator.script("ParametresUtilisateur", |_, user| {
        user["listeOngletsInvisibles"] = json!([8, 10, 13, 19, 37, 99, 131]);
    });
    let pupil = school.reader(Space::Student).await;
    let before = school.emulator.exchanges().len();
    let data = pupil
        .data(
            r#"{ report { published } classReport { published } schoolLife { notice } teachingTeam { name }
                 news { categories } newsItem(key: "0000000000") { title } discussions { disabled }
                 discussion(key: "0000000000") { total } recipients(kind: STAFF) { name } canteen { lunch }
                 resources { subject } }"#,
        )
        .await;
    assert!(data.as_object().unwrap().values().all(Value::is_null), "{data}");
    assert_eq!(school.emulator.exchanges().len(), before);
}

#[tokio::test]
async fn school_life_and_the_team_are_read() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil
        .data(
            "{ schoolLife { observations { heading kind date comment author subject read wantsAcknowledgement }
                            measures { title exclusion forbidden from to circumstanceFiles { name } }
                            exemptions { subject from to justified } others totals { kind count minutes } visible hoursMissed }
               teachingTeam { name kind left subjects { name weeklyMinutes partOf } } }",
        )
        .await;
    let life = &data["schoolLife"];
    assert_eq!(named(&life["observations"], "kind", "ENCOURAGEMENT")["comment"], "Très bonne participation.");
    assert!(list(&life["others"]).contains(&json!("INFIRMARY")), "{life}");
    assert_eq!(life["totals"][0]["kind"], "ABSENCE");
    let teacher = named(&data["teachingTeam"], "name", "BROWN J.");
    assert_eq!(teacher["subjects"][0]["name"], "MATHÉMATIQUES");
    let narrow = r#"{ schoolLife(from: "2026-11-01", to: "2026-11-02") { observations { date } } }"#;
    assert_eq!(pupil.data(narrow).await["schoolLife"]["observations"], json!([]));
    let refused = pupil.refusal(r#"{ schoolLife(from: "garbage") { notice } }"#).await;
    assert_eq!(refused, "BAD_USER_INPUT");
}

#[tokio::test]
async fn news_come_with_questions_also_one_by_one() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil
        .data(
            "{ news { categories items { key folder kind title category author read created hasAttachments
                 questions { title kind content { text html } maxChoices choices { label rank freeText }
                             answer { answered expected } attachments { name kind url } } } } }",
        )
        .await;
    let survey = named(&data["news"]["items"], "kind", "SURVEY");
    assert_eq!(survey["title"], "Sortie au musée : votre avis");
    let choice = named(&survey["questions"], "kind", "MULTIPLE_CHOICE");
    assert_eq!(choice["choices"][3], json!({ "label": "Autre", "rank": 4, "freeText": true }));
    let key = survey["key"].as_str().unwrap();
    let one = pupil.data(&format!(r#"{{ newsItem(key: "{key}") {{ key title questions {{ kind }} }} }}"#)).await;
    assert_eq!(one["newsItem"]["title"], survey["title"]);
    assert_eq!(list(&one["newsItem"]["questions"]).len(), list(&survey["questions"]).len());
    assert_eq!(pupil.refusal(r#"{ newsItem(key: "0000000000") { title } }"#).await, "STALE_KEY");
    let none = pupil.data("{ news(folders: [DRAFT]) { items { title } } }").await;
    assert_eq!(none["news"]["items"], json!([]));
}

#[tokio::test]
async fn discussions_are_listed_and_read_without_being_marked() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let lists =
        "{ all: discussions { folders { name kind } discussions { key subject unread closed date folders { kind } } }
                   unread: discussions(unreadOnly: true) { discussions { key unread } } }";
    let data = pupil.data(lists).await;
    let unread = list(&data["unread"]["discussions"]);
    assert!(!unread.is_empty() && unread.iter().all(|discussion| discussion["unread"] != 0), "{data}");
    let outing = named(&data["all"]["discussions"], "subject", "Sortie au musée");
    let key = outing["key"].as_str().unwrap();
    let thread = pupil
        .data(&format!(
            r#"{{ discussion(key: "{key}") {{ total replies draft {{ text }} discussion {{ key subject }}
                  messages {{ key author mine sent content {{ text }} attachments {{ name }} forwarded {{ key }} }}
                  participants {{ name kind }} }} }}"#
        ))
        .await;
    let thread = &thread["discussion"];
    assert_eq!(thread["discussion"], json!({ "key": key, "subject": "Sortie au musée" }));
    assert_eq!(list(&thread["messages"]).len(), 2);
    assert!(list(&thread["replies"]).iter().any(|kind| kind != "OTHER"), "{thread}");
    assert!(!list(&thread["participants"]).is_empty(), "{thread}");
    let again = pupil.data(lists).await;
    assert_eq!(named(&again["all"]["discussions"], "subject", "Sortie au musée")["unread"], outing["unread"]);
    let people = pupil.data("{ recipients(kind: TEACHER) { key name kind subjects headTeacher role } }").await;
    assert_eq!(named(&people["recipients"], "name", "BROWN J.")["headTeacher"], true);
    assert_eq!(pupil.refusal("{ recipients(kind: OTHER) { name } }").await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn keys_are_the_same_in_every_session() {
    let school = School::open().await;
    let keys = "{ news { items { key } } discussions { discussions { key } } recipients(kind: STAFF) { key } }";
    let first = school.reader(Space::Student).await.data(keys).await;
    assert_eq!(school.reader(Space::Student).await.data(keys).await, first);
}

#[tokio::test]
async fn the_home_page_the_canteen_and_the_rest_are_read() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil
        .data(
            r#"{ home { links { name url } partners { name wallets { name balance balanceLabel } signInUrl }
                        tests { name kind from } agenda { name kind from to } menu { kind } quietHours message }
                 canteen(date: "2026-11-24") { lunch dinner weeks allergens { kind } labels { name kind }
                        days { date meals { kind dishes { kind foods { name labels { kind } allergens { name kind } } } } } }
                 resources { file { name kind url } sharedOn subject }
                 notifications { count groups { name key notifications { title message date } } }
                 account { city email phone calendars { label url } security { mode devices { kind name } } } }"#,
        )
        .await;
    let wallet = &named(&data["home"]["partners"], "name", "ARD")["wallets"][0];
    assert_eq!(wallet["name"], "Cantine");
    assert_eq!(named(&data["home"]["agenda"], "kind", "CLASS_COUNCIL")["name"], "Conseil de classe");
    let monday = &data["canteen"]["days"][0];
    assert_eq!(monday["date"], 1_795_388_400_000_i64);
    assert_eq!(monday["meals"][0]["dishes"][0]["kind"], "STARTER");
    let file = |kind: &str| list(&data["resources"]).iter().find(|shared| shared["file"]["kind"] == kind).unwrap();
    assert_eq!(file("FILE")["file"]["url"], Value::Null);
    assert!(file("LINK")["file"]["url"].as_str().unwrap().starts_with("https://"));
    assert_eq!(data["notifications"]["count"], 8);
    assert_eq!(data["account"]["email"], "fanny.parent@example.org");
    let calendar = data["account"]["calendars"][0]["url"].as_str().unwrap();
    assert!(calendar.starts_with(school.emulator.url().trim_end_matches('/')), "{calendar}");
}

#[tokio::test]
async fn no_field_beyond_the_old_schema_shows_a_session_of_the_school() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil
        .data(
            "{ resources { file { name url download } } news { items { questions { attachments { name url download } } } }
               schoolLife { measures { circumstanceFiles { name url download } } } }",
        )
        .await;
    let shown = data.to_string();
    assert!(shown.contains("/files/"), "{shown}");
    assert!(!shown.contains("Session="), "{shown}");
    assert!(!shown.contains("FichiersExternes"), "{shown}");
}

#[tokio::test]
async fn parents_name_the_child_first() {
    let school = School::open().await;
    let parent = school.reader(Space::Parent).await;
    let user = parent.viewer.user();
    let names: Vec<&str> = user.children.iter().map(|child| child.name.as_str()).collect();
    assert!(names.len() > 1, "{names:?}");
    let mut classes = Vec::new();
    for name in &names {
        let query =
            format!(r#"{{ report(student: "{name}") {{ className }} currentPeriod(student: "{name}") {{ name }} }}"#);
        let data = parent.data(&query).await;
        classes.push(data["report"]["className"].as_str().unwrap().to_owned());
    }
    let of_the_account: Vec<String> =
        user.children.iter().map(|child| child.class.as_ref().unwrap().name.clone()).collect();
    assert_eq!(classes, of_the_account);
    assert_eq!(parent.refusal(r#"{ report(student: "nobody") { published } }"#).await, "UNKNOWN_STUDENT");
    let capabilities = parent.data("{ capabilities { markHomework } }").await;
    assert_eq!(capabilities["capabilities"]["markHomework"], false);
}

#[tokio::test]
async fn the_age_of_the_data_is_that_of_the_oldest_page_of_the_answer() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    pupil.data("{ teachingTeam { name } }").await;
    school.pass_seconds(20);
    let data = pupil.data("{ dataAge teachingTeam { name } canteen { lunch } }").await;
    assert_eq!(data["dataAge"], 20);
    let fresh = pupil.data("{ dataAge resources { subject } }").await;
    assert_eq!(fresh["dataAge"], 0);
}

#[tokio::test]
async fn calendars_are_created_listed_and_revoked_without_a_grant() {
    let school = School::open().await;
    let parent = school.reader(Space::Parent).await;
    let child = parent.viewer.user().children[0].name.clone();
    let create = format!(
        r#"mutation {{ createFeed(student: "{child}", kinds: [TIMETABLE, MENU]) {{ url feed {{ id kinds student created }} }} }}"#
    );
    let made = parent.data(&create).await["createFeed"].take();
    assert!(made["url"].as_str().unwrap().starts_with("/feeds/"), "{made}");
    assert_eq!(made["feed"]["student"], json!(child));
    let listed = parent.data("{ feeds { id kinds student created } }").await;
    assert_eq!(listed["feeds"], json!([made["feed"]]));
    let revoke = format!("mutation {{ revokeFeed(id: {}) }}", made["feed"]["id"]);
    assert_eq!(parent.data(&revoke).await["revokeFeed"], true);
    assert_eq!(parent.data(&revoke).await["revokeFeed"], false);
    assert_eq!(parent.data("{ feeds { id } }").await["feeds"], json!([]));
    let none = format!(r#"mutation {{ createFeed(student: "{child}", kinds: []) {{ url }} }}"#);
    assert_eq!(parent.refusal(&none).await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn documents_are_made_by_the_school_and_received_here() {
    let school = School::open().await;
    let pupil = school.reader(Space::Student).await;
    let data = pupil.data(r#"{ reportPdf timetablePdf(week: "2026-11-24") year: timetablePdf(portrait: true) }"#).await;
    for path in ["reportPdf", "timetablePdf", "year"] {
        let handle = data[path].as_str().unwrap().strip_prefix("/files/").unwrap();
        let mut file = pupil.viewer.open_file(handle).await.unwrap();
        let start = file.download.chunk().await.unwrap().unwrap();
        assert!(start.starts_with(b"%PDF"), "{path}");
    }
}
