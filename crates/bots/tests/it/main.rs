//! The bots from outside.

mod cases;
mod conversation;
mod dated;
mod school;
mod talk;
