//! Invents news, menus, discussions and the home page.

use crate::School;

/// Fills the communication half of a school whose people and year exist.
pub(super) fn fill(_school: &mut School, _random: &mut fastrand::Rng) {}
