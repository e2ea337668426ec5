//! Whom a reference means, as long as codes with it may be shown: in memory, and sealed on disk for other processes and
//! for after a restart.
//!
//! Each process appends to a file of its own, a new one each hour, and reads those of the others when it meets a reference
//! that it does not know, which an authentic code only can make it do.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

use super::token::Reference;
use super::{Error, Subject, file, unlocked};

/// How long a file is written to, and how much longer than it has to a person is remembered, so that each is written
/// once in that time and not at each code.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The most people: as many as ask in ten minutes at the most that are answered, and then some.
const MOST: usize = 50_000;
/// The most bytes that are read of one file at a time, and of one entry.
const MOST_READ: u64 = 16 << 20;
const MOST_ENTRY: usize = 2048;

/// A person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) login: String,
    /// The first name and the first letter of the last name.
    pub(super) name: String,
    /// Until when it is remembered, in Unix seconds.
    until: i64,
}

/// Who is remembered.
pub(super) struct Journal {
    folder: PathBuf,
    key: LessSafeKey,
    horizon: SignedDuration,
    /// Tells the files of this process from those of others.
    pub(super) process: String,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    people: HashMap<Reference, Person>,
    /// The file that is written to, and the hour it is of.
    own: Option<(i64, File)>,
    /// How much was read of the files of others.
    read: HashMap<PathBuf, u64>,
}

impl Journal {
    pub(super) fn open(folder: &Path, secret: [u8; 32], horizon: SignedDuration) -> Result<Self, Error> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &secret).map_err(|_| Error::Damaged("shown"))?;
        let mut process = [0; 6];
        SystemRandom::new().fill(&mut process).map_err(|_| Error::NoRandomness)?;
        let process = base16ct::lower::encode_string(&process);
        let held = Mutex::default();
        Ok(Journal { folder: folder.to_owned(), key: LessSafeKey::new(key), horizon, process, held })
    }

    /// Remembers whom a code is made for.
    pub(super) fn remember(&self, reference: Reference, subject: &Subject<'_>, at: Timestamp) {
        let needed = at.as_second().saturating_add(self.horizon.as_secs());
        let name = subject.name();
        let mut held = unlocked(self.held.lock());
        if held.people.get(&reference).is_some_and(|person| person.until >= needed && person.name == name) {
            return;
        }
        let person = Person { login: subject.login.to_owned(), name, until: needed.saturating_add(HOUR.as_secs()) };
        if let Err(error) = self.append(&mut held, reference, &person, at) {
            // Here it is remembered all the same; after a restart the holder has to open the card again.
            tracing::warn!(%error, "Could not note for whom a code was made");
        }
        held.keep(reference, person, at);
    }

    /// The person of a reference.
    pub(super) fn recall(&self, reference: Reference, at: Timestamp) -> Option<Person> {
        let mut held = unlocked(self.held.lock());
        if !held.people.contains_key(&reference) {
            self.read_others(&mut held, at);
        }
        held.people.get(&reference).filter(|person| person.until >= at.as_second()).cloned()
    }

    fn append(&self, held: &mut Held, reference: Reference, person: &Person, at: Timestamp) -> std::io::Result<()> {
        let hour = at.as_second().div_euclid(HOUR.as_secs());
        if held.own.as_ref().is_none_or(|(of, _)| *of != hour) {
            self.sweep(at);
            held.read.retain(|path, _| path.exists());
            let path = self.folder.join(format!("shown-{hour}-{}", self.process));
            held.own = Some((hour, file::private(&path, OpenOptions::new().create(true).append(true))?));
        }
        let mut entry = serde_json::to_vec(person)?;
        let mut nonce = [0; NONCE_LEN];
        let failed = |_| std::io::Error::other("it could not be sealed");
        SystemRandom::new().fill(&mut nonce).map_err(failed)?;
        let once = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(once, Aad::from(reference), &mut entry).map_err(failed)?;
        let length = u16::try_from(entry.len()).ok().filter(|length| usize::from(*length) <= MOST_ENTRY);
        let length = length.ok_or_else(|| std::io::Error::other("it is too long"))?;
        // In one piece, so that who reads meanwhile sees it whole or not.
        let line = [&length.to_be_bytes()[..], &reference, &nonce, &entry].concat();
        held.own.as_mut().map_or(Ok(()), |(_, file)| file.write_all(&line))
    }

    fn read_others(&self, held: &mut Held, at: Timestamp) {
        let own = format!("-{}", self.process);
        for (path, _) in self.files().filter(|(path, _)| !path.to_string_lossy().ends_with(&own)) {
            let from = held.read.get(&path).copied().unwrap_or_default();
            let mut bytes = Vec::new();
            let read = File::open(&path).and_then(|mut file| {
                file.seek(SeekFrom::Start(from))?;
                file.take(MOST_READ).read_to_end(&mut bytes)
            });
            if read.is_err() {
                continue;
            }
            let mut rest = &bytes[..];
            while let Some((Entry { reference, nonce, sealed }, after)) = entry(rest) {
                rest = after;
                let mut sealed = sealed.to_vec();
                let once = Nonce::assume_unique_for_key(nonce);
                let opened = self.key.open_in_place(once, Aad::from(reference), &mut sealed).ok();
                let person = opened.and_then(|opened| serde_json::from_slice::<Person>(opened).ok());
                if let Some(person) = person.filter(|person| person.until >= at.as_second()) {
                    held.keep(reference, person, at);
                }
            }
            held.read.insert(path, from + (bytes.len() - rest.len()) as u64);
        }
    }

    /// The files, with the hour that each is of.
    fn files(&self) -> impl Iterator<Item = (PathBuf, i64)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| {
            let name = entry.file_name();
            let hour = name.to_str()?.strip_prefix("shown-")?.split_once('-')?.0.parse().ok()?;
            Some((entry.path(), hour))
        })
    }

    /// Removes the files in which nobody is to be remembered any more.
    pub(super) fn sweep(&self, at: Timestamp) {
        let lasts = HOUR.as_secs().saturating_mul(2).saturating_add(self.horizon.as_secs());
        for (path, hour) in self.files() {
            if hour.saturating_mul(HOUR.as_secs()).saturating_add(lasts) < at.as_second() {
                // Another process may have been quicker.
                let _ = fs::remove_file(path);
            }
        }
    }
}

impl Held {
    fn keep(&mut self, reference: Reference, person: Person, at: Timestamp) {
        if self.people.len() >= MOST && !self.people.contains_key(&reference) {
            self.people.retain(|_, person| person.until >= at.as_second());
            // Still full: some have to open their card again.
            let spare = self.people.len().saturating_sub(MOST - MOST / 8);
            let some: Vec<_> = self.people.keys().take(spare).copied().collect();
            for one in some {
                self.people.remove(&one);
            }
        }
        let later = |there: &Person| there.until <= person.until;
        if self.people.get(&reference).is_none_or(later) {
            self.people.insert(reference, person);
        }
    }
}

/// A person in a file.
struct Entry<'a> {
    reference: Reference,
    nonce: [u8; NONCE_LEN],
    sealed: &'a [u8],
}

/// The first entry of some bytes, and what follows it; nothing, when it is not whole.
fn entry(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (reference, rest) = rest.split_first_chunk()?;
    let (nonce, rest) = rest.split_first_chunk()?;
    let (sealed, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    Some((Entry { reference: *reference, nonce: *nonce, sealed }, rest))
}
