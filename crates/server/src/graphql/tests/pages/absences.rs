use serde_json::json;

use super::super::school::School;

fn list(values: serde_json::Value) -> serde_json::Value {
    json!({ "_T": 24, "V": values })
}

async fn school() -> School {
    let school = School::open().await;
    school.emulator.script("PagePresence", |_, answer| {
        let date = |text: &str| json!({ "_T": 7, "V": text });
        let reasons = |reasons: &[&str]| list(reasons.iter().map(|reason| json!({ "L": reason })).collect());
        let delay = |id: &str| json!({ "G": 14, "N": id, "date": date("11/03/2026 08:00:00"), "duree": 10, "listeMotifs": list(json!([])) });
        let punishment = |id: &str| {
            json!({ "G": 41, "N": id, "dateDemande": date("12/03/2026"), "horsCours": true, "circonstances": "bavardage",
              "demandeur": { "_T": 24, "V": { "L": "Mme S" } } })
        };
        let mut detention = punishment("40#p");
        detention["nature"] = json!({ "_T": 24, "V": { "L": "Retenue", "G": 1 } });
        detention["programmation"] = list(json!([{ "N": "52#s", "date": date("17/03/2026"), "placeExecution": 5, "duree": 60 }]));
        *answer = json!({
            "listeAbsences": list(json!([
                { "G": 13, "N": "13#a", "dateDebut": date("10/03/2026 08:00:00"), "dateFin": date("10/03/2026 18:00:00"),
                  "NbrHeures": "12h30", "justifie": true, "reglee": true, "listeMotifs": reasons(&["Maladie", "Rendez-vous"]) },
                delay("14#a"), delay("14#b"), detention, punishment("40#q"),
                { "G": 45, "N": "46#o", "L": "Leçon non apprise", "date": date("12/03/2026"), "demandeur": { "_T": 24, "V": { "L": "M. X" } },
                  "matiere": { "_T": 24, "V": { "N": "16#m", "L": "MATHS" } } },
                { "G": 46, "N": "46#p", "L": "Carnet oublié", "date": date("13/03/2026"), "matiere": { "_T": 24, "V": { "N": "0" } } },
            ])),
            "Matieres": list(json!([
                { "N": "16#m", "L": "MATHS", "suivi": 7200, "absence": 3600, "excluCours": 1800, "dansRegroupement": 0 },
                { "L": "LANGUES", "regroupement": 1, "suivi": 7200, "absence": 5400 },
                { "N": "16#e", "L": "ANGLAIS", "dansRegroupement": 1, "suivi": 7200, "absence": 5400 },
            ])),
        });
    });
    school
}

#[tokio::test]
async fn each_kind_of_event_has_its_list() {
    let school = school().await;
    let query = "{ absences { absences { id hours reason reasons justified solved from } delays { id minutesMissed reason justification }
        other { id kind giver comment subject } totals { subject hoursAssisted hoursMissed subs { subject hoursMissed subs { subject } } }
        hoursMissed } }";
    let page = school.pupil().await.data(query).await["absences"].take();
    let absence = &page["absences"][0];
    assert_eq!((&absence["hours"], &absence["reason"]), (&json!(12.5), &json!("Maladie")));
    assert_eq!((&absence["reasons"], &absence["solved"]), (&json!(["Maladie", "Rendez-vous"]), &json!(true)));
    let delays = &page["delays"];
    assert_eq!((&delays[0]["minutesMissed"], &delays[0]["reason"]), (&json!(10), &json!("")));
    assert_eq!([0, 1].map(|place: usize| delays[place]["id"].as_str().unwrap().chars().last()), [Some('0'), Some('1')]);
    assert_eq!(page["other"][0]["subject"], "MATHS");
    assert_eq!((&page["other"][1]["subject"], &page["other"][1]["giver"]), (&json!(null), &json!("")));
    assert_eq!(
        page["totals"],
        json!([
            { "subject": "MATHS", "hoursAssisted": 2, "hoursMissed": 1, "subs": null },
            { "subject": "LANGUES", "hoursAssisted": 2, "hoursMissed": 1.5,
              "subs": [{ "subject": "ANGLAIS", "hoursMissed": 1.5, "subs": null }] },
        ])
    );
    assert_eq!(page["hoursMissed"], 3);
}

#[tokio::test]
async fn a_detention_keeps_its_half_hour_and_a_punishment_needs_no_nature() {
    let school = school().await;
    let query = "{ absences { punishments { id date isDuringLesson giver circumstances homework title kind detention { id from to } } } }";
    let punishments = school.pupil().await.data(query).await["absences"]["punishments"].take();
    let (detention, other) = (&punishments[0], &punishments[1]);
    assert_eq!((&detention["isDuringLesson"], &detention["giver"]), (&json!(false), &json!("Mme S")));
    assert_eq!((&detention["kind"], &detention["homework"]), (&json!("DETENTION"), &json!("")));
    let day = 1_773_702_000_000_i64;
    let (from, to) = (detention["detention"]["from"].as_i64().unwrap(), detention["detention"]["to"].as_i64().unwrap());
    assert_eq!((from - day, to - from), (10 * 3_600_000 + 1_800_000, 3_600_000), "the sixth half hour of the day");
    assert!(!detention["detention"]["id"].as_str().unwrap().is_empty());
    assert_eq!((&other["detention"], &other["title"], &other["kind"]), (&json!(null), &json!(""), &json!("ELSE")));
}

#[tokio::test]
async fn two_dates_without_a_period_are_asked_of_the_first_one() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let first = pupil.viewer.instance().periods[0].id.as_str().to_owned();
    let (function, fields) = ("PagePresence", "{ absences { from } }");
    pupil.data(&format!(r#"{{ absences(from: "2025-09-01", to: "2026-07-01T08:30") {fields} }}"#)).await;
    let asked = school.last(function);
    assert_eq!(asked["periode"]["N"], first);
    assert_eq!(
        (&asked["DateDebut"]["V"], &asked["DateFin"]["V"]),
        (&json!("1/9/2025 0:0:0"), &json!("1/7/2026 8:30:0"))
    );
    pupil.data(&format!(r#"{{ absences(from: "2026-03-02") {fields} }}"#)).await;
    let asked = school.last(function);
    assert_ne!(asked["periode"]["N"], first, "today's term");
    assert_eq!(asked["DateDebut"]["V"], "2/3/2026 0:0:0");
}
