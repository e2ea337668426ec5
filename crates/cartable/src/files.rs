//! Files on this machine: names that a school chose made harmless, and contents that appear whole or not at all.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, bail};

use crate::exit::{Family, failure};
use crate::present::line;

/// The longest file name: file systems take 255 bytes, and what is being written adds a few.
const MOST_BYTES: usize = 200;
/// Names that one well-known system keeps for its devices.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A name that stays in the folder it is put in, on every system: no separator, no `..`, no control character.
pub(crate) fn safe_name(name: &str) -> String {
    let plain: String = line(name)
        .chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    let trimmed = plain.trim_matches([' ', '.']);
    let name = shortened(trimmed, MOST_BYTES);
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    if name.is_empty() {
        "unnamed".into()
    } else if RESERVED.contains(&stem.as_str()) {
        format!("_{name}")
    } else {
        name
    }
}

/// Cuts the stem of a long name, and keeps its extension.
fn shortened(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let end = (0..=most - extension.len()).rev().find(|end| stem.is_char_boundary(*end)).unwrap_or_default();
    format!("{}{extension}", stem[..end].trim_end_matches([' ', '.']))
}

/// A file that is being written beside its place, and takes its place at the end.
pub(crate) struct Draft {
    target: PathBuf,
    part: PathBuf,
    file: Option<fs::File>,
    replace: bool,
}

impl Draft {
    /// Begins a file. One that stands there already is left alone unless `replace` says otherwise.
    pub(crate) fn begin(target: &Path, replace: bool) -> Result<Self> {
        if !replace && target.symlink_metadata().is_ok() {
            let exists = format!("{} is there already", target.display());
            return Err(failure(Family::Configuration, exists, "Add --force to replace it."));
        }
        let Some(name) = target.file_name() else { bail!("{} is no name for a file", target.display()) };
        let mut part = OsString::from(".");
        part.push(name);
        // The same each time: what an interrupted attempt left is written over by the next.
        part.push(".part");
        let part = target.with_file_name(part);
        let file = fs::File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
        Ok(Draft { target: target.to_owned(), part, file: Some(file), replace })
    }

    /// Adds to it.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.with_context(|| format!("cannot write {}", self.part.display()))
    }

    /// Puts it in its place.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.place().with_context(|| format!("cannot write {}", self.target.display()))
    }

    fn place(&mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        if self.replace {
            return fs::rename(&self.part, &self.target);
        }
        // A link, unlike a rename, never takes the place of what came there meanwhile.
        match fs::hard_link(&self.part, &self.target) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !self.target.exists() => {
                fs::rename(&self.part, &self.target)
            }
            linked => linked,
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.file = None;
        // Already in its place, or of no use to anyone.
        let _ = fs::remove_file(&self.part);
    }
}

/// Writes a whole file.
pub(crate) fn write(target: &Path, bytes: &[u8], replace: bool) -> Result<()> {
    let mut draft = Draft::begin(target, replace)?;
    draft.write(bytes)?;
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        for (name, safe) in [
            ("devoir.pdf", "devoir.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("C:\\x\\y.txt", "C__x_y.txt"),
            ("a\u{1b}[2Jb\n\u{202e}fdp.exe", "a [2Jb fdp.exe"),
            ("NUL.txt", "_NUL.txt"),
            (".bashrc", "bashrc"),
            ("énoncé n°1?.pdf", "énoncé n°1_.pdf"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
        let long = safe_name(&format!("{}.pdf", "é".repeat(300)));
        assert!(long.len() <= MOST_BYTES && long.ends_with("é.pdf"));
    }

    #[test]
    fn what_stands_there_is_kept_unless_told_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        write(&target, b"one", false).unwrap();
        let error = write(&target, b"two", false).unwrap_err();
        assert!(error.to_string().contains("is there already"), "{error}");
        assert_eq!(fs::read(&target).unwrap(), b"one");
        write(&target, b"two", true).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
    }

    #[test]
    fn what_comes_meanwhile_is_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        let draft = Draft::begin(&target, false).unwrap();
        fs::write(&target, "theirs").unwrap();
        assert!(draft.finish().is_err());
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut draft = Draft::begin(&folder.path().join("a.txt"), false).unwrap();
        draft.write(b"half").unwrap();
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
