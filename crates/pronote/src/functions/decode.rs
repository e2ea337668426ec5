//! Reads a captured answer of any known function: for bug reports, and to judge the decoders on answers from outside.

use serde::Serialize;
use serde_json::Value;

use super::{Context, Function, Payload};
use crate::wire::{Diagnostic, Document, Json, Malformed};

/// A captured answer, decoded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decoded {
    /// The model, as JSON.
    pub value: Value,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a captured answer cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No decoder bears that name.
    #[error("no known function bears that name on that tab")]
    UnknownFunction,
    /// The text is not JSON.
    #[error("the answer is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// The answer makes no sense as a whole.
    #[error("the answer does not make sense")]
    Malformed(#[from] Malformed),
    /// The model could not be written as JSON.
    #[error("the model cannot be written as JSON")]
    NotWritable(#[source] serde_json::Error),
}

/// Decodes the answer of a function, known by the server's name; the tab tells apart two pages of one name.
///
/// Takes a whole payload (`{"data": …}`, `{"donnees": …}`) or what is inside it.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode(name: &str, tab: Option<u32>, text: &str, context: &Context) -> Result<Decoded, DecodeError> {
    let mut outcome = Err(DecodeError::UnknownFunction);
    for row in rows().iter().filter(|row| row.name == name) {
        if tab.is_some_and(|tab| row.tab.is_some_and(|of_row| of_row != tab)) {
            continue;
        }
        // Only what makes no sense as one page may be another of the same name.
        outcome = (row.decode)(text, context);
        if !matches!(outcome, Err(DecodeError::Malformed(_))) {
            break;
        }
    }
    outcome
}

/// The functions that can be decoded, with the tab each is asked from.
pub fn known() -> impl Iterator<Item = (&'static str, Option<u32>)> {
    rows().into_iter().map(|row| (row.name, row.tab))
}

/// Reads a captured answer as the model of one function.
///
/// # Errors
/// See [`DecodeError`].
pub fn read<F: Function>(text: &str, context: &Context) -> Result<(F::Answer, Vec<Diagnostic>), DecodeError> {
    let json = Json::parse(text).map_err(DecodeError::NotJson)?;
    let document = Document::new(&json);
    let root = document.root();
    let data = root.get_any(&["data", "donnees"]).unwrap_or(root);
    let answer = F::read(Payload { data, report: root.get("RapportSaisie") }, context)?;
    Ok((answer, document.diagnostics()))
}

struct Row {
    name: &'static str,
    tab: Option<u32>,
    decode: fn(&str, &Context) -> Result<Decoded, DecodeError>,
}

fn row<F: Function>() -> Row
where
    F::Answer: Serialize,
{
    let decode: fn(&str, &Context) -> _ = |text, context| {
        let (answer, diagnostics) = read::<F>(text, context)?;
        Ok(Decoded { value: serde_json::to_value(answer).map_err(DecodeError::NotWritable)?, diagnostics })
    };
    Row { name: F::NAME, tab: F::TAB, decode }
}

/// One line per call; of two of the same name, the first that makes sense of an answer is meant.
fn rows() -> Vec<Row> {
    use super::{
        account, contents, evaluations, grades, home, homework, instance, menus, messaging, navigation, news,
        notifications, pdf, pupils, report, school_life, security, submission, team, timetable, user,
    };
    vec![
        row::<instance::Request>(),
        row::<user::Request>(),
        row::<timetable::Request>(),
        row::<timetable::Presence>(),
        row::<timetable::Card>(),
        row::<homework::Request>(),
        row::<homework::MarkDone>(),
        row::<submission::Submit>(),
        row::<contents::Request>(),
        row::<contents::One>(),
        row::<contents::Resources>(),
        row::<news::Detail>(),
        row::<news::Request>(),
        row::<news::Save>(),
        row::<menus::Request>(),
        row::<home::Request>(),
        row::<home::PartnerAddress>(),
        row::<messaging::Request>(),
        row::<messaging::Messages>(),
        row::<messaging::Participants>(),
        row::<messaging::Recipients>(),
        row::<messaging::Save>(),
        row::<messaging::SaveFolder>(),
        row::<pupils::Request>(),
        row::<pupils::Card>(),
        row::<account::Request>(),
        row::<notifications::Request>(),
        row::<navigation::Request>(),
        row::<navigation::Presence>(),
        row::<security::Request>(),
        row::<grades::Request>(),
        row::<evaluations::Request>(),
        row::<school_life::Request>(),
        row::<team::Request>(),
        row::<report::Request>(),
        row::<report::OfClass>(),
        row::<report::Acknowledge>(),
        row::<pdf::Timetable>(),
        row::<pdf::Report>(),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::functions::{instance, user};

    #[test]
    fn both_names_of_the_payload_and_none_are_read() {
        let context = Context::default();
        let inside = r#"{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"}}}"#;
        let bare = decode("FonctionParametres", None, inside, &context).unwrap();
        assert_eq!(bare.value["first_monday"], "2025-09-01");
        for name in ["data", "donnees"] {
            let whole = format!(r#"{{"{name}":{inside},"nom":"FonctionParametres"}}"#);
            assert_eq!(decode("FonctionParametres", None, &whole, &context).unwrap(), bare, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_says_why() {
        let decode = |name, text| decode(name, None, text, &Context::default()).unwrap_err();
        assert!(matches!(decode("PageInconnue", "{}"), DecodeError::UnknownFunction));
        assert!(matches!(decode("FonctionParametres", "<html>"), DecodeError::NotJson(_)));
        assert!(matches!(decode("FonctionParametres", "[]"), DecodeError::Malformed(_)));
    }

    #[test]
    fn two_pages_of_one_name_are_told_apart_by_what_they_hold() {
        let decode = |text| decode("PageActualites", Some(8), text, &Context::default()).unwrap().value;
        assert_eq!(decode(r#"{"detailsActualite":{"listeQuestions":[]}}"#), serde_json::json!([]));
        assert_eq!(decode(r#"{"listeModesAff":[]}"#)["items"], serde_json::json!([]));
        let contents = super::decode("PageCahierDeTexte", None, r#"{"ListeCahierDeTextes":[]}"#, &Context::default());
        assert!(contents.unwrap().value["lessons"].is_array());
    }

    /// Whatever stands in an answer, no decoder panics, and most have something to say.
    #[test]
    fn no_decoder_panics_on_an_answer_of_another_function() {
        let context = Context::default();
        for text in
            ["null", "3", "[]", "[[]]", r#"{"data":7}"#, r#"{"data":[{"N":{}}]}"#, r#"{"data":{"_T":24,"V":[]}}"#]
        {
            for (name, tab) in known() {
                let _ = decode(name, tab, text, &context);
            }
        }
    }

    fn fixture(name: &str) -> Option<String> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
        let folder = std::env::var_os("CARTABLE_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
        let text = std::fs::read_to_string(folder.join("pronote-demo-2025.2.6").join(name)).ok();
        if text.is_none() {
            eprintln!("skipped: no captured answers (set CARTABLE_FIXTURES to their folder)");
        }
        text
    }

    #[test]
    fn captured_answers_decode_without_a_diagnostic() {
        let Some(text) = fixture("FonctionParametres_students_1.json") else { return };
        let (school, noted) = read::<instance::Request>(&text, &Context::default()).unwrap();
        assert_eq!(noted, []);
        assert_eq!((school.periods.len(), school.slots.len(), school.sequence_minutes), (8, 21, 60));
        let mut context = Context { instance: school.into(), ..Context::default() };

        let Some(text) = fixture("ParametresUtilisateur_students_1.json") else { return };
        let (user, noted) = read::<user::Request>(&text, &context).unwrap();
        assert_eq!(noted, []);
        assert_eq!(user.person.periods.current().unwrap().name, "Trimestre 1");
        assert!(user.may_open(88) && !user.may_open(250));
        context.user = user.into();

        let Some(text) = fixture("PageEmploiDuTemps_students_1.json") else { return };
        let page = decode("PageEmploiDuTemps", Some(16), &text, &context).unwrap();
        assert_eq!(page.diagnostics, []);
        let entries = page.value["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 5);
        assert_eq!(entries[0]["start"], "2025-11-17T09:00:00");
        assert_eq!(entries[0]["end"], "2025-11-17T10:00:00", "computed from the hours of the school");
        assert_eq!(entries[0]["type"], "lesson");
        assert!(entries[0]["content_id"].is_string());
    }
}
