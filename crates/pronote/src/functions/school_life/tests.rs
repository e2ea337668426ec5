use jiff::civil::{date, datetime, time};
use rust_decimal::Decimal;

use super::*;
use crate::functions::common::reading;
use crate::model::{ForbiddenPlace, ObservationKind, PeriodKind, PunishmentKind, Slot};
use crate::wire::RemoteId;

fn school() -> Instance {
    let slot = |hour| Slot { start: time(hour, 0, 0, 0), end: time(hour, 55, 0, 0) };
    Instance { slots: (8..18).map(slot).collect::<Vec<_>>().into(), slots_per_day: 9, ..Instance::default() }
}

fn page(text: &str) -> (SchoolLife, Vec<String>) {
    let school = school();
    reading(text, |root| school_life(root, &school))
}

const PAGE: &str = r#"{"autorisations":{"absence":true,"retard":false,"totalHeuresManquees":true,"inconnu":true},
  "listeRecapitulatifs":{"_T":24,"V":[{"G":13,"NombreTotal":3,"NbrHeures":"12h30","NombreNonJustifie":"1"},{"NombreTotal":2}]},
  "Matieres":{"_T":24,"V":[
    {"N":"0","L":"LANGUES","regroupement":1,"suivi":9000,"absence":7200,"excluCours":0,"excluEtab":0},
    {"N":"16#m","L":"ANGLAIS","dansRegroupement":1,"suivi":9000,"absence":3600,"excluCours":1800,"excluEtab":1800,"infirmerie":600},
    {"N":"16#n","L":"SPORT","dansRegroupement":0,"absence":-5}]},
  "listeAbsences":{"_T":24,"V":[
    {"N":"13#a","G":13,"dateDebut":{"_T":7,"V":"08/09/2025 08:00:00"},"dateFin":{"_T":7,"V":"08/09/2025 10:00:00"},"justifie":false,
     "reglee":true,"aJustifierParParents":true,"avecSaisie":true,"NbrHeures":"10h05","NbrJours":"0,5","listeMotifs":{"_T":24,"V":[{"N":"50#z","L":"Maladie"}]}},
    {"N":"14#a","G":14,"date":{"_T":7,"V":"09/09/2025 08:10:00"},"duree":10,"justifie":true,"avecSaisie":true,"estMotifNonEncoreConnu":true,"listeMotifs":{"_T":24,"V":[]}},
    {"N":"41#a","G":41,"dateDemande":{"_T":7,"V":"10/09/2025"},"placeDemande":2,"horsCours":false,"estUneExclusion":false,
     "nature":{"_T":24,"V":{"N":"40#w","L":"Retenue","G":1,"estAvecARParent":true}},"travailAFaire":"Ex. 5",
     "documentsTAF":{"_T":24,"V":[{"N":"48#a","G":1,"L":"fiche.pdf"}]},"circonstances":"Bavardage",
     "listeMotifs":{"_T":24,"V":[{"L":"Bavardage"}]},"demandeur":{"_T":24,"V":{"N":"3#t","L":"ROCHE A.","G":3}},"matiere":{"_T":24,"V":{"N":"0"}},
     "duree":60,"estProgrammable":true,"programmation":{"_T":24,"V":[
       {"N":"52#a","date":{"_T":7,"V":"17/09/2025"},"placeExecution":8,"duree":60},{"date":{"_T":7,"V":"18/09/2025"},"place":999}]}},
    {"N":"41#b","G":41,"dateDemande":{"_T":7,"V":"10/09/2025 11:00:00"},"placeDemande":2,"horsCours":true,"nature":{"_T":24,"V":{"L":"Travail","G":77}}},
    {"N":"46#a","page":{"Onglet":19,"Absence":45},"date":{"_T":7,"V":"11/09/2025 09:00:00"},"estLue":false,"avecARObservation":true,"genreObservation":2,
     "rubrique":{"_T":24,"V":{"N":"45#h","L":"Encouragements"}},"matiere":{"_T":24,"V":{"N":"0"}},"commentaire":""},
    {"N":"72#a","G":72,"nature":{"_T":24,"V":{"L":"Mesure conservatoire"}},"estUneExclusion":true,"decideur":{"_T":24,"V":{"L":"MARTIN P."}},
     "dateDemande":{"_T":7,"V":"12/09/2025 09:00:00"},"dateDebut":{"_T":7,"V":"12/09/2025"},"dateFin":{"_T":7,"V":"15/09/2025"},"interditAcces":{"_T":26,"V":"[1..3]"}},
    {"N":"40#a","G":40,"dateDebut":{"_T":7,"V":"12/09/2025"},"dateFin":{"_T":7,"V":"30/09/2025"},"matiere":{"_T":24,"V":{"N":"16#n","L":"SPORT"}},"enAttente":true},
    {"N":"42#a","G":42,"L":"Avertissement"},
    {"N":"999#a","G":999,"champ":{"_T":7,"V":"12/09/2025"}}]}}"#;

#[test]
fn every_kind_of_event_is_read() {
    let (life, noted) = page(PAGE);
    assert_eq!(noted, ["Matieres.V[2].absence", "listeRecapitulatifs.V[1].G"]);

    let absence = &life.absences[0];
    assert_eq!((absence.from, absence.missed_minutes), (datetime(2025, 9, 8, 8, 0, 0, 0), Some(605)));
    assert_eq!(absence.missed_days, Some(Decimal::new(5, 1)));
    assert!(absence.status.needs_action && absence.status.settled && !absence.status.justified);
    assert_eq!(absence.status.reasons, ["Maladie"]);
    let delay = &life.delays[0];
    assert_eq!((delay.minutes, delay.status.needs_action), (Some(10), false));

    let [detention, work] = &life.punishments[..] else { panic!("{:?}", life.punishments) };
    assert_eq!((detention.kind, detention.given), (PunishmentKind::Detention, date(2025, 9, 10)));
    assert_eq!(detention.lesson_start, Some(time(10, 0, 0, 0)));
    assert_eq!((detention.giver.as_deref(), detention.needs_action), (Some("ROCHE A."), true));
    assert_eq!(detention.work_files[0].name, "fiche.pdf");
    assert_eq!(detention.sessions[0].start, Some(datetime(2025, 9, 17, 16, 0, 0, 0)));
    assert_eq!(detention.sessions[0].end, Some(datetime(2025, 9, 17, 17, 0, 0, 0)));
    assert_eq!((detention.sessions[1].start, detention.sessions[1].end), (None, None), "a place outside the day");
    assert_eq!((work.kind, work.during_lesson, work.lesson_start), (PunishmentKind::Other(77), false, None));

    let observation = &life.observations[0];
    assert_eq!((observation.heading.as_str(), observation.kind), ("Encouragements", ObservationKind::Encouragement));
    assert!(observation.needs_action && observation.comment.is_none() && observation.subject.is_none());
    let measure = &life.measures[0];
    assert_eq!((measure.from, measure.to), (Some(date(2025, 9, 12)), Some(date(2025, 9, 15))));
    let forbidden = [ForbiddenPlace::School, ForbiddenPlace::Canteen, ForbiddenPlace::Other(3)];
    assert_eq!(measure.forbidden, forbidden);
    assert!(life.exemptions[0].pending);

    let kinds: Vec<_> = life.others.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Sanction, EventKind::Other(999)]);
    assert_eq!(life.others[1].raw["champ"]["V"], "12/09/2025", "kept as it came");
}

#[test]
fn hours_are_summed_without_the_heads_of_groups() {
    let (life, _) = page(PAGE);
    assert_eq!(life.missed_seconds, 7200);
    assert_eq!((life.subject_hours[0].heads_group, life.subject_hours[0].in_group), (Some(1), None));
    assert_eq!((life.subject_hours[1].heads_group, life.subject_hours[1].in_group), (None, Some(1)));
    assert_eq!(life.totals[0].minutes, Some(750));
    assert_eq!(life.visible, [Visible::Absences, Visible::MissedHours]);
}

#[test]
fn bad_events_cost_only_themselves() {
    let (life, noted) = page(
        r#"{"listeAbsences":[{"N":"13#a","G":13,"dateDebut":{"_T":7,"V":"31/02/2025"}},{"N":"14#a","G":14},{"N":"41#a","G":41},
        {"N":"46#a","G":46},{"N":"71#a","G":71},{"N":"40#a","G":40},"x",
        {"N":"13#b","G":13,"dateDebut":{"_T":7,"V":"08/09/2025"},"dateFin":{"_T":7,"V":"09/09/2025"},"NbrHeures":"2h99","NbrJours":"NaN"},
        {"N":"41#b","G":41,"dateDemande":{"_T":7,"V":"10/09/2025"},"placeDemande":-4,"nature":{"L":"R"},"duree":99999999999,
         "programmation":[{"date":{"_T":7,"V":"17/09/2025"},"place":1,"duree":4294967295}]}],
        "Matieres":[{"L":"A","absence":18446744073709551615},{"L":"B","absence":9000000000000000000,"excluCours":9000000000000000000,"excluEtab":9000000000000000000}]}"#,
    );
    assert_eq!((life.absences.len(), life.punishments.len(), life.others.len()), (1, 1, 1));
    assert_eq!((life.absences[0].missed_minutes, life.absences[0].missed_days), (None, None));
    assert!(life.punishments[0].sessions[0].start.is_some());
    assert!(noted.len() >= 10, "{noted:?}");
    assert_eq!(page(r#"{"message":"Page indisponible"}"#).0.notice.as_deref(), Some("Page indisponible"));
}

#[test]
fn days_come_from_the_period_unless_given() {
    let period = Period {
        id: RemoteId::new("11#a"),
        name: "Trimestre 1".into(),
        kind: PeriodKind::Term,
        start: date(2025, 9, 1),
        end: date(2025, 11, 30),
        grading_slot: None,
    };
    let whole = Request { period: Some(period.clone()), ..Request::default() }.arguments(&Context::default());
    assert_eq!(whole["DateDebut"]["V"], "1/9/2025 0:0:0");
    assert_eq!(whole["DateFin"]["V"], "30/11/2025 23:59:59");
    assert_eq!(whole["periode"]["N"], "11#a");
    let part = Request { period: Some(period), from: None, to: Some(datetime(2025, 9, 12, 8, 30, 0, 0)) };
    assert_eq!(part.arguments(&Context::default())["DateFin"]["V"], "12/9/2025 8:30:0");
}
