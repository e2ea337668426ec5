//! What the doors ask for, and what they make of it.

use gateway::viewers::{Door, Reply, TokenShape, Way};
use portals::Registry;
use pronote::Space;
use pronote::login::{self, Credentials, Device, SavedLogin, Strategy};
use secrecy::SecretString;
use serde_json::Value;
use utoipa::ToSchema;

use crate::body::Fields;
use crate::portals::Cas;
use crate::problem::Problem;

/// The name the school lists a device under that gave none.
const DEVICE: &str = "Cartable";
const MISSING: &str = "Missing 'url', or 'username', or 'password', or header 'Content-Type: application/json'";

/// A sign-in with a password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it documents what is read field by field")]
pub(crate) struct Login {
    /// The school's PRONOTE; a page's name and what follows it are cut off.
    #[schema(example = "https://0123456a.index-education.net/pronote/")]
    url: String,
    username: String,
    password: String,
    /// The portal to sign in through; `none` is the school's own page, `auto` the portal that the school redirects to.
    /// Left out, it is the school's own page, and where that is closed its portal.
    #[schema(example = "monbureaunumerique")]
    cas: Option<String>,
    /// `student` or `parent`.
    #[schema(default = "student")]
    account: Option<String>,
    /// Takes the place of `account`: `student`, `parent`, `teacher` or `school-life`.
    space: Option<String>,
    /// Whether the token may change things.
    write: Option<bool>,
    /// Whether to give what the next sign-in takes in place of the password.
    next: Option<bool>,
    /// The PIN, for a school that asks for one on devices it does not know.
    pin: Option<String>,
    /// The name the school lists this device under.
    device_name: Option<String>,
    /// The identifier of this device, for instance from an earlier `next`.
    device_id: Option<String>,
}

/// A sign-in with a QR code.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it documents what is read field by field")]
pub(crate) struct LoginWithQrCode {
    /// What the QR code holds: an object, or its text.
    #[schema(value_type = Object)]
    qr: Value,
    /// The four digits chosen when it was made.
    pin: String,
    /// Whether the token may change things.
    write: Option<bool>,
    /// The name the school lists this device under.
    device_name: Option<String>,
    /// The identifier of this device.
    device_id: Option<String>,
}

/// A sign-in with what an earlier one gave.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it documents what is read field by field")]
pub(crate) struct LoginWithToken {
    /// What the earlier sign-in gave as `next`, unchanged.
    #[schema(value_type = Object)]
    next: Value,
    /// Whether the token may change things.
    write: Option<bool>,
}

/// Answers to what a school or a portal asks for.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it documents what is read field by field")]
pub(crate) struct Answers {
    /// The `continue` of the refusal.
    r#continue: String,
    /// The PIN, or the new one.
    pin: Option<String>,
    new_password: Option<String>,
    /// `inactive`, `notification` or `pin`.
    strategy: Option<String>,
    /// The code received by e-mail.
    reset_code: Option<String>,
    /// What a portal asks for: a date as `DD/MM/YYYY`, a code, or the number of a choice, counted from 1.
    answer: Option<String>,
}

pub(super) fn with_password(fields: &Fields, registry: &Registry) -> Result<Door, Problem> {
    let missing = || Problem::bad_request(MISSING);
    let url = fields.text("url")?.ok_or_else(missing)?;
    let login = fields.text("username")?.ok_or_else(missing)?.to_owned();
    let password: SecretString = fields.text("password")?.ok_or_else(missing)?.into();
    let space = space(fields)?;
    // An empty text is no portal.
    let cas = match fields.get("cas") {
        None => None,
        Some(Value::String(id)) if id.is_empty() => None,
        Some(Value::String(id)) => Some(Cas::of(id, registry)?),
        Some(other) => return Err(Problem::unknown_portal(&other.to_string())),
    };
    let school = url.parse().map_err(|error| Problem::of_school(&error, jiff::Timestamp::UNIX_EPOCH))?;
    let sign_in = portals::SignIn { school, space, portal: None, profile: None, login, password };
    let way = match cas {
        None => Way::Either(sign_in),
        Some(Cas::Found) => Way::Portal(sign_in),
        Some(Cas::Named(id)) => Way::Portal(portals::SignIn { portal: Some(id), ..sign_in }),
        Some(Cas::None) => {
            let portals::SignIn { school, space, login, password, .. } = sign_in;
            Way::Direct(Credentials::Password { school, space, login, password })
        }
    };
    let pin = secret(fields, "pin")?;
    let next = fields.flag("next")?;
    let door = door(fields, way, device(fields)?)?;
    Ok(Door {
        answers: Some(login::Answers { pin, ..login::Answers::default() }),
        next,
        shape: TokenShape::Uuid,
        ..door
    })
}

pub(super) fn with_qr_code(fields: &Fields) -> Result<Door, Problem> {
    let refuse = |error: pronote::Error| Problem::of_school(&error, jiff::Timestamp::UNIX_EPOCH);
    let code = match fields.get("qr") {
        None => return Err(Problem::bad_request("Missing 'qr'")),
        Some(Value::String(text)) => text.parse().map_err(refuse)?,
        Some(object) => object.to_string().parse().map_err(refuse)?,
    };
    let pin = fields.needed_text("pin")?.into();
    door(fields, Credentials::QrCode { code, pin }.into(), device(fields)?)
}

pub(super) fn with_token(mut fields: Fields) -> Result<Door, Problem> {
    let next = fields.take("next").ok_or_else(|| Problem::bad_request("Missing 'next'"))?;
    let not_given = |_| Problem::bad_request("'next' is not what an earlier sign-in gave");
    let saved: SavedLogin = serde_json::from_value(next).map_err(not_given)?;
    let device = saved.device.clone();
    door(&fields, Credentials::Token(saved).into(), device)
}

pub(super) fn reply(fields: &Fields) -> Result<Reply, Problem> {
    let strategy = match fields.get("strategy") {
        None => None,
        Some(name) => Some(
            serde_json::from_value::<Strategy>(name.clone())
                .map_err(|_| Problem::bad_request("'strategy' must be one of 'inactive', 'notification', 'pin'"))?,
        ),
    };
    let answers = login::Answers {
        pin: secret(fields, "pin")?,
        new_password: secret(fields, "newPassword")?,
        strategy,
        reset_code: secret(fields, "resetCode")?,
    };
    Ok(Reply { answers, answer: secret(fields, "answer")? })
}

/// The space that `space` names, or else `account`, which knows pupils and parents only.
fn space(fields: &Fields) -> Result<Space, Problem> {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(name) = fields.get("space") {
        return match name.as_str() {
            Some("student") => Ok(Space::Student),
            Some("parent") => Ok(Space::Parent),
            Some("teacher") => Ok(Space::Teacher),
            Some("school-life") => Ok(Space::SchoolLife),
            _ => Err(Problem::bad_request(format!("Unknown space '{}'", shown(name)))),
        };
    }
    match fields.get("account") {
        None => Ok(Space::Student),
        Some(Value::String(name)) if name == "student" => Ok(Space::Student),
        Some(Value::String(name)) if name == "parent" => Ok(Space::Parent),
        Some(other) => Err(Problem::bad_request(format!("Unknown account type '{}'", shown(other)))),
    }
}

fn device(fields: &Fields) -> Result<Device, Problem> {
    let device = Device::new(fields.text("deviceName")?.unwrap_or(DEVICE));
    Ok(match fields.text("deviceId")? {
        Some(id) => Device { id: id.to_owned(), ..device },
        None => device,
    })
}

fn door(fields: &Fields, way: Way, device: Device) -> Result<Door, Problem> {
    let write = fields.flag("write")?;
    // A device has been named: where the school asks for nothing more, nobody needs to be asked.
    let answers = Some(login::Answers::default());
    Ok(Door { way, device, answers, write, next: true, shape: TokenShape::Long })
}

fn secret(fields: &Fields, name: &str) -> Result<Option<SecretString>, Problem> {
    Ok(fields.text(name)?.map(Into::into))
}
