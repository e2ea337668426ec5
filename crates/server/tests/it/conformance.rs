//! What clients of the 2.x gateway were promised, case by case: over real sockets, against an emulated school.
//!
//! The number in a test's name is the case's number, so that a failure says which promise is broken.

mod data;
mod desk;
mod http;
mod mechanics;
mod promised;
mod repairs;
mod whole;
