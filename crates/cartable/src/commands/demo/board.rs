//! The class board of the demonstration: a class with a week, changes and homework around today.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;
use board::{
    Actor, Bell, Board, Changes, ClassId, ClassSettings, Error, Expect, Holiday, Language, NO_CHANGE, NO_LESSON,
    NewUser, ROWS, Role, Source, Task, Week,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, time};

/// The password of every account of the demonstration.
pub(super) const PASSWORD: &str = "cartable-demo";
/// The accounts: their names, what they may do, and what that is in words.
pub(super) const ACCOUNTS: [(&str, Option<Role>, &str); 4] = [
    ("head", None, "administers the school"),
    ("olga", Some(Role::Head), "keeps the class: subjects, accounts, chats, settings too"),
    ("petr", Some(Role::Editor), "writes homework, timetable and changes"),
    ("anna", Some(Role::Reader), "reads"),
];

const SUBJECTS: [(&str, &str); 8] = [
    ("Алгебра", "№ 412, 415 (а, б)"),
    ("Геометрия", ""),
    ("Русский язык", "упр. 145, правило на стр. 71"),
    ("Литература", "дочитать первую главу"),
    ("Физика", "§ 12, вопросы 1–4"),
    ("Химия", ""),
    ("История", "§ 8, таблица дат"),
    ("Английский язык", "Unit 2, words"),
];
/// The week, by the numbers of the subjects.
const ROWS_OF_WEEK: [&[i64]; 6] =
    [&[1, 3, 5, 7, 8, 4], &[3, 1, 6, 8, 2], &[5, 6, 1, 4, 7, 3], &[2, 8, 3, 1, 5], &[7, 4, 8, 6, 3, 1], &[1, 5, 2]];

/// Opens a new board in a folder of the demonstration; what was there before goes.
pub(super) async fn open(folder: &Path) -> anyhow::Result<Board> {
    let folder = folder.join("board");
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("could not renew {}", folder.display()));
        }
        _ => {}
    }
    let board = Board::open(board::Config::new(&folder)).await?;
    invent(&board).await?;
    Ok(board)
}

/// The accounts, to be told.
pub(super) fn accounts() -> String {
    let line = |(name, _, about): (&str, Option<Role>, &str)| format!("{name:<6} {PASSWORD}   {about}");
    ACCOUNTS.map(line).join("\n")
}

/// The command that talks to its bot.
pub(super) fn chat(program: &str, folder: &Path) -> String {
    format!("{program} --data '{}' board chat", folder.display())
}

/// Fills an empty board.
async fn invent(board: &Board) -> Result<(), Error> {
    let by = Actor::program("command");
    let class = board.default_class().await?;
    let today = board.today(&class);
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let settings = ClassSettings {
        language: Language::Ru,
        bells: bells(),
        holidays: vec![Holiday {
            from: monday.saturating_add(5.weeks()),
            to: monday.saturating_add(5.weeks()).saturating_add(6.days()),
            name: "Каникулы".to_owned(),
        }],
        ..ClassSettings::named("9Б")
    };
    board.set_class(&by, class.id, settings, Expect::Anything).await?;
    // Its code begins with its name, which it has only now.
    board.renew_code(&by, class.id).await?;
    for (name, role, _) in ACCOUNTS {
        board.add_user(&by, account(name, class.id, role)).await?;
    }
    let names: Vec<String> = SUBJECTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let subjects = board.add_subjects(&by, class.id, &names).await?;
    for (subject, (_, note)) in subjects.iter().zip(SUBJECTS) {
        board.set_note(&by, class.id, subject.number, note, Expect::Anything).await?;
    }
    board.set_week(&by, class.id, week(), Expect::Anything).await?;
    let snapshot = board.snapshot(class.id).await?;
    let next = snapshot.school_day_after(today).unwrap_or(today);
    let after = snapshot.school_day_after(next).unwrap_or(next);
    let mut rows = [NO_CHANGE; ROWS];
    (rows[0], rows[2]) = (NO_LESSON, 2);
    let text = "1-го урока нет, 3-й — геометрия, каб. 214".to_owned();
    let changes = Changes { text, rows, source: Source::Hand };
    board.set_changes(&by, class.id, Some(next), changes, Expect::Anything).await?;
    for (subject, due, text) in [
        (2, next, "теорема о сумме углов, № 31"),
        (4, after, "сочинение, черновик"),
        (6, after, "лабораторная 3: принести тетрадь"),
    ] {
        board.add_assignment(&by, class.id, task(subject, today, due, text)).await?;
    }
    Ok(())
}

fn account(name: &str, class: ClassId, role: Option<Role>) -> NewUser {
    NewUser {
        name: name.to_owned(),
        password: PASSWORD.to_owned().into(),
        strong: true,
        admin: role.is_none(),
        roles: role.map(|role| (class, role)).into_iter().collect::<BTreeMap<_, _>>(),
    }
}

fn task(subject: i64, given: Date, due: Date, text: &str) -> Task {
    Task { subject, given, due, text: text.to_owned(), links: Vec::new(), source: Source::Hand }
}

/// The week, with the text that people read.
fn week() -> Week {
    let line = |(row, number): (usize, &i64)| {
        let name = usize::try_from(number - 1).ok().and_then(|place| SUBJECTS.get(place)).map_or("", |(name, _)| name);
        format!("{}. {name}", row + 1)
    };
    let text = |rows: &[i64]| rows.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
    Week { texts: ROWS_OF_WEEK.map(text), rows: ROWS_OF_WEEK.map(<[i64]>::to_vec) }
}

/// Eight lessons of 45 minutes from half past eight on, with a longer break after the third.
fn bells() -> Vec<Bell> {
    let begins = [(8, 30), (9, 25), (10, 20), (11, 25), (12, 20), (13, 15), (14, 10), (15, 5)];
    begins
        .into_iter()
        .map(|(hour, minute)| {
            let from = time(hour, minute, 0, 0);
            Bell { from, to: from.wrapping_add(45.minutes()) }
        })
        .collect()
}
