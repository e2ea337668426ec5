use std::fs;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::*;
use crate::model::Card;
use crate::render::tests::{card, read_code};

const AT: i64 = 1_795_345_421;

fn token(turn: u32) -> String {
    format!("HTTPS://CARD.UNIV-VILLE.FR/V/{turn:057}")
}

fn panels(config: &Config) -> Panels {
    Panels::new(config, Path::new(""), &["ldap".to_owned()], TimeZone::get("Europe/Paris").unwrap()).unwrap()
}

fn drawn(config: &Config, card: &Card, codes: &[String]) -> String {
    let facts = context! { ldap => context! { library => "LIB-0042317" }, affiliation => "student" };
    let svg = panels(config).draw(card, &facts, codes, Timestamp::from_second(AT).unwrap()).unwrap();
    judge(&svg).unwrap();
    svg
}

/// The panel as the application shows it before anything moves.
fn picture(svg: &str) -> Vec<u8> {
    let tree = Tree::from_str(svg, &Options::default()).unwrap();
    let (width, height) = (tree.size().width() as u32 * 2, tree.size().height() as u32 * 2);
    let mut pixels = Pixmap::new(width, height).unwrap();
    resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    pixels.encode_png().unwrap()
}

fn library() -> Config {
    Config {
        heading: "Bibliothèque".to_owned(),
        lines: vec![
            "{{ card.firstname }} {{ card.lastname }}".to_owned(),
            "{% if affiliation == 'staff' %}Bâtiment A{% endif %}".to_owned(),
            "Nº {{ ldap.library }}".to_owned(),
        ],
        barcode: "{{ ldap.library }}".to_owned(),
        ..Config::default()
    }
}

#[test]
fn a_panel_shows_a_code_what_is_below_it_and_when_it_was_issued() {
    let svg = drawn(&library(), &card(), &[token(1)]);
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\""));
    assert_eq!(read_code(&picture(&svg)), token(1));
    for written in ["Bibliothèque", "Émilie Мартин Lefèvre", "Nº LIB-0042317", "Émise le 22/11/2026 à 12:03:41"]
    {
        assert!(svg.contains(written), "{written}");
    }
    assert!(!svg.contains("Bâtiment"), "a line of nothing is left out");
    assert!(!svg.contains("expiré"), "one code does not turn");
}

#[test]
fn the_codes_of_a_series_are_of_one_version_and_the_first_is_there_without_animation() {
    let codes: Vec<String> = (0..20).map(token).chain(["x".to_owned()]).collect();
    let svg = drawn(&library(), &card(), &codes);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    assert_eq!(read_code(&picture(&svg)), token(0));
    let scales: std::collections::HashSet<&str> =
        svg.match_indices("translate(10 42) scale(").filter_map(|(at, _)| svg[at..].split(')').nth(1)).collect();
    assert_eq!(scales.len(), 1);
    assert!(svg.contains("-19{animation:") && !svg.contains("-20{animation:"), "no more than ten minutes");
    assert!(svg.contains("linear 570s}") && svg.contains("linear 600s forwards}"));
    assert!(svg.contains("Rouvrez la carte"));
}

#[test]
fn names_in_a_panel_are_no_other_panels() {
    let config = library();
    let name = |svg: &str| svg.split("@keyframes ").nth(1).unwrap().split('-').next().unwrap().to_owned();
    let svg = drawn(&config, &card(), &[token(1), token(2)]);
    let id = name(&svg);
    let other = drawn(&config, &card(), &[token(1), token(3)]);
    assert_ne!(name(&other), id);
    let document = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
    for node in document.descendants() {
        for named in ["id", "class"].into_iter().filter_map(|attribute| node.attribute(attribute)) {
            assert!(named.split(' ').all(|named| named.starts_with(&id)), "{named}");
        }
    }
    assert!(!id.contains("amartin"));
}

#[test]
fn a_panel_may_be_without_a_code_and_a_bar_code_may_be_impossible() {
    let svg = drawn(
        &Config { barcode: "é".to_owned(), lines: vec!["Étage 2".to_owned()], ..Config::default() },
        &card(),
        &[],
    );
    assert!(svg.contains("Étage 2"));
    let svg = drawn(&Config { symbology: Symbology::Code39, ..library() }, &card(), &[]);
    assert!(svg.contains(&qr::code39("LIB-0042317").unwrap().path()));
}

#[test]
fn what_is_known_of_somebody_is_text_in_a_panel_too() {
    let evil = Card { lastname: "<img src=x onerror=alert(1)>".to_owned(), ..card() };
    let svg = drawn(&library(), &evil, &[token(1)]);
    assert!(!svg.contains("<img"));
    assert!(svg.contains("onerror=alert(1)&gt;"));
}

#[test]
fn a_code_that_is_too_long_is_a_fault_and_names_nobody() {
    let fault = panels(&library()).draw(
        &card(),
        &context! { ldap => context! { library => "" }, affiliation => "student" },
        &["x".repeat(3000)],
        Timestamp::UNIX_EPOCH,
    );
    assert!(matches!(fault, Err(Fault::Template(_))), "{fault:?}");
}

#[test]
fn what_the_application_would_drop_is_refused_when_a_template_is_read() {
    let svg = |content: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\">{content}</svg>");
    for (panel, with) in [
        (svg("<use href=\"#a\"/>"), "<use>"),
        (svg("<foreignObject/>"), "<foreignObject>"),
        (svg("<g><animate/></g>"), "<animate>"),
        (svg("<script/>"), "<script>"),
        (svg("<g onclick=\"1\"/>"), "onclick"),
        (svg("<rect filter=\"url(#a)\"/>"), "filter"),
        (svg("<image href=\"https://a.fr/a.png\"/>"), "leads outside"),
        (svg("<a href=\"javascript:alert(1)\">x</a>"), "links"),
        (svg("<a href=\"http://a.fr\">x</a>"), "links"),
        (svg("<style>a{}</style><style><![CDATA[<b>]]></style>"), "`<`"),
        (svg("<!-- x -->"), "comment"),
        (svg("<?x y?>"), "processing instruction"),
        (svg("<text id=\"a]>b\"/>"), "id"),
        (format!("<?xml version=\"1.0\"?>{}", svg("")), "declaration"),
        (svg("").replace("300", "400"), "width=\"300\""),
        (svg("<g>"), "it is no SVG"),
    ] {
        let fault = judge(&panel).unwrap_err();
        assert!(fault.contains(with), "{panel}: {fault}");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("own.svg"), panel).unwrap();
        let config = Config { staff: Some("own.svg".into()), ..Config::default() };
        let faults = Panels::new(&config, folder.path(), &[], TimeZone::UTC).unwrap_err();
        assert_eq!(faults, [format!("staff: {fault}")]);
    }
    let kept = svg(
        "<style>@keyframes a{from{opacity:0}}</style><g class=\"a\"><text><tspan>x</tspan></text><a href=\"https://a.fr\">\
         <rect/></a><image href=\"data:image/png;base64,AA\"/></g><svg><path d=\"M0 0\"/></svg>",
    );
    assert_eq!(judge(&kept), Ok(()));
}

#[test]
fn faults_of_a_configuration_are_named_with_their_setting() {
    let config = Config {
        heading: "{{".to_owned(),
        lines: vec!["x".to_owned(), "{% if %}".to_owned()],
        barcode: "{{ x | nothing }}".to_owned(),
        student: Some("nowhere.svg".into()),
        logo: Some("nowhere.png".into()),
        color: Some("blue".to_owned()),
        seconds: 1,
        ..Config::default()
    };
    let mut faults = Panels::new(&config, Path::new(""), &[], TimeZone::UTC).unwrap_err();
    faults.sort();
    let settings: Vec<&str> = faults.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    assert_eq!(settings, ["color", "heading", "lines[1]", "logo", "seconds", "student"], "{faults:?}");
    let unknown = Config { lines: vec!["{{ sgc.number }}".to_owned()], ..Config::default() };
    let faults = Panels::new(&unknown, Path::new(""), &["ldap".to_owned()], TimeZone::UTC).unwrap_err();
    assert!(faults[0].contains("undefined value"), "{faults:?}");
    assert!(toml::from_str::<Config>("symbology = 'code39'\nlines = ['a']\nseconds = 20").is_ok());
}
