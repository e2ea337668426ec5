//! What a viewer changes at school, by keys that outlive sessions.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
use std::sync::Arc;
use std::time::Duration;

use emulator::Emulator;
use gateway::viewers::{Config, Door};
use gateway::{DiscussionChange, Reply, Unchanged, Viewer, Viewers, Whose, ids};
use pronote::Space;
use pronote::functions::{homework, messaging, news};
use pronote::model::{Homework, NewsKind, PersonKind, QuestionKind};

use crate::house::{HOME, house, open, usual};
use crate::school::config;

/// A pupil of a school of its own.
struct Pupil {
    viewer: Arc<Viewer>,
    _viewers: Viewers,
    _data: tempfile::TempDir,
    _school: Emulator,
}

impl std::ops::Deref for Pupil {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.viewer
    }
}

async fn pupil(write: bool) -> Pupil {
    let school = Emulator::start(config()).await.unwrap();
    // Pages are forgotten because something was changed, not because they grew old.
    let (data, viewers) = house(Config { fresh: Duration::from_secs(3600), ..Config::default() });
    let door = Door { write, ..usual(&school, Space::Student) };
    let (_, viewer) = open(viewers.sign_in(HOME, door).await);
    Pupil { viewer, _viewers: viewers, _data: data, _school: school }
}

async fn homework(viewer: &Viewer) -> Vec<(String, Homework)> {
    let weeks = 1..=viewer.instance().last_week();
    let page = viewer.read(Whose::OWN, &homework::Request { weeks }).await.unwrap();
    ids::ids(&page.value).into_iter().zip(page.value.clone()).collect()
}

#[tokio::test]
async fn homework_is_done_and_undone_by_its_key() {
    let viewer = pupil(true).await;
    let (key, before) = homework(&viewer).await.swap_remove(0);
    for done in [!before.done, before.done] {
        viewer.mark_homework(Whose::OWN, &key, done).await.unwrap();
        let now = homework(&viewer).await.into_iter().find(|(known, _)| *known == key).unwrap().1;
        assert_eq!(now.done, done, "and the page read before is forgotten");
    }
}

#[tokio::test]
async fn a_file_is_handed_in_and_taken_back() {
    let viewer = pupil(true).await;
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
    let viewer = pupil(false).await;
    let (key, _) = homework(&viewer).await.swap_remove(0);
    assert!(matches!(viewer.mark_homework(Whose::OWN, &key, true).await, Err(Unchanged::ReadOnly)));
    assert!(matches!(viewer.empty_trash(Whose::OWN).await, Err(Unchanged::ReadOnly)));
}

#[tokio::test]
async fn a_key_that_names_nothing_any_more_is_told() {
    let viewer = pupil(true).await;
    let gone = viewer.mark_homework(Whose::OWN, "0000000000", true).await;
    assert!(matches!(gone, Err(Unchanged::Gone { what: "homework", .. })), "{gone:?}");
}

#[tokio::test]
async fn a_survey_is_answered() {
    let viewer = pupil(true).await;
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
    let viewer = pupil(true).await;
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
