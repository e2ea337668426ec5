//! Small files that several processes share: whole or not at all, for their owner's eyes, and noticed when changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;

use super::Error;

/// How long what was looked at is believed, in milliseconds.
const BELIEVED: i64 = 1000;

/// How a file looked: when it looks otherwise, it was changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp(Option<(SystemTime, u64, u64)>);

impl Stamp {
    /// How a file looks now; one that is not there looks like nothing.
    pub(super) fn of(path: &Path) -> Self {
        let stamp = fs::metadata(path).and_then(|about| Ok((about.modified()?, about.len(), number(&about))));
        Stamp(stamp.ok())
    }
}

#[cfg(unix)]
fn number(about: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

/// When a file was looked at last, and how it looked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    at: Timestamp,
    pub(super) stamp: Stamp,
}

impl Looked {
    pub(super) fn new(stamp: Stamp) -> Self {
        Looked { at: Timestamp::MIN, stamp }
    }

    /// Whether what was seen may be believed at a moment. A clock that was set back is not.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        at.as_millisecond().checked_sub(self.at.as_millisecond()).is_some_and(|past| (0..BELIEVED).contains(&past))
    }

    /// The same file, looked at now.
    pub(super) fn at(self, at: Timestamp) -> Self {
        Looked { at, ..self }
    }
}

/// Makes the folder, for its owner only, unless it is there.
pub(super) fn private_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Error::File(".", error))
}

/// Opens a file that only its owner may read.
pub(super) fn private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Holds others off while a file is changed; until the returned file is dropped.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let file = private(&folder.join("lock"), OpenOptions::new().create(true).truncate(false).write(true));
    let file = file.map_err(|error| Error::File("lock", error))?;
    file.lock().map_err(|error| Error::File("lock", error))?;
    Ok(file)
}

/// Puts a file in place, whole. To be called under the [`lock`].
pub(super) fn replace(folder: &Path, name: &'static str, content: &[u8]) -> Result<(), Error> {
    let new = folder.join(format!("{name}.new"));
    let put = || {
        let _ = fs::remove_file(&new);
        let mut file = private(&new, OpenOptions::new().create_new(true).write(true))?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, folder.join(name))
    };
    put().map_err(|error| Error::File(name, error))
}

/// Reads a file; nothing, when it is not there.
pub(super) fn read(folder: &Path, name: &'static str) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(folder.join(name)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::File(name, error)),
    }
}
