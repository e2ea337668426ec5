//! Bodies of requests: received whole, within a limit, and not too many large ones at once.

use axum::body::{Body, HttpBody as _};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use tokio::time::timeout;

use crate::App;

/// The most bytes of a body that takes no place among the large ones.
const SMALL: usize = 64 << 10;
/// The most large bodies that are received at once, whoever sends them: together they take some 128 MiB.
pub(crate) const MOST_LARGE: usize = 16;

/// Why a body was not received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreceived {
    /// It is larger than it may be.
    TooLarge,
    /// It takes too long.
    TooSlow,
    /// It ended early: nobody is there any more to be told.
    CutShort,
}

/// Receives a body of at most so many bytes.
pub(crate) async fn whole(body: Body, most: usize, app: &App) -> Result<BytesMut, Unreceived> {
    let received = timeout(app.settings.patience, async {
        let (least, mut place) = (body.size_hint().lower(), None);
        if least > most as u64 {
            return Err(Unreceived::TooLarge);
        }
        let (mut bytes, mut chunks) = (BytesMut::new(), body.into_data_stream());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Unreceived::CutShort)?;
            if bytes.len() + chunk.len() > most {
                return Err(Unreceived::TooLarge);
            }
            if place.is_none() && bytes.len() + chunk.len() > SMALL {
                // It is never closed; if it were, nothing would have to be waited for.
                place = app.bodies.acquire().await.ok();
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    });
    received.await.unwrap_or(Err(Unreceived::TooSlow))
}
