//! Messages that wait to be sent, in a lane for each chat: in a lane they keep their order, and lanes take turns.

use std::collections::{BTreeMap, HashMap, VecDeque};

use tokio::time::Instant;

use crate::limits::{Limits, Window};
use crate::parcel::Parcel;

/// With so many lanes without messages, those are looked for at first that need not be remembered.
const IDLE_LANES: usize = 1024;

/// The lanes of one platform.
pub(crate) struct Lanes {
    limits: Limits,
    overall: Window,
    lanes: HashMap<i64, Lane>,
    /// When it is whose turn. A lane is in here while its first message waits, but not while that is under way.
    turns: BTreeMap<(Instant, u64), i64>,
    /// Tells turns of the same moment apart.
    number: u64,
    idle: usize,
    /// With how many lanes without messages it is looked next for those that need not be remembered.
    sweep_at: usize,
    /// Until when nothing is sent at all.
    paused: Option<Instant>,
}

#[derive(Default)]
struct Lane {
    parcels: VecDeque<Parcel>,
    chat: Window,
    group: Window,
}

/// What can be done.
#[derive(Debug)]
pub(crate) enum Turn {
    /// This one can be sent. It stays the first of its lane until it is said what became of it.
    Send(Parcel),
    /// Nothing until then.
    Wait(Instant),
    /// Nothing, until something comes or comes back.
    Idle,
}

impl Lanes {
    pub(crate) fn new(limits: Limits) -> Self {
        Lanes {
            limits,
            overall: Window::default(),
            lanes: HashMap::new(),
            turns: BTreeMap::new(),
            number: 0,
            idle: 0,
            sweep_at: IDLE_LANES,
            paused: None,
        }
    }

    /// Adds a message that comes after all others of its lane, not to be sent before a moment.
    pub(crate) fn add(&mut self, parcel: Parcel, not_before: Instant, now: Instant) {
        let peer = parcel.peer;
        let idle = &mut self.idle;
        let lane = self.lanes.entry(peer).or_insert_with(|| {
            *idle += 1;
            Lane::default()
        });
        lane.parcels.push_back(parcel);
        if lane.parcels.len() == 1 {
            *idle -= 1;
            self.take_turn(peer, not_before.max(now), now);
        }
    }

    /// Finds out what can be sent, and notes that it is.
    pub(crate) fn next(&mut self, now: Instant) -> Turn {
        if let Some(until) = self.paused.filter(|until| *until > now) {
            return Turn::Wait(until);
        }
        let Some((&(at, number), &peer)) = self.turns.first_key_value() else { return Turn::Idle };
        if at > now {
            return Turn::Wait(at);
        }
        if let Some(free) = self.overall.free_at(self.limits.overall, now) {
            return Turn::Wait(free);
        }
        self.turns.remove(&(at, number));
        let Some(lane) = self.lanes.get_mut(&peer) else { return Turn::Idle };
        let Some(parcel) = lane.parcels.front() else { return Turn::Idle };
        self.overall.note(self.limits.overall, now);
        lane.chat.note(self.limits.chat, now);
        if is_group(peer) {
            lane.group.note(self.limits.group, now);
        }
        Turn::Send(parcel.clone())
    }

    /// The message that is under way in a lane is gone, for better or worse; the next one has its turn.
    pub(crate) fn gone(&mut self, peer: i64, now: Instant) {
        let Some(lane) = self.lanes.get_mut(&peer) else { return };
        lane.parcels.pop_front();
        if lane.parcels.is_empty() {
            self.idle += 1;
            self.forget_idle(now);
        } else {
            // Not before those who wait already, however long its messages have.
            self.take_turn(peer, now, now);
        }
    }

    /// The message that is under way in a lane goes again, as it is now, at a later moment; what comes after it waits.
    pub(crate) fn again(&mut self, parcel: Parcel, at: Instant, now: Instant) {
        let peer = parcel.peer;
        if let Some(first) = self.lanes.get_mut(&peer).and_then(|lane| lane.parcels.front_mut()) {
            *first = parcel;
            self.take_turn(peer, at, now);
        }
    }

    /// Sends nothing before a moment.
    pub(crate) fn pause(&mut self, until: Instant) {
        self.paused = self.paused.max(Some(until));
    }

    fn take_turn(&mut self, peer: i64, at: Instant, now: Instant) {
        let Some(lane) = self.lanes.get(&peer) else { return };
        let chat = lane.chat.free_at(self.limits.chat, now);
        let group = lane.group.free_at(self.limits.group, now);
        let at = at.max(chat.unwrap_or(at)).max(group.unwrap_or(at));
        self.number += 1;
        self.turns.insert((at, self.number), peer);
    }

    /// Forgets lanes without messages to which something could be sent at once.
    fn forget_idle(&mut self, now: Instant) {
        if self.idle < self.sweep_at {
            return;
        }
        let limits = self.limits;
        let matters = |lane: &Lane| !(lane.chat.is_past(limits.chat, now) && lane.group.is_past(limits.group, now));
        self.lanes.retain(|_, lane| !lane.parcels.is_empty() || matters(lane));
        self.idle = self.lanes.values().filter(|lane| lane.parcels.is_empty()).count();
        // So that looking costs little for each message.
        self.sweep_at = IDLE_LANES.max(2 * self.idle);
    }
}

/// Whether a peer is a chat of several, by its number on Telegram; VK has no limit for those.
fn is_group(peer: i64) -> bool {
    peer < 0
}

#[cfg(test)]
mod tests;
