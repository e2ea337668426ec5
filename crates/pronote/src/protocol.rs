//! The transport half of PRONOTE: versions, cryptography, envelopes and the entry page, for a client and for a server.
//!
//! Nothing here speaks to a network. Section numbers, here and in the whole crate, are those of `docs/protocol.md`
//! ("protocol §") and `docs/pages.md` ("data §").

pub mod challenge;
pub mod cipher;
mod compression;
pub mod envelope;
pub mod page;
pub mod rsa;
mod version;

pub use compression::Flags;
pub use version::{Generation, Names, Version};
