//! School-life pages: pupils of a class and their cards (`ListeRessources`, `FicheEleve`).

use super::{Answer, Call, Ids, Refusal};
use crate::School;

/// Answers the functions of this page.
pub(crate) fn answer(_school: &mut School, _ids: &Ids, _call: &Call<'_>) -> Result<Answer, Refusal> {
    Err(Refusal::unknown_function())
}
