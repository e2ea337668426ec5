//! TLS for every name on one socket, and HTTP inside it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::authority::Authority;
use super::hosts;
use super::reply::Reply;
use super::state::State;

/// How long a client may take to agree on TLS.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client may take to send a head: longer than ours keeps a connection that is idle, or a busy machine makes
/// both let go of one at the same moment.
const IDLE: Duration = Duration::from_secs(60);
/// The most bytes of a request: those of the largest file a school takes, and its form.
const MOST_BYTES: usize = 16 << 20;
/// The first byte of a TLS handshake.
const HANDSHAKE: u8 = 22;

/// Accepts until told to stop.
pub(super) async fn run(
    listener: TcpListener,
    authority: Arc<Authority>,
    state: Arc<State>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = match ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions() {
        Ok(config) => config.with_no_client_auth().with_cert_resolver(authority),
        Err(error) => return tracing::error!(%error, "The emulated portals cannot speak TLS"),
    };
    let acceptor = TlsAcceptor::from(Arc::new(config));
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match stream {
            Ok((stream, _)) => {
                let (acceptor, state, stop) = (acceptor.clone(), state.clone(), stop.clone());
                tasks.spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = talk(stream, acceptor, state) => {}
                    }
                });
            }
            // Too many open files: others will end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Serves one connection.
async fn talk(stream: TcpStream, acceptor: TlsAcceptor, state: Arc<State>) {
    drop(stream.set_nodelay(true));
    let mut first = [0];
    if !matches!(tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await, Ok(Ok(1))) {
        return;
    }
    if first[0] != HANDSHAKE {
        state.journal.violation("somebody spoke without TLS".to_owned());
        return;
    }
    let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await else { return };
    let service = service_fn(move |request| {
        let state = state.clone();
        async move { Ok::<_, Infallible>(serve(&state, request).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE);
    // A client that goes away is no fault of anybody.
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

async fn serve(state: &State, request: Request<Incoming>) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(Body::new(body), MOST_BYTES).await {
        Ok(body) => hosts::answer(state, parts, body).await,
        Err(_) => Reply::status(StatusCode::PAYLOAD_TOO_LARGE).response,
    }
}
