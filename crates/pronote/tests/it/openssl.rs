//! Our padding, judged by OpenSSL.

use std::io::Write as _;
use std::process::{Command, Stdio};

use pronote::protocol::{cipher, rsa::PublicKey};

/// How many blocks are opened: the padding is random, and a zero in it would end the message early.
const BLOCKS: usize = 50;

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}

#[test]
fn openssl_opens_what_is_sealed_for_a_page_key() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "openssl is missing");
        println!("skipped: openssl is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    let key = key.to_str().unwrap();
    openssl(&["genrsa", "-out", key, "1024"], b"");
    let modulus = String::from_utf8(openssl(&["rsa", "-in", key, "-noout", "-modulus"], b"")).unwrap();
    let public = PublicKey::from_hex(modulus.trim().trim_start_matches("Modulus="), "10001").unwrap();
    for _ in 0..BLOCKS {
        let message = cipher::random::<16>();
        let opened = openssl(&["pkeyutl", "-decrypt", "-inkey", key], &public.encrypt(&message));
        assert_eq!(opened, message);
    }
}
