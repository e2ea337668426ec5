use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use board::{Board, Config, Intake, Platform};
use emulator::chat::{Next, Outcome, Telegram, TelegramConfig, Vk, VkConfig};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use transport::Transport;

use super::{Patience, Post, empty};
use crate::limits::{Limits, Rate};
use crate::meter::{Health, Meter};
use crate::{Message, telegram, vk};

const PEER: i64 = 2_000_000_001;

/// Nobody waits in tests.
const PATIENCE: Patience = Patience {
    first: Duration::ZERO,
    longest: Duration::ZERO,
    much_later: Duration::ZERO,
    token: Duration::ZERO,
    tries: 3,
    age: Duration::from_secs(60),
};

/// A board, its queue, and a worker that empties it.
struct House<P> {
    board: Board,
    meter: Arc<Meter>,
    inbox: UnboundedSender<Vec<board::Outgoing>>,
    stop: CancellationToken,
    worker: JoinHandle<()>,
    post: PhantomData<P>,
}

async fn board(folder: &TempDir) -> Board {
    Board::open(Config::new(folder.path())).await.unwrap()
}

fn vk_api(vk: &Vk) -> vk::Api {
    let config = vk::Config { api: vk.url().parse().unwrap(), ..vk::Config::new(vk.config().token.clone().into()) };
    vk::Api::new(&Transport::new(transport::Config::default()).unwrap(), &config)
}

fn telegram_api(telegram: &Telegram) -> telegram::Api {
    let token = telegram.config().token.clone().into();
    let config = telegram::Config { api: telegram.url().parse().unwrap(), ..telegram::Config::new(token) };
    telegram::Api::new(&Transport::new(transport::Config::default()).unwrap(), &config)
}

impl<P: Post> House<P> {
    /// Begins with what is on the disk already.
    async fn open(board: Board, post: P, limits: Limits, patience: Patience) -> Self {
        let (inbox, receiver) = unbounded_channel();
        let (post, meter, stop) = (Arc::new(post), Arc::new(Meter::default()), CancellationToken::new());
        let worker = empty(board.clone(), post, (limits, patience), receiver, meter.clone(), stop.clone());
        let worker = tokio::spawn(worker);
        let house = House { board, meter, inbox, stop, worker, post: PhantomData };
        let waiting = house.board.waiting(P::PLATFORM, 0, 10_000).await.unwrap();
        house.hand_over(waiting);
        house
    }

    fn hand_over(&self, queued: Vec<board::Outgoing>) {
        Meter::add(&self.meter.waiting, queued.len());
        self.inbox.send(queued).unwrap();
    }

    /// Puts texts in the queue, and lets the worker know.
    async fn say(&self, texts: &[(i64, &str)]) {
        let messages = texts.iter().map(|(peer, text)| (*peer, message(text))).collect();
        self.put(messages).await;
    }

    async fn put(&self, messages: Vec<(i64, serde_json::Value)>) {
        let intake = Intake { messages, ..Intake::default() };
        let queued = self.board.take_in(P::PLATFORM, &[intake]).await.unwrap();
        self.hand_over(queued);
    }

    /// Ends the worker as it is meant to end, and tells what is left in the queue.
    async fn left(self) -> usize {
        self.stop.cancel();
        self.worker.await.unwrap();
        self.board.waiting(P::PLATFORM, 0, 10_000).await.unwrap().len()
    }

    /// Waits until so many messages were sent or given up, as far as the worker knows.
    async fn settled(&self, sent: u64, given_up: u64) {
        let settled = || {
            let state = self.meter.state(P::PLATFORM, "none");
            (state.sent, state.given_up, state.waiting) == (sent, given_up, 0)
        };
        // Everything happens on this thread: the worker has its turn whenever this one gives way.
        let settling = async {
            while !settled() {
                tokio::task::yield_now().await;
            }
        };
        let state = || self.meter.state(P::PLATFORM, "none");
        assert!(timeout(Duration::from_secs(60), settling).await.is_ok(), "{:?}", state());
    }
}

fn message(text: &str) -> serde_json::Value {
    serde_json::to_value(Message::text(text)).unwrap()
}

fn with_keyboard(text: &str) -> serde_json::Value {
    let keyboard_labels = Some(vec![vec!["дз".to_owned()]]);
    serde_json::to_value(Message { text: text.to_owned(), keyboard_labels }).unwrap()
}

async fn vk_house(vk: &Vk, folder: &TempDir) -> House<vk::Api> {
    House::open(board(folder).await, vk_api(vk), Limits::none(), PATIENCE).await
}

async fn start_vk() -> (Vk, TempDir) {
    (Vk::start(VkConfig::default()).await.unwrap(), tempfile::tempdir().unwrap())
}

fn texts(calls: &[emulator::chat::Call]) -> Vec<(i64, &str)> {
    calls.iter().map(|call| (call.peer, call.text.as_str())).collect()
}

#[tokio::test]
async fn messages_are_sent_in_order_and_leave_the_queue() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;

    house.say(&[(PEER, "раз"), (PEER, "два"), (PEER, "три")]).await;

    let sent = vk.sent(3).await;
    assert_eq!(texts(&sent), [(PEER, "раз"), (PEER, "два"), (PEER, "три")]);
    assert!(sent.iter().all(|call| call.random_id > 0));
    house.settled(3, 0).await;
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn what_was_in_the_queue_at_the_start_is_sent() {
    let (vk, folder) = start_vk().await;
    let board = board(&folder).await;
    let intake = Intake { messages: vec![(PEER, message("дз"))], ..Intake::default() };
    board.take_in(Platform::Vk, &[intake]).await.unwrap();

    let house = House::open(board, vk_api(&vk), Limits::none(), PATIENCE).await;

    assert_eq!(texts(&vk.sent(1).await), [(PEER, "дз")]);
    house.settled(1, 0).await;
}

#[tokio::test]
async fn passing_failures_are_retried_with_the_same_number() {
    let failures = [
        Next::Error(1),
        Next::Error(6),
        Next::Error(9),
        Next::Error(10),
        Next::Error(29),
        Next::Status(502),
        Next::Status(404),
        Next::Garbage,
        Next::Silence,
    ];
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    for (count, failure) in (1..).zip(failures) {
        vk.answer_next("messages.send", failure);
        house.say(&[(PEER, "раз"), (PEER, "два")]).await;
        house.settled(2 * count, 0).await;

        let calls = vk.calls().split_off(3 * (usize::try_from(count).unwrap() - 1));
        assert_eq!(texts(&calls), [(PEER, "раз"), (PEER, "раз"), (PEER, "два")], "{failure:?}");
        assert_eq!(calls[0].random_id, calls[1].random_id, "{failure:?}");
        assert_ne!(calls[1].random_id, calls[2].random_id, "{failure:?}");
        assert_eq!(house.meter.state(Platform::Vk, "").retried, count);
    }
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_sent_once() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    vk.answer_next("messages.send", Next::Lost);

    house.say(&[(PEER, "дз")]).await;
    house.settled(1, 0).await;

    assert_eq!(texts(&vk.sends()), [(PEER, "дз")]);
    assert_eq!(vk.calls()[1].outcome, Outcome::Repeated(1));
}

#[tokio::test]
async fn lasting_refusals_are_not_retried() {
    let codes = [7, 14, 15, 100, 900, 901, 902, 917, 922, 925, 927, 932, 936, 945, 946];
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    for (count, code) in (1..).zip(codes) {
        vk.answer_next("messages.send", Next::Error(code));
        house.say(&[(PEER, "раз")]).await;
        house.settled(0, count).await;
        assert_eq!(vk.counts().calls(), count, "code {code}");
    }
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn a_message_is_tried_so_often_and_then_given_up() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    for _ in 0..3 {
        vk.answer_next("messages.send", Next::Error(10));
    }

    house.say(&[(PEER, "раз"), (PEER, "два")]).await;
    house.settled(1, 1).await;

    assert_eq!(texts(&vk.sends()), [(PEER, "два")]);
    assert_eq!(vk.counts().calls(), 4);
}

#[tokio::test]
async fn a_refused_token_stops_everything_until_it_is_taken_again() {
    let (vk, folder) = start_vk().await;
    let patience = Patience { token: Duration::from_secs(3600), ..PATIENCE };
    let house = House::open(board(&folder).await, vk_api(&vk), Limits::none(), patience).await;
    vk.answer_next("messages.send", Next::Error(5));

    house.say(&[(PEER, "раз")]).await;
    vk.until(|counts| counts.failed == 1).await;
    while house.meter.health() != Health::TokenRefused {
        tokio::task::yield_now().await;
    }
    house.say(&[(7, "два")]).await;
    assert_eq!(house.left().await, 2, "nothing is lost");
    assert_eq!(vk.counts().calls(), 1);

    let house = vk_house(&vk, &folder).await;
    vk.answer_next("messages.send", Next::Error(27));
    house.settled(2, 0).await;
    assert_eq!(house.meter.health(), Health::Good);
}

#[tokio::test]
async fn a_refused_keyboard_is_left_out() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    for (count, code) in (1..).zip([911, 912]) {
        vk.answer_next("messages.send", Next::Error(code));
        house.put(vec![(PEER, with_keyboard("Привет"))]).await;
        house.settled(count, 0).await;
    }

    assert!(vk.sends().iter().all(|call| call.keyboard.is_none() && call.text == "Привет"));
    assert!(vk.calls().iter().any(|call| call.keyboard.is_some()));
}

#[tokio::test]
async fn a_text_that_is_too_long_after_all_is_cut() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    vk.answer_next("messages.send", Next::Error(914));
    let lines = "слово ".repeat(100);
    let text = format!("{lines}\n{lines}");

    house.say(&[(PEER, &text), (PEER, "ещё")]).await;
    house.settled(2, 0).await;

    assert_eq!(texts(&vk.sends()), [(PEER, lines.trim()), (PEER, lines.as_str()), (PEER, "ещё")]);
}

#[tokio::test]
async fn a_long_text_goes_in_parts_and_the_keyboard_with_the_last() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;

    house.put(vec![(PEER, with_keyboard(&"слово\n".repeat(1500))), (PEER, message("ещё"))]).await;
    house.settled(2, 0).await;

    let sends = vk.sends();
    assert_eq!(sends.iter().map(|call| call.keyboard.is_some()).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(sends[..3].iter().map(|call| call.text.matches("слово").count()).sum::<usize>(), 1500);
    assert_eq!(sends[3].text, "ещё");
}

#[tokio::test]
async fn one_that_is_slow_holds_nobody_up() {
    let (vk, folder) = start_vk().await;
    let house = vk_house(&vk, &folder).await;
    vk.answer_next_to(7, Next::Held);

    house.say(&[(7, "медленно"), (7, "потом"), (8, "раз"), (9, "два"), (8, "три")]).await;

    let others = vk.sent(3).await;
    assert!(others.iter().all(|call| call.peer != 7), "{others:?}");
    vk.until(|counts| counts.held == 1).await;
    vk.release();
    assert_eq!(texts(&vk.sent(5).await)[3..], [(7, "медленно"), (7, "потом")]);
    house.settled(5, 0).await;
}

#[tokio::test]
async fn no_more_are_under_way_than_may_be() {
    let (vk, folder) = start_vk().await;
    let limits = Limits { at_once: 2, ..Limits::none() };
    let house = House::open(board(&folder).await, vk_api(&vk), limits, PATIENCE).await;
    for peer in 1..=3 {
        vk.answer_next_to(peer, Next::Held);
    }

    house.say(&[(1, "раз"), (2, "два"), (3, "три")]).await;
    vk.until(|counts| counts.held == 2).await;
    assert_eq!(vk.counts().requests, 2);
    vk.release();
    vk.until(|counts| counts.held == 1).await;
    vk.release();
    house.settled(3, 0).await;
}

#[tokio::test]
async fn the_rate_is_kept() {
    let (vk, folder) = start_vk().await;
    let per = Duration::from_millis(50);
    let limits = Limits { overall: Some(Rate { count: 4, per }), ..Limits::none() };
    let house = House::open(board(&folder).await, vk_api(&vk), limits, PATIENCE).await;

    house.say(&(1..=12).map(|peer| (peer, "дз")).collect::<Vec<_>>()).await;

    let sent = vk.sent(12).await;
    // They may arrive a little closer together than they left.
    let whole = sent[11].at - sent[0].at;
    assert!(whole >= per * 3 / 2, "{whole:?}");
    house.settled(12, 0).await;
}

#[tokio::test]
async fn a_worker_that_dies_after_sending_sends_it_once_all_the_same() {
    let (vk, folder) = start_vk().await;
    vk.answer_next("messages.send", Next::Slow(Duration::from_secs(3600)));
    let house = vk_house(&vk, &folder).await;
    house.say(&[(PEER, "раз"), (PEER, "два")]).await;
    vk.sent(1).await;

    // As a power cut does: VK has it, and the disk does not know.
    house.worker.abort();
    assert!(house.worker.await.unwrap_err().is_cancelled());

    let house = House::open(house.board, vk_api(&vk), Limits::none(), PATIENCE).await;
    house.settled(2, 0).await;
    assert_eq!(texts(&vk.sends()), [(PEER, "раз"), (PEER, "два")]);
    assert_eq!(vk.counts().repeated, 1);
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn a_disk_that_fails_makes_nothing_go_twice() {
    let (vk, folder) = start_vk().await;
    vk.answer_next("messages.send", Next::Held);
    let house = vk_house(&vk, &folder).await;
    house.say(&[(PEER, "раз"), (PEER, "два")]).await;
    vk.until(|counts| counts.held == 1).await;

    house.board.close().await;
    vk.release();
    house.settled(2, 0).await;
    house.stop.cancel();
    house.worker.await.unwrap();

    assert_eq!(texts(&vk.calls()), [(PEER, "раз"), (PEER, "два")]);
    let again = House::open(board(&folder).await, vk_api(&vk), Limits::none(), PATIENCE).await;
    again.settled(2, 0).await;
    assert_eq!((vk.counts().sent, vk.counts().repeated), (2, 2), "the disk knows of neither, but VK does");
    assert_eq!(again.left().await, 0);
}

#[tokio::test]
async fn the_end_waits_for_what_is_under_way() {
    let (vk, folder) = start_vk().await;
    vk.answer_next("messages.send", Next::Held);
    let house = vk_house(&vk, &folder).await;
    house.say(&[(PEER, "раз"), (PEER, "два")]).await;
    vk.until(|counts| counts.held == 1).await;

    house.stop.cancel();
    tokio::task::yield_now().await;
    vk.release();

    assert_eq!(house.left().await, 1, "the second was not begun");
    assert_eq!(texts(&vk.sends()), [(PEER, "раз")]);
}

#[tokio::test]
async fn what_cannot_be_sent_any_more_is_given_up() {
    let (vk, folder) = start_vk().await;
    let patience = Patience { age: Duration::ZERO, ..PATIENCE };
    let house = House::open(board(&folder).await, vk_api(&vk), Limits::none(), patience).await;

    house.put(vec![(PEER, serde_json::json!({"text": 7}))]).await;
    house.settled(0, 1).await;

    assert_eq!(vk.counts().requests, 0);
    assert_eq!(house.left().await, 0);
}

#[tokio::test]
async fn a_platform_that_is_out_of_order_is_tried_with_one_message_at_a_time() {
    let (vk, folder) = start_vk().await;
    let patience = Patience { tries: 100, ..PATIENCE };
    let house = House::open(board(&folder).await, vk_api(&vk), Limits::none(), patience).await;
    for _ in 0..40 {
        vk.answer_next("messages.send", Next::Status(503));
    }

    house.say(&(1..=20).map(|peer| (peer, "дз")).collect::<Vec<_>>()).await;
    vk.until(|counts| counts.failed >= 30).await;
    assert_eq!(house.meter.health(), Health::Unreachable);

    house.settled(20, 0).await;
    assert_eq!(house.meter.health(), Health::Good);
}

#[tokio::test]
async fn telegram_is_left_alone_as_long_as_it_wants() {
    let (telegram, folder) = (Telegram::start(TelegramConfig::default()).await.unwrap(), tempfile::tempdir().unwrap());
    let house = House::open(board(&folder).await, telegram_api(&telegram), Limits::none(), PATIENCE).await;
    telegram.answer_next_to(7, Next::RetryAfter(1));

    house.say(&[(7, "раз"), (7, "два"), (8, "три")]).await;

    let sent = telegram.sent(3).await;
    assert_eq!(texts(&sent), [(8, "три"), (7, "раз"), (7, "два")]);
    assert!(sent[1].at - telegram.calls()[0].at >= Duration::from_millis(900));
    house.settled(3, 0).await;
}

#[tokio::test]
async fn telegram_gets_its_keyboard_and_its_refusals_are_understood() {
    let (telegram, folder) = (Telegram::start(TelegramConfig::default()).await.unwrap(), tempfile::tempdir().unwrap());
    let house = House::open(board(&folder).await, telegram_api(&telegram), Limits::none(), PATIENCE).await;

    house.put(vec![(7, with_keyboard("Привет"))]).await;
    house.settled(1, 0).await;
    assert_eq!(telegram.sends()[0].keyboard.as_ref().unwrap()["keyboard"][0][0]["text"], "дз");

    telegram.answer_next("sendMessage", Next::Error(403));
    house.say(&[(7, "раз")]).await;
    house.settled(1, 1).await;

    telegram.answer_next("sendMessage", Next::Error(500));
    telegram.answer_next("sendMessage", Next::Silence);
    house.say(&[(7, "два")]).await;
    house.settled(2, 1).await;
    assert_eq!(house.left().await, 0);
}
