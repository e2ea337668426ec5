//! `board bind` and `board unbind`: what fills a class by itself.

use clap::Args;

use super::{ClassArg, Invocation};

#[derive(Debug, Args)]
pub(super) struct BindArgs {
    #[command(flatten)]
    class: ClassArg,
    /// The profile, as `cartable pronote login` made it
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The child, in a parent's account: its number (from 1) or a part of its name
    #[arg(long, value_name = "CHILD")]
    child: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct UnbindArgs {
    #[command(flatten)]
    class: ClassArg,
}

/// Binds a class.
pub(super) async fn bind(invocation: &Invocation, args: &BindArgs) -> anyhow::Result<()> {
    let _class = invocation.class(&args.class).await?;
    let _ = (&args.profile, &args.child);
    anyhow::bail!("not there yet")
}

/// Unbinds it.
pub(super) async fn unbind(invocation: &Invocation, args: &UnbindArgs) -> anyhow::Result<()> {
    let _class = invocation.class(&args.class).await?;
    anyhow::bail!("not there yet")
}
