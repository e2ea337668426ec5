//! The only way out: every request Cartable makes leaves through this crate.
//!
//! One [`Transport`] holds the HTTP client and its connections for the whole process. Each school session has its own
//! [`Browser`]: a cookie jar on top of the shared client. A browser does one exchange ([`Browser::send`]), follows
//! redirects one step at a time ([`Browser::follow`]) or downloads a file chunk by chunk ([`Browser::stream`]).
//!
//! Whatever the other side sends, memory and time stay bounded: bodies, cookies, redirects and waits have limits, and
//! [`Addresses::Public`] keeps a server that is given addresses by strangers from reaching its own network.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # use axum::{Router, response::Redirect, routing::get};
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
//! # let url: transport::Url = format!("http://{}/old", listener.local_addr().unwrap()).parse().unwrap();
//! # let app = Router::new()
//! #     .route("/old", get(|| async { Redirect::to("/new") }))
//! #     .route("/new", get(|| async { "Bonjour" }).post(|text: String| async move { text }));
//! # tokio::spawn(async move { axum::serve(listener, app).await });
//! use transport::{Config, Request, Transport};
//!
//! let transport = Transport::new(Config::default())?;
//! let browser = transport.browser();
//!
//! let page = browser.follow(&url).await?; // GET /old → 303 → GET /new
//! assert_eq!(page.status, 200);
//! assert_eq!(page.url.path(), "/new");
//! assert_eq!(page.text(), "Bonjour");
//!
//! let answer = browser.send(Request::post(&page.url, "text/plain", "Bonsoir")).await?;
//! assert_eq!(answer.text(), "Bonsoir");
//! # Ok::<(), transport::Error>(()) }).unwrap();
//! ```
//!
//! This crate knows nothing of PRONOTE, of portals or of chats, and reads neither files nor the environment (system
//! proxies are not used: a proxy would resolve names out of reach of [`Addresses`]).

mod addresses;
mod browser;
mod cookies;
#[cfg(feature = "detour")]
mod detour;
mod error;
mod request;
mod response;
mod transport;

pub use bytes::Bytes;
pub use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
pub use url::Url;

pub use crate::addresses::Addresses;
pub use crate::browser::Browser;
#[cfg(feature = "detour")]
pub use crate::detour::Detour;
pub use crate::error::Error;
pub use crate::request::{Multipart, Request};
pub use crate::response::{Download, Hop, Response};
pub use crate::transport::{Config, Transport};
