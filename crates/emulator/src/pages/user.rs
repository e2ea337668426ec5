//! `ParametresUtilisateur`: who has signed in and what they may open (data §4).

use serde_json::{Value, json};

use super::instance::establishment;
use super::write::{domain, element, list};
use super::{Answer, Ids, Refusal, Viewer, genre};
use crate::school::{Kind, MAX_WEEKS, Period, PeriodKind, Person, School, Space};

/// The largest file a pupil may hand in, in bytes.
pub(crate) const MAX_HAND_IN: usize = 4 * 1024 * 1024;

/// PRONOTE's numbers of the tabs that a space may open (data §4.5).
pub(crate) fn tabs(space: Space) -> &'static [i64] {
    match space {
        Space::Student | Space::Guardian => &[7, 8, 9, 10, 13, 16, 19, 37, 49, 88, 89, 99, 131, 198, 201],
        Space::Teacher => &[7, 8, 9, 10, 16, 49, 131],
        Space::SchoolLife => &[7, 8, 9, 10, 16, 49, 105, 131],
    }
}

/// The tabs whose pages are cut by period.
const TABS_BY_PERIOD: [i64; 4] = [13, 19, 198, 201];

/// Answers `ParametresUtilisateur`.
pub(crate) fn answer(school: &School, ids: &Ids, viewer: Viewer) -> Result<Answer, Refusal> {
    let person =
        school.people.get(viewer.person).ok_or_else(|| Refusal::denied("Ce compte n'est rattaché à personne."))?;
    let tabs = tabs(viewer.space);
    let mut data = json!({
        "ressource": resource(school, ids, person),
        "listeOnglets": [
            { "G": 7 },
            { "G": 0, "Onglet": tabs.iter().filter(|tab| **tab != 7).map(|tab| json!({ "G": tab })).collect::<Vec<_>>() },
        ],
        "listeOngletsInvisibles": [],
        "listeOngletsNotification": [8, 131],
        "autorisations": permissions(viewer.space),
        "autorisationsSession": { "fonctionnalites": { "gestionTwitter": false, "attestationEtendue": false, "gestionARBulletins": true } },
        "listeInformationsEtablissements": list([json!({
            "N": ids.write(genre::SCHOOL, 1_u64),
            "L": school.name,
            "avecInformations": true,
            "Coordonnees": {
                "Adresse1": "1 rue des Écoles", "Adresse2": "", "Adresse3": "", "Adresse4": "", "CodePostal": "75013",
                "LibellePostal": "PARIS", "LibelleVille": "PARIS", "Province": "", "Pays": "France",
                "SiteInternet": "https://example.org",
            },
        })]),
        "parametresUtilisateur": {
            "version": 1,
            "EDT": { "afficherCoursAnnules": true, "axeInverseEDT": false, "axeInversePlanningHebdo": true, "nbJours": 0, "nbJoursEDT": 0, "nbSequences": 0, "nbRessources": 0 },
            "theme": { "theme": 0 },
            "Communication": { "DiscussionNonLues": false },
        },
        "reglesSaisieMDP": { "min": 8, "max": 32, "regles": super::write::set([0, 1]) },
        "autorisationKiosque": false,
        "autorisationCloud": false,
    });
    match viewer.space {
        Space::Guardian => {
            let reasons = |first: u64, reasons: &[&str]| {
                list(
                    (first..)
                        .zip(reasons)
                        .map(|(key, reason)| json!({ "N": ids.write(genre::FIXED, key), "L": reason })),
                )
            };
            data["listeMotifsAbsences"] = reasons(100, &["Maladie", "Raison familiale", "Rendez-vous médical"]);
            data["listeMotifsRetards"] = reasons(110, &["Transport", "Panne de réveil"]);
        }
        Space::Teacher | Space::SchoolLife => staff(school, ids, viewer, &mut data),
        Space::Student => {}
    }
    Ok(Answer::read(data))
}

/// What only people who work in the school are told: its classes, subjects and levels.
fn staff(school: &School, ids: &Ids, viewer: Viewer, data: &mut Value) {
    data["listeClasses"] = list(school.classes.iter().map(|class| {
        let level = school.levels.get(class.level).map_or("", |level| &level.name);
        let head = class.head_teacher == Some(viewer.person);
        json!({
            "N": ids.write(genre::CLASS, class.id),
            "L": class.name,
            "G": 1,
            "estResponsable": head || viewer.space == Space::SchoolLife,
            "estPrincipal": head,
            "niveau": element(json!({ "N": ids.write(genre::LEVEL, class.level), "L": level })),
        })
    }));
    data["listeMatieres"] = list(
        school.subjects.iter().map(|subject| json!({ "N": ids.write(genre::SUBJECT, subject.id), "L": subject.name })),
    );
    data["listeNiveaux"] =
        list(school.levels.iter().map(|level| json!({ "N": ids.write(genre::LEVEL, level.id), "L": level.name })));
}

/// Somebody as `ressource`: the one who signed in, or a child.
fn resource(school: &School, ids: &Ids, person: &Person) -> Value {
    let mut resource = json!({
        "N": ids.write(person.kind.genre(), person.id),
        "L": person.label(),
        "G": person.kind.genre(),
        "P": person.id.0,
        "Etablissement": establishment(school, ids),
        "avecPhoto": person.photo.is_some(),
        "listeOngletsPourPeriodes": list(TABS_BY_PERIOD.map(|tab| periods_of_tab(school, ids, tab))),
        "listeNumerosUtiles": list([]),
        "estDirecteur": person.function == "Principale",
        "estMembreCA": false,
    });
    if let Some(class) = person.class.and_then(|class| school.classes.get(class)) {
        let element = json!({ "N": ids.write(genre::CLASS, class.id), "L": class.name });
        let mut history = element.clone();
        history["courant"] = json!(true);
        history["AvecNote"] = json!(true);
        history["AvecFiliere"] = json!(false);
        resource["classeDEleve"] = element.clone();
        resource["listeClassesHistoriques"] = list([history]);
        resource["listeOngletsPourPiliers"] = list([pillars(ids)]);
        resource["estDelegue"] = json!(person.delegate);
        resource["listeClassesDelegue"] = list(person.delegate.then_some(element));
        let groups = person.groups.iter().filter_map(|group| school.groups.get(*group));
        resource["listeGroupes"] =
            list(groups.map(|group| json!({ "N": ids.write(genre::GROUP, group.id), "L": group.name })));
    }
    if person.kind == Kind::Guardian {
        let children = person.children.iter().filter_map(|child| school.people.get(*child));
        resource["listeRessources"] = children.map(|child| self::resource(school, ids, child)).collect();
        resource["nbMaxJoursDeclarationAbsence"] = json!(30);
    }
    resource
}

/// The families of skills that the tab of skills shows.
fn pillars(ids: &Ids) -> Value {
    let pillar = |key: u64, name: &str, foreign: bool| json!({ "N": ids.write(genre::FIXED, key), "L": name, "estPilierLVE": foreign, "estSocleCommun": true });
    let pillars =
        [pillar(121, "D1.1 - Langue française", false), pillar(122, "D1.2 - Langues étrangères et régionales", true)];
    json!({
        "G": 45,
        "listePaliers": list([
            json!({ "N": ids.write(genre::FIXED, 120_u64), "L": "Cycle 4", "listePiliers": list(pillars) }),
        ]),
    })
}

/// The terms that a tab can show; the current one is shown first.
fn periods_of_tab(school: &School, ids: &Ids, tab: i64) -> Value {
    let element_of = |period: &Period| json!({ "N": ids.write(genre::PERIOD, period.id), "L": period.name });
    let terms = school.year.periods.iter().filter(|period| period.kind == PeriodKind::Term).map(|period| {
        let mut term = element_of(period);
        term["G"] = json!(2);
        term["A"] = json!(true);
        term["GenreNotation"] = json!(1);
        term
    });
    let mut tab = json!({ "G": tab, "listePeriodes": list(terms) });
    if let Some(term) = school.year.term(school.clock.today()) {
        tab["periodeParDefaut"] = element(element_of(term));
    }
    tab
}

fn permissions(space: Space) -> Value {
    json!({
        "AvecDiscussion": true,
        "discussionInterdit": false,
        "AvecDiscussionPersonnels": true,
        "AvecDiscussionProfesseurs": true,
        "AvecDiscussionParents": matches!(space, Space::Teacher | Space::SchoolLife),
        "AvecDiscussionEleves": matches!(space, Space::Teacher | Space::SchoolLife),
        "AvecDiscussionAvancee": true,
        "tailleMaxRenduTafEleve": MAX_HAND_IN,
        "tailleMaxDocJointEtablissement": MAX_HAND_IN,
        "cours": {
            "domaineConsultationEDT": domain(1..=MAX_WEEKS),
            "domaineModificationCours": domain([]),
            "masquerPartiesDeClasse": true,
        },
        "compte": { "avecSaisieMotDePasse": true, "avecInformationsPersonnelles": true },
        "AvecDeclarerUneAbsence": false,
        "AvecSaisieActualite": false,
        "autoriserImpression": true,
    })
}
