//! `demo`: everything that exists so far, on an invented school, in one process.

use std::net::SocketAddr;

use clap::Args;

use crate::exit::{Family, failure};

/// The options of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
}

pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let _ = args.listen;
    Err(failure(Family::Unexpected, "not there yet", ""))
}
