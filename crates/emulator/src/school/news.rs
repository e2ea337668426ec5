//! News and surveys.

use serde::{Deserialize, Serialize};

/// News and surveys of the school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {}
