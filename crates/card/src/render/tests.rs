use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use image::{Rgb, RgbImage};
use minijinja::context;
use proptest::prelude::*;
use resvg::usvg::Node;

use super::fit::{Room, fit};
use super::fonts::Face;
use super::*;
use crate::model::{Photo, QrCode};

/// Somebody with a green photo.
pub(crate) fn card() -> Card {
    let mut jpeg = Vec::new();
    let green = RgbImage::from_pixel(48, 64, Rgb([20, 160, 70]));
    green.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut jpeg)).unwrap();
    Card {
        login: "amartin".to_owned(),
        affiliation: Affiliation::Student,
        lastname: "Lefèvre".to_owned(),
        firstname: "Émilie Мартин".to_owned(),
        birthdate: Some("29/02/2004".to_owned()),
        gender: None,
        title: "Carte d'étudiant".to_owned(),
        subtitle: Some("Master 1 informatique".to_owned()),
        ine: Some("0ABC1234567".to_owned()),
        csn: Some("04A1B2C3D4E580".to_owned()),
        id_number: "22100001".to_owned(),
        end_date: 2027,
        euid: None,
        escn: None,
        photo: crate::photo::make(&jpeg, &crate::photo::Config::default()).unwrap(),
        qr_code: Some(QrCode { kind: "url".to_owned(), value: "https://card.univ-ville.fr/v/ABC".to_owned() }),
    }
}

fn renderer() -> Renderer {
    let config = Config {
        institution: "Université de Ville".to_owned(),
        color: Some("#aa2200".to_owned()),
        about: "Rendre à l'accueil.".to_owned(),
        ..Config::default()
    };
    Renderer::new(&config, Path::new(""), &[]).unwrap()
}

/// A renderer for students with a template of the test's own, or what is wrong with it.
fn with_template(template: &str) -> Result<Renderer, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own.svg"), template).unwrap();
    let config = Config { student: Some("own.svg".into()), ..Config::default() };
    Renderer::new(&config, folder.path(), &["ldap".to_owned()])
}

/// A template of a card with something on it.
fn own(content: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 850 540\">{content}</svg>")
}

fn refused(template: &str, with: &str) {
    let faults = with_template(template).unwrap_err();
    assert!(faults.len() == 1 && faults[0].starts_with("student: ") && faults[0].contains(with), "{faults:?}");
}

fn none() -> Value {
    context! {}
}

/// What a code in a picture says, for an independent reader.
pub(crate) fn read_code(png: &[u8]) -> String {
    let picture = image::load_from_memory(png).unwrap().to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.get_pixel(x as u32, y as u32).0[0]);
    let codes = picture.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

/// What a program says of a file; nothing, when it is not installed.
fn told(program: &str, arguments: &[&str], file: &[u8]) -> Option<String> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        assert!(std::env::var_os("CI").is_none(), "{program} reads PDF files: apt-get install poppler-utils");
        println!("skipped: {program} is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(file).unwrap();
    Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}

#[test]
fn the_templates_that_come_along_hold_names_of_40_letters() {
    let renderer = renderer();
    for card in sample::cards(Affiliation::Student).into_iter().chain(sample::cards(Affiliation::Staff)) {
        for side in [Side::Front, Side::Back] {
            let svg = renderer.svg(&card, &none(), side).unwrap();
            assert!(renderer.tree(&svg).is_ok());
        }
    }
}

#[test]
fn what_is_known_of_somebody_is_text_and_nothing_else() {
    let evil = Card {
        lastname: "</text><script>alert(1)</script>&amp;\"'\u{0}\u{b}".to_owned(),
        subtitle: Some("{{ card.ine }}".to_owned()),
        ..card()
    };
    let svg = renderer().svg(&evil, &none(), Side::Front).unwrap();
    assert!(!svg.contains("<script"));
    let document = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
    let text: String =
        document.descendants().filter(resvg::usvg::roxmltree::Node::is_text).filter_map(|node| node.text()).collect();
    assert!(text.contains("</text><script>alert(1)</script>&amp;\"'"), "{text}");
    assert!(text.contains("{{ card.ine }}"));
}

#[test]
fn a_name_is_never_cut_however_long_it_is() {
    let name = "Très Longue ".repeat(40);
    let svg = renderer().svg(&Card { lastname: name.clone(), ..card() }, &none(), Side::Front).unwrap();
    assert_eq!(svg.matches("Longue").count(), 40);
    let tree = renderer().tree(&svg).unwrap();
    assert!(texts(tree.root()).iter().all(|(left, right)| *left >= 0.0 && *right <= 560.0 || *left > 600.0));
}

/// From where to where the texts of a drawing go.
fn texts(group: &resvg::usvg::Group) -> Vec<(f32, f32)> {
    let mut found = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(group) => found.extend(texts(group)),
            Node::Text(text) => found.push((text.abs_bounding_box().left(), text.abs_bounding_box().right())),
            _ => {}
        }
    }
    found
}

#[test]
fn a_picture_is_as_large_as_asked_for_and_shows_the_photo() {
    let renderer = renderer();
    for scale in 1..=3 {
        let png = renderer.png(&card(), &none(), Side::Front, scale).unwrap();
        let picture = image::load_from_memory(&png).unwrap().to_rgba8();
        let scale = u32::from(scale);
        assert_eq!((picture.width(), picture.height()), (856 * scale, 540 * scale));
        let at = |x: u32, y: u32| picture.get_pixel(x * scale, y * scale).0;
        let [red, green, blue, _] = at(692, 200);
        assert!(red < 40 && green.abs_diff(160) < 12 && blue.abs_diff(70) < 12, "the photo is green");
        assert_eq!(at(1, 1)[3], 0, "the corners are round");
        let [red, green, blue, alpha] = at(800, 520);
        assert!(
            alpha == 255 && red > 120 && green < 60 && blue < 40,
            "the color of the institution: {:?}",
            at(800, 520)
        );
        let ink = (40..200).any(|x| (120..156).any(|y| at(x, y)[0] < 60));
        assert!(ink, "the name is written");
    }
    assert_eq!(renderer.png(&card(), &none(), Side::Front, 0), Err(Fault::Scale));
    assert_eq!(renderer.png(&card(), &none(), Side::Front, 4), Err(Fault::Scale));
}

#[test]
fn the_code_on_the_back_is_read_from_the_picture() {
    let png = renderer().png(&card(), &none(), Side::Back, 1).unwrap();
    assert_eq!(read_code(&png), "https://card.univ-ville.fr/v/ABC");
    let escn = "a1b2c3d4-e5f6-11ee-8abc-001999999999".to_owned();
    let european = Card { qr_code: None, escn: Some(escn.clone()), ..card() };
    let png = renderer().png(&european, &none(), Side::Back, 1).unwrap();
    assert_eq!(read_code(&png), format!("https://esc.gg/{escn}"));
}

#[test]
fn a_pdf_has_two_pages_of_the_size_of_a_card_with_real_text_and_the_photo_once() {
    let pdf = renderer().pdf(&card(), &none(), false).unwrap();
    let Some(about) = told("pdfinfo", &["-"], &pdf) else { return };
    assert!(about.contains("Pages:           2") && about.contains("242.646 x 153.014 pts"), "{about}");
    let text = told("pdftotext", &["-layout", "-", "-"], &pdf).unwrap();
    for written in
        ["Lefèvre", "Émilie Мартин", "29/02/2004", "22100001", "CARTE D'ÉTUDIANT", "2026 – 2027", "Rendre à l'accueil."]
    {
        assert!(text.contains(written), "{written} in {text}");
    }
    let pictures = told("pdfimages", &["-list", "-"], &pdf).unwrap();
    assert_eq!(pictures.lines().filter(|line| line.contains(" jpeg ")).count(), 1, "{pictures}");
    let fonts = told("pdffonts", &["-"], &pdf).unwrap();
    assert!(fonts.lines().skip(2).all(|font| font.contains("DejaVu") && font.contains("yes yes yes")), "{fonts}");
}

#[test]
fn a_pdf_with_a_bleed_goes_3_mm_beyond_the_edges_and_says_where_they_are() {
    let pdf = renderer().pdf(&card(), &none(), true).unwrap();
    let Some(about) = told("pdfinfo", &["-box", "-"], &pdf) else { return };
    assert!(about.contains("259.654 x 170.022 pts"), "{about}");
    let trim = about.lines().find(|line| line.starts_with("TrimBox")).unwrap();
    assert_eq!(trim.split_whitespace().collect::<Vec<_>>(), ["TrimBox:", "8.50", "8.50", "251.15", "161.52"]);
}

#[test]
fn a_view_is_widened_by_the_bleed_whatever_else_the_root_says() {
    let widened = pdf::widened(&own("<g/>").replace("viewBox", "width='850' viewBox")).unwrap();
    let document = resvg::usvg::roxmltree::Document::parse(&widened).unwrap();
    let root = document.root_element();
    let [left, top, width, height] = root.attribute("viewBox").and_then(pdf::numbers).unwrap();
    assert!((left + 29.79).abs() < 0.01 && (width - 909.58).abs() < 0.01 && root.attribute("width").is_none());
    assert!((top + 30.01).abs() < 0.01 && (height - 600.02).abs() < 0.01);
    assert_eq!(pdf::widened("<svg/>"), None);
    assert_eq!(pdf::numbers("0,0 1e3,NaN"), None);
}

#[test]
fn an_institution_uses_its_own_template_and_the_words_of_its_sources() {
    let renderer = with_template(&own(
        "{{ write(ldap.supannEntiteAffectation, x=20, y=40, width=700, size=20) }}<text y='90'>{{ card.idNumber }}</text>",
    ))
    .unwrap();
    let facts = context! { ldap => context! { supannEntiteAffectation => "UFR Sciences" } };
    let svg = renderer.svg(&card(), &facts, Side::Front).unwrap();
    assert!(svg.contains(">UFR Sciences</tspan>") && svg.contains("<text y='90'>22100001</text>"));
    // What a source does not tell is a fault of the template, told without what is known.
    let fault = renderer.svg(&card(), &none(), Side::Front).unwrap_err();
    assert_eq!(fault.to_string(), "the template `student`, line 1: undefined value");
}

#[test]
fn a_template_in_which_a_long_name_runs_out_is_refused() {
    refused(&own("<text x='300' y='70' font-size='33'>{{ card.lastname }}</text>"), "runs out of the card");
    refused(
        &own(
            "<image href='{{ photo }}' x='605' y='5' width='240' height='320'/><text x='40' y='70' font-size='24'>{{ card.lastname }}</text>",
        ),
        "over the photo",
    );
    refused(&own("{{ write(card.lastname, x=40, y=70, width=300, size=33, min=25) }}"), "smaller than 25");
    refused(
        &own("{{ write(card.lastname, x=40, y=70, width=300, size=33, min=9, lines=3) }}<text x='40' y='100'>x</text>"),
        "over the text",
    );
    assert!(with_template(&own("{{ write(card.lastname, x=40, y=70, width=500, size=33, min=12) }}")).is_ok());
}

#[test]
fn a_template_that_leads_outside_or_is_no_card_is_refused() {
    for (content, with) in [
        ("<image href='https://a.fr/logo.png' width='9' height='9'/>", "leads outside"),
        ("<image href='/etc/passwd' width='9' height='9'/>", "leads outside"),
        ("<rect fill='url(https://a.fr/x.svg#a)'/>", "leads outside"),
        ("<style>@import 'a.css';</style>", "leads outside"),
        ("<style>rect{fill:url( 'x.svg#a')}</style>", "leads outside"),
        ("<script>1</script>", "script"),
        ("<g onclick='1'/>", "leads outside"),
        ("<foreignObject/>", "foreignObject"),
        ("{{ nobody.name }}", "undefined value"),
        ("{{ write(card.lastname, x=1) }}", "missing"),
        ("{{ write(card.lastname, x=1, y=1, width=9000, size=9, colour='red') }}", "colour"),
        ("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}", "fuel"),
        ("<g>", "it gives no SVG"),
    ] {
        refused(&own(content), with);
    }
    refused("{% if %}", "syntax error");
    refused("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 540 850'/>", "not of the proportions of a card");
    refused("<svg xmlns='http://www.w3.org/2000/svg'/>", "no viewBox");
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_setting() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latin.svg"), b"<svg>\xe9</svg>").unwrap();
    fs::write(folder.path().join("large.svg"), vec![b' '; 500_001]).unwrap();
    fs::write(folder.path().join("text.txt"), "no picture").unwrap();
    let config = Config {
        student: Some("latin.svg".into()),
        staff: Some("large.svg".into()),
        back: Some("nowhere.svg".into()),
        logo: Some("text.txt".into()),
        color: Some("red".to_owned()),
        font: Some("Nowhere Sans".to_owned()),
        ..Config::default()
    };
    let mut faults = Renderer::new(&config, folder.path(), &[]).unwrap_err();
    faults.sort();
    let settings: Vec<&str> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    assert_eq!(settings, ["back", "color", "font", "logo", "staff", "student"], "{faults:?}");
    assert!(toml::from_str::<Config>("institution = 'U'\nlogo = 'a.png'").is_ok());
    assert!(toml::from_str::<Config>("insitution = 'U'").is_err());
}

#[test]
fn an_institution_brings_its_own_font() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mono.TTF"), dejavu::sans_mono::regular()).unwrap();
    fs::write(folder.path().join("notes.txt"), "no font").unwrap();
    let config = Config { fonts: Some("".into()), font: Some("DejaVu Sans Mono".to_owned()), ..Config::default() };
    let template = own("{{ write(card.lastname, x=0, y=70, width=800, size=30, min=9) }}");
    fs::write(folder.path().join("own.svg"), template).unwrap();
    let own = Some(PathBuf::from("own.svg"));
    let config = Config { student: own.clone(), staff: own.clone(), back: own, ..config };
    let renderer = Renderer::new(&config, folder.path(), &[]).unwrap();
    let ten = renderer.svg(&Card { lastname: "iiiiiiiiii".to_owned(), ..card() }, &none(), Side::Front).unwrap();
    let [(left, right)] = texts(renderer.tree(&ten).unwrap().root())[..] else { panic!("one text") };
    assert!((right - left - 180.6).abs() < 1.0, "ten letters of the same width: {}", right - left);
}

#[test]
fn a_name_without_letters_in_the_font_is_drawn_all_the_same() {
    let svg = renderer().svg(&Card { lastname: "王小明 🎓 עברית".to_owned(), ..card() }, &none(), Side::Front).unwrap();
    assert!(renderer().tree(&svg).is_ok());
}

#[test]
fn a_photo_that_is_missing_leaves_its_place() {
    let nobody = Photo { uri: Arc::from(""), size: (0, 0) };
    let png = renderer().png(&Card { photo: nobody, ..card() }, &none(), Side::Front, 1).unwrap();
    assert!(image::load_from_memory(&png).is_ok());
}

fn face(weight: u16, condensed: bool) -> Face {
    Face { family: "sans-serif".to_owned(), weight, condensed, italic: false }
}

#[test]
fn a_text_is_broken_before_it_is_written_smaller() {
    let (fonts, face) = (Fonts::built_in(), face(400, false));
    let room = Room { width: 200.0, size: 20.0, min: 10.0, lines: 2 };
    let lines = |text: &str| {
        let fitted = fit(text, &room, &face, &fonts);
        (fitted.size, fitted.lines.into_iter().map(|(line, _)| line).collect::<Vec<_>>())
    };
    assert_eq!(lines("Émilie"), (20.0, vec!["Émilie".to_owned()]));
    assert_eq!(lines("Marie-Clémentine Martin"), (20.0, vec!["Marie-Clémentine".to_owned(), "Martin".to_owned()]));
    assert_eq!(lines("Anne-Marie-Françoise"), (20.0, vec!["Anne-Marie-".to_owned(), "Françoise".to_owned()]));
    assert_eq!(lines("  "), (20.0, vec![]));
    assert!(lines("Maximilienne-Clémentine de Montmorency").0 < 20.0);
    assert!(lines(&"W".repeat(300)).0 < 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The measure that decides is the one that draws.
    #[test]
    fn no_text_is_drawn_wider_than_its_room(
        text in "[A-Za-zÀ-ÿŁŠŽА-яЁё' -]{1,60}", width in 60_f32..700.0, lines in 1_usize..4, weight in prop::sample::select(vec![400_u16, 700]),
        condensed in any::<bool>(),
    ) {
        let fonts = Fonts::built_in();
        let env = functions::environment(&fonts);
        let svg = env.render_str(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 800 400'>{{ write(text, x=0, y=100, width=width, size=40, lines=lines, weight=weight, condensed=condensed) }}</svg>",
            context! { text, width, lines, weight, condensed },
        ).unwrap();
        let tree = Tree::from_str(&svg, &options(&fonts)).unwrap();
        for (left, right) in texts(tree.root()) {
            prop_assert!(right - left <= width * 1.005, "{} in {width}", right - left);
        }
    }

    #[test]
    fn anybody_can_be_drawn(lastname in "\\PC{0,60}", firstname in any::<String>(), subtitle in any::<Option<String>>(), id_number in ".{0,60}") {
        static RENDERER: std::sync::LazyLock<Renderer> = std::sync::LazyLock::new(renderer);
        let card = Card { lastname, firstname, subtitle, id_number, ..card() };
        for side in [Side::Front, Side::Back] {
            let svg = RENDERER.svg(&card, &none(), side).unwrap();
            prop_assert!(RENDERER.tree(&svg).is_ok());
        }
    }
}
