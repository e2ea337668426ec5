//! `news`: news and surveys, and what a reader does with them.

use anyhow::Result;
use clap::{Args, Subcommand};
use pronote::Session;
use pronote::functions::news::{Detail, Reply, ReplyMismatch, Request, Save};
use pronote::model::{NewsItem, Question, QuestionKind};
use pronote::wire::Set;

use super::desk::{Desk, Reading, Shown};
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::items::{self, Listed, WithFiles as _, found, listed};
use crate::present;

#[derive(Debug, Args)]
pub(crate) struct NewsArgs {
    #[command(subcommand)]
    command: Option<NewsCommand>,
}

/// What can be done with a piece of news; `id` is its identifier, as the list shows it.
#[derive(Debug, Subcommand)]
enum NewsCommand {
    /// Show one whole, with its questions
    Show {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Acknowledge one that asks for it
    Ack {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Mark one as read
    Read {
        /// Its identifier, as the list shows it
        id: String,
        /// Mark it as unread
        #[arg(long)]
        undo: bool,
    },
    /// Answer a survey
    Answer {
        /// Its identifier, as the list shows it
        id: String,
        /// QUESTION=ANSWER: the question's number, and a text or the numbers of choices (`1=yes, gladly` `2=1,3` `2=4:another`)
        #[arg(required = true, value_name = "QUESTION=ANSWER", value_parser = numbered_answer)]
        answers: Vec<(usize, String)>,
    },
    /// Delete one from your list, for good
    Delete {
        /// Its identifier, as the list shows it
        id: String,
    },
}

pub(super) async fn run(invocation: &Invocation, args: NewsArgs) -> Result<()> {
    match args.command {
        None => list(invocation).await,
        Some(NewsCommand::Show { id }) => show(invocation, &id).await,
        Some(NewsCommand::Ack { id }) => acknowledge(invocation, &id).await,
        Some(NewsCommand::Read { id, undo }) => {
            let what = if undo { "Marked as unread" } else { "Marked as read" };
            change(invocation, &id, what, |item| Save::mark_read(item, !undo)).await
        }
        Some(NewsCommand::Answer { id, answers }) => answer(invocation, &id, &answers).await,
        Some(NewsCommand::Delete { id }) => change(invocation, &id, "Deleted", Save::delete).await,
    }
}

/// Reads the list.
pub(super) async fn read(session: &Session) -> Result<Reading<Vec<Listed<NewsItem>>>> {
    let page = session.read(&Request::default()).await?;
    Ok(Reading::from(page).map(|news| listed(news.items)))
}

/// The item with its questions, which some servers give only on demand.
pub(super) async fn whole(session: &Session, item: &NewsItem) -> Result<Reading<NewsItem>> {
    let mut whole = Reading { value: item.clone(), diagnostics: Vec::new(), raw: Vec::new() };
    if whole.value.questions.is_none() {
        let questions = whole.add(session.read(&Detail::of(item)).await?);
        whole.value.questions = Some(questions);
    }
    Ok(whole)
}

async fn list(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let Reading { value: items, diagnostics, .. } = read(session).await?;
        Ok(Shown { text: present::news::list(&items, desk.look), data: items::json(&items)?, diagnostics })
    })
    .await
}

async fn show(invocation: &Invocation, id: &str) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let items = read(session).await?.value;
        let item = found(&items, id)?;
        let Reading { value: whole, diagnostics, .. } = whole(session, item).await?;
        let files = whole.files();
        let references = files.iter().enumerate().map(|(place, file)| {
            let reference = items::reference(NewsItem::PAGE, &item.listed_id, place);
            format!("[{}] {}", file.name, file.url.clone().unwrap_or(reference))
        });
        let references = references.collect::<Vec<_>>().join("\n");
        let data = items::json_with_files(&whole, &item.listed_id, NewsItem::PAGE, &files)?;
        Ok(Shown { text: present::news::item(&whole, &references), data, diagnostics })
    })
    .await
}

async fn change(invocation: &Invocation, id: &str, what: &str, save: impl Fn(&NewsItem) -> Save) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let items = read(&desk.session).await?.value;
    let item = found(&items, id)?;
    let report = desk.session.writer()?.save(&save(item)).await?;
    desk.done(&item.listed_id, &format!("{what}: {}", title(item)), &report)
}

async fn acknowledge(invocation: &Invocation, id: &str) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let items = read(&desk.session).await?.value;
    let item = found(&items, id)?;
    let whole = whole(&desk.session, item).await?.value;
    let save = Save::acknowledge(item, whole.questions.as_deref().unwrap_or_default()).map_err(mismatch)?;
    let report = desk.session.writer()?.save(&save).await?;
    desk.done(&item.listed_id, &format!("Acknowledged: {}", title(item)), &report)
}

async fn answer(invocation: &Invocation, id: &str, answers: &[(usize, String)]) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let items = read(&desk.session).await?.value;
    let item = found(&items, id)?;
    let whole = whole(&desk.session, item).await?.value;
    let questions = whole.questions.as_deref().unwrap_or_default();
    let replies = answers.iter().map(|(number, text)| {
        let question = number.checked_sub(1).and_then(|place| questions.get(place)).ok_or_else(|| {
            let reason = format!("there is no question {number}");
            failure(Family::Usage, reason, "`news show ID` shows the questions and their numbers.")
        })?;
        Ok((question, reply(question, text)?))
    });
    let save = Save::answer(item, replies.collect::<Result<Vec<_>>>()?).map_err(mismatch)?;
    let report = desk.session.writer()?.save(&save).await?;
    desk.done(&item.listed_id, &format!("Answered: {}", title(item)), &report)
}

/// What a person typed, as the question takes it: a text, or ranks with perhaps a text of one's own after a colon.
fn reply(question: &Question, typed: &str) -> Result<Reply> {
    Ok(match question.kind {
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
            let (ranks, other) = match typed.split_once(':') {
                Some((ranks, other)) => (ranks, Some(other.trim().to_owned())),
                None => (typed, None),
            };
            let ranks: Result<Set, _> = ranks.split(',').map(|rank| rank.trim().parse::<u32>()).collect();
            let ranks = ranks.map_err(|_| {
                let reason = format!("`{typed}` is no list of choices");
                failure(Family::Usage, reason, "Give the numbers of the choices, for instance 1 or 1,3.")
            })?;
            Reply::Choices { ranks, other }
        }
        QuestionKind::Acknowledgement => Reply::Acknowledged,
        _ => Reply::Text(typed.to_owned()),
    })
}

fn mismatch(error: ReplyMismatch) -> anyhow::Error {
    failure(Family::Usage, error.to_string(), "`news show ID` shows what is asked, and how it is answered.")
}

fn title(item: &NewsItem) -> &str {
    item.title.as_deref().unwrap_or("(untitled)")
}

fn numbered_answer(text: &str) -> Result<(usize, String), String> {
    let typed =
        text.split_once('=').and_then(|(number, answer)| Some((number.trim().parse().ok()?, answer.to_owned())));
    typed.ok_or_else(|| format!("`{text}` is not QUESTION=ANSWER, for instance 1=yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: QuestionKind) -> Question {
        Question {
            id: None,
            label: None,
            title: None,
            position: None,
            kind,
            content: None,
            attachments: vec![],
            choices: vec![],
            max_length: None,
            max_choices: None,
            answer: None,
        }
    }

    #[test]
    fn an_answer_is_read_as_its_question_takes_it() {
        let choices = reply(&question(QuestionKind::MultipleChoice), "1, 3: par le train").unwrap();
        let ranks = [1, 3].into_iter().collect();
        assert_eq!(choices, Reply::Choices { ranks, other: Some("par le train".into()) });
        assert_eq!(reply(&question(QuestionKind::Text), "1:2").unwrap(), Reply::Text("1:2".into()));
        assert!(reply(&question(QuestionKind::SingleChoice), "oui").is_err());
        assert_eq!(numbered_answer("2=a=b"), Ok((2, "a=b".into())));
        assert!(numbered_answer("oui").is_err());
    }
}
