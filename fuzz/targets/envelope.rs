//! Messages: any body under any flags, and what is folded is what is unfolded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote::protocol::Flags;
use pronote::protocol::cipher::Keys;
use pronote::protocol::envelope::{Direction, Envelope, fold, unfold};

fuzz_target!(|input: &str| {
    // The first digit says which flags, and which way.
    let Some((choice, text)) = input.split_at_checked(1) else { return };
    let choice = choice.as_bytes()[0];
    let flags = Flags { encrypt: choice & 1 != 0, compress: choice & 2 != 0 };
    let direction = if choice & 4 != 0 { Direction::Request } else { Direction::Response };
    let keys = Keys::new(b"key", b"vector");
    if let Ok(envelope) = Envelope::parse(text) {
        let _ = envelope.session();
        let _ = envelope.payload(direction, flags, &keys);
    }
    let _ = unfold(text, direction, flags, &keys);
    // Without flags a payload is not folded at all.
    if flags.encrypt || flags.compress {
        let folded = fold(text, direction, flags, &keys);
        assert_eq!(unfold(folded.trim_matches('"'), direction, flags, &keys).as_deref(), Ok(text));
    }
});
