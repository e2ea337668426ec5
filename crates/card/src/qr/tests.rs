use minijinja::{Environment, context};
use proptest::prelude::*;

use super::*;

/// What an independent reader finds in a drawing.
fn read(svg: &str, inverted: bool) -> String {
    let tree = resvg::usvg::Tree::from_str(svg, &resvg::usvg::Options::default()).unwrap();
    // Some margin more, since a margin of one module is drawn too.
    let (side, margin) = (tree.size().width(), 20.0);
    let scale = 2.0;
    let pixels = ((side + 2.0 * margin) * scale) as u32;
    let mut drawn = resvg::tiny_skia::Pixmap::new(pixels, pixels).unwrap();
    drawn.fill(resvg::tiny_skia::Color::WHITE);
    let place = resvg::tiny_skia::Transform::from_scale(scale, scale).pre_translate(margin, margin);
    resvg::render(&tree, place, &mut drawn.as_mut());
    let light = |x: usize, y: usize| {
        let pixel = drawn.pixel(x as u32, y as u32).unwrap();
        let grey = (u32::from(pixel.red()) + u32::from(pixel.green()) + u32::from(pixel.blue())) / 3;
        if inverted { 255 - grey as u8 } else { grey as u8 }
    };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(pixels as usize, pixels as usize, light);
    let codes = picture.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

fn written(template: &str) -> Result<String, minijinja::Error> {
    let mut env = Environment::new();
    crate::expression::prepare(&mut env);
    prepare(&mut env);
    let facts = context! {
        name => "Éloïse; dite \"Lou\", née O'Brien\\",
        none => (),
        empty => "  ",
    };
    env.render_str(template, facts)
}

#[test]
fn every_payload_is_read_back_from_its_drawing() {
    let escn = "a1b2c3d4-e5f6-11ee-8abc-001999999999";
    let payloads = [
        ("{{ text('Émilie Мартин') }}", "Émilie Мартин".to_owned()),
        ("{{ url('https://card.univ-ville.fr/v/ABC?x=1&y=2') }}", "https://card.univ-ville.fr/v/ABC?x=1&y=2".to_owned()),
        (
            "{{ mailto('a.b+c@univ-ville.fr', subject='Été & hiver?', body='un\ndeux') }}",
            "mailto:a.b%2Bc@univ-ville.fr?subject=%C3%89t%C3%A9%20%26%20hiver%3F&body=un%0D%0Adeux".to_owned(),
        ),
        ("{{ mailto('a@b.fr', body='x') }}", "mailto:a@b.fr?body=x".to_owned()),
        ("{{ sms('+33 6 12.34-56 78', 'Bonjour : à 14h') }}", "SMSTO:+33612345678:Bonjour : à 14h".to_owned()),
        ("{{ tel('+33 (0)3 83 00 00 00') }}", "tel:+33383000000".to_owned()),
        (
            "{{ vcard(last=name, first='Anne\\nMarie', org='Université, Ville', tel='03 83 00 00 00', email='a@b.fr') }}",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Éloïse\\; dite \"Lou\"\\, née O'Brien\\\\;Anne\\nMarie;;;\r\n\
             FN:Anne\\nMarie Éloïse\\; dite \"Lou\"\\, née O'Brien\\\\\r\nORG:Université\\, Ville\r\nTEL:0383000000\r\n\
             EMAIL:a@b.fr\r\nEND:VCARD"
                .to_owned(),
        ),
        (
            "{{ mecard(last='Le:Fèvre', first='Benoît;', tel='0383', url='https://a.fr/') }}",
            "MECARD:N:Le\\:Fèvre,Benoît\\;;TEL:0383;URL:https\\://a.fr/;;".to_owned(),
        ),
        ("{{ geo(48.6921, '6.1844') }}", "geo:48.6921,6.1844".to_owned()),
        ("{{ geo(-0.0000004, 180) }}", "geo:0,180".to_owned()),
        (
            "{{ wifi('Invités: \"été\"', password='a;b,c\\\\d', hidden=true) }}",
            "WIFI:T:WPA;S:Invités\\: \\\"été\\\";P:a\\;b\\,c\\\\d;H:true;;".to_owned(),
        ),
        ("{{ wifi('Libre') }}", "WIFI:T:nopass;S:Libre;;".to_owned()),
        (
            "{{ event('Rentrée; accueil', start='2026-09-01', end='2026-09-02', location='Amphi A, bât. 3') }}",
            "BEGIN:VEVENT\r\nSUMMARY:Rentrée\\; accueil\r\nDTSTART;VALUE=DATE:20260901\r\nDTEND;VALUE=DATE:20260902\r\n\
             LOCATION:Amphi A\\, bât. 3\r\nEND:VEVENT"
                .to_owned(),
        ),
        (
            "{{ event('Oral', start='2026-11-22T14:00', end='2026-11-22T15:00+01:00') }}",
            "BEGIN:VEVENT\r\nSUMMARY:Oral\r\nDTSTART:20261122T140000\r\nDTEND:20261122T140000Z\r\nEND:VEVENT".to_owned(),
        ),
        (
            "{{ esc('A1B2C3D4-E5F6-11EE-8ABC-001999999999') }}",
            format!("https://esc.gg/{escn}"),
        ),
    ];
    for (template, expected) in payloads {
        let payload = written(template).unwrap();
        assert_eq!(payload, expected, "{template}");
        for correction in [Correction::L, Correction::M, Correction::Q, Correction::H] {
            let drawing = Drawing { correction, ..Drawing::default() };
            assert_eq!(read(&svg(&payload, &drawing).unwrap(), false), expected);
        }
    }
}

#[test]
fn what_is_blank_gives_no_code_and_what_is_wrong_is_a_fault() {
    for template in [
        "{{ text(empty) }}",
        "{{ url(none) }}",
        "{{ mailto(empty, subject='x') }}",
        "{{ sms(none, 'x') }}",
        "{{ tel(empty) }}",
        "{{ vcard(last=none, first=empty, org='x') }}",
        "{{ mecard(last=none, tel='03') }}",
        "{{ geo(none, 3) }}",
        "{{ wifi(empty, password='x') }}",
        "{{ event(none, start='2026-09-01') }}",
        "{{ esc(none) }}",
    ] {
        assert_eq!(written(template).unwrap(), "", "{template}");
    }
    assert_eq!(svg("", &Drawing::default()), Err(Fault::Empty));
    for template in [
        "{{ text(nobody) }}",
        "{{ url('ftp://a.fr') }}",
        "{{ url('http://a.fr') }}",
        "{{ url('javascript:alert(1)') }}",
        "{{ mailto('a@b.fr', subjet='x') }}",
        "{{ tel('zero') }}",
        "{{ geo(91, 0) }}",
        "{{ geo('nord', 0) }}",
        "{{ wifi('x', security='WPA') }}",
        "{{ wifi('x', password='y', security='WPA9') }}",
        "{{ event('x') }}",
        "{{ event('x', start='demain') }}",
        "{{ esc('a1b2c3d4-e5f6-41ee-8abc-001999999999') }}",
        "{{ esc('12') }}",
        "{{ vcard(last='x', note='y' * 500) }}",
    ] {
        assert!(written(template).is_err(), "{template}");
    }
    assert_eq!(written("{{ url('http://127.0.0.1:8080/v/A') }}").unwrap(), "http://127.0.0.1:8080/v/A");
}

#[test]
fn a_code_holds_what_the_application_can_draw_and_not_a_byte_more() {
    let long = "é".repeat(MOST_BYTES / 2);
    assert!(matches!(svg(&long, &Drawing::default()), Ok(_) | Err(Fault::TooLong(_))));
    let most = "x".repeat(MOST_BYTES);
    assert_eq!(version(&most, Correction::M), Ok(40));
    assert_eq!(version(&(most.clone() + "x"), Correction::M), Err(Fault::TooLong(MOST_BYTES + 1)));
    assert_eq!(
        svg(&most, &Drawing { correction: Correction::H, ..Drawing::default() }),
        Err(Fault::TooLong(MOST_BYTES))
    );
    assert_eq!(read(&svg(&most, &Drawing { size: 600, ..Drawing::default() }).unwrap(), false), most);
}

#[test]
fn a_token_in_capitals_makes_a_code_of_version_4_and_all_of_a_series_can_be_of_one() {
    let token = format!("HTTPS://CARD.UNIV-VILLE.FR/V/{}", "A".repeat(57));
    assert_eq!(token.len(), 86);
    assert_eq!(version(&token, Correction::M), Ok(4));
    let drawing = Drawing { version: Some(6), quiet: 1, ..Drawing::default() };
    let code = svg(&token, &drawing).unwrap();
    assert!(code.contains("viewBox=\"0 0 43 43\""));
    assert_eq!(read(&code, false), token);
    assert_eq!(svg(&token, &Drawing { version: Some(3), ..Drawing::default() }), Err(Fault::TooLong(86)));
    assert!(svg(&token, &Drawing { version: Some(0), ..Drawing::default() }).is_err());
}

#[test]
fn the_code_of_a_european_card_is_white_on_blue() {
    let code = svg("https://esc.gg/a1b2c3d4-e5f6-11ee-8abc-001999999999", &Drawing::european()).unwrap();
    assert!(code.contains("width=\"285\"") && code.contains("fill=\"#1a3459\"") && code.contains("fill=\"#ffffff\""));
    assert!(read(&code, true).ends_with("001999999999"));
}

#[test]
fn a_code_is_drawn_in_few_bytes() {
    let token = format!("HTTPS://CARD.UNIV-VILLE.FR/V/{}", "A7Q2".repeat(14));
    let code = svg(&token, &Drawing::default()).unwrap();
    assert!(code.len() < 4_500, "{} bytes", code.len());
}

/// The bars of a drawing as a picture that a scanner reads.
fn scanned(bars: &Bars) -> Option<String> {
    let width = bars.width() + 20;
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} 40' width='{0}' height='120'>\
         <path fill='#fff' d='M0 0h{width}v40H0z'/><path transform='translate(10 5) scale(1 30)' d='{1}'/></svg>",
        width * 3,
        bars.path()
    );
    let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
    let mut drawn = resvg::tiny_skia::Pixmap::new((width * 3) as u32, 120).unwrap();
    resvg::render(&tree, resvg::tiny_skia::Transform::default(), &mut drawn.as_mut());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.png");
    std::fs::write(&file, drawn.encode_png().unwrap()).unwrap();
    match std::process::Command::new("zbarimg").args(["-q", "--nodbus"]).arg(&file).output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned()),
        Err(_) if std::env::var_os("CI").is_some() => panic!("zbarimg reads bar codes: apt-get install zbar-tools"),
        Err(_) => {
            println!("skipped: zbarimg is not installed");
            None
        }
    }
}

#[test]
fn bar_codes_are_read_by_a_scanner() {
    for text in ["22100001", "2210001", "LIB-0042317", "A1234567B", "0", "Ab 1234 ~!", "ABC123456"] {
        match scanned(&code128(text).unwrap()) {
            Some(read) => assert_eq!(read, format!("CODE-128:{text}")),
            None => return,
        }
    }
    for text in ["22100001", "LIB-0042317", "A/B+C%D$ .E"] {
        assert_eq!(scanned(&code39(text).unwrap()).unwrap(), format!("CODE-39:{text}"));
    }
    assert_eq!(scanned(&code39("abc1").unwrap()).unwrap(), "CODE-39:ABC1");
}

#[test]
fn digits_take_half_the_bars() {
    assert_eq!(code128("22100001").unwrap().width(), 11 * (1 + 4 + 1) + 13);
    assert_eq!(code128("AB").unwrap().width(), 11 * (1 + 2 + 1) + 13);
}

#[test]
fn what_a_bar_code_has_no_sign_for_is_a_fault() {
    assert_eq!(code128("").err(), Some(Fault::Empty));
    assert_eq!(code128("é").err(), Some(Fault::Letter));
    assert_eq!(code128("À1\u{106}").err(), Some(Fault::Letter));
    assert_eq!(code128("\n").err(), Some(Fault::Letter));
    assert_eq!(code39("a_b").err(), Some(Fault::Letter));
    assert_eq!(code39("*").err(), Some(Fault::Letter));
    assert_eq!(code39(&"1".repeat(49)).err(), Some(Fault::TooLong(49)));
}

#[test]
fn colors_and_corrections_are_read() {
    assert_eq!("#1A3459".parse(), Ok(Color::EUROPE));
    assert_eq!("q".parse(), Ok(Correction::Q));
    for wrong in ["", "1a3459", "#1a345", "#1a345g", "red", "#éé1111"] {
        assert!(wrong.parse::<Color>().is_err());
    }
    assert!("X".parse::<Correction>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_text_is_read_back(text in "\\PC{1,80}", quiet in 1_u8..6) {
        let code = svg(&text, &Drawing { quiet, ..Drawing::default() }).unwrap();
        prop_assert_eq!(read(&code, false), text);
    }

    #[test]
    fn an_outline_holds_exactly_the_dark_modules(dark in prop::collection::vec(any::<bool>(), 64)) {
        let path = super::outline::outline(&dark, 8, 0);
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8' shape-rendering='crispEdges'><path d='{path}'/></svg>"
        );
        let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
        let mut drawn = resvg::tiny_skia::Pixmap::new(8, 8).unwrap();
        resvg::render(&tree, resvg::tiny_skia::Transform::default(), &mut drawn.as_mut());
        let found: Vec<bool> = drawn.pixels().iter().map(|pixel| pixel.alpha() > 127).collect();
        prop_assert_eq!(found, dark);
    }

    #[test]
    fn any_printable_ascii_makes_bars(text in "[ -~]{1,48}") {
        prop_assert!(code128(&text).is_ok());
        let _ = code39(&text);
    }
}
