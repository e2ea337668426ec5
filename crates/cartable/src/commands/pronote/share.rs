//! `qr` and `diagnose`: what is made to be given to someone else.

use std::path::PathBuf;

use clap::Args;
use gateway::diagnosis;
use pronote::Space;
use pronote::functions::mobile_token;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Invocation, open_session};
use crate::exit::{Family, failure};
use crate::{input, output, picture};

/// A sign-in QR code for another device.
#[derive(Debug, Args)]
pub(crate) struct QrArgs {
    /// The PIN that closes the code, four digits; asked for when it is left out
    #[arg(long, value_name = "PIN")]
    pin: Option<SecretString>,
    /// Save the code as a PNG picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

/// A redacted report for whoever repairs Cartable.
#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Makes a QR code that signs another device in.
pub(crate) async fn qr(invocation: &Invocation, args: &QrArgs) -> anyhow::Result<()> {
    let asked = || input::ask_secret("A PIN of four digits for the QR code");
    let pin = args.pin.clone().map_or_else(asked, |pin| Ok(Some(pin)))?;
    let advice = "Give four digits with --pin; the other device asks for them.";
    let request = pin.and_then(|pin| mobile_token::Request::new(pin).ok());
    let request = request.ok_or_else(|| failure(Family::Usage, "a QR code needs a PIN of four digits", advice))?;
    let session = open_session(invocation, true).await?;
    let token = session.writer()?.save(&request).await?;
    let school = session.school();
    let page = school.below(&school.space().unwrap_or(Space::Student).page())?;
    let text = token.qr_text(page.as_str());
    let text = text.expose_secret();
    if let Some(path) = &args.png {
        output::save(path, &picture::png(text)?)?;
    }
    if invocation.json {
        return output::answer(&json!({ "text": text }), &[]);
    }
    if args.png.is_none() {
        output::line(picture::drawn(text)?)?;
    }
    output::line("Good for ten minutes and one use, by whoever knows the PIN.")
}

/// Asks every page once, and writes what works and what does not, without anything about the account.
pub(crate) async fn diagnose(invocation: &Invocation, args: &DiagnoseArgs) -> anyhow::Result<()> {
    let session = open_session(invocation, false).await?;
    let report = diagnosis::diagnose(&session).await;
    let Some(path) = &args.out else { return output::json(&report) };
    output::save(path, serde_json::to_string_pretty(&report)?.as_bytes())?;
    eprintln!(
        "{} written; it holds no name, token, identifier or address. Read it before you send it.",
        path.display()
    );
    Ok(())
}
