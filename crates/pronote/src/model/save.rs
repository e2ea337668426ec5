use serde::Serialize;

/// What the server said of a save (`RapportSaisie`, data §1.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SaveReport {
    /// Whether the server refused it: nothing was changed.
    pub refused: bool,
    /// The heading over the messages.
    pub title: Option<String>,
    /// Why it was refused, in the school's language.
    pub messages: Vec<String>,
    /// What the server has to say of a save it accepted: closed hours, recipients that refuse messages.
    pub notices: Vec<String>,
}
