//! gateway

pub mod ids;
