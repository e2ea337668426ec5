//! What people hand in: files, standard input, answers typed at a prompt.

use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::exit::{Family, failure};

/// The largest file that is read.
const MOST_BYTES: u64 = 64 << 20;

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

/// The text of a file; `-` is standard input.
pub(crate) fn text_of(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(bytes_of(path)?).map_err(|_| {
        let message = format!("could not read {}: it is not UTF-8 text", path.display());
        failure(Family::Configuration, message, "Give a text file.")
    })
}

/// The first line of standard input, as a secret.
pub(crate) fn secret_line() -> anyhow::Result<SecretString> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().take(4096).read_line(&mut line).context("could not read standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).into())
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

/// Asks for a secret, without showing it; `None` when nobody is there.
pub(crate) fn ask_secret(question: &str) -> anyhow::Result<Option<SecretString>> {
    if !is_interactive() {
        return Ok(None);
    }
    let typed = rpassword::prompt_password(format!("{question}: ")).context("could not ask at the terminal")?;
    Ok(Some(typed).filter(|typed| !typed.is_empty()).map(Into::into))
}
