//! `infos`: news and surveys, oldest first.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Fresh, ids};
use jiff::Timestamp;
use pronote::model::{News, NewsItem, NewsKind, Question};
use pronote::wire::Html;

use super::asked::Asked;
use super::date::Date;
use super::failure::Failure;
use super::files::{File, Holder};
use super::id::{Fingerprint, Ids, distinct};

/// Answers `infos`.
///
/// # Errors
/// The school does not answer.
pub(crate) async fn infos(asked: Result<Asked, Failure>) -> Result<Option<Vec<Info>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let Some(page) = viewer.news(whose).await? else { return Ok(None) };
    let (holder, ids, keys) = (Holder { viewer, whose }, Ids::default(), Ids::default());
    let mut order: Vec<usize> = (0..page.items.len()).collect();
    order.sort_by_key(|place| date_of(&holder, &page.items[*place]));
    let shown = Arc::new(Shown { holder, page, order, ids, keys });
    Ok(Some((0..shown.order.len()).map(|place| Info { shown: Arc::clone(&shown), place }).collect()))
}

/// When a piece of news appeared.
fn date_of(holder: &Holder, item: &NewsItem) -> Timestamp {
    let clock = item.visible_from.or(item.created);
    clock.map_or(Timestamp::UNIX_EPOCH, |clock| holder.viewer.moment(clock))
}

struct Shown {
    holder: Holder,
    page: Fresh<News>,
    /// The places of the items, oldest first.
    order: Vec<usize>,
    ids: Ids,
    keys: Ids,
}

/// A piece of news, or a survey.
pub(crate) struct Info {
    shown: Arc<Shown>,
    /// Its place in the order of time.
    place: usize,
}

/// The parts of a piece of news, wherever they came from.
enum Parts<'a> {
    Listed(&'a [Question]),
    Asked(Fresh<Vec<Question>>),
}

impl Parts<'_> {
    fn all(&self) -> &[Question] {
        match self {
            Parts::Listed(parts) => parts,
            Parts::Asked(page) => page,
        }
    }

    fn html(&self) -> &str {
        let content = self.all().first().and_then(|part| part.content.as_ref());
        content.map_or("", |html| html.as_html())
    }
}

impl Info {
    fn item(&self) -> &NewsItem {
        &self.shown.page.items[self.shown.order[self.place]]
    }

    /// What the list gives, else what the school gives on demand.
    async fn all_parts(&self) -> Result<Parts<'_>, Failure> {
        let item = self.item();
        match &item.questions {
            Some(parts) => Ok(Parts::Listed(parts)),
            None => {
                let Holder { viewer, whose } = &self.shown.holder;
                Ok(Parts::Asked(viewer.questions(*whose, item).await?))
            }
        }
    }

    fn files_of(&self, part: Option<&Question>) -> Vec<File> {
        let date = Date(date_of(&self.shown.holder, self.item()));
        let files = part.map_or(&[][..], |part| &part.attachments);
        files.iter().map(|file| File::attached(&self.shown.holder, file, "", date)).collect()
    }
}

#[Object]
impl Info {
    async fn id(&self) -> &str {
        self.shown.ids.of(self.place, || {
            distinct(self.shown.order.iter().map(|place| {
                let item = &self.shown.page.items[*place];
                let dated = Fingerprint::new().date("date", date_of(&self.shown.holder, item));
                item.title.iter().fold(dated, |id, title| id.text("title", title)).id()
            }))
        })
    }
    async fn date(&self) -> Date {
        Date(date_of(&self.shown.holder, self.item()))
    }
    async fn title(&self) -> Option<&str> {
        self.item().title.as_deref()
    }
    async fn author(&self) -> &str {
        self.item().author.as_deref().unwrap_or_default()
    }
    async fn content(&self) -> Result<String, Failure> {
        let parts = self.all_parts().await?;
        let content = parts.all().first().and_then(|part| part.content.as_ref());
        Ok(content.map(Html::line).unwrap_or_default())
    }
    async fn html_content(&self) -> Result<String, Failure> {
        Ok(self.all_parts().await?.html().to_owned())
    }
    async fn files(&self) -> Result<Vec<File>, Failure> {
        Ok(self.files_of(self.all_parts().await?.all().first()))
    }
    /// What tells it apart from all others, in every session.
    async fn key(&self) -> Option<&str> {
        let of_page = || ids::ids(&self.shown.page.items);
        Some(self.shown.keys.of(self.shown.order[self.place], of_page))
    }
    /// Whether it has been read.
    async fn read(&self) -> Option<bool> {
        Some(self.item().read)
    }
    /// Whether it is to be answered.
    async fn is_survey(&self) -> Option<bool> {
        Some(self.item().kind == NewsKind::Survey)
    }
    /// The school's category.
    async fn category(&self) -> Option<&str> {
        self.item().category.as_ref().map(|category| category.name.as_str())
    }
    /// The last day it is shown.
    async fn until(&self) -> Option<Date> {
        self.item().visible_to.map(|clock| Date::at(&self.shown.holder.viewer, clock))
    }
    /// All its parts: texts and questions.
    async fn parts(&self) -> Option<Result<Vec<InfoPart>, Failure>> {
        let parts = match self.all_parts().await {
            Ok(parts) => parts,
            Err(failure) => return Some(Err(failure)),
        };
        let part = |part: &Question| InfoPart { files: self.files_of(Some(part)), part: part.clone() };
        Some(Ok(parts.all().iter().map(part).collect()))
    }
}

/// A text or a question of a piece of news.
pub(crate) struct InfoPart {
    part: Question,
    files: Vec<File>,
}

#[Object]
impl InfoPart {
    /// Its title.
    async fn title(&self) -> Option<&str> {
        self.part.title.as_deref().or(self.part.label.as_deref())
    }
    /// Its text, on one line.
    async fn content(&self) -> String {
        self.part.content.as_ref().map(Html::line).unwrap_or_default()
    }
    /// Its text, as the school wrote it.
    async fn html_content(&self) -> &str {
        self.part.content.as_ref().map_or("", |html| html.as_html())
    }
    /// Files that come with it.
    async fn files(&self) -> &[File] {
        &self.files
    }
    /// What can be chosen.
    async fn choices(&self) -> Vec<&str> {
        self.part.choices.iter().map(|choice| choice.label.as_str()).collect()
    }
    /// Whether it was answered; none when nothing is to be answered.
    async fn answered(&self) -> Option<bool> {
        self.part.answer.as_ref().map(|answer| answer.answered)
    }
}
