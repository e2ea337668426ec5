//! What only a session opened for writing can do.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::OwnedMutexGuard;

use super::{Page, Session, parse_payload};
use crate::channel::Channel;
use crate::error::{Cause, Error, Step};
use crate::functions::save::save_report;
use crate::functions::{Context, Write};
use crate::model::SaveReport;

/// The part of a session that changes things.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a>(pub(super) &'a Session);

impl Writer<'_> {
    /// Saves something.
    ///
    /// A save is never sent to another session than the one its identifiers come from: when the session has expired
    /// it is renewed, and the save fails with [`Cause::StaleIdentifiers`].
    ///
    /// # Errors
    /// At [`Step::Page`]: also when the server took the call and refused the change.
    pub async fn save<W: Write + Sync>(&self, change: &W) -> Result<Page<W::Answer>, Error> {
        self.save_in(self.0.turn().await, change).await
    }

    /// Sends a file, then saves what refers to it; `change` is given the file's identifier.
    ///
    /// # Errors
    /// At [`Step::Upload`] or [`Step::Page`].
    pub async fn save_with_file<W: Write + Sync>(
        &self,
        name: &str,
        content: &[u8],
        change: impl FnOnce(String) -> W,
    ) -> Result<Page<W::Answer>, Error> {
        // Nothing may come between a file and the call that uses it.
        let mut channel = self.0.turn().await;
        match channel.upload(W::NAME, name, content).await {
            Ok(file) => self.save_in(channel, &change(file)).await,
            Err(error) if matches!(error.cause, Cause::Expired) => Err(self.0.stale(channel, error).await),
            Err(error) => Err(error),
        }
    }

    async fn save_in<W: Write + Sync>(
        &self,
        channel: OwnedMutexGuard<Channel>,
        change: &W,
    ) -> Result<Page<W::Answer>, Error> {
        let json = self.0.change(channel, W::NAME, W::TAB, &|context| change.arguments(context)).await?;
        let report = parse_payload(&json, |payload| Ok(save_report(payload.report)));
        if let Ok((SaveReport { refused: true, messages, .. }, _)) = report {
            return Err(self.0.error(Step::Page(W::NAME.into()), Cause::SaveRefused(messages)));
        }
        self.0.decode::<W>(json)
    }
}

impl Session {
    /// Asks for a change. A session found expired is renewed, but the change holds identifiers of the old one.
    pub(super) async fn change(
        &self,
        mut channel: OwnedMutexGuard<Channel>,
        function: &str,
        tab: Option<u32>,
        arguments: &(dyn Fn(&Context) -> Value + Sync),
    ) -> Result<Arc<str>, Error> {
        match self.ask_once(&mut channel, function, tab, arguments).await {
            Err(error) if matches!(error.cause, Cause::Expired) => Err(self.stale(channel, error).await),
            answer => answer,
        }
    }

    /// Renews an expired session for those who come next, and gives the error of the change that came too late.
    async fn stale(&self, channel: OwnedMutexGuard<Channel>, expired: Error) -> Error {
        let stale = Error { cause: Cause::StaleIdentifiers, ..expired.clone() };
        self.renew(channel, expired).await.map_or_else(|error| error, |_| stale)
    }
}
