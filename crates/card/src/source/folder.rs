//! A folder of photos, `<name>.jpg` and the like.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::pace::Pace;
use super::{Picture, SourceError};

/// What photos may be called, in any case; the first is taken first.
const EXTENSIONS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];
/// How much of a file is read, in bytes: past it, no photo is accepted anyway.
const MOST_BYTES: u64 = 16 << 20;
/// How long a folder has to be left alone before its time stamp tells of each change.
const SETTLED: Duration = Duration::from_secs(2);

/// A folder of photos, with those that were read last.
#[derive(Clone)]
pub(crate) struct Folder(Arc<Inner>);

struct Inner {
    path: PathBuf,
    /// The folder without links, which no photo may leave.
    root: PathBuf,
    pace: Pace,
    names: Mutex<Names>,
    read: Cache<PathBuf, Read, Bytes>,
    /// The digests of those that were read, which take less room than they do.
    digests: Cache<PathBuf, (Stamp, [u8; 32])>,
}

/// A time stamp and a length: a file that keeps both is the same.
type Stamp = (SystemTime, u64);
/// How many digests are kept: some ten megabytes with their paths.
const MOST_DIGESTS: usize = 50_000;

/// The names of the photos in the folder, sorted, as of a time stamp.
#[derive(Clone, Default)]
struct Names {
    stamp: Option<SystemTime>,
    all: Arc<[Box<str>]>,
}

/// A photo that was read, as of a time stamp and a length.
#[derive(Clone)]
struct Read {
    stamp: Stamp,
    picture: Picture,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<PathBuf, Read> for Bytes {
    fn weight(&self, path: &PathBuf, read: &Read) -> u64 {
        (path.as_os_str().len() + read.picture.bytes.len() + 128) as u64
    }
}

impl Folder {
    /// Opens a folder, of which this many bytes of photos are kept in memory.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn open(path: PathBuf, cache_bytes: u64) -> Result<Self, String> {
        let fault =
            |why: &dyn std::fmt::Display| format!("the folder of photos {} cannot be read: {why}", path.display());
        let root = path.canonicalize().map_err(|error| fault(&error))?;
        if !root.is_dir() {
            return Err(fault(&"it is no folder"));
        }
        let names = names(&root).map_err(|error| fault(&error))?;
        let likely = usize::try_from(cache_bytes / (40 << 10)).unwrap_or(usize::MAX).clamp(16, 100_000);
        let read = Cache::with_weighter(likely, cache_bytes, Bytes);
        let digests = Cache::new(MOST_DIGESTS);
        Ok(Folder(Arc::new(Inner { path, root, pace: Pace::new(), names: Mutex::new(names), read, digests })))
    }

    /// The photos of a name; its extension may be part of it. If no file is called so, the name is stripped to letters, digits,
    /// `.`, `_` and `-`.
    pub(crate) async fn pictures(&self, name: &str) -> Result<Vec<Picture>, SourceError> {
        self.off(name, |inner, name| {
            Ok(inner.found(name)?.into_iter().filter_map(|found| inner.picture(&found)).collect())
        })
        .await
    }

    /// Whether a name has a photo.
    pub(crate) async fn has(&self, name: &str) -> Result<bool, SourceError> {
        self.off(name, |inner, name| Ok(inner.found(name)?.iter().any(|found| inner.stamp(found).is_some()))).await
    }

    /// Does what may wait for a disk, off the threads that may not.
    async fn off<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Inner, &str) -> io::Result<T> + Send + 'static,
    ) -> Result<T, SourceError> {
        let (inner, name) = (Arc::clone(&self.0), name.to_owned());
        let done = tokio::task::spawn_blocking(move || work(&inner, &name)).await;
        let done = done.unwrap_or_else(|_| Err(io::Error::other("reading it was broken off")));
        done.map_err(|error| {
            SourceError::Unreachable(format!("the folder of photos {}: {error}", self.0.path.display()))
        })
    }
}

impl Inner {
    /// The files that may be photos of a name, the best first.
    fn found(&self, name: &str) -> io::Result<Vec<PathBuf>> {
        if self.pace.is_due() {
            self.look()?;
        }
        let all = Arc::clone(&self.names.lock().unwrap_or_else(PoisonError::into_inner).all);
        let found = self.called(&all, stem(name));
        Ok(match stripped(name).filter(|_| found.is_empty()) {
            Some(stripped) => self.called(&all, stem(&stripped)),
            None => found,
        })
    }

    /// The files of a name without its extension. They are compared to it, and not looked for: none is outside.
    fn called(&self, all: &[Box<str>], name: &str) -> Vec<PathBuf> {
        let prefix = format!("{name}.");
        let from = all.partition_point(|held| **held < *prefix);
        let mut found: Vec<(usize, &str)> = all[from..]
            .iter()
            .take_while(|held| held.starts_with(&prefix))
            .filter_map(|held| Some((extension(&held[prefix.len()..])?, &**held)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, held)| self.root.join(held)).collect()
    }

    /// Reads the names again, if the folder has changed since.
    fn look(&self) -> io::Result<()> {
        let modified = fs::metadata(&self.root)?.modified()?;
        let known = self.names.lock().unwrap_or_else(PoisonError::into_inner).stamp;
        if known != Some(modified) {
            let fresh = names(&self.root)?;
            *self.names.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(())
    }

    /// A photo, read unless it is at hand and has not changed. One that is gone or cannot be read is none.
    fn picture(&self, path: &Path) -> Option<Picture> {
        let stamp = self.stamp(path)?;
        if let Some(read) = self.read.get(path).filter(|read| read.stamp == stamp) {
            return Some(read.picture);
        }
        let mut bytes = Vec::new();
        let opened = fs::File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
        if let Err(error) = opened {
            tracing::warn!(%error, "A photo cannot be read");
            return None;
        }
        let digest = self.digests.get(path).filter(|(then, _)| *then == stamp).map(|(_, digest)| digest);
        let picture = match digest {
            Some(digest) => Picture { bytes: bytes.into(), digest },
            None => Picture::new(bytes.into()),
        };
        self.digests.insert(path.to_owned(), (stamp, picture.digest));
        self.read.insert(path.to_owned(), Read { stamp, picture: picture.clone() });
        Some(picture)
    }

    /// The time stamp and length of a file of this folder. A link may lead to another of its files, and nowhere else.
    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let mut seen = fs::symlink_metadata(path).ok()?;
        if seen.is_symlink() {
            let target = path.canonicalize().ok()?;
            if !target.starts_with(&self.root) {
                tracing::warn!("A photo is a link out of the folder of photos, and is not taken");
                return None;
            }
            seen = fs::metadata(target).ok()?;
        }
        (seen.is_file() && seen.len() > 0).then(|| seen.modified().ok().map(|modified| (modified, seen.len())))?
    }
}

/// The names of the photos in a folder. No time stamp is kept of one that changed a moment ago, and may again.
fn names(root: &Path) -> io::Result<Names> {
    let modified = fs::metadata(root)?.modified()?;
    let settled = modified.elapsed().is_ok_and(|since| since > SETTLED);
    let mut all: Vec<Box<str>> = Vec::new();
    for entry in fs::read_dir(root)? {
        let name = match entry {
            Ok(entry) => entry.file_name(),
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if let Some(name) =
            name.to_str().filter(|name| name.rsplit_once('.').and_then(|(_, end)| extension(end)).is_some())
        {
            all.push(name.into());
        }
    }
    all.sort_unstable();
    Ok(Names { stamp: settled.then_some(modified), all: all.into() })
}

/// Which of the extensions it is.
fn extension(text: &str) -> Option<usize> {
    EXTENSIONS.iter().position(|extension| extension.eq_ignore_ascii_case(text))
}

/// The name of a photo without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').filter(|(_, end)| extension(end).is_some()).map_or(name, |(stem, _)| stem)
}

/// The name of a photo without what has no place in one. Letters are not left out: without its first, `élise` is `lise`, who
/// is somebody else.
fn stripped(name: &str) -> Option<String> {
    let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    name.is_ascii().then(|| name.chars().filter(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(dir.path().join(name), content).unwrap();
        }
        let folder = Folder::open(dir.path().to_owned(), 1 << 20).unwrap();
        (dir, folder)
    }

    async fn content(folder: &Folder, name: &str) -> Vec<Vec<u8>> {
        folder.pictures(name).await.unwrap().iter().map(|picture| picture.bytes.to_vec()).collect()
    }

    #[tokio::test]
    async fn an_extension_is_found_in_any_case_and_the_best_comes_first() {
        let (_dir, folder) =
            folder(&[("a.PnG", b"2"), ("a.Jpg", b"1"), ("a.b.jpg", b"3"), ("ab.jpg", b"4"), ("a.txt", b"5")]);
        assert_eq!(content(&folder, "a").await, [b"1", b"2"]);
        assert_eq!(content(&folder, "a.JPEG").await, [b"1", b"2"], "the column may name the file");
        assert_eq!(content(&folder, "a.b").await, [b"3"]);
        assert!(folder.has("ab").await.unwrap());
        assert!(!folder.has("A").await.unwrap(), "only the extension has no case");
    }

    #[tokio::test]
    async fn nobody_is_given_the_photo_of_whom_they_are_called_without_a_letter() {
        let (_dir, folder) = folder(&[("lise.jpg", b"1"), ("obrien.jpg", b"2")]);
        for name in ["élise", "e\u{301}lise", "ｅlise", "lise\u{301}"] {
            assert!(content(&folder, name).await.is_empty(), "{name}");
        }
        assert_eq!(content(&folder, "o'brien").await, [b"2"], "signs are left out");
        let (_dir, folder) = self::folder(&[("lise.jpg", b"1"), ("élise.jpg", b"3"), ("o'brien.jpg", b"4")]);
        assert_eq!(content(&folder, "élise").await, [b"3"]);
        assert_eq!(content(&folder, "o'brien").await, [b"4"]);
    }

    #[tokio::test]
    async fn a_name_cannot_leave_the_folder() {
        let (dir, folder) = folder(&[("x.jpg", b"in")]);
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.jpg"), b"out").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.jpg"), dir.path().join("link.jpg")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("x.jpg"), dir.path().join("inner.jpg")).unwrap();
        let folder = Folder::open(folder.0.path.clone(), 1 << 20).unwrap();

        let up = format!("../{}/secret", outside.path().file_name().unwrap().to_str().unwrap());
        for name in [up.as_str(), "../x", "..", ".", "", "/", "link", "x\0.jpg/../../etc/passwd"] {
            let found = content(&folder, name).await;
            assert!(found.iter().all(|bytes| bytes == b"in"), "{name:?}");
        }
        assert_eq!(content(&folder, "inner").await, [b"in"]);
        assert!(!folder.has("link").await.unwrap());
    }

    #[tokio::test]
    async fn a_photo_that_is_added_changed_or_taken_away_is_seen() {
        let (dir, folder) = folder(&[("a.jpg", b"old")]);
        assert_eq!(content(&folder, "a").await, [b"old"]);
        fs::write(dir.path().join("a.jpg"), b"newer").unwrap();
        assert_eq!(content(&folder, "a").await, [b"newer"]);
        fs::write(dir.path().join("b.jpg"), b"another").unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!(content(&folder, "b").await, [b"another"]);
        fs::remove_file(dir.path().join("b.jpg")).unwrap();
        assert!(content(&folder, "b").await.is_empty());
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_no_folder_without_photos() {
        let (dir, folder) = folder(&[("a.jpg", b"1")]);
        drop(dir);
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert!(matches!(folder.has("a").await, Err(SourceError::Unreachable(_))));
    }
}
