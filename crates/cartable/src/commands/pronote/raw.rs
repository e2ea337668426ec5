//! `request` and `decode`: the server's own names, for the curious and for bug reports.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use pronote::Cause;
use pronote::functions::decode::{self, DecodeError};
use pronote::functions::{Context, Function as _, instance, user};
use serde_json::Value;

use super::{Invocation, open_session};
use crate::exit::{Family, failure};
use crate::{input, output};

/// A call in the server's own names.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// The function, for instance PageMenus
    function: String,
    /// Its arguments; `-` reads them from standard input
    #[arg(value_name = "JSON", default_value = "{}")]
    arguments: String,
    /// The tab it is asked from, for instance 10
    #[arg(long, value_name = "N")]
    tab: Option<u32>,
    /// Allow functions that change something
    #[arg(long)]
    write: bool,
}

/// A captured answer.
#[derive(Debug, Args)]
pub(crate) struct DecodeArgs {
    /// The function it answers, for instance PageEmploiDuTemps
    function: String,
    /// The captured answer, `{"data": …}`; `-` is standard input
    file: PathBuf,
    /// The tab it was asked from, where a function has several pages
    #[arg(long, value_name = "N")]
    tab: Option<u32>,
    /// A folder with captured FonctionParametres*.json and ParametresUtilisateur*.json of the same session
    #[arg(long, value_name = "DIR")]
    context: Option<PathBuf>,
}

/// Asks any function, and prints the clear JSON of its answer.
pub(crate) async fn request(invocation: &Invocation, args: &RequestArgs) -> anyhow::Result<()> {
    let text = match args.arguments.as_str() {
        "-" => input::text_of(Path::new("-"))?,
        given => given.to_owned(),
    };
    let data: Value = serde_json::from_str(&text).map_err(|error| {
        failure(Family::Usage, format!("the arguments are not JSON: {error}"), "Give a JSON object.")
    })?;
    let session = open_session(invocation, args.write).await?;
    let answer = session.request(&args.function, args.tab, &data).await.map_err(|error| match error.cause {
        Cause::ReadOnly => {
            let reason = format!("{} may change something", args.function);
            failure(Family::Usage, reason, "Add --write if it is meant to.")
        }
        _ => error.into(),
    })?;
    output::line(output::escaped(&answer))
}

/// Reads a captured answer as its model, with what could not be read of it.
pub(crate) fn decode(invocation: &Invocation, args: &DecodeArgs) -> anyhow::Result<()> {
    let context = match &args.context {
        Some(folder) => context(folder, &args.file)?,
        None => Context::default(),
    };
    let text = input::text_of(&args.file)?;
    let decoded = decode::decode(&args.function, args.tab, &text, &context)
        .map_err(|error| told(error, &args.function, &args.file))?;
    if invocation.json {
        return output::answer(&decoded.value, &decoded.diagnostics);
    }
    output::json(&decoded.value)?;
    for diagnostic in &decoded.diagnostics {
        eprintln!("{diagnostic}");
    }
    match decoded.diagnostics.len() {
        0 => eprintln!("everything could be read"),
        count => eprintln!("{count} things could not be read"),
    }
    Ok(())
}

/// The school and the person of the session that an answer was captured in.
fn context(folder: &Path, captured: &Path) -> anyhow::Result<Context> {
    let mut context = Context::default();
    if let Some(path) = beside(folder, instance::Request::NAME, captured)? {
        let read = decode::read::<instance::Request>(&input::text_of(&path)?, &context);
        context.instance = read.map_err(|error| told(error, instance::Request::NAME, &path))?.0.into();
    }
    if let Some(path) = beside(folder, user::Request::NAME, captured)? {
        let read = decode::read::<user::Request>(&input::text_of(&path)?, &context);
        context.user = read.map_err(|error| told(error, user::Request::NAME, &path))?.0.into();
    }
    Ok(context)
}

/// The file of a function in a folder: the one whose name ends like the captured answer's, else the first.
fn beside(folder: &Path, function: &str, captured: &Path) -> anyhow::Result<Option<PathBuf>> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entries = fs::read_dir(folder).with_context(|| format!("could not read the folder {}", folder.display()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(|path| name(path).starts_with(function) && name(path).ends_with(".json"));
    found.sort();
    let captured = name(captured);
    let ending = captured.find('_').map(|start| &captured[start..]);
    let same = ending.and_then(|ending| found.iter().find(|path| name(path).ends_with(ending)));
    Ok(same.or(found.first()).cloned())
}

fn told(error: DecodeError, function: &str, file: &Path) -> anyhow::Error {
    let (family, advice) = match &error {
        DecodeError::UnknownFunction => (Family::Usage, known()),
        DecodeError::NotJson(_) => (Family::Configuration, "Give the clear JSON of an answer.".to_owned()),
        DecodeError::Malformed(_) | DecodeError::NotWritable(_) => {
            (Family::Nonsense, "Check that the answer is of this function.".to_owned())
        }
    };
    let why = anyhow::Error::from(error).chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    failure(family, format!("could not decode {} as {function}: {why}", file.display()), advice)
}

fn known() -> String {
    let names: Vec<String> = decode::known()
        .map(|(name, tab)| tab.map_or_else(|| name.to_owned(), |tab| format!("{name} (tab {tab})")))
        .collect();
    format!("Known functions: {}.", names.join(", "))
}
