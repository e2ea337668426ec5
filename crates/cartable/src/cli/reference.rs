//! The command reference `docs/cli.md`, written from the same definitions as `--help`.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _, Id};

use super::Cli;

/// What stands before the commands.
const HEAD: &str = "# Command reference

Written from the program's own definitions: `UPDATE_DOCS=1 cargo test -p cartable reference` renews it.

Results go to standard output, everything else to standard error. With `--json` the output is stable: fields may be
added, none is renamed or changes its meaning. Errors say at which step something failed, why, and what to do.

The options of `cartable` are options of every command, those of `cartable pronote` of every command below it; they are
told once.

The data folder holds a key (`key`), profiles whose token and password are sealed with it (`pronote/profiles`), the
name of the default profile (`pronote/default`), and what was asked of each school lately (`pronote/pace.json`). A file
`cartable.toml` in it changes the pace, and how the gateway serves: [configuration.md](configuration.md).

A school on this machine's own loopback address, such as the emulator, is asked without pause.
";

fn reference() -> String {
    let mut text = HEAD.to_owned();
    let mut root = Cli::command().term_width(100);
    root.build();
    write(&mut text, root, 2, &[]);
    text
}

fn write(text: &mut String, command: Command, level: usize, told: &[Id]) {
    let hidden = |arg: Arg| {
        let known = told.contains(arg.get_id()) || arg.get_id() == "help";
        arg.hide(known)
    };
    let mut command = command.mut_args(hidden);
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(text, "\n{} {name}\n\n```text\n{}\n```\n", "#".repeat(level.min(4)), help.join("\n").trim_end()).unwrap();
    let shared = command.get_arguments().filter(|arg| arg.is_global_set()).map(|arg| arg.get_id().clone());
    let told: Vec<Id> = shared.chain(told.iter().cloned()).collect();
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        write(text, command.clone(), level + 1, &told);
    }
}

#[test]
fn the_command_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let current = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == current, "docs/cli.md is stale: UPDATE_DOCS=1 cargo test -p cartable reference");
}

#[test]
fn no_option_means_two_things() {
    fn check(command: &Command, above: &[(String, String)]) {
        let mut names = above.to_vec();
        for argument in
            command.get_arguments().filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()))
        {
            let id = argument.get_id().to_string();
            for (known, owner) in &names {
                assert_ne!(*known, id, "`{}` and `{owner}` both have it", command.get_name());
            }
            names.push((id, command.get_name().to_owned()));
        }
        let shared = |id: &str| command.get_arguments().any(|arg| arg.get_id() == id && arg.is_global_set());
        let below: Vec<_> = names.into_iter().filter(|(id, owner)| owner != command.get_name() || shared(id)).collect();
        for command in command.get_subcommands() {
            check(command, &below);
        }
    }
    Cli::command().debug_assert();
    check(&Cli::command(), &[]);
}
