//! `contents`: what was done in lessons.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Chosen, ids};
use pronote::model::{self, ContentItem, Contents};

use super::asked::Asked;
use super::date::{self, Date, Given};
use super::failure::Failure;
use super::files::{File, Holder};
use super::id::{Fingerprint, Ids, distinct};
use super::words::ContentCategory;

/// Answers `contents`.
///
/// # Errors
/// A date makes no sense, or the school does not answer.
pub(crate) async fn contents(
    asked: Result<Asked, Failure>,
    from: Option<Given>,
    to: Option<Given>,
) -> Result<Option<Vec<LessonContent>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let range = date::range(&viewer, from, to)?;
    let Some(pages) = viewer.contents(whose, &range).await? else { return Ok(None) };
    let lessons = pages.into_iter().flat_map(|chosen| {
        let holder = Holder { viewer: Arc::clone(&viewer), whose };
        let shown = Arc::new(Shown { holder, chosen, ids: Ids::default(), keys: Ids::default() });
        (0..shown.chosen.places.len()).map(move |place| LessonContent { shown: Arc::clone(&shown), place })
    });
    Ok(Some(lessons.collect()))
}

struct Shown {
    holder: Holder,
    chosen: Chosen<Contents>,
    ids: Ids,
    keys: Ids,
}

impl Shown {
    fn lesson(&self, place: usize) -> &model::LessonContent {
        &self.chosen.page.lessons[self.chosen.places[place]]
    }

    fn from(&self, lesson: &model::LessonContent) -> Date {
        lesson.start.map_or(Date::NONE, |start| Date::at(&self.holder.viewer, start))
    }

    fn to(&self, lesson: &model::LessonContent) -> Date {
        lesson.end.map_or_else(|| self.from(lesson), |end| Date::at(&self.holder.viewer, end))
    }
}

/// What was done in a lesson, of which there is something to tell.
pub(crate) struct LessonContent {
    shown: Arc<Shown>,
    /// Its place in what was chosen.
    place: usize,
}

impl LessonContent {
    fn lesson(&self) -> &model::LessonContent {
        self.shown.lesson(self.place)
    }

    fn first(&self) -> &ContentItem {
        &self.lesson().items[0]
    }

    fn entry<'a>(&'a self, item: &'a ContentItem) -> LessonContentEntry<'a> {
        LessonContentEntry { content: self, item }
    }
}

fn subject_of(lesson: &model::LessonContent) -> &str {
    lesson.subject.as_ref().map_or("", |subject| &subject.name)
}

#[Object]
impl LessonContent {
    async fn id(&self) -> &str {
        self.shown.ids.of(self.place, || {
            distinct((0..self.shown.chosen.places.len()).map(|place| {
                let lesson = self.shown.lesson(place);
                let new = Fingerprint::new();
                let named = lesson.subject.iter().fold(new, |id, subject| id.text("subject", &subject.name));
                named.date("from", self.shown.from(lesson).0).date("to", self.shown.to(lesson).0).id()
            }))
        })
    }
    async fn subject(&self) -> &str {
        subject_of(self.lesson())
    }
    async fn teachers(&self) -> &[String] {
        &self.lesson().teachers
    }
    async fn from(&self) -> Date {
        self.shown.from(self.lesson())
    }
    async fn to(&self) -> Date {
        self.shown.to(self.lesson())
    }
    async fn color(&self) -> String {
        self.lesson().color.map(|color| color.written()).unwrap_or_default()
    }
    async fn title(&self) -> Option<&str> {
        self.first().title.as_deref()
    }
    async fn description(&self) -> String {
        self.first().description.line()
    }
    async fn html_description(&self) -> &str {
        self.first().description.as_html()
    }
    async fn files(&self) -> Vec<File> {
        self.entry(self.first()).attached()
    }
    async fn category(&self) -> &str {
        self.first().category_name.as_deref().unwrap_or_default()
    }
    /// What tells it apart from all others, in every session and however many weeks are asked for.
    async fn key(&self) -> Option<&str> {
        let of_page = || ids::ids(&self.shown.chosen.page.lessons);
        Some(self.shown.keys.of(self.shown.chosen.places[self.place], of_page))
    }
    /// All that was done, one by one.
    async fn entries(&self) -> Option<Vec<LessonContentEntry<'_>>> {
        Some(self.lesson().items.iter().map(|item| self.entry(item)).collect())
    }
    /// The groups.
    async fn groups(&self) -> Option<&[String]> {
        Some(&self.lesson().groups)
    }
    /// Whether it can no longer change.
    async fn is_locked(&self) -> Option<bool> {
        Some(self.lesson().locked)
    }
    /// When homework given in it is next due.
    async fn homework_due(&self) -> Option<Date> {
        self.lesson().homework_due.map(|day| Date::of(&self.shown.holder.viewer, day))
    }
    /// The parts of the curriculum it belongs to.
    async fn curriculum(&self) -> Option<&[String]> {
        Some(&self.lesson().curriculum)
    }
}

/// One thing that was done in a lesson.
pub(crate) struct LessonContentEntry<'a> {
    content: &'a LessonContent,
    item: &'a ContentItem,
}

impl LessonContentEntry<'_> {
    fn attached(&self) -> Vec<File> {
        let (shown, lesson) = (&self.content.shown, self.content.lesson());
        let (subject, time) = (subject_of(lesson), shown.from(lesson));
        self.item.attachments.iter().map(|file| File::attached(&shown.holder, file, subject, time)).collect()
    }
}

#[Object]
impl LessonContentEntry<'_> {
    /// Its title.
    async fn title(&self) -> Option<&str> {
        self.item.title.as_deref()
    }
    /// What was done, on one line.
    async fn description(&self) -> String {
        self.item.description.line()
    }
    /// What was done, as the teacher wrote it.
    async fn html_description(&self) -> &str {
        self.item.description.as_html()
    }
    /// What kind of work it was.
    async fn kind(&self) -> ContentCategory {
        self.item.category.into()
    }
    /// The school's own name for that kind.
    async fn category(&self) -> Option<&str> {
        self.item.category_name.as_deref()
    }
    /// Its files and links.
    async fn files(&self) -> Vec<File> {
        self.attached()
    }
    /// Its themes.
    async fn themes(&self) -> Vec<&str> {
        self.item.themes.iter().map(|theme| theme.name.as_str()).collect()
    }
}
