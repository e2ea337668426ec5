//! What people hand in: files, standard input, answers typed at a prompt.

use std::fs::{self, File};
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::exit::{Family, failure};

/// The largest file that is read.
const MOST_BYTES: u64 = 64 << 20;
/// The longest line taken: no password, token, date or code is.
const LONGEST_LINE: usize = 4096;

/// Whether someone is there to answer.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The content of a file; `-` is standard input.
pub(crate) fn bytes_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    let wrong = |why: String| {
        let message = format!("could not read {}: {why}", path.display());
        failure(Family::Configuration, message, "Give the path of a file that can be read, or `-` for standard input.")
    };
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(wrong(error.to_string())),
        Ok(_) if bytes.len() as u64 > MOST_BYTES => Err(wrong("it is too large".to_owned())),
        Ok(_) => Ok(bytes),
    }
}

/// The content of a file of settings. What is no file may never end, or never begin: a pipe that nobody writes to.
pub(crate) fn small_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!("it is larger than {} KiB", most >> 10))),
        false => Ok(bytes),
    }
}

/// The text of a file; `-` is standard input.
pub(crate) fn text_of(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(bytes_of(path)?).map_err(|_| {
        let message = format!("could not read {}: it is not UTF-8 text", path.display());
        failure(Family::Configuration, message, "Give a text file.")
    })
}

/// The next line of standard input, as a secret; `None` when it is empty, or nothing comes any more.
pub(crate) fn secret_line() -> anyhow::Result<Option<SecretString>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE + 1));
    let most = LONGEST_LINE as u64 + 1;
    io::stdin().lock().take(most).read_until(b'\n', &mut line).context("could not read standard input")?;
    if line.len() > LONGEST_LINE {
        // A part of it would be wrong, and the rest would answer the next question.
        let advice = format!("Give at most {LONGEST_LINE} bytes on a line.");
        return Err(failure(Family::Usage, "a line of standard input is longer than any password", advice));
    }
    let text = std::str::from_utf8(&line)
        .map_err(|_| failure(Family::Usage, "standard input is not UTF-8 text", "Give the password in UTF-8."))?;
    Ok(Some(text.trim_end_matches(['\r', '\n'])).filter(|line| !line.is_empty()).map(Into::into))
}

/// Asks for something that may be seen; `None` when nobody is there.
pub(crate) fn ask(question: &str) -> anyhow::Result<Option<String>> {
    if !is_interactive() {
        return Ok(None);
    }
    eprint!("{question}: ");
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
}

/// Asks for a secret, without showing it; `None` when nobody is there, or nothing is typed.
pub(crate) fn ask_secret(question: &str) -> anyhow::Result<Option<SecretString>> {
    if !is_interactive() {
        return Ok(None);
    }
    let typed = match rpassword::prompt_password(format!("{question}: ")) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            eprintln!();
            return Ok(None);
        }
        typed => typed.context("could not ask at the terminal")?,
    };
    Ok(Some(typed).filter(|typed| !typed.is_empty()).map(Into::into))
}
