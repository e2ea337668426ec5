//! `FonctionParametres`: the calendar and the rules of the school, told before anybody has signed in (data §3).

use serde_json::{Value, json};

use super::write::{date, date_time, domain, element, list, mark, set, typed};
use super::{Ids, genre};
use crate::Clock;
use crate::school::{Frequency, Period, PeriodKind, SKILL_LEVELS, School, Space};

/// The content of `data`, without `identifiantNav` and the other things of the protocol.
pub(crate) fn instance(school: &School, ids: &Ids, space: Space, version: &str) -> Value {
    let mut data = json!({
        "avecMembre": space != Space::Student,
        "DateServeurHttp": date_time(school.clock.now()),
        "Nom": space.label(),
        "pourNouvelleCaledonie": false,
        "URLMobile": "mobile.eleve.html",
        "AvecEspaceMobile": true,
        "Theme": 0,
        "genreImageConnexion": 4,
        "urlImageConnexion": "",
        "logoProduitCss": "Image_Logo_PronoteBarreHaut",
        "listePolices": list(["Arial", "Verdana"].map(|font| json!({ "L": font }))),
        "mentionsPagesPubliques": { "lien": typed(27, "") },
        "estAfficheDansENT": false,
        "General": general(school, ids, version),
    });
    if let Clock::Fixed(moment) = school.clock {
        data["DateDemo"] = date_time(moment);
    }
    data
}

fn general(school: &School, ids: &Ids, version: &str) -> Value {
    let year = &school.year;
    let day = &year.day;
    let edition = version.split('.').next().unwrap_or_default();
    let frequencies = [Frequency::Weekly, Frequency::First, Frequency::Second].map(|frequency| {
        let meets = |week: &u32| year.fortnight(*week).is_some_and(|fortnight| frequency.in_fortnight(fortnight));
        domain((1..=year.weeks()).filter(meets))
    });
    let mut general = json!({
        "versionPN": version,
        "version": format!("PRONOTE {version}"),
        "millesime": edition,
        "nomProduit": "PRONOTE",
        "langue": "fr",
        "langID": 1036,
        "listeLangues": list([json!({ "langID": 1036, "description": "Français" })]),
        "NomEtablissement": school.name,
        "NomEtablissementConnexion": school.name,
        "AnneeScolaire": year.name(),
        "PremierLundi": date(year.first_monday()),
        "PremiereDate": date(year.first),
        "DerniereDate": date(year.last),
        "JourOuvre": date(year.next_open(school.clock.today())),
        "dateDebutPremierCycle": date(year.first_monday()),
        "numeroPremiereSemaine": 1,
        "premierJourSemaine": 2,
        "joursOuvresParCycle": 5,
        "grillesEDTEnCycle": 0,
        "JoursOuvres": typed(11, "[1..5]"),
        "setOfJoursCycleOuvre": set(0..5),
        "DemiJourneesOuvrees": [set(0..5), set([0, 1, 3, 4])],
        "JoursDemiPension": set([0, 1, 3, 4]),
        "activationDemiPension": true,
        "debutDemiPension": day.lunch.0,
        "finDemiPension": day.lunch.1,
        "listeJoursFeries": list(year.holidays.iter().map(|holiday| json!({
            "N": ids.write(genre::HOLIDAY, holiday.id),
            "L": holiday.name,
            "dateDebut": date(holiday.start),
            "dateFin": date(holiday.end),
        }))),
        "DomainesFrequences": frequencies,
        "LibellesFrequences": ["", "Q1", "Q2"],
        "ListePeriodes": year.periods.iter().map(|period| json!({
            "N": ids.write(genre::PERIOD, period.id),
            "L": period.name,
            "G": period.kind.genre(),
            "periodeNotation": grading_slot(school, period),
            "dateDebut": date(period.start),
            "dateFin": date(period.end),
        })).collect::<Vec<_>>(),
        "BaremeNotation": mark("20"),
        "BaremeMaxDevoirs": mark("100"),
        "listeAnnotationsAutorisees": set(1..=8),
        "ListeNiveauxDAcquisitions": list(skill_levels(ids)),
        "AfficherAbbreviationNiveauDAcquisition": false,
        "genresRenduTAFValable": set(0..=4),
        "tailleMaxEnregistrementAudioRenduTAF": 300,
        "ActivationMessagerieEntreParents": false,
        "nomCookieAppli": "appliMobile",
        "estHebergeEnFrance": true,
    });
    for part in [hours(school), habits()] {
        if let (Some(general), Value::Object(part)) = (general.as_object_mut(), part) {
            general.extend(part);
        }
    }
    general
}

/// Texts, limits and choices that no lesson depends on.
fn habits() -> Value {
    let link = |to: &str| typed(23, format!("https://example.org/{to}"));
    json!({
        "urlSiteIndexEducation": link("produit"),
        "UrlAide": link("aide"),
        "urlAccesVideos": link("videos"),
        "urlAccesTwitter": typed(23, ""),
        "afficherSemainesCalendaires": 0,
        "avecForum": false,
        "AvecChoixConnexion": false,
        "AvecHeuresPleinesApresMidi": true,
        "AvecEvaluationHistorique": true,
        "SansValidationNivIntermediairesDsValidAuto": false,
        "NeComptabiliserQueEvalsAnneeScoDsValidAuto": false,
        "AvecGestionNiveauxCECRL": false,
        "couleurActiviteLangagiere": "#800000",
        "minBaremeQuestionQCM": 1,
        "maxBaremeQuestionQCM": 20,
        "maxNbPointQCM": 999,
        "tailleLibelleElementGrilleCompetence": 500,
        "tailleCommentaireDevoir": 40,
        "AvecRecuperationInfosConnexion": false,
        "Police": "arial,helvetica,sans-serif",
        "TaillePolice": 11,
        "AvecElevesRattaches": false,
        "maskTelephone": "!99 99 99 99 99;0;–",
        "maxECTS": 10000,
        "TailleMaxAppreciation": [255, 255],
    })
}

/// The slots of a day. Both lists have one entry more than the day has slots: that is where clients look for the end of the last
/// lesson (data §2.3).
fn hours(school: &School) -> Value {
    let day = &school.year.day;
    let full_hour = |slot: u16| slot.is_multiple_of(day.slots_per_hour.max(1));
    let label = |slot: u16| day.starts(slot).strftime("%Hh%M").to_string();
    let starts = (0..=day.slots).map(|slot| {
        let mut hour = json!({ "G": slot, "L": label(slot) });
        if !full_hour(slot) {
            hour["A"] = json!(false);
        }
        hour
    });
    let ends: Vec<Value> = (0..=day.slots)
        .map(|slot| {
            let end = (slot + 1).min(day.slots);
            let mut hour = json!({ "G": slot, "L": label(end) });
            if !full_hour(end) || slot == day.slots {
                hour["A"] = json!(false);
            }
            hour
        })
        .collect();
    let sequences = day.slots / day.slots_per_hour.max(1);
    json!({
        "PlacesParJour": day.slots,
        "PlacesParHeure": day.slots_per_hour,
        "DureeSequence": 60,
        "PlaceDemiJourneeAbsence": day.lunch.1 + 1,
        "PremiereHeure": date_time(school.year.moment(school.year.first_monday(), 0)),
        "ListeHeures": list(starts),
        "ListeHeuresFin": list(ends.clone()),
        "ListeHeuresFinPourVS": list(ends),
        "sequences": (1..=sequences).map(|number| format!("M{number}")).collect::<Vec<_>>(),
        "afficherSequences": false,
        "recreations": breaks(school),
    })
}

/// The breaks of a day, each before a slot.
pub(crate) fn breaks(school: &School) -> Value {
    list(school.year.day.breaks.iter().map(|(name, slot)| json!({ "L": name, "place": slot })))
}

/// PRONOTE's place for a period: terms 0 to 2, semesters 3 and 4, the year 5.
fn grading_slot(school: &School, period: &Period) -> usize {
    let first = match period.kind {
        PeriodKind::Term => 0,
        PeriodKind::Semester => 3,
        PeriodKind::Year => 5,
    };
    let alike = school.year.periods.iter().filter(|other| other.kind == period.kind);
    first + alike.take_while(|other| other.id != period.id).count()
}

fn skill_levels(ids: &Ids) -> impl Iterator<Item = Value> + '_ {
    (1_u64..).zip(SKILL_LEVELS).map(|(code, (label, abbreviation, color, points))| {
        json!({
            "N": ids.write(genre::FIXED, code),
            "L": label,
            "G": code,
            "P": code,
            "abbreviation": abbreviation,
            "raccourci": code.to_string(),
            "couleur": color,
            "positionJauge": 12 - code,
            "actifPour": set([0, 1]),
            "ponderation": mark(points),
            "nombrePointsBrevet": mark(points),
            "estAcqui": code <= 2,
            "estNotantPourTxReussite": code <= 6,
            "listePositionnements": list([json!({ "G": 1, "L": label, "abbreviation": abbreviation })]),
        })
    })
}

/// The school as an element.
pub(crate) fn establishment(school: &School, ids: &Ids) -> Value {
    element(json!({ "N": ids.write(genre::SCHOOL, 1_u64), "L": school.name }))
}
