//! What a viewer changes at school, by keys that outlive sessions.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
use std::sync::Arc;
use std::time::Duration;

use emulator::Emulator;
use gateway::{DiscussionChange, Reply, Role, Unchanged, Viewer, Whose, ids};
use jiff::tz::TimeZone;
use pronote::functions::{homework, messaging, news};
use pronote::login::Device;
use pronote::model::{Homework, NewsKind, PersonKind, QuestionKind};
use pronote::{Session, Space};

use crate::school::{self, gateway, open, password};

/// A long while: pages must be forgotten because something was changed, not because they grew old.
const FRESH: Duration = Duration::from_secs(3600);

async fn session(school: &Emulator, space: Space, write: bool) -> Session {
    let data = tempfile::tempdir().unwrap();
    let credentials = password(school, space, "demonstration", "pronotevs");
    open(gateway(data.path()).visit(credentials, Device::new("test"), write).await)
}

fn viewer(session: Session, role: Role, write: bool) -> Viewer {
    Viewer::new(session, role, write, TimeZone::UTC, Arc::new(jiff::Timestamp::now), FRESH)
}

async fn pupil(school: &Emulator) -> Viewer {
    viewer(session(school, Space::Student, true).await, Role::Student, true)
}

async fn homework(viewer: &Viewer) -> Vec<(String, Homework)> {
    let weeks = 1..=viewer.instance().last_week();
    let page = viewer.read(Whose::OWN, &homework::Request { weeks }).await.unwrap();
    ids::ids(&page.value).into_iter().zip(page.value.clone()).collect()
}

#[tokio::test]
async fn homework_is_done_and_undone_by_its_key() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = pupil(&school).await;
    let (key, before) = homework(&viewer).await.swap_remove(0);
    for done in [!before.done, before.done] {
        viewer.mark_homework(Whose::OWN, &key, done).await.unwrap();
        let now = homework(&viewer).await.into_iter().find(|(known, _)| *known == key).unwrap().1;
        assert_eq!(now.done, done, "and the page read before is forgotten");
    }
}

#[tokio::test]
async fn a_file_is_handed_in_and_taken_back() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = pupil(&school).await;
    let all = homework(&viewer).await;
    let (key, _) = all.iter().find(|(_, homework)| homework.submission.possible).unwrap();
    viewer.hand_in(Whose::OWN, key, "devoir.txt", b"Voici.").await.unwrap();
    let handed = |all: Vec<(String, Homework)>| {
        let homework = all.into_iter().find(|(known, _)| known == key).unwrap().1;
        homework.submission.file.map(|file| file.name)
    };
    assert_eq!(handed(homework(&viewer).await).as_deref(), Some("devoir.txt"));
    viewer.withdraw(Whose::OWN, key).await.unwrap();
    assert_eq!(handed(homework(&viewer).await), None);
    let (other, _) = all.iter().find(|(_, homework)| !homework.submission.possible).unwrap();
    let refused = viewer.hand_in(Whose::OWN, other, "devoir.txt", b"Voici.").await;
    assert!(matches!(refused, Err(Unchanged::Unfit(_))), "{refused:?}");
}

#[tokio::test]
async fn what_may_only_read_changes_nothing() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = viewer(session(&school, Space::Student, false).await, Role::Student, false);
    let (key, _) = homework(&viewer).await.swap_remove(0);
    assert!(matches!(viewer.mark_homework(Whose::OWN, &key, true).await, Err(Unchanged::ReadOnly)));
    assert!(matches!(viewer.empty_trash(Whose::OWN).await, Err(Unchanged::ReadOnly)));
}

#[tokio::test]
async fn a_key_that_names_nothing_any_more_is_told() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = pupil(&school).await;
    let gone = viewer.mark_homework(Whose::OWN, "0000000000", true).await;
    assert!(matches!(gone, Err(Unchanged::Gone { what: "homework", .. })), "{gone:?}");
}

#[tokio::test]
async fn a_survey_is_answered() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = pupil(&school).await;
    let read = async || viewer.read(Whose::OWN, &news::Request::default()).await.unwrap();
    let page = read().await;
    let keys = ids::ids(&page.items);
    let place = page.items.iter().position(|item| item.kind == NewsKind::Survey && !item.read).unwrap();
    let (item, key) = (&page.items[place], &keys[place]);
    let questions = item.questions.clone().unwrap();
    let replies = (1..).zip(&questions).filter_map(|(number, question)| {
        let reply = Reply { question: number, ..Reply::default() };
        match question.kind {
            QuestionKind::Text => Some(Reply { text: Some("Oui.".into()), ..reply }),
            QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
                Some(Reply { choices: vec![question.choices[0].rank], ..reply })
            }
            _ => None,
        }
    });
    let replies: Vec<Reply> = replies.collect();
    let unfit = viewer.answer_news(Whose::OWN, key, vec![Reply { question: 99, ..Reply::default() }]).await;
    assert!(matches!(unfit, Err(Unchanged::Unfit(_))), "{unfit:?}");
    viewer.answer_news(Whose::OWN, key, replies.clone()).await.unwrap();
    let page = read().await;
    let item = page.items.iter().zip(ids::ids(&page.items)).find(|(_, known)| known == key).unwrap().0;
    let questions = item.questions.as_ref().unwrap();
    assert!(item.read);
    for reply in replies {
        let answer = questions[reply.question as usize - 1].answer.as_ref().unwrap();
        assert!(answer.answered);
    }
}

#[tokio::test]
async fn a_discussion_is_begun_and_archived() {
    let school = Emulator::start(school::config()).await.unwrap();
    let viewer = pupil(&school).await;
    let teachers = viewer.read(Whose::OWN, &messaging::Recipients { kind: PersonKind::Teacher }).await.unwrap();
    let to = vec![ids::ids(&teachers.value).swap_remove(0)];
    viewer.begin_discussion(Whose::OWN, &to, "La sortie".into(), "À quelle heure ?").await.unwrap();
    let page = viewer.read(Whose::OWN, &messaging::Request::default()).await.unwrap();
    let place = page.discussions.iter().position(|discussion| discussion.subject == "La sortie").unwrap();
    let key = ids::ids(&page.discussions).swap_remove(place);
    viewer.reply(Whose::OWN, &key, "Merci.", None).await.unwrap();
    viewer.change_discussion(Whose::OWN, &key, DiscussionChange::Archive).await.unwrap();
    let page = viewer.read(Whose::OWN, &messaging::Request::default()).await.unwrap();
    let place = ids::ids(&page.discussions).into_iter().position(|known| known == key).unwrap();
    let discussion = &page.discussions[place];
    assert_eq!(discussion.messages, Some(2));
    assert!(discussion.is_in(pronote::model::FolderKind::Archive));
    let empty = viewer.reply(Whose::OWN, &key, "  ", None).await;
    assert!(matches!(empty, Err(Unchanged::Unfit(_))), "{empty:?}");
}
