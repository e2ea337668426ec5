//! A school that runs for the time of one test: the built binary's `emulator` command.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

/// A running emulator; it ends with this value.
pub(crate) struct School {
    process: Child,
    /// The root address, with its final slash.
    pub(crate) url: String,
}

impl School {
    /// Starts the emulator on a free port with more options, such as `["--profile", "g25"]`, and waits until it is ready.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cartable"))
            .args(["emulator", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary was built with the tests");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("emulator ready: ").map(str::to_owned));
        // What it prints later has to go somewhere, or it would wait for us.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        match url {
            Some(url) => Self { process, url },
            None => panic!("the emulator ended ({:?}) before it was ready, with {options:?}", process.wait()),
        }
    }
}

impl Drop for School {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
