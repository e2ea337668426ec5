//! Files that only their owner reads, and that a crash leaves either old or new, never half written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;

/// The largest file of ours that is read.
const MOST_BYTES: u64 = 4 << 20;

/// Makes a folder and those above it, for the owner alone.
pub(crate) fn make_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(Error::storage("make the folder", path))
}

/// Reads a whole file; `None` when it does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(found) if found.len() > MOST_BYTES => {
            return Err(Error::Damaged { path: path.to_owned(), why: "it is too large".to_owned() });
        }
        _ => {}
    }
    fs::read(path).map(Some).map_err(Error::storage("read", path))
}

/// Replaces a file at once. With `durable` it survives a power cut from then on.
pub(crate) fn replace(path: &Path, content: &[u8], durable: bool) -> Result<(), Error> {
    let replace = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        let draft = path.with_extension(format!("{}.draft", random_name()?));
        let written = create(&draft).and_then(|mut file| {
            file.write_all(content)?;
            if durable { file.sync_all() } else { Ok(()) }
        });
        written.and_then(|()| fs::rename(&draft, path)).inspect_err(|_| {
            // What could not be written is of no use to anyone.
            let _ = fs::remove_file(&draft);
        })?;
        // The new name, too, has to reach the disk; elsewhere folders cannot be opened.
        if durable && cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    replace().map_err(Error::storage("write", path))
}

/// Writes a file that must not exist yet; tells whether it did not.
pub(crate) fn write_first(path: &Path, content: &[u8]) -> Result<bool, Error> {
    let draft = path.with_extension("draft");
    let write = || {
        let draft = draft.with_extension(format!("{}.draft", random_name()?));
        let mut file = create(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        // Unlike a rename, a link never replaces what another process has just made.
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            linked => linked.map(|()| true),
        }
    };
    write().map_err(Error::storage("write", path))
}

/// Opens a file to lock it. It stays when it is unlocked: removing it would let two processes lock two files.
pub(crate) fn open_lock(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    private(&mut options).open(path).map_err(Error::storage("open", path))
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::storage("remove", path)(error)),
        _ => Ok(()),
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    private(options.create_new(true).write(true)).open(path)
}

/// Readable by the owner alone, from the first moment.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(format!("{:016x}", u64::from_ne_bytes(bytes)))
}
