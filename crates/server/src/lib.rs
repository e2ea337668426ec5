//! Everything that listens: the GraphQL gateway, its sign-in doors, calendar feeds, files, health and metrics.
//!
//! ```text
//! listen.rs    sockets: how many, how long, how big
//! app.rs       every route, in one table
//! body.rs      what a request may carry; family A refusals
//! problem.rs   what went wrong, as an answer; family B refusals
//! auth.rs      signing in and out
//! graphql.rs   questions: which schema, which limits
//! graphql/…    the schemas; one file per page
//! ```

pub mod graphql;
