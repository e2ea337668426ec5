//! `ListeRessources` and `FicheEleve`: the pupils of a class, and who answers for them, for school life (data §16.2).

use serde_json::{Value, json};

use super::common::some_text;
use super::{Context, Function, Payload, Read};
use crate::model::{Arrangement, Guardian, Identity, Pupil, PupilCard, tab};
use crate::wire::{Malformed, Node, RemoteId};

/// What the server calls a legal guardian.
const LEGAL: &str = "LEGAL";
/// The most options a pupil is read with; servers number them from 1 without a gap.
const MOST_OPTIONS: usize = 40;

/// Asks for the pupils of a class ([`User::classes`]).
///
/// [`User::classes`]: crate::model::User::classes
#[derive(Debug, Clone)]
pub struct Request {
    /// The class.
    pub class: RemoteId,
}

impl Function for Request {
    const NAME: &'static str = "ListeRessources";
    const TAB: Option<u32> = Some(tab::PUPILS);
    type Answer = Vec<Pupil>;

    fn arguments(&self, context: &Context) -> Value {
        let period = context.instance.periods.first().map(|period| &period.id);
        json!({ "classe": { "N": self.class, "G": 1 }, "periode": { "N": period, "G": 1 } })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Pupil>, Malformed> {
        Ok(pupils(payload.data))
    }
}

impl Read for Request {}

/// Asks for the card of a pupil.
#[derive(Debug, Clone)]
pub struct Card {
    /// The pupil.
    pub pupil: RemoteId,
}

impl Function for Card {
    const NAME: &'static str = "FicheEleve";
    const TAB: Option<u32> = Some(tab::PUPILS);
    type Answer = PupilCard;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "Eleve": { "N": self.pupil }, "AvecEleve": true, "AvecResponsables": true })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<PupilCard, Malformed> {
        card(payload.data)
    }
}

impl Read for Card {}

pub(crate) fn pupils(data: Node<'_>) -> Vec<Pupil> {
    data.each("listeRessources", |node| {
        let options = (1..=MOST_OPTIONS).map_while(|number| some_text(node, &format!("option{number}")));
        Ok(Pupil {
            id: node.need("N")?,
            name: node.need("L")?,
            last_name: some_text(node, "nom"),
            first_names: some_text(node, "prenoms"),
            sex: some_text(node, "sexe"),
            enrolled: node.read("entree"),
            born: node.read("neLe"),
            arrangements: node.each("listeProjets", |plan| {
                Ok(Arrangement { kind: some_text(plan, "typeAmenagement"), handicap: some_text(plan, "handicap") })
            }),
            options: options.collect(),
        })
    })
}

pub(crate) fn card(data: Node<'_>) -> Result<PupilCard, Malformed> {
    Ok(PupilCard {
        identity: identity(data.need_node("Identite")?)?,
        guardians: data.each("Responsables", |node| {
            let responsibility = some_text(node, "niveauResponsabilite");
            Ok(Guardian {
                identity: identity(node)?,
                relationship: some_text(node, "lienParente"),
                legal: responsibility.as_deref() == Some(LEGAL),
                responsibility,
                email_allowed: node.flag("autoriseEmail"),
                emergency_contact: node.read("contactUrgence"),
                may_collect_child: node.read("autoriseRecupererEnfant"),
            })
        }),
    })
}

/// Someone without a name is nobody.
fn identity(node: Node<'_>) -> Result<Identity, Malformed> {
    let texts = |keys: &[&str]| keys.iter().filter_map(|key| some_text(node, key)).collect::<Vec<_>>();
    let last_name = some_text(node, "nom");
    let first_names = texts(&["prenom", "prenom2", "prenom3"]);
    if last_name.is_none() && first_names.is_empty() {
        return Err(node.missing("nom"));
    }
    Ok(Identity {
        last_name,
        first_names,
        address: texts(&["adresse1", "adresse2", "adresse3", "adresse4"]),
        postal_code: some_text(node, "CP"),
        city: some_text(node, "ville"),
        country: some_text(node, "pays"),
        born: some_text(node, "dateNaiss").and_then(|_| node.read("dateNaiss")),
        birth_city: some_text(node, "villeNaiss"),
        email: some_text(node, "email"),
        mobile_phone: some_text(node, "telPort"),
        home_phone: some_text(node, "telFixe"),
        other_phone: some_text(node, "telAutre"),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn a_class_has_pupils_with_options_up_to_the_first_gap() {
        let (pupils, noted) = reading(
            r#"{"listeRessources":{"_T":24,"V":[
                {"N":"4#a","L":"MOREL Lou","nom":"MOREL","prenoms":"Lou","sexe":"F","entree":{"_T":7,"V":"01/09/2025"},
                 "neLe":{"_T":7,"V":"30/02/2012"},"listeProjets":{"_T":24,"V":[{"typeAmenagement":"PAP","handicap":""}]},
                 "option1":"LATIN","option2":"CHANT","option4":"GREC"},{"N":"4#b"}]}}"#,
            pupils,
        );
        assert_eq!(pupils.len(), 1);
        let pupil = &pupils[0];
        assert_eq!((pupil.enrolled, pupil.born), (Some(date(2025, 9, 1)), None));
        assert_eq!(pupil.options, ["LATIN", "CHANT"]);
        assert_eq!(pupil.arrangements, [Arrangement { kind: Some("PAP".into()), handicap: None }]);
        assert_eq!(noted, ["listeRessources.V[0].neLe.V", "listeRessources.V[1].L"]);
    }

    #[test]
    fn a_card_has_an_identity_and_guardians() {
        let (card, noted) = reading(
            r#"{"Identite":{"_T":24,"V":{"CP":"69000","nom":"MOREL","prenom":"Lou","prenom2":"Anne","ville":"LYON","adresse1":"1 rue des Tilleuls",
                "adresse2":"","dateNaiss":"02/02/2012"}},
              "Responsables":{"_T":24,"V":[{"nom":"MOREL","prenom":"Camille","dateNaiss":"","autoriseEmail":true,"lienParente":"MÈRE",
                "niveauResponsabilite":"LEGAL","contactUrgence":false},{"CP":"69000"},{"nom":"PETIT","niveauResponsabilite":"CONTACT"}]}}"#,
            card,
        );
        let card = card.unwrap();
        assert_eq!((card.identity.born, card.identity.first_names.len()), (Some(date(2012, 2, 2)), 2));
        assert_eq!(card.identity.address, ["1 rue des Tilleuls"]);
        let [mother, contact] = card.guardians.as_slice() else { panic!("two guardians can be read") };
        assert!(mother.legal && mother.email_allowed && !contact.legal);
        assert_eq!((mother.emergency_contact, mother.may_collect_child), (Some(false), None));
        assert_eq!(noted, ["Responsables.V[1].nom"]);
    }

    #[test]
    fn a_card_of_nobody_makes_no_sense() {
        for text in ["{}", r#"{"Identite":[]}"#, r#"{"Identite":{"CP":"69000"}}"#] {
            assert!(reading(text, card).0.is_err(), "{text}");
        }
    }

    #[test]
    fn a_class_is_asked_for_with_the_first_period() {
        let asked = Request { class: RemoteId::new("1#a") }.arguments(&Context::default());
        assert_eq!(asked, json!({ "classe": { "N": "1#a", "G": 1 }, "periode": { "N": null, "G": 1 } }));
    }
}
