//! `homeworks`: what is to be done for lessons.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Chosen, ids};
use pronote::model::{self, Submission};

use super::asked::Asked;
use super::date::{self, Date, Given};
use super::failure::Failure;
use super::files::{File, Holder};
use super::id::{Fingerprint, Ids, distinct};
use super::words::{Difficulty, ReturnKind};

/// Answers `homeworks`.
///
/// # Errors
/// A date makes no sense, or the school does not answer.
pub(crate) async fn homeworks(
    asked: Result<Asked, Failure>,
    from: Option<Given>,
    to: Option<Given>,
) -> Result<Option<Vec<Homework>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let range = date::range(&viewer, from, to)?;
    let Some(pages) = viewer.homework(whose, &range).await? else { return Ok(None) };
    let homework = pages.into_iter().flat_map(|chosen| {
        let holder = Holder { viewer: Arc::clone(&viewer), whose };
        let shown = Arc::new(Shown { holder, chosen, ids: Ids::default(), keys: Ids::default() });
        (0..shown.chosen.places.len()).map(move |place| Homework { shown: Arc::clone(&shown), place })
    });
    Ok(Some(homework.collect()))
}

struct Shown {
    holder: Holder,
    chosen: Chosen<Vec<model::Homework>>,
    ids: Ids,
    keys: Ids,
}

impl Shown {
    fn homework(&self, place: usize) -> &model::Homework {
        &self.chosen.page[self.chosen.places[place]]
    }

    /// Homework that does not say when it was given was given for its day.
    fn given(&self, homework: &model::Homework) -> Date {
        Date::of(&self.holder.viewer, homework.given.unwrap_or(homework.due))
    }

    fn due(&self, homework: &model::Homework) -> Date {
        Date::of(&self.holder.viewer, homework.due)
    }
}

/// A piece of homework.
pub(crate) struct Homework {
    shown: Arc<Shown>,
    /// Its place in what was chosen.
    place: usize,
}

impl Homework {
    fn model(&self) -> &model::Homework {
        self.shown.homework(self.place)
    }

    fn file(&self, file: &model::Attachment) -> File {
        let homework = self.model();
        File::attached(&self.shown.holder, file, subject_of(homework), self.shown.given(homework))
    }
}

fn subject_of(homework: &model::Homework) -> &str {
    homework.subject.as_ref().map_or("", |subject| &subject.name)
}

#[Object]
impl Homework {
    async fn id(&self) -> &str {
        self.shown.ids.of(self.place, || {
            distinct((0..self.shown.chosen.places.len()).map(|place| {
                let homework = self.shown.homework(place);
                let new = Fingerprint::new();
                let named = homework.subject.iter().fold(new, |id, subject| id.text("subject", &subject.name));
                named.date("givenAt", self.shown.given(homework).0).date("for", self.shown.due(homework).0).id()
            }))
        })
    }
    async fn description(&self) -> String {
        self.model().description.line()
    }
    async fn html_description(&self) -> &str {
        self.model().description.as_html()
    }
    async fn subject(&self) -> &str {
        subject_of(self.model())
    }
    async fn given_at(&self) -> Date {
        self.shown.given(self.model())
    }
    async fn r#for(&self) -> Date {
        self.shown.due(self.model())
    }
    async fn done(&self) -> bool {
        self.model().done
    }
    async fn color(&self) -> String {
        self.model().color.map(|color| color.written()).unwrap_or_default()
    }
    async fn files(&self) -> Vec<File> {
        self.model().attachments.iter().map(|file| self.file(file)).collect()
    }
    /// What tells it apart from all others, in every session and however many weeks are asked for.
    async fn key(&self) -> Option<&str> {
        let of_page = || ids::ids(&self.shown.chosen.page[..]);
        Some(self.shown.keys.of(self.shown.chosen.places[self.place], of_page))
    }
    /// How hard it is.
    async fn difficulty(&self) -> Option<Difficulty> {
        Some(self.model().difficulty.into())
    }
    /// How long it should take, in minutes.
    async fn duration(&self) -> Option<i32> {
        self.model().estimated_minutes.and_then(|minutes| minutes.try_into().ok())
    }
    /// The class or group it was given to.
    async fn audience(&self) -> Option<&str> {
        self.model().audience.as_deref()
    }
    /// Its themes.
    async fn themes(&self) -> Option<Vec<&str>> {
        Some(self.model().themes.iter().map(|theme| theme.name.as_str()).collect())
    }
    /// What is to be handed in.
    async fn hand_in(&self) -> Option<HandIn<'_>> {
        Some(HandIn { homework: self, submission: &self.model().submission })
    }
    /// The quiz it consists of.
    async fn quiz(&self) -> Option<Quiz<'_>> {
        self.model().quiz.as_ref().map(|quiz| Quiz { holder: &self.shown.holder, quiz })
    }
}

/// What is to be handed in for homework.
pub(crate) struct HandIn<'a> {
    homework: &'a Homework,
    submission: &'a Submission,
}

#[Object]
impl HandIn<'_> {
    /// How.
    async fn kind(&self) -> ReturnKind {
        self.submission.kind.into()
    }
    /// Whether it is still possible.
    async fn is_possible(&self) -> bool {
        self.submission.possible
    }
    /// What was handed in.
    async fn file(&self) -> Option<File> {
        self.submission.file.as_ref().map(|file| self.homework.file(file))
    }
    /// When it was handed in.
    async fn at(&self) -> Option<Date> {
        self.submission.at.map(|clock| Date::at(&self.homework.shown.holder.viewer, clock))
    }
    /// What the teacher says of it.
    async fn correction_comment(&self) -> Option<&str> {
        self.submission.correction_comment.as_deref()
    }
}

/// A quiz given as homework.
pub(crate) struct Quiz<'a> {
    holder: &'a Holder,
    quiz: &'a model::Quiz,
}

#[Object]
impl Quiz<'_> {
    /// What it is called.
    async fn name(&self) -> &str {
        &self.quiz.name
    }
    /// How many questions it has.
    async fn questions(&self) -> Option<i32> {
        self.quiz.questions.and_then(|count| count.try_into().ok())
    }
    /// Whether the pupil has begun.
    async fn has_begun(&self) -> bool {
        self.quiz.begun
    }
    /// From when it can be answered.
    async fn opens(&self) -> Option<Date> {
        self.quiz.opens.map(|clock| Date::at(&self.holder.viewer, clock))
    }
    /// Until when it can be answered.
    async fn closes(&self) -> Option<Date> {
        self.quiz.closes.map(|clock| Date::at(&self.holder.viewer, clock))
    }
}
