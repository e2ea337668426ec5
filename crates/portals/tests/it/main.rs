//! The portals, as their users see them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod invented;
mod matrix;
mod registry;
mod rules;
mod stage;
mod user_rows;
mod world;
