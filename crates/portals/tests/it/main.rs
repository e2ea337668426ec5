//! The portals, as their users see them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attacks;
mod invented;
mod logs;
mod matrix;
mod outcomes;
mod place;
mod registry;
mod rules;
mod sign_in;
mod stage;
mod traps;
mod user_rows;
mod ways;
mod world;
