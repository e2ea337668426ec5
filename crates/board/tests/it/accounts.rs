//! Accounts and what they may do.

use std::collections::BTreeMap;

use board::{ClassId, ClassSettings, Error, Expect, NewUser, Role, UserChange};
use futures_util::FutureExt as _;

use crate::engine::{House, olga};

fn new(name: &str, password: &str, admin: bool) -> NewUser {
    let password = password.to_owned().into();
    NewUser { name: name.to_owned(), password, strong: false, admin, roles: BTreeMap::new() }
}

#[tokio::test]
async fn names_are_unique_and_of_letters_and_digits() {
    for house in House::all().await {
        let board = &house.board;
        assert!(!board.has_users().await.unwrap());
        board.add_user(&olga(), new("учитель_1", "1234", false)).await.unwrap();
        let taken = board.add_user(&olga(), new("учитель_1", "other", false)).await;
        assert!(matches!(taken, Err(Error::Taken("user"))));
        for name in ["", "a b", "a\n", "a;b", &"x".repeat(51)] {
            let refused = board.add_user(&olga(), new(name, "1234", false)).await;
            assert!(matches!(refused, Err(Error::Invalid { pointer: "/name", .. })), "{name:?}");
        }
        let empty = board.add_user(&olga(), new("petr", "", false)).await;
        assert!(matches!(empty, Err(Error::Invalid { pointer: "/password", .. })));
        assert!(board.has_users().await.unwrap());
    }
}

#[tokio::test]
async fn somebody_always_administers_the_school() {
    for house in House::all().await {
        let board = &house.board;
        let head = board.add_user(&olga(), new("head", "1234", true)).await.unwrap();
        let step_down = UserChange { admin: Some(false), ..UserChange::default() };
        assert!(board.set_user(&olga(), head.id, step_down.clone()).await.is_err());
        assert!(board.remove_user(&olga(), head.id).await.is_err());
        let other = board.add_user(&olga(), new("other", "1234", true)).await.unwrap();
        assert!(!board.set_user(&olga(), head.id, step_down).await.unwrap().admin);
        board.remove_user(&olga(), head.id).await.unwrap();
        let keep_out = UserChange { disabled: Some(true), ..UserChange::default() };
        assert!(board.set_user(&olga(), other.id, keep_out).await.is_err());
    }
}

#[tokio::test]
async fn roles_are_by_class_and_seen_by_other_processes() {
    for house in House::all().await {
        let beside = house.another().await;
        let (board, class) = (&house.board, house.class().await);
        let petr = board.add_user(&olga(), new("petr", "1234", false)).await.unwrap();
        assert_eq!(petr.role_in(class.id), None);
        let roles = Some(BTreeMap::from([(class.id, Role::Head)]));
        board.set_user(&olga(), petr.id, UserChange { roles, ..UserChange::default() }).await.unwrap();
        // Another process looks ten times a second, even if whoever looked went away meanwhile.
        let _ = beside.user("petr").await;
        tokio::time::sleep(std::time::Duration::from_millis(110)).await;
        let _ = beside.user("petr").now_or_never();
        let seen = async {
            loop {
                if beside.user("petr").await.unwrap().is_some_and(|petr| petr.role_in(class.id) == Some(Role::Head)) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), seen).await.expect("it is seen");
    }
}

#[tokio::test]
async fn who_sees_a_write_of_another_process_in_one_thing_sees_it_in_all() {
    for house in House::all().await {
        let beside = house.another().await;
        let (board, class) = (&house.board, house.class().await);
        let petr = board.add_user(&olga(), new("petr", "1234", false)).await.unwrap();
        assert!(beside.user("petr").await.unwrap().is_some());
        let roles = Some(BTreeMap::from([(class.id, Role::Head)]));
        board.set_user(&olga(), petr.id, UserChange { roles, ..UserChange::default() }).await.unwrap();
        // The class is read for the first time, and so as it is by now; the account was read before.
        beside.snapshot(class.id).await.unwrap();
        assert_eq!(beside.user("petr").await.unwrap().unwrap().role_in(class.id), Some(Role::Head));
    }
}

#[tokio::test]
async fn the_role_in_one_class_changes_alone_and_only_of_what_was_seen() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let other = board.add_class(&olga(), "9v", ClassSettings::named("9В")).await.unwrap().id;
        let roles = BTreeMap::from([(class, Role::Editor), (other, Role::Head)]);
        let petr = board.add_user(&olga(), NewUser { roles, ..new("petr", "1234", false) }).await.unwrap();
        let change = |roles_in| UserChange { roles_in, expect: Expect::Tag(petr.tag()), ..UserChange::default() };
        let away = change(BTreeMap::from([(class, None)]));
        let after = board.set_user(&olga(), petr.id, away.clone()).await.unwrap();
        assert_eq!(after.roles, BTreeMap::from([(other, Role::Head)]));
        assert!(matches!(board.set_user(&olga(), petr.id, away).await, Err(Error::Stale { .. })));
    }
}

#[tokio::test]
async fn whoever_heads_all_classes_of_another_governs_them() {
    let house = House::all().await.remove(0);
    let (board, class) = (&house.board, house.class().await.id);
    let other = board.add_class(&olga(), "9v", ClassSettings::named("9В")).await.unwrap().id;
    let make = async |name, admin, roles: &[(ClassId, Role)]| {
        let roles = roles.iter().copied().collect();
        board.add_user(&olga(), NewUser { roles, ..new(name, "1234", admin) }).await.unwrap()
    };
    let admin = make("admin", true, &[]).await;
    let head = make("head", false, &[(class, Role::Head), (other, Role::Editor)]).await;
    let mine = make("mine", false, &[(class, Role::Editor)]).await;
    let shared = make("shared", false, &[(class, Role::Editor), (other, Role::Reader)]).await;
    let nobodys = make("nobodys", false, &[]).await;
    assert!(head.governs(&mine) && !head.governs(&shared) && !head.governs(&nobodys) && !head.governs(&admin));
    assert!([&head, &mine, &shared, &nobodys].into_iter().all(|user| admin.governs(user)));
    assert!(!mine.governs(&mine));
}
