//! Whose codes are withdrawn: a list of references, one a line, shared by all processes with the folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use jiff::Timestamp;

use super::file::{self, Looked, Stamp};
use super::token::Reference;
use super::{Error, unlocked};

/// Its file.
const NAME: &str = "revoked";

/// The list.
pub(super) struct Revoked {
    folder: PathBuf,
    known: RwLock<Known>,
}

struct Known {
    list: BTreeSet<Reference>,
    looked: Looked,
}

impl Revoked {
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let looked = Looked::new(Stamp::of(&folder.join(NAME)));
        let known = RwLock::new(Known { list: read(folder)?, looked });
        Ok(Revoked { folder: folder.to_owned(), known })
    }

    /// Whether a person is on it.
    pub(super) fn holds(&self, reference: Reference, at: Timestamp) -> bool {
        {
            let known = unlocked(self.known.read());
            if known.looked.holds(at) {
                return known.list.contains(&reference);
            }
        }
        let mut known = unlocked(self.known.write());
        let stamp = Stamp::of(&self.folder.join(NAME));
        if stamp != known.looked.stamp {
            match read(&self.folder) {
                Ok(list) => *known = Known { list, looked: Looked::new(stamp) },
                // Whoever was on it stays on it.
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "Could not read whose cards are withdrawn"
                    );
                }
            }
        }
        known.looked = known.looked.at(at);
        known.list.contains(&reference)
    }

    /// Changes it, here and for all others.
    pub(super) fn change(&self, change: impl FnOnce(&mut BTreeSet<Reference>) -> bool) -> Result<(), Error> {
        let _lock = file::lock(&self.folder)?;
        let mut list = read(&self.folder)?;
        if change(&mut list) {
            let lines: String = list.iter().map(|one| base16ct::lower::encode_string(one) + "\n").collect();
            file::replace(&self.folder, NAME, lines.as_bytes())?;
        }
        let looked = Looked::new(Stamp::of(&self.folder.join(NAME)));
        *unlocked(self.known.write()) = Known { list, looked };
        Ok(())
    }
}

fn read(folder: &Path) -> Result<BTreeSet<Reference>, Error> {
    let content = file::read(folder, NAME)?.unwrap_or_default();
    let text = std::str::from_utf8(&content).map_err(|_| Error::Damaged(NAME))?;
    let lines = text.lines().filter(|line| !line.is_empty()).map(|line| {
        let mut reference = Reference::default();
        let length = base16ct::lower::decode(line, &mut reference).map_err(|_| Error::Damaged(NAME))?.len();
        if length == reference.len() { Ok(reference) } else { Err(Error::Damaged(NAME)) }
    });
    lines.collect()
}
