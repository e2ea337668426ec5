//! Who sits on a connection, and who leaves when all seats are taken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The seats of the server.
pub(crate) struct Seats {
    most: usize,
    room: Mutex<Room>,
}

#[derive(Default)]
struct Room {
    taken: usize,
    next_place: u64,
    /// Connections whose client has something to send before anything can be done for it; who came first is first.
    line: BTreeMap<u64, CancellationToken>,
}

/// One connection's seat. Dropping it frees it.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    place: Mutex<Option<u64>>,
    /// Told to leave, at once.
    pub(crate) leave: CancellationToken,
}

impl Seats {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Seats { most: most.max(1), room: Mutex::default() })
    }

    /// Takes a seat for a connection that has sent nothing yet. None is free when everyone is being served.
    pub(crate) fn take(self: &Arc<Self>) -> Option<Arc<Seat>> {
        {
            let mut room = lock(&self.room);
            if room.taken >= self.most && !room.dismiss_first() {
                return None;
            }
            room.taken += 1;
        }
        let seat = Seat { seats: Arc::clone(self), place: Mutex::default(), leave: CancellationToken::new() };
        seat.wait();
        Some(Arc::new(seat))
    }

    /// Sends away whoever has waited longest.
    pub(crate) fn make_room(&self) {
        lock(&self.room).dismiss_first();
    }

    /// Sends away everyone who is not being served.
    pub(crate) fn dismiss_waiting(&self) {
        let mut room = lock(&self.room);
        while room.dismiss_first() {}
    }

    /// How many connections there are.
    pub(crate) fn taken(&self) -> usize {
        lock(&self.room).taken
    }
}

impl Room {
    fn dismiss_first(&mut self) -> bool {
        self.line.pop_first().map(|(_, leave)| leave.cancel()).is_some()
    }
}

impl Seat {
    /// The client has sent all that is needed: from now on it is served, and stays.
    pub(crate) fn serve(&self) {
        if let Some(place) = lock(&self.place).take() {
            lock(&self.seats.room).line.remove(&place);
        }
    }

    /// The client has its answer, and waits at the end of the line until it sends another request.
    pub(crate) fn wait(&self) {
        let mut place = lock(&self.place);
        if place.is_none() {
            let mut room = lock(&self.seats.room);
            room.next_place += 1;
            let next = room.next_place;
            room.line.insert(next, self.leave.clone());
            *place = Some(next);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.serve();
        lock(&self.seats.room).taken -= 1;
    }
}

/// Nothing that holds these locks can leave what they guard half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_waited_longest_makes_room() {
        let seats = Seats::new(2);
        let (first, second) = (seats.take().unwrap(), seats.take().unwrap());
        first.serve();
        first.wait();
        let _third = seats.take().unwrap();
        assert!(second.leave.is_cancelled(), "the first one was served meanwhile, and waits since then only");
        assert!(!first.leave.is_cancelled());
    }

    #[test]
    fn nobody_who_is_being_served_has_to_leave() {
        let seats = Seats::new(1);
        let served = seats.take().unwrap();
        served.serve();
        assert!(seats.take().is_none());
        assert!(!served.leave.is_cancelled());
        drop(served);
        assert_eq!(seats.taken(), 0);
        assert!(seats.take().is_some());
    }

    #[test]
    fn at_the_end_those_who_wait_leave_and_the_others_stay() {
        let seats = Seats::new(9);
        let (waiting, served) = (seats.take().unwrap(), seats.take().unwrap());
        served.serve();
        seats.dismiss_waiting();
        assert!(waiting.leave.is_cancelled() && !served.leave.is_cancelled());
    }
}
