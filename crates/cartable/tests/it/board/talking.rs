//! The bot at the terminal, and classes that are filled from PRONOTE.

use super::{board, json, old_installation};
use crate::command::{Ran, typing};
use crate::school::School;

/// Talks to the bot.
fn chat(data: &std::path::Path, options: &[&str], said: &str) -> Ran {
    typing(data, &[&["board", "chat"], options].concat(), said)
}

#[tokio::test]
async fn the_bot_answers_at_the_terminal() {
    let data = tempfile::tempdir().unwrap();
    let old = old_installation(data.path()).await;
    board(data.path(), &["import", old.to_str().unwrap()]).done();
    board(data.path(), &["class", "add", "9b", "--name", "9Б"]).done();
    let heard = chat(data.path(), &[], "все дз\nВсё расписание!\nзамены\n").done();
    let week = "На понедельник:\n1. Алгебра\n2. Физика\n";
    for told in ["Всё домашнее задание:\nАлгебра: № 12\n\n", week, "Физики не будет\n\n"]
    {
        assert!(heard.contains(told), "{told}: {heard}");
    }
    assert!(chat(data.path(), &[], "начать").done().contains("[ дз ] [ дз на сегодня ]\n"));
    assert!(chat(data.path(), &["--class", "9b"], "все дз\n").done().contains("Задание отсутствует"));
    assert_eq!(chat(data.path(), &["--class", "9c"], "все дз\n").code, 8);

    let classes = json(data.path(), &["class", "list"]);
    let code = classes[1]["code"].as_str().unwrap();
    let moved = chat(data.path(), &[], &format!("привязать {code}\nвсе дз\n")).done();
    assert!(moved.contains("9Б") && moved.contains("Задание отсутствует"), "{moved}");
    let stayed = chat(data.path(), &[], "привязать 9Б-1\nвсе дз\n").done();
    assert!(stayed.contains("№ 12"), "{stayed}");
}

#[test]
fn a_class_is_bound_to_a_profile_that_is_there() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let login = ["pronote", "login", "--profile", "demo", "--url", &school.url, "--username", "demonstration"];
    typing(data.path(), &[&login[..], &["--password-stdin", "--keep-password"]].concat(), "pronotevs\n").done();
    let ran = board(data.path(), &["bind", "--profile", "other"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(board(data.path(), &["bind", "--profile", "demo"]).done().contains("is filled with profile `demo`"));
    let bound = json(data.path(), &["bind", "class", "--profile", "demo", "--child", "Émilie"]);
    assert_eq!(bound, serde_json::json!({ "class": "class", "profile": "demo", "child": "Émilie" }));
    assert!(board(data.path(), &["unbind"]).done().contains("Nothing had to be taken away."));
    let ran = board(data.path(), &["unbind"]);
    assert_eq!(ran.code, 8, "{}", ran.err);
    let ran = board(data.path(), &["fill"]);
    assert!(ran.code == 8 && ran.err.contains("`cartable board bind`"), "{}", ran.err);
}
