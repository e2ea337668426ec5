//! The answers of the data functions: a decoded call in, decoded JSON out.
//!
//! The protocol server decrypts a request, knows whose session it is, and asks [`answer`]. Each file below holds one family of
//! pages; a save changes the [`School`] and the next read shows it.

mod attendance;
pub(crate) mod documents;
mod evaluations;
mod grades;
mod home;
mod homework;
mod ical;
mod ids;
pub(crate) mod instance;
mod lesson;
mod menus;
mod messages;
mod news;
pub(crate) mod notifications;
mod pdf;
pub(crate) mod personal;
mod picture;
pub use picture::portrait;
pub(crate) mod read;
mod report;
mod staff;
#[cfg(test)]
mod talk_tests;
mod team;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod timetable;
mod user;
mod viewer;
mod work;
pub(crate) mod write;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use ids::{Id, Ids, genre};
pub(crate) use read::bare;
pub(crate) use viewer::Viewer;

use crate::School;

/// One call of a data function, decrypted and with its sender known.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The name of the function, such as `PageEmploiDuTemps`.
    pub(crate) function: &'a str,
    /// `Signature.onglet`.
    pub(crate) tab: Option<i64>,
    /// The content of `data` (`donnees`); null when there was none.
    pub(crate) data: &'a Value,
    /// The request's `Signature`; null when there was none.
    pub(crate) signature: &'a Value,
    /// Who asks, and about whom.
    pub(crate) viewer: Viewer,
    /// What this session has uploaded and not yet used.
    pub(crate) uploads: &'a Uploads,
}

/// The files a session has uploaded, by the `idFichier` the client chose.
pub(crate) type Uploads = BTreeMap<String, Upload>;

/// A file that arrived through `uploadfilesession`.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// Its name, as the client sent it.
    pub(crate) name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// What a function answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The content of `data` (`donnees`).
    pub(crate) data: Value,
    /// `RapportSaisie`, beside `data`: present after a save.
    pub(crate) report: Option<Value>,
}

impl Answer {
    /// The answer of a read.
    pub(crate) fn read(data: Value) -> Self {
        Self { data, report: None }
    }

    /// The answer of a save that was done.
    pub(crate) fn saved() -> Self {
        Self { data: json!({}), report: Some(json!({})) }
    }

    /// The answer of a save that was refused, with the reason for the person (data §1.8).
    pub(crate) fn not_saved(reason: &str) -> Self {
        Self { data: json!({}), report: Some(json!({ "_erreurSaisie_": true, "_messagesErreur_": [reason] })) }
    }
}

/// An error object of the protocol (protocol §3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `G`.
    pub(crate) code: i64,
    /// `Titre`.
    pub(crate) title: String,
    /// `Message`.
    pub(crate) message: String,
}

impl Refusal {
    /// The account may not do this.
    pub(crate) fn denied(message: &str) -> Self {
        Self { code: 3, title: "Accès refusé".to_owned(), message: message.to_owned() }
    }

    /// The function does not exist here.
    pub(crate) fn unknown_function() -> Self {
        Self { code: 3, title: "Accès refusé".to_owned(), message: "Cette fonction n'existe pas.".to_owned() }
    }

    /// An identifier came from another session.
    pub(crate) fn expired_id() -> Self {
        Self {
            code: 22,
            title: "La page a expiré !".to_owned(),
            message: "Cet objet vient d'une session précédente.".to_owned(),
        }
    }
}

/// Answers a call, or refuses it.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    check_tab(call)?;
    match call.function {
        "ParametresUtilisateur" => user::answer(school, ids, call.viewer),
        "PageEmploiDuTemps" | "PageEmploiDuTemps_DomainePresence" | "FicheCours" => {
            timetable::answer(school, ids, call)
        }
        "PageCahierDeTexte" | "donneesContenusCDT" | "RessourcePedagogique" => work::answer(school, ids, call),
        "SaisieTAFFaitEleve" | "SaisieTAFARendreEleve" => homework::answer(school, ids, call),
        "DernieresNotes" => grades::answer(school, ids, call),
        "PageBulletins" | "SaisieAccuseReceptionDocument" => report::answer(school, ids, call),
        "GenerationPDF" => documents::answer(school, ids, call),
        "DernieresEvaluations" => evaluations::answer(school, ids, call),
        "PagePresence" => attendance::answer(school, ids, call),
        "PageEquipePedagogique" => team::answer(school, ids, call),
        "PageActualites" | "SaisieActualites" => news::answer(school, ids, call),
        "PageAccueil" | "SaisieURLPartenaire" | "SaisieURLPartenaireCDI" | "GenerationURLRecherchePartenaire" => {
            home::answer(school, ids, call)
        }
        "PageMenus" => menus::answer(school, ids, call),
        "ListeMessagerie"
        | "ListeMessages"
        | "SaisiePublicMessage"
        | "ListeRessourcesPourCommunication"
        | "ListePublics"
        | "SaisieMessage"
        | "SaisieEtiquetteMessage" => messages::answer(school, ids, call),
        "PageInfosPerso" => personal::answer(school, ids, call),
        "ListeRessources" | "FicheEleve" => staff::answer(school, ids, call),
        "CentraleNotifications" => notifications::answer(school, ids, call),
        "Navigation" | "Presence" => Ok(Answer::read(json!({}))),
        _ => Err(Refusal::unknown_function()),
    }
}

/// Refuses a call signed with a tab that the space does not have. Some clients sign some calls with nothing, and personal data
/// with the tab they are on.
fn check_tab(call: &Call<'_>) -> Result<(), Refusal> {
    match call.tab {
        Some(tab) if call.function != "PageInfosPerso" && !user::tabs(call.viewer.space).contains(&tab) => {
            Err(Refusal::denied("Cet onglet n'est pas accessible."))
        }
        _ => Ok(()),
    }
}
