//! `ParametresUtilisateur`: who is signed in and what they may see, once they are (data §4).

mod profile;

use serde_json::Value;

use super::common::{named, named_of, some_text};
use super::{Context, Function, Payload, Read};
use crate::model::{
    ClassRef, PastClass, PeriodChoice, PeriodChoiceKind, PeriodsByTab, Person, PersonKind, Rights, School, User,
};
use crate::wire::{Json, Malformed, Node, Set};

/// The most tabs an account may have; servers number them below 300.
const MOST_TABS: usize = 1024;

/// Asks who is signed in (`ParametresUtilisateur`); the first call after signing in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request;

impl Function for Request {
    const NAME: &'static str = "ParametresUtilisateur";
    const TAB: Option<u32> = None;
    type Answer = User;

    fn arguments(&self, _: &Context) -> Value {
        Value::Null
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<User, Malformed> {
        user(payload.data)
    }
}

impl Read for Request {}

pub(crate) fn user(root: Node<'_>) -> Result<User, Malformed> {
    let resource = root.need_node("ressource")?;
    let preferences = root.get("parametresUtilisateur").and_then(|node| node.get("EDT"));
    let hidden_tabs = hidden_tabs(root);
    Ok(User {
        person: person(resource)?,
        children: resource.each("listeRessources", person),
        tabs: tabs(root, &hidden_tabs),
        hidden_tabs,
        rights: root.get("autorisations").map(rights).unwrap_or_default(),
        show_cancelled: preferences.and_then(|node| node.read("afficherCoursAnnules")),
        schools: root.each("listeInformationsEtablissements", school),
        classes: root.each("listeClasses", class),
        profile: Box::new(profile::profile(root)),
    })
}

fn person(node: Node<'_>) -> Result<Person, Malformed> {
    let mut periods = PeriodsByTab::default();
    for entry in node.items("listeOngletsPourPeriodes") {
        if let Some(tab) = entry.or_note(|entry| entry.need("G")) {
            let default = named_of(entry, "periodeParDefaut");
            periods.add(tab, entry.each("listePeriodes", period_choice), default.as_ref());
        }
    }
    Ok(Person {
        id: Some(node.need("N")?),
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(PersonKind::Other(0)),
        school: named_of(node, "Etablissement"),
        class: named_of(node, "classeDEleve"),
        class_history: node.each("listeClassesHistoriques", past_class),
        groups: node.each("listeGroupes", named),
        has_photo: node.flag("avecPhoto") || node.has("photoBase64"),
        is_delegate: node.flag("estDelegue"),
        delegate_of: node.each("listeClassesDelegue", named),
        is_board_member: node.flag("estMembreCA"),
        may_write_to_heads: node.flag("avecDiscussionResponsables"),
        pillars: profile::pillars(node),
        periods,
    })
}

fn past_class(node: Node<'_>) -> Result<PastClass, Malformed> {
    Ok(PastClass { class: named(node)?, had_grades: node.flag("AvecNote"), had_options: node.flag("AvecFiliere") })
}

fn hidden_tabs(root: Node<'_>) -> Vec<u32> {
    root.items("listeOngletsInvisibles").filter_map(Node::value).take(MOST_TABS).collect()
}

fn period_choice(node: Node<'_>) -> Result<PeriodChoice, Malformed> {
    Ok(PeriodChoice {
        id: node.id(),
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(PeriodChoiceKind::Other(0)),
        main: node.read::<i64>("GenreNotation") == Some(1),
    })
}

/// Every number of the tree of tabs, without the hidden ones.
fn tabs(root: Node<'_>, hidden: &[u32]) -> Set {
    let mut tabs = Vec::new();
    // serde_json bounds how deep the tree is, the count how wide.
    let mut branches: Vec<Node<'_>> = root.items("listeOnglets").collect();
    while let Some(branch) = branches.pop()
        && tabs.len() < MOST_TABS
    {
        if matches!(branch.json(), Json::Object(_)) {
            tabs.extend(branch.read::<u32>("G").filter(|tab| !hidden.contains(tab)));
            branches.extend(branch.items("Onglet"));
        } else {
            tabs.extend(branch.value::<u32>().filter(|tab| !hidden.contains(tab)));
        }
    }
    tabs.into_iter().collect()
}

fn rights(node: Node<'_>) -> Rights {
    let read_discussions = node.flag("AvecDiscussion");
    Rights {
        read_discussions,
        write_discussions: read_discussions && !node.flag("discussionInterdit"),
        write_to_staff: node.flag("AvecDiscussionPersonnels"),
        write_to_teachers: node.flag("AvecDiscussionProfesseurs"),
        write_to_guardians: node.flag("AvecDiscussionParents"),
        write_to_pupils: node.flag("AvecDiscussionEleves"),
        rich_messages: node.flag("AvecDiscussionAvancee"),
        declare_absence: node.flag("AvecDeclarerUneAbsence"),
        publish_news: node.flag("AvecSaisieActualite"),
        largest_return: node.read("tailleMaxRenduTafEleve"),
    }
}

fn school(node: Node<'_>) -> Result<School, Malformed> {
    let address = node.get("Coordonnees");
    let lines = ["Adresse1", "Adresse2", "Adresse3", "Adresse4"].iter().filter_map(|line| some_text(address?, line));
    let postal = ["CodePostal", "LibelleVille"].iter().filter_map(|part| some_text(address?, part));
    let town = postal.collect::<Vec<_>>().join(" ");
    let country = address.and_then(|node| some_text(node, "Pays"));
    Ok(School {
        id: node.id(),
        name: node.need("L")?,
        address: lines.chain([town].into_iter().filter(|town| !town.is_empty())).chain(country).collect(),
        website: address.and_then(|node| some_text(node, "SiteInternet")),
        place: Box::new(profile::place(node)),
    })
}

fn class(node: Node<'_>) -> Result<ClassRef, Malformed> {
    Ok(ClassRef {
        id: node.need("N")?,
        name: node.need("L")?,
        is_responsible: node.flag("estResponsable"),
        level: named_of(node, "niveau").map(|level| level.name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;
    use crate::model::tab;

    const GUARDIAN: &str = r#"{
      "ressource": {"N": "5#p", "L": "MOREL Camille", "G": 5, "avecPhoto": false, "listeRessources": [
        {"N": "4#a", "L": "MOREL Lou", "G": 4, "avecPhoto": true, "classeDEleve": {"N": "1#c", "L": "3B"},
         "Etablissement": {"_T": 24, "V": {"N": "10#e", "L": "Collège des Tilleuls"}},
         "listeClassesHistoriques": {"_T": 24, "V": [{"N": "1#b", "L": "3A", "courant": false}, {"N": "1#c", "L": "3B", "courant": true}]},
         "listeGroupes": {"_T": 24, "V": [{"N": "2#g", "L": "3B GR.1"}]},
         "estDelegue": true, "listeClassesDelegue": {"_T": 24, "V": [{"N": "1#c", "L": "3B"}]},
         "listeOngletsPourPeriodes": {"_T": 24, "V": [{"G": 198,
           "listePeriodes": {"_T": 24, "V": [{"G": 1, "L": "Année"}, {"N": "11#a", "L": "Trimestre 1", "G": 2, "GenreNotation": 1}]},
           "periodeParDefaut": {"_T": 24, "V": {"N": "11#a", "L": "Trimestre 1"}}}]}},
        {"L": "sans identifiant"}]},
      "listeOnglets": [{"G": 7}, {"G": 5, "Onglet": [{"G": 19}, {"G": 250}]}, {"G": "x"}],
      "listeOngletsInvisibles": [250],
      "autorisations": {"AvecDiscussion": true, "discussionInterdit": true, "tailleMaxRenduTafEleve": 4194304},
      "parametresUtilisateur": {"EDT": {"afficherCoursAnnules": true}},
      "listeInformationsEtablissements": {"_T": 24, "V": [{"N": "10#e", "L": "Collège des Tilleuls",
        "Coordonnees": {"Adresse1": "1 rue des Tilleuls", "Adresse2": "", "CodePostal": "69000", "LibelleVille": "Lyon"}}]},
      "listeClasses": {"_T": 24, "V": [{"N": "1#c", "L": "3B", "G": 1, "estResponsable": true, "niveau": {"_T": 24, "V": {"L": "3EME"}}}]}}"#;

    #[test]
    fn a_guardian_has_children_tabs_and_rights() {
        let (user, noted) = reading(GUARDIAN, user);
        let user = user.unwrap();
        assert_eq!(user.person.kind, PersonKind::Guardian);
        assert_eq!(user.children.len(), 1);
        let child = &user.children[0];
        assert_eq!(child.class.as_ref().unwrap().name, "3B");
        assert_eq!(child.class_history.len(), 2);
        assert!(child.has_photo && child.is_delegate);
        assert_eq!(child.periods.current().unwrap().name, "Trimestre 1");
        assert_eq!(child.periods.choices(tab::GRADES).next().unwrap().kind, PeriodChoiceKind::WholeYear);
        assert_eq!(user.tabs.iter().collect::<Vec<_>>(), [5, 7, 19]);
        assert!(user.rights.read_discussions && !user.rights.write_discussions);
        assert_eq!(user.rights.largest_return, Some(4_194_304));
        assert_eq!(user.show_cancelled, Some(true));
        assert_eq!(user.schools[0].address, ["1 rue des Tilleuls", "69000 Lyon"]);
        assert_eq!(user.classes[0].level.as_deref(), Some("3EME"));
        assert_eq!(noted, ["ressource.listeRessources[1].N", "listeOnglets[2].G"]);
    }

    #[test]
    fn an_answer_about_nobody_makes_no_sense() {
        for text in ["{}", r#"{"ressource":{"L":"X"}}"#, r#"{"ressource":[]}"#, r#"{"ressource":{"N":"4#a","L":{}}}"#] {
            assert!(reading(text, user).0.is_err(), "{text}");
        }
    }
}
