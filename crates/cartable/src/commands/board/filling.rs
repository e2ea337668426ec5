//! `board bind` and `board unbind`: a class that is filled from PRONOTE.

use clap::Args;
use gateway::ProfileName;
use serde_json::json;

use super::{ClassArg, Invocation, person};
use crate::commands::pronote::gateway;
use crate::output;
use crate::present::{board as shown, line};

#[derive(Debug, Args)]
pub(super) struct BindArgs {
    #[command(flatten)]
    class: ClassArg,
    /// The profile that it is read with, as `cartable pronote login` made it
    #[arg(long, value_name = "NAME")]
    profile: ProfileName,
    /// The child, in a parent's account: its number (from 1) or a part of its name
    #[arg(long, value_name = "CHILD", default_value = "", hide_default_value = true)]
    child: String,
}

#[derive(Debug, Args)]
pub(super) struct UnbindArgs {
    #[command(flatten)]
    class: ClassArg,
}

/// Binds a class to a profile that is there.
pub(super) async fn bind(invocation: &Invocation, args: &BindArgs) -> anyhow::Result<()> {
    let class = invocation.class(&args.class).await?;
    gateway(&invocation.config)?.profiles().describe(&args.profile)?;
    let filling = invocation.board.bind_filling(&person(), class.id, args.profile.as_str(), &args.child).await?;
    if invocation.json {
        let told = json!({ "class": class.slug, "profile": filling.profile, "child": filling.child });
        return output::answer(&told, &[]);
    }
    let told = format!("Class `{}` is filled with profile `{}`, as long as a server runs.", class.slug, args.profile);
    output::line(line(&told))
}

/// Unbinds it, and takes away what came from there.
pub(super) async fn unbind(invocation: &Invocation, args: &UnbindArgs) -> anyhow::Result<()> {
    let class = invocation.class(&args.class).await?;
    let report = invocation.board.unbind_filling(&person(), class.id).await?;
    if invocation.json {
        return output::answer(&report, &[]);
    }
    output::line(line(&format!("Class `{}` is filled no more. {}", class.slug, shown::taken_away(&report))))
}
