//! `board chat`: the bot at the terminal. What is bound here is bound for this talk only.

use std::io;

use board::{Class, Platform};
use bots::{Effect, Incoming, Message, Outcome, answer, console};
use clap::Args;
use jiff::tz::TimeZone;
use tokio::runtime::Handle;

use super::{ClassArg, Invocation};
use crate::input;
use crate::output::NobodyReads;

#[derive(Debug, Args)]
pub(super) struct ChatArgs {
    #[command(flatten)]
    class: ClassArg,
}

/// Talks until there are no more lines.
pub(super) async fn chat(invocation: &Invocation, args: &ChatArgs) -> anyhow::Result<()> {
    let class = invocation.class(args.class.class.as_deref()).await?;
    if input::is_interactive() {
        eprintln!("This is the bot of class `{}`. Write `начать` for what it understands; Ctrl-D ends it.", class.slug);
    }
    let mut talk = Talk { invocation, class: Some(class) };
    let runtime = Handle::current();
    let talked = tokio::task::block_in_place(|| {
        console::talk(io::stdin().lock(), io::stdout().lock(), |line| {
            runtime.block_on(talk.hear(line)).map_err(io::Error::other)
        })
    });
    match talked {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(NobodyReads.into()),
        talked => Ok(talked?),
    }
}

/// A talk, and the class that it is bound to.
struct Talk<'a> {
    invocation: &'a Invocation,
    class: Option<Class>,
}

impl Talk<'_> {
    /// Answers a line.
    async fn hear(&mut self, text: &str) -> Result<Vec<Message>, board::Error> {
        let board = &self.invocation.board;
        let incoming = Incoming {
            platform: Platform::Console,
            peer: 0,
            from: None,
            event: None,
            at: board.now(),
            text: text.to_owned(),
            invited: false,
            private: true,
        };
        let Outcome { mut messages, effect } = match &self.class {
            None => bots::converse(&incoming, None, &TimeZone::UTC),
            Some(class) => {
                let (zone, now) = (board.zone_of(class), board.snapshot(class.id).await?);
                match bots::earlier_day(&incoming, &now, &zone) {
                    None => bots::converse(&incoming, Some(&now), &zone),
                    Some(day) => {
                        let then = board.snapshot_around(class.id, day, now.since).await?;
                        bots::converse(&incoming, Some(&then), &zone)
                    }
                }
            }
        };
        match effect {
            Some(Effect::Bind { code, language }) => {
                let found = board.classes().await?.into_iter().find(|class| class.code == code);
                messages.push(found.as_ref().map_or_else(|| answer::no_such_code(language), answer::bound));
                self.class = found.or(self.class.take());
            }
            Some(Effect::Leave) => self.class = None,
            Some(Effect::Alerts(_)) | None => {}
        }
        Ok(messages)
    }
}
