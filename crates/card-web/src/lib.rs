//! What of digital cards is spoken over HTTP.
