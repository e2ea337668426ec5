//! The smallest client: it numbers, folds and unfolds, and checks every answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use emulator::Emulator;
use pronote::protocol::challenge::{Rule, answer, session_key, temporary_key};
use pronote::protocol::cipher::Keys;
use pronote::protocol::envelope::{Direction, Envelope, fold, write};
use pronote::protocol::page::EntryPage;
use pronote::protocol::{Flags, Generation};
use serde_json::{Map, Value, json};

use crate::http::{Reply, get, send};

pub(crate) const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Why a call gave no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server's error `G`.
    Error(i64),
    /// The connection broke, or something else than an envelope came.
    Broken,
}

/// How a client signs in.
#[derive(Clone, Default)]
pub(crate) struct SignIn<'a> {
    pub(crate) login: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) phone: &'a str,
    /// Flags of `Identification`.
    pub(crate) flags: &'a [&'a str],
    /// How the challenge is answered; what the generation says when not told.
    pub(crate) rule: Option<Rule>,
}

impl<'a> SignIn<'a> {
    pub(crate) fn password(login: &'a str, secret: &'a str) -> Self {
        Self { login, secret, ..Self::default() }
    }

    pub(crate) fn with_phone(self, phone: &'a str, flags: &'a [&'a str]) -> Self {
        Self { phone, flags, ..self }
    }
}

pub(crate) struct Client {
    root: String,
    pub(crate) page: EntryPage,
    pub(crate) generation: Generation,
    pub(crate) keys: Keys,
    pub(crate) order: u64,
    pub(crate) navigator: Value,
}

impl Client {
    /// Opens a page of a school.
    pub(crate) async fn open(school: &Emulator, page: &str) -> Self {
        let reply = get(&format!("{}{page}", school.url())).await;
        let page = EntryPage::parse(reply.text(), reply.header("server")).unwrap();
        Self::on(school, page)
    }

    /// Begins on a page that was fetched already.
    pub(crate) fn on(school: &Emulator, page: EntryPage) -> Self {
        let generation = page.generation();
        Self {
            root: school.url().to_owned(),
            page,
            generation,
            keys: Keys::new(b"", b""),
            order: 1,
            navigator: Value::Null,
        }
    }

    /// Opens a page and signs in with a password.
    pub(crate) async fn signed_in(school: &Emulator, page: &str, login: &str) -> Self {
        let mut client = Self::open(school, page).await;
        client.sign_in(SignIn::password(login, "pronotevs")).await.unwrap();
        client
    }

    pub(crate) fn flags(&self) -> Flags {
        self.page.flags
    }

    /// The clear payload of a call: arguments and signature in the names of the generation.
    pub(crate) fn payload(&self, data: Value, tab: Option<i64>) -> Value {
        let names = self.generation.names();
        let mut payload = Map::new();
        if !data.is_null() {
            payload.insert(names.data.to_owned(), data);
        }
        if let Some(tab) = tab {
            payload.insert(names.signature.to_owned(), json!({ "onglet": tab }));
        }
        Value::Object(payload)
    }

    /// The address and the body of the next call.
    pub(crate) fn message(&self, function: &str, payload: &Value) -> (String, String) {
        let order = self.keys.encrypt_hex(self.order.to_string().as_bytes());
        let secured = fold(&payload.to_string(), Direction::Request, self.flags(), &self.keys);
        let url = format!("{}appelfonction/{}/{}/{order}", self.root, self.page.space, self.page.session);
        (url, write(self.generation, self.page.session, &order, function, &secured))
    }

    /// Sends a message that was made before.
    pub(crate) async fn post((url, body): &(String, String)) -> Reply {
        send("POST", url, &[("Content-Type", "application/json")], body.as_bytes()).await
    }

    /// Calls a function and gives back the whole clear payload.
    pub(crate) async fn exchange(&mut self, function: &str, payload: Value) -> Result<Value, Failure> {
        let reply = Self::post(&self.message(function, &payload)).await;
        let answered = self.read(&reply, function);
        self.order += 2;
        answered
    }

    /// Reads and checks an answer to the call at hand.
    pub(crate) fn read(&self, reply: &Reply, function: &str) -> Result<Value, Failure> {
        if reply.status != 200 || !reply.whole {
            return Err(Failure::Broken);
        }
        assert!(reply.body.iter().all(|byte| (b' '..=b'~').contains(byte)), "an answer is printable ASCII");
        let envelope = Envelope::parse(reply.text()).map_err(|_| Failure::Broken)?;
        if let Some(error) = envelope.error {
            let error: Value = serde_json::from_str(error.get()).unwrap();
            assert!(error["Titre"].is_string() && error["Message"].is_string());
            return Err(Failure::Error(error["G"].as_i64().unwrap()));
        }
        assert_eq!(envelope.session(), Some(self.page.session));
        assert_eq!(envelope.function.as_deref(), Some(function));
        let expected = self.keys.encrypt_hex((self.order + 1).to_string().as_bytes());
        assert_eq!(envelope.order.as_deref(), Some(expected.as_str()), "the answer has the next order");
        assert!(reply.text().contains(&format!("\"{}\":", self.generation.names().order)), "in the right names");
        let payload = envelope.payload(Direction::Response, self.flags(), &self.keys).unwrap();
        let payload: Value = serde_json::from_str(&payload).unwrap();
        let signature = &payload[self.generation.names().signature];
        assert!(signature.get("Erreur").is_none(), "a signature without error says nothing of errors");
        Ok(payload)
    }

    /// Calls a function with arguments and a tab, and gives back its result.
    pub(crate) async fn ask(&mut self, function: &str, data: Value, tab: Option<i64>) -> Result<Value, Failure> {
        let payload = self.payload(data, tab);
        let mut answer = self.exchange(function, payload).await?;
        Ok(answer[self.generation.names().data].take())
    }

    /// The first call.
    pub(crate) async fn parameters(&mut self) -> Result<Value, Failure> {
        let uuid = match &self.page.rsa {
            Some(key) => STANDARD.encode(key.encrypt(&IV)),
            None => STANDARD.encode(IV),
        };
        let payload = self.payload(json!({ "Uuid": uuid, "identifiantNav": self.navigator }), None);
        // The answer comes under the new IV already.
        let message = self.message("FonctionParametres", &payload);
        self.keys = Keys::new(b"", &IV);
        let reply = Self::post(&message).await;
        let mut answer = self.read(&reply, "FonctionParametres")?;
        self.order += 2;
        let answer = answer[self.generation.names().data].take();
        self.navigator = answer["identifiantNav"].clone();
        Ok(answer)
    }

    /// The second call; gives back its answer and the temporary keys.
    pub(crate) async fn identify(&mut self, sign_in: &SignIn<'_>) -> Result<(Value, Keys), Failure> {
        let mut data = json!({
            "genreConnexion": 0,
            "genreEspace": self.page.space,
            "identifiant": sign_in.login,
            "pourENT": false,
            "enConnexionAuto": false,
            "demandeConnexionAuto": false,
            "demandeConnexionAppliMobile": false,
            "demandeConnexionAppliMobileJeton": false,
            "enConnexionAppliMobile": false,
            "uuidAppliMobile": sign_in.phone,
            "loginTokenSAV": "",
        });
        for flag in sign_in.flags {
            data[*flag] = json!(true);
        }
        let portal = sign_in.flags.contains(&"pourENT");
        let answer = self.ask("Identification", data, None).await?;
        let login = if portal { String::new() } else { sign_in.login.to_lowercase() };
        let key = temporary_key(&login, answer["alea"].as_str().unwrap_or_default(), sign_in.secret);
        Ok((answer, Keys::new(key.as_bytes(), &IV)))
    }

    /// The third call: the session key follows when it is accepted.
    pub(crate) async fn authenticate(&mut self, solved: &str, temporary: &Keys) -> Result<Value, Failure> {
        let data = json!({ "connexion": 0, "challenge": solved, "espace": self.page.space });
        let answer = self.ask("Authentification", data, None).await?;
        if let Some(key) = answer["cle"].as_str() {
            self.keys = self.keys.with_key(&session_key(temporary, key).unwrap());
        }
        Ok(answer)
    }

    /// The first three calls. A secret that does not open the challenge is answered with nonsense, as the official client
    /// does.
    pub(crate) async fn sign_in(&mut self, sign_in: SignIn<'_>) -> Result<Value, Failure> {
        if self.order == 1 {
            self.parameters().await?;
        }
        let (challenge, keys) = self.identify(&sign_in).await?;
        let rule =
            sign_in.rule.unwrap_or(if self.generation == Generation::G26 { Rule::Direct } else { Rule::Scrambled });
        let solved =
            answer(rule, &keys, challenge["challenge"].as_str().unwrap()).unwrap_or_else(|_| keys.encrypt_hex(b""));
        self.authenticate(&solved, &keys).await
    }
}
