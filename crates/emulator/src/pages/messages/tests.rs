use serde_json::{Value, json};

use crate::pages::testing::{ANAIS, Desk, FANNY, FLORE, JULIE, PAUL, Who, elements, has_all};

fn list(desk: &mut Desk, who: Who) -> Vec<Value> {
    let data = desk.read(who, "ListeMessagerie", json!({ "avecLu": true, "avecMessage": true }));
    elements(&data["listeMessagerie"]).to_vec()
}

fn find(desk: &mut Desk, who: Who, subject: &str) -> Option<Value> {
    list(desk, who).into_iter().find(|node| node["objet"] == subject)
}

fn open(desk: &mut Desk, who: Who, node: &Value) -> Value {
    desk.read(who, "ListeMessages", json!({ "listePossessionsMessages": node["listePossessionsMessages"]["V"] }))
}

fn texts(page: &Value) -> Vec<String> {
    let text = |message: &Value| crate::pages::bare(&message["contenu"]).as_str().unwrap().to_owned();
    elements(&page["listeMessages"]).iter().map(text).collect()
}

/// Answers as pronotepy does: with the whole default message and the first button.
fn reply(desk: &mut Desk, who: Who, node: &Value, text: &str) -> Result<(), String> {
    let page = open(desk, who, node);
    let data = json!({
        "messagePourReponse": page["messagePourReponse"]["V"],
        "contenu": text,
        "listeFichiers": [],
        "bouton": elements(&page["listeBoutons"]).first(),
    });
    desk.save(who, "SaisieMessage", data)
}

fn command(desk: &mut Desk, who: Who, node: &Value, name: &str, more: Value) -> Result<(), String> {
    let mut data = json!({ "commande": name, "listePossessionsMessages": node["listePossessionsMessages"]["V"] });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.save(who, "SaisieMessage", data)
}

#[test]
fn a_new_discussion_appears_for_its_recipients_as_it_was_sent() {
    let mut desk = Desk::open();
    let to = [desk.person(FLORE, "MARTIN Paul")];
    let text = "<p>Bonjour & <b>merci</b></p>";
    let data = json!({ "objet": "Cantine", "contenu": { "_T": 21, "V": text }, "listeDestinataires": to });
    desk.save(FLORE, "SaisieMessage", data).unwrap();

    let mine = find(&mut desk, FLORE, "Cantine").unwrap();
    assert!(mine.get("initiateur").is_none() && mine["nbNonLus"] == 0 && mine["public"] == "MARTIN P.");
    let theirs = find(&mut desk, PAUL, "Cantine").unwrap();
    assert_eq!(theirs["nbNonLus"], 1);
    assert_eq!(theirs["initiateur"], "Mme PARENT F. - PARENT Fanny (3A) PARENT Léo (5A)");
    let page = open(&mut desk, PAUL, &theirs);
    assert_eq!(texts(&page), [text]);
    assert_eq!(page["listeMessages"]["V"][0]["estHTML"], true);
    assert!(find(&mut desk, FANNY, "Cantine").is_none());
}

#[test]
fn an_answer_is_read_by_the_other_side_and_unread_until_then() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Carnet oublié").unwrap();
    reply(&mut desk, FLORE, &node, "Merci <3").unwrap();

    let theirs = find(&mut desk, PAUL, "Carnet oublié").unwrap();
    let page = open(&mut desk, PAUL, &theirs);
    let last = elements(&page["listeMessages"]).last().unwrap();
    assert_eq!((last["contenu"].as_str(), &last["estHTML"]), (Some("Merci <3"), &json!(false)));
    assert_eq!((&last["emetteur"], &last["lu"]), (&json!(false), &json!(false)));
    let source = &elements(&page["listeMessages"])[1]["N"];
    assert_eq!(&last["messageSource"]["V"]["N"], source);

    let unread = theirs["nbNonLus"].as_u64().unwrap();
    let data = json!({ "listePossessionsMessages": theirs["listePossessionsMessages"], "marquerCommeLu": true });
    assert_eq!(desk.read(PAUL, "ListeMessages", data)["nbMarquerLu"], unread);
    assert_eq!(find(&mut desk, PAUL, "Carnet oublié").unwrap()["nbNonLus"], 0);
}

#[test]
fn reading_alone_leaves_messages_unread_and_they_can_be_marked_both_ways() {
    let mut desk = Desk::open();
    let unread = |desk: &mut Desk| find(desk, FLORE, "Sortie au musée").unwrap()["nbNonLus"].as_u64().unwrap();
    let node = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    open(&mut desk, FLORE, &node);
    assert_eq!(unread(&mut desk), 2);
    command(&mut desk, FLORE, &node, "pourLu", json!({ "lu": true })).unwrap();
    assert_eq!(unread(&mut desk), 0);
    let only = desk.read(FLORE, "ListeMessagerie", json!({ "avecLu": false, "avecMessage": true }));
    assert!(elements(&only["listeMessagerie"]).iter().all(|node| node["objet"] != "Sortie au musée"));
    command(&mut desk, FLORE, &node, "pourLu", json!({ "lu": false })).unwrap();
    assert_eq!(unread(&mut desk), 2);
}

#[test]
fn every_open_discussion_takes_an_answer_and_a_closed_one_refuses_it() {
    let mut desk = Desk::open();
    let nodes = list(&mut desk, FLORE);
    assert!(nodes.iter().any(|node| node["ferme"] == true));
    assert!(nodes.iter().any(|node| node.get("listeEtiquettes").is_some()));
    for node in nodes {
        let answered = reply(&mut desk, FLORE, &node, "test");
        assert_eq!(answered.is_err(), node["ferme"] == true, "{}", node["objet"]);
        let buttons = open(&mut desk, FLORE, &node);
        assert_eq!(elements(&buttons["listeBoutons"]).is_empty(), node["ferme"] == true);
    }
}

#[test]
fn a_discussion_goes_to_the_trash_and_back_for_one_person_only() {
    let mut desk = Desk::open();
    let trash = |desk: &mut Desk| {
        let data = desk.read(FLORE, "ListeMessagerie", json!({ "avecLu": true }));
        elements(&data["listeEtiquettes"]).iter().find(|label| label["G"] == 5).unwrap()["N"].clone()
    };
    let node = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    command(&mut desk, FLORE, &node, "corbeille", json!({})).unwrap();
    let thrown = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    assert_eq!(thrown["listeEtiquettes"]["V"][0]["N"], trash(&mut desk));
    assert!(find(&mut desk, PAUL, "Sortie au musée").unwrap().get("listeEtiquettes").is_none());
    command(&mut desk, FLORE, &node, "restauration", json!({})).unwrap();
    assert!(find(&mut desk, FLORE, "Sortie au musée").unwrap().get("listeEtiquettes").is_none());
}

#[test]
fn a_deleted_discussion_is_not_listed_but_readable_through_its_old_possessions() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Carnet oublié").unwrap();
    let before = texts(&open(&mut desk, FLORE, &node));
    command(&mut desk, FLORE, &node, "corbeille", json!({})).unwrap();
    desk.save(FLORE, "SaisieMessage", json!({ "commande": "viderCorbeille" })).unwrap();
    assert!(find(&mut desk, FLORE, "Carnet oublié").is_none());
    assert!(find(&mut desk, FLORE, "Bourse aux livres").is_none(), "all of the trash is gone");

    command(&mut desk, FLORE, &node, "pourLu", json!({ "lu": true })).unwrap();
    assert_eq!(texts(&open(&mut desk, FLORE, &node)), before);
    let asked = json!({ "message": node["messagePourParticipants"]["V"], "estPublicParticipant": true });
    assert_eq!(elements(&desk.read(FLORE, "SaisiePublicMessage", asked)["listeDest"])[0]["L"], "MARTIN P.");
    reply(&mut desk, FLORE, &node, "encore").unwrap();
    assert!(find(&mut desk, FLORE, "Carnet oublié").is_some(), "a new message brings it back");
}

#[test]
fn a_draft_of_an_answer_is_kept_changed_deleted_and_sent() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Rendez-vous").unwrap();
    let target = open(&mut desk, FLORE, &node)["messagePourReponse"]["V"]["N"].clone();
    let drafts = |desk: &mut Desk| -> Vec<Value> {
        let node = find(desk, FLORE, "Rendez-vous").unwrap();
        let page = open(desk, FLORE, &node);
        elements(&page["listeMessages"]).iter().filter(|message| message["brouillon"] == true).cloned().collect()
    };
    let keep = |draft: Value, text: &str| {
        json!({
            "commande": "brouillon", "brouillon": draft, "contenu": text, "objet": "",
            "messagePourReponse": { "G": 0, "N": target }, "listeDestinataires": [], "listeFichiers": [],
        })
    };
    desk.save(FLORE, "SaisieMessage", keep(json!({ "E": 1, "N": -1001 }), "un")).unwrap();
    desk.save(FLORE, "SaisieMessage", keep(json!({ "E": 1, "N": -1002 }), "deux")).unwrap();
    let kept = drafts(&mut desk);
    assert_eq!(kept.len(), 2);
    assert_eq!(find(&mut desk, FLORE, "Rendez-vous").unwrap()["nbBrouillons"], 2);
    for draft in &kept {
        has_all(draft, &["N", "date.V", "messageSource.V.N", "possessionMessage.V.N", "contenu", "emetteur"]);
        assert_eq!(draft["messageSource"]["V"]["N"], target);
    }
    let possession = kept[0]["possessionMessage"]["V"]["N"].clone();
    desk.save(FLORE, "SaisieMessage", keep(json!({ "E": 2, "N": possession }), "un bis")).unwrap();
    let changed = drafts(&mut desk);
    assert_eq!((changed.len(), changed[0]["contenu"].as_str()), (2, Some("un bis")));

    let gone = json!({ "commande": "suppression", "listePossessionsMessages": [kept[1]["possessionMessage"]["V"]] });
    desk.save(FLORE, "SaisieMessage", gone).unwrap();
    assert_eq!(drafts(&mut desk).len(), 1);
    assert!(find(&mut desk, FLORE, "Rendez-vous").is_some(), "the discussion stays");
    let send = json!({
        "commande": "", "bouton": { "N": 0, "G": 0 }, "brouillon": { "N": possession }, "contenu": "un ter",
        "messagePourReponse": { "G": 0, "N": target }, "listeDestinataires": [], "listeFichiers": [],
    });
    desk.save(FLORE, "SaisieMessage", send).unwrap();
    assert!(drafts(&mut desk).is_empty());
    let node = find(&mut desk, FLORE, "Rendez-vous").unwrap();
    assert_eq!(texts(&open(&mut desk, FLORE, &node)).last().unwrap(), "un ter");
}

#[test]
fn a_draft_that_begins_a_discussion_is_listed_thrown_away_taken_back_and_sent() {
    let mut desk = Desk::open();
    let labels = |node: &Value| node["listeEtiquettes"]["V"].as_array().unwrap().len();
    let node = find(&mut desk, FANNY, "Absence prévue").unwrap();
    assert_eq!(labels(&node), 1);
    command(&mut desk, FANNY, &node, "corbeille", json!({})).unwrap();
    let thrown = find(&mut desk, FANNY, "Absence prévue").unwrap();
    assert_ne!(thrown["listeEtiquettes"], node["listeEtiquettes"]);
    command(&mut desk, FANNY, &node, "restauration", json!({})).unwrap();
    assert_eq!(find(&mut desk, FANNY, "Absence prévue").unwrap()["listeEtiquettes"], node["listeEtiquettes"]);
    let page = open(&mut desk, FANNY, &node);
    let draft = &page["listeMessages"]["V"][0];
    let send = json!({ "brouillon": draft["possessionMessage"]["V"], "contenu": "Absente lundi." });
    desk.save(FANNY, "SaisieMessage", send).unwrap();
    let sent = find(&mut desk, FANNY, "Absence prévue").unwrap();
    assert!(sent.get("listeEtiquettes").is_none());
    let theirs = find(&mut desk, PAUL, "Absence prévue").unwrap();
    assert_eq!(texts(&open(&mut desk, PAUL, &theirs)), ["Absente lundi."]);
}

#[test]
fn the_messages_of_others_are_refused_whatever_the_call() {
    let mut desk = Desk::open();
    let theirs = find(&mut desk, PAUL, "Carnet oublié").unwrap();
    // The same message as Anaïs's session would write it: she was never part of it.
    let id = desk.ids(PAUL).read(theirs["N"].as_str().unwrap()).unwrap();
    let message = json!({ "N": desk.ids(ANAIS).write(crate::pages::genre::MESSAGE, id.key) });
    let possession = json!({ "N": desk.ids(ANAIS).write(crate::pages::genre::POSSESSION, id.key) });
    for (function, data) in [
        ("ListeMessages", json!({ "listePossessionsMessages": [possession] })),
        ("SaisiePublicMessage", json!({ "message": message })),
        ("SaisieMessage", json!({ "commande": "pourLu", "lu": true, "listePossessionsMessages": [possession] })),
        ("SaisieMessage", json!({ "messagePourReponse": message, "contenu": "x", "bouton": { "G": 0 } })),
        ("SaisieMessage", json!({ "commande": "transfert", "listeMessagesTransfert": [message], "contenu": "x" })),
    ] {
        assert_eq!(desk.ask(ANAIS, function, data).unwrap_err().code, 3, "{function}");
    }
    let raw = json!({ "listePossessionsMessages": theirs["listePossessionsMessages"] });
    assert_eq!(desk.ask(ANAIS, "ListeMessages", raw).unwrap_err().code, 22);
}

#[test]
fn families_write_to_their_teachers_and_the_staff_only() {
    let mut desk = Desk::open_with(200);
    let (mine, other) = (desk.head_teacher(), desk.strange_teacher());
    for (name, allowed) in
        [(mine.as_str(), true), (other.as_str(), false), ("LEROY Hélène", true), ("PARENT Flore", false)]
    {
        let to = [desk.person(ANAIS, name)];
        let data = json!({ "objet": "Question", "contenu": "Bonjour", "listeDestinataires": to });
        assert_eq!(desk.ask(ANAIS, "SaisieMessage", data).is_ok(), allowed, "{name}");
    }
    let teachers = desk.read(ANAIS, "ListeRessourcesPourCommunication", json!({ "onglet": { "N": 0, "G": 3 } }));
    let teachers = elements(&teachers["listeRessourcesPourCommunication"]);
    assert!(teachers.len() > 3 && teachers.iter().any(|teacher| teacher["estPrincipal"] == true));
    for teacher in teachers {
        has_all(teacher, &["N", "L", "G", "avecDiscussion", "listeRessources.V[].N", "listeRessources.V[].L"]);
        assert!(!elements(&teacher["listeRessources"]).is_empty());
    }
    let staff = desk.read(ANAIS, "ListeRessourcesPourCommunication", json!({ "onglet": { "N": 0, "G": 34 } }));
    for person in elements(&staff["listeRessourcesPourCommunication"]) {
        has_all(person, &["N", "L", "G", "fonction.V.N", "fonction.V.L"]);
    }
    let pupils = desk.read(ANAIS, "ListeRessourcesPourCommunication", json!({ "onglet": { "N": 0, "G": 4 } }));
    assert!(elements(&pupils["listeRessourcesPourCommunication"]).is_empty());
    assert!(desk.ask(ANAIS, "ListePublics", json!({})).is_err());
}

#[test]
fn an_answer_to_the_author_alone_is_kept_from_the_others() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FANNY, "Sortie au musée").unwrap();
    let page = open(&mut desk, FANNY, &node);
    assert_eq!(page["listeBoutons"]["V"][0]["G"], 2);
    let first = page["listeMessages"]["V"][0]["N"].clone();
    let data = json!({ "messagePourReponse": { "N": first }, "contenu": "secret", "bouton": { "N": 0, "G": 0 } });
    desk.save(FANNY, "SaisieMessage", data).unwrap();
    let page = open(&mut desk, FANNY, &node);
    assert_eq!(elements(&page["listeMessages"]).last().unwrap()["estUnAparte"], true);
    let theirs: Vec<Value> =
        list(&mut desk, PAUL).into_iter().filter(|node| node["objet"] == "Sortie au musée").collect();
    for node in theirs {
        assert!(!texts(&open(&mut desk, PAUL, &node)).contains(&"secret".to_owned()));
    }
}

#[test]
fn only_who_began_a_discussion_or_the_staff_closes_or_renames_it() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Rendez-vous").unwrap();
    assert!(command(&mut desk, FLORE, &node, "pourOuvrirFermer", json!({ "ouvrir": false })).is_err());
    let node = find(&mut desk, PAUL, "Photos de classe").unwrap();
    command(&mut desk, PAUL, &node, "pourOuvrirFermer", json!({ "ouvrir": true })).unwrap();
    assert_eq!(find(&mut desk, PAUL, "Photos de classe").unwrap()["ferme"], false);
    let last = node["dernierPossessionMessage"]["V"].clone();
    let rename = json!({ "commande": "modificationObjetDiscussion", "possessionMessage": last, "objet": "Photos 3A" });
    desk.save(PAUL, "SaisieMessage", rename).unwrap();
    assert!(find(&mut desk, PAUL, "Photos 3A").is_some());
}

#[test]
fn who_has_left_gets_and_sends_nothing_until_back() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    let possession = node["dernierPossessionMessage"]["V"].clone();
    let leave =
        |out: bool| json!({ "commande": "entrerSortirDiscussion", "possessionMessage": possession, "estSorti": out });
    desk.save(FLORE, "SaisieMessage", leave(true)).unwrap();
    let left = find(&mut desk, FLORE, "Sortie au musée").unwrap();
    assert_eq!(left["avecReponse"], false);
    assert!(elements(&open(&mut desk, FLORE, &left)["listeBoutons"]).is_empty());
    let theirs: Vec<Value> =
        list(&mut desk, PAUL).into_iter().filter(|node| node["objet"] == "Sortie au musée").collect();
    for node in &theirs {
        reply(&mut desk, PAUL, node, "vous nous manquez").unwrap();
    }
    assert_eq!(find(&mut desk, FLORE, "Sortie au musée").unwrap()["nombreMessages"], node["nombreMessages"]);
    desk.save(FLORE, "SaisieMessage", leave(false)).unwrap();
    reply(&mut desk, FLORE, &node, "me revoilà").unwrap();
}

#[test]
fn archives_and_own_labels_are_seen_on_the_discussions_that_carry_them() {
    let mut desk = Desk::open();
    let node = find(&mut desk, FLORE, "Rendez-vous").unwrap();
    let made = json!({ "commande": "creation", "libelle": "Important", "abr": "IMP", "couleur": "#FF0000" });
    desk.save(FLORE, "SaisieEtiquetteMessage", made).unwrap();
    let own = |desk: &mut Desk| {
        let data = desk.read(FLORE, "ListeMessagerie", json!({ "avecLu": true }));
        elements(&data["listeEtiquettes"]).iter().find(|label| label["G"] == 0).cloned()
    };
    let label = own(&mut desk).unwrap();
    assert_eq!(label["L"], "Important");
    let possessions = &node["listePossessionsMessages"]["V"];
    let put = json!({ "listeEtiquettesPlus": [label], "listePossessionsMessages": possessions });
    desk.save(FLORE, "SaisieEtiquetteMessage", put).unwrap();
    command(&mut desk, FLORE, &node, "archive", json!({ "archiver": true })).unwrap();
    let labelled = find(&mut desk, FLORE, "Rendez-vous").unwrap();
    assert_eq!(labelled["listeEtiquettes"]["V"].as_array().unwrap().len(), 2);
    command(&mut desk, FLORE, &node, "archive", json!({ "archiver": false })).unwrap();
    desk.save(FLORE, "SaisieEtiquetteMessage", json!({ "commande": "suppression", "etiquette": label })).unwrap();
    assert!(own(&mut desk).is_none());
    assert!(find(&mut desk, FLORE, "Rendez-vous").unwrap().get("listeEtiquettes").is_none());
    assert!(
        desk.ask(FANNY, "SaisieEtiquetteMessage", json!({ "commande": "suppression", "etiquette": label })).is_err()
    );
}

#[test]
fn an_uploaded_file_and_a_forwarded_message_arrive() {
    let mut desk = Desk::open();
    desk.upload("file-1", "mot.txt", b"Bonjour");
    let to = [desk.person(FLORE, "MARTIN Paul")];
    let files = [json!({ "idFichier": "file-1", "nomFichier": "mot.txt" })];
    let data = json!({ "objet": "Mot", "contenu": "", "listeDestinataires": to, "listeFichiers": files });
    desk.save(FLORE, "SaisieMessage", data).unwrap();
    let node = find(&mut desk, PAUL, "Mot").unwrap();
    let page = open(&mut desk, PAUL, &node);
    assert_eq!(page["listeMessages"]["V"][0]["listeDocumentsJoints"]["V"][0]["L"], "mot.txt");

    let to = [desk.person(PAUL, "LEROY Hélène"), desk.person(PAUL, "BROWN Julie")];
    let message = &page["listeMessages"]["V"][0];
    let data = json!({
        "commande": "transfert", "objet": "Tr", "contenu": "Pour information",
        "listeMessagesTransfert": [message], "listeDestinataires": to,
    });
    desk.save(PAUL, "SaisieMessage", data).unwrap();
    let node = find(&mut desk, JULIE, "Tr").unwrap();
    let page = open(&mut desk, JULIE, &node);
    let forwarded = &page["listeMessages"]["V"][0]["listeMessagesPourContexte"]["V"][0];
    assert_eq!(forwarded["listeDocumentsJoints"]["V"][0]["L"], "mot.txt");
}

#[test]
fn whatever_other_clients_fail_without_is_there() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE, PAUL, JULIE] {
        let data = desk.read(who, "ListeMessagerie", json!({ "avecLu": true, "avecMessage": true }));
        has_all(&data, &["listeEtiquettes.V[].N", "listeEtiquettes.V[].G"]);
        for node in elements(&data["listeMessagerie"]) {
            has_all(
                node,
                &[
                    "objet",
                    "libelleDate",
                    "listePossessionsMessages.V[].N",
                    "messagePourParticipants.V.N",
                    "profondeur",
                ],
            );
            let page = open(&mut desk, who, node);
            has_all(&page, &["listeMessages.V", "messagePourReponse.V.N", "listeBoutons.V"]);
            for message in elements(&page["listeMessages"]) {
                has_all(
                    message,
                    &["N", "messageSource.V.N", "possessionMessage.V.N", "date.V", "public_gauche", "contenu"],
                );
                assert_eq!(message["contenu"].is_object(), message["estHTML"] == true);
            }
            let usual = elements(&page["listeBoutons"]).first().map(|button| button["L"].as_str().unwrap());
            assert!(usual.is_none_or(|label| label.starts_with("Envoyer")));
        }
    }
}
