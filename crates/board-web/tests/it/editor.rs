//! The pages of the editor, as a browser without JavaScript sees them.

mod browser;
mod conflicts;
mod faults;
mod judge;
mod roles;
mod safety;
mod signing_in;
mod tour;

use board::{Actor, ClassId, Expect, NewUser, Role, Source, Task};
use jiff::civil::date;

use crate::house::House;
use browser::Browser;

/// The password of everybody here.
const PASSWORD: &str = "rucksack-leather";

/// A class with people of every role, two subjects, and homework due on 2 September 2025; it is Monday, the first.
async fn school() -> House {
    let house = House::on_sqlite().await;
    let class = house.class;
    for (name, role) in [("anna", Role::Head), ("boris", Role::Editor), ("vera", Role::Reader)] {
        house.add_user(name, PASSWORD, &[(class, role)]).await;
    }
    let admin = NewUser {
        name: "admin".to_owned(),
        password: PASSWORD.to_owned().into(),
        strong: true,
        admin: true,
        roles: [].into(),
    };
    let by = Actor::program("test");
    house.board.add_user(&by, admin).await.unwrap();
    house.board.add_subjects(&by, class, &["Algebra".to_owned(), "Physics".to_owned()]).await.unwrap();
    house.board.set_note(&by, class, 1, "No. 12", Expect::Anything).await.unwrap();
    give(&house, class, "Ex. 5").await;
    house
}

async fn give(house: &House, class: ClassId, text: &str) -> i64 {
    let task = Task {
        subject: 1,
        given: date(2025, 9, 1),
        due: date(2025, 9, 2),
        text: text.to_owned(),
        links: Vec::new(),
        source: Source::Hand,
    };
    house.board.add_assignment(&Actor::program("test"), class, task).await.unwrap().id
}

/// Somebody who is signed in, in English.
async fn signed_in<'a>(house: &'a House, name: &str) -> Browser<'a> {
    let mut browser = Browser::new(house, "en");
    let page = browser.sign_in(name, PASSWORD).await;
    assert_eq!(page.status, 200, "{}", page.html);
    browser
}
