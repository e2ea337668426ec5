//! Writes lines into a file for each day, in a thread of its own.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::{Error, key};

/// The most lines that wait to be written: more than a minute of the most that are answered.
const MOST_WAITING: usize = 4096;

/// Takes lines, and writes them when it can.
pub(super) struct Writer {
    /// Taken away to end the thread.
    lines: Option<SyncSender<(Date, String)>>,
    thread: Option<JoinHandle<()>>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    /// Begins to write; the folder is made if it is not there.
    pub(super) fn open(file: PathBuf, days: u32, keys: PathBuf) -> Result<Self, Error> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| Error::File(folder.to_owned(), error))?;
        // Whether it can be written there is to be known at the start.
        let probe = beside(&file, "probe");
        private(&probe).map_err(|error| Error::File(probe.clone(), error))?;
        let _ = fs::remove_file(&probe);
        let (lines, waiting) = sync_channel(MOST_WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let files = Files { file: file.clone(), keep: i64::from(days).days(), keys, open: None, failed: false };
        let counted = Arc::clone(&dropped);
        let thread = std::thread::Builder::new().name("card-audit".to_owned());
        let thread =
            thread.spawn(move || files.write_all(&waiting, &counted)).map_err(|error| Error::File(file, error))?;
        Ok(Writer { lines: Some(lines), thread: Some(thread), dropped })
    }

    pub(super) fn write(&self, day: Date, line: String) {
        if self.lines.as_ref().is_none_or(|lines| lines.try_send((day, line)).is_err()) {
            self.drop_one();
        }
    }

    pub(super) fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// What waits is written before it ends.
impl Drop for Writer {
    fn drop(&mut self) {
        self.lines = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The files of all days.
struct Files {
    file: PathBuf,
    keep: Span,
    keys: PathBuf,
    open: Option<(Date, io::BufWriter<File>)>,
    failed: bool,
}

impl Files {
    fn write_all(mut self, lines: &Receiver<(Date, String)>, dropped: &AtomicU64) {
        while let Ok(line) = lines.recv() {
            let mut next = Some(line);
            let mut unsure = 0;
            // All that waits goes to the disk at once.
            while let Some((day, line)) = next {
                unsure += 1;
                if let Err(error) = self.write(day, &line) {
                    self.lost(&error, 1, dropped);
                    unsure -= 1;
                }
                next = lines.try_recv().ok();
            }
            match self.open.as_mut().map_or(Ok(()), |(_, file)| file.flush()) {
                Ok(()) => self.failed = false,
                Err(error) => {
                    self.open = None;
                    self.lost(&error, unsure, dropped);
                }
            }
        }
    }

    /// Told once, until it works again.
    fn lost(&mut self, error: &io::Error, lines: u64, dropped: &AtomicU64) {
        dropped.fetch_add(lines, Ordering::Relaxed);
        if !std::mem::replace(&mut self.failed, true) {
            tracing::error!(%error, "The audit of cards cannot be written");
        }
    }

    fn write(&mut self, day: Date, line: &str) -> io::Result<()> {
        if self.open.as_ref().is_none_or(|(of, _)| *of != day) {
            if let Some((_, mut file)) = self.open.take() {
                file.flush()?;
            }
            self.remove_before(day);
            self.open = Some((day, io::BufWriter::new(private(&beside(&self.file, &day.to_string()))?)));
        }
        match &mut self.open {
            Some((_, file)) => writeln!(file, "{line}"),
            None => Ok(()),
        }
    }

    /// Removes the files, and then the keys, that have been kept long enough.
    fn remove_before(&self, day: Date) {
        let Ok(first) = day.checked_sub(self.keep) else { return };
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let of = name.to_str().and_then(|name| name.rsplit_once('.')).and_then(|(_, of)| of.parse::<Date>().ok());
            if of.is_some_and(|of| of < first && beside(&self.file, &of.to_string()) == folder.join(&name)) {
                let _ = fs::remove_file(entry.path());
            }
        }
        key::remove_before(&self.keys, first.year());
    }
}

/// The file with something after its name.
fn beside(file: &Path, after: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".");
    name.push(after);
    name.into()
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
