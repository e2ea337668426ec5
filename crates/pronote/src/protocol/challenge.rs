//! Proving a password without sending it (protocol §5.3 to §5.6).

use ring::digest;
use zeroize::Zeroizing;

use super::cipher::{self, Keys, Undecipherable};

/// How an answer is made from a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Decrypt it, drop every second character, encrypt the rest (up to 2026.2.4).
    Scrambled,
    /// Encrypt it as it came (from 2026.2.5.6).
    Direct,
}

/// The key material of a sign-in: the login (empty in portal mode), then the upper-case hex digest of salt and secret.
///
/// Case folding is the caller's: the server asks for it per account.
#[must_use]
pub fn temporary_key(login: &str, salt: &str, secret: &str) -> Zeroizing<String> {
    let salted = Zeroizing::new([salt, secret].concat());
    let digest = digest::digest(&digest::SHA256, salted.as_bytes());
    Zeroizing::new(format!("{login}{}", base16ct::upper::encode_string(digest.as_ref())))
}

/// Answers a challenge under the temporary keys.
///
/// # Errors
/// The scrambled challenge does not decrypt: the secret is not the one the server has for this login.
pub fn answer(rule: Rule, keys: &Keys, challenge: &str) -> Result<String, Undecipherable> {
    match rule {
        Rule::Direct => Ok(keys.encrypt_hex(challenge.as_bytes())),
        Rule::Scrambled => {
            let scrambled = String::from_utf8(keys.decrypt_hex(challenge)?).map_err(|_| Undecipherable)?;
            let real: String = scrambled.chars().step_by(2).collect();
            Ok(keys.encrypt_hex(real.as_bytes()))
        }
    }
}

/// Makes the scrambled challenge of a text, as a server does: one of `noise` after each of its characters.
#[must_use]
pub fn scramble(keys: &Keys, text: &str, noise: impl Iterator<Item = char>) -> String {
    let scrambled: String = text.chars().zip(noise).flat_map(|(real, noise)| [real, noise]).collect();
    keys.encrypt_hex(scrambled.as_bytes())
}

/// Reads the session key a server sends with a successful sign-in: decimal bytes joined by commas.
///
/// # Errors
/// The text does not decrypt under the temporary keys, or is no list of bytes.
pub fn session_key(keys: &Keys, encrypted: &str) -> Result<Zeroizing<Vec<u8>>, Undecipherable> {
    let list = Zeroizing::new(keys.decrypt_hex(encrypted)?);
    let text = std::str::from_utf8(&list).map_err(|_| Undecipherable)?;
    let bytes = text.split(',').map(str::parse).collect::<Result<Vec<u8>, _>>();
    bytes.map(Zeroizing::new).map_err(|_| Undecipherable)
}

/// Writes a session key as a server sends it.
#[must_use]
pub fn encode_session_key(keys: &Keys, key: &[u8]) -> String {
    let text = key.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    keys.encrypt_hex(text.as_bytes())
}

/// Decrypts the `login` or `jeton` of a QR code with its PIN (protocol §4.7).
///
/// # Errors
/// The PIN is not the one the code was made with, or the code is damaged.
pub fn open_qr_field(pin: &str, field: &str) -> Result<String, Undecipherable> {
    let clear = Keys::new(pin.as_bytes(), b"").decrypt_hex(field)?;
    String::from_utf8(clear).map_err(|_| Undecipherable)
}

/// Encrypts a field of a QR code with its PIN.
#[must_use]
pub fn seal_qr_field(pin: &str, field: &str) -> String {
    Keys::new(pin.as_bytes(), b"").encrypt_hex(field.as_bytes())
}

/// Random text for challenges, salts and tokens: `N` bytes in upper-case hex.
#[must_use]
pub fn random_text<const N: usize>() -> String {
    base16ct::upper::encode_string(&cipher::random::<N>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    fn keys(login: &str, salt: &str, secret: &str) -> Keys {
        Keys::new(temporary_key(login, salt, secret).as_bytes(), &IV)
    }

    #[test]
    fn a_scrambled_challenge_is_made_and_answered_as_recorded() {
        let keys = keys("demonstration", "F3A9C17E2B04D586", "pronotevs");
        let challenge =
            "c6564a3d407b98327869d4fed8dc535120857327b0dadc63922d6010bbfa91a1b174b34a36026b4374b4a66082897a87";
        assert_eq!(scramble(&keys, "7A1B9C3D5E2F4068", "xAyBzCwDvEuFtGs7".chars()).len(), challenge.len());
        assert_eq!(
            answer(Rule::Scrambled, &keys, challenge).unwrap(),
            "567cb7a5061eaf65a1c4cad83c6a94028e80423f104015fae1e804a3e92f19e8"
        );
    }

    #[test]
    fn a_direct_challenge_is_answered_as_it_came() {
        assert_eq!(
            answer(Rule::Direct, &keys("demonstration", "", "pronotevs"), "5D0E9A7C31B4F8266AD0E17B94C35F82").unwrap(),
            "b5f76a231fd227c86dc73e58f2971f1affd310e3d8cf45d2e9ad8055f6f61ccb11307c990d0510d7af7d708a486101dd"
        );
        assert_eq!(
            answer(Rule::Direct, &keys("", "", "4F6B2A9C"), "5D0E9A7C31B4F8266AD0E17B94C35F82").unwrap(),
            "8164214cf72954ad38d85652706ddec9648bc1be6e9d3f304c483747daf7972e6e134149bfc8b0654e3cc0e6fa19ffd9"
        );
    }

    #[test]
    fn the_session_key_travels_as_decimal_text() {
        let key = [12, 250, 3, 77, 0, 199, 45, 8, 161, 90, 255, 31, 64, 128, 7, 210];
        let sent = "93fa3bf87a466ed873604dcec9a695ef9a3e5b98630074b013bf59798ad8541b8ed1eeeaf9c6855bc834c96861d996232a2c96c95dd2ac8cf0d65654abfe109d";
        let keys = keys("demonstration", "", "pronotevs");
        assert_eq!(encode_session_key(&keys, &key), sent);
        assert_eq!(*session_key(&keys, sent).unwrap(), key);
    }

    #[test]
    fn another_secret_does_not_open_the_challenge() {
        let challenge =
            "c6564a3d407b98327869d4fed8dc535120857327b0dadc63922d6010bbfa91a1b174b34a36026b4374b4a66082897a87";
        let keys = keys("demonstration", "F3A9C17E2B04D586", "wrong");
        assert_eq!(answer(Rule::Scrambled, &keys, challenge), Err(Undecipherable));
    }

    #[test]
    fn a_qr_code_opens_with_its_pin_only() {
        let token = "2f4b6346ab4bce6b4d9afd763300220fc36f430af5017ca40efc97277f90867826b0b74d986457fee81c8436ce274a60";
        assert_eq!(open_qr_field("1234", token).unwrap(), "9B1F6C0D2E8A47F35566778899AABBCC");
        assert_eq!(open_qr_field("1235", token), Err(Undecipherable));
        assert_eq!(seal_qr_field("1234", "demonstration"), "f8e83fa7e9a21441a2596950da79441e");
    }
}
