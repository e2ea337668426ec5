//! What the line itself costs: cipher, envelope, entry page, keys.

use divan::Bencher;
use pronote::protocol::challenge::{self, Rule};
use pronote::protocol::cipher::{Keys, random};
use pronote::protocol::envelope::{Direction, Envelope, fold, write};
use pronote::protocol::page::EntryPage;
use pronote::protocol::rsa::PublicKey;
use pronote::protocol::{Flags, Generation};

fn main() {
    divan::main();
}

/// About what a timetable week takes.
const BYTES: usize = 20_000;

const FLAGS: [(&str, Flags); 4] = [
    ("clear", Flags { encrypt: false, compress: false }),
    ("encrypted", Flags { encrypt: true, compress: false }),
    ("compressed", Flags { encrypt: false, compress: true }),
    ("both", Flags { encrypt: true, compress: true }),
];

fn keys() -> Keys {
    Keys::new(b"an invented session key", b"an invented vector")
}

/// JSON that compresses about as well as a page.
fn payload() -> String {
    let lessons = (0..BYTES / 50).map(|number| format!(r#"{{"N":"20#{number:08}","L":"MATIERE {}"}}"#, number % 9));
    format!(r#"{{"data":{{"liste":[{}]}}}}"#, lessons.collect::<Vec<_>>().join(","))
}

fn flags(name: &str) -> Flags {
    FLAGS.into_iter().find(|(known, _)| *known == name).map(|(_, flags)| flags).unwrap_or_default()
}

#[divan::bench]
fn encrypt(bencher: Bencher<'_, '_>) {
    let (keys, clear) = (keys(), vec![7; BYTES]);
    bencher.bench(|| keys.encrypt(&clear));
}

#[divan::bench]
fn decrypt(bencher: Bencher<'_, '_>) {
    let keys = keys();
    let secret = keys.encrypt(&vec![7; BYTES]);
    bencher.bench(|| keys.decrypt(&secret));
}

#[divan::bench(args = FLAGS.map(|(name, _)| name))]
fn request_folded(bencher: Bencher<'_, '_>, name: &str) {
    let (keys, json, flags) = (keys(), r#"{"Signature":{"onglet":7},"data":{"onglet":7,"ongletPrec":7}}"#, flags(name));
    bencher.bench(|| write(Generation::G25, 1, "00", "Navigation", &fold(json, Direction::Request, flags, &keys)));
}

#[divan::bench(args = FLAGS.map(|(name, _)| name))]
fn answer_unfolded(bencher: Bencher<'_, '_>, name: &str) {
    let (keys, flags) = (keys(), flags(name));
    let body = write(Generation::G25, 1, "00", "F", &fold(&payload(), Direction::Response, flags, &keys));
    bencher.bench(|| {
        let envelope = Envelope::parse(&body).expect("our own envelope");
        envelope.payload(Direction::Response, flags, &keys).expect("our own payload").len()
    });
}

#[divan::bench]
fn entry_page(bencher: Bencher<'_, '_>) {
    let html = r#"<html><head><script>Start ({"h":1234567,"a":6,"d":true})</script></head><body>PRONOTE <a>PRONOTE 2026.1.3</a>"#;
    bencher.bench(|| EntryPage::parse(html, Some("PRONOTE 2026.1.3.0")));
}

#[divan::bench]
fn challenge_answered(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let material = challenge::temporary_key("demonstration", "F3A9C17E2B04D586", "pronotevs");
        challenge::answer(Rule::Direct, &Keys::new(material.as_bytes(), b"iv"), "5D0E9A7C31B4F8266AD0E17B94C35F82")
    });
}

#[divan::bench]
fn vector_sealed(bencher: Bencher<'_, '_>) {
    let (key, vector) = (PublicKey::constant(), random());
    bencher.bench(|| key.encrypt(&vector));
}
