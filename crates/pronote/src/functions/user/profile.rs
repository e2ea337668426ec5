//! Reads what an account is told of itself beyond its pages.

use std::sync::Arc;

use crate::functions::common::{named, named_of};
use crate::interned::Interned;
use crate::model::{Pillar, PillarLevel, Place, Settings, TabBranch, TabPillars, UserProfile};
use crate::wire::{FromWire as _, Json, Malformed, Node};

use super::MOST_TABS;

pub(super) fn profile(root: Node<'_>) -> UserProfile {
    let rights = part(root, "autorisations");
    let (lessons, account) = (part(rights, "cours"), part(rights, "compte"));
    let features = part(part(root, "autorisationsSession"), "fonctionnalites");
    let passwords = part(root, "reglesSaisieMDP");
    let mut room = MOST_TABS;
    UserProfile {
        tab_tree: branches(root, "listeOnglets", &mut room),
        notified_tabs: root.items("listeOngletsNotification").filter_map(Node::value).take(MOST_TABS).collect(),
        settings: settings(part(root, "parametresUtilisateur")),
        manages_twitter: features.flag("gestionTwitter"),
        extended_certificates: features.flag("attestationEtendue"),
        shortest_password: passwords.read("min").unwrap_or(0),
        longest_password: passwords.read("max").unwrap_or(0),
        password_rules: passwords.read("regles").unwrap_or_default(),
        kiosk: root.flag("autorisationKiosque"),
        visible_weeks: lessons.read("domaineConsultationEDT").unwrap_or_default(),
        editable_weeks: lessons.read("domaineModificationCours").unwrap_or_default(),
        hides_class_parts: lessons.flag("masquerPartiesDeClasse"),
        largest_document: rights.read("tailleMaxDocJointEtablissement").unwrap_or(0),
        has_password: account.flag("avecSaisieMotDePasse"),
        has_personal_data: account.flag("avecInformationsPersonnelles"),
        may_print: rights.flag("autoriserImpression"),
        edits_child_password: account.flag("avecSaisieMotDePasseEleve"),
        edits_addresses: account.flag("avecSaisieInfosPersoCoordonnees"),
        edits_permissions: account.flag("avecSaisieInfosPersoAutorisations"),
        absence_reasons: root.each("listeMotifsAbsences", named),
        delay_reasons: root.each("listeMotifsRetards", named),
    }
}

/// A part of an answer; one without members where there is none.
fn part<'a>(node: Node<'a>, key: &str) -> Node<'a> {
    node.get(key).unwrap_or_else(|| node.empty())
}

/// The tree of tabs; serde_json bounds how deep it is, the room how wide. What is no tab was noted by the flat reader.
fn branches(node: Node<'_>, key: &str, room: &mut usize) -> Vec<TabBranch> {
    let mut all = Vec::new();
    for branch in node.items(key) {
        if *room == 0 {
            break;
        }
        *room -= 1;
        match branch.json() {
            Json::Object(_) => {
                let tab = branch.get("G").and_then(|tab| u32::from_wire(tab).ok()).unwrap_or(0);
                all.push(TabBranch { tab, below: branches(branch, "Onglet", room) });
            }
            _ => all.extend(u32::from_wire(branch).ok().map(|tab| TabBranch { tab, below: Vec::new() })),
        }
    }
    all
}

fn settings(node: Node<'_>) -> Settings {
    let timetable = part(node, "EDT");
    let int = |key: &str| timetable.read::<i64>(key).unwrap_or(0);
    Settings {
        version: node.read("version").unwrap_or(0),
        theme: node.get("theme").and_then(|theme| theme.read("theme")).unwrap_or(0),
        unread_discussions: node.get("Communication").is_some_and(|node| node.flag("DiscussionNonLues")),
        inverted: timetable.flag("axeInverseEDT"),
        inverted_week: timetable.flag("axeInversePlanningHebdo"),
        inverted_day: timetable.flag("axeInversePlanningJour"),
        inverted_second_day: timetable.flag("axeInversePlanningJour2"),
        days: int("nbJours"),
        resources: int("nbRessources"),
        timetable_days: int("nbJoursEDT"),
        sequences: int("nbSequences"),
    }
}

/// Where a school is, from its element.
pub(super) fn place(school: Node<'_>) -> Place {
    let node = part(school, "Coordonnees");
    Place {
        logo: school.read("Logo").unwrap_or(0),
        lines: [node.text("Adresse1"), node.text("Adresse2")],
        postal_code: node.text("CodePostal"),
        postal_label: node.text("LibellePostal"),
        city: node.text("LibelleVille"),
        province: node.text("Province"),
        country: node.text("Pays"),
    }
}

/// The skills of the tabs of a person; all pupils of a cycle share them.
pub(super) fn pillars(person: Node<'_>) -> Arc<Vec<TabPillars>> {
    static PILLARS: Interned<Vec<TabPillars>> = Interned::new();
    PILLARS.share(person.each("listeOngletsPourPiliers", tab_pillars))
}

fn tab_pillars(node: Node<'_>) -> Result<TabPillars, Malformed> {
    let pillar = |node: Node<'_>| {
        Ok(Pillar {
            name: node.need::<&str>("L")?.into(),
            foreign_language: node.flag("estPilierLVE"),
            core: node.flag("estSocleCommun"),
            subject: named_of(node, "Service").map(|subject| subject.name.into()),
        })
    };
    let level = |node: Node<'_>| {
        Ok(PillarLevel { name: node.need::<&str>("L")?.into(), pillars: node.each("listePiliers", pillar) })
    };
    Ok(TabPillars { tab: node.need("G")?, levels: node.each("listePaliers", level) })
}
