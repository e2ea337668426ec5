//! Useful links, partners and the wallet of the home page.

use serde::{Deserialize, Serialize};

/// Useful links, partners and the wallet of the home page of the school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {}
