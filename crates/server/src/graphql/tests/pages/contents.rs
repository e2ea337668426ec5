use serde_json::json;

use super::super::school::School;

async fn school() -> School {
    let school = School::open().await;
    school.emulator.script("PageCahierDeTexte", |_, answer| {
        let lesson = |id: &str, from: &str, to: &str, items: serde_json::Value| {
            json!({ "N": id, "Matiere": { "_T": 24, "V": { "N": "16#m", "L": "MATHS" } }, "Date": { "_T": 7, "V": from }, "DateFin": { "_T": 7, "V": to },
              "listeProfesseurs": { "_T": 24, "V": [{ "L": "M. X" }] }, "listeContenus": { "_T": 24, "V": items } })
        };
        let item = |title: &str| {
            json!({ "N": "39#i", "L": title, "descriptif": { "_T": 21, "V": "<p>Intro</p>" }, "categorie": { "_T": 24, "V": { "L": "Cours", "G": 1 } } })
        };
        *answer = json!({ "ListeCahierDeTextes": { "_T": 24, "V": [
            lesson("37#b", "17/03/2026 10:00:00", "17/03/2026 11:00:00", json!([item("Chapitre 2"), item("Exercices")])),
            lesson("37#a", "17/03/2026 08:00:00", "17/03/2026 09:00:00", json!([item("Chapitre 1")])),
            lesson("37#c", "17/03/2026 14:00:00", "17/03/2026 15:00:00", json!([])),
            lesson("37#d", "17/03/2026 16:00:00", "17/03/2026 17:00:00", json!([{ "N": "39#z" }])),
        ] } });
    });
    school
}

#[tokio::test]
async fn lessons_lie_within_the_stretch_and_show_their_first_entry() {
    let school = school().await;
    let pupil = school.pupil().await;
    let query = r#"{ contents(from: "2026-03-17") { id title description htmlDescription category teachers files { id } entries { title kind } } }"#;
    let contents = pupil.data(query).await["contents"].take();
    let titles: Vec<_> = contents.as_array().unwrap().iter().map(|lesson| lesson["title"].as_str()).collect();
    assert_eq!(
        titles,
        [Some("Chapitre 1"), Some("Chapitre 2"), None],
        "in the order of time, without those that have nothing"
    );
    let first = &contents[0];
    assert_eq!((&first["description"], &first["htmlDescription"]), (&json!("Intro"), &json!("<p>Intro</p>")));
    assert_eq!((&first["category"], &first["teachers"]), (&json!("Cours"), &json!(["M. X"])));
    assert_eq!(contents[1]["entries"][1], json!({ "title": "Exercices", "kind": "LESSON" }));
    assert_eq!((&contents[2]["description"], &contents[2]["category"]), (&json!(""), &json!("")));
    let cut = r#"{ contents(from: "2026-03-17T08:00", to: "2026-03-17T10:30") { title } }"#;
    assert_eq!(
        pupil.data(cut).await["contents"],
        json!([{ "title": "Chapitre 1" }]),
        "one that ends later is not whole"
    );
    assert_eq!(school.asked("PageCahierDeTexte"), 1);
}
