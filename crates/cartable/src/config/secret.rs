//! Secrets: written in the file, or better, somewhere else.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::de::DeValue;
use zeroize::Zeroizing;

use super::reader::Environment;
use super::value::Value;

/// The largest file that holds one secret.
const MOST_BYTES: u64 = 64 << 10;

/// Where a secret is.
pub(crate) enum Source {
    /// In a variable.
    Variable(String),
    /// In a file.
    File(PathBuf),
    /// Here.
    Inline(SecretString),
}

impl Value for Source {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let text = value.as_str().ok_or("has to be a secret, \"env:NAME\" or \"file:PATH\"")?;
        Ok(match (text.strip_prefix("env:"), text.strip_prefix("file:")) {
            (Some(name), _) => Source::Variable(name.to_owned()),
            (_, Some(path)) => Source::File(path.into()),
            _ => Source::Inline(text.into()),
        })
    }

    /// Shows where it is.
    fn show(&self) -> String {
        match self {
            Source::Variable(name) => format!("env:{name}"),
            Source::File(path) => format!("file:{}", path.display()),
            Source::Inline(_) => "(not shown)".to_owned(),
        }
    }
}

impl Source {
    /// Fetches the secret, without the white space around it. Errors say where it was looked for, and never what was found.
    pub(crate) fn secret(self, folder: &Path, environment: &Environment) -> Result<SecretString, String> {
        let trimmed = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(SecretString::from);
        match self {
            Source::Inline(secret) => {
                trimmed(secrecy::ExposeSecret::expose_secret(&secret)).ok_or("it is empty".into())
            }
            Source::Variable(name) => {
                let text = environment.get(&name).ok_or_else(|| format!("there is no variable {name}"))?;
                trimmed(text).ok_or_else(|| format!("the variable {name} is empty"))
            }
            Source::File(path) => {
                let path = folder.join(path);
                let wrong = |why: String| format!("{} {why}", path.display());
                let length = path.metadata().map_err(|error| wrong(format!("cannot be read: {error}")))?.len();
                if length > MOST_BYTES {
                    return Err(wrong("is too large for one secret".to_owned()));
                }
                let text = std::fs::read_to_string(&path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
                trimmed(&Zeroizing::new(text)).ok_or_else(|| wrong("is empty".to_owned()))
            }
        }
    }

    /// Says that others may read the file of a secret, or the configuration that it stands in, if they may.
    pub(crate) fn exposed(&self, configuration: &Path) -> Option<String> {
        let path = match self {
            Source::Variable(_) => return None,
            Source::File(path) => configuration.with_file_name(path),
            Source::Inline(_) => configuration.to_owned(),
        };
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().ok()?.permissions()) & 0o777;
        #[cfg(not(unix))]
        let mode = 0;
        let told = || format!("{} can be read by others (mode {mode:o}); `chmod 600` it", path.display());
        (mode & 0o077 != 0).then(told)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn secret(written: &str, folder: &Path) -> Result<String, String> {
        let environment = Environment::from([("TOKEN".into(), " abc\n".into()), ("NOTHING".into(), " ".into())]);
        let source = Source::read(&DeValue::String(written.into()))?;
        source.secret(folder, &environment).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_is_found_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "from a file\n").unwrap();
        assert_eq!(secret("plain", folder.path()).unwrap(), "plain");
        assert_eq!(secret("env:TOKEN", folder.path()).unwrap(), "abc");
        assert_eq!(secret("file:token", folder.path()).unwrap(), "from a file");
    }

    #[test]
    fn a_secret_that_is_not_there_is_missed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("empty"), "\n").unwrap();
        std::fs::write(folder.path().join("large"), vec![b'a'; 65 << 10]).unwrap();
        for (written, told) in [
            ("", "empty"),
            ("env:NOTHING", "NOTHING is empty"),
            ("env:OTHER", "no variable OTHER"),
            ("file:empty", "is empty"),
            ("file:none", "cannot be read"),
            ("file:large", "too large"),
        ] {
            let error = secret(written, folder.path()).unwrap_err();
            assert!(error.contains(told), "{written}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_that_others_can_read_is_told() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let (configuration, token) = (folder.path().join("cartable.toml"), folder.path().join("token"));
        for path in [&configuration, &token] {
            std::fs::write(path, "secret").unwrap();
            for (mode, told) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
                let source = if *path == token { Source::File("token".into()) } else { Source::Inline("abc".into()) };
                assert_eq!(source.exposed(&configuration).is_some(), told, "{mode:o}");
            }
        }
    }
}
