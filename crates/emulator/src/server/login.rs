//! Signing in: the first four calls of a session, in every mode (protocol §5.2 to §5.12).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pronote::protocol::challenge::{encode_session_key, random_text, scramble, temporary_key};
use pronote::protocol::cipher::{self, Keys};
use serde_json::{Value, json};

use super::credentials::Device;
use super::session::{Session, Stage};
use super::{Server, keys, refusals, second_factor};
use crate::config::ChallengeRule;
use crate::pages::{self, Refusal, write};
use crate::school::{Account, AccountId, Person};

/// How the password was meant (protocol §5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Password,
    QrCode,
    MobileToken,
    BrowserToken,
    Portal,
}

/// A challenge that waits for its answer.
pub(super) struct Attempt {
    /// None when no such login exists, which only shows at the end.
    account: Option<AccountId>,
    mode: Mode,
    /// The keys made of the secret that the right client has.
    keys: Keys,
    /// What the scrambled challenge hides.
    hidden: String,
    /// What was sent.
    sent: String,
    /// The phone, when there is one.
    phone: String,
    wants_mobile_token: bool,
    wants_browser_token: bool,
}

/// `FonctionParametres`: takes the client's IV, and tells about the school.
pub(super) fn parameters(server: &Server, session: &mut Session, data: &Value) -> Result<Value, Refusal> {
    session.iv = read_iv(data["Uuid"].as_str().unwrap_or_default()).ok_or_else(refusals::bad_iv)?;
    session.keys = Keys::new(b"", &session.iv);
    session.navigator = match data["identifiantNav"].as_str() {
        Some(known) if !known.is_empty() => known.to_owned(),
        _ => random_text::<8>(),
    };
    session.stage = Stage::Keyed;
    let version = server.profile.version.short();
    let mut answer = pages::instance::instance(&server.school(), &session.ids, session.page.space, &version);
    answer["identifiantNav"] = json!(session.navigator);
    answer["URLEspace"] = json!(session.page.desktop_name());
    answer["URLMobile"] = json!(session.page.mobile_name());
    answer["AvecEspaceMobile"] = json!(true);
    answer["estAfficheDansENT"] = json!(session.ticket.is_some());
    Ok(answer)
}

/// Sixteen bytes in clear, or in our RSA; base64 may be wrapped (protocol §4.3).
fn read_iv(text: &str) -> Option<[u8; 16]> {
    let compact: String = text.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(compact).ok()?;
    let clear = if bytes.len() == 16 { bytes } else { keys::PRIVATE.decrypt(&bytes)? };
    clear.try_into().ok()
}

/// `Identification`: names a login, gets a challenge. An unknown login gets one too.
pub(super) fn identification(server: &Server, session: &mut Session, data: &Value) -> Result<Value, Refusal> {
    let flag = |name: &str| data[name].as_bool().unwrap_or(false);
    if data["genreEspace"].as_i64() != Some(i64::from(session.page.number)) {
        return Err(Refusal::denied("Cet espace n'est pas celui de la page."));
    }
    let mode = if flag("pourENT") {
        Mode::Portal
    } else if flag("demandeConnexionAppliMobileJeton") {
        Mode::QrCode
    } else if flag("enConnexionAppliMobile") {
        Mode::MobileToken
    } else if flag("enConnexionAuto") {
        Mode::BrowserToken
    } else {
        Mode::Password
    };
    let typed = data["identifiant"].as_str().unwrap_or_default();
    let login = typed.trim().to_lowercase();
    let phone = data["uuidAppliMobile"].as_str().unwrap_or_default().to_owned();

    let account = {
        let ticket = session.ticket.as_ref().filter(|ticket| ticket.account == typed);
        let school = server.school();
        let name = if mode == Mode::Portal { ticket.map_or("", |ticket| &ticket.login) } else { &login };
        school.account(name, session.page.space).cloned()
    };
    let secret = account.as_ref().and_then(|account| secret(server, session, account, mode, &phone));
    let salt = (server.profile.salt && mode != Mode::Portal).then(random_text::<8>);
    // Whoever has no secret here is challenged under a random one.
    let keys = Keys::new(
        temporary_key(
            if mode == Mode::Portal { "" } else { &login },
            salt.as_deref().unwrap_or_default(),
            &secret.clone().unwrap_or_else(random_text::<16>),
        )
        .as_bytes(),
        &session.iv,
    );
    let (hidden, sent) = match server.profile.challenge {
        ChallengeRule::Direct => (String::new(), random_text::<16>()),
        ChallengeRule::Scrambled | ChallengeRule::Tolerant => {
            let hidden = random_text::<8>();
            let sent = scramble(&keys, &hidden, random_text::<8>().chars());
            (hidden, sent)
        }
    };
    let mut answer = json!({ "challenge": sent, "modeCompLog": 1, "modeCompMdp": 0 });
    if let Some(salt) = salt {
        answer["alea"] = json!(salt);
    }
    if mode != Mode::Portal {
        answer["login"] = json!(login);
    }
    session.stage = Stage::Challenged(Box::new(Attempt {
        account: account.filter(|_| secret.is_some()).map(|account| account.id),
        mode,
        keys,
        hidden,
        sent,
        wants_mobile_token: !phone.is_empty() && (flag("demandeConnexionAppliMobile") || mode == Mode::MobileToken),
        wants_browser_token: flag("demandeConnexionAuto") || mode == Mode::BrowserToken,
        phone,
    }));
    Ok(answer)
}

/// What the right client knows in this mode; none when there is nothing to know.
fn secret(server: &Server, session: &Session, account: &Account, mode: Mode, phone: &str) -> Option<String> {
    let credentials = server.credentials();
    match mode {
        Mode::Password => Some(account.password.clone()),
        Mode::QrCode => credentials.code(account.id, server.watch.now()).map(str::to_owned),
        Mode::MobileToken => credentials.token(account.id, &Device::Mobile(phone.to_owned())).map(str::to_owned),
        Mode::BrowserToken => {
            credentials.token(account.id, &Device::Browser(session.navigator.clone())).map(str::to_owned)
        }
        Mode::Portal => session.ticket.as_ref().map(|ticket| ticket.key.clone()),
    }
}

/// `Authentification`: checks the answer, and opens the session or asks for more.
pub(super) fn authentication(
    server: &Server,
    session: &mut Session,
    attempt: Attempt,
    data: &Value,
) -> Result<Value, Refusal> {
    let account = attempt
        .account
        .filter(|_| attempt.is_answered_by(server.profile.challenge, data["challenge"].as_str().unwrap_or_default()))
        .and_then(|account| server.school().accounts.get(account).cloned());
    let Some(account) = account else {
        return Ok(refuse(server, session, 1));
    };
    if account.locked {
        return Ok(refuse(server, session, 10));
    }
    let key = cipher::random::<16>();
    session.next_keys = Some(session.keys.with_key(&key));
    let mut answer = json!({
        "cle": encode_session_key(&attempt.keys, &key),
        "libelleUtil": server.school().people.get(account.person).map(Person::name).unwrap_or_default(),
        "derniereConnexion": write::date_time(server.school().clock.now()),
        "login": account.login,
    });
    {
        let mut credentials = server.credentials();
        if attempt.mode == Mode::QrCode {
            credentials.spend_code(account.id);
        }
        if attempt.mode == Mode::Portal {
            session.ticket = None;
        }
        if attempt.wants_mobile_token {
            let rotation = credentials.rotate(account.id, Device::Mobile(attempt.phone.clone()));
            answer["jetonConnexionAppliMobile"] = json!(rotation.new_token());
            session.rotation = Some(rotation);
        }
        if attempt.wants_browser_token {
            let rotation = credentials.rotate(account.id, Device::Browser(session.navigator.clone()));
            answer["jetonConnexionAuto"] = json!(rotation.new_token());
        }
    }
    server.journal.signed_in();
    // The app that reads a QR code is asked at its next sign-in, with the token (protocol §5.10).
    session.stage = match (attempt.mode, &account.second_factor) {
        (mode, Some(factor)) if mode != Mode::QrCode => {
            second_factor::begin(server, session, &account, factor, &attempt.phone, &mut answer)
        }
        _ => Stage::Open(account.id),
    };
    Ok(answer)
}

/// The answer to a refused sign-in; another may be tried in the same session.
pub(super) fn refuse(server: &Server, session: &mut Session, code: u8) -> Value {
    server.journal.refused();
    session.stage = Stage::Keyed;
    let mut answer = json!({ "Acces": code });
    if code == 9 {
        answer["AccesMessage"] = json!({ "titre": "Connexion", "message": "Adressez-vous au secrétariat." });
    }
    answer
}

impl Attempt {
    fn is_answered_by(&self, rule: ChallengeRule, answer: &str) -> bool {
        let Ok(clear) = self.keys.decrypt_hex(answer) else { return false };
        let (unscrambled, as_it_came) = (same(&clear, self.hidden.as_bytes()), same(&clear, self.sent.as_bytes()));
        match rule {
            ChallengeRule::Scrambled => unscrambled,
            ChallengeRule::Direct => as_it_came,
            ChallengeRule::Tolerant => unscrambled | as_it_came,
        }
    }
}

/// Compares without stopping at the first difference.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    fn attempt(secret: &str, salt: &str, hidden: &str, sent: &str) -> Attempt {
        Attempt {
            account: None,
            mode: Mode::Password,
            keys: Keys::new(temporary_key("demonstration", salt, secret).as_bytes(), &IV),
            hidden: hidden.to_owned(),
            sent: sent.to_owned(),
            phone: String::new(),
            wants_mobile_token: false,
            wants_browser_token: false,
        }
    }

    const SENT: &str =
        "c6564a3d407b98327869d4fed8dc535120857327b0dadc63922d6010bbfa91a1b174b34a36026b4374b4a66082897a87";
    const UNSCRAMBLED: &str = "567cb7a5061eaf65a1c4cad83c6a94028e80423f104015fae1e804a3e92f19e8";
    const AS_IT_CAME: &str = "a33958a25d825bcc767604a704001e936e0c92f1e846068f790c67ebaf28b5a87ba402fdc3162d8021b0c101ca2c8953e955edd20ae785d9a4972079aa75c8cf8e6bad31f288561fb6433e95e5f64ae13151e6fa90a3d9aef7b60dff916336571779ad96523c8d79f6bdfe1f451d2393";

    #[test]
    fn the_recorded_answers_are_taken_by_their_rules() {
        let attempt = attempt("pronotevs", "F3A9C17E2B04D586", "7A1B9C3D5E2F4068", SENT);
        assert!(attempt.is_answered_by(ChallengeRule::Scrambled, UNSCRAMBLED));
        assert!(attempt.is_answered_by(ChallengeRule::Direct, AS_IT_CAME));
        assert!(attempt.is_answered_by(ChallengeRule::Tolerant, &UNSCRAMBLED.to_uppercase()));
        assert!(attempt.is_answered_by(ChallengeRule::Tolerant, AS_IT_CAME));
        assert!(!attempt.is_answered_by(ChallengeRule::Scrambled, AS_IT_CAME));
        assert!(!attempt.is_answered_by(ChallengeRule::Direct, UNSCRAMBLED));
    }

    #[test]
    fn the_answer_to_nothing_is_not_an_answer() {
        // What the official client sends when it could not decrypt the challenge.
        let attempt = attempt("pronotevs", "F3A9C17E2B04D586", "7A1B9C3D5E2F4068", SENT);
        for answer in ["", "6dbcd0bc2d4a6b8511a42e88ea8db7c3", "zz", "00"] {
            assert!(!attempt.is_answered_by(ChallengeRule::Tolerant, answer), "{answer}");
        }
    }

    #[test]
    fn an_iv_is_read_in_every_wrapping() {
        assert_eq!(read_iv("AAECAwQFBgcICQoLDA0ODw=="), Some(IV));
        assert_eq!(read_iv("AAECAwQF\r\nBgcICQoLDA0ODw==\r\n"), Some(IV));
        for text in ["", "AAEC", "not base64", &STANDARD.encode([1; 128])] {
            assert_eq!(read_iv(text), None, "{text}");
        }
    }
}
