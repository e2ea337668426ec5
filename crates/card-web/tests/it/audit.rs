//! What is written down of the answers.

use serde_json::{Value, json};

use crate::house::{House, Mood};

fn lines(house: House) -> (String, Vec<Value>) {
    let House { app, router, folder, .. } = house;
    // All is written when it ends.
    drop((app, router));
    let text = std::fs::read_to_string(folder.path().join("log/card.log.2026-11-22")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (text, lines)
}

#[tokio::test]
async fn each_answer_is_a_line_without_a_name() {
    let house = House::new();
    house.register.set("bob", "fees", "none");
    house.register.set("bob", "card", "lost");
    for path in ["/card/alice", "/card/ALICE", "/card/bob", "/card/nobody", "/card-view/alice/card.svg"] {
        house.get(path).await;
    }
    house.get_with("/card/alice", "wrong").await;
    house.register.be(Mood::Down);
    house.get("/card/alice").await;
    let (text, lines) = lines(house);

    let outcomes: Vec<_> =
        lines.iter().map(|line| (line["face"].clone(), line["outcome"].clone(), line["status"].clone())).collect();
    assert_eq!(
        outcomes,
        [
            (json!("card"), json!(["card"]), json!(200)),
            (json!("card"), json!(["card"]), json!(200)),
            (json!("card"), json!(["NO_ACTIVE_CARD"]), json!(200)),
            (json!("card"), json!(["not_found"]), json!(404)),
            (json!("view"), json!(["unauthorized"]), json!(401)),
            (json!("card"), json!(["unauthorized"]), json!(401)),
            (json!("card"), json!(["unavailable"]), json!(503)),
        ]
    );
    assert_eq!(lines[0]["who"], lines[1]["who"], "the same person");
    assert_ne!(lines[0]["who"], lines[2]["who"]);
    assert_eq!(lines[0]["from"], "127.0.0.1");
    assert_eq!(lines[0]["at"], "2026-11-22T11:00:00.000Z");
    assert!(lines[0]["asked"]["register"].is_u64());
    for name in ["alice", "Alice", "Martin", "bob", "0042", "nobody", "data:"] {
        assert!(!text.contains(name), "{name} is in {text}");
    }
}

#[tokio::test]
async fn a_code_that_is_verified_is_written_down_too() {
    let house = House::new();
    let code = house.code("alice");
    house.get(&format!("/v/{code}")).await;
    house.get("/v/FORGED").await;
    house.get("/card/alice").await;
    let (text, lines) = lines(house);
    assert_eq!((&lines[0]["face"], &lines[0]["outcome"]), (&json!("verify"), &json!(["valid"])));
    assert_eq!(lines[0]["who"], lines[2]["who"]);
    assert_eq!((&lines[1]["outcome"], lines[1].get("who")), (&json!(["unknown"]), None));
    assert!(!text.contains(&code));
}

#[tokio::test]
async fn nobody_fills_the_disk_by_being_refused() {
    let house = House::new();
    for number in 0..100 {
        for path in ["/card/alice", "/v/X"] {
            let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
            house.ask_from(&format!("198.51.100.{number}"), request).await;
        }
    }
    house.get("/card/alice").await;
    let (_, lines) = lines(house);
    assert!((100..150).contains(&lines.len()), "{}", lines.len());
    assert_eq!(lines.last().unwrap()["outcome"], json!(["card"]), "answers are always written down");
}
