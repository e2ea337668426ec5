//! pronote
