//! `GenerationPDF`: has the server make a PDF of a timetable or of a report card (data §5.8, §9.5).

use serde::Serialize;
use serde_json::{Value, json};

use super::period::chosen;
use super::{Context, Function, Payload, Read};
use crate::model::{Period, tab};
use crate::wire::{Malformed, Set, write};

/// A document the server has made, to be fetched before the session ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// Where, from the root of the instance: see [`super::files::generated_address`].
    pub path: String,
}

/// Asks for a PDF of a timetable.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timetable {
    /// The school week; none for the timetable of the whole year.
    pub week: Option<u32>,
    /// Upright paper instead of lying.
    pub portrait: bool,
}

impl Function for Timetable {
    const NAME: &'static str = "GenerationPDF";
    const TAB: Option<u32> = Some(tab::TIMETABLE);
    type Answer = Generated;

    fn arguments(&self, context: &Context) -> Value {
        let person = context.person();
        let resource = json!({ "G": person.kind.code(), "N": person.id });
        // Week 0 stands for the year.
        let weeks: Set = [self.week.unwrap_or(0)].into_iter().collect();
        json!({
            "genreGenerationPDF": 0,
            "options": {
                "portrait": self.portrait,
                "taillePolice": 8,
                "taillePoliceMin": 5,
                "couleur": 1,
                "renvoi": 0,
                "uneGrilleParSemaine": false,
                "inversionGrille": false,
                "ignorerLesPlagesSansCours": false,
                "estEDTAnnuel": self.week.is_none(),
            },
            "estPlanning": false,
            "estPlanningParRessource": false,
            "estPlanningOngletParJour": false,
            "estPlanningParJour": false,
            "indiceJour": 0,
            "ressource": resource,
            "ressources": [resource],
            "domaine": write::weeks(&weeks),
            "avecCoursAnnules": true,
            "grilleInverse": false,
        })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Generated, Malformed> {
        generated(payload)
    }
}

impl Read for Timetable {}

/// Asks for a PDF of a report card.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The period; none for the one the tab opens on.
    pub period: Option<Period>,
}

impl Function for Report {
    const NAME: &'static str = "GenerationPDF";
    const TAB: Option<u32> = Some(tab::REPORT);
    type Answer = Generated;

    fn arguments(&self, context: &Context) -> Value {
        json!({
            "genreGenerationPDF": 2,
            "avecCodeCompetences": false,
            "periode": chosen(context, tab::REPORT, self.period.as_ref()).element,
            "options": {
                "adapterHauteurService": false,
                "desEleves": false,
                "gererRectoVerso": false,
                "hauteurServiceMax": 15,
                "hauteurServiceMin": 10,
                "piedMonobloc": true,
                "portrait": true,
                "taillePolice": 6.5,
                "taillePoliceMin": 5,
                "taillePolicePied": 6.5,
                "taillePolicePiedMin": 5,
            },
        })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Generated, Malformed> {
        generated(payload)
    }
}

impl Read for Report {}

fn generated(payload: Payload<'_>) -> Result<Generated, Malformed> {
    Ok(Generated { path: payload.data.need("url")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn the_year_is_week_zero() {
        let year = Timetable::default().arguments(&Context::default());
        assert_eq!((&year["domaine"]["V"], &year["options"]["estEDTAnnuel"]), (&json!("[0]"), &json!(true)));
        let week = Timetable { week: Some(3), portrait: false }.arguments(&Context::default());
        assert_eq!((&week["domaine"]["V"], &week["options"]["estEDTAnnuel"]), (&json!("[3]"), &json!(false)));
    }

    #[test]
    fn a_document_without_a_path_is_an_error() {
        let read = |text: &str| reading(text, |data| generated(Payload { data, report: None })).0;
        assert_eq!(read(r#"{"url":{"_T":23,"V":"FichiersExternes/pdf/doc 1.pdf"}}"#).unwrap().path.len(), 30);
        assert!(read("{}").is_err() && read(r#"{"url":[]}"#).is_err());
    }
}
