//! A clock that tests move: a file says how many seconds it is off.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use board::Clock;
use jiff::{SignedDuration, Timestamp};

/// How coarse the time of a file's change is at most: one that was changed twice within it may look the same.
const COARSE: Duration = Duration::from_millis(20);

/// The system's clock, and what a file adds to it.
pub(super) fn clock(offset: Option<&Path>) -> Clock {
    let Some(path) = offset else { return Arc::new(Timestamp::now) };
    let offset = Offset { path: path.to_owned(), known: Mutex::default() };
    Arc::new(move || {
        let now = Timestamp::now();
        now.saturating_add(SignedDuration::from_secs(offset.seconds())).unwrap_or(now)
    })
}

/// A file that holds a number of seconds.
struct Offset {
    path: PathBuf,
    known: Mutex<Known>,
}

/// What was in it.
#[derive(Clone, Copy, Default)]
struct Known {
    seconds: i64,
    /// When it was changed, and when it was read.
    changed: Option<SystemTime>,
    read: Option<SystemTime>,
}

impl Offset {
    /// The seconds, read again if the file may have changed. What is no number, such as a file that is just being
    /// written, changes nothing.
    fn seconds(&self) -> i64 {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = self.path.metadata().and_then(|file| file.modified()).ok();
        let settled = changed.zip(known.read).and_then(|(changed, read)| read.duration_since(changed).ok());
        if changed != known.changed || settled.is_none_or(|settled| settled < COARSE) {
            let text = std::fs::read_to_string(&self.path).unwrap_or_default();
            let seconds = text.trim().parse().unwrap_or(known.seconds);
            *known = Known { seconds, changed, read: Some(SystemTime::now()) };
        }
        known.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_as_far_off_as_the_file_says_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("offset");
        let clock = clock(Some(&file));
        let off = || (clock().as_second() - Timestamp::now().as_second() + 500).div_euclid(1000);
        assert_eq!(off(), 0, "there is no file yet");
        for round in 0..200 {
            let thousands = [7, -3, 8, 1_000_000][round % 4];
            std::fs::write(&file, format!("{}\n", thousands * 1000)).unwrap();
            assert_eq!(off(), thousands, "round {round}");
            if round % 50 == 0 {
                std::thread::sleep(COARSE * 2);
                assert_eq!(off(), thousands);
            }
        }
        std::fs::write(&file, "tomorrow").unwrap();
        assert_eq!(off(), 1_000_000, "what is no number changes nothing");
    }

    #[test]
    fn no_number_of_seconds_leaves_the_calendar() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("offset");
        for text in ["9223372036854775807", "-9223372036854775808"] {
            std::fs::write(&file, text).unwrap();
            clock(Some(&file))();
        }
    }
}
