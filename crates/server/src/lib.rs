//! Everything that listens: the GraphQL gateway, its sign-in doors, calendar feeds, files, health and metrics.
//!
//! [`serve`] takes a bound socket, a [`Config`], the [`Viewers`](gateway::viewers::Viewers) and a token that ends it.
//!
//! ```text
//! listen.rs         sockets: how many, how long, how big
//! seats.rs          who sits on them, and who leaves when all are taken
//! app.rs            every route, in one table
//! client.rs         who asks: their address, their token
//! body.rs           what a request may carry; refusals in plain text
//! problem.rs        what went wrong, as an answer; numbered.rs: what clients know by a number
//! rates.rs          how often a client may ask
//! auth.rs           signing in and out
//! ask.rs            questions, over HTTP
//! answers.rs        finished answers, sent again while they stand
//! graphql.rs        the schemas they are answered by; graphql/… one file per page
//! faces.rs          the routes of the class board and of digital cards, among the others
//! uploads.rs        files handed in for homework
//! files.rs feeds.rs documents.rs health.rs metrics.rs openapi.rs
//! ```

mod answers;
mod app;
mod ask;
mod auth;
mod body;
mod client;
mod config;
mod documents;
mod faces;
mod feeds;
mod files;
pub mod graphql;
mod health;
mod listen;
mod metrics;
mod numbered;
mod openapi;
mod portals;
mod problem;
mod rates;
mod seats;
mod uploads;

pub use config::{Config, Patience};
pub use faces::Faces;
pub use listen::serve;
pub use openapi::openapi;
pub use rates::{Rate, Rates};
