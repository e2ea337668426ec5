//! `export`: everything of a year, into a folder.
//!
//! ```text
//! DIR/2026-2027/MOREL Lou/        one folder per year and person
//!   homework.json …               each page, as its command prints it with --json
//!   grades/1 Trimestre 1.json …   pages with periods: one file per period
//!   reports/1 Trimestre 1.pdf     published report cards
//!   files/homework/ID/1 fiche.pdf attachments, by the references that the lists show
//!   raw/2026-11-22 10h30m12/…     with --raw: what the server answered, call by call
//!   calendar.ics   photo.jpg
//!   earlier/…                     what a later export found changed, as it was before
//! ```
//!
//! Nothing is ever deleted: a file that changes is moved to `earlier` first, an attachment that is there is kept.

mod folder;
mod pages;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use indicatif::ProgressBar;
use pronote::model::Attachment;
use pronote::{Cause, Error, Session};
use serde_json::json;

use super::desk::{self, Desk, Reading, counted, link};
use super::download::{photo, save, style};
use crate::commands::pronote::Invocation;
use crate::exit;
use crate::files::safe_name;
use crate::items::without_session_ids;
use crate::output;
use crate::present::line;
use folder::Folder;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder; it is made if it is not there
    dir: PathBuf,
    /// Save also what the server answered, word for word
    #[arg(long)]
    raw: bool,
}

pub(super) async fn run(invocation: &Invocation, args: ExportArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    let children = desk.session.user().children.len();
    let sessions = if children > 0 && invocation.child.is_none() {
        (0..children).map(|place| desk.session.for_child(place)).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![desk.session.clone()]
    };
    let mut failures = Vec::new();
    let mut exported = Vec::new();
    for session in sessions {
        let mut export = Export::begin(session, &args)?;
        export.everything().await;
        export.bar.finish_and_clear();
        if invocation.json {
            exported.push(json!({ "saved": export.folder.root().to_string_lossy(), "files": export.folder.written }));
        } else {
            let files = counted(export.folder.written, "new or changed file", "new or changed files");
            output::line(format!("Exported to {}: {files}.", export.folder.root().display()))?;
        }
        failures.append(&mut export.failures);
    }
    if invocation.json {
        output::answer(&exported, &[])?;
    }
    // Each was told when it happened; the first gives the exit code.
    let several = counted(failures.len(), "part was not exported", "parts were not exported");
    failures.into_iter().next().map_or(Ok(()), |first| Err(first.context(several)))
}

/// The export of one person's year.
struct Export {
    session: Session,
    folder: Folder,
    /// The folder of what the server answered, if that is wanted.
    raw: Option<String>,
    bar: ProgressBar,
    failures: Vec<anyhow::Error>,
    /// The attachments seen so far, with the folder and the number of each.
    attachments: Vec<(String, usize, Attachment)>,
    /// Set when going on would do harm: the server holds this account or address back.
    stopped: bool,
}

impl Export {
    fn begin(session: Session, args: &ExportArgs) -> Result<Self> {
        let context = session.context();
        let (year, name) = (safe_name(&context.instance.school_year), safe_name(&context.person().name));
        let folder = Folder::open(args.dir.join(year).join(&name))?;
        let bar = ProgressBar::new_spinner().with_style(style("{spinner} {prefix}: {wide_msg}")).with_prefix(name);
        // Identifiers differ in every session: each export keeps its own.
        let begun = desk::now(&context.instance).strftime("raw/%Y-%m-%d %Hh%Mm%S").to_string();
        let raw = args.raw.then_some(begun);
        Ok(Export { session, folder, raw, bar, failures: Vec::new(), attachments: Vec::new(), stopped: false })
    }

    /// Says what is being done.
    fn begins(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.tick();
    }

    /// Remembers what failed, and goes on.
    fn failed(&mut self, what: &str, error: anyhow::Error) {
        let pronote = error.downcast_ref::<Error>().map(|error| &error.cause);
        if matches!(pronote, Some(Cause::NoTab | Cause::Denied)) {
            return self.bar.suspend(|| eprintln!("note: this account has no {what}"));
        }
        self.stopped |= exit::is_held_back(&error);
        self.bar.suspend(|| eprintln!("not exported: {what}: {}", line(&exit::told(&error))));
        self.failures.push(error);
    }

    /// Saves a page that was read, and what the server answered.
    fn keep<T>(
        &mut self,
        name: &str,
        reading: Result<Reading<T>>,
        data: impl FnOnce(&T) -> Result<serde_json::Value>,
    ) -> Option<T> {
        if self.stopped {
            return None;
        }
        let kept = reading.and_then(|reading| {
            let mut data = data(&reading.value)?;
            without_session_ids(&mut data);
            let page = json!({ "data": data, "diagnostics": reading.diagnostics });
            self.folder.keep(&format!("{name}.json"), format!("{page:#}\n").as_bytes())?;
            if let Some(folder) = &self.raw {
                for (place, raw) in reading.raw.iter().enumerate() {
                    self.folder.keep(&format!("{folder}/{name}-{}.json", place + 1), raw.as_bytes())?;
                }
            }
            Ok(reading.value)
        });
        kept.map_err(|error| self.failed(name, error)).ok()
    }

    /// Remembers the files of a thing, to be received at the end.
    fn attach(&mut self, page: &str, id: &str, files: &[&Attachment]) {
        for (place, file) in files.iter().enumerate().filter(|(_, file)| file.url.is_none() && file.id.is_some()) {
            self.attachments.push((format!("files/{page}/{id}"), place + 1, (*file).clone()));
        }
    }

    /// Receives the files that are not there yet.
    async fn receive(&mut self) {
        for (folder, number, file) in std::mem::take(&mut self.attachments) {
            if self.stopped {
                break;
            }
            let name = format!("{folder}/{number} {}", safe_name(&file.name));
            if self.folder.has(&name) {
                continue;
            }
            self.begins(&name);
            let received = async {
                let target = self.folder.place(&name)?;
                save(&self.session, &link(&self.session, &file).await?, &target, false).await
            };
            match received.await {
                Ok(()) => self.folder.written += 1,
                Err(error) => self.failed(&name, error),
            }
        }
    }

    async fn photo(&mut self) {
        const NAME: &str = "photo.jpg";
        if self.stopped || !self.session.context().person().has_photo || self.folder.has(NAME) {
            return;
        }
        self.begins(NAME);
        let received = async {
            let (_, link) = photo(&self.session).await?;
            save(&self.session, &link, &self.folder.place(NAME)?, false).await
        };
        match received.await {
            Ok(()) => self.folder.written += 1,
            Err(error) => self.failed(NAME, error),
        }
    }
}
