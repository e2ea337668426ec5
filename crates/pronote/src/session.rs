//! An open session: one call at a time, for any number of callers.

mod files;
mod renewal;
mod writer;

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{OnceCell, OwnedMutexGuard};
use tokio::time::Instant;

pub(crate) use renewal::Renewal;
use renewal::read_user;
pub use writer::Writer;

use crate::address::SchoolAddress;
use crate::channel::{Ask, Channel, Peer};
use crate::error::{Cause, Error, Step};
use crate::functions::signature::signals;
use crate::functions::{Context, Function, Payload, Read};
use crate::model::{Instance, Signals, User};
use crate::protocol::envelope::Unreadable;
use crate::protocol::{Flags, Generation, Version};
use crate::wire::{Diagnostic, Document, Json, Malformed};

/// Servers drop a session after about five silent minutes; clients speak up after two.
const IDLE: Duration = Duration::from_secs(110);

/// The tab of the home page, which every account has.
const HOME: u32 = 7;
/// The tab of the account page, which every account has.
const ACCOUNT: u32 = 49;

/// A session with a school. Clones share it: the server takes one call at a time, callers queue in order, and those who
/// ask the same thing at once share one call.
///
/// An expired session is renewed once, by token or password, and the read that noticed is asked again.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    child: Option<usize>,
    write: bool,
}

struct Shared {
    channel: Arc<tokio::sync::Mutex<Channel>>,
    /// The far end, for what needs no turn; replaced with the channel.
    line: Mutex<Line>,
    reads: Mutex<HashMap<String, Weak<UnderWay>>>,
}

/// A read that is being asked, for all who ask the same.
type UnderWay = OnceCell<Result<Arc<str>, Error>>;

struct Line {
    peer: Arc<Peer>,
    context: Context,
    renewal: Option<Arc<Renewal>>,
    renewals: u64,
    life: Life,
    last_call: Instant,
}

/// How a session is, as far as this side knows: a school tells that one has expired only when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// It answers.
    Open,
    /// It has expired, and is signing in again.
    Renewing,
    /// It has expired. The next call signs in again if it can.
    Expired,
    /// It was logged out.
    LoggedOut,
}

/// A page as it was read: its model, what could not be read of it, and the JSON it came from.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The model.
    pub value: T,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
    json: Arc<str>,
}

impl<T> Page<T> {
    /// The clear JSON of the answer, in the server's own names.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What the server added about other pages: unread messages, maintenance (data §1.5).
    #[must_use]
    pub fn signals(&self) -> Signals {
        let json = Json::parse(&self.json).unwrap_or(Json::Null);
        let document = Document::new(&json);
        let signature = document.root().get_any(&["Signature", "_Signature_"]);
        signature.map(signals).unwrap_or_default()
    }

    /// How many elements a list of the answer has, those that could not be read among them; none when it is no list.
    pub(crate) fn listed(&self, list: &str) -> Option<usize> {
        let json = Json::parse(&self.json).ok()?;
        let document = Document::new(&json);
        match document.root().get_any(&["data", "donnees"])?.get(list)?.json() {
            Json::Array(elements) => Some(elements.len()),
            Json::Object(_) => Some(1),
            _ => None,
        }
    }
}

impl<T> Deref for Page<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// What a session knows of the server, with nothing about people in it.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// The announced version.
    pub version: Version,
    /// The dialect it means.
    pub generation: Generation,
    /// The number of the space.
    pub space: u32,
    /// What is done to payloads.
    pub flags: Flags,
    /// Whether it is a demonstration server.
    pub demo: bool,
    /// Whether it asks for long polling.
    pub poll: bool,
}

impl Session {
    /// Reads who signed in, and opens the session.
    pub(crate) async fn open(channel: Channel, instance: Instance, renewal: Arc<Renewal>) -> Result<Self, Error> {
        let mut channel = channel;
        let context = read_user(&mut channel, instance).await?;
        let write = renewal.sign_in.write;
        let peer = Arc::clone(channel.peer());
        // What a session that ends when it expires was signed in with is forgotten here.
        let renewal = Some(renewal).filter(|renewal| renewal.sign_in.renew);
        let line = Line { peer, context, renewal, renewals: 0, life: Life::Open, last_call: Instant::now() };
        let shared = Shared {
            channel: Arc::new(tokio::sync::Mutex::new(channel)),
            line: Mutex::new(line),
            reads: Mutex::default(),
        };
        Ok(Session { shared: Arc::new(shared), child: None, write })
    }

    /// The school's parameters, and who is signed in.
    #[must_use]
    pub fn context(&self) -> Context {
        Context { child: self.child, ..lock(&self.shared.line).context.clone() }
    }

    /// The school's year, hours and periods.
    #[must_use]
    pub fn instance(&self) -> Arc<Instance> {
        lock(&self.shared.line).context.instance.clone()
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(&self) -> Arc<User> {
        lock(&self.shared.line).context.user.clone()
    }

    /// Where the school is.
    #[must_use]
    pub fn school(&self) -> SchoolAddress {
        lock(&self.shared.line).peer.address.clone()
    }

    /// What is known of the server.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let line = lock(&self.shared.line);
        let page = &line.peer.page;
        Facts {
            version: page.version,
            generation: page.generation(),
            space: page.space,
            flags: page.flags,
            demo: page.demo,
            poll: page.poll,
        }
    }

    /// How it is, as far as this side knows.
    #[must_use]
    pub fn life(&self) -> Life {
        lock(&self.shared.line).life
    }

    /// Whether it can sign in again by itself when it has expired.
    #[must_use]
    pub fn renews(&self) -> bool {
        lock(&self.shared.line).renewal.is_some()
    }

    /// How often it was renewed. Identifiers and links of before the last time are good no more.
    #[must_use]
    pub fn renewals(&self) -> u64 {
        lock(&self.shared.line).renewals
    }

    /// The same session, asking about one of a parent's children, by position in [`User::children`].
    ///
    /// # Errors
    /// There is no such child.
    pub fn for_child(&self, position: usize) -> Result<Self, Error> {
        if position >= self.user().children.len() {
            return Err(self.error(Step::Identification, Cause::NoChild));
        }
        Ok(Session { child: Some(position), ..self.clone() })
    }

    /// The same session for whoever may only read.
    #[must_use]
    pub fn only_reading(self) -> Self {
        Session { write: false, ..self }
    }

    /// Asks a page.
    ///
    /// Callers who ask the same thing while it is under way get the same answer.
    ///
    /// # Errors
    /// At [`Step::Page`].
    pub async fn read<R: Read + Sync>(&self, request: &R) -> Result<Page<R::Answer>, Error> {
        let key = format!("{} {:?} {:?} {}", R::NAME, R::TAB, self.child, request.arguments(&self.context()));
        let arguments = |context: &Context| request.arguments(context);
        let answer = self.under_way(key).get_or_init(|| self.ask(R::NAME, R::TAB, &arguments)).await.clone();
        self.decode::<R>(answer?)
    }

    /// Asks any function, in the server's own names, and gives the clear JSON of its answer.
    ///
    /// # Errors
    /// At [`Step::Page`]; a session that may only read refuses functions that change things, and such a function is
    /// never sent again after a renewal ([`Cause::StaleIdentifiers`]).
    pub async fn request(&self, function: &str, tab: Option<u32>, data: &Value) -> Result<Arc<str>, Error> {
        let changes = ["Saisie", "Securisation", "JetonAppliMobile"].iter().any(|word| function.starts_with(word));
        if changes && !self.write {
            return Err(self.error(Step::Page(function.to_owned().into()), Cause::ReadOnly));
        }
        if changes {
            return self.change(self.turn().await, function, tab, &|_| data.clone()).await;
        }
        self.ask(function, tab, &|_| data.clone()).await
    }

    /// What may change things, if the session was opened for it.
    ///
    /// # Errors
    /// It was opened for reading only.
    pub fn writer(&self) -> Result<Writer<'_>, Error> {
        if self.write { Ok(Writer(self)) } else { Err(self.error(Step::Identification, Cause::ReadOnly)) }
    }

    /// Encrypts a field as this session's forms do (protocol §4.7).
    pub async fn seal(&self, field: &str) -> String {
        self.turn().await.keys().encrypt_hex(field.as_bytes())
    }

    /// Tells the server that someone is still there, the way its generation expects.
    ///
    /// # Errors
    /// At [`Step::Page`].
    pub async fn keep_alive(&self) -> Result<(), Error> {
        let old = self.facts().generation < Generation::G24;
        let (function, data) =
            if old { ("Presence", Value::Null) } else { ("Navigation", json!({ "onglet": HOME, "ongletPrec": HOME })) };
        self.ask(function, Some(HOME), &|_| data.clone()).await.map(drop)
    }

    /// Keeps the session alive whenever it falls silent, until it cannot be.
    ///
    /// Runs until the first error: race it against what the session is for.
    pub async fn stay_alive(&self) -> Error {
        loop {
            let quiet_at = lock(&self.shared.line).last_call + IDLE;
            if Instant::now() < quiet_at {
                tokio::time::sleep_until(quiet_at).await;
            } else if let Err(error) = self.keep_alive().await {
                return error;
            }
        }
    }

    /// Waits until the server has something new to say (protocol §7.3), beside the calls. Keeps the session alive too.
    ///
    /// # Errors
    /// At [`Step::Page`]. [`Cause::Expired`] renews nothing: the next call does, and polling can go on after it.
    pub async fn poll(&self) -> Result<Arc<str>, Error> {
        let poll = self.turn().await.poll()?;
        let news = poll.hold().await?;
        lock(&self.shared.line).last_call = Instant::now();
        Ok(news.into())
    }

    /// Tells the server that the session is over. Clones of it cannot ask anything afterwards.
    ///
    /// # Errors
    /// At [`Step::Page`]; the session is given up all the same.
    pub async fn log_out(self) -> Result<(), Error> {
        let mut channel = self.turn().await;
        if self.is_over() {
            lock(&self.shared.line).life = Life::LoggedOut;
            return Ok(());
        }
        {
            let mut line = lock(&self.shared.line);
            // Only now: a renewal under way would have put its own in place.
            line.renewal = None;
            line.life = Life::LoggedOut;
        }
        let step = Step::Page("SaisieDeconnexion".into());
        channel.call(Ask { step, function: "SaisieDeconnexion", data: &Value::Null, signature: None }).await.map(drop)
    }

    /// Reads an answer in the light of who asks.
    fn decode<F: Function>(&self, json: Arc<str>) -> Result<Page<F::Answer>, Error> {
        let context = self.context();
        match parse_payload(&json, |payload| F::read(payload, &context)) {
            Ok((value, diagnostics)) => Ok(Page { value, diagnostics, json }),
            Err(cause) => Err(self.error(Step::Page(F::NAME.into()), cause)),
        }
    }

    /// The line, when its turn comes.
    async fn turn(&self) -> OwnedMutexGuard<Channel> {
        Arc::clone(&self.shared.channel).lock_owned().await
    }

    /// The read of that key that is being asked, or a new one.
    fn under_way(&self, key: String) -> Arc<UnderWay> {
        let mut reads = lock(&self.shared.reads);
        // Nobody waits for these any more, whether they were answered or not.
        reads.retain(|_, read| read.strong_count() > 0);
        let current = reads.get(&key).and_then(Weak::upgrade).filter(|read| !read.initialized());
        current.unwrap_or_else(|| {
            let fresh = Arc::default();
            reads.insert(key, Arc::downgrade(&fresh));
            fresh
        })
    }

    /// Waits for its turn, and asks; a session found expired is renewed once.
    async fn ask(
        &self,
        function: &str,
        tab: Option<u32>,
        arguments: &(dyn Fn(&Context) -> Value + Sync),
    ) -> Result<Arc<str>, Error> {
        let mut channel = self.turn().await;
        match self.ask_once(&mut channel, function, tab, arguments).await {
            Err(error) if matches!(error.cause, Cause::Expired) => {
                let mut channel = self.renew(channel, error).await?;
                self.ask_once(&mut channel, function, tab, arguments).await
            }
            answer => answer,
        }
    }

    async fn ask_once(
        &self,
        channel: &mut Channel,
        function: &str,
        tab: Option<u32>,
        arguments: &(dyn Fn(&Context) -> Value + Sync),
    ) -> Result<Arc<str>, Error> {
        let context = self.context();
        let step = Step::Page(function.to_owned().into());
        if tab.is_some_and(|tab| !has_tab(&context.user, tab)) {
            return Err(channel.peer().error(&step, Cause::NoTab));
        }
        if self.is_over() {
            return Err(channel.peer().error(&step, Cause::Expired));
        }
        let signature = tab.map(|tab| signature(&context, tab));
        let data = arguments(&context);
        let answer = channel.call(Ask { step, function, data: &data, signature }).await;
        let mut line = lock(&self.shared.line);
        line.last_call = Instant::now();
        if answer.as_ref().is_err_and(|error| matches!(error.cause, Cause::Expired)) {
            line.life = Life::Expired;
        }
        answer.map(Into::into)
    }

    /// Whether it has ended and nothing can renew it: the school would only say so once more.
    fn is_over(&self) -> bool {
        let line = lock(&self.shared.line);
        line.renewal.is_none() && matches!(line.life, Life::Expired | Life::LoggedOut)
    }

    fn error(&self, step: Step, cause: Cause) -> Error {
        lock(&self.shared.line).peer.error(&step, cause)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("facts", &self.facts()).field("child", &self.child).finish_non_exhaustive()
    }
}

/// Who a call is about: the tab, and in a parent's account the child (data §1.5).
fn signature(context: &Context, tab: u32) -> Value {
    let mut signature = json!({ "onglet": tab });
    if let Some(child) = context.user.children.get(context.child.unwrap_or(0)).filter(|child| child.id.is_some()) {
        signature["membre"] = json!({ "N": child.id, "G": 4 });
    }
    signature
}

/// Accounts whose tabs could not be read are asked all the same; the server has the last word.
fn has_tab(user: &User, tab: u32) -> bool {
    matches!(tab, HOME | ACCOUNT) || user.tabs.is_empty() || user.tabs.contains(tab)
}

/// Reads the clear JSON of an answer: its result under either name, and the report of a save beside it.
pub(crate) fn parse_payload<T>(
    json: &str,
    read: impl FnOnce(Payload<'_>) -> Result<T, Malformed>,
) -> Result<(T, Vec<Diagnostic>), Cause> {
    let json = Json::parse(json).map_err(|_| Cause::Unreadable(Unreadable::NotAnEnvelope))?;
    let document = Document::new(&json);
    let root = document.root();
    let data = root.get_any(&["data", "donnees"]).unwrap_or_else(|| root.empty());
    let value = read(Payload { data, report: root.get("RapportSaisie") })?;
    Ok((value, document.diagnostics()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds these locks can leave them half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
