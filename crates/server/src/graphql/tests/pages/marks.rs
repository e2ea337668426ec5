use serde_json::json;

use super::super::school::School;

fn list(values: serde_json::Value) -> serde_json::Value {
    json!({ "_T": 24, "V": values })
}

fn note(text: &str) -> serde_json::Value {
    json!({ "_T": 10, "V": text })
}

/// Two marks of one name and day, an average that is an annotation, a subject that only a mark tells of.
async fn school() -> School {
    let school = School::open().await;
    school.emulator.script("DernieresNotes", |_, answer| {
        let mark = |id: &str, subject: &str, value: &str, average: &str, lowest: &str| {
            json!({ "N": id, "note": note(value), "bareme": note("10"), "coefficient": note("1"), "commentaire": "DS",
              "date": { "_T": 7, "V": "10/03/2026" }, "service": { "_T": 24, "V": { "N": subject, "L": subject, "couleur": "#abc" } },
              "moyenne": note(average), "noteMin": note(lowest), "noteMax": note(average) })
        };
        *answer = json!({
            "moyGenerale": note("31,00"), "baremeMoyGenerale": note("40"), "moyGeneraleClasse": note("12,345"),
            "avecDetailDevoir": true, "avecDetailService": true,
            "listeServices": list(json!([
                { "N": "1#m", "L": "MATHS", "couleur": "#12F", "ordre": 2, "moyEleve": note("7,50"), "baremeMoyEleve": note("10"),
                  "moyClasse": note("12"), "moyMin": note("0"), "moyMax": note("20") },
                { "N": "1#e", "L": "EPS", "ordre": 1, "moyEleve": note("|1"), "moyClasse": note("12") },
                { "N": "1#s", "L": "SVT", "ordre": 3 },
            ])),
            "listeDevoirs": list(json!([
                mark("59#a", "MATHS", "8,5", "6", "0"), mark("59#b", "MATHS", "|1", "|1", "|1"),
                mark("59#c", "LATIN", "4", "-1", "1"), mark("59#d", "LATIN", "|8", "5", ""),
            ])),
        });
    });
    school
}

#[tokio::test]
async fn averages_are_brought_to_20_and_what_is_not_told_is_minus_one() {
    let (school, query) = (
        school().await,
        "{ marks { averages { student studentClass }
        subjects { name color averages { student studentClass min max annotation studentOn20 lowest } } } }",
    );
    let marks = school.pupil().await.data(query).await["marks"].take();
    assert_eq!(marks["averages"], json!({ "student": 15.5, "studentClass": 12.35 }));
    let subjects = marks["subjects"].as_array().unwrap();
    let names: Vec<_> = subjects.iter().map(|subject| subject["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["MATHS", "EPS", "SVT", "LATIN"], "the order of the server, then what only marks tell of");
    let legacy = |place: usize| {
        let averages = &subjects[place]["averages"];
        ["student", "studentClass", "min", "max"].map(|name| averages[name].as_i64().unwrap())
    };
    assert_eq!((legacy(0), legacy(1), legacy(2)), ([15, 12, 0, 20], [-1, 12, -1, -1], [-1; 4]));
    assert_eq!((&subjects[0]["averages"]["studentOn20"], &subjects[0]["averages"]["lowest"]), (&json!(15), &json!(0)));
    assert_eq!(subjects[1]["averages"]["annotation"], "ABSENT");
    assert_eq!(subjects[1]["averages"]["studentOn20"], json!(null));
    assert_eq!([0, 1, 3].map(|place: usize| subjects[place]["color"].as_str().unwrap()), ["#12F", "", "#abc"]);
}

#[tokio::test]
async fn marks_keep_their_scale_and_an_annotation_is_no_number() {
    let school = school().await;
    let pupil = school.pupil().await;
    let query = "{ marks { subjects { name marks { id title value scale average min max isAway annotation on20 date key } } } }";
    let marks = pupil.data(query).await["marks"].take();
    let of = |subject: usize, mark: usize| marks["subjects"][subject]["marks"][mark].clone();
    let values =
        |mark: &serde_json::Value| json!([mark["value"], mark["average"], mark["min"], mark["max"], mark["isAway"]]);
    assert_eq!(values(&of(0, 0)), json!([8.5, 6, 0, 6, false]), "a lowest mark of 0 stays 0");
    assert_eq!(values(&of(0, 1)), json!([null, null, null, null, true]));
    assert_eq!(values(&of(3, 0)), json!([4, null, null, null, false]), "nothing of the class without its average");
    assert_eq!(values(&of(3, 1)), json!([null, 5, null, 5, true]));
    assert_eq!((&of(3, 1)["annotation"], &of(3, 1)["on20"]), (&json!("CONGRATULATIONS"), &json!(20)));
    let ids = [of(0, 0), of(0, 1)].map(|mark| mark["id"].as_str().unwrap().to_owned());
    assert_eq!(ids[0].strip_suffix('0'), ids[1].strip_suffix('1'), "twins share all but their rank");
    assert_ne!(of(0, 0)["key"], of(0, 1)["key"]);
    assert_eq!(of(0, 0)["date"], 1_773_097_200_000_i64, "the first moment of the day");
}

#[tokio::test]
async fn a_school_that_hides_its_averages_shows_none() {
    let school = School::open().await;
    school.emulator.script("DernieresNotes", |_, answer| {
        *answer = json!({ "avecDetailService": false, "listeServices": list(json!([{ "N": "1#m", "L": "MATHS" }])) });
    });
    let marks = school.pupil().await.data("{ marks { averages { student studentClass } subjects { name } } }").await;
    assert_eq!(marks["marks"], json!({ "averages": { "student": null, "studentClass": null }, "subjects": [] }));
}

#[tokio::test]
async fn a_period_is_chosen_by_name_by_kind_or_by_the_day() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let periods = pupil.viewer.instance().periods.clone();
    let asked = async |argument: &str| {
        pupil.data(&format!("{{ marks{argument} {{ averages {{ student }} }} }}")).await;
        let id = school.last("DernieresNotes")["Periode"]["N"].as_str().unwrap().to_owned();
        periods.iter().find(|period| period.id.as_str() == id).unwrap().name.clone()
    };
    assert_eq!(asked("").await, "Trimestre 3");
    assert_eq!(asked(r#"(period: "Trimestre 1")"#).await, "Trimestre 1");
    assert_eq!(asked(r#"(period: "semester")"#).await, "Semestre 2");
    let unknown = pupil.ask(r#"{ marks(period: "zzz") { averages { student } } }"#).await;
    assert_eq!(
        (&unknown["data"]["marks"], &unknown["errors"][0]["message"]),
        (&json!(null), &json!("Unknown period 'zzz'"))
    );
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn evaluations_are_gathered_by_subject() {
    let school = School::open().await;
    school.emulator.script("DernieresEvaluations", |_, answer| {
        let evaluation = |id: &str, name: &str, subject: &str, order: i64, levels: serde_json::Value| {
            json!({ "N": id, "L": name, "date": { "_T": 7, "V": "10/03/2026" }, "coefficient": 1, "listeNiveauxDAcquisitions": list(levels),
              "matiere": { "_T": 24, "V": { "N": "16#x", "L": subject, "couleur": "#FFAA00", "ordre": order } } })
        };
        let level = |order: i64, domain: &str, item: Option<&str>, prefixes: &str| {
            json!({ "L": "Solide", "abbreviation": "S", "ordre": order, "domaine": { "_T": 24, "V": { "L": domain } },
              "item": item.map(|item| json!({ "_T": 24, "V": { "L": item } })), "pilier": { "_T": 24, "V": { "L": "P", "strPrefixes": prefixes } } })
        };
        let levels = json!([level(2, "Lire", Some("Lire vite"), ""), level(1, "Ecrire", None, "D1, D2")]);
        *answer = json!({ "listeEvaluations": list(json!([
            evaluation("29#a", "Dictée", "FR", 2, levels), evaluation("29#b", "Fractions", "MATHS", 1, json!([])),
            evaluation("29#c", "Dictée", "FR", 2, json!([])),
        ])) });
    });
    let query =
        "{ evaluations { name teacher color evaluations { id name levels { name prefixes value { short long } } } } }";
    let subjects = school.pupil().await.data(query).await["evaluations"].take();
    assert_eq!((&subjects[0]["name"], &subjects[1]["name"]), (&json!("MATHS"), &json!("FR")));
    assert_eq!((&subjects[1]["teacher"], &subjects[1]["color"]), (&json!(""), &json!("#FFAA00")));
    let of_french = &subjects[1]["evaluations"];
    assert_eq!(of_french.as_array().unwrap().len(), 2);
    assert_eq!(
        of_french[0]["levels"],
        json!([
            { "name": "Ecrire", "prefixes": ["D1", "D2"], "value": { "short": "S", "long": "Solide" } },
            { "name": "Lire vite", "prefixes": [], "value": { "short": "S", "long": "Solide" } },
        ])
    );
    assert!(of_french[0]["id"].as_str().unwrap().ends_with('0') && of_french[1]["id"].as_str().unwrap().ends_with('1'));
}
