//! Pictures of cards.

use serde_json::json;

use crate::house::{CHECKS, House, VIEWS, careful};

#[tokio::test]
async fn a_picture_is_for_who_shows_a_token_for_pictures() {
    let house = House::new();
    for (path, kind, drawn) in [
        ("/card-view/alice/card.svg", "image/svg+xml", "Svg Alice false 1 false"),
        ("/card-view/alice/card.png?scale=3", "image/png", "Png Alice false 3 false"),
        ("/card-view/alice/card.pdf?side=back&bleed=1", "application/pdf", "Pdf Alice true 1 true"),
        ("/card/alice.svg", "image/svg+xml", "Svg Alice false 1 false"),
        ("/card/alice.pdf?bleed=1", "application/pdf", "Pdf Alice false 1 true"),
    ] {
        let reply = house.get_with(path, VIEWS).await;
        careful(&reply);
        assert_eq!((reply.status, reply.header("content-type"), reply.text()), (200, Some(kind), drawn), "{path}");
        assert!(reply.header("content-security-policy").unwrap().contains("sandbox"));
    }
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
            _ => "Svg",
        };
        house.register.set("alice.svg", attribute, value);
    }
    assert_eq!(house.get("/card/alice.svg").await.json()["firstname"], "Svg");
    assert_eq!(house.get_with("/card/alice.svg", VIEWS).await.text(), "Svg Alice false 1 false");
    assert_eq!(house.get_with("/card/alice.svg.svg", VIEWS).await.text(), "Svg Svg false 1 false");
    assert_eq!(house.get_with("/card-view/alice.svg/card.svg", VIEWS).await.text(), "Svg Svg false 1 false");
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
    for query in ["scale=4", "scale=-1", "side=top", "bleed=2", "x"] {
        let reply = house.get_with(&format!("/card-view/alice/card.png?{query}"), VIEWS).await;
        assert_eq!((reply.status, reply.json()), (400, json!({"error": "bad_request"})), "{query}");
    }
    assert_eq!(house.get_with("/card-view/alice/photo.svg", VIEWS).await.status, 404);
}
