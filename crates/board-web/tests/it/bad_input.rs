//! What no client should send: each is answered clearly, and nothing is lost.

use serde_json::{Value, json};

use crate::house::{House, PATIENCE};
use crate::wire::{Ask, Line, Told};

/// The longest body that is taken.
const MOST: usize = 8 << 20;

async fn with_a_subject(house: &House) -> String {
    let key = house.head().await;
    let added = house.ask(&Ask::json("/api/addSubjects.php", &json!({"names": ["Алгебра"]})).key(&key)).await;
    assert_eq!(added.json(), json!({"added_subjects": 1}));
    save(house, &key, &json!({"ID": 1, "Homework": "№ 5"})).await;
    key
}

async fn save(house: &House, key: &str, body: &Value) -> Told {
    house.ask(&Ask::json("/api/updateHomework.php", body).key(key)).await
}

async fn homework(house: &House, key: &str) -> Value {
    house.ask(&Ask::get("/api/getHomework.php?id=1").key(key)).await.json()["Homework"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_100_megabytes_is_refused_and_nobody_else_notices() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    let huge = json!({"ID": 1, "Homework": "ж".repeat(50 << 20)}).to_string();
    let told = house.ask(&Ask::post("/api/updateHomework.php", huge.clone()).key(&key)).await;
    assert_eq!((told.status, told.code()), (413, Some(7)));
    let told = house.ask(&Ask::post("/api/updateHomework.php", huge.clone()).key("nobody")).await;
    assert_eq!((told.status, told.code()), (200, Some(4)), "the key comes first");
    let told = house.ask(&Ask::form("/api/auth.php", &huge)).await;
    assert_eq!(told.status, 413);
    // Without a length it is refused when it has grown too large.
    let mut line = Line::open(house.at, "127.0.0.1").await;
    let head = Ask { body: Vec::new(), ..Ask::post("/api/updateHomework.php", "").key(&key) };
    let head = head.header("Transfer-Encoding", "chunked").header("Content-Length", "").bytes();
    let head = String::from_utf8(head).unwrap().replace("Content-Length: \r\n", "");
    line.send(head.as_bytes()).await;
    let piece = [b"100000\r\n".to_vec(), vec![b' '; 1 << 20], b"\r\n".to_vec()].concat();
    for _ in 0..9 {
        line.send(&piece).await;
    }
    assert_eq!(line.hear().await.unwrap().status, 413);
    assert_eq!(homework(&house, &key).await, "№ 5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_8_mebibytes_is_taken_as_it_is() {
    for house in House::all().await {
        let key = with_a_subject(&house).await;
        let frame = json!({"ID": 1, "Homework": ""}).to_string().len();
        let text = "x".repeat(MOST - frame);
        assert_eq!(save(&house, &key, &json!({"ID": 1, "Homework": text})).await.json(), json!({"updated": true}));
        assert!(homework(&house, &key).await == text.as_str());
        let told = save(&house, &key, &json!({"ID": 1, "Homework": text + "x"})).await;
        assert_eq!(told.status, 413);
    }
}

#[tokio::test]
async fn bodies_that_are_no_object_are_refused() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    let nested = format!("{{\"ID\":1,\"Homework\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let (nul, cut) = ("{\"ID\":1,\"Homework\":\"\0\"}", "{\"ID\":1,\"Homework\":\"x");
    let bodies: [&[u8]; 9] = [
        nested.as_bytes(),
        &b"[".repeat(10_000),
        &b"{\"a\":".repeat(10_000),
        br#"{"ID":1,"Homework":"\ud83d"}"#,
        br#"{"ID":1,"Homework":"\ude00x"}"#,
        b"{\"ID\":1,\"Homework\":\"\xed\xa0\xbd\"}",
        nul.as_bytes(),
        cut.as_bytes(),
        b"\xff\xfe{\0}\0",
    ];
    for body in bodies {
        let told = house.ask(&Ask::post("/api/updateHomework.php", body).key(&key)).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(30)]);
        assert_eq!(told.json(), json!({"error": "Parameters are invalid", "errorcode": 7}), "{shown}");
    }
    assert_eq!(homework(&house, &key).await, "№ 5");
}

#[tokio::test]
async fn texts_come_back_byte_for_byte() {
    for house in House::all().await {
        let key = with_a_subject(&house).await;
        for text in [
            "",
            " ",
            "a\0b",
            "\r\n\t \u{feff}",
            "🧪👩‍🏫 «ёлка» — №7 \\ \" / </script>",
            "e\u{301}\u{200b}\u{10ffff}\u{fffd}",
        ] {
            assert_eq!(save(&house, &key, &json!({"ID": 1, "Homework": text})).await.json(), json!({"updated": true}));
            assert_eq!(homework(&house, &key).await, text);
            let days = json!({"TextTimetable": [text, "b", "c", "d", "e", text], "NumericTimetable": [[], [], [], [], [], [1]]});
            house.ask(&Ask::json("/api/updateTimetable.php", &days).key(&key)).await;
            assert_eq!(house.ask(&Ask::get("/api/getTimetable.php").key(&key)).await.json(), days);
            let changes = json!({"TextChanges": text, "NumericChanges": [0, -1, -2, i64::MAX, i64::MIN, 1, -3, 7]});
            house.ask(&Ask::json("/api/updateChanges.php", &changes).key(&key)).await;
            assert_eq!(house.ask(&Ask::get("/api/getChanges.php").key(&key)).await.json(), changes);
        }
    }
}

#[tokio::test]
async fn integers_beyond_64_bits_are_no_integers() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    for number in ["9223372036854775808", "-9223372036854775809", "1e400", "123456789012345678901234567890"] {
        let body = format!("{{\"ID\":{number},\"Homework\":\"x\"}}");
        let told = house.ask(&Ask::post("/api/updateHomework.php", body).key(&key)).await;
        let error = "Failed to validate parameters: Double value found, but an integer is required";
        assert_eq!(told.json(), json!({"error": error, "errorcode": 7}), "{number}");
        let told = house.ask(&Ask::get(&format!("/api/getHomework.php?id={number}")).key(&key)).await;
        assert_eq!(told.json(), json!({"error": "Parameters are invalid", "errorcode": 7}), "{number}");
    }
    let told = save(&house, &key, &json!({"ID": i64::MAX, "Homework": "x"})).await;
    assert_eq!(told.json(), json!({"updated": false}));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    let mut line = Line::open(house.at, "127.0.0.1").await;
    let whole = Ask::json("/api/updateHomework.php", &json!({"ID": 1, "Homework": "late"})).key(&key).bytes();
    let begun = std::time::Instant::now();
    line.send(&whole[..whole.len() - 1]).await;
    let told = line.hear().await.unwrap();
    assert_eq!((told.status, told.code()), (408, Some(7)));
    assert!(begun.elapsed() >= PATIENCE);
    assert_eq!(homework(&house, &key).await, "№ 5");
}

#[tokio::test]
async fn a_body_that_is_cut_short_changes_nothing() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    let whole = Ask::json("/api/updateHomework.php", &json!({"ID": 1, "Homework": "cut"})).key(&key).bytes();
    let mut line = Line::open(house.at, "127.0.0.1").await;
    line.send(&whole[..whole.len() - 1]).await;
    drop(line);
    assert_eq!(homework(&house, &key).await, "№ 5");
}

#[tokio::test]
async fn queries_and_headers_of_any_bytes_are_answered() {
    let house = House::on_sqlite().await;
    let key = with_a_subject(&house).await;
    for query in ["id=%00", "id=1%00", "id=%ff%fe", "id=%", "id=%ED%A0%BD", "&&&=&id", "id[][][]=1", "%69%64%5b%5d=1"] {
        let told = house.ask(&Ask::get(&format!("/api/getHomework.php?{query}")).key(&key)).await;
        assert_eq!((told.status, told.code()), (200, Some(7)), "{query}");
        let told =
            house.ask(&Ask::get(&format!("/api/deleteUser.php?{}", query.replace("id", "user"))).key(&key)).await;
        assert_eq!((told.status, told.code()), (200, Some(7)), "{query}");
    }
    let long = format!("/api/getHomework.php?{}id=1", "x=y&".repeat(1000));
    assert_eq!(house.ask(&Ask::get(&long).key(&key)).await.json()["Homework"], "№ 5");
    for shown in ["ключ", &"f".repeat(5000), ",", " , ", "\t"] {
        let told = house.ask(&Ask::get("/api/getSubjects.php").key(shown)).await;
        assert_eq!((told.status, told.code()), (200, Some(4)), "{shown}");
    }
}

#[tokio::test]
async fn forms_of_any_bytes_are_answered() {
    let house = House::on_sqlite().await;
    let damaged = [
        ("multipart/form-data", "--x\r\n"),
        ("multipart/form-data; boundary=x", ""),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nhead"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\nhead\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"user\"; filename=\"a\"\r\n\r\nhead\r\n--x--\r\n",
        ),
        ("multipart/form-data; boundary=\"\"", "----"),
        ("application/x-www-form-urlencoded", "%00=%00&user%00=head&pass=x"),
        ("text/plain", "user=head&pass=Head-2026"),
        ("APPLICATION/JSON", "{}"),
    ];
    for (kind, body) in damaged {
        let told = house.ask(&Ask::post("/api/auth.php", body).header("Content-Type", kind)).await;
        assert_eq!((told.status, told.code()), (200, Some(6)), "{kind} {body}");
    }
    for body in ["user=%ff&pass=x", "user=head%00&pass=Head-2026", "user=head&pass=%ff", "user=head&pass=Head-2026%00"]
    {
        let told = house.ask(&Ask::form("/api/auth.php", body)).await;
        assert_eq!((told.status, told.code()), (200, Some(3)), "{body}");
    }
    let long = format!("user=head&pass={}", "x".repeat(1 << 20));
    assert_eq!(house.ask(&Ask::form("/api/auth.php", &long)).await.code(), Some(3));
}
