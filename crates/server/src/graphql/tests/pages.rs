//! Page by page.

mod account;
mod timetable;
