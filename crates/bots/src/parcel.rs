//! A message on its way: in parts where it is too long, each with a number by which a repetition is known.

use std::collections::VecDeque;

use board::Outgoing;

use crate::{Message, split};

/// Below this many characters a text is not cut any further: whatever is wrong, it is not its length.
const SHORT: usize = 256;

/// A message of the queue, and what is still to be sent of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Its key in the queue.
    pub(crate) id: i64,
    /// To whom.
    pub(crate) peer: i64,
    /// Since when it waits, in Unix milliseconds.
    pub(crate) created: i64,
    /// How often it was tried.
    pub(crate) tries: u32,
    parts: VecDeque<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    message: Message,
    /// The same for the same part of the same message, whenever it is made.
    seed: u64,
}

impl Parcel {
    /// Makes a parcel of what the queue holds; nothing if that is no message, or says nothing.
    pub(crate) fn of(outgoing: Outgoing) -> Option<Self> {
        let message: Message = serde_json::from_value(outgoing.body).ok()?;
        let created = outgoing.created.as_millisecond();
        // With the time, because another database counts from 1 again, while VK remembers.
        let root = mix(mix(0, outgoing.id.cast_unsigned()), created.cast_unsigned());
        let parts: VecDeque<Part> =
            (0..).zip(split(message)).map(|(number, message)| Part { message, seed: mix(root, number) }).collect();
        let parcel = Parcel { id: outgoing.id, peer: outgoing.peer, created, tries: outgoing.tries, parts };
        (!parcel.parts.is_empty()).then_some(parcel)
    }

    /// The part to be sent next, and its number for VK.
    pub(crate) fn part(&self) -> Option<(&Message, i32)> {
        self.parts.front().map(|part| (&part.message, random_id(part.seed)))
    }

    /// The part was sent; tells whether there are more.
    pub(crate) fn part_sent(&mut self) -> bool {
        self.parts.pop_front();
        self.tries = 0;
        !self.parts.is_empty()
    }

    /// Leaves the keyboard out; tells whether there was one.
    pub(crate) fn without_keyboard(&mut self) -> bool {
        let mut had = false;
        for part in &mut self.parts {
            had |= part.message.keyboard_labels.take().is_some();
        }
        had
    }

    /// Cuts the part to be sent next in two; tells whether it could be.
    pub(crate) fn shorten(&mut self) -> bool {
        let Some(part) = self.parts.front() else { return false };
        let Some((first, second)) = halves(&part.message.text) else { return false };
        let (first, second) = (Message::text(first), Message { text: second.to_owned(), ..part.message.clone() });
        let seed = part.seed;
        self.parts.pop_front();
        self.parts.push_front(Part { message: second, seed: mix(seed, 2) });
        self.parts.push_front(Part { message: first, seed: mix(seed, 1) });
        true
    }
}

/// Cuts a text near its middle: at a line end, or else at a blank, or else just there.
fn halves(text: &str) -> Option<(&str, &str)> {
    let letters = text.chars().count();
    if letters < SHORT {
        return None;
    }
    let middle = text.char_indices().nth(letters / 2).map(|(at, _)| at)?;
    let (front, _) = text.split_at(middle);
    let cut = front.rfind('\n').or_else(|| front.rfind(char::is_whitespace)).unwrap_or(middle);
    let (first, second) = (text[..cut].trim_end(), text[cut..].trim_start());
    // Blanks alone are no message.
    if first.is_empty() || second.is_empty() { Some((&text[..middle], &text[middle..])) } else { Some((first, second)) }
}

/// A positive number of 32 bits that is not 0, which would guard nothing.
fn random_id(seed: u64) -> i32 {
    i32::try_from(seed >> 33).unwrap_or(i32::MAX).max(1)
}

/// Mixes a number into another, so that similar ones give different ones (the finalizer of splitmix64, by S. Vigna).
fn mix(seed: u64, number: u64) -> u64 {
    let mut mixed = seed.wrapping_add(number).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    fn outgoing(id: i64, text: &str) -> Outgoing {
        let now = Timestamp::UNIX_EPOCH;
        let body = json!({"text": text, "keyboard_labels": [["дз"]]});
        Outgoing { id, peer: 7, body, created: now, due: now, tries: 0 }
    }

    fn texts(mut parcel: Parcel) -> Vec<(String, i32)> {
        let mut texts = Vec::new();
        while let Some((message, number)) = parcel.part() {
            texts.push((message.text.clone(), number));
            parcel.part_sent();
        }
        texts
    }

    #[test]
    fn the_same_message_has_the_same_numbers_whenever_it_is_read() {
        let long = "слово\n".repeat(2000);
        let (once, twice) = (Parcel::of(outgoing(5, &long)).unwrap(), Parcel::of(outgoing(5, &long)).unwrap());

        let parts = texts(once);
        assert_eq!(parts.len(), 3);
        assert_eq!(texts(twice), parts);
        let numbers: HashSet<i32> = parts.iter().map(|(_, number)| *number).collect();
        assert_eq!(numbers.len(), 3);
        assert!(numbers.iter().all(|number| *number > 0));
    }

    #[test]
    fn other_messages_have_other_numbers() {
        let number = |id, text| Parcel::of(outgoing(id, text)).unwrap().part().unwrap().1;
        let numbers: HashSet<i32> = (1..=2000).map(|id| number(id, "дз")).collect();
        assert_eq!(numbers.len(), 2000);

        let later = Outgoing { created: Timestamp::from_millisecond(1).unwrap(), ..outgoing(1, "дз") };
        assert_ne!(Parcel::of(later).unwrap().part().unwrap().1, number(1, "дз"), "of another database");
    }

    #[test]
    fn a_part_that_is_too_long_becomes_two_in_its_place() {
        let mut parcel = Parcel::of(outgoing(1, &format!("{}\n{}", "а".repeat(1000), "б".repeat(3000)))).unwrap();
        let whole = parcel.part().unwrap().1;

        assert!(parcel.shorten());
        assert!(parcel.part().unwrap().0.keyboard_labels.is_none(), "it goes with the last");
        let parts = texts(parcel);
        assert_eq!(parts[0].0, "а".repeat(1000));
        assert_eq!(parts[1].0, "б".repeat(3000));
        assert!(parts.iter().all(|(_, number)| *number != whole), "VK may have taken the whole one");
    }

    #[test]
    fn what_is_short_is_not_cut() {
        let mut parcel = Parcel::of(outgoing(1, &"а".repeat(SHORT - 1))).unwrap();
        assert!(!parcel.shorten());
        let mut blank = Parcel::of(outgoing(1, &format!("а{}", " ".repeat(1000)))).unwrap();
        while blank.shorten() {}
        assert!(blank.part().is_some());
    }

    #[test]
    fn what_is_no_message_makes_no_parcel() {
        for body in [json!({}), json!(null), json!({"text": 1}), json!({"text": " \n"})] {
            assert_eq!(Parcel::of(Outgoing { body, ..outgoing(1, "") }), None);
        }
    }

    #[test]
    fn the_keyboard_is_left_out_once() {
        let mut parcel = Parcel::of(outgoing(1, "дз")).unwrap();
        assert!(parcel.without_keyboard());
        assert!(!parcel.without_keyboard());
    }
}
