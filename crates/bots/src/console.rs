//! The bot in a terminal: a line in, answers out. For trying it, and for tests.

use std::io::{self, BufRead, Read as _, Write};

use crate::Message;

/// The longest line that is taken at once, in bytes; a longer one comes in pieces.
const LONGEST: u64 = 64 * 1024;

/// Talks until there are no more lines: each is a message, and goes to `answer`.
///
/// ```
/// use bots::{Message, console};
///
/// let mut said = Vec::new();
/// console::talk(&b"hello\n"[..], &mut said, |line| Ok(vec![Message::text(format!("{line} to you"))]))?;
/// assert_eq!(String::from_utf8_lossy(&said), "hello to you\n\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Reading, writing or answering fails.
pub fn talk(
    mut lines: impl BufRead,
    mut out: impl Write,
    mut answer: impl FnMut(&str) -> io::Result<Vec<Message>>,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        for message in answer(text.trim_end_matches(['\r', '\n']))? {
            writeln!(out, "{}", message.text.trim_end_matches('\n'))?;
            for row in message.keyboard_labels.iter().flatten() {
                writeln!(out, "[ {} ]", row.join(" ] [ "))?;
            }
            writeln!(out)?;
        }
        out.flush()?;
    }
}
