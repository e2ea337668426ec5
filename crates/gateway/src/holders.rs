//! Whom kept sign-ins are about, for their cards: read now and then, and held in memory in between, so that showing a card
//! asks the school nothing.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use pronote::Session;
use pronote::functions::files::{PHOTO_NAME, payload};
use pronote::login::Entrance;
use pronote::model::{Person, PersonKind};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::filling::is_refusal;
use crate::{Error, Gateway, ProfileName};

/// How often people are read again, unless it is said: names and photos change once a year.
pub const USUAL_INTERVAL: Duration = Duration::from_secs(12 * 60 * 60);
/// How long after a failure it is tried again, and how often it is looked whether a refused sign-in was renewed.
const AFTER_FAILURE: Duration = Duration::from_secs(10 * 60);
const LOOK: Duration = Duration::from_secs(30);
/// How long reading one sign-in may take, and the goodbye.
const PATIENCE: Duration = Duration::from_secs(120);
const GOODBYE: Duration = Duration::from_secs(5);
/// The largest photo that is taken, in bytes.
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;

/// Somebody whose card a kept sign-in can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// What the card is asked by: the login of a pupil; of a guardian, that with a dot and the number of the child from 1.
    pub login: String,
    /// The usual last name.
    pub last_name: String,
    /// The first name.
    pub first_name: String,
    /// Whether it is a pupil, rather than somebody who works there.
    pub is_pupil: bool,
    /// The class of today.
    pub class: Option<String>,
    /// The school.
    pub school: String,
    /// The year in which the school year began.
    pub year: i16,
    /// The photo, as the school gives it, if there is one; or why it could not be had, in words that name nobody.
    pub photo: Result<Option<Arc<[u8]>>, String>,
}

/// It is about a pupil: nothing of it is shown.
impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").finish_non_exhaustive()
    }
}

/// People whom kept sign-ins are about. A cheap clone.
#[derive(Clone)]
pub struct Holders(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    every: Duration,
    profiles: RwLock<HashMap<ProfileName, Known>>,
    changed: watch::Sender<()>,
}

/// What is known by one sign-in.
#[derive(Default, Clone)]
struct Known {
    /// The people; none before they were read once.
    holders: Option<Vec<Arc<Holder>>>,
    /// Why they could not be read the last time.
    failure: Option<String>,
    /// Which kept secrets were refused: they are not sent again.
    refused: Option<String>,
}

impl Holders {
    /// Begins to read the people of some sign-ins, and again at intervals, until it is told to stop. Must be called within
    /// a Tokio runtime.
    #[must_use]
    pub fn start(
        gateway: Gateway,
        profiles: Vec<ProfileName>,
        every: Duration,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let known = RwLock::new(profiles.iter().map(|name| (name.clone(), Known::default())).collect());
        let inner = Inner { gateway, every, profiles: known, changed: watch::Sender::default() };
        let holders = Holders(Arc::new(inner));
        let worker = holders.clone();
        tasks.spawn(async move { stop.run_until_cancelled(worker.run(profiles)).await });
        holders
    }

    /// Somebody by the login of the card, without case.
    ///
    /// # Errors
    /// Nobody of those who were read, and not all could be: why, in words that name nobody.
    pub fn find(&self, login: &str) -> Result<Option<Arc<Holder>>, String> {
        let profiles = self.0.profiles.read().unwrap_or_else(PoisonError::into_inner);
        let wanted = login.to_lowercase();
        let mut read = profiles.values().filter_map(|known| known.holders.as_ref()).flatten();
        if let Some(holder) = read.find(|holder| holder.login.to_lowercase() == wanted) {
            return Ok(Some(Arc::clone(holder)));
        }
        match profiles.values().find(|known| known.holders.is_none()) {
            Some(known) => Err(known.failure.clone().unwrap_or_else(|| "the school is still being asked".to_owned())),
            None => Ok(None),
        }
    }

    /// The logins of all who were read.
    #[must_use]
    pub fn logins(&self) -> Vec<String> {
        let profiles = self.0.profiles.read().unwrap_or_else(PoisonError::into_inner);
        let read = profiles.values().filter_map(|known| known.holders.as_ref()).flatten();
        let mut logins: Vec<String> = read.map(|holder| holder.login.clone()).collect();
        logins.sort();
        logins
    }

    /// How many people were read.
    ///
    /// # Errors
    /// Some sign-in could not be read the last time: why, in words that name nobody.
    pub fn state(&self) -> Result<usize, String> {
        let profiles = self.0.profiles.read().unwrap_or_else(PoisonError::into_inner);
        match profiles.values().find_map(|known| known.failure.clone()) {
            Some(failure) => Err(failure),
            None => Ok(profiles.values().filter_map(|known| known.holders.as_ref()).map(Vec::len).sum()),
        }
    }

    /// Waits until every sign-in was read, or could not be.
    pub async fn ready(&self) {
        let mut changed = self.0.changed.subscribe();
        let settled = || {
            let profiles = self.0.profiles.read().unwrap_or_else(PoisonError::into_inner);
            profiles.values().all(|known| known.holders.is_some() || known.failure.is_some())
        };
        // Whoever changes something is `self`, which is here.
        while !settled() && changed.changed().await.is_ok() {}
    }

    async fn run(self, profiles: Vec<ProfileName>) {
        let mut due: Vec<(Instant, ProfileName)> = profiles.into_iter().map(|name| (Instant::now(), name)).collect();
        while let Some(place) = (0..due.len()).min_by_key(|place| due[*place].0) {
            sleep_until(due[place].0).await;
            let name = due[place].1.clone();
            due[place].0 = Instant::now() + Box::pin(self.renew(&name)).await;
        }
    }

    /// Reads the people of a sign-in; tells after how long to do so again.
    async fn renew(&self, name: &ProfileName) -> Duration {
        let gateway = &self.0.gateway;
        let mark = gateway.profiles().mark(name).ok();
        let before =
            self.0.profiles.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned().unwrap_or_default();
        if mark.is_some() && mark == before.refused {
            return LOOK;
        }
        let (known, again) = match read(gateway, name).await {
            Ok(holders) => {
                let failure = holders.iter().find_map(|holder| holder.photo.as_ref().err().cloned());
                let again = if failure.is_some() { AFTER_FAILURE } else { self.0.every };
                let holders = Some(holders.into_iter().map(Arc::new).collect());
                (Known { holders, failure, refused: None }, again)
            }
            Err(Failure { words, is_refusal }) => {
                tracing::warn!(failure = words, "The people of a sign-in could not be read");
                let again = if is_refusal { LOOK } else { AFTER_FAILURE };
                (Known { failure: Some(words), refused: mark.filter(|_| is_refusal), ..before }, again)
            }
        };
        self.0.profiles.write().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), known);
        self.0.changed.send_replace(());
        again
    }
}

/// Why a sign-in was not read, in words that name nobody.
struct Failure {
    words: String,
    is_refusal: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Pronote(error) => Failure {
                words: format!("{}: {}", error.step, crate::diagnosis::kind(&error.cause)),
                is_refusal: is_refusal(&error.cause),
            },
            Error::Portal(error) => Failure {
                words: format!("portal: {}", error.code()),
                is_refusal: error.retry() == pronote::Retry::Never,
            },
            error if error.is_final() => {
                Failure { words: "the portal waits for a person".to_owned(), is_refusal: true }
            }
            _ => Failure { words: "what is kept of the sign-in cannot be used".to_owned(), is_refusal: false },
        }
    }
}

async fn read(gateway: &Gateway, name: &ProfileName) -> Result<Vec<Holder>, Failure> {
    let slow = |_| Failure { words: "the school took too long".to_owned(), is_refusal: false };
    let login = gateway.profiles().describe(name)?.login;
    let session = match timeout(PATIENCE, gateway.resume(name, false)).await.map_err(slow)?? {
        Entrance::Open(session) => session,
        Entrance::Steps(_) => {
            let words = "the school asks for a security step: sign in with `cartable pronote login`".to_owned();
            return Err(Failure { words, is_refusal: true });
        }
    };
    let read = timeout(PATIENCE, people(&session, &login)).await;
    if let Ok(Err(error)) = timeout(GOODBYE, session.log_out()).await {
        tracing::debug!(%error, "The session was left without a word");
    }
    read.map_err(slow)
}

async fn people(session: &Session, login: &str) -> Vec<Holder> {
    let (user, instance) = (session.user(), session.instance());
    let people: Vec<(String, &Person)> = match user.person.kind {
        PersonKind::Guardian => {
            user.children.iter().enumerate().map(|(place, child)| (format!("{login}.{}", place + 1), child)).collect()
        }
        _ => vec![(login.to_owned(), &user.person)],
    };
    let mut holders = Vec::new();
    for (login, person) in people {
        let (last_name, first_name) = split(&person.name);
        holders.push(Holder {
            login,
            last_name,
            first_name,
            is_pupil: matches!(person.kind, PersonKind::Pupil),
            class: person.class.as_ref().map(|class| class.name.clone()),
            school: person.school.as_ref().map_or_else(|| instance.school_name.clone(), |school| school.name.clone()),
            year: instance.first_date.year(),
            photo: photo(session, person).await,
        });
    }
    holders
}

/// The photo of a person, if there is one.
async fn photo(session: &Session, person: &Person) -> Result<Option<Arc<[u8]>>, String> {
    let Some(id) = person.id.as_ref().filter(|_| person.has_photo) else { return Ok(None) };
    let failed = |error: pronote::Error| format!("{}: {}", error.step, crate::diagnosis::kind(&error.cause));
    let link = session.file_link(&payload(id, None), PHOTO_NAME).await.map_err(failed)?;
    let mut download = session.download(&link).await.map_err(failed)?;
    let mut photo = Vec::new();
    while let Some(chunk) = download.chunk().await.map_err(|_| "a photo did not come whole".to_owned())? {
        photo.extend_from_slice(&chunk);
        if photo.len() > LARGEST_PHOTO {
            return Err("a photo is too large".to_owned());
        }
    }
    Ok(Some(photo.into()).filter(|photo: &Arc<[u8]>| !photo.is_empty()))
}

/// A name as PRONOTE writes it, in its two parts: the surname comes first, in capitals.
fn split(name: &str) -> (String, String) {
    let words: Vec<&str> = name.split_whitespace().collect();
    let shouted = |word: &&&str| word.chars().any(char::is_alphabetic) && !word.chars().any(char::is_lowercase);
    let count = words.iter().take_while(shouted).count();
    // A first name is left, even of somebody whose names are all in capitals.
    let count = count.clamp(1, words.len().max(2) - 1).min(words.len());
    (words[..count].join(" "), words[count..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_after_its_capitals() {
        for (name, last, first) in [
            ("PARENT Fanny", "PARENT", "Fanny"),
            ("DE LA TOUR Anne Marie", "DE LA TOUR", "Anne Marie"),
            ("D'ARC Jeanne", "D'ARC", "Jeanne"),
            ("NOËL ANAÏS", "NOËL", "ANAÏS"),
            ("Лебедев Андрей", "Лебедев", "Андрей"),
            ("Solo", "Solo", ""),
            ("", "", ""),
        ] {
            assert_eq!(split(name), (last.to_owned(), first.to_owned()), "{name}");
        }
    }
}
