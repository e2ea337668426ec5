use serde_json::{Value, json};

use crate::pages::testing::{ANAIS, Desk, FANNY, FLORE, JULIE, PAUL, Who, elements, has_all};

fn list(desk: &mut Desk, who: Who, modes: &str) -> Value {
    desk.read(who, "PageActualites", json!({ "modesAffActus": { "_T": 26, "V": modes } }))
}

fn items(desk: &mut Desk, who: Who) -> Vec<Value> {
    elements(&list(desk, who, "[0]")["listeModesAff"][0]["listeActualites"]).to_vec()
}

fn find(desk: &mut Desk, who: Who, title: &str) -> Option<Value> {
    items(desk, who).into_iter().find(|item| item["L"].as_str().unwrap().starts_with(title))
}

fn save(desk: &mut Desk, who: Who, item: &Value, more: Value) -> Result<(), String> {
    let mut sent = json!({ "N": item["N"], "public": item["public"], "genrePublic": 4, "validationDirecte": true });
    sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.save(who, "SaisieActualites", json!({ "listeActualites": [sent], "saisieActualite": false }))
}

fn reply(question: &Value, value: Value, free: Option<&str>) -> Value {
    json!({
        "N": question["N"], "L": question["L"], "genreReponse": question["genreReponse"],
        "reponse": {
            "N": 0, "Actif": true, "avecReponse": true, "valeurReponse": value, "valeurReponseLibre": free,
            "estReponseAttendue": true, "_validationSaisie": true,
        },
    })
}

fn chosen(ranks: &str) -> Value {
    json!({ "_T": 8, "V": ranks })
}

#[test]
fn whatever_other_clients_fail_without_is_there_in_every_mode() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE, PAUL, JULIE] {
        let data = list(&mut desk, who, "[0..3]");
        has_all(&data, &["listeCategories.V[].N", "listeNatures.V[].L"]);
        let modes = data["listeModesAff"].as_array().unwrap();
        assert_eq!(modes.iter().map(|mode| mode["G"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3]);
        for item in modes.iter().flat_map(|mode| elements(&mode["listeActualites"])) {
            has_all(
                item,
                &[
                    "N",
                    "L",
                    "estInformation",
                    "estSondage",
                    "lue",
                    "reponseAnonyme",
                    "dateCreation.V",
                    "dateDebut.V",
                    "dateFin.V",
                    "auteur",
                    "elmauteur.V.N",
                    "public.V.N",
                    "public.V.G",
                    "genrePublic",
                    "nature.V.L",
                    "categorie.V.N",
                    "listeQuestions.V[].texte.V",
                    "listeQuestions.V[].listePiecesJointes.V",
                    "listeQuestions.V[].listeChoix.V",
                    "listeQuestions.V[].reponse.V.N",
                    "listeQuestions.V[].reponse.V.avecReponse",
                    "listeQuestions.V[].reponse.V.estReponseAttendue",
                ],
            );
            assert_ne!(item["estInformation"], item["estSondage"]);
            let detail = json!({
                "genreRequeteActualite": 1, "modeAffActu": 0,
                "actualite": { "N": item["N"], "genrePublic": 4, "public": { "N": item["public"]["V"]["N"], "G": 4 } },
            });
            let detail = desk.read(who, "PageActualites", detail);
            assert_eq!(detail["detailsActualite"]["listeQuestions"], item["listeQuestions"]);
        }
    }
}

#[test]
fn everything_a_reader_can_be_asked_is_met_and_only_what_is_shown_today() {
    let mut desk = Desk::open();
    let all = items(&mut desk, FANNY);
    let questions: Vec<&Value> = all.iter().flat_map(|item| elements(&item["listeQuestions"])).collect();
    for kind in 0..=5 {
        assert!(questions.iter().any(|question| question["genreReponse"] == kind), "{kind}");
    }
    assert!(all.iter().any(|item| item["reponseAnonyme"] == true));
    assert!(all.iter().any(|item| item["lue"] == false));
    let kinds: Vec<&Value> = questions
        .iter()
        .flat_map(|question| elements(&question["listePiecesJointes"]))
        .map(|file| &file["G"])
        .collect();
    assert!(kinds.contains(&&json!(0)) && kinds.contains(&&json!(1)));
    for absent in ["Photos de classe", "Collecte", "Conseils de classe", "Brouillon"] {
        assert!(find(&mut desk, FANNY, absent).is_none(), "{absent}");
    }
    assert!(find(&mut desk, JULIE, "Conseils de classe").is_some());
    assert!(find(&mut desk, FLORE, "Manuels de la classe 5A").is_some(), "her second child is in 5A");
    assert!(find(&mut desk, FANNY, "Manuels de la classe 5A").is_none());
    let drafts = list(&mut desk, PAUL, "[2]");
    assert_eq!(elements(&drafts["listeModesAff"][0]["listeActualites"])[0]["L"], "Brouillon d'information");
}

#[test]
fn reading_is_kept_for_one_person_and_can_be_taken_back() {
    let mut desk = Desk::open();
    let item = find(&mut desk, FANNY, "Réunion").unwrap();
    save(&mut desk, FANNY, &item, json!({ "lue": true, "marqueLueSeulement": true })).unwrap();
    assert_eq!(find(&mut desk, FANNY, "Réunion").unwrap()["lue"], true);
    assert_eq!(find(&mut desk, FLORE, "Réunion").unwrap()["lue"], false);
    save(&mut desk, FANNY, &item, json!({ "lue": false })).unwrap();
    assert_eq!(find(&mut desk, FANNY, "Réunion").unwrap()["lue"], false);
}

#[test]
fn an_acknowledgement_is_dated_and_never_taken_back() {
    let mut desk = Desk::open();
    let item = find(&mut desk, FLORE, "Réunion").unwrap();
    let mut answer = reply(&item["listeQuestions"]["V"][0], json!(""), None);
    save(&mut desk, FLORE, &item, json!({ "lue": true, "listeQuestions": [answer] })).unwrap();
    let given =
        |desk: &mut Desk| find(desk, FLORE, "Réunion").unwrap()["listeQuestions"]["V"][0]["reponse"]["V"].clone();
    assert_eq!(
        (&given(&mut desk)["avecReponse"], given(&mut desk)["reponduLe"]["V"].as_str()),
        (&json!(true), Some("20/11/2025 10:15:00"))
    );
    answer["reponse"]["avecReponse"] = json!(false);
    save(&mut desk, FLORE, &item, json!({ "listeQuestions": [answer] })).unwrap();
    assert_eq!(given(&mut desk)["avecReponse"], true);
    assert_eq!(find(&mut desk, FLORE, "Réunion").unwrap()["informationListeContenu"]["aToutRepondu"], true);
}

#[test]
fn a_survey_keeps_choices_a_free_choice_and_a_text() {
    let mut desk = Desk::open();
    let survey = find(&mut desk, FANNY, "Sortie au musée").unwrap();
    let asked = survey["listeQuestions"]["V"].as_array().unwrap();
    let replies = [
        reply(&asked[1], chosen("[2]"), None),
        reply(&asked[2], json!({ "_T": 26, "V": "[1,4]" }), Some("Gravure")),
        reply(&asked[3], json!("Aucune"), None),
    ];
    save(&mut desk, FANNY, &survey, json!({ "lue": true, "listeQuestions": replies })).unwrap();
    let survey = find(&mut desk, FANNY, "Sortie au musée").unwrap();
    let given: Vec<&Value> =
        survey["listeQuestions"]["V"].as_array().unwrap().iter().map(|question| &question["reponse"]["V"]).collect();
    assert_eq!(given[1]["valeurReponse"], chosen("[2]"));
    assert_eq!(
        (&given[2]["valeurReponse"], given[2]["valeurReponseLibre"].as_str()),
        (&chosen("[1,4]"), Some("Gravure"))
    );
    assert_eq!(given[3]["valeurReponse"], "Aucune");
    let untouched = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    assert_eq!(untouched["listeQuestions"]["V"][1]["reponse"]["V"]["avecReponse"], false);
}

#[test]
fn an_answer_that_breaks_the_rules_saves_nothing() {
    let mut desk = Desk::open();
    let survey = find(&mut desk, FANNY, "Sortie au musée").unwrap();
    let asked = survey["listeQuestions"]["V"].as_array().unwrap().clone();
    for (question, value) in [
        (1, chosen("[1,2]")),
        (1, chosen("[9]")),
        (2, chosen("[1..3]")),
        (1, json!("nonsense")),
        (3, json!("x".repeat(201))),
    ] {
        let replies = [reply(&asked[question], value, None)];
        assert!(save(&mut desk, FANNY, &survey, json!({ "lue": true, "listeQuestions": replies })).is_err());
    }
    assert_eq!(find(&mut desk, FANNY, "Sortie au musée").unwrap()["lue"], false);
}

#[test]
fn deleted_news_is_gone_for_one_person_for_good() {
    let mut desk = Desk::open();
    let item = find(&mut desk, FANNY, "Réunion").unwrap();
    save(&mut desk, FANNY, &item, json!({ "lue": false, "supprimee": true, "listeQuestions": [] })).unwrap();
    assert!(find(&mut desk, FANNY, "Réunion").is_none());
    assert!(find(&mut desk, FLORE, "Réunion").is_some());
    let again = json!({ "listeActualites": [{ "N": item["N"], "lue": true }] });
    assert_eq!(desk.ask(FANNY, "SaisieActualites", again).unwrap_err().code, 3);
}

#[test]
fn the_news_of_others_is_refused() {
    let mut desk = Desk::open();
    let item = find(&mut desk, JULIE, "Conseils de classe").unwrap();
    let key = desk.ids(JULIE).read(item["N"].as_str().unwrap()).unwrap().key;
    let id = desk.ids(ANAIS).write(crate::pages::genre::NEWS, key);
    let detail = json!({ "genreRequeteActualite": 1, "actualite": { "N": id } });
    assert_eq!(desk.ask(ANAIS, "PageActualites", detail).unwrap_err().code, 3);
    let read = json!({ "listeActualites": [{ "N": id, "lue": true }] });
    assert_eq!(desk.ask(ANAIS, "SaisieActualites", read).unwrap_err().code, 3);
    let raw = json!({ "listeActualites": [{ "N": item["N"], "lue": true }] });
    assert_eq!(desk.ask(ANAIS, "SaisieActualites", raw).unwrap_err().code, 22);
}
