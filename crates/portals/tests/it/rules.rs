//! The security rules, by their numbers (portals §5).

mod password;
mod talk;
mod ways;
