//! PRONOTE's own shapes: typed values, dates, sets, marks, elements, in both directions.
//!
//! Reading goes through a [`Document`] and its [`Node`]s: a cursor over the JSON of one answer that opens `{_T, V}`
//! envelopes by itself, turns values into Rust types and notes what it could not read. Writing goes through [`mod@write`].
//! The French names stay on this side; everything past it is English.

mod date;
mod html;
mod id;
mod json;
mod mark;
mod node;
mod set;
pub mod write;

pub use date::{parse_date, parse_date_time, parse_time};
pub use html::Html;
pub use id::RemoteId;
pub use json::Json;
pub use mark::{Annotation, Mark, NotAMark};
pub use node::{Diagnostic, Document, FromWire, Malformed, Node, Unexpected};
pub use set::Set;
