//! The answers to card applications, to the letter of what they accept.

use serde::Serialize;

use crate::config::{Config, Field, UnknownUser};
use crate::model::{Affiliation, Card, Code, Decided, Finding, Outcome, Photo, QrCode};
use crate::qr;
use crate::source::Kind;

/// The type of every answer.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";
/// The longest body, in bytes: one of a megabyte ends the application's service, for everybody (`card.md`, 1.5).
pub const LONGEST: usize = 512 << 10;
/// What an answer takes beside its photo and its code, in bytes, as a rule.
const BESIDE: usize = 1024;

/// The place of a photo that is not there yet.
const PHOTO: &[u8] = br#""photo":"""#;

/// An answer: JSON in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What the card module asks for (`card.md`, 1.2 and 1.3). `asked` is the login as it was received.
#[must_use]
pub fn card(finding: &Finding, asked: &str, config: &Config) -> Answer {
    match &finding.outcome {
        Outcome::Card(card) => fitting(card),
        outcome => without(outcome, asked, config, <[Code]>::to_vec),
    }
}

/// What the module of European cards asks for (`card.md`, 3).
#[must_use]
pub fn european(finding: &Finding, asked: &str, config: &Config) -> Answer {
    let card = match &finding.outcome {
        Outcome::Card(card) => card,
        // That module has no words for fees.
        outcome => {
            return without(outcome, asked, config, |codes| codes.iter().map(|code| european_code(*code)).collect());
        }
    };
    if card.escn.is_none() {
        return json(200, 0, &Refused { affiliation: card.affiliation, errors: ["ESCN_MISSING"], cards: None });
    }
    let Some(euid) = &card.euid else { return unavailable("card: euid") };
    let drawn = config.european.as_ref().map(|template| config.engine.over(template, &finding.facts));
    let drawn = match drawn {
        Some(Ok(Some(text))) => qr::svg(&text, &qr::Drawing::european()).map_err(|fault| fault.to_string()),
        Some(Ok(None)) | None => Err("it is empty".to_owned()),
        Some(Err(why)) => Err(why),
    };
    match drawn {
        Ok(value) => {
            let code = QrCode { kind: "image".to_owned(), value };
            let european = European {
                lastname: &card.lastname,
                firstname: &card.firstname,
                photo: &card.photo.uri,
                euid,
                qr_code: &code,
                errors: [],
            };
            json(200, card.photo.uri.len() + code.value.len(), &european)
        }
        Err(why) => {
            tracing::warn!("the code of a European card cannot be made: {why}");
            unavailable("card: qrCode")
        }
    }
}

/// What applications up to 2.1 ask for (`card.md`, 9.7).
#[must_use]
pub fn legacy(finding: &Finding, asked: &str, config: &Config) -> Answer {
    let card = match &finding.outcome {
        Outcome::Card(card) => card,
        Outcome::NoCard { affiliation, codes } => {
            return json(200, 0, &Refused { affiliation: *affiliation, errors: codes, cards: Some(Nothing {}) });
        }
        outcome => return without(outcome, asked, config, <[Code]>::to_vec),
    };
    // They draw the text of an image as a code: they are sent the text that is in it.
    let text = |template: &Option<_>, kind: &str| {
        let text = template.as_ref().and_then(|template| config.engine.over(template, &finding.facts).ok().flatten());
        text.map(|value| QrCode { kind: kind.to_owned(), value })
    };
    let code = match &card.qr_code {
        Some(code) if code.kind == "image" => text(&config.qr.value, "text"),
        code => code.clone(),
    };
    let european = card.escn.as_ref().and_then(|_| text(&config.european, "url"));
    let one = |qr_code, european: bool| One {
        title: &card.title,
        subtitle: card.subtitle.as_deref(),
        end_date: card.end_date,
        id_number: &card.id_number,
        csn: card.csn.as_deref(),
        qr_code,
        escn: card.escn.as_deref().filter(|_| european),
        euid: card.euid.as_deref().filter(|_| european),
    };
    let layout = |affiliation| (card.affiliation == affiliation).then(|| one(code.as_ref(), false));
    let legacy = Legacy {
        lastname: &card.lastname,
        firstname: &card.firstname,
        birthdate: card.birthdate.as_deref(),
        gender: card.gender.as_deref(),
        ine: card.ine.as_deref(),
        photo: &card.photo.uri,
        affiliation: card.affiliation,
        errors: [],
        cards: Cards {
            student_card: layout(Affiliation::Student),
            staff_card: layout(Affiliation::Staff),
            eu_student_card: card.escn.is_some().then(|| one(european.as_ref(), true)),
        },
    };
    json(200, card.photo.uri.len(), &legacy)
}

/// A card, without its code if it would be too long with it.
fn fitting(card: &Card) -> Answer {
    let code = card.qr_code.as_ref();
    let length = card.photo.uri.len() + code.map_or(0, |code| code.value.len());
    let answer = |qr_code| with_photo(json(200, length, &Full { qr_code, ..Full::of(card) }), &card.photo);
    let whole = answer(code);
    if whole.body.len() <= LONGEST {
        return whole;
    }
    tracing::warn!("an answer of {} bytes is sent without its code", whole.body.len());
    let less = answer(None);
    if less.body.len() <= LONGEST { less } else { unavailable("card: photo") }
}

/// Puts a photo into its place. Its text is by far the most of an answer and needs no escaping, which serde would look for in
/// every byte of it; and a text of another field cannot look like the place, since its quotation marks are escaped.
fn with_photo(mut answer: Answer, photo: &Photo) -> Answer {
    let place = answer.body.windows(PHOTO.len()).position(|part| part == PHOTO);
    if let Some(place) = place.map(|place| place + PHOTO.len() - 1) {
        let rest = answer.body.split_off(place);
        answer.body.extend_from_slice(photo.uri.as_bytes());
        answer.body.extend_from_slice(&rest);
    }
    answer
}

/// The answer when there is no card to show.
fn without<T: Serialize>(outcome: &Outcome, asked: &str, config: &Config, codes: impl Fn(&[Code]) -> Vec<T>) -> Answer {
    let refused = |affiliation, errors| json(200, 0, &Refused { affiliation, errors: codes(errors), cards: None });
    match outcome {
        Outcome::NoCard { affiliation, codes } => refused(*affiliation, codes),
        Outcome::Unknown(_) if config.unknown_user == UnknownUser::NoActiveCard => {
            refused(Affiliation::Student, &[Code::NoActiveCard])
        }
        Outcome::Unknown(decided) => {
            let error = match decided {
                Decided::By(kind @ (Kind::Ldap | Kind::Sql | Kind::Csv | Kind::Rest)) => {
                    format!("user_not_found_in_{}", kind.name())
                }
                Decided::By(Kind::EsupSgc) => "user_not_found_in_rest".to_owned(),
                Decided::By(Kind::Other(_)) | Decided::Several => "user_not_found".to_owned(),
            };
            let error_description = format!("Aucune personne n'est connue sous l'identifiant « {asked} ».");
            json(404, 0, &Wrong { error: &error, error_description: Some(&error_description) })
        }
        Outcome::Unavailable { source, why } => match field(why) {
            Some(field) => unavailable(&format!("{source}: {field}")),
            None => unavailable(source),
        },
        // It is answered by whoever asks for an answer without one.
        Outcome::Card(_) => unavailable("card"),
    }
}

/// The field that a fault of the data is about.
fn field(why: &str) -> Option<&str> {
    let (name, _) = why.strip_prefix('`')?.split_once("`: ")?;
    Field::ALL.iter().any(|field| field.name() == name).then_some(name)
}

fn unavailable(what: &str) -> Answer {
    json(503, 0, &Wrong { error: "source_unavailable", error_description: Some(what) })
}

fn european_code(code: Code) -> &'static str {
    match code {
        Code::UnpaidFees | Code::NoActiveCard => Code::NoActiveCard.name(),
        Code::NoPhoto => Code::NoPhoto.name(),
    }
}

fn json(status: u16, length: usize, value: &impl Serialize) -> Answer {
    let mut body = Vec::with_capacity(length + BESIDE);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => Answer { status, body },
        // Texts and numbers can always be written.
        Err(_) => Answer { status: 500, body: br#"{"error":"internal_error"}"#.to_vec() },
    }
}

#[derive(Serialize)]
struct Wrong<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
}

#[derive(Serialize)]
struct Refused<T> {
    affiliation: Affiliation,
    errors: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    cards: Option<Nothing>,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Full<'a> {
    lastname: &'a str,
    firstname: &'a str,
    birthdate: Option<&'a str>,
    gender: Option<&'a str>,
    title: &'a str,
    subtitle: Option<&'a str>,
    ine: Option<&'a str>,
    csn: Option<&'a str>,
    /// Blank: it is put into its place afterwards.
    photo: &'static str,
    affiliation: Affiliation,
    #[serde(rename = "idNumber")]
    id_number: &'a str,
    #[serde(rename = "endDate")]
    end_date: i16,
    #[serde(rename = "qrCode")]
    qr_code: Option<&'a QrCode>,
    errors: [&'static str; 0],
}

impl<'a> Full<'a> {
    fn of(card: &'a Card) -> Self {
        Full {
            lastname: &card.lastname,
            firstname: &card.firstname,
            birthdate: card.birthdate.as_deref(),
            gender: card.gender.as_deref(),
            title: &card.title,
            subtitle: card.subtitle.as_deref(),
            ine: card.ine.as_deref(),
            csn: card.csn.as_deref(),
            photo: "",
            affiliation: card.affiliation,
            id_number: &card.id_number,
            end_date: card.end_date,
            qr_code: card.qr_code.as_ref(),
            errors: [],
        }
    }
}

#[derive(Serialize)]
struct European<'a> {
    lastname: &'a str,
    firstname: &'a str,
    photo: &'a str,
    euid: &'a str,
    #[serde(rename = "qrCode")]
    qr_code: &'a QrCode,
    errors: [&'static str; 0],
}

#[derive(Serialize)]
struct Legacy<'a> {
    lastname: &'a str,
    firstname: &'a str,
    birthdate: Option<&'a str>,
    gender: Option<&'a str>,
    ine: Option<&'a str>,
    photo: &'a str,
    affiliation: Affiliation,
    errors: [&'static str; 0],
    cards: Cards<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cards<'a> {
    student_card: Option<One<'a>>,
    staff_card: Option<One<'a>>,
    eu_student_card: Option<One<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One<'a> {
    title: &'a str,
    subtitle: Option<&'a str>,
    end_date: i16,
    id_number: &'a str,
    csn: Option<&'a str>,
    qr_code: Option<&'a QrCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    euid: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_comes_into_its_place_whatever_the_texts_before_it_say() {
        let name = "\"photo\":\"\"";
        let body = serde_json::json!({ "lastname": name, "photo": "" }).to_string();
        let answer = with_photo(Answer { status: 200, body: body.into_bytes() }, &Photo::new(b"jpeg", (1, 1)));
        let read: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((&read["lastname"], &read["photo"]), (&name.into(), &"data:image/jpeg;base64,anBlZw==".into()));
    }
}
