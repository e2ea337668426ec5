//! Canteen menus.

use serde::{Deserialize, Serialize};

/// Canteen menus of the school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Menus {}
