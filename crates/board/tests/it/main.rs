//! The board through its public API, on SQLite, and on PostgreSQL where `CARTABLE_TEST_POSTGRES` names one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod chats;
mod content;
mod document;
mod engine;
mod filling;
mod keys;
mod legacy;
