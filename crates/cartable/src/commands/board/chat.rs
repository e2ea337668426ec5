//! `board chat`: the bot at the terminal.

use clap::Args;

use super::{ClassArg, Invocation};

#[derive(Debug, Args)]
pub(super) struct ChatArgs {
    #[command(flatten)]
    class: ClassArg,
}

/// Talks until there are no more lines.
pub(super) async fn chat(invocation: &Invocation, args: &ChatArgs) -> anyhow::Result<()> {
    let _class = invocation.class(&args.class).await?;
    anyhow::bail!("not there yet")
}
