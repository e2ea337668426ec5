//! Words for the kinds of periods.

use pronote::model::PeriodKind;

/// The word for a kind of period, which also chooses one.
pub(crate) fn kind_word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Term => "trimester",
        PeriodKind::Semester => "semester",
        PeriodKind::Year => "year",
        PeriodKind::Other(_) => "other",
    }
}
