use jiff::civil::{date, datetime, time};

use super::*;
use crate::functions::common::reading;

const SCHOOL: &str = r##"{
  "identifiantNav": "nav-7", "avecMembre": true, "Nom": "Espace Parents",
  "DateServeurHttp": {"_T": 7, "V": "12/09/2025 10:11:12"},
  "General": {
    "versionPN": "2025.2.6", "NomEtablissement": " Collège des Tilleuls ", "AnneeScolaire": "2025-2026",
    "PremierLundi": {"_T": 7, "V": "01/09/2025"}, "PremiereDate": {"_T": 7, "V": "02/09/2025"},
    "DerniereDate": {"_T": 7, "V": "04/07/2026"}, "JourOuvre": {"_T": 7, "V": "15/09/2025"},
    "JoursOuvres": {"_T": 11, "V": "[1..5]"}, "setOfJoursCycleOuvre": {"_T": 26, "V": "[0..4]"},
    "PlacesParJour": 2, "PlacesParHeure": 2, "DureeSequence": 0.0416666666666667,
    "activationDemiPension": true, "debutDemiPension": 1, "finDemiPension": 1, "PlaceDemiJourneeAbsence": 1,
    "ListeHeures": {"_T": 24, "V": [{"G": 1, "L": "08h30"}, {"G": 0, "L": "08H00"}, {"G": 2, "L": "09h00"}]},
    "ListeHeuresFin": {"_T": 24, "V": [{"G": 0, "L": "08h25"}, {"G": 1, "L": "08h55"}, {"G": 2, "L": "08h55"}]},
    "recreations": {"_T": 24, "V": [{"L": "Récréation", "place": 1}]},
    "sequences": ["M1", "M2"], "afficherSequences": true,
    "DomainesFrequences": [{"_T": 8, "V": "[1..44]"}, {"_T": 8, "V": "[1,3]"}, {"_T": 8, "V": "[2,4]"}],
    "LibellesFrequences": ["", "A", "B", ""],
    "BaremeNotation": {"_T": 10, "V": "20,00"}, "listeAnnotationsAutorisees": {"_T": 26, "V": "[1..8]"},
    "listeJoursFeries": {"_T": 24, "V": [
      {"N": "9#f", "L": "Toussaint", "dateDebut": {"_T": 7, "V": "18/10/2025"}, "dateFin": {"_T": 7, "V": "02/11/2025"}}]},
    "ListePeriodes": [
      {"N": "11#a", "L": "Trimestre 1", "G": 1, "dateDebut": {"_T": 7, "V": "01/09/2025"}, "dateFin": {"_T": 7, "V": "30/11/2025"}},
      {"N": "11#b", "L": "Stage", "G": 9, "dateDebut": {"_T": 7, "V": "01/12/2025"}, "dateFin": {"_T": 7, "V": "31/12/2025"}}],
    "ListeNiveauxDAcquisitions": {"_T": 24, "V": [
      {"N": "93#t", "L": "Solide", "G": 2, "abbreviation": "S", "couleur": "#45B851", "ponderation": {"_T": 10, "V": ""}, "estAcqui": true}]}
  }}"##;

#[test]
fn the_parameters_of_a_school_are_read() {
    let (school, noted) = reading(SCHOOL, instance);
    let school = school.unwrap();
    assert!(noted.is_empty(), "{noted:?}");
    assert_eq!(school.version, Some(Version::new(2025, 2, 6, None)));
    assert_eq!(school.school_name, "Collège des Tilleuls");
    assert_eq!(school.device_id, Some(DeviceId::new("nav-7")));
    assert!(school.signature_with_member);
    assert_eq!(school.server_time, Some(datetime(2025, 9, 12, 10, 11, 12, 0)));
    assert_eq!((school.first_monday, school.last_date), (date(2025, 9, 1), date(2026, 7, 4)));
    assert_eq!(school.sequence_minutes, 60, "a fraction of a day");
    assert_eq!(school.slot_start(1), Some(time(8, 30, 0, 0)), "hours are placed by their number");
    assert_eq!(school.slot_end(0), Some(time(8, 25, 0, 0)));
    assert_eq!(school.lunch, Some(LunchBreak { first_slot: 1, last_slot: 1 }));
    assert_eq!(school.sequence_names, ["M1", "M2"]);
    assert_eq!(school.fortnight(4).map(|fortnight| fortnight.label.as_str()), Some("B"));
    assert_eq!(school.holiday(date(2025, 11, 2)).map(|holiday| holiday.name.as_str()), Some("Toussaint"));
    assert_eq!(school.periods[1].kind, PeriodKind::Other(9));
    assert_eq!(school.default_scale, Some(Decimal::from(20)));
    assert_eq!(school.skill_levels[0].weight, None);
}

#[test]
fn a_device_never_reaches_the_json() {
    let school = reading(SCHOOL, instance).0.unwrap();
    assert!(!serde_json::to_string(&school).unwrap().contains("nav-7"));
}

#[test]
fn a_school_without_a_year_makes_no_sense() {
    assert!(reading("{}", instance).0.is_err());
    assert!(reading(r#"{"General":{"PremierLundi":{"_T":7,"V":"31/02/2025"}}}"#, instance).0.is_err());
    let (school, _) = reading(r#"{"PremiereDate":{"_T":7,"V":"03/09/2025"}}"#, instance);
    assert_eq!(school.unwrap().first_monday, date(2025, 9, 1));
}

#[test]
fn bad_parts_cost_only_themselves() {
    let text = r#"{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"},"PlacesParJour":-4,"DureeSequence":1e30,
      "ListeHeures":[{"G":0,"L":"08h00"},{"G":1,"L":"huit"},{"G":99999,"L":"09h00"},{"L":7},{"G":-1,"L":"10h00"}],
      "ListePeriodes":[{"N":"11#a","L":"T","dateDebut":{"_T":7,"V":"31/02/2025"},"dateFin":{"_T":7,"V":"01/03/2025"}},3],
      "DomainesFrequences":[{"_T":8,"V":"[]"},{"_T":8,"V":"[5..1]"}],"listeJoursFeries":"aucun"}}"#;
    let (school, noted) = reading(text, instance);
    let school = school.unwrap();
    assert_eq!(school.slot_start(0), Some(time(8, 0, 0, 0)));
    assert_eq!(school.sequence_minutes, 60);
    assert!(school.periods.is_empty() && school.holidays.is_empty() && school.fortnights.is_empty());
    for path in [
        "General.PlacesParJour",
        "General.DureeSequence",
        "General.ListeHeures[1].L",
        "General.ListeHeures[3].L",
        "General.ListeHeures[4].G",
        "General.ListePeriodes[0].dateDebut.V",
        "General.ListePeriodes[1].N",
        "General.DomainesFrequences[1].V",
        "General.listeJoursFeries",
    ] {
        assert!(noted.iter().any(|noted| noted == path), "{path} is not in {noted:?}");
    }
}
