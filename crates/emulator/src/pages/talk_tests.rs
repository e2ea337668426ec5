//! The communication pages, read with our own library.

use pronote::functions::{Context, decode};
use serde_json::{Value, json};

use super::genre;
use super::testing::{Desk, FANNY, FLORE, JULIE, PAUL, Who, elements};

/// Asks, decodes, and fails on anything that could not be read; gives the answer and what was read of it.
fn check(desk: &mut Desk, who: Who, function: &str, tab: u32, asked: Value) -> (Value, Value) {
    let data = desk.read(who, function, asked);
    let text = json!({ "data": data }).to_string();
    let decoded = decode::decode(function, Some(tab), &text, &Context::default()).unwrap();
    assert_eq!(decoded.diagnostics, [], "{function} for {who:?}");
    (data, decoded.value)
}

#[test]
fn our_own_library_reads_every_communication_page_without_a_diagnostic() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE, JULIE, PAUL] {
        let modes = json!({ "modesAffActus": { "_T": 26, "V": "[0..3]" } });
        let (news, _) = check(&mut desk, who, "PageActualites", 8, modes);
        for item in elements(&news["listeModesAff"][0]["listeActualites"]) {
            let one = json!({ "genreRequeteActualite": 1, "modeAffActu": 0, "actualite": { "N": item["N"] } });
            check(&mut desk, who, "PageActualites", 8, one);
        }
        check(&mut desk, who, "PageAccueil", 7, json!({}));
        check(&mut desk, who, "PageMenus", 10, json!({ "date": { "_T": 7, "V": "17/11/2025 0:0:0" } }));
        check(&mut desk, who, "PageInfosPerso", 49, json!({}));
        check(&mut desk, who, "CentraleNotifications", 7, json!({}));
        let (list, _) = check(&mut desk, who, "ListeMessagerie", 131, json!({ "avecLu": true, "avecMessage": true }));
        for node in elements(&list["listeMessagerie"]) {
            let asked = json!({ "listePossessionsMessages": node["listePossessionsMessages"] });
            check(&mut desk, who, "ListeMessages", 131, asked);
            let asked = json!({ "message": node["messagePourParticipants"]["V"], "estPublicParticipant": true });
            check(&mut desk, who, "SaisiePublicMessage", 131, asked);
        }
        for kind in [3, 34, 4, 5] {
            let asked = json!({ "onglet": { "N": 0, "G": kind } });
            check(&mut desk, who, "ListeRessourcesPourCommunication", 131, asked);
        }
    }
    let class = json!({ "classe": { "N": desk.ids(PAUL).write(genre::CLASS, 1_u64), "G": 1 } });
    let (pupils, _) = check(&mut desk, PAUL, "ListeRessources", 105, class);
    for pupil in elements(&pupils["listeRessources"]) {
        check(&mut desk, PAUL, "FicheEleve", 105, json!({ "Eleve": { "N": pupil["N"] } }));
    }
}

#[test]
fn our_own_library_sees_what_the_school_holds() {
    let mut desk = Desk::open();
    let (_, home) = check(&mut desk, FLORE, "PageAccueil", 7, json!({}));
    let wallet = &home["partners"][1]["wallets"][0];
    let fanny = desk.school.people.iter().find(|person| person.name() == "PARENT Fanny").unwrap().id;
    let held = desk.school.home.wallets.iter().find(|wallet| wallet.person == fanny).unwrap();
    assert_eq!(wallet["balance"], held.balance.to_string());
    assert_eq!(home["partners"][0]["code"], "TURBOSELF");
    assert_eq!(home["links"].as_array().unwrap().len(), desk.school.home.links.len());
    assert_eq!(home["menu"].as_array().unwrap().len(), 2);

    let (_, menus) = check(&mut desk, FANNY, "PageMenus", 10, json!({ "date": { "_T": 7, "V": "19/11/2025" } }));
    let wednesday = &menus["days"][2];
    assert_eq!((&wednesday["date"], wednesday["meals"].as_array().unwrap().len()), (&json!("2025-11-19"), 1));

    let (_, account) = check(&mut desk, FANNY, "PageInfosPerso", 49, json!({}));
    assert_eq!(account["national_id"], "001");
}
