//! `demo`: everything that exists so far, on an invented school, in one process.

mod board;
mod cards;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use emulator::school::Space;
use emulator::{Clock, Config, Emulator, School};
use gateway::Viewers;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::emulator::{accounts, listen};
use super::serve;
use super::serve::Beside;
use super::serve::board::Service;
use super::serve::card::Cards;
use crate::cli::Global;
use crate::config;
use crate::output;
use crate::signals::Signals;

/// The account that the sample commands use.
const LOGIN: &str = "demonstration";

/// The options of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Address of the school; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
    /// Address of a second school, which lets people in through a portal only
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    portal: SocketAddr,
    /// Address of the gateway; port 0 takes a free one [default: 127.0.0.1:21727, or a free port if that is taken]
    #[arg(long, value_name = "ADDRESS")]
    gateway: Option<SocketAddr>,
}

/// Serves the school and the gateway until SIGINT or SIGTERM.
pub(crate) async fn run(options: &Global, args: DemoArgs) -> anyhow::Result<()> {
    let mut config = config::load(options)?;
    let listener = listen(args.listen, "--listen").await?;
    let behind = listen(args.portal, "--portal").await?;
    let door = gateway_door(args.gateway, config.settings.serve.public).await?;
    let (origin, gateway) = (format!("http://{}/", listener.local_addr()?), format!("http://{}", door.local_addr()?));
    let school = School::demo(Clock::system());
    let url = format!("{origin}pronote/");
    let password = school.account(LOGIN, Space::Student).map_or(String::new(), |account| account.password.clone());
    let commands = commands(&url, &password, options.data.as_deref());
    let portal_origin = format!("http://{}/", behind.local_addr()?);
    let through = through_portal(&format!("{portal_origin}pronote/"), &password, options.data.as_deref());
    let questions = questions(&url, &password, &gateway);
    let folder = config.data.join("demo");
    let card_config = cards::prepare(&folder, &school, &origin, &gateway)?;
    let showing = cards::commands(&program(), &folder, &gateway);
    let told = [
        format!(
            "{}: an invented school, on this machine only. Nothing of it is real, and nothing leaves.\n",
            school.name
        ),
        format!("In a browser:         {origin}"),
        format!("For other clients:    {url}"),
        format!("For programs of yours: {gateway}/graphql\n"),
        accounts(&school).to_string(),
        format!("\nThe board of a class:   {gateway}/board/\n"),
        board::accounts(),
        "\nIts bot, at the terminal:\n".to_owned(),
        format!("  {}", board::chat(&program(), &folder)),
        "\nIn another terminal, with this program:\n".to_owned(),
        commands.each_ref().map(|command| format!("  {command}")).join("\n"),
        "\nAt another school, which lets people in through its portal (ENT):\n".to_owned(),
        format!("  {through}"),
        "\nOr with any other, by GraphQL:\n".to_owned(),
        questions.each_ref().map(|command| format!("  {command}")).join("\n"),
        "\nDigital cards: a card, its picture, and why there is none:\n".to_owned(),
        showing.each_ref().map(|command| format!("  {command}")).join("\n"),
        "\nCtrl-C ends it.".to_owned(),
    ];
    let welcome = Some(welcome(&school, &origin, &gateway, &[&commands[..], &questions[..], &showing[..]].concat()));
    let emulator = Emulator::serve(Config { welcome, ..Config::new(school) }, listener, CancellationToken::new())?;
    let portal_school = Config { portal: true, ..Config::new(School::demo(Clock::system())) };
    let portal = Emulator::serve(portal_school, behind, CancellationToken::new())?;
    config.settings.serve.allow.extend([Url::parse(&origin)?, Url::parse(&portal_origin)?]);
    // Whoever is signed in at the real gateway has nothing to do with an invented school.
    config.settings.serve.viewers.keep_sign_ins = false;
    // Nor have the chats of a real class.
    (config.settings.vk, config.settings.telegram) = Default::default();
    let ways = serve::gateway(&config)?;
    let viewers = Viewers::open(ways.clone(), config.settings.serve.viewers.clone())?;
    let card_ways = serve::gateway(&card_config)?;
    cards::sign_in(&card_ways, &url, &password).await?;
    let clock: card::Clock = std::sync::Arc::new(jiff::Timestamp::now);
    let cards = Cards::start(&card_config, &card_ways, &clock)?;
    if let Some(cards) = &cards {
        cards.ready().await;
    }
    let board = Service::with(board::open(&folder).await?, &config, &ways).await?;
    for line in told {
        output::line(line)?;
    }
    let signals = Signals::hear()?;
    output::line(format!("ready: {origin}"))?;
    let served = serve::until_told(signals, door, config, viewers, Beside { board: Some(board), cards }).await;
    emulator.shutdown().await;
    portal.shutdown().await;
    served
}

/// Binds the address of the gateway: the usual one, if none is given, or any other if that is taken.
async fn gateway_door(address: Option<SocketAddr>, public: bool) -> anyhow::Result<TcpListener> {
    if let Some(address) = address {
        serve::check_reach(&address.ip().to_string(), &[address], public)?;
        return listen(address, "--gateway").await;
    }
    match TcpListener::bind(config::serve::USUAL).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            eprintln!("note: something listens on {} already; the gateway takes another port", config::serve::USUAL);
            listen(SocketAddr::new(config::serve::USUAL.ip(), 0), "--gateway").await
        }
        bound => Ok(bound?),
    }
}

/// This program, as it was called.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "cartable".to_owned())
}

/// Three commands to copy: sign in, look at the week, look at the homework.
fn commands(url: &str, password: &str, data: Option<&Path>) -> [String; 3] {
    let program = program();
    let folder = data.map(|folder| format!(" --data '{}'", folder.display())).unwrap_or_default();
    let pronote = format!("{program}{folder} pronote --profile demo");
    [
        format!("echo {password} | {pronote} login --url {url} --username {LOGIN} --password-stdin"),
        format!("{pronote} timetable"),
        format!("{pronote} homework"),
    ]
}

/// A command to copy: sign in through a portal, whose password is its own affair.
fn through_portal(url: &str, password: &str, data: Option<&Path>) -> String {
    let folder = data.map(|folder| format!(" --data '{}'", folder.display())).unwrap_or_default();
    let pronote = format!("{}{folder} pronote --profile ent", program());
    format!("echo {password} | {pronote} login --ent --url {url} --username {LOGIN} --password-stdin")
}

/// Two commands to copy: get a token, ask a question with it.
fn questions(url: &str, password: &str, gateway: &str) -> [String; 2] {
    let json = "-H 'Content-Type: application/json'";
    let login = format!(r#"{{"url":"{url}","username":"{LOGIN}","password":"{password}"}}"#);
    let query = r#"{"query":"{ user { name studentClass { name } } marks { averages { student studentClass } } }"}"#;
    [
        // The answer is {"token":"…"}.
        format!("TOKEN=$(curl -s {gateway}/auth/login {json} -d '{login}' | cut -d '\"' -f 4)"),
        format!("curl -s {gateway}/graphql {json} -H \"Token: $TOKEN\" -d '{query}'"),
    ]
}

/// The page at the root of the address: what this is, and where the doors are.
fn welcome(school: &School, origin: &str, gateway: &str, commands: &[String]) -> String {
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
<p>The gateway beside it asks this school for programs that speak GraphQL: <code>{gateway}/graphql</code>. What it
understands: <a href=\"{gateway}/schema/student.graphql\">for pupils</a>,
<a href=\"{gateway}/schema/parent.graphql\">for parents</a>, and <a href=\"{gateway}/openapi.json\">everything beside
GraphQL</a>.</p>
<p>Beside it there is the board of a class, with a week, changes and homework: <a href=\"{gateway}/board/\">its
editor</a>. Accounts: <code>olga</code> keeps the class, <code>petr</code> writes, <code>anna</code> reads, <code>head</code>
administers the school; their password is <code>{password}</code>.</p>
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
        password = board::PASSWORD,
        commands = escaped(&commands.join("\n")),
    )
}

/// A text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_what_the_demo_prints() {
        let readme = include_str!("../../../../README.md").replace(" \\\n  ", " ");
        let school = School::demo(Clock::system());
        let password = &school.account(LOGIN, Space::Student).unwrap().password;
        for line in questions("http://127.0.0.1:8700/pronote/", password, "http://127.0.0.1:21727") {
            assert!(readme.contains(&line), "{line}");
        }
    }
}
