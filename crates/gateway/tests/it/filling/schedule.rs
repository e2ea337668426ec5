//! The schedule, with a clock that the test moves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use board::{ClassSettings, PassState};
use emulator::Fault;
use gateway::filling::{Config, Filler};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::filling::desk::{Desk, olga, profile};

/// More than the longest interval, with what differs from class to class, and the look at who is bound.
const INTERVAL: Duration = Duration::from_secs(34 * 60);
/// Shorter than the shortest.
const LESS: Duration = Duration::from_secs(26 * 60);

/// Keeps time from passing by itself while a school is being asked: the runtime does not take a wait for the network for
/// idleness as long as a thread works.
struct StillTime(#[expect(dead_code, reason = "dropped, it lets the thread go")] std::sync::mpsc::Sender<()>);

impl StillTime {
    fn begin() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || receiver.recv());
        tokio::time::pause();
        StillTime(sender)
    }
}

/// What fills on a schedule.
struct Service {
    passes: watch::Receiver<u64>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _still: StillTime,
}

impl Service {
    fn start(desk: &Desk) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let still = StillTime::begin();
        let filler = Filler::start(desk.gateway.clone(), desk.board.clone(), Config::default(), &tasks, stop.clone());
        Service { passes: filler.passes(), tasks, stop, _still: still }
    }

    /// Waits until so many passes have ended.
    async fn ended(&mut self, passes: u64) {
        self.passes.wait_for(|ended| *ended >= passes).await.unwrap();
        assert_eq!(*self.passes.borrow(), passes);
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Lets the service do whatever it does at this moment without the network.
async fn settle(desk: &Desk) {
    for _ in 0..50 {
        desk.board.fillings().await.unwrap();
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_class_is_filled_when_it_is_bound_and_then_at_every_interval() {
    let desk = Desk::new().await;
    let mut service = Service::start(&desk);
    service.ended(1).await;
    assert_eq!(desk.filling().await.outcome.unwrap().state, PassState::Filled);
    settle(&desk).await;
    let asked = desk.school.calls().len();
    tokio::time::advance(LESS).await;
    settle(&desk).await;
    assert_eq!(desk.school.calls().len(), asked, "not yet");
    tokio::time::advance(INTERVAL - LESS).await;
    service.ended(2).await;
    assert!(desk.filling().await.outcome.unwrap().report.is_empty());
    assert_eq!(desk.school.open_sessions().await, 0);
    service.end().await;
}

#[tokio::test]
async fn classes_are_taken_up_and_let_go_while_it_runs() {
    let desk = Desk::new().await;
    let mut service = Service::start(&desk);
    service.ended(1).await;
    let other = desk.board.add_class(&olga(), "3a-bis", ClassSettings::named("3A bis")).await.unwrap();
    desk.board.bind_filling(&olga(), other.id, profile().as_str(), "").await.unwrap();
    settle(&desk).await;
    tokio::time::advance(Duration::from_secs(31)).await;
    service.ended(2).await;
    assert_eq!(desk.board.filling(other.id).await.unwrap().unwrap().outcome.unwrap().state, PassState::Filled);
    desk.board.unbind_filling(&olga(), desk.class.id).await.unwrap();
    desk.board.archive_class(&olga(), other.id, true).await.unwrap();
    settle(&desk).await;
    let asked = desk.school.calls().len();
    for _ in 0..5 {
        tokio::time::advance(INTERVAL).await;
        settle(&desk).await;
    }
    assert_eq!(desk.school.calls().len(), asked);
    service.end().await;
}

#[tokio::test]
async fn what_was_refused_is_not_asked_again_until_it_is_bound_again() {
    let desk = Desk::new().await;
    desk.school.faults().next("Authentification", 1, Fault::Access(1));
    let mut service = Service::start(&desk);
    service.ended(1).await;
    assert!(desk.filling().await.is_stopped());
    settle(&desk).await;
    let asked = desk.school.calls().len();
    for _ in 0..5 {
        tokio::time::advance(INTERVAL).await;
        settle(&desk).await;
    }
    assert_eq!(desk.school.calls().len(), asked);
    desk.sign_in(pronote::Space::Student).await;
    desk.bind("").await;
    tokio::time::advance(Duration::from_secs(31)).await;
    service.ended(2).await;
    assert_eq!(desk.filling().await.outcome.unwrap().state, PassState::Filled);
    service.end().await;
}

#[tokio::test]
async fn a_held_back_pass_waits_until_the_pacers_moment() {
    let desk = Desk::new().await;
    desk.school.faults().next("page", 1, Fault::Suspended);
    let mut service = Service::start(&desk);
    service.ended(1).await;
    settle(&desk).await;
    tokio::time::advance(INTERVAL).await;
    service.ended(2).await;
    settle(&desk).await;
    let asked = desk.school.calls().len();
    // The pacer said: an hour. The clock of the gateway stands still, so that it says so again and again.
    tokio::time::advance(INTERVAL).await;
    settle(&desk).await;
    assert_eq!(*service.passes.borrow(), 2, "the interval is over, the hour is not");
    tokio::time::advance(INTERVAL).await;
    service.ended(3).await;
    assert_eq!(desk.school.calls().len(), asked);
    service.end().await;
}

#[tokio::test]
async fn it_ends_in_the_middle_of_a_pass_without_a_word_about_it() {
    let desk = Desk::new().await;
    desk.school.faults().next("PageCahierDeTexte", 1, Fault::Delay(Duration::from_secs(3600)));
    let service = Service::start(&desk);
    while desk.school.count("PageEmploiDuTemps") < 2 {
        tokio::task::yield_now().await;
    }
    service.stop.cancel();
    service.tasks.close();
    let ended = service.tasks.wait();
    tokio::pin!(ended);
    // The goodbye has five seconds.
    settle(&desk).await;
    tokio::time::advance(Duration::from_secs(6)).await;
    ended.await;
    assert_eq!(desk.filling().await.outcome, None);
    assert!(desk.snapshot().await.timetables.is_empty());
}
