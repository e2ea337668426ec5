//! Pictures of cards.

use serde_json::json;

use crate::house::{CHECKS, House, VIEWS, careful};

#[tokio::test]
async fn a_picture_is_for_who_shows_a_token_for_pictures() {
    let house = House::new();
    for (path, kind, begins) in [
        ("/card-view/alice/card.svg", "image/svg+xml", "<svg"),
        ("/card-view/alice/card.svg?side=back", "image/svg+xml", "<svg"),
        ("/card-view/alice/card.png?scale=2", "image/png", "\u{FFFD}PNG"),
        ("/card-view/alice/card.pdf?bleed=1", "application/pdf", "%PDF-"),
        ("/card/alice.svg", "image/svg+xml", "<svg"),
        ("/card/alice.pdf", "application/pdf", "%PDF-"),
    ] {
        let reply = house.get_with(path, VIEWS).await;
        careful(&reply);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{path}");
        assert!(String::from_utf8_lossy(&reply.body).trim_start().starts_with(begins), "{path}");
        assert!(reply.header("content-security-policy").unwrap().contains("sandbox"));
    }
    let small = house.get_with("/card-view/alice/card.png", VIEWS).await.body;
    let large = house.get_with("/card-view/alice/card.png?scale=3", VIEWS).await.body;
    let width = |png: &[u8]| u32::from_be_bytes(png[16..20].try_into().unwrap());
    assert_eq!(width(&large), 3 * width(&small));
    for path in ["/card-view/alice/card.svg", "/card-view/alice/card.gif"] {
        for token in ["", "wrong", CHECKS, crate::house::CARDS] {
            assert_eq!(house.get_with(path, token).await.status, 401, "{path} {token}");
        }
    }
}

#[tokio::test]
async fn a_login_that_ends_like_a_picture_is_a_login_for_who_asks_for_cards() {
    let house = House::new();
    for attribute in ["profile", "firstname", "lastname", "number", "photo"] {
        let value = match attribute {
            "profile" => "student",
            "photo" => "yes",
            _ => "Vega",
        };
        house.register.set("alice.svg", attribute, value);
    }
    assert_eq!(house.get("/card/alice.svg").await.json()["firstname"], "Vega");
    let drawn = async |path: &str| {
        let svg = house.get_with(path, VIEWS).await;
        let names = ["Alice", "Vega"].into_iter().filter(|name| svg.text().contains(name));
        names.collect::<Vec<_>>().concat()
    };
    assert_eq!(drawn("/card/alice.svg").await, "Alice");
    assert_eq!(drawn("/card/alice.svg.svg").await, "Vega");
    assert_eq!(drawn("/card-view/alice.svg/card.svg").await, "Vega");
    assert_eq!(house.get_with("/card/alice", VIEWS).await.status, 401, "no data for a token for pictures");
}

#[tokio::test]
async fn where_there_is_no_card_there_is_no_picture() {
    let house = House::new();
    house.register.set("bob", "photo", "no");
    let reply = house.get_with("/card-view/bob/card.svg", VIEWS).await;
    careful(&reply);
    assert_eq!((reply.status, reply.json()), (404, json!({"affiliation": "staff", "errors": ["NO_PHOTO"]})));
    let reply = house.get_with("/card-view/nobody/card.svg", VIEWS).await;
    assert_eq!(reply.status, 404);
    for query in ["scale=4", "scale=-1", "side=top", "bleed=1", "x"] {
        let reply = house.get_with(&format!("/card-view/alice/card.png?{query}"), VIEWS).await;
        assert_eq!((reply.status, reply.json()), (400, json!({"error": "bad_request"})), "{query}");
    }
    assert_eq!(house.get_with("/card-view/alice/photo.svg", VIEWS).await.status, 404);
}
