//! A file of people, and a folder of photos (`card.md`, section 4.5).
//!
//! The file is in memory, whole. When it changes it is read again, whole, and takes the place of what was read before only
//! if it is a file that can be believed: one that was cut short, has lost a column or half of its people is not.

mod table;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use self::table::{MOST_BYTES, Table};
use super::folder::Folder;
use super::listing::PAGE;
use super::pace::Pace;
use super::{Answer, Kind, Picture, Source, SourceError, key};
use crate::record::Record;

/// How long a file has to stay the same before it is read: who writes it may not have finished.
const SETTLED: Duration = Duration::from_millis(100);
/// The attribute of the photos in the folder.
const PHOTO: &str = "photo";

/// What a file and its photos are. Relative paths are from the folder of the configuration.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file.
    pub file: PathBuf,
    /// The column of the key, without case and accents. Default: the first.
    pub key_column: Option<String>,
    /// A folder of photos, which are the attribute `photo`. Default: none.
    pub photos: Option<PathBuf>,
    /// The column that names the photo, with or without its extension. Default: that of the key.
    pub photo_column: Option<String>,
    /// How many bytes of photos are kept in memory. Default: 16 MiB.
    #[serde(default = "photo_cache_bytes")]
    pub photo_cache_bytes: u64,
}

/// How many bytes of photos are kept, if nothing is said.
pub(crate) fn photo_cache_bytes() -> u64 {
    16 << 20
}

impl Config {
    /// The keys that hold secrets: none.
    pub const SECRETS: &[&str] = &[];
}

/// People of a file.
pub struct Csv {
    file: Arc<File>,
    photos: Option<Folder>,
}

struct File {
    path: PathBuf,
    key_column: Option<String>,
    photo_column: Option<String>,
    pace: Pace,
    table: RwLock<Arc<Table>>,
    seen: Mutex<Seen>,
}

/// The file as it was last seen: its time stamp and length, and why it was not taken.
#[derive(Default)]
struct Seen {
    stamp: Option<(SystemTime, u64)>,
    fault: Option<String>,
}

impl Csv {
    /// Reads the file, and looks for the folder.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(config: Config, folder: &Path) -> Result<Self, String> {
        let photos =
            config.photos.map(|photos| Folder::open(folder.join(photos), config.photo_cache_bytes)).transpose()?;
        let path = folder.join(config.file);
        let (key_column, photo_column) = (config.key_column, config.photo_column);
        let (table, stamp) = read(&path, key_column.as_deref(), photo_column.as_deref())
            .map_err(|why| format!("{}: {why}", path.display()))?;
        let seen = Mutex::new(Seen { stamp: Some(stamp), fault: None });
        let table = RwLock::new(Arc::new(table));
        Ok(Csv { file: Arc::new(File { path, key_column, photo_column, pace: Pace::new(), table, seen }), photos })
    }

    /// The people, as the file has them now.
    async fn table(&self) -> Arc<Table> {
        if self.file.pace.is_due() {
            self.look().await;
        }
        self.file.table()
    }

    /// Looks whether the file has changed, and if so reads it.
    async fn look(&self) {
        let file = Arc::clone(&self.file);
        let Some(stamp) = off(move || file.changed()).await.flatten() else { return };
        tokio::time::sleep(SETTLED).await;
        let file = Arc::clone(&self.file);
        off(move || {
            // Otherwise it is still being written, and looked at again soon.
            if file.changed() == Some(stamp) {
                file.read_again(stamp);
            }
        })
        .await;
    }
}

/// Does what may wait for a disk, off the threads that may not.
async fn off<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

impl File {
    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time stamp of the file, if it is another than before.
    fn changed(&self) -> Option<(SystemTime, u64)> {
        let now = stamp(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match now {
            Ok(now) => (seen.stamp != Some(now)).then_some(now),
            Err(error) => {
                let fault = Some(error.to_string());
                if seen.fault != fault {
                    tracing::warn!(file = %self.path.display(), fault, "A file of people is gone, and what it was before is kept");
                }
                *seen = Seen { stamp: None, fault };
                None
            }
        }
    }

    /// Reads the file, and takes it if it can be believed.
    fn read_again(&self, changed: (SystemTime, u64)) {
        let before = self.table();
        let read =
            read(&self.path, self.key_column.as_deref(), self.photo_column.as_deref()).and_then(|(table, stamp)| {
                let lost = before.columns().iter().find(|name| !name.is_empty() && table.position(name).is_none());
                match lost {
                    Some(name) => Err(format!("it has lost its column `{name}`")),
                    None if table.len() * 2 < before.len() => {
                        Err(format!("it has {} people and had {}: start anew if that is so", table.len(), before.len()))
                    }
                    None => Ok((table, stamp)),
                }
            });
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok((table, stamp)) => {
                tracing::info!(file = %self.path.display(), people = table.len(), "Read a file of people again");
                *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
                *seen = Seen { stamp: Some(stamp), fault: None };
            }
            Err(fault) => {
                tracing::warn!(file = %self.path.display(), fault, "A file of people is refused, and what it was before is kept");
                *seen = Seen { stamp: Some(changed), fault: Some(fault) };
            }
        }
    }
}

fn stamp(path: &Path) -> io::Result<(SystemTime, u64)> {
    let seen = fs::metadata(path)?;
    Ok((seen.modified()?, seen.len()))
}

/// Reads a file, with the time stamp that it had.
fn read(path: &Path, key: Option<&str>, photo: Option<&str>) -> Result<(Table, (SystemTime, u64)), String> {
    let before = stamp(path).map_err(|error| error.to_string())?;
    if before.1 > MOST_BYTES {
        return Err(format!("it is larger than {} MiB", MOST_BYTES >> 20));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    if stamp(path).ok() != Some(before) || bytes.len() as u64 != before.1 {
        return Err("it is being written".to_owned());
    }
    let table = Table::read(&bytes, key)?;
    match photo {
        Some(photo) if table.position(photo).is_none() => Err(format!("it has no column `{}`", key::column(photo))),
        _ => Ok((table, before)),
    }
}

impl Source for Csv {
    fn kind(&self) -> Kind {
        Kind::Csv
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            if !key::askable(key) {
                return Ok(None);
            }
            let table = self.table().await;
            Ok(table.find(key).map(|row| {
                let mut record = Record::default();
                for (at, name) in table.columns().iter().enumerate() {
                    let cell = table.cell(row, at);
                    if !name.is_empty() && !cell.is_empty() {
                        record.add(name, cell);
                    }
                }
                record
            }))
        })
    }

    fn photos<'a>(&'a self, key: &'a str, attribute: &'a str, _: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(async move {
            match self.photo_name(key, attribute).await {
                Some((folder, name)) => folder.pictures(&name).await,
                None => Ok(vec![]),
            }
        })
    }

    fn has_photo<'a>(&'a self, key: &'a str, attribute: &'a str, _: &'a Record) -> Answer<'a, bool> {
        Box::pin(async move {
            match self.photo_name(key, attribute).await {
                Some((folder, name)) => folder.has(&name).await,
                None => Ok(false),
            }
        })
    }

    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async move { Ok(Some(self.table().await.keys(after, PAGE))) })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(async move {
            self.look().await;
            let fault = self.file.seen.lock().unwrap_or_else(PoisonError::into_inner).fault.clone();
            if let Some(fault) = fault {
                let path = self.file.path.display();
                return Err(SourceError::Unreadable(format!(
                    "{path} is refused, and what it was before is kept: {fault}"
                )));
            }
            let table = self.file.table();
            Ok(match table.keyless() {
                0 => format!("{} people", table.len()),
                keyless => format!("{} people, and {keyless} rows without a key", table.len()),
            })
        })
    }

    fn columns(&self) -> Option<Vec<String>> {
        let table = self.file.table();
        let photo = self.photos.as_ref().filter(|_| table.position(PHOTO).is_none()).map(|_| PHOTO.to_owned());
        Some(table.columns().iter().filter(|name| !name.is_empty()).cloned().chain(photo).collect())
    }
}

impl Csv {
    /// Where the photo of a person is, and how it is called.
    async fn photo_name(&self, key: &str, attribute: &str) -> Option<(&Folder, String)> {
        let folder = self.photos.as_ref().filter(|_| attribute.eq_ignore_ascii_case(PHOTO))?;
        let table = self.table().await;
        let column = self.file.photo_column.as_deref().map_or(Some(table.key()), |name| table.position(name))?;
        let name = table.cell(table.find(key)?, column);
        (!name.is_empty()).then(|| (folder, name.to_owned()))
    }
}

#[cfg(test)]
mod tests;
