//! Forms of others, texts that look like markup, headers, bodies without end.

use board::{Actor, ClassSettings, Expect, Language};

use super::{give, school, signed_in};
use crate::wire::Ask;

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let page = browser.open("/board/class/homework").await;
    let form = page.form("homework/notes/1").set("text", "Nothing at all");
    let whole = browser.posted(&form);

    for (name, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ] {
        let told = browser.ask(whole.clone().header(name, value)).await;
        assert_eq!(told.status, 403, "{name}: {value}");
    }
    for csrf in ["", "0", &"a".repeat(64)] {
        let told = browser.ask(browser.posted(&form.clone().set("csrf", csrf))).await;
        assert_eq!(told.status, 403, "{csrf}");
        assert!(told.text().contains("This form was out of date"));
    }
    assert_eq!(house.board.snapshot(house.class).await.unwrap().subjects[&1].note, "No. 12");

    let told = browser.ask(whole.header("Origin", "http://board")).await;
    assert_eq!(told.status, 303, "an old browser says where it comes from, and nothing more");
}

#[tokio::test]
async fn the_token_of_somebody_else_is_no_token() {
    let house = school().await;
    let mut boris = signed_in(&house, "boris").await;
    let mut anna = signed_in(&house, "anna").await;
    let theirs = boris.open("/board/class/homework").await.form("homework/notes/1");

    let page = anna.send(&theirs.set("text", "x")).await;

    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn nothing_can_be_changed_by_following_a_link() {
    let house = school().await;
    let mut browser = signed_in(&house, "anna").await;
    let before = house.board.revision().await.unwrap();
    for page in [
        "subjects/1/archive",
        "homework/1/remove",
        "users/2/remove",
        "chats/code",
        "chats/leave",
        "settings/archive",
        "history/1/undo",
        "changes/2025-09-02/remove",
        "pronote/unbind",
    ] {
        let page = browser.open(&format!("/board/class/{page}")).await;
        assert!([200, 403, 404].contains(&page.status), "{} {}", page.status, page.address);
    }
    assert_eq!(house.board.revision().await.unwrap(), before);
}

#[tokio::test]
async fn markup_in_texts_is_shown_as_text() {
    let house = school().await;
    let nasty = "<script>alert(1)</script></textarea><img src=x onerror=alert(2)>\"'{{ 7*7 }}";
    let by = Actor::program("test");
    let settings = ClassSettings { language: Language::En, ..ClassSettings::named(nasty) };
    house.board.set_class(&by, house.class, settings, Expect::Anything).await.unwrap();
    house.board.set_note(&by, house.class, 1, nasty, Expect::Anything).await.unwrap();
    let id = give(&house, house.class, nasty).await;
    let mut browser = signed_in(&house, "anna").await;

    for address in [
        "/board/".to_owned(),
        "/board/class/".to_owned(),
        "/board/class/homework".to_owned(),
        format!("/board/class/homework/{id}"),
        "/board/class/homework/notes/1".to_owned(),
        "/board/class/subjects/1/archive".to_owned(),
        "/board/class/history".to_owned(),
        "/board/class/settings".to_owned(),
        "/board/class/preview?text=all+homework&date=2025-09-01".to_owned(),
        format!(
            "/board/class/preview?text={}",
            url::form_urlencoded::byte_serialize(nasty.as_bytes()).collect::<String>()
        ),
    ] {
        let page = browser.open(&address).await;
        assert_eq!(page.status, 200, "{address}");
        for live in ["<script>alert", "<img src=x", "</textarea><img"] {
            assert!(!page.html.contains(live), "{address} has {live}");
        }
        assert!(page.texts("body script").is_empty());
    }
    let page = browser.open(&format!("/board/class/homework/{id}")).await;
    assert_eq!(page.form(&format!("homework/{id}")).fields["text"], nasty, "it is all there");
}

#[tokio::test]
async fn a_link_runs_nothing() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    for link in ["javascript:alert(1)", "data:text/html,x", "//x", "https://a b", "ftp://x", "https://"] {
        let form = browser.open("/board/class/homework/new").await.form("homework/new");
        let page = browser.send(&form.set("subject", "1").set("text", "x").set("links", link)).await;
        assert_eq!(page.status, 422, "{link}");
        assert!(page.wrong_with("links").unwrap().starts_with("A link begins with"), "{link}");
    }
}

#[tokio::test]
async fn pages_let_nothing_in_from_elsewhere() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    for address in ["/board/class/", "/board/class/nowhere", "/board/sign-in", "/board/class/settings"] {
        let page = browser.open(address).await;
        let policy = page.told.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"));
        assert_eq!(page.told.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.told.header("cache-control"), Some("no-store"));
        for inline in [" style=", " onclick=", "<style", "javascript:"] {
            assert!(!page.html.contains(inline), "{address} has {inline}");
        }
    }
}

#[tokio::test]
async fn style_and_script_are_kept_for_a_year_under_a_name_that_changes_with_them() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let page = browser.open("/board/class/").await;
    let names: Vec<&str> = page.html.split('"').filter(|part| part.starts_with("/board/_/")).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in names {
        let told = browser.ask(Ask::get(name)).await;
        assert_eq!(told.status, 200, "{name}");
        assert_eq!(told.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    assert_eq!(browser.ask(Ask::get("/board/_/board-000000000000.css")).await.status, 404);
}

#[tokio::test]
async fn a_form_without_end_is_refused_and_one_that_is_no_form_is_survived() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let form = browser.open("/board/class/homework").await.form("homework/notes/1");

    let told = browser.ask(browser.posted(&form.clone().set("text", &"x".repeat(9 << 20)))).await;
    assert_eq!(told.status, 413);

    for body in [&b"\xff\xfe%%%=&&&=="[..], b"", b"{\"text\":1}", b"csrf=%00&text=%ff%fe"] {
        let told = browser.ask(Ask::post("/board/class/homework/notes/1", body)).await;
        assert_eq!(told.status, 403, "{body:?}");
    }
    let told = browser.ask(browser.posted(&form.clone().set("text", "a\0b"))).await;
    assert_eq!(told.status, 422);
    let told = browser.ask(browser.posted(&form.set("text", &"я".repeat(100_001)))).await;
    assert_eq!(told.status, 422);
}

#[tokio::test]
async fn addresses_that_name_nothing_lead_to_a_page_that_says_so() {
    let house = school().await;
    let mut browser = signed_in(&house, "admin").await;
    for address in [
        "class/nowhere",
        "class/homework/99",
        "class/homework/x",
        "class/homework/99999999999999999999",
        "class/changes/yesterday",
        "class/changes/9999-12-31",
        "class/changes/-000001-01-01",
        "class/timetable/7",
        "class/subjects/0",
        "class/users/77",
        "class/history/1/2",
        "nothing/",
        "%00/",
        "_users/99",
        "class/homework/notes/-1",
    ] {
        let page = browser.open(&format!("/board/{address}")).await;
        assert_eq!(page.status, 404, "{address}");
        assert_eq!(page.texts("h1"), ["There is no such page"], "{address}");
    }
    for query in [
        "homework?week=9999-12-31",
        "homework?week=x",
        "history?before=x",
        "preview?text=x&date=0000-01-01",
        "changes/day?date=x",
    ] {
        let page = browser.open(&format!("/board/class/{query}")).await;
        assert!([200, 422].contains(&page.status), "{query} {}", page.status);
    }
}
