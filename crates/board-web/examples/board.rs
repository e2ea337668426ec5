//! Serves a board with invented classes, to look at its pages: `cargo run -p board-web --example board [ADDRESS]`.
//!
//! It is Wednesday, 16 September 2026 when it starts. Everything is in a temporary folder, and gone afterwards.

#![expect(clippy::unwrap_used, reason = "an example that cannot go on stops")]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use board::{
    Actor, Alerts, Bell, Board, Changes, ClassId, ClassSettings, Config, Expect, Holiday, NO_CHANGE, NO_LESSON,
    NewUser, Parity, Plan, Platform, Role, Source, Task, Week,
};
use board_web::{App, ClientAddress, Settings};
use jiff::civil::{Date, date, time};
use secrecy::SecretString;

/// The password of every account.
const PASSWORD: &str = "rucksack-leather";

#[tokio::main]
async fn main() {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let (start, begin) = (Instant::now(), "2026-09-16T07:00:00Z".parse::<jiff::Timestamp>().unwrap());
    let clock = Arc::new(move || begin + start.elapsed());
    let board = Board::open(Config { clock, ..Config::new(folder.path()) }).await.unwrap();
    fill(&board).await;

    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
    println!("http://{}/board/ anna, boris, vera, admin: {PASSWORD}", listener.local_addr().unwrap());
    let here = ClientAddress(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let router = board_web::router(Arc::new(App::new(board, Settings::default()))).layer(Extension(here));
    axum::serve(listener, router).with_graceful_shutdown(stdin_ends()).await.unwrap();
}

/// Ends with whoever started it: when they go, so does their end of the standard input.
async fn stdin_ends() {
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await.unwrap().unwrap();
}

async fn fill(board: &Board) {
    let by = Actor { name: "anna".to_owned(), ..Actor::program("editor") };
    let class = board.default_class().await.unwrap().id;
    let settings = ClassSettings {
        zone: Some("Europe/Moscow".to_owned()),
        bells: [(8, 30), (9, 25), (10, 20), (11, 25), (12, 20), (13, 15), (14, 10), (15, 5)].map(bell).into(),
        holidays: vec![Holiday {
            from: date(2026, 10, 26),
            to: date(2026, 11, 3),
            name: "Осенние каникулы".to_owned(),
        }],
        week_a: Some(date(2026, 9, 7)),
        ..ClassSettings::named("9Б")
    };
    board.set_class(&by, class, settings, Expect::Anything).await.unwrap();
    let empty = board.add_class(&by, "5a", ClassSettings::named("5А")).await.unwrap().id;
    add_people(board, class, empty).await;

    let names = [
        "Русский язык",
        "Алгебра",
        "Геометрия",
        "Литература",
        "Физика",
        "История",
        "Английский язык",
        "Биология",
        "Химия",
        "География",
        "Информатика",
        "Физкультура",
        "ОБЖ",
    ];
    board.add_subjects(&by, class, &names.map(str::to_owned)).await.unwrap();
    board.set_note(&by, class, 2, "№ 112–118, выучить формулы сокращённого умножения", Expect::Anything).await.unwrap();
    board.set_note(&by, class, 4, "Читать «Слово о полку Игореве»", Expect::Anything).await.unwrap();
    board.set_note(&by, class, 7, "Unit 2, ex. 5–7", Expect::Anything).await.unwrap();
    board.set_week(&by, class, week([1, 2, 4, 5, 6, 7, 0, 0], &names), Expect::Anything).await.unwrap();
    for (first, parity) in [(date(2026, 9, 1), Parity::A), (date(2026, 9, 2), Parity::B)] {
        let shift = i64::from(parity == Parity::B);
        let rows = [2 + shift, 1, 5, 5 + shift, 9, 12, 7, 0];
        let plan = Plan {
            valid_from: first,
            valid_to: Some(date(2026, 12, 30)),
            parity,
            week: week(rows, &names),
            source: Source::Hand,
        };
        board.add_timetable(&by, class, plan).await.unwrap();
    }
    let changes = Changes {
        text: "В четверг нет физкультуры, вместо неё химия. Второй урок отменён.".to_owned(),
        rows: [NO_CHANGE, NO_LESSON, NO_CHANGE, NO_CHANGE, NO_CHANGE, 9, NO_CHANGE, 11],
        source: Source::Hand,
    };
    board.set_changes(&by, class, Some(date(2026, 9, 17)), changes, Expect::Nothing).await.unwrap();
    let boris = Actor { name: "boris".to_owned(), ..Actor::program("editor") };
    for (subject, due, text, links) in [
        (2, date(2026, 9, 17), "§ 4, № 57–61 письменно", vec![]),
        (5, date(2026, 9, 17), "Лабораторная работа № 2: оформить отчёт", vec!["https://example.org/lab2"]),
        (6, date(2026, 9, 18), "Параграф 3, вопросы 1–5", vec![]),
        (1, date(2026, 9, 21), "Упражнение 34", vec![]),
        (1, date(2026, 9, 10), "Упражнение 12", vec![]),
    ] {
        let links = links.into_iter().map(str::to_owned).collect();
        let task = Task { subject, given: date(2026, 9, 9), due, text: text.to_owned(), links, source: Source::Hand };
        board.add_assignment(&boris, class, task).await.unwrap();
    }
    from_pronote(board, class, date(2026, 9, 18)).await;
    let code = board.class("main").await.unwrap().or(board.default_class().await.ok()).unwrap().code;
    board.bind_chat(Platform::Vk, 2_000_000_001, &code).await.unwrap();
    board.bind_chat(Platform::Telegram, -1_001_234_567, &code).await.unwrap();
    board.set_alerts(Platform::Telegram, -1_001_234_567, Some(Alerts::Daily(time(18, 0, 0, 0)))).await.unwrap();
}

async fn add_people(board: &Board, class: ClassId, empty: ClassId) {
    let by = Actor::program("command");
    for (name, admin, roles) in [
        ("admin", true, BTreeMap::new()),
        ("anna", false, BTreeMap::from([(class, Role::Head)])),
        ("boris", false, BTreeMap::from([(class, Role::Editor)])),
        ("vera", false, BTreeMap::from([(class, Role::Reader)])),
        ("galina", false, BTreeMap::from([(class, Role::Editor), (empty, Role::Head)])),
    ] {
        let password = SecretString::from(PASSWORD.to_owned());
        let new = NewUser { name: name.to_owned(), password, strong: true, admin, roles };
        board.add_user(&by, new).await.unwrap();
    }
}

/// What PRONOTE gave, and what somebody wrote over.
async fn from_pronote(board: &Board, class: ClassId, due: Date) {
    let by = Actor::program("pronote");
    for (subject, text) in [(8, "Клетка: рисунок и подписи"), (10, "Контурная карта, с. 6")]
    {
        let source = Source::Pronote { origin: "SVT, 18 septembre".to_owned() };
        let task = Task { subject, given: date(2026, 9, 14), due, text: text.to_owned(), links: Vec::new(), source };
        let added = board.add_assignment(&by, class, task.clone()).await.unwrap();
        if subject == 10 {
            let anna = Actor { name: "anna".to_owned(), ..Actor::program("editor") };
            let task = Task { text: "Контурная карта, с. 6–7 и атлас".to_owned(), ..task };
            board.set_assignment(&anna, class, added.id, task, Expect::Anything).await.unwrap();
        }
    }
}

fn bell((hour, minute): (i8, i8)) -> Bell {
    let from = time(hour, minute, 0, 0);
    Bell { from, to: from.wrapping_add(jiff::Span::new().minutes(45)) }
}

/// A week whose days begin one lesson later each.
fn week(first: [i64; 8], names: &[&str]) -> Week {
    let mut week = Week::default();
    for day in 0..6 {
        let mut rows: Vec<i64> = first.to_vec();
        rows.rotate_left(day);
        rows.retain(|number| *number > 0);
        let name = |number: &i64| names[usize::try_from(*number - 1).unwrap()];
        week.texts[day] =
            rows.iter().enumerate().map(|(row, number)| format!("{}. {}\n", row + 1, name(number))).collect();
        week.rows[day] = rows;
    }
    week
}
