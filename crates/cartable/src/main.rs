//! cartable
fn main() {}
