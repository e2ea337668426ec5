//! Invents a school: the same seed and day give the same school.

mod communication;
