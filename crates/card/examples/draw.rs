//! Draws cards of people who do not exist: `cargo run -p card --example draw -- FOLDER [TEMPLATES]`.
//!
//! With a folder of templates (`student.svg`, `staff.svg`, `back.svg`) those are drawn in place of the ones that come
//! along, so that one sees at once what one changes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use card::model::{Affiliation, Card, Photo, QrCode};
use card::panel;
use card::render::{Config, Renderer, Side};
use resvg::{tiny_skia, usvg};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("where are the pictures to be written?");
        return ExitCode::from(2);
    };
    match draw(Path::new(&folder), env::args_os().nth(2).map(PathBuf::from).as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn draw(folder: &Path, templates: Option<&Path>) -> Result<(), String> {
    let own = |name: &str| templates.map(|templates| templates.join(name)).filter(|path| path.exists());
    let logo = folder.join("logo.svg");
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    fs::write(&logo, LOGO).map_err(|error| error.to_string())?;
    let config = Config {
        student: own("student.svg"),
        staff: own("staff.svg"),
        back: own("back.svg"),
        institution: "Université de Ville-sur-Meuse".to_owned(),
        logo: Some(logo),
        about:
            "Cette carte est personnelle. Si vous la trouvez, merci de la déposer dans une boîte aux lettres ou de la \
                renvoyer à : Université de Ville, service de la vie étudiante, 12 place de la République, 54000 Ville."
                .to_owned(),
        ..Config::default()
    };
    let renderer = Renderer::new(&config, Path::new(""), &[]).map_err(|faults| faults.join("\n"))?;
    let panels = panel::Config {
        student: own("panel.svg"),
        heading: "Bibliothèque universitaire".to_owned(),
        lines: vec![
            "{{ card.firstname }} {{ card.lastname }}".to_owned(),
            "{{ card.subtitle }}".to_owned(),
            "Urgence : 03 83 00 00 00".to_owned(),
        ],
        barcode: "{{ card.idNumber }}".to_owned(),
        ..panel::Config::default()
    };
    let zone = jiff::tz::TimeZone::UTC;
    let panels = panel::Panels::new(&panels, Path::new(""), &[], zone).map_err(|faults| faults.join("\n"))?;
    for (name, card) in people()? {
        let codes: Vec<String> = (0..20).map(|turn| format!("HTTPS://CARD.UNIV-VILLE.FR/V/{turn:057}")).collect();
        for (name, codes) in [(format!("{name}-panel"), &codes[..1]), (format!("{name}-series"), &codes)] {
            let at = jiff::Timestamp::from_second(1_795_345_421).map_err(|error| error.to_string())?;
            let panel = panels.draw(&card, &minijinja::context! {}, codes, at).map_err(|fault| fault.to_string())?;
            fs::write(folder.join(name + ".svg"), panel).map_err(|error| error.to_string())?;
        }
        let facts = minijinja::context! {};
        let write = |name: String, file: Result<Vec<u8>, card::render::Fault>| {
            let file = file.map_err(|fault| fault.to_string())?;
            fs::write(folder.join(name), file).map_err(|error| error.to_string())
        };
        write(format!("{name}.svg"), renderer.svg(&card, &facts, Side::Front).map(String::into_bytes))?;
        write(format!("{name}.png"), renderer.png(&card, &facts, Side::Front, 2))?;
        write(format!("{name}-back.png"), renderer.png(&card, &facts, Side::Back, 2))?;
        write(format!("{name}.pdf"), renderer.pdf(&card, &facts, false))?;
        write(format!("{name}-bleed.pdf"), renderer.pdf(&card, &facts, true))?;
    }
    Ok(())
}

fn people() -> Result<Vec<(&'static str, Card)>, String> {
    let student = Card {
        login: "amartin".to_owned(),
        affiliation: Affiliation::Student,
        lastname: "Lefèvre-Montœuf".to_owned(),
        firstname: "Éléonore".to_owned(),
        birthdate: Some("29/02/2004".to_owned()),
        gender: None,
        title: "Carte d'étudiant".to_owned(),
        subtitle: Some("Master 1 Informatique, parcours Systèmes distribués et sécurité".to_owned()),
        ine: Some("0ABC1234567".to_owned()),
        csn: Some("04A1B2C3D4E580".to_owned()),
        id_number: "22100001".to_owned(),
        end_date: 2027,
        euid: Some("fr:0ABC1234567".to_owned()),
        escn: Some("a1b2c3d4-e5f6-11ee-8abc-001999999999".to_owned()),
        photo: portrait("#6b3f2a", "#f1c7a5", "#d96c4f")?,
        qr_code: Some(QrCode { kind: "url".to_owned(), value: "https://card.univ-ville.fr/v/AQ3K9TB2XW".to_owned() }),
    };
    let staff = Card {
        affiliation: Affiliation::Staff,
        lastname: "Константинопольская".to_owned(),
        firstname: "Анастасия Сергеевна".to_owned(),
        birthdate: Some("10/10/1980".to_owned()),
        title: "Carte professionnelle".to_owned(),
        subtitle: Some("Maîtresse de conférences, UFR Mathématiques et informatique".to_owned()),
        ine: None,
        id_number: "000AA12345".to_owned(),
        euid: None,
        escn: None,
        photo: portrait("#2d2a32", "#e5b08c", "#3f6f8f")?,
        ..student.clone()
    };
    let long = Card {
        lastname: "De Montmorency-Westermann La Rochefoucau".to_owned(),
        firstname: "Maximilienne Gwendoline Marie-Clémentine".to_owned(),
        subtitle: Some(
            "Master 2 Métiers de l'enseignement, de l'éducation et de la formation, mention MEEF".to_owned(),
        ),
        title: "Carte d'étudiant en formation continue".to_owned(),
        ..student.clone()
    };
    let short = Card {
        lastname: "Ô".to_owned(),
        firstname: "Ng".to_owned(),
        subtitle: None,
        ine: None,
        csn: None,
        qr_code: None,
        escn: None,
        euid: None,
        ..student.clone()
    };
    let long_staff = Card { affiliation: Affiliation::Staff, ..long.clone() };
    Ok(vec![("student", student), ("staff", staff), ("long", long), ("long-staff", long_staff), ("short", short)])
}

/// A drawn face in the place of a photo.
fn portrait(hair: &str, skin: &str, clothes: &str) -> Result<Photo, String> {
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 320" width="480" height="640">
        <defs><linearGradient id="b" x2="0" y2="1"><stop offset="0" stop-color="#dfe8f0"/><stop offset="1" stop-color="#b9c9d8"/></linearGradient></defs>
        <path d="M0 0h240v320H0z" fill="url(#b)"/>
        <path d="M58 150C40 60 84 38 120 38s84 22 64 120c8 60 6 96-10 112H66c-16-20-18-60-8-120z" fill="{hair}"/>
        <path d="M96 210h48v50c0 16-48 16-48 0z" fill="{skin}"/><path d="M96 214c10 20 38 20 48 0v14c-10 16-38 16-48 0z" fill="#000" fill-opacity=".12"/>
        <path d="M20 320c0-58 40-72 76-76 6 22 42 22 48 0 36 4 76 18 76 76z" fill="{clothes}"/>
        <path d="M74 138c0-44 20-62 46-62s46 18 46 62c0 52-22 88-46 88s-46-36-46-88z" fill="{skin}"/>
        <path d="M70 140c-2-50 20-78 54-74 34-2 48 24 46 72-10-8-16-22-18-36-22 10-52 8-64 0-4 14-10 28-18 38z" fill="{hair}"/>
        <circle cx="102" cy="146" r="5" fill="#2b2320"/><circle cx="138" cy="146" r="5" fill="#2b2320"/>
        <path d="M92 133q10-6 19-1M129 132q10-5 19 1" stroke="{hair}" stroke-width="3.5" fill="none" stroke-linecap="round"/>
        <path d="M120 150q-4 18-6 22 4 5 11 3" stroke="#000" stroke-opacity=".25" stroke-width="2.5" fill="none" stroke-linecap="round"/>
        <path d="M104 193q16 13 32 0" stroke="#a8453a" stroke-width="4" fill="none" stroke-linecap="round"/></svg>"##
    );
    let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).map_err(|error| error.to_string())?;
    let mut pixels = tiny_skia::Pixmap::new(480, 640).ok_or("no picture")?;
    resvg::render(&tree, tiny_skia::Transform::default(), &mut pixels.as_mut());
    let png = pixels.encode_png().map_err(|error| error.to_string())?;
    card::photo::make(&png, &card::photo::Config::default()).map_err(|fault| fault.to_string())
}

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
<path d="M32 2l26 9v20c0 17-12 27-26 31C18 58 6 48 6 31V11z" fill="#16407a"/>
<path d="M14 26q9-5 18 1 9-6 18-1v20q-9-5-18 1-9-6-18-1z" fill="#fff"/><path d="M32 27v20" stroke="#16407a" stroke-width="2"/>
<path d="M20 17h24" stroke="#f2b632" stroke-width="4" stroke-linecap="round"/></svg>"##;
