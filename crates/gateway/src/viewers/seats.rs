//! How many accounts may be signed in: in all, and from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use crate::Error;
use crate::viewer::lock;

/// The places for accounts.
pub(super) struct Seats {
    most: usize,
    most_from_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    from: HashMap<IpAddr, usize>,
}

/// A place that is free again when this is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    from: IpAddr,
}

impl Seats {
    /// `most_from_one` may be 0: then one address may take them all.
    pub(super) fn new(most: usize, most_from_one: usize) -> Arc<Self> {
        let most_from_one = if most_from_one == 0 { usize::MAX } else { most_from_one };
        Arc::new(Seats { most, most_from_one, taken: Mutex::default() })
    }

    /// Takes a place for an address.
    pub(super) fn take(self: &Arc<Self>, from: IpAddr) -> Result<Seat, Error> {
        let from = network(from);
        let mut taken = lock(&self.taken);
        if taken.all >= self.most {
            return Err(Error::Full);
        }
        if taken.from.get(&from).is_some_and(|count| *count >= self.most_from_one) {
            return Err(Error::AddressFull);
        }
        Ok(self.seat(&mut taken, from))
    }

    /// Takes a place for what was there before this process began, whatever the bounds are now.
    pub(super) fn take_again(self: &Arc<Self>, from: IpAddr) -> Seat {
        self.seat(&mut lock(&self.taken), network(from))
    }

    fn seat(self: &Arc<Self>, taken: &mut Taken, from: IpAddr) -> Seat {
        taken.all += 1;
        *taken.from.entry(from).or_default() += 1;
        Seat { seats: Arc::clone(self), from }
    }
}

impl Seat {
    /// The network it was taken from.
    pub(super) fn from(&self) -> IpAddr {
        self.from
    }

    /// Whether an address is of the same network.
    pub(super) fn is_from(&self, from: IpAddr) -> bool {
        self.from == network(from)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.seats.taken);
        taken.all -= 1;
        if let Some(count) = taken.from.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                taken.from.remove(&self.from);
            }
        }
    }
}

/// What counts as one address: of IPv6 the network of 64 bits that one subscriber has.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_seat_is_free_again_when_it_is_left() {
        let seats = Seats::new(2, 0);
        let one = seats.take(address("192.0.2.1")).unwrap();
        let _two = seats.take(address("192.0.2.1")).unwrap();
        assert!(matches!(seats.take(address("192.0.2.2")), Err(Error::Full)));
        drop(one);
        seats.take(address("192.0.2.2")).unwrap();
    }

    #[test]
    fn one_address_leaves_room_for_the_others() {
        let seats = Seats::new(10, 1);
        let _one = seats.take(address("192.0.2.1")).unwrap();
        assert!(matches!(seats.take(address("::ffff:192.0.2.1")), Err(Error::AddressFull)));
        seats.take(address("192.0.2.2")).unwrap();
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_address() {
        let seats = Seats::new(10, 1);
        let seat = seats.take(address("2001:db8:1:2::1")).unwrap();
        assert!(matches!(seats.take(address("2001:db8:1:2:ffff::9")), Err(Error::AddressFull)));
        assert!(seat.is_from(address("2001:db8:1:2::5")) && !seat.is_from(address("2001:db8:1:3::1")));
        assert_eq!(lock(&seats.taken).from.len(), 1);
        drop(seat);
        assert!(lock(&seats.taken).from.is_empty());
    }
}
