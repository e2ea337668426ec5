use std::collections::HashMap;
use std::time::Duration;

use board::Outgoing;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use tokio::time::Instant;

use super::{Lanes, Turn};
use crate::limits::{Limits, Rate};
use crate::parcel::Parcel;

fn parcel(id: i64, peer: i64) -> Parcel {
    let now = Timestamp::UNIX_EPOCH;
    Parcel::of(Outgoing { id, peer, body: json!({"text": "дз"}), created: now, due: now, tries: 0 }).unwrap()
}

fn lanes(limits: Limits, peers: &[i64], now: Instant) -> Lanes {
    let mut lanes = Lanes::new(limits);
    for (id, peer) in (1..).zip(peers) {
        lanes.add(parcel(id, *peer), now, now);
    }
    lanes
}

/// Sends everything that can be sent at a moment, each at once.
fn drain(lanes: &mut Lanes, now: Instant) -> Vec<i64> {
    let mut sent = Vec::new();
    while let Turn::Send(parcel) = lanes.next(now) {
        lanes.gone(parcel.peer, now);
        sent.push(parcel.id);
    }
    sent
}

fn is_empty(lanes: &Lanes) -> bool {
    lanes.lanes.values().all(|lane| lane.parcels.is_empty()) && lanes.turns.is_empty()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_lane_keeps_its_order_and_lanes_take_turns() {
    let now = Instant::now();
    let mut lanes = lanes(Limits::none(), &[7, 7, 7, 8, 9], now);

    assert_eq!(drain(&mut lanes, now), [1, 4, 5, 2, 3]);
    assert!(is_empty(&lanes));
}

#[test]
fn while_a_message_is_under_way_its_lane_waits_and_others_do_not() {
    let now = Instant::now();
    let mut lanes = lanes(Limits::none(), &[7, 7, 8], now);

    let Turn::Send(slow) = lanes.next(now) else { panic!("nothing to send") };
    assert_eq!(slow.id, 1);
    assert_eq!(drain(&mut lanes, now), [3]);
    assert!(matches!(lanes.next(now), Turn::Idle));
    lanes.gone(7, now);
    assert_eq!(drain(&mut lanes, now), [2]);
}

#[test]
fn what_comes_after_a_message_that_is_put_off_waits_with_it() {
    let now = Instant::now();
    let mut lanes = lanes(Limits::none(), &[7, 7, 8], now);

    let Turn::Send(first) = lanes.next(now) else { panic!("nothing to send") };
    lanes.again(first, now + seconds(30), now);

    assert_eq!(drain(&mut lanes, now), [3]);
    assert!(matches!(lanes.next(now), Turn::Wait(until) if until == now + seconds(30)));
    assert_eq!(drain(&mut lanes, now + seconds(30)), [1, 2]);
}

#[test]
fn a_lane_that_has_long_been_full_does_not_starve_others() {
    let now = Instant::now();
    let limits = Limits { overall: Some(Rate { count: 1, per: seconds(1) }), ..Limits::none() };
    let mut lanes = lanes(limits, &[7; 100], now);
    assert_eq!(drain(&mut lanes, now), [1]);

    let later = now + seconds(1);
    lanes.add(parcel(101, 8), later, later);

    assert_eq!(drain(&mut lanes, later), [2]);
    assert_eq!(drain(&mut lanes, later + seconds(1)), [101]);
}

#[test]
fn the_overall_limit_holds() {
    let start = Instant::now();
    let limits = Limits { overall: Some(Rate { count: 20, per: seconds(1) }), ..Limits::none() };
    let mut lanes = lanes(limits, &(1..=50).collect::<Vec<_>>(), start);

    assert_eq!(drain(&mut lanes, start).len(), 20);
    assert_eq!(drain(&mut lanes, start + Duration::from_millis(999)).len(), 0);
    assert_eq!(drain(&mut lanes, start + seconds(1)).len(), 20);
    assert_eq!(drain(&mut lanes, start + seconds(2)).len(), 10);
}

#[test]
fn a_chat_and_a_group_have_limits_of_their_own() {
    let start = Instant::now();
    let chat = Some(Rate { count: 1, per: seconds(1) });
    let group = Some(Rate { count: 2, per: seconds(60) });
    let mut lanes = lanes(Limits { chat, group, ..Limits::none() }, &[7, 7, -9, -9, -9], start);
    let mut at = |second| drain(&mut lanes, start + seconds(second));

    assert_eq!(at(0), [1, 3]);
    assert_eq!(at(1), [2, 4]);
    assert!(at(59).is_empty());
    assert_eq!(at(60), [5]);
}

#[test]
fn the_limit_of_a_chat_is_remembered_while_it_has_no_messages() {
    let start = Instant::now();
    let chat = Some(Rate { count: 1, per: seconds(10) });
    let mut lanes = lanes(Limits { chat, ..Limits::none() }, &[7], start);
    assert_eq!(drain(&mut lanes, start), [1]);

    lanes.add(parcel(2, 7), start, start + seconds(1));

    assert!(matches!(lanes.next(start + seconds(1)), Turn::Wait(until) if until == start + seconds(10)));
}

#[test]
fn a_pause_is_for_all() {
    let start = Instant::now();
    let mut lanes = lanes(Limits::none(), &[7, 8], start);

    lanes.pause(start + seconds(5));
    lanes.pause(start + seconds(3));

    assert!(matches!(lanes.next(start), Turn::Wait(until) if until == start + seconds(5)));
    assert_eq!(drain(&mut lanes, start + seconds(5)), [1, 2]);
}

#[test]
fn chats_without_messages_are_forgotten_in_time() {
    let start = Instant::now();
    let mut lanes = lanes(Limits { chat: Limits::telegram().chat, ..Limits::none() }, &[], start);
    for peer in 1_i64..=20_000 {
        let now = start + Duration::from_millis(peer.unsigned_abs());
        lanes.add(parcel(peer, peer), now, now);
        assert_eq!(drain(&mut lanes, now), [peer]);
    }
    assert!(lanes.lanes.len() < 5000, "{}", lanes.lanes.len());
    assert!(lanes.turns.is_empty());
}

proptest! {
    /// Whatever comes, fails and is put off in whatever order: each message is sent once, and those to a peer in order.
    #[test]
    fn every_message_is_sent_once_and_in_the_order_of_its_lane(
        peers in prop::collection::vec(-3_i64..=3, 1..60),
        fates in prop::collection::vec(0_u8..4, 1..200),
        overall in prop::option::of(1_usize..5),
        chat in prop::option::of(1_usize..3),
    ) {
        let rate = |count| Rate { count, per: Duration::from_millis(100) };
        let limits = Limits { overall: overall.map(rate), chat: chat.map(rate), group: chat.map(rate), at_once: 4 };
        let mut now = Instant::now();
        let mut lanes = lanes(limits, &peers, now);
        let (mut sent, mut under_way) = (Vec::new(), Vec::new());
        let mut fates = fates.into_iter();
        for _ in 0..10_000 {
            match lanes.next(now) {
                Turn::Send(parcel) => under_way.push(parcel),
                Turn::Wait(until) if under_way.is_empty() => now = until,
                Turn::Idle if under_way.is_empty() => break,
                Turn::Wait(_) | Turn::Idle => {
                    let parcel = under_way.swap_remove(0);
                    if fates.next() == Some(0) {
                        lanes.again(parcel, now + Duration::from_millis(300), now);
                    } else {
                        sent.push((parcel.peer, parcel.id));
                        lanes.gone(parcel.peer, now);
                    }
                }
            }
        }
        prop_assert!(is_empty(&lanes));
        prop_assert_eq!(sent.len(), peers.len());
        let mut last = HashMap::new();
        for (peer, id) in sent {
            prop_assert!(last.insert(peer, id).is_none_or(|before| before < id));
        }
    }
}
