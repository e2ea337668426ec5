//! The faces of the board over real sockets, on SQLite, and on PostgreSQL where `CARTABLE_TEST_POSTGRES` names one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod board_cases;
mod cases;
mod concurrency;
mod editor;
mod house;
mod php;
mod v2;
mod wire;
