use serde_json::{Value, json};

use crate::functions::common::{named_of, some_text};
use crate::functions::{Context, Function, Payload, Read};
use crate::model::{Discussion, Message, Participant, PersonKind, Recipient, RecipientSubject, tab};
use crate::wire::{Malformed, Node, RemoteId};

/// Asks who takes part in a discussion, or who received a message (`SaisiePublicMessage`, which saves nothing).
#[derive(Debug, Clone)]
pub struct Participants {
    message: RemoteId,
    of_discussion: bool,
}

impl Participants {
    /// Asks who takes part in a discussion; none when the server does not tell.
    #[must_use]
    pub fn of(discussion: &Discussion) -> Option<Self> {
        Some(Participants { message: discussion.participants_query.clone()?, of_discussion: true })
    }

    /// Asks who received a message.
    #[must_use]
    pub fn of_message(message: &Message) -> Self {
        Participants { message: message.id.clone(), of_discussion: false }
    }
}

impl Function for Participants {
    const NAME: &'static str = "SaisiePublicMessage";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = Vec<Participant>;

    fn arguments(&self, _: &Context) -> Value {
        json!({
            "message": { "N": self.message },
            "estPublicParticipant": self.of_discussion,
            "estDestinatairesReponse": false,
        })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Participant>, Malformed> {
        Ok(participants(payload.data))
    }
}

impl Read for Participants {}

pub(crate) fn participants(data: Node<'_>) -> Vec<Participant> {
    data.each("listeDest", |node| {
        Ok(Participant {
            id: node.id(),
            name: node.need("L")?,
            kind: node.read("G"),
            left: node.flag("estSorti"),
            refuses_messages: node.flag("refusMess"),
        })
    })
}

/// Asks whom the user, or the child asked about, may write to (`ListeRessourcesPourCommunication`).
#[derive(Debug, Clone, Copy)]
pub struct Recipients {
    /// Teachers, staff, guardians or pupils.
    pub kind: PersonKind,
}

impl Function for Recipients {
    const NAME: &'static str = "ListeRessourcesPourCommunication";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = Vec<Recipient>;

    fn arguments(&self, context: &Context) -> Value {
        let person = context.person();
        json!({
            "onglet": { "N": 0, "G": self.kind.code() },
            "filtreElement": { "G": person.kind.code(), "L": person.name, "N": person.id },
        })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Recipient>, Malformed> {
        Ok(recipients(payload.data))
    }
}

impl Read for Recipients {}

pub(crate) fn recipients(data: Node<'_>) -> Vec<Recipient> {
    data.each("listeRessourcesPourCommunication", |node| {
        Ok(Recipient {
            id: node.need("N")?,
            name: node.need("L")?,
            kind: node.read("G").unwrap_or_default(),
            email: some_text(node, "email"),
            reachable: node.flag("avecDiscussion"),
            refuses_messages: node.flag("refusMess"),
            subjects: node.each("listeRessources", subject),
            role: named_of(node, "fonction"),
            head_teacher: node.flag("estPrincipal"),
        })
    })
}

fn subject(node: Node<'_>) -> Result<RecipientSubject, Malformed> {
    let parent = node.flag("estUneSousMatiere").then(|| some_text(node, "libelleMatiere")).flatten();
    Ok(RecipientSubject { name: node.need("L")?, parent })
}
