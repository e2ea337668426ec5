//! Servers on port 0: a well-behaved one, and one that writes what it is told.

use std::net::SocketAddr;

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use transport::{Browser, Config, Transport, Url};

/// A server that ends with the test's runtime.
pub(crate) struct Server {
    address: SocketAddr,
}

impl Server {
    pub(crate) async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(
            async move { axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await },
        );
        Self { address }
    }

    /// Answers each connection's first request with these bytes, then does as told with the connection.
    pub(crate) async fn raw(answer: &'static [u8], after: After) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    read_head(&mut stream).await;
                    let _ = stream.write_all(answer).await;
                    match after {
                        After::Close => {}
                        After::Hold => std::future::pending().await,
                        After::Repeat(chunk) => while stream.write_all(chunk).await.is_ok() {},
                    }
                });
            }
        });
        Self { address }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// The same server under another host.
    pub(crate) fn named(&self, path: &str) -> Url {
        format!("http://localhost:{}{path}", self.address.port()).parse().unwrap()
    }

    pub(crate) fn secure(&self, path: &str) -> Url {
        format!("https://{}{path}", self.address).parse().unwrap()
    }
}

/// What a raw server does once it has answered.
#[derive(Clone, Copy)]
pub(crate) enum After {
    Close,
    Hold,
    Repeat(&'static [u8]),
}

const TLS_HANDSHAKE: u8 = 22;

async fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    // A TLS client does not write lines; its first byte says so.
    while !head.windows(4).any(|window| window == b"\r\n\r\n") && head.first() != Some(&TLS_HANDSHAKE) {
        if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

pub(crate) fn browser() -> Browser {
    with(Config::default())
}

pub(crate) fn with(config: Config) -> Browser {
    Transport::new(config).unwrap().browser()
}
