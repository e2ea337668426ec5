//! Classes filled from an emulated school.

mod content;
mod desk;
mod privacy;
mod schedule;
mod school_moods;
