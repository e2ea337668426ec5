//! The portals, as their users see them.

mod registry;
mod rules;
mod stage;
mod world;
