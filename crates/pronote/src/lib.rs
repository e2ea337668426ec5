//! A client of PRONOTE.

pub mod functions;
pub mod model;
pub mod protocol;
pub mod wire;
