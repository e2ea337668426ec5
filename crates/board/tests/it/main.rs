//! The board through its public API, on SQLite, and on PostgreSQL where `CARTABLE_TEST_POSTGRES` names one.

mod accounts;
mod chats;
mod content;
mod document;
mod engine;
mod filling;
mod keys;
mod legacy;
