//! Page by page.

mod absences;
mod account;
mod contents;
mod homeworks;
mod marks;
mod menu;
mod news;
mod timetable;
