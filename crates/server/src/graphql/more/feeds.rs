//! Calendars to subscribe to: opened, listed, revoked. They change nothing at school, so every token may.

use async_graphql::{Context, Enum, Object, SimpleObject};
use gateway::{Error, Viewer, Viewers, Whose};

use super::{Date, Failure, asked_by};

/// What a calendar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "gateway::FeedKind")]
pub(crate) enum FeedKind {
    /// Lessons, detentions, activities and holidays.
    Timetable,
    /// Homework, as tasks.
    Homework,
    /// Lessons with a test.
    Tests,
    /// What the canteen serves.
    Menu,
}

/// A calendar to subscribe to.
#[derive(SimpleObject)]
pub(crate) struct Feed {
    /// What `revokeFeed` takes.
    id: String,
    /// What it shows.
    kinds: Vec<FeedKind>,
    /// The child it is about; null for the account's own person.
    student: Option<String>,
    /// When it was created.
    created: Date,
}

/// A calendar that was just created.
#[derive(SimpleObject)]
pub(crate) struct NewFeed {
    /// Its path on this server. It is told only now; whoever has it reads the calendar, until it is revoked.
    url: String,
    /// The calendar.
    feed: Feed,
}

impl From<gateway::Feed> for Feed {
    fn from(feed: gateway::Feed) -> Self {
        Feed {
            id: feed.id(),
            kinds: feed.kinds.iter().copied().map(FeedKind::from).collect(),
            student: feed.child,
            created: Date(feed.opened),
        }
    }
}

fn refused(error: Error) -> Failure {
    if matches!(error, Error::TooManyFeeds) {
        return Failure::TooManyFeeds;
    }
    tracing::warn!(%error, "A calendar could not be created or revoked");
    Failure::Internal
}

fn all<'a>(context: &Context<'a>) -> &'a Viewers {
    context.data::<Viewers>().expect("every question is executed with the registry of viewers")
}

async fn create(context: &Context<'_>, whose: Whose, kinds: Vec<FeedKind>) -> Result<NewFeed, Failure> {
    if kinds.is_empty() {
        return Err(Failure::BadInput { argument: "kinds", expected: "at least one kind" });
    }
    let kinds = kinds.into_iter().map(gateway::FeedKind::from).collect();
    let viewer: &Viewer = asked_by(context);
    let (secret, feed) = all(context).open_feed(viewer, whose, kinds).await.map_err(refused)?;
    Ok(NewFeed { url: format!("/feeds/{}.ics", secret.expose()), feed: feed.into() })
}

/// The calendars of an account.
#[derive(Default)]
pub(crate) struct Feeds;

#[Object]
impl Feeds {
    /// The calendars that were created with this token and not revoked.
    async fn feeds(&self, context: &Context<'_>) -> Vec<Feed> {
        asked_by(context).answer_once();
        all(context).feeds(asked_by(context)).into_iter().map(Feed::from).collect()
    }
}

/// What every account does with its calendars.
#[derive(Default)]
pub(crate) struct FeedChanges;

#[Object]
impl FeedChanges {
    /// Revokes a calendar; false when there is none of that id.
    async fn revoke_feed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its id in `feeds`.")] id: String,
    ) -> Result<bool, Failure> {
        all(context).revoke_feed(asked_by(context), &id).await.map_err(refused)
    }
}

/// Creates calendars of the account's own person.
#[derive(Default)]
pub(crate) struct OwnFeedChanges;

#[Object]
impl OwnFeedChanges {
    /// Creates a calendar to subscribe to, behind a secret address.
    async fn create_feed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shows.")] kinds: Vec<FeedKind>,
    ) -> Result<NewFeed, Failure> {
        create(context, Whose::OWN, kinds).await
    }
}

/// Creates calendars of children.
#[derive(Default)]
pub(crate) struct ChildFeedChanges;

#[Object]
impl ChildFeedChanges {
    /// Creates a calendar of a child to subscribe to, behind a secret address.
    async fn create_feed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The child: its exact name.")] student: String,
        #[graphql(desc = "What it shows.")] kinds: Vec<FeedKind>,
    ) -> Result<NewFeed, Failure> {
        let whose = asked_by(context).child(&student)?;
        create(context, whose, kinds).await
    }
}
