use serde_json::{Value, json};

use super::possessions;
use crate::functions::save::save_report;
use crate::functions::{Context, Function, Payload, Write};
use crate::model::{Color, SaveReport, tab};
use crate::wire::{Malformed, RemoteId};

/// Changes folders, and what is in them (`SaisieEtiquetteMessage`, data §15.7).
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are named after those of the model")]
pub enum SaveFolder {
    /// Makes a folder of the user's own.
    Create { name: String, abbreviation: String, color: Color },
    /// Gives a folder another name.
    Rename { folder: RemoteId, name: String },
    /// Deletes a folder; the discussions stay.
    Delete { folder: RemoteId },
    /// Puts discussions into folders and takes them out of others.
    Sort { possessions: Vec<RemoteId>, into: Vec<RemoteId>, out_of: Vec<RemoteId> },
}

impl Function for SaveFolder {
    const NAME: &'static str = "SaisieEtiquetteMessage";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = SaveReport;

    fn arguments(&self, _: &Context) -> Value {
        match self {
            SaveFolder::Create { name, abbreviation, color } => {
                json!({ "commande": "creation", "libelle": name, "abr": abbreviation, "couleur": color })
            }
            SaveFolder::Rename { folder, name } => {
                json!({ "commande": "modifier", "etiquette": { "N": folder, "L": name, "E": 2 } })
            }
            SaveFolder::Delete { folder } => json!({ "commande": "suppression", "etiquette": { "N": folder, "E": 3 } }),
            SaveFolder::Sort { possessions: ids, into, out_of } => json!({
                "listePossessionsMessages": possessions(ids),
                "listeEtiquettesPlus": possessions(into),
                "listeEtiquettesMoins": possessions(out_of),
            }),
        }
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for SaveFolder {}
