//! The notification centre (`CentraleNotifications`).

use super::{Answer, Call, Ids, Refusal};
use crate::School;

/// Answers the functions of this page.
pub(crate) fn answer(_school: &mut School, _ids: &Ids, _call: &Call<'_>) -> Result<Answer, Refusal> {
    Err(Refusal::unknown_function())
}
