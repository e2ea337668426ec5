//! The bots from outside.

mod cases;
