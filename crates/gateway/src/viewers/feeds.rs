//! Calendars of the accounts that are signed in: opened, listed, revoked by them, read by whoever has the secret.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Viewers;
use super::entry::Entry;
use crate::feeds::{Feed, FeedKind};
use crate::tokens::{Digest, Token};
use crate::viewer::lock;
use crate::{Error, Unanswered, Viewer, Whose};

/// The most calendars of one account: every kind for each of many children.
const MOST: usize = 24;

impl Viewers {
    /// Opens a calendar of a person that an account may see. The secret is told this once.
    ///
    /// # Errors
    /// The account has as many as it may, its token was left, or it cannot be kept.
    pub async fn open_feed(
        &self,
        viewer: &Viewer,
        whose: Whose,
        kinds: BTreeSet<FeedKind>,
    ) -> Result<(Token, Feed), Error> {
        let secret = Token::long()?;
        let child = viewer.child_name(whose);
        let feed = Feed { secret: secret.digest(), child, kinds, opened: viewer.now() };
        let entry = {
            let mut live = lock(&self.0.live);
            let entry = live.entries.get(&viewer.core.token).cloned().ok_or(Error::Left)?;
            let mut feeds = lock(&entry.feeds);
            if feeds.len() >= MOST {
                return Err(Error::TooManyFeeds);
            }
            feeds.push(feed.clone());
            live.feeds.insert(feed.secret, entry.token);
            drop(feeds);
            entry
        };
        if let Err(error) = keep(&entry).await {
            self.forget_feed(&entry, |known| known.secret == feed.secret);
            return Err(error);
        }
        Ok((secret, feed))
    }

    /// The calendars of an account, oldest first.
    #[must_use]
    pub fn feeds(&self, viewer: &Viewer) -> Vec<Feed> {
        let live = lock(&self.0.live);
        live.entries.get(&viewer.core.token).map(|entry| lock(&entry.feeds).clone()).unwrap_or_default()
    }

    /// Closes the calendar of an account by its [id](Feed::id); tells whether there was one.
    ///
    /// # Errors
    /// It is closed, but would be open again in the next process.
    pub async fn revoke_feed(&self, viewer: &Viewer, id: &str) -> Result<bool, Error> {
        let entry = lock(&self.0.live).entries.get(&viewer.core.token).cloned();
        let Some(entry) = entry else { return Ok(false) };
        let revoked = self.forget_feed(&entry, |feed| feed.id() == id);
        if revoked {
            keep(&entry).await?;
        }
        Ok(revoked)
    }

    /// The calendar of a secret, as iCalendar text; none when it was revoked, when its account was left, or when there
    /// never was one.
    ///
    /// The same pages give the same text.
    ///
    /// # Errors
    /// The school, the network, or the pace: a subscriber must not take this for an empty calendar.
    pub async fn feed(&self, secret: &str) -> Result<Option<String>, Error> {
        let secret = Digest::of(secret);
        let found = {
            let live = lock(&self.0.live);
            let entry = live.feeds.get(&secret).and_then(|token| live.entries.get(token)).cloned();
            entry.and_then(|entry| {
                let feed = lock(&entry.feeds).iter().find(|feed| feed.secret == secret).cloned()?;
                Some((entry, feed))
            })
        };
        let Some((entry, feed)) = found else { return Ok(None) };
        let Some(viewer) = self.account(entry).await? else { return Ok(None) };
        match Box::pin(feed.write(&viewer, self.0.config.feed_fresh)).await {
            Ok(text) => Ok(Some(text)),
            Err(Unanswered::Pronote(error)) => Err(error.into()),
            // The child has left the account.
            Err(_) => Ok(None),
        }
    }

    fn forget_feed(&self, entry: &Entry, is_it: impl Fn(&Feed) -> bool) -> bool {
        let mut live = lock(&self.0.live);
        let mut feeds = lock(&entry.feeds);
        let before = feeds.len();
        feeds.retain(|feed| {
            let forgotten = is_it(feed);
            if forgotten {
                live.feeds.remove(&feed.secret);
            }
            !forgotten
        });
        feeds.len() < before
    }
}

/// Keeps the calendars beside a kept sign-in.
async fn keep(entry: &Arc<Entry>) -> Result<(), Error> {
    let Some(keeping) = entry.keeping.clone() else { return Ok(()) };
    let entry = Arc::clone(entry);
    let kept = tokio::task::spawn_blocking(move || keeping.keep_feeds(&entry.feeds)).await;
    kept.unwrap_or(Err(Error::Closing))
}
