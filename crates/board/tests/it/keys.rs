//! Access keys: their form, their life, their owner.

use std::collections::BTreeMap;
use std::net::IpAddr;

use board::{Board, Error, KeyFault, KeyKind, NewUser, Role, User};

use crate::engine::{House, olga};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

pub(crate) async fn user(board: &Board, name: &str) -> User {
    let class = board.default_class().await.unwrap();
    let roles = BTreeMap::from([(class.id, Role::Editor)]);
    let (name, password) = (name.to_owned(), "Parol-77".to_owned().into());
    let new = NewUser { name, password, strong: true, admin: false, roles };
    board.add_user(&olga(), new).await.unwrap()
}

async fn key(board: &Board, from: IpAddr, kind: KeyKind) -> String {
    board.sign_in("petr", &"Parol-77".to_owned().into(), from, kind).await.unwrap().key
}

#[tokio::test]
async fn a_key_of_the_old_api_slides_and_is_given_again() {
    for house in House::all().await {
        let board = &house.board;
        user(board, "petr").await;
        let first = key(board, HERE, KeyKind::Php).await;
        assert!(first.len() == 64 && first.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()));
        assert_eq!(key(board, HERE, KeyKind::Php).await, first, "it is given again");
        assert_ne!(key(board, THERE, KeyKind::Php).await, first, "each address has its own");
        house.advance(1800);
        assert!(board.check(&first, HERE, KeyKind::Php).await.is_ok(), "equality is still valid");
        house.advance(1800);
        assert!(board.check(&first, HERE, KeyKind::Php).await.is_ok(), "it slid");
        house.advance(1801);
        assert!(matches!(board.check(&first, THERE, KeyKind::Php).await, Err(KeyFault::Unknown)), "not from there");
        assert!(matches!(board.check(&first, HERE, KeyKind::Php).await, Err(KeyFault::Expired)));
        assert!(matches!(board.check(&first, HERE, KeyKind::Php).await, Err(KeyFault::Unknown)), "it is forgotten");
        assert_ne!(key(board, HERE, KeyKind::Php).await, first);
    }
}

#[tokio::test]
async fn signing_in_again_ends_no_key_but_the_one_that_has_ended_there() {
    for house in House::all().await {
        let board = &house.board;
        user(board, "petr").await;
        let (here, there) = (key(board, HERE, KeyKind::Php).await, key(board, THERE, KeyKind::Php).await);
        house.advance(50);
        // What is stored of this lags behind.
        board.check(&here, HERE, KeyKind::Php).await.unwrap();
        house.advance(1790);
        assert_eq!(key(board, HERE, KeyKind::Php).await, here, "it is good for 1800 seconds from its last use");
        assert!(
            matches!(board.check(&there, THERE, KeyKind::Php).await, Err(KeyFault::Expired)),
            "it has ended by itself"
        );
        house.advance(1801);
        assert_ne!(key(board, HERE, KeyKind::Php).await, here);
        assert!(
            matches!(board.check(&here, HERE, KeyKind::Php).await, Err(KeyFault::Unknown)),
            "another took its place"
        );
    }
}

#[tokio::test]
async fn a_key_that_another_process_prolonged_has_not_ended() {
    for house in House::all().await {
        user(&house.board, "petr").await;
        let first = key(&house.board, HERE, KeyKind::Php).await;
        let another = house.another().await;
        house.advance(1700);
        another.check(&first, HERE, KeyKind::Php).await.unwrap();
        house.advance(1700);
        assert!(house.board.check(&first, HERE, KeyKind::Php).await.is_ok());
    }
}

#[tokio::test]
async fn a_key_outlives_a_restart_and_is_given_again_after_it() {
    for house in House::all().await {
        user(&house.board, "petr").await;
        let first = key(&house.board, HERE, KeyKind::Php).await;
        house.advance(30);
        house.board.check(&first, HERE, KeyKind::Php).await.unwrap();
        house.board.close().await;
        let again = house.another().await;
        house.advance(1790);
        assert!(again.check(&first, HERE, KeyKind::Php).await.is_ok(), "its last use was stored");
        assert_eq!(key(&again, HERE, KeyKind::Php).await, first);
    }
}

#[tokio::test]
async fn keys_end_with_their_account_their_password_and_on_demand() {
    for house in House::all().await {
        let board = &house.board;
        let petr = user(board, "petr").await;
        let (php, api) = (key(board, HERE, KeyKind::Php).await, key(board, HERE, KeyKind::Api).await);
        assert!(matches!(board.check(&api, HERE, KeyKind::Php).await, Err(KeyFault::Unknown)), "each has its door");
        assert!(board.check(&api, THERE, KeyKind::Api).await.is_ok(), "a key of the new API travels");
        assert_eq!(board.keys_of(petr.id).await.unwrap().len(), 2);
        let session = board.check(&api, HERE, KeyKind::Api).await.unwrap();
        board.sign_out(&session).await.unwrap();
        assert!(board.check(&api, HERE, KeyKind::Api).await.is_err());
        board.set_password(&olga(), petr.id, &"Another-88".to_owned().into()).await.unwrap();
        assert!(board.check(&php, HERE, KeyKind::Php).await.is_err());
        let now = board.sign_in("petr", &"Another-88".to_owned().into(), HERE, KeyKind::Php).await.unwrap();
        let class = house.class().await;
        assert!(board.leave_class(&olga(), class.id, "petr").await.unwrap());
        assert!(board.check(&now.key, HERE, KeyKind::Php).await.is_err());
        assert!(board.user("petr").await.unwrap().is_none(), "it had no other part");
        assert!(!board.leave_class(&olga(), class.id, "petr").await.unwrap());
    }
}

#[tokio::test]
async fn nothing_tells_a_wrong_password_from_an_unknown_name_and_tries_are_counted() {
    let house = House::all().await.remove(0);
    let board = &house.board;
    user(board, "petr").await;
    let wrong = "wrong".to_owned().into();
    for name in ["petr", "nobody"] {
        let refused = board.sign_in(name, &wrong, HERE, KeyKind::Php).await.unwrap_err();
        assert!(matches!(refused, Error::WrongPassword), "{name}");
    }
    for _ in 0..9 {
        board.sign_in("petr", &wrong, HERE, KeyKind::Php).await.unwrap_err();
    }
    let held = board.sign_in("petr", &"Parol-77".to_owned().into(), THERE, KeyKind::Php).await.unwrap_err();
    assert!(matches!(held, Error::TooManyTries(wait) if wait.as_secs() == 1), "{held}");
    house.advance(2);
    key(board, THERE, KeyKind::Php).await;
}

#[tokio::test]
async fn a_password_changed_by_another_process_ends_the_keys_here_too() {
    for house in House::all().await {
        let (board, beside) = (&house.board, house.another().await);
        let petr = user(board, "petr").await;
        let key = key(board, HERE, KeyKind::Api).await;
        board.check(&key, HERE, KeyKind::Api).await.unwrap();
        beside.set_password(&olga(), petr.id, &"Another-88".to_owned().into()).await.unwrap();
        let ended = async {
            while board.check(&key, HERE, KeyKind::Api).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), ended).await.expect("it is seen");
    }
}
