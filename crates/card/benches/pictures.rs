//! What pictures cost: making a photo ready, drawing a card in each form, and a panel.

use card::model::{Affiliation, Card, QrCode};
use card::panel::{self, Panels};
use card::photo::{self, make};
use card::render::{self, Renderer, Side};
use divan::Bencher;
use divan::counter::BytesCount;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

fn main() {
    divan::main();
}

/// Something like a photo: soft shapes, and the noise of a camera.
fn picture(width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut state = 7_u32;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 28) as f32;
        let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
        let shape = ((x - 0.5).powi(2) + (y - 0.4).powi(2) < 0.06) as u8 as f32 * 90.0;
        let grey = 80.0 + 60.0 * (x * 9.0).sin() * (y * 7.0).cos() + shape + noise;
        Rgb([grey, grey * 0.9, grey * 0.75 + 20.0].map(|channel| channel.clamp(0.0, 255.0) as u8))
    });
    let mut jpeg = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality)).expect("memory takes it");
    jpeg
}

fn card() -> Card {
    let config = photo::Config::default();
    Card {
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
        escn: None,
        photo: make(&picture(480, 640, 80), &config).expect("a photo"),
        qr_code: Some(QrCode { kind: "url".to_owned(), value: "https://card.univ-ville.fr/v/AQ3K9TB2XW".to_owned() }),
    }
}

fn renderer() -> Renderer {
    let config = render::Config { institution: "Université de Ville".to_owned(), ..render::Config::default() };
    Renderer::new(&config, "".as_ref(), &[]).expect("the templates that come along")
}

/// A photo of 12 megapixels, as a telephone takes it: some 6 MB.
#[divan::bench]
fn photo_of_6_mb(bencher: Bencher<'_, '_>) {
    let file = picture(3_000, 4_000, 95);
    let config = photo::Config::default();
    bencher.counter(BytesCount::new(file.len())).bench(|| make(&file, &config));
}

/// A photo as most directories have it, a little too large.
#[divan::bench]
fn photo_of_40_kb(bencher: Bencher<'_, '_>) {
    let file = picture(500, 667, 60);
    let config = photo::Config::default();
    bencher.counter(BytesCount::new(file.len())).bench(|| make(&file, &config));
}

/// A photo that is passed on as it is.
#[divan::bench]
fn photo_that_is_ready(bencher: Bencher<'_, '_>) {
    let file = picture(300, 400, 80);
    let config = photo::Config::default();
    bencher.counter(BytesCount::new(file.len())).bench(|| make(&file, &config));
}

#[divan::bench(args = [Side::Front, Side::Back])]
fn svg(bencher: Bencher<'_, '_>, side: Side) {
    let (renderer, card, facts) = (renderer(), card(), minijinja::context! {});
    bencher.bench(|| renderer.svg(&card, &facts, side));
}

#[divan::bench(args = [1, 2, 3])]
fn png(bencher: Bencher<'_, '_>, scale: u8) {
    let (renderer, card, facts) = (renderer(), card(), minijinja::context! {});
    bencher.bench(|| renderer.png(&card, &facts, Side::Front, scale));
}

#[divan::bench]
fn pdf(bencher: Bencher<'_, '_>) {
    let (renderer, card, facts) = (renderer(), card(), minijinja::context! {});
    bencher.bench(|| renderer.pdf(&card, &facts, false));
}

#[divan::bench(args = [1, 20])]
fn panel(bencher: Bencher<'_, '_>, codes: usize) {
    let config = panel::Config {
        lines: vec!["{{ card.firstname }} {{ card.lastname }}".to_owned()],
        barcode: "{{ card.idNumber }}".to_owned(),
        ..panel::Config::default()
    };
    let zone = jiff::tz::TimeZone::UTC;
    let panels = Panels::new(&config, "".as_ref(), &[], zone).expect("the template that comes along");
    let codes: Vec<String> = (0..codes).map(|turn| format!("HTTPS://CARD.UNIV-VILLE.FR/V/{turn:057}")).collect();
    let (card, facts) = (card(), minijinja::context! {});
    bencher.bench(|| panels.draw(&card, &facts, &codes, jiff::Timestamp::UNIX_EPOCH));
}
