//! The faces of the board over real sockets, on SQLite, and on PostgreSQL where `CARTABLE_TEST_POSTGRES` names one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod board_cases;
mod bot_cases;
mod cases;
mod chats;
mod concurrency;
mod editor;
mod hooks;
mod house;
mod php;
mod v2;
mod wire;
