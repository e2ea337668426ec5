//! Servers that speak HTTP, faked: each answers in one way, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode};
use transport::{Config, Transport};

/// What is asked: the method, the path with its query, the headers, and the body.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A server on this machine.
pub(crate) struct Web {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    served: tokio::task::JoinHandle<()>,
}

/// What is answered: a status, a type, and a body.
pub(crate) type Said = (u16, &'static str, Vec<u8>);

impl Web {
    pub(crate) async fn answering(answer: impl Fn(&Asked) -> Said + Clone + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let app = Router::new().fallback(move |request: Request| {
            let (answer, seen) = (answer.clone(), Arc::clone(&seen));
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let asked = Asked {
                    method: head.method.to_string(),
                    target: head.uri.to_string(),
                    headers: head.headers,
                    body,
                };
                let (status, kind, body) = answer(&asked);
                seen.lock().unwrap().push(asked);
                if kind == "slow" {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                }
                let response = Response::builder().status(StatusCode::from_u16(status).unwrap());
                let response = response.header("content-type", kind).header("location", "/elsewhere");
                response.header("set-cookie", "session=1").body(Body::from(body)).unwrap()
            }
        });
        let served = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Web { url, asked, served }
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// The way out.
pub(crate) fn transport() -> Transport {
    Transport::new(Config::default()).unwrap()
}

/// An answer in JSON.
pub(crate) fn json(text: &str) -> Said {
    (200, "application/json", text.as_bytes().to_vec())
}
