//! The bots from outside: what they answer, and how they do with platforms of the emulator on real sockets and a board on
//! the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alerts;
mod cases;
mod conversation;
mod dated;
mod house;
mod replay;
mod school;
mod talk;
mod telegram;
mod vk;
