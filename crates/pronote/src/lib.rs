//! A client of PRONOTE.

pub mod protocol;
pub mod wire;
