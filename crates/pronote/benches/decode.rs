//! What reading an answer costs: the floor (decrypt, inflate, parse), the same with the model, and each page's decoder.

use pronote::functions::{Context, decode, instance, timetable, user};
use pronote::protocol::Flags;
use pronote::protocol::cipher::Keys;
use pronote::protocol::envelope::{Direction, fold, unfold};
use pronote::wire::Json;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// One small answer per page, in the server's names, under the function's name and tab.
const PAGES: &str = include_str!("decode/pages.json");
const ALL: Flags = Flags { encrypt: true, compress: true };

fn page(name: &str) -> String {
    let pages: Value = serde_json::from_str(PAGES).expect("the pages beside this bench are JSON");
    pages[name].to_string()
}

fn context() -> Context {
    let mut context = Context::default();
    let (school, _) = decode::read::<instance::Request>(&page("FonctionParametres"), &context).expect("our own answer");
    context.instance = school.into();
    let (user, _) = decode::read::<user::Request>(&page("ParametresUtilisateur"), &context).expect("our own answer");
    context.user = user.into();
    context
}

fn keys() -> Keys {
    Keys::new(b"an invented session key", b"an invented vector")
}

/// A week of thirty lessons as a server sends it: `{"data": …}`, some cancelled, some with contents.
fn week() -> String {
    let lessons = (0..30).map(|number| {
        let (day, hour) = (number / 6, number % 6);
        let at = |hour: i32| json!({ "_T": 7, "V": format!("{:02}/09/2025 {:02}:00:00", 8 + day, hour) });
        json!({
            "N": format!("29#Lesson{number:02}abcdefghijklmnopqrstuvwxyz0123456789ABCDE"),
            "G": 0, "P": 100 + number, "place": day * 20 + hour * 2, "duree": 2,
            "DateDuCours": at(8 + hour), "DateDuCoursFin": at(9 + hour), "CouleurFond": "#2338BB",
            "estAnnule": number % 11 == 0, "AvecTafPublie": number % 3 == 0, "AvecCdT": true,
            "cahierDeTextes": { "_T": 24, "V": { "N": format!("18#Contents{number:02}abcdefghijklmnopqrstuvwxyz") } },
            "ListeContenus": { "_T": 24, "V": [
                { "L": format!("MATIÈRE {hour}"), "N": format!("79#Subject{hour}abcdefghijklmnopqrstuvwxyz0123456789"), "G": 16 },
                { "G": 3, "L": "ROCHE A." },
                { "L": "B12", "N": "129#Roomabcdefghijklmnopqrstuvwxyz0123456789", "G": 17 },
                { "L": "3B GR.1", "N": "60#Groupabcdefghijklmnopqrstuvwxyz0123456789", "G": 2 },
            ] },
        })
    });
    let data = json!({ "avecCoursAnnule": true, "ListeCours": lessons.collect::<Vec<_>>() });
    json!({ "data": data, "nom": "PageEmploiDuTemps", "Signature": {} }).to_string()
}

fn folded(text: &str) -> String {
    fold(text, Direction::Response, ALL, &keys()).trim_matches('"').to_owned()
}

#[divan::bench]
fn timetable_week_floor(bencher: divan::Bencher<'_, '_>) {
    let (folded, keys) = (folded(&week()), keys());
    bencher.bench_local(|| {
        let text = unfold(&folded, Direction::Response, ALL, &keys).expect("our own payload");
        let read: Json<'_> = Json::parse(&text).expect("our own answer");
        divan::black_box(&read);
    });
}

#[divan::bench]
fn timetable_week_floor_with_serde_json_values(bencher: divan::Bencher<'_, '_>) {
    let (folded, keys) = (folded(&week()), keys());
    bencher.bench_local(|| {
        let text = unfold(&folded, Direction::Response, ALL, &keys).expect("our own payload");
        serde_json::from_str::<Value>(&text).expect("our own answer")
    });
}

#[divan::bench]
fn timetable_week_decoded(bencher: divan::Bencher<'_, '_>) {
    let (folded, keys, context) = (folded(&week()), keys(), context());
    bencher.bench_local(|| {
        let text = unfold(&folded, Direction::Response, ALL, &keys).expect("our own payload");
        let (week, noted) = decode::read::<timetable::Request>(&text, &context).expect("our own answer");
        assert!(week.entries.len() == 30 && noted.is_empty());
        week
    });
}

/// Parses and decodes one answer of a page; the JSON of the result is part of it.
#[divan::bench(args = pages())]
fn page_decoded(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (text, context) = (page(name), context());
    let (function, tab) = name.split_once(' ').map_or((name, None), |(function, tab)| (function, tab.parse().ok()));
    let decoded = decode::decode(function, tab, &text, &context).expect("our own answer");
    assert_eq!(decoded.diagnostics, [], "{name}");
    bencher.bench_local(|| decode::decode(function, tab, &text, &context));
}

fn pages() -> Vec<String> {
    let pages: Value = serde_json::from_str(PAGES).expect("the pages beside this bench are JSON");
    pages.as_object().expect("pages by name").keys().cloned().collect()
}
