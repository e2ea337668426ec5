use jiff::civil::{date, datetime};

use super::*;
use crate::functions::common::reading;
use crate::functions::decode;
use crate::model::Instance;

fn read(text: &str) -> (Home, Vec<String>) {
    reading(text, |data| home(data, &Context::default()))
}

#[test]
fn links_partners_and_wallets_are_told_apart() {
    let (home, noted) = read(
        r#"{"lienUtile":{"listeLiens":{"_T":24,"V":[
             {"N":"80#a","L":"Site","url":"exemple.fr/a","commentaire":"Accueil","estFavori":true},
             {"N":"80#b","L":"Cantine","SSO":{"codePartenaire":"REPAS","x":"1"}},{"commentaire":"sans nom"},{"url":"https://exemple.fr"}]}},
           "partenaireARD":{"SSO":{"codePartenaire":"ARD"},"avecActualisation":true,
             "porteMonnaie":{"_T":24,"V":[{"libellePorteMonnaie":"Self","valeurSolde":"1 234,56 €","avecWarning":true,"hintSolde":"au 12/09"},
               {"libellePorteMonnaie":"Café","valeurSolde":"beaucoup"},{"valeurSolde":"1"}]}},
           "partenaireFAST":{"vide":true}}"#,
    );
    assert_eq!(home.links.len(), 2);
    assert_eq!(home.links[0].url.as_deref(), Some("http://exemple.fr/a"));
    assert_eq!((home.links[0].favorite, home.links[1].name.as_str()), (true, "https://exemple.fr"));
    let names: Vec<_> = home.partners.iter().map(|partner| (partner.name.as_str(), partner.code.as_deref())).collect();
    assert_eq!(names, [("Cantine", Some("REPAS")), ("ARD", Some("ARD"))]);
    let wallets: Vec<_> = home.wallets().collect();
    assert_eq!((wallets[0].balance, wallets[0].low), (Some(Decimal::new(123_456, 2)), true));
    assert_eq!((wallets[1].balance, wallets[1].balance_label.as_str()), (None, "beaucoup"));
    assert_eq!(noted, ["lienUtile.listeLiens.V[2].L", "partenaireARD.porteMonnaie.V[2].libellePorteMonnaie"]);
    assert!(home.others.is_empty());
    let partner = PartnerAddress::of(&home.partners[0]);
    assert_eq!(partner.arguments(&Context::default()), json!({ "SSO": { "codePartenaire": "REPAS", "x": "1" } }));
}

#[test]
fn amounts_are_exact_whatever_their_spaces() {
    let cents = |text| amount(text).map(|amount| amount * Decimal::ONE_HUNDRED);
    for (text, expected) in [
        ("12,34 €", 1234),
        ("12,34\u{a0}€", 1234),
        ("1\u{202f}234,5", 123_450),
        ("-3,20 €", -320),
        ("\u{2212}3,20", -320),
        ("7", 700),
    ] {
        assert_eq!(cents(text), Some(Decimal::from(expected)), "{text}");
    }
    for text in ["", "€", "NaN", "1e3", "douze", "1,2,3", "--1", "99999999999999999999999999999999 €"] {
        assert_eq!(cents(text), None, "{text}");
    }
}

#[test]
fn sections_are_read_as_their_own_pages_are() {
    let (home, noted) = read(
        r##"{"travailAFaire":{"listeTAF":{"_T":24,"V":[{"N":"38#a","matiere":{"_T":24,"V":{"L":"ANGLAIS"}},"pourLe":{"_T":7,"V":"13/09/2025"}}]}},
           "actualites":{"listeModesAff":[{"G":0,"listeActualites":{"_T":24,"V":[{"N":"8#a","L":"Réunion","estInformation":true}]}}]},
           "discussions":{"listeEtiquettes":{"_T":24,"V":[]},"listeMessagerie":{"_T":24,"V":[{"N":"67#a","objet":"Sortie"}]}},
           "menuDeLaCantine":{"listeRepas":{"_T":24,"V":[{"G":0,"listePlats":[{"G":4,"listeAliments":[{"L":"Pomme"}]}]}]}},
           "agenda":{"listeEvenements":[{"N":"1#a","L":"Conseil","G":2,"dateDebut":{"_T":7,"V":"15/09/2025 17:00:00"}},{"L":"?","G":77},{"G":0}]},
           "devoirSurveille":{"listeDS":{"_T":24,"V":[{"N":"59#a","L":"Fractions","G":1,"matiere":{"_T":24,"V":{"L":"MATHS","couleur":"#112233"}},
             "dateDebut":{"_T":7,"V":"16/09/2025 08:00:00"},"listeSalles":[{"L":"B12"}]},{"L":"sans date"}]}},
           "notes":{"listeDevoirs":{"_T":24,"V":[{"N":"59#b","note":{"_T":10,"V":"15,50"},"bareme":{"_T":10,"V":"20"},"date":{"_T":7,"V":"10/09/2025"}}]}},
           "competences":{"listeEvaluations":{"_T":24,"V":[{"N":"29#a","L":"Lire","date":{"_T":7,"V":"10/09/2025"}}]}},
           "vieScolaire":{"L":"Vie scolaire","listeAbsences":{"_T":24,"V":[{"N":"14#a","G":14,"date":{"_T":7,"V":"09/09/2025 08:10:00"},"duree":10}]}},
           "elections":{"listeElections":{"_T":24,"V":[]}},"kiosque":[],"message":"Bonne rentrée","autorisationKiosque":true}"##,
    );
    assert_eq!(home.homework[0].due, date(2025, 9, 13));
    assert_eq!(home.news[0].title.as_deref(), Some("Réunion"));
    assert_eq!(home.mailbox.unwrap().discussions[0].subject, "Sortie");
    assert_eq!(home.menu[0].dishes[0].foods[0].name, "Pomme");
    assert_eq!((home.grades.len(), home.evaluations[0].name.as_str()), (1, "Lire"));
    assert_eq!(home.school_life.unwrap().delays.len(), 1);
    assert_eq!((home.agenda.len(), home.agenda[1].kind), (2, AgendaEventKind::Other(77)));
    let test = &home.tests[0];
    assert_eq!((test.kind, test.start), (PlannedTestKind::Evaluation, datetime(2025, 9, 16, 8, 0, 0, 0)));
    assert_eq!((test.rooms.as_slice(), test.color.is_some()), (["B12".to_owned()].as_slice(), true));
    assert_eq!(home.others.keys().collect::<Vec<_>>(), ["elections", "kiosque"]);
    assert_eq!(home.message.as_deref(), Some("Bonne rentrée"));
    assert_eq!(noted, ["devoirSurveille.listeDS.V[1].dateDebut", "agenda.listeEvenements[2].L"]);
}

#[test]
fn sections_of_another_shape_are_empty() {
    for text in ["{}", "[]", r#"{"lienUtile":3,"agenda":[],"actualites":"x","partenaireARD":[7],"ListeCours":null}"#] {
        let (home, _) = read(text);
        assert_eq!(
            (home.links.len(), home.partners.len(), home.agenda.len(), home.timetable),
            (0, 0, 0, None),
            "{text}"
        );
    }
}

#[test]
fn the_next_day_of_school_is_asked_for() {
    let instance = Instance {
        first_monday: date(2025, 9, 1),
        last_date: date(2026, 7, 4),
        next_business_day: Some(date(2025, 9, 15)),
        ..Instance::default()
    };
    let context = Context { instance: instance.into(), ..Context::default() };
    let asked = Request::default().arguments(&context);
    assert_eq!(asked["EDT"], json!({ "numeroSemaine": 3 }));
    assert_eq!(asked["menuDeLaCantine"], json!({ "date": { "_T": 7, "V": "15/9/2025 0:0:0" } }));
    let asked = Request { date: Some(date(2025, 9, 2)) }.arguments(&context);
    assert_eq!((&asked["numeroSemaine"], &asked["dateGrille"]["V"]), (&json!(1), &json!("2/9/2025 0:0:0")));
}

#[test]
fn the_address_of_a_partner_is_in_the_report() {
    let address =
        |text: &str| decode::read::<PartnerAddress>(text, &Context::default()).map(|(url, _)| url.to_string());
    let answer = r#"{"data":{},"RapportSaisie":{"urlSSO":{"_T":23,"V":"https://repas.exemple.fr/?jeton=1"}}}"#;
    assert_eq!(address(answer).unwrap(), "https://repas.exemple.fr/?jeton=1");
    for text in [
        r#"{"data":{}}"#,
        r#"{"data":{},"RapportSaisie":{}}"#,
        r#"{"data":{},"RapportSaisie":{"urlSSO":"javascript:alert(1)"}}"#,
        r#"{"data":{},"RapportSaisie":{"urlSSO":[]}}"#,
    ] {
        assert!(address(text).is_err(), "{text}");
    }
}
