//! `RapportSaisie`: what stands beside the answer of a save (data §1.8).

use crate::model::SaveReport;
use crate::wire::{Json, Malformed, Node};

/// Reads the report of a save; servers that have nothing to say send none.
pub(crate) fn save_report(report: Option<Node<'_>>) -> SaveReport {
    let Some(report) = report else { return SaveReport::default() };
    let messages = texts(report, "_messagesErreur_");
    let notices = ["messageToast", "EDTMessage", "messageRefusDest", "listeMessagesDesactivation"];
    SaveReport {
        refused: report.read("_erreurSaisie_").unwrap_or(!messages.is_empty()),
        title: report.read("titre_Messages_Erreur"),
        messages,
        notices: notices.iter().flat_map(|key| texts(report, key)).collect(),
    }
}

/// Messages come as a text, as `{titre, message}`, or as a list of either.
fn texts(report: Node<'_>, key: &str) -> Vec<String> {
    let alone = report.get(key).is_some_and(|node| matches!(node.json(), Json::Text(_)));
    if alone { report.read(key).into_iter().collect() } else { report.each(key, text) }
}

fn text(node: Node<'_>) -> Result<String, Malformed> {
    match node.json() {
        Json::Text(text) => Ok(text.to_string()),
        Json::Object(_) => node.need("message"),
        _ => Err(node.unexpected("a message")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    fn reported(text: &str) -> (SaveReport, Vec<String>) {
        reading(text, |report| save_report(Some(report)))
    }

    #[test]
    fn an_empty_report_is_a_success() {
        assert_eq!(save_report(None), SaveReport::default());
        assert_eq!(reported("{}"), (SaveReport::default(), vec![]));
    }

    #[test]
    fn a_refusal_says_why() {
        let (report, noted) = reported(
            r#"{"_erreurSaisie_":true,"titre_Messages_Erreur":"Saisie","_messagesErreur_":["Trop tard","Fermé"]}"#,
        );
        assert!(report.refused);
        assert_eq!(report.title.as_deref(), Some("Saisie"));
        assert_eq!(report.messages, ["Trop tard", "Fermé"]);
        assert!(noted.is_empty());
        assert!(reported(r#"{"_messagesErreur_":["Non"]}"#).0.refused, "a message without the flag is a refusal");
    }

    #[test]
    fn notices_do_not_refuse() {
        let (report, _) = reported(
            r#"{"_erreurSaisie_":false,"messageToast":"Envoyé","messageRefusDest":{"titre":"t","message":"Un destinataire refuse"},
                "listeMessagesDesactivation":[{"titre":"t","message":"Lu lundi"},{"titre":"t"},3]}"#,
        );
        assert!(!report.refused);
        assert_eq!(report.notices, ["Envoyé", "Un destinataire refuse", "Lu lundi"]);
    }
}
