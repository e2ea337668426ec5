//! The gateway against an emulated school.

mod changes;
mod diagnosis;
mod feeds;
mod file_handles;
mod filling;
mod holders;
mod house;
mod kept;
mod portals;
mod profiles;
mod school;
mod viewers;
