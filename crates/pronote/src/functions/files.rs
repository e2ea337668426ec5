//! The addresses of files, photos and generated documents (data §17): no call, links made for one session.

use serde::Serialize;
use url::Url;

use crate::model::{Attachment, FileGenre};
use crate::wire::RemoteId;

/// The name photos are asked under.
pub const PHOTO_NAME: &str = "photo.jpg";

/// The text to encrypt into the address of a file; none for a link, and for a file the session cannot name.
#[must_use]
pub fn payload_of(attachment: &Attachment) -> Option<String> {
    let id = attachment.url.is_none().then_some(attachment.id.as_ref())??;
    Some(payload(id, attachment.genre))
}

/// The text to encrypt into the address of a file or of a person's photo.
#[must_use]
pub fn payload(id: &RemoteId, genre: Option<FileGenre>) -> String {
    // Servers may read the members in this order only.
    #[derive(Serialize)]
    struct Element<'a> {
        #[serde(rename = "N")]
        id: &'a RemoteId,
        #[serde(rename = "Actif")]
        active: bool,
        #[serde(rename = "G", skip_serializing_if = "Option::is_none")]
        genre: Option<&'static str>,
    }
    let element = Element { id, active: true, genre: genre.map(genre_name) };
    serde_json::to_string(&element).unwrap_or_default()
}

fn genre_name(genre: FileGenre) -> &'static str {
    match genre {
        FileGenre::TestSubject => "DevoirSujet",
        FileGenre::TestCorrection => "DevoirCorrige",
        FileGenre::EvaluationSubject => "EvaluationSujet",
        FileGenre::EvaluationCorrection => "EvaluationCorrige",
        FileGenre::ReturnedHomework => "TAFRenduEleve",
        FileGenre::CorrectedHomework => "TAFCorrigeRenduEleve",
        FileGenre::SchoolRules => "EtablissementReglement",
        FileGenre::SchoolCharter => "EtablissementCharte",
        FileGenre::EnrolmentDocument => "DocJointInscription",
    }
}

/// The address of a file, from its encrypted payload in hexadecimal, its name and the session's number.
///
/// None when the root is no address that can have a path.
#[must_use]
pub fn address(root: &Url, encrypted: &str, name: &str, session: u64) -> Option<Url> {
    // `.` and `..` would be taken for steps of the path.
    let name = if name.is_empty() || name.bytes().all(|byte| byte == b'.') { "file" } else { name };
    let mut address = bare(root);
    address.path_segments_mut().ok()?.pop_if_empty().extend(["FichiersExternes", encrypted, name]);
    address.set_query(Some(&format!("Session={session}")));
    Some(address)
}

/// The address of a document the server has made, from the path it answered; none when that leads off the instance.
#[must_use]
pub fn generated_address(root: &Url, path: &str) -> Option<Url> {
    let mut folder = bare(root);
    folder.path_segments_mut().ok()?.pop_if_empty().push("");
    let address = folder.join(path.trim_start_matches('/')).ok()?;
    address.as_str().starts_with(folder.as_str()).then_some(address)
}

fn bare(root: &Url) -> Url {
    let mut root = root.clone();
    root.set_query(None);
    root.set_fragment(None);
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AttachmentKind;

    fn root() -> Url {
        "https://ecole.exemple.fr/pronote/".parse().unwrap()
    }

    #[test]
    fn a_payload_is_compact_and_ordered() {
        let id = RemoteId::new("59#a\"b");
        assert_eq!(payload(&id, None), r#"{"N":"59#a\"b","Actif":true}"#);
        let typed = payload(&id, Some(FileGenre::TestSubject));
        assert_eq!(typed, r#"{"N":"59#a\"b","Actif":true,"G":"DevoirSujet"}"#);
    }

    #[test]
    fn a_link_has_no_payload() {
        let file = Attachment {
            id: Some(RemoteId::new("48#a")),
            kind: AttachmentKind::File,
            name: "a.pdf".into(),
            url: None,
            has_thumbnail: false,
            genre: None,
        };
        assert!(payload_of(&file).is_some());
        assert_eq!(payload_of(&Attachment { url: Some("https://exemple.fr".into()), ..file.clone() }), None);
        assert_eq!(payload_of(&Attachment { id: None, ..file }), None);
    }

    #[test]
    fn names_stay_one_step_of_the_path() {
        let of = |name| address(&root(), "0af3", name, 7).unwrap().to_string();
        assert_eq!(
            of("fiche n°1.pdf"),
            "https://ecole.exemple.fr/pronote/FichiersExternes/0af3/fiche%20n%C2%B01.pdf?Session=7"
        );
        assert_eq!(of("../a?b#c"), "https://ecole.exemple.fr/pronote/FichiersExternes/0af3/..%2Fa%3Fb%23c?Session=7");
        assert_eq!(of(".."), "https://ecole.exemple.fr/pronote/FichiersExternes/0af3/file?Session=7");
    }

    #[test]
    fn a_made_document_is_never_fetched_elsewhere() {
        let of = |path| generated_address(&root(), path).map(String::from);
        assert_eq!(of("pdf/doc 1.pdf?x=1").as_deref(), Some("https://ecole.exemple.fr/pronote/pdf/doc%201.pdf?x=1"));
        assert_eq!(of("/pdf/d.pdf").as_deref(), Some("https://ecole.exemple.fr/pronote/pdf/d.pdf"));
        for path in ["https://ailleurs.exemple.fr/d.pdf", "../autre/d.pdf", "javascript:alert(1)"] {
            assert_eq!(of(path), None, "{path}");
        }
        assert!(of("//ailleurs.exemple.fr/d").unwrap().starts_with("https://ecole.exemple.fr/pronote/"));
    }
}
