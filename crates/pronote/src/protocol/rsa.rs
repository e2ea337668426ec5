//! RSA-1024 with PKCS#1 v1.5 padding, encryption only for clients (protocol §4.2).

use num_bigint::BigUint;

use super::cipher;

/// The modulus that servers behind another machine's TLS expect since 2023 (protocol §4.2).
const CONSTANT_MODULUS: &str = "B99B77A3D72D3A29B4271FC7B7300E2F791EB8948174BE7B8024667E915446D4EEA0C2424B8D1EBF7E2DDFF94691C6E994E839225C627D140A8F1146D1B0B5F18A09BBD3D8F421CA1E3E4796B301EEBCCF80D81A32A1580121B8294433C38377083C5517D5921E8A078CDC019B15775292EFDA2C30251B1CCABE812386C893E5";

/// The largest modulus taken from a page: 4096 bits.
const MOST_HEX: usize = 1024;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
}

impl PublicKey {
    /// Reads a modulus and an exponent in hex, as a page gives them; `None` when they are no usable key.
    #[must_use]
    pub fn from_hex(modulus: &str, exponent: &str) -> Option<Self> {
        if modulus.len() > MOST_HEX || exponent.len() > MOST_HEX {
            return None;
        }
        let modulus = BigUint::parse_bytes(modulus.as_bytes(), 16)?;
        let exponent = BigUint::parse_bytes(exponent.as_bytes(), 16)?;
        // Padding needs eleven bytes, the message sixteen.
        (modulus.bits() >= 27 * 8 && exponent.bits() >= 1).then_some(PublicKey { modulus, exponent })
    }

    /// The key every server since 2023 knows.
    #[must_use]
    pub fn constant() -> Self {
        Self::from_hex(CONSTANT_MODULUS, "10001").expect("the constant is a key")
    }

    /// Encrypts a short message with random padding.
    #[must_use]
    pub fn encrypt(&self, message: &[u8; 16]) -> Vec<u8> {
        // One random byte more than any key needs; zeros would end the padding early.
        let random = cipher::random::<512>();
        self.encrypt_padded(message, random.into_iter().map(|byte| byte.max(1)))
    }

    fn encrypt_padded(&self, message: &[u8], padding: impl Iterator<Item = u8>) -> Vec<u8> {
        let length = usize::try_from(self.modulus.bits().div_ceil(8)).unwrap_or(0);
        let mut block = vec![0, 2];
        block.extend(padding.take(length - message.len() - 3));
        block.push(0);
        block.extend_from_slice(message);
        let secret = BigUint::from_bytes_be(&block).modpow(&self.exponent, &self.modulus).to_bytes_be();
        let mut padded = vec![0; length - secret.len()];
        padded.extend(secret);
        padded
    }
}

/// A private key, for servers of the generation that publishes its own.
#[derive(Clone)]
pub struct PrivateKey {
    modulus: BigUint,
    exponent: BigUint,
}

impl PrivateKey {
    /// Reads a modulus and a private exponent in hex; `None` when they are no usable key.
    #[must_use]
    pub fn from_hex(modulus: &str, exponent: &str) -> Option<Self> {
        let PublicKey { modulus, exponent } = PublicKey::from_hex(modulus, exponent)?;
        Some(PrivateKey { modulus, exponent })
    }

    /// Decrypts a block and removes its padding; `None` when it is not a message for this key.
    #[must_use]
    pub fn decrypt(&self, secret: &[u8]) -> Option<Vec<u8>> {
        let length = usize::try_from(self.modulus.bits().div_ceil(8)).ok()?;
        if secret.len() != length {
            return None;
        }
        let block = BigUint::from_bytes_be(secret).modpow(&self.exponent, &self.modulus).to_bytes_be();
        // The leading zero of the block is not written by the big number.
        let padded = (block.len() == length - 1).then_some(block)?;
        let rest = padded.strip_prefix(&[2])?;
        let end = rest.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
        Some(rest[end + 1..].to_vec())
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn the_constant_key_encrypts_the_known_block() {
        let secret = PublicKey::constant().encrypt_padded(&IV, std::iter::repeat(0x5a));
        assert_eq!(
            cipher::hex(&secret),
            "0a812b32a53edbcabd0005c1918e55c04a0775504ee52d5699c36f7774b7ecf92bd2588d31666fb14173c55e59ce7f6f2e0003805bdf30c23a06537129f49b9dbb9ca41538ee0cc752221b59efd9a04ff3f5e12c70d12bcb1b40833ea4802552c4d846694fd47c0c6d8c731722230fe538df3f64cd1cb498888316ff03964e7d"
        );
    }

    #[test]
    fn keys_that_cannot_hold_a_message_are_refused() {
        assert_eq!(PublicKey::from_hex("FF", "10001"), None);
        assert_eq!(PublicKey::from_hex("not hex", "10001"), None);
        assert!(PrivateKey::from_hex("0", "10001").is_none());
        assert_eq!(PublicKey::from_hex(&"F".repeat(5000), "10001"), None);
    }
}
