//! The portals, as their users see them.

mod registry;
