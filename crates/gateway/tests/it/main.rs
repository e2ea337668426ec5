//! The gateway against an emulated school.

mod changes;
mod diagnosis;
mod house;
mod profiles;
mod school;
mod viewers;
