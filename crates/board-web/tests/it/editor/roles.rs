//! Who may see and do what.

use board::{Actor, ClassSettings, Role};

use super::{PASSWORD, school, signed_in};

#[tokio::test]
async fn a_reader_sees_and_changes_nothing() {
    let house = school().await;
    let mut vera = signed_in(&house, "vera").await;
    for page in ["", "homework", "changes", "changes/2025-09-02", "timetable", "subjects", "preview"] {
        let page = vera.open(&format!("/board/class/{page}")).await;
        assert_eq!(page.status, 200, "{}", page.address);
        let writes: Vec<_> = page.forms().into_iter().filter(|form| form.action.contains("/class/")).collect();
        assert!(writes.iter().all(|form| !form.fields.contains_key("csrf")), "{writes:?}");
    }
    for page in [
        "homework/new",
        "homework/1",
        "homework/notes/1",
        "timetable/week",
        "timetable/new",
        "subjects/1",
        "users",
        "settings",
        "chats",
        "pronote",
        "history",
    ] {
        let page = vera.open(&format!("/board/class/{page}")).await;
        assert_eq!(page.status, 403, "{}", page.address);
        assert_eq!(page.texts("h1"), ["You may not do that"]);
    }
}

#[tokio::test]
async fn whatever_a_form_says_the_role_decides() {
    let house = school().await;
    let mut vera = signed_in(&house, "vera").await;
    let mut boris = signed_in(&house, "boris").await;
    let mut form = vera.open("/board/class/homework").await.form("sign-out");
    for page in [
        "homework/notes/1",
        "homework/new",
        "homework/1",
        "homework/1/remove",
        "changes",
        "changes/2025-09-02",
        "changes/2025-09-02/remove",
        "timetable/week",
        "timetable/new",
        "timetable/1",
        "timetable/1/remove",
        "history/1/undo",
    ] {
        form.action = format!("/board/class/{page}");
        assert_eq!(vera.send(&form).await.status, 403, "{page}");
    }
    let mut form = boris.open("/board/class/homework").await.form("sign-out");
    for page in [
        "subjects",
        "subjects/1",
        "subjects/1/archive",
        "users",
        "users/1",
        "users/1/remove",
        "settings",
        "settings/archive",
        "chats/code",
        "chats/alerts",
        "chats/leave",
        "pronote/unbind",
    ] {
        form.action = format!("/board/class/{page}");
        assert_eq!(boris.send(&form).await.status, 403, "{page}");
    }
    for page in ["new-class", "_users", "_users/1", "_users/1/remove"] {
        form.action = format!("/board/{page}");
        assert_eq!(boris.send(&form).await.status, 403, "{page}");
    }
}

#[tokio::test]
async fn a_class_one_has_no_part_in_is_not_there() {
    let house = school().await;
    house.board.add_class(&Actor::program("test"), "8a", ClassSettings::named("8А")).await.unwrap();
    let mut anna = signed_in(&house, "anna").await;

    assert_eq!(anna.open("/board/8a/").await.status, 404);
    assert_eq!(anna.open("/board/8b/").await.status, 404);
    assert_eq!(anna.open("/board/").await.address, "/board/class/", "who has one class is there at once");
    let mut admin = signed_in(&house, "admin").await;
    assert_eq!(admin.open("/board/8a/").await.status, 200);
}

#[tokio::test]
async fn a_head_keeps_the_accounts_of_the_class() {
    let house = school().await;
    let mut anna = signed_in(&house, "anna").await;

    let page = anna.open("/board/class/users").await;
    let form = page.form("users").set("name", "galina").set("role", "reader");
    let mut form = form;
    form.fields.insert("new-password".to_owned(), PASSWORD.to_owned());
    let page = anna.send(&form).await;
    assert!(page.says("User added."), "{}", page.html);
    let galina = house.board.user("galina").await.unwrap().unwrap();
    let address = format!("/board/class/users/{}", galina.id.0);

    let form = anna.open(&address).await.form(&address).set("role-class", "editor").tick("disabled");
    let page = anna.send(&form).await;
    assert!(page.says("Saved."));
    let galina = house.board.user("galina").await.unwrap().unwrap();
    assert_eq!((galina.role_in(house.class), galina.disabled), (Some(Role::Editor), true));

    let page = anna.open(&format!("{address}/remove")).await;
    assert_eq!(page.texts("h1"), ["Remove galina?"]);
    anna.send(&page.form("/remove")).await;
    assert!(house.board.user("galina").await.unwrap().is_none());
}

#[tokio::test]
async fn a_head_does_not_reach_beyond_their_classes() {
    let house = school().await;
    let other = house.board.add_class(&Actor::program("test"), "8a", ClassSettings::named("8А")).await.unwrap();
    house.add_user("dina", PASSWORD, &[(house.class, Role::Reader), (other.id, Role::Head)]).await;
    let mut anna = signed_in(&house, "anna").await;
    for name in ["dina", "admin"] {
        let user = house.board.user(name).await.unwrap().unwrap();
        let address = format!("/board/class/users/{}", user.id.0);
        let page = anna.open(&address).await;
        assert!(page.says("only an administrator may reset its password"), "{name}");
        let mut reset = page.form(&address);
        reset.fields.insert("do".to_owned(), "password".to_owned());
        reset.fields.insert("new-password".to_owned(), "taken-over-now".to_owned());
        assert_eq!(anna.send(&reset).await.status, 403, "{name}");
        let mut seize = page.form(&address);
        for field in ["admin", "disabled"] {
            seize.fields.insert(field.to_owned(), "on".to_owned());
        }
        anna.send(&seize).await;
        let after = house.board.user(name).await.unwrap().unwrap();
        assert_eq!((after.admin, after.disabled), (user.admin, user.disabled), "{name}");
    }
    let dina = house.board.user("dina").await.unwrap().unwrap();
    let page = anna.open(&format!("/board/class/users/{}/remove", dina.id.0)).await;
    anna.send(&page.form("/remove")).await;
    let dina = house.board.user("dina").await.unwrap().unwrap();
    assert_eq!((dina.role_in(house.class), dina.role_in(other.id)), (None, Some(Role::Head)));
}

#[tokio::test]
async fn nobody_takes_their_own_rights_or_the_last_administrator_away() {
    let house = school().await;
    let mut admin = signed_in(&house, "admin").await;
    let me = house.board.user("admin").await.unwrap().unwrap();
    let page = admin.open(&format!("/board/_users/{}", me.id.0)).await;
    let mut form = page.form("sign-out");
    form.action = format!("/board/_users/{}", me.id.0);

    assert_eq!(admin.send(&form).await.status, 403);
    form.action += "/remove";
    assert_eq!(admin.send(&form).await.status, 403);
    assert!(house.board.user("admin").await.unwrap().unwrap().admin);
}

#[tokio::test]
async fn an_administrator_adds_a_class_and_puts_it_away() {
    let house = school().await;
    let mut admin = signed_in(&house, "admin").await;

    let form = admin.open("/board/new-class").await.form("new-class").set("name", "8А").set("slug", "8a");
    let page = admin.send(&form).await;
    assert_eq!(page.address, "/board/8a/");
    assert!(page.says("First steps"), "a new class says what to do first");
    let page = admin.open("/board/8a/settings").await;
    let page = admin.send(&page.form("settings/archive")).await;
    assert!(page.says("Class put away."));
    let page = admin.send(&page.form("8a/settings/archive")).await;

    assert!(page.says("Class taken up again."));
    assert!(house.board.class("8a").await.unwrap().unwrap().archived.is_none());
}
