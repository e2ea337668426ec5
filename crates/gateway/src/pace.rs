//! The pace of calls, remembered between processes and shared by those that run at the same time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use pronote::pace::{Memory, Store};

use crate::{Error, files};

/// A pacer's memory in a file. Every call to a school reads and writes it under a lock, which costs far less than a call.
pub(crate) struct PaceFile {
    path: PathBuf,
    lock: PathBuf,
    /// What is used while the file cannot be read.
    fallback: Mutex<Memory>,
    /// What could not be written. It counts until it can be: on a full disk this process still knows which password was
    /// refused.
    unsaved: Mutex<Option<Memory>>,
    /// Whether it was told that nothing outlives this process: once, not at every call.
    told: AtomicBool,
}

impl PaceFile {
    pub(crate) fn new(folder: &Path) -> Self {
        PaceFile {
            path: folder.join("pace.json"),
            lock: folder.join("pace.lock"),
            fallback: Mutex::default(),
            unsaved: Mutex::default(),
            told: AtomicBool::new(false),
        }
    }

    fn load(&self) -> Result<Memory, Error> {
        let Some(bytes) = files::read(&self.path)? else { return Ok(Memory::default()) };
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| {
            tracing::warn!("The memory of earlier calls is damaged and begins anew");
            Memory::default()
        }))
    }

    fn save(&self, memory: &Memory) -> Result<(), Error> {
        let text = serde_json::to_vec(memory)
            .map_err(|error| Error::Damaged { path: self.path.clone(), why: error.to_string() })?;
        // A power cut may cost the last second of it: no reason to wait for the disk at every call.
        files::replace(&self.path, &text, false)
    }
}

impl Store for PaceFile {
    fn change(&self, change: &mut dyn FnMut(&mut Memory)) {
        // Nothing that holds this lock can leave it half changed.
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        let locked = files::open_lock(&self.lock)
            .and_then(|file| file.lock().map(|()| file).map_err(Error::storage("lock", &self.lock)));
        let opened = locked.and_then(|lock| Ok((lock, unsaved.take().map_or_else(|| self.load(), Ok)?)));
        let saved = match opened {
            Ok((_lock, mut memory)) => {
                change(&mut memory);
                self.save(&memory).inspect_err(|_| *unsaved = Some(memory))
            }
            Err(error) => {
                match &mut *unsaved {
                    Some(memory) => change(memory),
                    None => self.fallback.change(change),
                }
                Err(error)
            }
        };
        let was_told = self.told.swap(saved.is_err(), Ordering::Relaxed);
        if let Some(error) = saved.err().filter(|_| !was_told) {
            tracing::warn!(%error, "The pace of calls is remembered in this process only");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use pronote::pace::{Limits, Pacer, Why};

    use super::*;

    fn pacer(folder: &Path, calls_per_day: u32) -> Pacer {
        let limits = Limits { calls_per_day, ..Limits::default() };
        Pacer::with_store(limits, Arc::new(|| Timestamp::from_second(1_800_000_000).unwrap()), store(folder))
    }

    fn store(folder: &Path) -> Arc<PaceFile> {
        Arc::new(PaceFile::new(folder))
    }

    #[tokio::test]
    async fn two_processes_share_one_budget() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (pacer(folder.path(), 4), pacer(folder.path(), 4));
        for pacer in [&one, &other, &one, &other] {
            pacer.pass("school").await.unwrap();
        }
        assert_eq!(one.pass("school").await.unwrap_err().why, Why::Budget);
        assert_eq!(
            pacer(folder.path(), 4).pass("school").await.unwrap_err().why,
            Why::Budget,
            "nor does a restart help"
        );
    }

    #[tokio::test]
    async fn a_damaged_memory_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pace.json"), "{").unwrap();
        pacer(folder.path(), 4).pass("school").await.unwrap();
    }

    // A folder where nobody writes, not even the system's administrator, is there on Linux.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_cannot_be_written_is_remembered_by_this_process() {
        let folder = tempfile::tempdir().unwrap();
        let full = PaceFile { path: "/proc/self/status".into(), ..PaceFile::new(folder.path()) };
        let limits = Limits { calls_per_day: 1, ..Limits::default() };
        let pacer =
            Pacer::with_store(limits, Arc::new(|| Timestamp::from_second(1_800_000_000).unwrap()), Arc::new(full));
        pacer.pass("school").await.unwrap();
        assert_eq!(pacer.pass("school").await.unwrap_err().why, Why::Budget);
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_written_when_it_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        *store.unsaved.lock().unwrap() = Some(Memory::default());
        store.change(&mut |_| {});
        assert!(store.unsaved.lock().unwrap().is_none() && folder.path().join("pace.json").exists());
    }

    #[tokio::test]
    async fn without_a_folder_the_process_still_paces_itself() {
        let folder = tempfile::tempdir().unwrap();
        let pacer = pacer(&folder.path().join("missing"), 1);
        pacer.pass("school").await.unwrap();
        assert_eq!(pacer.pass("school").await.unwrap_err().why, Why::Budget);
    }
}
