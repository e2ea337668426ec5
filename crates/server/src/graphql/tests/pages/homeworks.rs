use serde_json::json;

use super::super::school::School;

const FUNCTION: &str = "PageCahierDeTexte";

async fn school() -> School {
    let school = School::open().await;
    school.emulator.script(FUNCTION, |_, answer| {
        let work = |id: &str, subject: &str, due: &str, html: &str| {
            json!({ "N": id, "descriptif": { "_T": 21, "V": html }, "Matiere": { "_T": 24, "V": { "N": "16#m", "L": subject } },
              "DonneLe": { "_T": 7, "V": "16/03/2026" }, "PourLe": { "_T": 7, "V": due }, "TAFFait": true, "CouleurFond": "#FFD966",
              "ListePieceJointe": { "_T": 24, "V": [
                { "N": "48#f", "G": 1, "L": "a b.pdf" }, { "N": "48#l", "G": 0, "L": "Fiche", "url": "https://exemple.fr/x" }] } })
        };
        if answer.get("ListeTravauxAFaire").is_some() {
            *answer = json!({ "ListeTravauxAFaire": { "_T": 24, "V": [
                work("38#d", "SVT", "20/03/2026", ""),
                work("38#b", "FR", "19/03/2026", "<p>Autre</p>"), work("38#a", "MATHS", "19/03/2026", "<p>Faire <b>ex 1</b></p>"),
                work("38#c", "MATHS", "18/03/2026", "Lire"), work("38#e", "MATHS", "19/03/2026", "Encore") ] } });
        }
    });
    school
}

#[tokio::test]
async fn homework_is_cut_by_its_day_and_both_ends_count() {
    let school = school().await;
    let pupil = school.pupil().await;
    let subjects = async |arguments: &str| {
        let data = pupil.data(&format!("{{ homeworks{arguments} {{ subject }} }}")).await;
        let subject = |work: &serde_json::Value| work["subject"].as_str().unwrap().to_owned();
        data["homeworks"].as_array().unwrap().iter().map(subject).collect::<Vec<_>>()
    };
    assert_eq!(
        subjects(r#"(from: "2026-03-19")"#).await,
        ["FR", "MATHS", "MATHS", "SVT"],
        "the next day's midnight too"
    );
    assert_eq!(subjects(r#"(from: "2026-03-19T00:00:01", to: "2026-03-19T23:00")"#).await, [""; 0]);
    assert_eq!(subjects("").await, ["MATHS"], "from now on, tomorrow");
    assert_eq!(school.asked(FUNCTION), 1, "one week, one call");
    assert_eq!(school.last(FUNCTION)["domaine"]["V"], "[29]");
}

#[tokio::test]
async fn homework_says_what_is_to_be_done_in_both_forms() {
    let school = school().await;
    let query = r#"{ homeworks(from: "2026-03-19", to: "2026-03-19") { id subject description htmlDescription for givenAt done color key
        difficulty hand: handIn { kind isPossible } files { id name url time subject isLink download } } }"#;
    let all = school.pupil().await.data(query).await["homeworks"].take();
    let maths = &all[1];
    assert_eq!(
        (&maths["description"], &maths["htmlDescription"]),
        (&json!("Faire ex 1"), &json!("<p>Faire <b>ex 1</b></p>"))
    );
    assert_eq!((&maths["for"], &maths["givenAt"]), (&json!(1_773_874_800_000_i64), &json!(1_773_615_600_000_i64)));
    assert_eq!(
        (&maths["done"], &maths["color"], &maths["difficulty"]),
        (&json!(true), &json!("#FFD966"), &json!("UNSAID"))
    );
    assert_eq!(maths["hand"], json!({ "kind": "NONE", "isPossible": false }));
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|work| work["id"].as_str().unwrap()).collect();
    assert!(ids[1].ends_with('0') && ids[2].ends_with('1') && ids[0] != ids[1], "{ids:?}");
    let (file, link) = (&maths["files"][0], &maths["files"][1]);
    assert!(
        file["url"].as_str().unwrap().starts_with(&format!("{}FichiersExternes/", school.emulator.url())),
        "{file}"
    );
    assert!(file["url"].as_str().unwrap().contains("/a%2520b.pdf?Session="), "{file}");
    assert_eq!(
        (&file["time"], &file["subject"], &file["isLink"]),
        (&json!("1773615600000"), &json!("MATHS"), &json!(false))
    );
    assert!(file["download"].as_str().unwrap().starts_with("/files/"));
    assert_eq!(
        (&link["url"], &link["isLink"], &link["download"]),
        (&json!("https://exemple.fr/x"), &json!(true), &json!(null))
    );
}

#[tokio::test]
async fn an_empty_week_is_an_empty_list() {
    let school = School::open().await;
    for (function, list) in [(FUNCTION, "ListeTravauxAFaire"), ("RessourcePedagogique", "listeRessources")] {
        school.emulator.script(function, move |_, answer| *answer = json!({ list: { "_T": 24, "V": [] } }));
    }
    let data = school.pupil().await.data("{ homeworks { id } files { id } }").await;
    assert_eq!(data, json!({ "homeworks": [], "files": [] }));
}
