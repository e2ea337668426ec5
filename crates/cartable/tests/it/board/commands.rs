//! Classes and accounts.

use super::{add_user, board, json};
use crate::command::{cartable, typing};

#[test]
fn classes_are_made_and_listed() {
    let data = tempfile::tempdir().unwrap();
    let said = board(data.path(), &["class", "add", "9b", "--name", "9Б", "--language", "fr"]).done();
    assert!(said.contains("Class `9b` is there. A chat is bound to it with the code 9Б-"), "{said}");
    let classes = json(data.path(), &["class", "list"]);
    let slugs: Vec<_> = classes.as_array().unwrap().iter().map(|class| class["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["class", "9b"]);
    assert_eq!((&classes[0]["default"], &classes[1]["language"]), (&true.into(), &"fr".into()));
    let shown = board(data.path(), &["class", "list"]).done();
    assert!(shown.contains("9b     9Б     9Б-"), "{shown}");

    let taken = board(data.path(), &["class", "add", "9b"]);
    assert!(taken.code == 4 && taken.err.contains("there is such a class already"), "{}", taken.err);
    let wrong = board(data.path(), &["class", "add", "9Б"]);
    assert!(wrong.code == 2 && wrong.err.contains("small Latin letters"), "{}", wrong.err);
}

#[test]
fn accounts_are_made_changed_and_removed() {
    let data = tempfile::tempdir().unwrap();
    board(data.path(), &["class", "add", "9b"]).done();
    assert!(add_user(data.path(), "olga", "Parol-77", &["--head"]).done().contains("Account `olga` can sign in."));
    add_user(data.path(), "anna", "Parol-78", &["--class", "9b"]).done();
    add_user(data.path(), "director", "Parol-79", &["--admin"]).done();
    let users = json(data.path(), &["user", "list"]);
    let roles: Vec<_> = users.as_array().unwrap().iter().map(|user| user["roles"].to_string()).collect();
    assert_eq!(roles, [r#"{"9b":"editor"}"#, "{}", r#"{"class":"head"}"#]);
    assert_eq!(users[1]["admin"], true);

    let taken = add_user(data.path(), "olga", "Parol-80", &[]);
    assert!(taken.code == 4 && taken.err.contains("there is such a user already"), "{}", taken.err);
    for (password, told) in
        [("1234", "at least 8 characters"), ("password1", "everybody tries first"), ("", "no password")]
    {
        let weak = add_user(data.path(), "boris", password, &[]);
        assert!(weak.code == 2 && weak.err.contains(told), "{}", weak.err);
    }
    let nobody_types = board(data.path(), &["user", "add", "boris"]);
    assert!(nobody_types.code == 2 && nobody_types.err.contains("--password-stdin"), "{}", nobody_types.err);

    let change = ["board", "user", "password", "olga", "--password-stdin"];
    assert!(typing(data.path(), &change, "Parol-81\n").done().contains("another password"));
    assert!(board(data.path(), &["user", "remove", "olga"]).done().contains("is removed"));
    let gone = board(data.path(), &["user", "remove", "olga"]);
    assert!(gone.code == 8 && gone.err.contains("there is no account `olga`"), "{}", gone.err);
    let last = board(data.path(), &["user", "remove", "director"]);
    assert!(last.code == 4 && last.err.contains("somebody has to administer the school"), "{}", last.err);
}

#[test]
fn a_board_that_cannot_be_opened_is_told() {
    let data = tempfile::tempdir().unwrap();
    let settings = |text: &str| std::fs::write(data.path().join("cartable.toml"), text).unwrap();
    settings("[board]\ndatabase = \"postgres://board:secret@127.0.0.1:1/board\"\n");
    let ran = board(data.path(), &["class", "list"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("could not open the database") && !ran.err.contains("secret"), "{}", ran.err);
    settings("[board]\ndatabase = \"elsewhere.db\"\n");
    board(data.path(), &["class", "list"]).done();
    assert!(data.path().join("elsewhere.db").exists(), "a path is relative to the folder of the configuration");
    std::fs::write(data.path().join("elsewhere.db"), "this is no database, though it is long enough for one").unwrap();
    let ran = board(data.path(), &["class", "list"]);
    assert!(ran.code != 0 && ran.err.contains("not a database"), "{}: {}", ran.code, ran.err);
}

#[test]
fn what_is_wrong_with_the_bots_settings_is_told_with_its_line() {
    let data = tempfile::tempdir().unwrap();
    let text = "[board]
unbound_chats = \"all\"
zone = \"Moscow\"
[vk]
long_poll = true
api = \"api.vk.com\"
[telegram]
webhook_secret = \"дз\"
webhook_url = 7
";
    std::fs::write(data.path().join("cartable.toml"), text).unwrap();
    let ran = cartable(data.path(), &["check"]);
    assert_eq!(ran.code, 3);
    for told in [
        "cartable.toml:2: `unbound_chats` has to be \"default\" or \"code\"",
        "cartable.toml:3: `zone` has to be the name of a time zone",
        "cartable.toml:5: `long_poll` needs `token`",
        "cartable.toml:5: `long_poll` needs `group`",
        "cartable.toml:6: `api` has to be an address",
        "cartable.toml:8: `webhook_secret` has to be 1 to 256 Latin letters",
        "cartable.toml:8: `webhook_secret` needs `token`",
        "cartable.toml:9: `webhook_url` has to be an address",
    ] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    let text = "[vk]\ntoken = \"vk1.a.secret\"\nconfirmation = \"c0ffee\"\n";
    std::fs::write(data.path().join("cartable.toml"), text).unwrap();
    let ran = cartable(data.path(), &["check"]);
    assert!(ran.code == 0 && ran.err.contains("may pretend to be VK"), "{}", ran.err);
    assert!(!(ran.out + &ran.err).contains("vk1.a.secret"));
}
