//! Sockets: how many at once, how long each may take, and how much memory it may hold.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use gateway::viewers::Viewers;
use hyper::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::app::{self, App};
use crate::client::Peer;
use crate::seats::{Seat, Seats};
use crate::{Config, Faces, Patience};

/// The most bytes that a connection's unread input takes, and so the largest head of a request.
const MOST_HEAD_BYTES: usize = 16 * 1024;
/// The most headers of a request: browsers and proxies together send half as many.
const MOST_HEADERS: usize = 64;
/// How long, and for how many bytes, a client may go on sending that has its last answer.
const LINGER: Duration = Duration::from_secs(1);
const MOST_LET_BY: usize = 1 << 20;
/// How long nobody is let in after the system could give no socket, so that some are freed.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(20);

/// Serves on a bound socket until `stop` is cancelled; then answers what is at hand and logs out at every school.
/// The faces that there are beside the gateway are served too; what is behind them stays open.
pub async fn serve(listener: TcpListener, config: Config, viewers: Viewers, faces: Faces, stop: CancellationToken) {
    let (patience, seats) = (config.patience, Seats::new(config.connections));
    let app = Arc::new(App::new(config, viewers, &faces, Arc::clone(&seats)));
    let router = app::router(&app, faces);
    let (tasks, abort) = (TaskTracker::new(), CancellationToken::new());
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(seat) = seats.take() else {
                    app.metrics.turned_away();
                    continue;
                };
                let connection = connection(stream, peer, seat, router.clone(), patience, stop.clone());
                let abort = abort.clone();
                tasks.spawn(async move { abort.run_until_cancelled(connection).await });
            }
            Err(error) => {
                tracing::warn!(%error, "No connection can be accepted");
                seats.make_room();
                sleep(OUT_OF_SOCKETS).await;
            }
        }
    }
    drop(listener);
    seats.dismiss_waiting();
    tasks.close();
    if timeout(patience.stop, tasks.wait()).await.is_err() {
        tracing::warn!("Some requests were not answered in time and are given up");
        abort.cancel();
        tasks.wait().await;
    }
    app.viewers.close().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Arc<Seat>,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    // Answers are written whole: waiting to fill a packet would only delay them. Without it they still arrive.
    let _ = stream.set_nodelay(true);
    let first_byte = timeout(patience.head, stream.readable());
    // Until something comes, a connection costs next to nothing.
    if !matches!(seat.leave.run_until_cancelled(first_byte).await, Some(Ok(Ok(())))) {
        return;
    }
    Box::pin(serve_connection(stream, peer, seat, router, patience, stop)).await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Arc<Seat>,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let io = TokioIo::new(Patient { stream, patience: patience.write, stalled: None, lingering: None });
    let service = service_fn(|request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        if http_body::Body::is_end_stream(request.body()) {
            seat.serve();
        }
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(Arc::clone(&seat));
        let (answer, seat) = (router.clone().oneshot(request), Arc::clone(&seat));
        async move {
            let answer = answer.await?;
            Ok::<_, std::convert::Infallible>(answer.map(|body| Seated { body, seat }))
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_headers(MOST_HEADERS)
        .max_buf_size(MOST_HEAD_BYTES);
    let mut connection = std::pin::pin!(builder.serve_connection(io, service));
    let served = async {
        tokio::select! {
            biased;
            served = connection.as_mut() => served,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Some(Err(error)) = seat.leave.run_until_cancelled(served).await {
        tracing::debug!(%error, "A connection ended early");
    }
}

/// The body of an answer, which keeps its connection's seat until it is sent.
struct Seated {
    body: Body,
    seat: Arc<Seat>,
}

impl http_body::Body for Seated {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        self.seat.wait();
    }
}

/// A stream that gives up on a client that takes nothing of its answer, and takes leave of one that is still sending.
struct Patient {
    stream: TcpStream,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Patient {
    /// Lets a write that made progress begin its patience anew, and ends one that made none for too long.
    fn watch<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Closing while the client still sends would take back the answer it has not read yet: what it sends is let go
    /// by for a moment.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Patient { stream, lingering, .. } = &mut *self;
        let (end, let_by) = match lingering {
            Some(lingering) => lingering,
            None => {
                ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
                lingering.insert((Box::pin(sleep(LINGER)), 0))
            }
        };
        let mut scratch = [0; 4096];
        while *let_by < MOST_LET_BY && end.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => *let_by += buffer.filled().len(),
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
