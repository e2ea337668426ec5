//! What goes wrong at the board.

use std::time::Duration;

/// Why the board did not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached or opened.
    #[error("could not open the database of the class board")]
    Unreachable(#[source] sqlx::Error),
    /// The database did not carry something out: it is locked, full or damaged.
    #[error("the database of the class board did not {0}")]
    Database(&'static str, #[source] sqlx::Error),
    /// The folder of the board cannot be used.
    #[error("could not {0} in the folder of the class board")]
    Folder(&'static str, #[source] std::io::Error),
    /// What is stored cannot be understood.
    #[error("the database of the class board holds something that cannot be read: {0}")]
    Damaged(String),
    /// The database was made by a later version.
    #[error("the database of the class board was made by a later version of Cartable")]
    TooNew,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// Nobody has that name, or the password is another.
    #[error("incorrect login or password")]
    WrongPassword,
    /// The account is kept out.
    #[error("this account is disabled")]
    Disabled,
    /// There were too many wrong passwords.
    #[error("too many wrong passwords; try again in {} seconds", .0.as_secs().max(1))]
    TooManyTries(Duration),
    /// Too many sign in at this moment.
    #[error("too many sign in at this moment; try again soon")]
    Busy,
    /// It takes a role that the account has not.
    #[error("this account may not do that")]
    Forbidden,
    /// There is no such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A name is taken.
    #[error("there is such a {0} already")]
    Taken(&'static str),
    /// It cannot be as it is wanted.
    #[error("{message}")]
    Invalid {
        /// Where, as a JSON pointer into what was given.
        pointer: &'static str,
        /// What is wrong.
        message: String,
    },
    /// It was changed since the caller read it.
    #[error("it was changed meanwhile")]
    Stale {
        /// What it is now; nothing when it is gone.
        current: Option<serde_json::Value>,
    },
}

impl Error {
    /// That it cannot be as it is wanted.
    pub(crate) fn invalid(pointer: &'static str, message: impl Into<String>) -> Self {
        Error::Invalid { pointer, message: message.into() }
    }

    /// Makes a failure of the database ours.
    pub(crate) fn database(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| Error::Database(what, error)
    }
}
