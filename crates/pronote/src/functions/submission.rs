//! `SaisieTAFARendreEleve`: returns a file for homework, or takes it back (data §7.3). The file itself is sent before.

use serde_json::{Value, json};

use super::save::save_report;
use super::{Context, Function, Payload, Write};
use crate::model::{SaveReport, tab};
use crate::wire::{Malformed, RemoteId};

/// Says which homework an uploaded file is for.
#[derive(Debug, Clone)]
pub struct Submit {
    /// The homework, as this session knows it.
    pub homework: RemoteId,
    /// The file's name.
    pub file_name: String,
    /// The key under which this session uploaded the file.
    pub file_key: String,
}

impl Function for Submit {
    const NAME: &'static str = "SaisieTAFARendreEleve";
    const TAB: Option<u32> = Some(tab::HOMEWORK);
    type Answer = SaveReport;

    fn arguments(&self, _: &Context) -> Value {
        // The first identifier a client may make (data §1.1): it lives only inside this request.
        const NEW: i32 = -1001;
        const CREATED: u8 = 1;
        const FILE: u8 = 1;
        json!({ "listeFichiers": [{
            "E": CREATED,
            "G": FILE,
            "L": self.file_name,
            "N": NEW,
            "idFichier": self.file_key,
            "TAF": { "N": self.homework },
        }] })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for Submit {}

/// Takes back the file returned for homework.
#[derive(Debug, Clone)]
pub struct Withdraw {
    /// The homework, as this session knows it.
    pub homework: RemoteId,
}

impl Function for Withdraw {
    const NAME: &'static str = "SaisieTAFARendreEleve";
    const TAB: Option<u32> = Some(tab::HOMEWORK);
    type Answer = SaveReport;

    fn arguments(&self, _: &Context) -> Value {
        const DELETED: u8 = 3;
        json!({ "listeFichiers": [{ "E": DELETED, "TAF": { "N": self.homework } }] })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for Withdraw {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_returned_for_its_homework_and_taken_back() {
        let homework = RemoteId::new("38#a");
        let submit = Submit { homework: homework.clone(), file_name: "devoir.odt".into(), file_key: "clef_1".into() };
        let file = &submit.arguments(&Context::default())["listeFichiers"][0];
        assert_eq!((&file["TAF"]["N"], &file["idFichier"], &file["E"]), (&json!("38#a"), &json!("clef_1"), &json!(1)));
        assert!(file["N"].as_i64().is_some_and(|id| id < 0));
        let withdrawn = Withdraw { homework }.arguments(&Context::default());
        assert_eq!(withdrawn, json!({ "listeFichiers": [{ "E": 3, "TAF": { "N": "38#a" } }] }));
    }
}
