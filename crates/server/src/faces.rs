//! The routes of the class board and of digital cards, among the others: they are told where a client asks from, and their
//! bodies keep a seat from the moment they have come whole.

use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::{Arc, Once};
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};

use crate::app::App;
use crate::client::{self, Peer};
use crate::seats::Seat;

/// What answers by itself beside the gateway: each is served if it is there.
#[derive(Default, Clone)]
pub struct Faces {
    /// The class board.
    pub board: Option<Arc<board_web::App>>,
    /// Digital cards.
    pub cards: Option<Arc<card_web::App>>,
}

/// Whether it was told that a proxy is not named: once is enough.
static TOLD: Once = Once::new();

/// The routes of a face.
pub(crate) fn routes(app: &Arc<App>, face: Router) -> Router {
    face.layer(middleware::from_fn_with_state(Arc::clone(app), hand_on))
}

async fn hand_on(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let address = client::address(peer, request.headers(), &app.config.trusted_proxies);
    request.extensions_mut().insert(board_web::ClientAddress(address));
    // Cards are for addresses that may ask, and what comes by way of this machine is not from it.
    let brought = client::is_brought(address, request.headers(), &app.config.trusted_proxies);
    if brought {
        TOLD.call_once(|| {
            tracing::warn!(
                "A proxy on this machine is not in `[serve] proxies`: whom it asks for count as one, and it gets no card"
            );
        });
    }
    let address = if brought { Ipv4Addr::UNSPECIFIED.into() } else { address };
    request.extensions_mut().insert(card_web::ClientAddress(address));
    if !request.body().is_end_stream()
        && let Some(seat) = request.extensions().get::<Arc<Seat>>().cloned()
    {
        request = request.map(|body| Body::new(Incoming { body, seat }));
    }
    next.run(request).await
}

/// A body on its way: once it is there, its connection is one that is being served.
struct Incoming {
    body: Body,
    seat: Arc<Seat>,
}

impl http_body::Body for Incoming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.seat.serve();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
