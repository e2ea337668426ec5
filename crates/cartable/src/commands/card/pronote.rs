//! A source of card holders that the crate of cards knows nothing of: the people of kept sign-ins to PRONOTE.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use card::record::{Datum, Record};
use card::source::{Answer, Kind, Picture, Source, SourceError};
use gateway::holders::{Holder, Holders, USUAL_INTERVAL};
use gateway::{Gateway, ProfileName};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How the configuration calls it.
const KIND: &str = "pronote";
/// What it says of everybody.
const ATTRIBUTES: [&str; 8] = ["login", "lastname", "firstname", "affiliation", "class", "school", "year", "photo"];
/// How often the school may be asked for the same people again.
const INTERVALS: std::ops::RangeInclusive<u64> = 1..=24 * 30;

/// The keys of `kind = "pronote"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// The profiles whose people have cards, by the names that `cartable pronote login --profile` gave them.
    profiles: Vec<String>,
    /// After how many hours they are read again.
    refresh_hours: Option<u64>,
}

/// The sources that were configured, which start to read when the way to the schools is open.
#[derive(Default)]
pub(crate) struct Pronote(Mutex<Vec<Arc<Pupils>>>);

impl Pronote {
    /// Opens a source of this kind, by its keys; `None` for another kind.
    pub(crate) fn open(&self, kind: &str, keys: &toml::Table) -> Option<Result<Arc<dyn Source>, String>> {
        (kind == KIND).then(|| {
            let pupils = Arc::new(Pupils::new(keys)?);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&pupils));
            Ok(pupils as Arc<dyn Source>)
        })
    }

    /// Whether there is any.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Begins to read the people of every source, until it is told to end. Must be called within a Tokio runtime.
    pub(crate) fn read(self, gateway: &Gateway) -> Reading {
        let pupils = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let begin = |pupils: Arc<Pupils>| {
            let (profiles, every) = (pupils.profiles.clone(), pupils.every);
            let holders = Holders::start(gateway.clone(), profiles, every, &tasks, stop.child_token());
            pupils.holders.get_or_init(|| holders).clone()
        };
        let holders = pupils.into_iter().map(begin).collect();
        Reading { holders, tasks, stop }
    }
}

/// What reads the people of PRONOTE, at intervals; by default nobody's.
#[derive(Default)]
pub(crate) struct Reading {
    holders: Vec<Holders>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Reading {
    /// Waits until every sign-in was read, or could not be.
    pub(crate) async fn ready(&self) {
        for holders in &self.holders {
            holders.ready().await;
        }
    }

    /// Ends it.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// The people of some sign-ins.
struct Pupils {
    profiles: Vec<ProfileName>,
    every: Duration,
    holders: OnceLock<Holders>,
}

impl Pupils {
    fn new(keys: &toml::Table) -> Result<Self, String> {
        let Keys { profiles, refresh_hours } =
            keys.clone().try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
        if profiles.is_empty() {
            return Err("`profiles` has to name at least one".to_owned());
        }
        let profiles =
            profiles.iter().map(|name| name.parse().map_err(|_| format!("`{name}` is no name of a profile")));
        let every = match refresh_hours {
            None => USUAL_INTERVAL,
            Some(hours) if INTERVALS.contains(&hours) => Duration::from_secs(hours * 3600),
            Some(_) => return Err("`refresh_hours` has to be from 1 to 720".to_owned()),
        };
        Ok(Pupils { profiles: profiles.collect::<Result<_, String>>()?, every, holders: OnceLock::new() })
    }

    fn holders(&self) -> Result<&Holders, SourceError> {
        self.holders.get().ok_or_else(|| SourceError::Unreachable("PRONOTE is not asked by this command".to_owned()))
    }

    fn holder(&self, key: &str) -> Result<Option<Arc<Holder>>, SourceError> {
        self.holders()?.find(key).map_err(SourceError::Unreachable)
    }
}

fn record(holder: &Holder) -> Record {
    let mut record = Record::default();
    record.add("login", holder.login.as_str());
    record.add("lastname", holder.last_name.as_str());
    record.add("firstname", holder.first_name.as_str());
    record.add("affiliation", if holder.is_pupil { "student" } else { "staff" });
    if let Some(class) = &holder.class {
        record.add("class", class.as_str());
    }
    record.add("school", holder.school.as_str());
    record.add("year", Datum::Text(holder.year.to_string()));
    record
}

impl Source for Pupils {
    fn kind(&self) -> Kind {
        Kind::Other(KIND)
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(async move { Ok(self.holder(key)?.map(|holder| record(&holder))) })
    }

    fn photos<'a>(&'a self, key: &'a str, _: &'a str, _: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(async move {
            let photo = self.holder(key)?.map_or(Ok(None), |holder| holder.photo.clone());
            Ok(photo.map_err(SourceError::Unreachable)?.map(Picture::new).into_iter().collect())
        })
    }

    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async move { Ok(Some(if after.is_some() { Vec::new() } else { self.holders()?.logins() })) })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(async move {
            let signed_in = self.profiles.len();
            match self.holders.get() {
                Some(holders) => {
                    let count = holders.state().map_err(SourceError::Unreachable)?;
                    Ok(format!("{count} people by {signed_in} sign-ins"))
                }
                None => Ok(format!("{signed_in} sign-ins, which are asked when cards are")),
            }
        })
    }

    fn columns(&self) -> Option<Vec<String>> {
        Some(ATTRIBUTES.map(str::to_owned).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str) -> Result<(), String> {
        let keys = text.parse().unwrap();
        Pronote::default().open(KIND, &keys).unwrap().map(drop)
    }

    #[test]
    fn what_is_wrong_with_its_keys_is_said() {
        assert_eq!(opened("profiles = ['emilie']"), Ok(()));
        for (text, told) in [
            ("", "profiles"),
            ("profiles = []", "at least one"),
            ("profiles = ['a/b']", "no name of a profile"),
            ("profiles = ['a']\nrefresh_hours = 0", "from 1 to 720"),
            ("profiles = ['a']\nurl = 'x'", "url"),
        ] {
            let error = opened(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
        assert!(Pronote::default().open("csv", &toml::Table::new()).is_none());
    }
}
