//! Signing in, being signed out, and coming back.

use super::{Browser, PASSWORD, school, signed_in};
use crate::wire::Ask;

#[tokio::test]
async fn who_is_not_signed_in_comes_to_the_page_that_was_asked_for_in_the_end() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");

    let page = browser.open("/board/class/changes/2025-09-02").await;
    assert!(page.address.starts_with("/board/sign-in?back="), "{}", page.address);
    let page = browser.send(&page.form("sign-in").set("name", "boris").set("password", PASSWORD)).await;

    assert_eq!((page.status, page.address.as_str()), (200, "/board/class/changes/2025-09-02"));
    assert_eq!(page.texts("h1"), ["Changes for Tuesday, 2 September"]);
}

#[tokio::test]
async fn a_wrong_password_is_told_beside_the_name_which_stays() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");

    let page = browser.sign_in("boris", "not it").await;
    assert_eq!(page.status, 401);
    assert_eq!(page.wrong_with("name").as_deref(), Some("The name or the password is not right."));
    assert_eq!(page.form("sign-in").fields["name"], "boris");
    assert!(!page.html.contains("not it"));

    let nobody = browser.sign_in("nobody", "not it").await;
    assert_eq!(
        nobody.wrong_with("name"),
        page.wrong_with("name"),
        "nothing tells an unknown name from a wrong password"
    );
}

#[tokio::test]
async fn too_many_wrong_passwords_are_answered_with_the_time_to_wait() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let page = browser.sign_in("boris", "not it").await;
        statuses.push(page.status);
        if page.status == 429 {
            assert!(page.wrong_with("name").unwrap().starts_with("Too many wrong passwords. Try again in"));
            return;
        }
    }
    panic!("never refused: {statuses:?}");
}

#[tokio::test]
async fn the_cookie_of_a_session_stays_with_the_pages() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");
    let page = browser.open("/board/sign-in").await;
    let form = page.form("sign-in").set("name", "boris").set("password", PASSWORD);

    let told = browser.ask(browser.posted(&form)).await;

    let set = told.headers.iter().map(|(_, value)| value).find(|value| value.starts_with("cartable_board=")).unwrap();
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/board"] {
        assert!(set.contains(flag), "{set}");
    }
    assert_eq!(told.header("location"), Some("/board/"));
}

#[tokio::test]
async fn nobody_is_led_away_after_signing_in() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");
    for back in ["https://evil.example/", "//evil.example/", "/api/v2"] {
        let page = browser.open(&format!("/board/sign-in?back={back}")).await;
        let form = page.form("sign-in").set("name", "boris").set("password", PASSWORD);
        let told = browser.ask(browser.posted(&form)).await;

        assert_eq!((told.status, told.header("location")), (303, Some("/board/")), "{back}");
    }
}

#[tokio::test]
async fn what_was_typed_outlives_the_session() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let form = browser.open("/board/class/homework/new").await.form("homework/new");
    let form = form.set("subject", "1").set("text", "Written for an hour\n\"and\" <more>");

    house.advance(13 * 3600);
    let page = browser.send(&form).await;
    assert_eq!(page.status, 401);
    assert!(page.says("What you typed is kept"));
    let page = browser.send(&page.form("sign-in").set("name", "boris").set("password", PASSWORD)).await;
    assert!(page.says("What you typed has not been saved yet."), "{}", page.html);
    let page = browser.send(&page.form("homework/new")).await;

    assert_eq!((page.status, page.address.as_str()), (200, "/board/class/homework"));
    assert!(page.says("Written for an hour \"and\" <more>"));
}

#[tokio::test]
async fn a_session_that_ended_leads_to_the_page_for_signing_in() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    house.advance(13 * 3600);

    let page = browser.open("/board/class/homework").await;

    assert!(page.says("You were signed out because nothing happened for a long time."));
    assert!(!browser.cookies.contains_key("cartable_board"));
}

#[tokio::test]
async fn passwords_are_not_kept_for_whoever_signs_in_next() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let form = browser.open("/board/account").await.form("account");
    let form = form.tick("password").tick("new-password").set("new-password", "topsecret-topsecret");
    house.advance(13 * 3600);

    let page = browser.send(&form).await;

    assert!(page.says("For safety, passwords you typed are not kept"));
    assert!(!page.html.contains("topsecret"));
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let house = school().await;
    let mut browser = signed_in(&house, "boris").await;
    let key = browser.cookies["cartable_board"].clone();
    let page = browser.open("/board/class/").await;

    let page = browser.send(&page.form("sign-out")).await;
    assert_eq!(page.texts("h1"), ["Sign in"]);
    browser.cookies.insert("cartable_board".to_owned(), key);
    let page = browser.open("/board/class/").await;

    assert_eq!(page.texts("h1"), ["Sign in"]);
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let house = school().await;
    let mut here = signed_in(&house, "boris").await;
    let mut there = signed_in(&house, "boris").await;
    let mut form = here.open("/board/account").await.form("account");
    form.fields.insert("password".to_owned(), PASSWORD.to_owned());
    form.fields.insert("new-password".to_owned(), "satchel-and-strap".to_owned());

    let page = here.send(&form).await;
    assert!(page.says("Password changed."), "{}", page.html);
    assert_eq!(here.open("/board/class/").await.texts("h1"), ["Класс"]);
    assert_eq!(there.open("/board/class/").await.texts("h1"), ["Sign in"]);
    assert_eq!(there.sign_in("boris", PASSWORD).await.status, 401);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let house = school().await;
    let mut here = signed_in(&house, "boris").await;
    let mut there = signed_in(&house, "boris").await;
    let page = here.open("/board/account").await;
    let leave = page.forms().into_iter().find(|form| form.fields.get("do").is_some_and(|it| it == "leave")).unwrap();

    here.send(&leave).await;

    assert_eq!(here.open("/board/class/").await.texts("h1"), ["Sign in"]);
    assert_eq!(there.open("/board/class/").await.texts("h1"), ["Sign in"]);
}

#[tokio::test]
async fn a_link_in_a_chat_opens_the_page_although_the_browser_keeps_the_cookie_back() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");

    let told = browser.ask(Ask::get("/board/class/?a=1").header("Sec-Fetch-Site", "cross-site")).await;

    assert_eq!(told.status, 200);
    assert!(told.text().contains("content=\"0;url=&#x2f;board&#x2f;class&#x2f;?a=1\""), "{}", told.text());
}
