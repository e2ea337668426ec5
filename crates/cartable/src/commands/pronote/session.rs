//! Opens the session that a command asks with.

use pronote::Session;

use super::Invocation;
use crate::exit::{Family, failure};

/// Opens a session of the account that the arguments name, about the child they name.
///
/// A session that is not opened with `write` cannot change anything.
pub(crate) async fn open_session(invocation: &Invocation, write: bool) -> anyhow::Result<Session> {
    let _ = (invocation, write);
    Err(failure(Family::Unexpected, "not there yet", ""))
}
