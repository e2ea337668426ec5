//! What becomes of one thing of the board in a pass.

use crate::model::Source;

/// What becomes of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is new.
    Add,
    /// It is PRONOTE's, and becomes what PRONOTE says now.
    Put,
    /// A person wrote it where PRONOTE has something to say: it stands, and is marked.
    Mark,
    /// PRONOTE has it no more, and nobody changed it.
    Remove,
    /// It is neither there nor here any more.
    Forget,
    /// A person changed or removed it: it stays as it is.
    ByHand,
    /// Nothing: there is nothing to say, or it was not read in full.
    Leave,
}

impl Fate {
    /// Of a thing that PRONOTE has or has not (`wanted`), that came to the board before or not (`known`), that is there now
    /// or not (`present`), in days that were read in full or not (`complete`).
    pub(super) fn of(wanted: bool, known: bool, present: Option<&Source>, complete: bool) -> Self {
        match (wanted, known, present) {
            (true, false, None) => Fate::Add,
            (true, _, Some(Source::Pronote { .. })) => Fate::Put,
            (true, _, Some(Source::Hand)) | (true, false, Some(Source::Override { .. })) => Fate::Mark,
            (true, true, None | Some(Source::Override { .. })) => Fate::ByHand,
            (false, _, Some(Source::Pronote { .. })) if complete => Fate::Remove,
            (false, true, None) if complete => Fate::Forget,
            (false, ..) => Fate::Leave,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pronote() -> Source {
        Source::Pronote { origin: String::new() }
    }

    fn written_over() -> Source {
        Source::Override { origin: String::new() }
    }

    #[test]
    fn what_pronote_has_comes_in_unless_a_hand_was_there() {
        assert_eq!(Fate::of(true, false, None, false), Fate::Add);
        assert_eq!(Fate::of(true, true, Some(&pronote()), false), Fate::Put);
        assert_eq!(Fate::of(true, true, Some(&written_over()), true), Fate::ByHand);
        assert_eq!(Fate::of(true, true, None, true), Fate::ByHand, "a hand removed it");
        assert_eq!(Fate::of(true, false, Some(&Source::Hand), true), Fate::Mark);
        assert_eq!(Fate::of(true, true, Some(&Source::Hand), true), Fate::Mark, "removed, then written anew");
    }

    #[test]
    fn what_pronote_has_no_more_goes_only_when_all_was_read_and_nobody_changed_it() {
        assert_eq!(Fate::of(false, true, Some(&pronote()), true), Fate::Remove);
        assert_eq!(Fate::of(false, true, Some(&pronote()), false), Fate::Leave);
        assert_eq!(Fate::of(false, true, Some(&written_over()), true), Fate::Leave);
        assert_eq!(Fate::of(false, true, None, true), Fate::Forget);
        assert_eq!(Fate::of(false, true, None, false), Fate::Leave);
        assert_eq!(Fate::of(false, false, Some(&Source::Hand), true), Fate::Leave);
    }
}
