//! One session's line to the server: its keys, its order numbers, one call at a time (protocol §3, §4, §7.4).

mod answer;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use transport::{Browser, Request, Response};
use url::Url;

use answer::Wait;

use crate::address::SchoolAddress;
use crate::error::{Cause, Error, Step};
use crate::pace::Pacer;
use crate::protocol::cipher::Keys;
use crate::protocol::envelope::{self, Direction};
use crate::protocol::page::EntryPage;

const JSON: &str = "application/json";
/// How long the server may keep saying "please wait" for one call.
const MOST_WAITING: Duration = Duration::from_secs(60);
/// The wait the official client takes when the server names none.
const DEFAULT_WAIT: Duration = Duration::from_millis(500);
/// How long a long poll is held; the official client gives up after ten minutes.
const POLL_TIMEOUT: Duration = Duration::from_secs(600);

/// After what delays a call whose outcome is unknown is sent again, byte for byte.
#[derive(Debug, Clone)]
pub struct Replays(pub Vec<Duration>);

impl Default for Replays {
    /// One second, then three, then nine: the official client waits three seconds each time.
    fn default() -> Self {
        Replays([1, 3, 9].map(Duration::from_secs).to_vec())
    }
}

/// The far end of a session: where it is, and how it is spoken to. Fixed from the entry page on.
pub(crate) struct Peer {
    pub(crate) address: SchoolAddress,
    pub(crate) browser: Browser,
    pub(crate) page: EntryPage,
    pub(crate) pacer: Pacer,
    pub(crate) replays: Replays,
}

/// The line of one session: what changes from call to call.
pub(crate) struct Channel {
    peer: Arc<Peer>,
    keys: Keys,
    order: u64,
    in_flight: Option<Sealed>,
    /// A file is on its way; if nobody waits for it any more, nobody knows which number comes next.
    uploading: bool,
    polls: i64,
}

/// A message ready to be sent, and sent again.
#[derive(Clone)]
struct Sealed {
    url: Url,
    body: String,
    /// The order number its answer must carry.
    answer: i64,
    reply_keys: Keys,
}

/// What to put in a call besides its name.
pub(crate) struct Ask<'a> {
    pub(crate) step: Step,
    pub(crate) function: &'a str,
    pub(crate) data: &'a Value,
    pub(crate) signature: Option<Value>,
}

impl Channel {
    pub(crate) fn new(peer: Peer) -> Self {
        Channel {
            peer: Arc::new(peer),
            keys: Keys::new(b"", b""),
            order: 1,
            in_flight: None,
            uploading: false,
            polls: 0,
        }
    }

    pub(crate) fn peer(&self) -> &Arc<Peer> {
        &self.peer
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Takes the session key: every call from the next one on is under it.
    pub(crate) fn switch_key(&mut self, key: &[u8]) {
        self.keys = self.keys.with_key(key);
    }

    /// Makes the first call, whose answer already comes under the new IV.
    pub(crate) async fn exchange_keys(&mut self, ask: Ask<'_>, iv: &[u8; 16]) -> Result<String, Error> {
        let reply_keys = Keys::new(b"", iv);
        self.call_under(ask, &reply_keys).await
    }

    /// Makes one call and gives the clear JSON of its answer, waiting as long as the server asks for it.
    pub(crate) async fn call(&mut self, ask: Ask<'_>) -> Result<String, Error> {
        let reply_keys = self.keys.clone();
        self.call_under(ask, &reply_keys).await
    }

    async fn call_under(&mut self, ask: Ask<'_>, reply_keys: &Keys) -> Result<String, Error> {
        let Ask { step, function, data, signature } = ask;
        let names = self.peer.page.generation().names();
        let mut payload = json!({});
        if let Some(signature) = signature {
            payload[names.signature] = signature;
        }
        if !data.is_null() {
            payload[names.data] = data.clone();
        }
        let mut waited = Duration::ZERO;
        loop {
            let answer = self.exchange(&step, function, &payload, reply_keys).await?;
            let Some(wait) = Wait::of(&answer) else { return Ok(answer) };
            if waited >= MOST_WAITING {
                return Err(self.peer.error(&step, Cause::StillWaiting(waited.as_secs())));
            }
            waited += wait.delay;
            tokio::time::sleep(wait.delay).await;
            if !wait.repeat_arguments
                && let Some(object) = payload.as_object_mut()
            {
                object.remove(names.data);
            }
            payload[names.wait] = wait.block;
        }
    }

    /// One request and its answer, checked and unfolded.
    async fn exchange(
        &mut self,
        step: &Step,
        function: &str,
        payload: &Value,
        reply_keys: &Keys,
    ) -> Result<String, Error> {
        self.settle(step).await?;
        self.peer.pass(step).await?;
        let peer = Arc::clone(&self.peer);
        let EntryPage { session, space, flags, .. } = peer.page;
        let order = self.encrypted_order();
        let secured = envelope::fold(&payload.to_string(), Direction::Request, flags, &self.keys);
        let sealed = Sealed {
            url: peer.address.below(&format!("appelfonction/{space}/{session}/{order}"))?,
            body: envelope::write(peer.page.generation(), session, &order, function, &secured),
            answer: self.order.cast_signed() + 1,
            reply_keys: reply_keys.clone(),
        };
        let response = self.deliver(step, &sealed, false).await?;
        peer.open(step, &response, &sealed)
    }

    /// Sends a message until it is known what became of it. `heard` says that it may have arrived already.
    async fn deliver(&mut self, step: &Step, sealed: &Sealed, mut heard: bool) -> Result<Response, Error> {
        // Whoever waits here may go away: until proof of the contrary the message is on its way.
        self.in_flight = Some(sealed.clone());
        let peer = Arc::clone(&self.peer);
        let sent = peer.send(step, sealed, &mut heard).await;
        match &sent {
            // An answer too large to take is an answer all the same: asking for it again would bring the same.
            Ok(_) | Err(transport::Error::TooLarge { .. }) => self.answered(),
            // It never left: its number is free, and nobody will be surprised by a change that happens later.
            Err(_) if !heard => self.in_flight = None,
            Err(_) => {}
        }
        sent.map_err(|error| peer.error(step, error))
    }

    /// Prepares a long poll: beside the calls, with a count of its own (protocol §7.3).
    pub(crate) fn poll(&mut self) -> Result<Poll, Error> {
        self.polls += 1;
        let peer = Arc::clone(&self.peer);
        let EntryPage { session, space, flags, .. } = peer.page;
        let answer = peer.page.generation().poll_order(self.polls);
        let order = self.keys.encrypt_hex(answer.to_string().as_bytes());
        let url = peer.address.below(&format!("appelpolling/{space}/{session}/{order}"))?;
        let secured = envelope::fold("{}", Direction::Request, flags, &self.keys);
        let body = envelope::write(peer.page.generation(), session, &order, "polling", &secured);
        Ok(Poll { peer, sealed: Sealed { url, body, answer, reply_keys: self.keys.clone() } })
    }

    fn encrypted_order(&self) -> String {
        self.keys.encrypt_hex(self.order.to_string().as_bytes())
    }

    /// Finishes a call whose caller went away while it was in flight: the same bytes again, and its answer dropped.
    async fn settle(&mut self, step: &Step) -> Result<(), Error> {
        if self.uploading {
            return Err(self.peer.error(step, Cause::Expired));
        }
        if let Some(unfinished) = self.in_flight.clone() {
            let response = self.deliver(step, &unfinished, true).await?;
            // Nobody waits for what it says, but if it says that the address is suspended the next call must not leave.
            let _ = self.peer.open(step, &response, &unfinished);
        }
        Ok(())
    }

    /// The server heard the call, whatever it answered: its numbers are used up, and the keys of the answer stay.
    fn answered(&mut self) {
        if let Some(sealed) = self.in_flight.take() {
            self.keys = sealed.reply_keys;
        }
        self.uploading = false;
        self.order += 2;
    }
}

/// A long poll ready to be held.
pub(crate) struct Poll {
    peer: Arc<Peer>,
    sealed: Sealed,
}

impl Poll {
    /// Holds the line until the server has something to say, and gives the clear JSON of it.
    pub(crate) async fn hold(self) -> Result<String, Error> {
        let step = Step::Page("polling".into());
        self.peer.pass(&step).await?;
        let request = Request::post(&self.sealed.url, JSON, self.sealed.body.clone()).timeout(POLL_TIMEOUT);
        let response = self.peer.browser.send(request).await.map_err(|error| self.peer.error(&step, error))?;
        self.peer.open(&step, &response, &self.sealed)
    }
}

impl Peer {
    pub(crate) fn error(&self, step: &Step, cause: impl Into<Cause>) -> Error {
        Error::new(step.clone(), cause).of_version(self.page.version)
    }

    /// Waits until another request may be made of the school.
    pub(crate) async fn pass(&self, step: &Step) -> Result<(), Error> {
        self.pacer.pass(&self.address.key()).await.map_err(|paused| self.error(step, paused))
    }

    /// Sends bytes, and sends them again while the network fails (protocol §3.2); notes in `heard` whether any of them
    /// may have arrived.
    async fn send(&self, step: &Step, sealed: &Sealed, heard: &mut bool) -> Result<Response, transport::Error> {
        let mut delays = self.replays.0.iter();
        loop {
            let request = Request::post(&sealed.url, JSON, sealed.body.clone());
            let error = match self.browser.send(request).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            *heard |= error.outcome_unknown();
            let Some(delay) = delays.next().filter(|_| error.is_temporary()) else { return Err(error) };
            // The error names the host, and with it the school.
            tracing::debug!(%step, "Sending a call again after a network failure");
            tokio::time::sleep(*delay).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use transport::{Config, Transport};

    use super::*;
    use crate::pace::Pacer;

    fn channel(address: &str) -> Channel {
        let transport = Transport::new(Config { max_body: 1000, ..Config::default() }).unwrap();
        Channel::new(Peer {
            address: address.parse().unwrap(),
            browser: transport.browser(),
            page: EntryPage::parse("Start({h:1,a:6})>PRONOTE 2026.1.3<", None).unwrap(),
            pacer: Pacer::unlimited(Arc::new(|| Timestamp::UNIX_EPOCH)),
            replays: Replays(Vec::new()),
        })
    }

    /// A line to a server that answers everything with the same bytes.
    async fn answering(answer: &'static [u8]) -> Channel {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
            }
        });
        channel(&address)
    }

    async fn ask(channel: &mut Channel) -> Cause {
        let data = Value::Null;
        let ask = Ask { step: Step::Page("F".into()), function: "F", data: &data, signature: None };
        channel.call(ask).await.unwrap_err().cause
    }

    #[tokio::test]
    async fn a_call_that_never_left_is_not_sent_later() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut channel = channel(&format!("http://{}/", listener.local_addr().unwrap()));
        drop(listener);
        assert!(matches!(ask(&mut channel).await, Cause::Transport(_)));
        assert!(channel.in_flight.is_none());
        assert_eq!(channel.order, 1);
    }

    #[tokio::test]
    async fn a_call_whose_answer_was_lost_is_settled_before_the_next() {
        let mut channel = answering(b"").await;
        assert!(matches!(ask(&mut channel).await, Cause::Transport(_)));
        assert!(channel.in_flight.is_some());
        assert_eq!(channel.order, 1);
    }

    #[tokio::test]
    async fn an_answer_too_large_to_take_does_not_block_the_line() {
        let mut channel =
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n{").await;
        assert!(matches!(ask(&mut channel).await, Cause::Transport(_)));
        assert!(channel.in_flight.is_none());
        assert_eq!(channel.order, 3);
    }

    #[tokio::test]
    async fn an_answer_that_is_not_text_is_refused() {
        let answer =
            b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{\"dataSec\":{\"a\":\"\xff\xff\xff\xff\"}}";
        let cause = ask(&mut answering(answer).await).await;
        assert!(matches!(cause, Cause::Unreadable(envelope::Unreadable::NotText)), "{cause}");
    }

    #[tokio::test]
    async fn too_many_requests_told_by_the_status_stop_everything() {
        let mut channel = answering(b"HTTP/1.1 429 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        assert!(matches!(ask(&mut channel).await, Cause::RateLimited));
        assert!(matches!(ask(&mut channel).await, Cause::Paused(_)));
    }
}
