use serde_json::json;

use super::super::school::School;

#[tokio::test]
async fn news_stand_in_the_order_of_time_with_their_first_part() {
    let school = School::open().await;
    school.emulator.script("PageActualites", |_, answer| {
        let item = |id: &str, title: Option<&str>, day: &str, parts: serde_json::Value| {
            json!({ "N": id, "L": title, "dateDebut": { "_T": 7, "V": day }, "auteur": "Proviseur", "lue": true, "listeQuestions": { "_T": 24, "V": parts } })
        };
        let part = |html: &str| {
            json!({ "N": "81#q", "genreReponse": 4, "texte": { "_T": 21, "V": html },
              "listePiecesJointes": { "_T": 24, "V": [{ "N": "48#f", "G": 1, "L": "doc.pdf" }] } })
        };
        *answer = json!({ "listeModesAff": [{ "G": 0, "listeActualites": { "_T": 24, "V": [
            item("80#b", None, "03/03/2026", json!([])),
            item("80#a", Some("Réunion"), "02/03/2026", json!([part("<div>Bonjour &amp; <br>bienvenue</div>"), part("Suite")])),
        ] } }] });
    });
    let query = "{ infos { id date title author content htmlContent read isSurvey key parts { content } files { id name time subject } } }";
    let infos = school.pupil().await.data(query).await["infos"].take();
    let (first, second) = (&infos[0], &infos[1]);
    assert_eq!((&first["title"], &second["title"]), (&json!("Réunion"), &json!(null)));
    assert_eq!((&first["content"], &first["author"]), (&json!("Bonjour & bienvenue"), &json!("Proviseur")));
    assert_eq!(first["htmlContent"], "<div>Bonjour &amp; <br>bienvenue</div>");
    assert_eq!(first["parts"], json!([{ "content": "Bonjour & bienvenue" }, { "content": "Suite" }]));
    let file = json!([{ "id": "ea66b028317150c7", "name": "doc.pdf", "time": "1772406000000", "subject": "" }]);
    assert_eq!(first["files"], file);
    assert_eq!((&second["content"], &second["files"]), (&json!(""), &json!([])), "nothing to read is no failure");
}

#[tokio::test]
async fn a_demonstration_school_answers_every_page_whole() {
    let school = School::open().await;
    let query = |student: &str, or_nothing: &str| {
        let range = r#"from: "2026-03-02", to: "2026-03-31""#;
        format!(
            r#"{{ timetable({student}{range}) {{ id key kind variant teachers }} marks{or_nothing} {{ subjects {{ marks {{ id key subjectFile {{ download }} }} }} }}
               evaluations{or_nothing} {{ evaluations {{ id levels {{ color }} }} }} absences{or_nothing} {{ absences {{ id }} delays {{ id }} punishments {{ id sessions {{ id }} }} other {{ id }} totals {{ subject }} }}
               infos{or_nothing} {{ id key content files {{ url }} }} contents({student}{range}) {{ id key description files {{ url }} }}
               homeworks({student}{range}) {{ id key description handIn {{ kind }} files {{ url }} }} menu({student}{range}) {{ date meals {{ name }} }} }}"#
        )
    };
    let pupil = school.pupil().await.data(&query("", "")).await;
    let guardian = school.guardian().await;
    let child = guardian.viewer.user().children[0].name.clone();
    let student = format!(r#"student: "{child}", "#);
    let answer = guardian.data(&query(&student, &format!(r#"(student: "{child}")"#))).await;
    for (page, value) in pupil.as_object().unwrap().iter().chain(answer.as_object().unwrap()) {
        let full = value.as_array().map_or_else(|| value.is_object(), |list| !list.is_empty());
        assert!(full, "{page}: {value}");
    }
    assert_eq!(school.emulator.overlaps(), 0);
}
