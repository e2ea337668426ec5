use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

/// What a server asked to be done to payloads (protocol §4.6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Payloads are encrypted.
    pub encrypt: bool,
    /// Payloads are compressed, before encryption.
    pub compress: bool,
}

/// Raw DEFLATE, level 6, no header.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(6));
    encoder.write_all(bytes).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes")
}

/// Inflates up to `limit` bytes; `None` when the bytes are damaged or there are more.
pub(crate) fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut inflated = Vec::with_capacity(bytes.len().saturating_mul(4).min(limit));
    let read = DeflateDecoder::new(bytes).take(limit as u64 + 1).read_to_end(&mut inflated).ok()?;
    (read <= limit).then_some(inflated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = deflate(&vec![0; 1 << 20]);
        assert!(bomb.len() < 2_000);
        assert_eq!(inflate(&bomb, (1 << 20) - 1), None);
        assert_eq!(inflate(&bomb, 1 << 20).map(|bytes| bytes.len()), Some(1 << 20));
    }
}
