//! Other people's programs on our answers and pictures: a validator of JSON Schema, a reader of codes, a reader of PDF.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{PEOPLE, TOKEN, VIEW_TOKEN, card, school, serving};
use crate::command::cartable;
use crate::peers::{installed, judge, python};
use crate::running::exchange;

/// Runs a program that may be missing on a machine that is no judge; gives what it prints.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(why) if std::env::var_os("CI").is_some() => panic!("{name} could not be run: {why}"),
        Err(why) => {
            eprintln!("skipped: {name} could not be run: {why}");
            None
        }
    }
}

#[test]
fn a_validator_of_others_accepts_every_answer() {
    let Some(peers) = installed() else { return };
    let data = school("");
    let server = serving(data.path(), &[]);
    let mut command = python(&peers.join("card"), "card.py");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../card/answer.schema.json"));
    for login in ["amartin", "blefevre", "cpetit", "droux"] {
        let (status, answer) = card(&server, login);
        assert_eq!(status, 200);
        let file = data.path().join(format!("{login}.json"));
        fs::write(&file, answer.to_string()).unwrap();
        command.arg(file);
    }
    assert!(judge(&mut command).contains("4 answers"));
}

#[test]
fn a_reader_of_codes_reads_the_card_that_was_drawn() {
    let data = school("");
    // The command goes by the present.
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let year = today.year() - i16::from(today.month() < 9);
    fs::write(data.path().join("people.csv"), PEOPLE.replace(";2026;", &format!(";{year};"))).unwrap();
    let (png, pdf) = (data.path().join("card.png"), data.path().join("card.pdf"));
    for (file, more) in [(&png, &["--side", "back", "--scale", "2"][..]), (&pdf, &[])] {
        let to = ["card", "render", "amartin", "--to", file.to_str().unwrap()];
        cartable(data.path(), &[&to[..], more].concat()).done();
    }
    if let Some(read) = tool("zbarimg", &["--quiet", "--raw", png.to_str().unwrap()]) {
        assert!(read.lines().any(|code| code == "amartin"), "{read}");
    }
    if let Some(info) = tool("pdfinfo", &[pdf.to_str().unwrap()]) {
        // ID-1: 85.60 × 53.98 mm, in points.
        let size = info.lines().find(|line| line.starts_with("Page size")).unwrap();
        let numbers: Vec<f64> = size.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        assert!((numbers[0] - 242.65).abs() < 0.1 && (numbers[1] - 153.01).abs() < 0.1, "{size}");
    }
    if let Some(text) = tool("pdftotext", &[pdf.to_str().unwrap(), "-"]) {
        for part in ["Martin", "Alice", "22100001"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn a_picture_needs_a_token_of_its_own() {
    let data = school("");
    let server = serving(data.path(), &[]);
    for path in ["/card-view/amartin/card.svg", "/card/amartin.svg"] {
        let head = |token| format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n");
        let (status, body) = exchange(&server.place(), &head(VIEW_TOKEN), "");
        assert!(status == 200 && body.contains("<svg") && body.contains("Alice"), "{path}: {status}");
        let (status, body) = exchange(&server.place(), &head(TOKEN), "");
        assert!(matches!(status, 401 | 403 | 404) && !body.contains("Alice"), "{path}: {status} {body}");
    }
}
