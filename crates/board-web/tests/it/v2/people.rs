//! Sessions, accounts, roles and classes.

use board::Role;
use serde_json::{Value, json};

use super::{Api, PASSWORD, changes, places, week};
use crate::house::House;
use crate::wire::Ask;

#[tokio::test]
async fn a_session_is_begun_seen_and_ended() {
    for house in House::all().await {
        let first = Api::with(&house, "olga", Role::Editor).await;
        let second = Api::sign_in(&house, "olga", PASSWORD).await;
        house.sign_in_from("127.0.0.1", "olga", PASSWORD).await;
        let current = first.get("/sessions/current").await.json();
        let user = json!({"name": "olga", "admin": false, "disabled": false, "roles": {"class": "editor"}, "last_sign_in": "2025-09-01T09:00:00Z"});
        assert_eq!(current["user"], user);
        let sessions = first.get("/sessions").await.json();
        let kinds: Vec<_> =
            sessions["items"].as_array().unwrap().iter().map(|one| (&one["kind"], &one["current"])).collect();
        assert_eq!(kinds.len(), 3);
        assert!(kinds.contains(&(&json!("php"), &json!(false))) && kinds.contains(&(&json!("api"), &json!(true))));

        let other = second.get("/sessions/current").await.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(first.delete(&format!("/sessions/{other}")).await.status, 204);
        let out = second.get("subjects").await;
        assert_eq!((out.status, out.header("www-authenticate")), (401, Some("Bearer")));
        assert_eq!(first.delete(&format!("/sessions/{other}")).await.status, 404);
        assert_eq!(first.delete("/sessions/current").await.status, 204);
        assert_eq!(first.get("/sessions/current").await.json()["code"], 4);
    }
}

#[tokio::test]
async fn a_key_opens_only_the_face_it_was_given_for_and_not_for_ever() {
    let house = House::on_sqlite().await;
    let olga = Api::with(&house, "olga", Role::Editor).await;
    let old = house.sign_in_from("127.0.0.1", "olga", PASSWORD).await;
    let shown = Ask::get("/api/v2/sessions").header("Authorization", &format!("Bearer {old}"));
    assert_eq!(house.ask(&shown).await.status, 401);
    for header in ["Basic b2xnYTpvbGdh", "Bearer", "Bearer ключ", "Bearer 00", ""] {
        assert_eq!(house.ask(&Ask::get("/api/v2/sessions").header("Authorization", header)).await.status, 401);
    }
    assert_eq!(house.ask(&Ask::get("/api/v2/sessions").key(&old)).await.status, 401);
    house.advance(30 * 24 * 3600 + 1);
    let expired = olga.get("subjects").await;
    assert_eq!((expired.status, &expired.json()["code"]), (401, &json!(5)));
}

#[tokio::test]
async fn a_wrong_password_is_told_and_in_the_end_has_to_wait() {
    let house = House::on_sqlite().await;
    house.add_user("olga", PASSWORD, &[]).await;
    let try_it = async |user: &str, password: &str| {
        house.ask(&Ask::json("/api/v2/sessions", &json!({"user": user, "password": password}))).await
    };
    let wrong = try_it("olga", "Parol-2027").await;
    assert_eq!((wrong.status, &wrong.json()["code"], wrong.header("retry-after")), (401, &json!(3), None));
    assert_eq!(try_it("nobody", PASSWORD).await.json(), wrong.json(), "nothing tells the two apart");
    for _ in 0..9 {
        try_it("olga", "Parol-2027").await;
    }
    let wait = try_it("olga", PASSWORD).await;
    assert_eq!((wait.status, wait.header("retry-after")), (429, Some("1")));
    house.advance(2);
    assert_eq!(try_it("olga", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn each_role_may_what_it_may() {
    for house in House::all().await {
        let admin = Api::admin(&house).await;
        let head = Api::with(&house, "head2", Role::Head).await;
        let editor = Api::with(&house, "editor", Role::Editor).await;
        let reader = Api::with(&house, "reader", Role::Reader).await;
        house.add_user("stranger", PASSWORD, &[]).await;
        let stranger = Api::sign_in(&house, "stranger", PASSWORD).await;
        head.post("subjects", &json!({"name": "Физика"})).await;
        let all = [&reader, &editor, &head, &admin];
        // What it takes: 0 a reader, 1 an editor, 2 a head, 3 who administers the school.
        let doors: Vec<(usize, &str, &str, Value)> = vec![
            (0, "GET", "", Value::Null),
            (0, "GET", "settings", Value::Null),
            (0, "GET", "subjects", Value::Null),
            (0, "GET", "timetables/undated", Value::Null),
            (0, "GET", "changes", Value::Null),
            (0, "GET", "assignments", Value::Null),
            (0, "GET", "days/2025-09-01", Value::Null),
            (0, "POST", "bot/preview", json!({"text": "дз"})),
            (1, "PATCH", "subjects/1", json!({"note": "§ 1"})),
            (1, "PUT", "timetables/undated", week("", &[])),
            (1, "PUT", "changes/undated", changes("")),
            (1, "PUT", "changes/2025-09-02", changes("")),
            (1, "POST", "assignments", json!({"subject": 1, "due": "2025-09-03", "text": "§ 1"})),
            (1, "POST", "timetables", json!({"valid_from": "2025-09-03", "week": week("", &[])})),
            (1, "GET", "/audit?class=class", Value::Null),
            (2, "PATCH", "subjects/1", json!({"name": "Физика"})),
            (2, "POST", "subjects", json!({"name": "Химия"})),
            (2, "PATCH", "settings", json!({"language": "fr"})),
            (2, "POST", "code", Value::Null),
            (2, "GET", "chats", Value::Null),
            (2, "GET", "export", Value::Null),
            (2, "GET", "/users", Value::Null),
            (2, "GET", "/bots", Value::Null),
            (3, "PATCH", "", json!({"archived": false})),
            (3, "POST", "/classes", json!({"slug": "9v", "settings": {"name": "9В"}})),
            (3, "GET", "/audit", Value::Null),
            (3, "POST", "/users", json!({"name": "new", "password": PASSWORD, "admin": true})),
        ];
        for (least, method, path, body) in doors {
            let send = async |who: &Api<'_>| {
                let ask = if body.is_null() { who.request(method, path) } else { who.with_body(method, path, &body) };
                who.ask(&ask).await
            };
            for (level, who) in all.iter().enumerate() {
                let told = send(who).await;
                if level < least {
                    assert_eq!((told.status, &told.json()["code"]), (403, &json!(9)), "{method} {path} by {level}");
                } else {
                    assert!(matches!(told.status, 200 | 201 | 409), "{method} {path} by {level}: {}", told.text());
                }
            }
            assert_eq!(send(&stranger).await.status, 403, "{method} {path}");
        }
        assert_eq!(stranger.get("/classes").await.json()["items"], json!([]));
        assert_eq!(reader.get("").await.json()["code"], Value::Null, "only heads see the code");
        assert!(head.get("").await.json()["code"].is_string());
    }
}

#[tokio::test]
async fn a_head_decides_about_those_of_the_own_class_only() {
    for house in House::all().await {
        let admin = Api::admin(&house).await;
        admin.post("/classes", &json!({"slug": "9v", "settings": {"name": "9В"}})).await;
        let head = Api::with(&house, "olga", Role::Head).await;
        let new = |name: &str, roles: Value| json!({"name": name, "password": PASSWORD, "roles": roles});
        assert_eq!(head.post("/users", &new("petr", json!({"class": "editor"}))).await.status, 201);
        assert_eq!(head.post("/users", &new("petr", json!({"class": "editor"}))).await.status, 409);
        assert_eq!(head.post("/users", &new("ivan", json!({"9v": "editor"}))).await.status, 403);
        assert_eq!(head.post("/users", &new("ivan", json!({}))).await.status, 403);
        let unknown = head.post("/users", &new("ivan", json!({"9x": "editor"}))).await;
        assert_eq!((unknown.status, places(&unknown)), (422, vec!["/roles/9x".to_owned()]));
        assert_eq!(admin.post("/users", &new("ivan", json!({"9v": "head", "class": "reader"}))).await.status, 201);

        // Of somebody who has a part elsewhere, only the part in the own class is seen and changed.
        assert_eq!(head.get("/users/ivan").await.json()["roles"], json!({"class": "reader"}));
        assert_eq!(head.patch("/users/ivan", &json!({"disabled": true})).await.status, 403);
        assert_eq!(head.patch("/users/ivan", &json!({"roles": {"9v": null}})).await.status, 403);
        assert_eq!(head.delete("/users/ivan").await.status, 403);
        assert_eq!(head.post("/users/ivan/password", &json!({"password": "Drugoi-2026"})).await.status, 403);
        let changed = head.patch("/users/ivan", &json!({"roles": {"class": null}})).await;
        assert_eq!((changed.status, &changed.json()["roles"]), (200, &json!({})));
        assert_eq!(admin.get("/users/ivan").await.json()["roles"], json!({"9v": "head"}));
        assert_eq!(head.get("/users/ivan").await.status, 404);
        assert_eq!(head.patch("/users/director", &json!({"roles": {"class": "editor"}})).await.status, 403);

        let seen: Vec<_> = head.all("/users", 1).await.iter().map(|user| user["name"].clone()).collect();
        assert_eq!(seen, ["head", "olga", "petr"]);
        let seen: Vec<_> = admin.all("/users?class=9v", 2).await.iter().map(|user| user["name"].clone()).collect();
        assert_eq!(seen, ["ivan"]);
        let petr = Api::sign_in(&house, "petr", PASSWORD).await;
        assert_eq!(head.patch("/users/petr", &json!({"disabled": true})).await.status, 200);
        assert_eq!(petr.get("subjects").await.status, 401);
        let out = house.ask(&Ask::json("/api/v2/sessions", &json!({"user": "petr", "password": PASSWORD}))).await;
        assert_eq!(out.status, 403);
        assert_eq!(head.delete("/users/petr").await.status, 204);
        assert_eq!(head.delete("/users/petr").await.status, 404);
        let own = head.delete("/users/olga").await;
        assert_eq!((own.status, &own.json()["code"]), (409, &json!(7)));
    }
}

#[tokio::test]
async fn a_password_is_changed_by_its_owner_who_knows_it_or_by_who_decides() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    let petr = Api::with(&house, "petr", Role::Editor).await;
    let other = "Drugoi-2026";
    let path = "/users/petr/password";
    assert_eq!(places(&petr.post(path, &json!({"password": other})).await), ["/old"]);
    let wrong = petr.post(path, &json!({"old": "Parol-1999", "password": other})).await;
    assert_eq!((wrong.status, places(&wrong)), (422, vec!["/old".to_owned()]));
    for weak in ["short", "Password1"] {
        assert_eq!(places(&petr.post(path, &json!({"old": PASSWORD, "password": weak})).await), ["/password"]);
    }
    assert_eq!(petr.post(path, &json!({"old": PASSWORD, "password": other})).await.status, 204);
    assert_eq!(petr.get("subjects").await.status, 401, "all sessions end");
    let petr = Api::sign_in(&house, "petr", other).await;
    assert_eq!(head.post(path, &json!({"password": PASSWORD})).await.status, 204);
    assert_eq!(petr.get("subjects").await.status, 401);
    let petr = Api::sign_in(&house, "petr", PASSWORD).await;
    assert_eq!(petr.post("/users/olga/password", &json!({"password": other})).await.status, 403);
}

#[tokio::test]
async fn an_account_is_changed_as_it_was_seen_and_somebody_always_administers() {
    let house = House::on_sqlite().await;
    let admin = Api::admin(&house).await;
    let seen = admin.get("/users/head").await.header("etag").unwrap().to_owned();
    let change = |role: &str| {
        let body = json!({"roles": {"class": role}});
        admin.with_body("PATCH", "/users/head", &body).header("If-Match", &seen)
    };
    assert_eq!(admin.ask(&change("editor")).await.status, 200);
    assert_eq!(admin.ask(&change("reader")).await.status, 412);
    let last = admin.patch("/users/director", &json!({"admin": false})).await;
    assert_eq!((last.status, places(&last)), (422, vec!["/admin".to_owned()]));
    let name = "учитель_1";
    let made = admin.post("/users", &json!({"name": name, "password": PASSWORD, "roles": {"class": "editor"}})).await;
    let place = made.header("location").unwrap().strip_prefix("/api/v2").unwrap().to_owned();
    assert_eq!(admin.get(&place).await.json()["name"], name);
    let own = Api::sign_in(&house, name, PASSWORD).await;
    assert_eq!(own.get(&place).await.status, 200, "everybody sees their own");
    assert_eq!(own.get("/users/head").await.status, 404);
}

#[tokio::test]
async fn a_class_is_made_renamed_and_put_away() {
    for house in House::all().await {
        let admin = Api::admin(&house).await;
        let made =
            admin.post("/classes", &json!({"slug": "9v", "settings": {"name": "9В", "zone": "Europe/Moscow"}})).await;
        assert_eq!((made.status, made.header("location")), (201, Some("/api/v2/classes/9v")), "{}", made.text());
        assert_eq!(admin.post("/classes", &json!({"slug": "9v", "settings": {"name": "9Г"}})).await.status, 409);
        let order = json!({"slug": "9g", "settings": {"name": " ", "bells": [{"from": "09:00", "to": "08:00"}]}});
        assert_eq!(places(&admin.post("/classes", &order).await), ["/settings/name"]);
        let renamed = admin.patch("/classes/9v/settings", &json!({"name": "10В", "zone": null})).await;
        assert_eq!((&renamed.json()["name"], &renamed.json()["zone"]), (&json!("10В"), &Value::Null));
        let away = admin.patch("/classes/9v", &json!({"archived": true})).await;
        assert_eq!(away.json()["archived"], "2025-09-01T09:00:00Z");
        let code = admin.get("/classes/9v").await.json()["code"].clone();
        let renewed = admin.ask(&admin.request("POST", "/classes/9v/code")).await.json();
        assert!(renewed["code"].is_string() && renewed["code"] != code);
        let slugs: Vec<_> = admin.all("/classes", 1).await.iter().map(|class| class["slug"].clone()).collect();
        assert_eq!(slugs, ["class", "9v"]);
        assert_eq!(admin.get("/classes/9x").await.status, 404);
    }
}
