use secrecy::ExposeSecret as _;

use super::{HASH_1234, HASH_PAROL, Old, TABLES, faults, hashes, odd};
use board::Role;
use board::legacy::{Encoding, Legacy, LegacyError, LegacySubject, Unknown};

#[tokio::test]
async fn an_installation_is_read_whole() {
    let old = Old::class().await;
    let legacy = old.read().await;
    assert_eq!(hashes(&legacy), [("DEFAULT", Some(HASH_1234)), ("anna", Some(HASH_PAROL))]);
    assert_eq!(legacy.users.iter().map(|user| user.role).collect::<Vec<_>>(), [Role::Head, Role::Editor]);
    let subject =
        |number, name: &str, homework: &str| LegacySubject { number, name: name.into(), homework: homework.into() };
    assert_eq!(
        legacy.subjects,
        [subject(1, "Алгебра", "№ 12, 13"), subject(2, "Физика", ""), subject(4, "История", "")]
    );
    assert_eq!(legacy.week.texts[5], "6. Алгебра\n");
    assert_eq!(legacy.week.rows[5], [1, 2, 4]);
    assert_eq!(
        (legacy.changes.text.as_str(), legacy.changes.rows),
        ("Физики не будет", [-2, -1, -2, -2, -2, -2, -2, -2])
    );
    assert_eq!(
        odd(&legacy),
        [
            "account \"DEFAULT\": its password is still the one of a fresh installation: change it",
            "subject 4: its homework is NULL: taken as empty",
        ]
    );
    assert!(faults(&legacy).is_empty() && legacy.report.unknown.is_empty() && legacy.vk.is_none());
    assert_eq!(legacy.report.days.len(), 6);
    assert!(!old.file("bot.db-journal").exists() && !old.file("bot.db-wal").exists(), "nothing is written beside");
}

#[tokio::test]
async fn a_fresh_installation_is_read_as_it_is_set_up() {
    let old = Old::empty();
    old.sql(TABLES).await;
    for day in 1..=6 {
        old.put(&format!("TextTimetable/{day}"), "расписание\n");
        old.put(&format!("NumTimetable/{day}"), if day == 1 { "1\n2\n3\n4\n5\n6\n" } else { "1\n2\n3\n4\n5\n6" });
    }
    old.put("changes", "Здесь будут изменения в расписании\n");
    old.put("NumericChanges", "-2\n-2\n-2\n-2\n-2\n-2\n-2\n-2\n");
    old.put("APIInfo.php", "<?php\n$token = \"abc\";\n$confirmation = \"def\";\n?>\n");
    let legacy = old.read().await;
    assert_eq!(legacy.week.rows, [1, 2, 3, 4, 5, 6].map(|_| vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(
        legacy.changes.text, "Здесь будут изменения в расписании\n",
        "a line feed at the end is part of the text"
    );
    assert_eq!(legacy.report.unknown.len(), 36, "there are no subjects");
    let vk = legacy.vk.as_ref().unwrap();
    assert_eq!((vk.token.expose_secret(), vk.confirmation.expose_secret()), ("abc", "def"));
    assert!(!format!("{legacy:?}").contains("abc"), "a token is not shown");
    assert!(odd(&legacy).is_empty() && faults(&legacy).is_empty());
}

#[tokio::test]
async fn folders_may_have_their_older_names() {
    let old = Old::class().await;
    std::fs::rename(old.file("TextTimetable"), old.file("days")).unwrap();
    std::fs::rename(old.file("NumTimetable"), old.file("NumericDays")).unwrap();
    let legacy = old.read().await;
    assert_eq!((legacy.week.texts[0].as_str(), &legacy.week.rows[0]), ("1. Алгебра\n", &vec![1, 2, 4]));
    old.put("TextTimetable/1", "новое");
    let legacy = old.read().await;
    assert_eq!((legacy.week.texts[0].as_str(), legacy.week.texts[1].as_str()), ("новое", ""));
    assert!(odd(&legacy).contains(&"days: there is TextTimetable too, and that one is read".to_owned()));
}

#[tokio::test]
async fn what_is_missing_is_empty_and_told() {
    let old = Old::empty();
    old.put("NumTimetable/2", "1\n");
    let legacy = old.read().await;
    assert_eq!(legacy.week.rows[1], [1]);
    assert_eq!((legacy.changes.text.as_str(), legacy.changes.rows), ("", [-2; 8]));
    let odd = odd(&legacy);
    for told in [
        "TextTimetable: is missing: its days are empty",
        "NumTimetable/1: is missing: taken as empty",
        "changes: is missing: taken as empty",
        "NumericChanges: is missing: taken as empty",
        "bot.db: is missing: there are no accounts and no subjects",
    ] {
        assert!(odd.contains(&told.to_owned()), "{told}: {odd:?}");
    }
    assert_eq!(odd.len(), 9, "the days of a missing folder are not told one by one: {odd:?}");
    assert!(faults(&legacy).is_empty());
}

#[tokio::test]
async fn another_folder_is_none() {
    let other = Old::empty();
    let read = async |path: &std::path::Path| Legacy::read(path, Encoding::Unsaid).await.unwrap_err();
    other.put("notes.txt", "");
    assert!(matches!(read(other.path()).await, LegacyError::NotInstalled(_)));
    assert!(matches!(read(&other.file("notes.txt")).await, LegacyError::NoFolder(_)));
    assert!(matches!(read(&other.file("missing")).await, LegacyError::NoFolder(_)));
}

#[tokio::test]
async fn texts_are_kept_but_for_a_byte_order_mark() {
    let old = Old::class().await;
    old.put("TextTimetable/1", "\u{feff}1. Алгебра\r\n2. Физика\r\n");
    old.put("NumTimetable/1", "\u{feff}1\r\n2\r\n");
    let long = "д".repeat(100_000) + " \u{1f600}\n\n";
    old.put("changes", &long);
    let legacy = old.read().await;
    assert_eq!((legacy.week.texts[0].as_str(), &legacy.week.rows[0]), ("1. Алгебра\r\n2. Физика\r\n", &vec![1, 2]));
    assert_eq!(legacy.changes.text, long);
    let odd = odd(&legacy);
    assert!(odd.contains(&"TextTimetable/1: its lines end in CR LF, which is kept".to_owned()), "{odd:?}");
    assert!(odd.contains(&"NumTimetable/1: begins with a byte order mark, which is left out".to_owned()), "{odd:?}");
}

#[tokio::test]
async fn windows_1251_stops_the_import_until_it_is_asked_for() {
    let old = Old::class().await;
    old.put("TextTimetable/1", b"\xc0\xeb\xe3\xe5\xe1\xf0\xe0\n");
    old.sql("update Homeworkdata set Subject = cast(x'D5E8ECE8FF' as text) where ID = 1").await;
    let legacy = old.read().await;
    let found = faults(&legacy);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("TextTimetable/1: is not UTF-8") && found[1].starts_with("bot.db, subject 1: "));
    let legacy = old.read_as_1251().await;
    assert!(faults(&legacy).is_empty(), "{:?}", faults(&legacy));
    assert_eq!((legacy.week.texts[0].as_str(), legacy.subjects[0].name.as_str()), ("Алгебра\n", "Химия"));
    assert_eq!(legacy.week.texts[1], "2. Алгебра\n", "what is UTF-8 stays so");
    assert!(odd(&legacy).contains(&"TextTimetable/1: is taken as windows-1251".to_owned()));
    old.put("changes", b"\xff\xfe1\x04");
    assert_eq!(faults(&old.read_as_1251().await), ["changes: is UTF-16: save it as UTF-8"]);
}

#[tokio::test]
async fn odd_accounts_are_taken_and_told() {
    let old = Old::class().await;
    let long = "a".repeat(60);
    let upper = HASH_PAROL.to_uppercase();
    old.sql(&format!(
        "insert into UserData values ('учитель', '{HASH_PAROL}', 2), ('x\n', '{HASH_PAROL}', 1), ('{long}', '{HASH_PAROL}', 1),
         ('loud', '{upper}', 1), ('none', 'nothing', 1), ('', '{HASH_PAROL}', 1),
         ('open', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 1)"
    ))
    .await;
    let legacy = old.read().await;
    let never: Vec<_> = legacy.report.users.iter().filter_map(|user| Some((user.name.as_str(), user.never?))).collect();
    assert_eq!(
        never,
        [
            ("loud", "its hash is written in capitals; now it can sign in"),
            ("none", "no password fits its hash"),
            ("учитель", "its name is not of Latin letters, digits and _ only"),
        ]
    );
    let hashes = hashes(&legacy);
    assert!(hashes.contains(&("loud", Some(HASH_PAROL))) && hashes.contains(&("none", None)));
    assert!(hashes.contains(&("open", None)), "an empty password opens nothing here");
    assert!(hashes.contains(&("x\n", Some(HASH_PAROL))) && !hashes.iter().any(|(name, _)| name.is_empty()));
    let odd = odd(&legacy);
    for told in [
        "account \"x\\n\": its name ends in a line feed: kept",
        "account \"open\": its password is empty: nobody can sign in with it until it is given one",
        &format!("account \"{long}\": its name is over 50 characters long: kept"),
        "bot.db: an account has no name: left out",
    ] {
        assert!(odd.contains(&told.to_owned()), "{told}: {odd:?}");
    }
}

#[tokio::test]
async fn levels_that_there_are_not_are_the_least() {
    let old = Old::empty();
    old.sql("create table UserData (user, pass, pr_level)").await;
    old.sql("create table Homeworkdata (ID INTEGER PRIMARY KEY, Subject, Homework)").await;
    old.sql(&format!(
        "insert into UserData values ('a', '{HASH_PAROL}', 3), ('b', '{HASH_PAROL}', NULL), (7, '{HASH_PAROL}', '2')"
    ))
    .await;
    let legacy = old.read().await;
    let roles: Vec<_> = legacy.users.iter().map(|user| (user.name.as_str(), user.role)).collect();
    assert_eq!(roles, [("7", Role::Head), ("a", Role::Editor), ("b", Role::Editor)]);
    assert!(odd(&legacy).iter().any(|told| told.contains("its level is 3")), "{:?}", odd(&legacy));
    old.sql("insert into UserData values (cast('a' as blob), 'x', 1)").await;
    assert_eq!(faults(&old.read().await), ["account \"a\": there are two of that name"]);
}

#[tokio::test]
async fn odd_subjects_are_kept_and_told() {
    let old = Old::class().await;
    let long = "д".repeat(51);
    old.sql(&format!(
        "insert into Homeworkdata values (7, 'Черчение\n', ' '), (8, '{long}', x'00'), (9, ' ', 12), (0, 'ноль', ''),
         (-3, 'минус', ''), (9223372036854775807, 'много', '')"
    ))
    .await;
    let legacy = old.read().await;
    let kept: Vec<_> = legacy.subjects.iter().map(|subject| (subject.number, subject.homework.as_str())).collect();
    assert_eq!(kept, [(1, "№ 12, 13"), (2, ""), (4, ""), (7, " "), (8, ""), (9, "12")]);
    let odd = odd(&legacy);
    for told in [
        "bot.db, subject 8: holds NUL characters, which are left out",
        "subject 7: its name ends in a line feed: kept",
        "subject 8: its name is over 50 characters long: kept",
        "subject 9: its name is blank: kept",
        "subject 0: no timetable can name that number: left out",
        "subject -3: no timetable can name that number: left out",
        "subject 9223372036854775807: no timetable can name that number: left out",
    ] {
        assert!(odd.contains(&told.to_owned()), "{told}: {odd:?}");
    }
}

#[tokio::test]
async fn numbers_that_no_subject_has_are_kept_and_listed() {
    let old = Old::class().await;
    old.put("NumTimetable/3", "1\n99\n-1\n-7\n99\n0");
    old.put("NumericChanges", "-2\n-1\n77\n0\n1\n-2\n-2\n-2\n");
    let legacy = old.read().await;
    assert_eq!(legacy.week.rows[2], [1, 99, -1, -7, 99]);
    let unknown = |place: &str, number| Unknown { place: place.to_owned(), number };
    assert_eq!(
        legacy.report.unknown,
        [
            unknown("NumTimetable/3", -7),
            unknown("NumTimetable/3", 99),
            unknown("NumericChanges", 0),
            unknown("NumericChanges", 77)
        ]
    );
}

#[tokio::test]
async fn a_damaged_database_stops_the_import() {
    let old = Old::class().await;
    let whole = std::fs::read(old.file("bot.db")).unwrap();
    let mut torn = whole.clone();
    torn.truncate(whole.len() / 2);
    let mut scratched = whole.clone();
    let length = scratched.len();
    scratched[length - 3000..].fill(0xa5);
    for (content, told) in [
        (b"this is no database, though it is long enough to look like one".to_vec(), "not a database"),
        (Vec::new(), "there is no column user of a table UserData"),
        (torn, "bot.db: "),
        (scratched, "bot.db: "),
    ] {
        old.put("bot.db", content);
        let legacy = old.read().await;
        assert!(faults(&legacy).first().is_some_and(|fault| fault.contains(told)), "{told}: {:?}", faults(&legacy));
    }
    old.put("bot.db", whole);
    assert!(faults(&old.read().await).is_empty());
    old.put("bot.db-journal", "something");
    assert!(faults(&old.read().await)[0].contains("being written"));
}

#[tokio::test]
async fn what_is_no_table_of_the_old_board_is_not_taken_for_one() {
    let old = Old::empty();
    old.sql("create table real (user, pass, pr_level)").await;
    old.sql("create view UserData as select * from real").await;
    old.sql("create table Homeworkdata (ID INTEGER PRIMARY KEY, Subject, Homework as (hex(zeroblob(100))))").await;
    let legacy = old.read().await;
    assert!(faults(&legacy).iter().any(|fault| fault.contains("no column user of a table UserData")));
    assert!(faults(&legacy).iter().any(|fault| fault.contains("no column Homework of a table Homeworkdata")));
    assert!(odd(&legacy).iter().any(|odd| odd.contains("\"real\" is not taken")), "{:?}", odd(&legacy));
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_or_too_large_is_not_read() {
    let old = Old::class().await;
    old.remove("changes");
    std::os::unix::fs::symlink("/dev/zero", old.file("changes")).unwrap();
    old.put("NumericChanges", "1\n".repeat(100_000));
    old.remove("TextTimetable/1");
    std::fs::create_dir(old.file("TextTimetable/1")).unwrap();
    let faults = faults(&old.read().await);
    assert_eq!(faults, ["TextTimetable/1: is no file", "changes: is no file", "NumericChanges: is over 64 KiB large"]);
}
