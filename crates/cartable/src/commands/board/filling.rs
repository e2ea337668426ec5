//! `board bind`, `fill` and `unbind`: a class that is filled from PRONOTE.

use clap::Args;
use gateway::ProfileName;
use gateway::filling::Filler;
use serde_json::json;

use super::{Invocation, person};
use crate::commands::pronote::gateway;
use crate::output;
use crate::present::{board as shown, line};

/// The class that is filled.
#[derive(Debug, Args)]
pub(super) struct FilledClass {
    /// The class, by its name in addresses [default: the oldest]
    class: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct BindArgs {
    #[command(flatten)]
    class: FilledClass,
    /// The profile that it is read with, as `cartable pronote login` made it
    #[arg(long, value_name = "NAME")]
    profile: ProfileName,
    /// The child, in a parent's account: its number (from 1) or a part of its name
    #[arg(long, value_name = "CHILD", default_value = "", hide_default_value = true)]
    child: String,
}

/// Binds a class to a profile that is there.
pub(super) async fn bind(invocation: &Invocation, args: &BindArgs) -> anyhow::Result<()> {
    let class = invocation.class(args.class.class.as_deref()).await?;
    gateway(&invocation.config)?.profiles().describe(&args.profile)?;
    let filling = invocation.board.bind_filling(&person(), class.id, args.profile.as_str(), &args.child).await?;
    if invocation.json {
        let told = json!({ "class": class.slug, "profile": filling.profile, "child": filling.child });
        return output::answer(&told, &[]);
    }
    let told = format!("Class `{}` is filled with profile `{}`, as long as a server runs.", class.slug, args.profile);
    output::line(line(&told))
}

/// Fills it now.
pub(super) async fn fill(invocation: &Invocation, class: &FilledClass) -> anyhow::Result<()> {
    let class = invocation.class(class.class.as_deref()).await?;
    let (gateway, board) = (gateway(&invocation.config)?, invocation.board.clone());
    let filler = Filler::new(gateway, board, invocation.config.settings.board.filling.clone());
    let report = filler.now(class.id).await?;
    if invocation.json {
        return output::answer(&report, &[]);
    }
    output::line(line(&format!("Class `{}` is filled. {}", class.slug, shown::filled(&report))))
}

/// Unbinds it, and takes away what came from there.
pub(super) async fn unbind(invocation: &Invocation, class: &FilledClass) -> anyhow::Result<()> {
    let class = invocation.class(class.class.as_deref()).await?;
    let report = invocation.board.unbind_filling(&person(), class.id).await?;
    if invocation.json {
        return output::answer(&report, &[]);
    }
    output::line(line(&format!("Class `{}` is filled no more. {}", class.slug, shown::taken_away(&report))))
}
