//! Passwords: argon2id, one at a time, on a thread that lets everything else go first.
//!
//! Hashes of the board that this one takes the place of (SHA-256 in hexadecimal, no salt) are accepted once, and replaced.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{mpsc, oneshot};

use crate::Error;
use crate::keys::random;

/// The memory of one hash, in KiB, and how often it is gone through.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// How many may wait to be checked: at some thirty a second, whoever comes later would have gone away.
const QUEUE: usize = 64;
/// How much the thread steps back: reads keep their rate while people sign in, and people still sign in.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;
/// What a hash of the old board begins with here.
pub(crate) const LEGACY: &str = "sha256:";

/// The shortest password that is accepted for a new account of ours.
const SHORTEST: usize = 8;
/// The longest, in bytes: more is no better, and costs time.
const LONGEST: usize = 1024;
/// Passwords that everybody tries first, of eight characters or more.
const COMMON: [&str; 40] = [
    "12345678",
    "123456789",
    "1234567890",
    "12341234",
    "11111111",
    "00000000",
    "87654321",
    "123123123",
    "12344321",
    "password",
    "password1",
    "passw0rd",
    "motdepasse",
    "azertyuiop",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "qazwsxedc",
    "abcd1234",
    "abc12345",
    "iloveyou",
    "football",
    "baseball",
    "superman",
    "sunshine",
    "princess",
    "computer",
    "internet",
    "welcome1",
    "letmein1",
    "admin123",
    "administrator",
    "changeme",
    "doudou123",
    "soleil123",
    "йцукенгш",
    "пароль123",
];

/// Who hashes.
#[derive(Clone)]
pub(crate) struct Passwords {
    work: mpsc::Sender<Job>,
}

struct Job {
    password: SecretString,
    against: Option<String>,
    done: oneshot::Sender<Outcome>,
}

enum Outcome {
    Hash(Option<String>),
    Right { rehash: Option<String> },
    Wrong,
}

/// How a password was found.
pub(crate) enum Checked {
    /// It is the one; perhaps with a better hash to keep.
    Right {
        /// A hash to keep instead.
        rehash: Option<String>,
    },
    /// It is another.
    Wrong,
}

impl Passwords {
    /// Starts the thread that hashes. It ends with the last clone.
    pub(crate) fn start() -> Result<Self, Error> {
        let (work, jobs) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("passwords".to_owned())
            .spawn(move || run(jobs))
            .map_err(|error| Error::Folder("start a thread", error))?;
        Ok(Passwords { work })
    }

    /// The hash of a password.
    pub(crate) async fn hash(&self, password: &SecretString) -> Result<String, Error> {
        match self.ask(password, None).await? {
            Outcome::Hash(Some(hash)) => Ok(hash),
            _ => Err(Error::NoRandomness),
        }
    }

    /// Checks a password against what is kept; against nothing it takes as long, and is wrong.
    pub(crate) async fn check(&self, password: &SecretString, kept: Option<String>) -> Result<Checked, Error> {
        match self.ask(password, Some(kept.unwrap_or_default())).await? {
            Outcome::Right { rehash } => Ok(Checked::Right { rehash }),
            _ => Ok(Checked::Wrong),
        }
    }

    async fn ask(&self, password: &SecretString, against: Option<String>) -> Result<Outcome, Error> {
        let (done, outcome) = oneshot::channel();
        let job = Job { password: password.clone(), against, done };
        self.work.try_send(job).map_err(|_| Error::Busy)?;
        outcome.await.map_err(|_| Error::Busy)
    }
}

fn run(mut jobs: mpsc::Receiver<Job>) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "Passwords are hashed at the usual priority");
    }
    let argon2 = argon2();
    while let Some(Job { password, against, done }) = jobs.blocking_recv() {
        // Whoever has gone away needs no answer.
        if done.is_closed() {
            continue;
        }
        let outcome = match against {
            None => Outcome::Hash(hashed(&argon2, &password)),
            Some(kept) => checked(&argon2, &password, &kept),
        };
        let _ = done.send(outcome);
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hashed(argon2: &Argon2<'_>, password: &SecretString) -> Option<String> {
    let salt = random::<16>().ok()?;
    let hash = argon2.hash_password_with_salt(password.expose_secret().as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

fn checked(argon2: &Argon2<'_>, password: &SecretString, kept: &str) -> Outcome {
    if let Some(legacy) = kept.strip_prefix(LEGACY) {
        let digest = ring::digest::digest(&ring::digest::SHA256, password.expose_secret().as_bytes());
        let digest = base16ct::lower::encode_string(digest.as_ref());
        let right = subtle::ConstantTimeEq::ct_eq(digest.as_bytes(), legacy.as_bytes());
        // Either way it takes as long as any other.
        let rehash = hashed(argon2, password);
        return if right.into() { Outcome::Right { rehash } } else { Outcome::Wrong };
    }
    match PasswordHash::new(kept) {
        Ok(hash) if argon2.verify_password(password.expose_secret().as_bytes(), &hash).is_ok() => {
            let weak = Params::try_from(&hash).is_ok_and(|used| used.m_cost() < MEMORY_KIB || used.t_cost() < PASSES);
            Outcome::Right { rehash: weak.then(|| hashed(argon2, password)).flatten() }
        }
        Ok(_) => Outcome::Wrong,
        Err(_) => {
            hashed(argon2, password);
            Outcome::Wrong
        }
    }
}

/// What is kept of a hash of the old board: SHA-256, in hexadecimal.
pub(crate) fn legacy(sha256: &str) -> Option<String> {
    let sha256 = sha256.trim().to_lowercase();
    let whole = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| format!("{LEGACY}{sha256}"))
}

/// Whether a password will do for a new account; a weak one only where old clients make accounts.
///
/// # Errors
/// It will not do.
pub fn judge(password: &SecretString, strong: bool) -> Result<(), Error> {
    let password = password.expose_secret();
    let refuse = |why: &str| Err(Error::invalid("/password", why));
    if password.is_empty() {
        return refuse("a password is needed");
    }
    if password.len() > LONGEST {
        return refuse("the password is over 1024 bytes long");
    }
    if strong && password.chars().count() < SHORTEST {
        return refuse("the password has to be at least 8 characters long");
    }
    if strong && COMMON.contains(&password.to_lowercase().as_str()) {
        return refuse("this password is one that everybody tries first");
    }
    Ok(())
}

/// A password that nobody guesses: four groups of four letters and digits that are not mistaken for one another.
pub fn invented() -> Result<String, Error> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let groups = random::<16>()?;
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups: Vec<String> = groups.chunks(4).map(|group| group.iter().map(letter).collect()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = Passwords::start().unwrap();
        let hash = passwords.hash(&secret("Parol-77")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let right = passwords.check(&secret("Parol-77"), Some(hash.clone())).await.unwrap();
        assert!(matches!(right, Checked::Right { rehash: None }));
        assert!(matches!(passwords.check(&secret("parol-77"), Some(hash)).await.unwrap(), Checked::Wrong));
        assert!(matches!(passwords.check(&secret("Parol-77"), None).await.unwrap(), Checked::Wrong));
    }

    #[tokio::test]
    async fn an_old_hash_is_right_and_to_be_replaced() {
        let passwords = Passwords::start().unwrap();
        // SHA-256 of "1234".
        let kept = legacy("03AC674216F3E15C761EE1A5E255F067953623C8B388B4459E13F978D7C846F4").unwrap();
        let Checked::Right { rehash } = passwords.check(&secret("1234"), Some(kept.clone())).await.unwrap() else {
            panic!("it is right");
        };
        assert!(rehash.unwrap().starts_with("$argon2id$"));
        assert!(matches!(passwords.check(&secret("4321"), Some(kept)).await.unwrap(), Checked::Wrong));
        assert_eq!(legacy("not a hash"), None);
    }

    #[test]
    fn short_and_common_passwords_are_for_old_clients_only() {
        for weak in ["1234", "Password"] {
            assert!(judge(&secret(weak), true).is_err(), "{weak}");
            assert!(judge(&secret(weak), false).is_ok(), "{weak}");
        }
        assert!(judge(&secret(""), false).is_err());
        assert!(judge(&secret("Parol-77"), true).is_ok());
    }
}
