//! Runs the built binary to its end.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a command said, and how it ended.
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// The output, after a success.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// The output as JSON, after a success.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}

/// Runs the binary with a data folder.
pub(crate) fn cartable(data: &Path, arguments: &[&str]) -> Ran {
    typing(data, arguments, "")
}

/// Runs the binary with a data folder and a standard input, which is no terminal.
pub(crate) fn typing(data: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
    typed(command.args(arguments).env_clear().env("CARTABLE_DATA", data), input)
}

/// Runs a command to its end, with lines typed.
pub(crate) fn typed(command: &mut Command, input: &str) -> Ran {
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    let output = process.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}
