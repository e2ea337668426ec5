//! The transport half of PRONOTE: versions, cryptography, envelopes and the entry page, for a client and for a server.
//!
//! Nothing here speaks to a network. The section numbers in these modules are those of the protocol notes that
//! `docs/protocol.md` lists.

pub mod challenge;
pub mod cipher;
mod compression;
pub mod envelope;
pub mod page;
pub mod rsa;
mod version;

pub use compression::Flags;
pub use version::{Generation, Names, Version};
