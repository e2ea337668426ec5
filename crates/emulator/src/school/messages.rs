//! Discussions between people.

use serde::{Deserialize, Serialize};

/// Discussions between people of the school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {}
