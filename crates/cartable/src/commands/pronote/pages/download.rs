//! `download`: saves an attachment, or the photo.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use pronote::functions::files::{PHOTO_NAME, payload};
use pronote::model::{Attachment, Grade, Homework, LessonContent, NewsItem, SharedResource};
use pronote::{Session, functions};
use url::Url;

use super::desk::{Desk, link};
use super::{contents, homework, messages, news};
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::files::{Draft, safe_name};
use crate::items::{Listed, WithFiles, found, listed};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct DownloadArgs {
    /// The file, as the lists name it: page/ID/NUMBER, for instance homework/3f9k2m8q1z/1; or `photo`
    file: String,
    /// Where to save it: a file, or a folder that is there [default: its own name, in this folder]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(invocation: &Invocation, args: DownloadArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    let (name, link) =
        if args.file == "photo" { photo(&desk.session).await? } else { file(&desk.session, &args.file).await? };
    let name = safe_name(&name);
    let target = match args.out {
        Some(path) if path.is_dir() => path.join(name),
        Some(path) => path,
        None => PathBuf::from(name),
    };
    save(&desk.session, &link, &target, args.force).await?;
    output::saved(&target, invocation.json)
}

/// The photo of whom the session is about.
pub(super) async fn photo(session: &Session) -> Result<(String, Url)> {
    let context = session.context();
    let person = context.person();
    let Some(id) = person.id.as_ref().filter(|_| person.has_photo) else {
        return Err(failure(Family::Missing, "there is no photo", "The school has none, or does not show it."));
    };
    let link = session.file_link(&payload(id, None), PHOTO_NAME).await?;
    Ok((format!("{}.jpg", person.name), link))
}

/// The file that a reference of the lists names.
async fn file(session: &Session, typed: &str) -> Result<(String, Url)> {
    let mut parts = typed.split('/');
    let (page, id, number, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    let place = number.and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
    let (Some(page), Some(id), Some(place), None) = (page, id, place, rest) else {
        let reason = format!("`{typed}` names no file");
        return Err(failure(Family::Usage, reason, "Give page/ID/NUMBER, for instance homework/3f9k2m8q1z/1."));
    };
    let attachment = attachment(session, page, id, place).await?.ok_or_else(|| {
        failure(Family::Missing, format!("no file `{typed}`"), "The list of the page numbers the files, from 1.")
    })?;
    Ok((attachment.name.clone(), link(session, &attachment).await?))
}

async fn attachment(session: &Session, page: &str, id: &str, place: usize) -> Result<Option<Attachment>> {
    match page {
        Homework::PAGE => nth(&homework::of_the_year(session).await?.value, id, place),
        LessonContent::PAGE => nth(&contents::of_the_year(session).await?.value.lessons, id, place),
        SharedResource::PAGE => {
            let year = contents::of_the_year(session).await?.value;
            nth(&year.shared, id, place).or_else(|_| nth(&year.manuals, id, place))
        }
        NewsItem::PAGE => {
            let items = news::read(session).await?.value;
            let whole = news::whole(session, found(&items, id)?).await?.value;
            Ok(whole.files().get(place).copied().cloned())
        }
        messages::PAGE => {
            let discussions = messages::read(session).await?.value;
            let thread = messages::thread(session, found(&discussions, id)?).await?;
            Ok(messages::files(&thread).get(place).copied().cloned())
        }
        Grade::PAGE => {
            // A grade is on the page of its period only.
            for period in session.instance().periods.iter().cloned() {
                let page = session.read(&functions::grades::Request { period: Some(period) }).await?;
                if let Ok(file) = nth(&listed(page.value.grades), id, place) {
                    return Ok(file);
                }
            }
            Ok(None)
        }
        _ => {
            let pages = [
                Homework::PAGE,
                LessonContent::PAGE,
                SharedResource::PAGE,
                NewsItem::PAGE,
                messages::PAGE,
                Grade::PAGE,
            ];
            let advice = format!("Files are on the pages {}.", pages.join(", "));
            Err(failure(Family::Usage, format!("`{page}` is no page with files"), advice))
        }
    }
}

fn nth<T: WithFiles + gateway::ids::Identity>(
    list: &[Listed<T>],
    id: &str,
    place: usize,
) -> Result<Option<Attachment>> {
    Ok(found(list, id)?.files().get(place).copied().cloned())
}

/// Receives a file into its place, with a progress bar on a terminal. What stands there already is kept unless
/// `replace` says otherwise.
pub(super) async fn save(session: &Session, link: &Url, target: &Path, replace: bool) -> Result<()> {
    let mut draft = Draft::begin(target, replace)?;
    let mut download = session.download(link).await?;
    let bar = match download.length() {
        Some(length) => ProgressBar::new(length).with_style(style("{bar:30} {bytes} of {total_bytes}, {eta} left")),
        None => ProgressBar::new_spinner().with_style(style("{spinner} {bytes}")),
    };
    while let Some(chunk) = download.chunk().await? {
        draft.write(&chunk)?;
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    draft.finish()
}

/// A style of a progress bar; the usual one where the template is wrong.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
