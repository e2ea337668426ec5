//! The gateway against an emulated school.

mod diagnosis;
mod profiles;
mod school;
