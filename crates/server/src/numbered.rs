//! The errors that clients of `pronote-api` know by their number, told alike by the doors and in answers.

/// A number, and the text that has always stood beside it.
pub(crate) type Numbered = (i32, &'static str);

/// An error of the school's own, in its own words.
pub(crate) const SCHOOL: i32 = -1;
/// A portal nobody knows, which is named.
pub(crate) const UNKNOWN_PORTAL: i32 = 1;
/// The school turns this network's address away.
pub(crate) const BANNED: Numbered =
    (2, "Your IP address is temporarily banned because of too many failed authentication attempts");
/// The login and the secret do not go together.
pub(crate) const WRONG_CREDENTIALS: Numbered = (3, "Wrong user credentials");
/// The session has ended.
pub(crate) const EXPIRED: Numbered = (5, "Session has expired due to inactivity or error");
/// Too much was asked.
pub(crate) const RATE_LIMITED: Numbered = (6, "You are being rate limited because of too many failed requests");
/// The school is closed for a while.
pub(crate) const CLOSED: Numbered = (7, "The instance is closed, try again later");
