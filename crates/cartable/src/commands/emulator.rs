//! `emulator`: an invented PRONOTE school, served until it is told to end.

use std::net::SocketAddr;

use clap::Args;

use crate::exit::{Family, failure};

/// The options of `emulator`.
#[derive(Debug, Args)]
pub(crate) struct EmulatorArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
}

pub(crate) async fn run(args: EmulatorArgs) -> anyhow::Result<()> {
    let _ = args.listen;
    Err(failure(Family::Unexpected, "not there yet", ""))
}
