//! The errors of the transport half, by their numbers (protocol §3.4). None of them tells more than a real server would.

use crate::pages::Refusal;

fn refusal(code: i64, title: &str, message: &str) -> Refusal {
    Refusal { code, title: title.to_owned(), message: message.to_owned() }
}

/// No session has this number, or it was closed.
pub(super) fn gone() -> Refusal {
    refusal(10, "La page a expiré ! (3)", "")
}

/// The session was silent for too long.
pub(super) fn expired() -> Refusal {
    refusal(13, "La page a expiré ! (6)", "")
}

/// The order is not the one expected, or the payload cannot be read; the reason is for people who debug a client.
pub(super) fn out_of_order(reason: &str) -> Refusal {
    refusal(14, "La page a expiré ! (7)", reason)
}

/// The first call brought no usable IV.
pub(super) fn bad_iv() -> Refusal {
    refusal(21, "Impossible d'afficher la page", "")
}

/// The function is not for this moment of a session.
pub(super) fn too_early() -> Refusal {
    Refusal::denied("Cette fonction n'est pas accessible à ce stade de la connexion.")
}

/// Too many calls.
pub(super) fn throttled() -> Refusal {
    refusal(25, "Accès limité", "Vous avez dépassé le nombre de requêtes autorisées.")
}
