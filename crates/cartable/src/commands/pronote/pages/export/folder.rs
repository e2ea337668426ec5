//! The folder of an export: files are added, or replaced by newer ones that leave the older beside.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::files;

/// Where what changed is kept as it was.
const EARLIER: &str = "earlier";

/// A folder that grows. Names given to it are ours or made safe, with `/` between folders.
pub(super) struct Folder {
    root: PathBuf,
    /// How many files were added or replaced.
    pub(super) written: usize,
}

impl Folder {
    /// Opens the folder, and makes it where it is not there.
    pub(super) fn open(root: PathBuf) -> Result<Self> {
        make(&root)?;
        Ok(Folder { root, written: 0 })
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.join(name).exists()
    }

    /// The place of a file, in a folder that is there.
    pub(super) fn place(&self, name: &str) -> Result<PathBuf> {
        let place = self.root.join(name);
        if let Some(folder) = place.parent() {
            make(folder)?;
        }
        Ok(place)
    }

    /// Saves a file; another content of the same name is moved to `earlier`. Tells whether anything was written.
    pub(super) fn keep(&mut self, name: &str, content: &[u8]) -> Result<bool> {
        self.keep_unless(name, content, |there, content| there == content)
    }

    /// The same, where what is there may be as good as the new content.
    pub(super) fn keep_unless(
        &mut self,
        name: &str,
        content: &[u8],
        same: impl FnOnce(&[u8], &[u8]) -> bool,
    ) -> Result<bool> {
        let place = self.place(name)?;
        match fs::read(&place) {
            Ok(there) if same(&there, content) => return Ok(false),
            Ok(_) => self.set_aside(name)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.display())),
        }
        files::write(&place, content, false)?;
        self.written += 1;
        Ok(true)
    }

    /// Moves a file to `earlier`, under a name that is free.
    pub(super) fn set_aside(&self, name: &str) -> Result<()> {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut number = 1;
        let aside = loop {
            let place = self.place(&format!("{EARLIER}/{stem}.{number}.{extension}"))?;
            if !place.exists() {
                break place;
            }
            number += 1;
        };
        fs::rename(self.root.join(name), &aside).with_context(|| format!("cannot write {}", aside.display()))
    }
}

/// Makes a folder for its owner alone: it is about a person.
fn make(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made: io::Result<()> = builder.create(folder);
    made.with_context(|| format!("cannot make the folder {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_leaves_what_was_there_beside() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = Folder::open(root.path().join("a/b")).unwrap();
        let kept: Vec<bool> = ["one", "one", "two", "three"]
            .map(|content| folder.keep("grades/T1.json", content.as_bytes()).unwrap())
            .into();
        assert_eq!(kept, [true, false, true, true]);
        let read = |name: &str| fs::read_to_string(folder.root().join(name)).unwrap();
        assert_eq!(read("grades/T1.json"), "three");
        assert_eq!(read("earlier/grades/T1.1.json"), "one");
        assert_eq!(read("earlier/grades/T1.2.json"), "two");
        assert_eq!(folder.written, 3);
    }
}
