//! The library against an emulated school, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod desk;
mod faults;
mod openssl;
mod renewal;
mod session;
mod sign_in;
mod steps;
