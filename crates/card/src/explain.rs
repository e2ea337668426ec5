//! Why somebody has a card, or none.

/// How it was found out whether somebody has a card. Written as text or as JSON.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Explanation {}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is being built\n")
    }
}
