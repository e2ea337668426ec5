//! Finished answers are sent again only while they would be made the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use emulator::Emulator;
use emulator::school::{Account, Space};
use gateway::viewers;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::house::{House, Plan, school};
use crate::wire::{JSON, send};

/// The function behind `WEEK`.
const WEEKS: &str = "PageEmploiDuTemps";
const WEEK: &str = r#"{timetable(from:"2026-11-23T00:00:00",to:"2026-11-27T20:00:00"){subject room}}"#;

/// A gateway whose clock a test turns.
struct Clocked {
    school: Emulator,
    house: House,
    seconds: Arc<AtomicI64>,
    token: String,
}

impl Clocked {
    async fn open(fresh: Duration) -> Self {
        let school = school().await;
        let seconds = Arc::new(AtomicI64::new(0));
        let start: Timestamp = "2026-11-23T09:30:00+01:00".parse().unwrap();
        let passed = Arc::clone(&seconds);
        let house = House::with(Plan {
            clock: Arc::new(move || start + passed.load(Ordering::Relaxed).seconds()),
            viewers: viewers::Config { fresh, ..viewers::Config::default() },
            ..Plan::default()
        })
        .await;
        let token = sign_in(&school, &house).await;
        Clocked { school, house, seconds, token }
    }

    fn pass(&self, time: Duration) {
        self.seconds.fetch_add(i64::try_from(time.as_secs()).unwrap(), Ordering::Relaxed);
    }

    async fn ask(&self, query: &str, headers: &[(&str, &str)]) -> Value {
        let headers = [&[JSON, ("Token", self.token.as_str())], headers].concat();
        let body = json!({ "query": query }).to_string();
        send(self.house.address(), "POST", "/graphql", &headers, body).await.json()
    }
}

async fn sign_in(school: &Emulator, house: &House) -> String {
    let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], login).await;
    reply.json()["token"].as_str().unwrap().to_owned()
}

/// From now on the school answers that every room is another one.
fn move_rooms(school: &Emulator) {
    school.script(WEEKS, |_, answer| {
        let lessons = answer["ListeCours"].as_array_mut().into_iter().flatten();
        let contents = lessons.flat_map(|lesson| lesson["ListeContenus"]["V"].as_array_mut().into_iter().flatten());
        for room in contents.filter(|content| content["G"] == 17) {
            room["L"] = json!("moved");
        }
    });
}

fn rooms_moved(answer: &Value) -> bool {
    let lessons = answer["data"]["timetable"].as_array().unwrap();
    assert!(!lessons.is_empty(), "{answer}");
    lessons.iter().any(|lesson| lesson["room"] == "moved")
}

#[tokio::test]
async fn an_answer_is_given_again_while_it_is_fresh_and_made_anew_afterwards() {
    let house = Clocked::open(Duration::from_secs(60)).await;
    let first = house.ask(WEEK, &[]).await;
    let asked = house.school.count(WEEKS);
    move_rooms(&house.school);
    house.pass(Duration::from_secs(59));
    assert_eq!(house.ask(WEEK, &[]).await, first);
    assert_eq!(house.school.count(WEEKS), asked, "the school was not asked again");
    house.pass(Duration::from_secs(1));
    assert!(rooms_moved(&house.ask(WEEK, &[]).await));
}

#[tokio::test]
async fn who_wants_no_memory_is_told_anew_and_so_are_those_who_come_after() {
    let house = Clocked::open(Duration::from_secs(60)).await;
    assert!(!rooms_moved(&house.ask(WEEK, &[]).await));
    move_rooms(&house.school);
    assert!(!rooms_moved(&house.ask(WEEK, &[]).await));
    assert!(rooms_moved(&house.ask(WEEK, &[("Cache-Control", "no-cache")]).await));
    assert!(rooms_moved(&house.ask(WEEK, &[]).await));
}

#[tokio::test]
async fn an_answer_of_the_moment_follows_the_clock() {
    let house = Clocked::open(Duration::from_secs(24 * 3600)).await;
    let to_come = r#"{timetable(to:"2026-11-23T20:00:00"){from}}"#;
    let lessons = async || house.ask(to_come, &[]).await["data"]["timetable"].as_array().unwrap().len();
    let at_half_past_nine = lessons().await;
    house.pass(Duration::from_secs(5 * 3600));
    let in_the_afternoon = lessons().await;
    assert!(in_the_afternoon < at_half_past_nine, "{in_the_afternoon} {at_half_past_nine}");
}

#[tokio::test]
async fn a_session_that_ended_gives_no_answers_from_before() {
    let house = Clocked::open(Duration::from_secs(60)).await;
    let first = house.ask(WEEK, &[]).await;
    assert!(first["errors"].is_null(), "{first}");
    house.ask("mutation{logout}", &[]).await;
    let after = house.ask(WEEK, &[]).await;
    assert_eq!(after["errors"][0]["extensions"]["code"], "SESSION_EXPIRED", "{after}");
}

#[tokio::test]
async fn nobody_is_given_the_answer_to_another_question() {
    let house = Clocked::open(Duration::from_secs(60)).await;
    let with = async |token: &str, variables: Value, operation: &str| {
        let query = "query A($n:Boolean!){user{name @include(if:$n) minPasswordSize}} query B($n:Boolean!){user{name @include(if:$n)}}";
        let body = json!({ "query": query, "variables": variables, "operationName": operation }).to_string();
        let headers = [JSON, ("Token", token)];
        send(house.house.address(), "POST", "/graphql", &headers, body).await.json()["data"]["user"].clone()
    };
    let other = {
        let login = {
            let school = house.school.school();
            let own = school.account("demonstration", Space::Student).unwrap().person;
            let is_other = |account: &&Account| account.login.starts_with("eleve") && account.person != own;
            let account = school.accounts.iter().find(is_other).unwrap();
            json!({ "url": house.school.url(), "username": account.login, "password": account.password }).to_string()
        };
        send(house.house.address(), "POST", "/auth/login", &[JSON], login).await.json()["token"].clone()
    };
    let own = with(&house.token, json!({ "n": true }), "A").await;
    assert!(own["name"].is_string() && own["minPasswordSize"].is_number(), "{own}");
    assert!(with(&house.token, json!({ "n": false }), "A").await["name"].is_null());
    assert!(with(&house.token, json!({ "n": true }), "B").await["minPasswordSize"].is_null());
    let others = with(other.as_str().unwrap(), json!({ "n": true }), "A").await;
    assert_ne!(others["name"], own["name"]);
}
