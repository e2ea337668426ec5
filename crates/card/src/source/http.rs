//! One exchange over HTTP, and what its failure means of a source.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::timeout;
use transport::{Error, Request, Response, Transport, Url};

use super::SourceError;

/// Asks servers, each time as if for the first time, and never for long.
pub(crate) struct Http {
    transport: Transport,
    patience: Duration,
}

impl Http {
    pub(crate) fn new(transport: &Transport, timeout_ms: u64) -> Self {
        Http { transport: transport.clone(), patience: Duration::from_millis(timeout_ms.max(1)) }
    }

    /// Sends a request and reads its answer whole. A redirect is an answer, and is not followed.
    pub(crate) async fn ask(&self, request: Request) -> Result<Response, SourceError> {
        // What one answer leaves behind, such as a cookie, does not go with the next.
        let browser = self.transport.browser();
        browser.send(request.timeout(self.patience)).await.map_err(|error| match error {
            Error::Timeout { .. } => self.slow(),
            Error::Unreachable { .. } | Error::Tls { .. } | Error::Interrupted { .. } => {
                SourceError::Unreachable(error.to_string())
            }
            _ => SourceError::Unreadable(error.to_string()),
        })
    }

    /// Waits for several exchanges, for no longer than one may take.
    pub(crate) async fn within<T>(&self, work: impl Future<Output = Result<T, SourceError>>) -> Result<T, SourceError> {
        timeout(self.patience, work).await.unwrap_or_else(|_| Err(self.slow()))
    }

    fn slow(&self) -> SourceError {
        SourceError::Slow(u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX))
    }
}

/// What an answer means that is not the one that was asked for.
pub(crate) fn unexpected(status: u16) -> SourceError {
    match status {
        401 | 403 => SourceError::Refused(format!("status {status}")),
        300..=399 => SourceError::Unreadable(format!("it redirects (status {status}), perhaps to where one signs in")),
        429 | 502..=504 => SourceError::Unreachable(format!("status {status}")),
        _ => SourceError::Unreadable(format!("it answers with status {status}")),
    }
}

/// Whether a key can be a part of an address: `.` and `..` would name another place in it.
pub(crate) fn addressable(key: &str) -> bool {
    super::key::askable(key) && key != "." && key != ".."
}

/// A text as a part of an address, in which nothing of it means anything.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
        encoded
    })
}

/// Whether what is sent to an address stays on this machine, or cannot be read on its way.
pub(crate) fn is_private(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "https" || host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_part_of_an_address() {
        assert_eq!(encoded("a/b?c#d%2F é+&"), "a%2Fb%3Fc%23d%252F%20%C3%A9%2B%26");
        assert!(!addressable("..") && !addressable(".") && addressable("..."));
    }

    #[test]
    fn an_answer_that_was_not_asked_for_is_no_answer() {
        assert!(matches!(unexpected(401), SourceError::Refused(_)));
        assert!(matches!(unexpected(302), SourceError::Unreadable(why) if why.contains("redirects")));
        assert!(matches!(unexpected(503), SourceError::Unreachable(_)));
        assert!(matches!(unexpected(500), SourceError::Unreadable(_)));
    }
}
