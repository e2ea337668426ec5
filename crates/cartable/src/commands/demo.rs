//! `demo`: everything that exists so far, on an invented school, in one process.

use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use emulator::school::Space;
use emulator::{Clock, Config, Emulator, School};
use tokio_util::sync::CancellationToken;

use super::emulator::{accounts, listen};
use crate::{output, signals};

/// The account that the sample commands use.
const LOGIN: &str = "demonstration";

/// The options of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
}

/// Serves the school until SIGINT or SIGTERM.
pub(crate) async fn run(args: DemoArgs, data: Option<&Path>) -> anyhow::Result<()> {
    let listener = listen(args.listen).await?;
    let origin = format!("http://{}/", listener.local_addr()?);
    let school = School::demo(Clock::system());
    let commands = commands(&school, &format!("{origin}pronote/"), data);
    let told = [
        format!(
            "{}: an invented school, on this machine only. Nothing of it is real, and nothing leaves.\n",
            school.name
        ),
        format!("In a browser:        {origin}"),
        format!("For other clients:   {origin}pronote/\n"),
        accounts(&school).to_string(),
        "\nIn another terminal:\n".to_owned(),
    ];
    let welcome = Some(welcome(&school, &origin, &commands));
    let emulator = Emulator::serve(Config { welcome, ..Config::new(school) }, listener, CancellationToken::new())?;
    for line in told {
        output::line(line)?;
    }
    for command in &commands {
        output::line(format!("  {command}"))?;
    }
    output::line("\nCtrl-C ends it.")?;
    output::line(format!("ready: {origin}"))?;
    signals::end_wanted().await;
    emulator.shutdown().await;
    Ok(())
}

/// Three commands to copy: sign in, look at the week, look at the homework.
fn commands(school: &School, url: &str, data: Option<&Path>) -> [String; 3] {
    let program = std::env::args().next().unwrap_or_else(|| "cartable".to_owned());
    let password = school.account(LOGIN, Space::Student).map_or("", |account| account.password.as_str());
    let folder = data.map(|folder| format!(" --data '{}'", folder.display())).unwrap_or_default();
    let pronote = format!("{program}{folder} pronote --profile demo");
    [
        format!("echo {password} | {pronote} login --url {url} --username {LOGIN} --password-stdin"),
        format!("{pronote} timetable"),
        format!("{pronote} homework"),
    ]
}

/// The page at the root of the address: what this is, and where the doors are.
fn welcome(school: &School, origin: &str, commands: &[String]) -> String {
    let spaces = [
        (Space::Student, "eleve"),
        (Space::Guardian, "parent"),
        (Space::Teacher, "professeur"),
        (Space::SchoolLife, "viescolaire"),
    ];
    let doors: String = spaces
        .iter()
        .map(|(space, page)| format!("<li><a href=\"pronote/{page}.html\">{}</a></li>\n", space.label()))
        .collect();
    let accounts: String = school
        .accounts
        .iter()
        .filter(|account| !account.note.is_empty())
        .map(|account| {
            let cells = [account.space.label(), &account.login, &account.password, &account.note];
            format!("<tr>{}</tr>\n", cells.map(|cell| format!("<td>{}</td>", escaped(cell))).concat())
        })
        .collect();
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Cartable: demonstration</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }} td, th {{ padding: .2rem .8rem .2rem 0; text-align: left }}
pre {{ overflow-x: auto; padding: .8rem; background: #8882 }}
</style>
<h1>{name}</h1>
<p>An invented school on this machine. Nothing in it is real, and nothing leaves this machine. It speaks PRONOTE's
protocol, so any PRONOTE client can sign in at <code>{origin}pronote/</code>. This is not the vendor's software: its
doors are for programs, and show a browser little.</p>
<h2>Doors</h2>
<ul>
{doors}</ul>
<h2>Accounts</h2>
<table>
<tr><th>Space<th>Login<th>Password<th>Note</tr>
{accounts}</table>
<h2>Commands to try</h2>
<pre>{commands}</pre>
",
        name = escaped(&school.name),
        commands = escaped(&commands.join("\n")),
    )
}

/// A text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
