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
mod properties;

#[cfg(test)]
mod tests;
