//! News and surveys.

use pronote::model::{NewsItem, NewsKind, Question, QuestionKind};

use super::{Look, Tone, block, cell, file_names, joined, line, table, table_or, toned};
use crate::items::{Listed, WithFiles as _};
use crate::when;

/// One row per piece of news, the newest first as the school sends them.
pub(crate) fn list(items: &[Listed<NewsItem>], look: Look) -> String {
    let mut table = table(look, ["date", "", "from", "title", "category", "files", "id"]);
    for item in items {
        let (state, tone) = state(item);
        table.add_row([
            cell(item.created.or(item.visible_from).map(|time| when::short(time.date())).unwrap_or_default()),
            toned(state, tone),
            cell(item.author.as_deref().unwrap_or_default()),
            cell(joined([title(item), item.child.clone().map(|child| format!("({child})")).unwrap_or_default()], " ")),
            cell(item.category.as_ref().map_or("", |category| category.name.as_str())),
            cell(if item.files().is_empty() && item.has_attachments {
                "yes".into()
            } else {
                file_names(&item.files())
            }),
            cell(&item.listed_id),
        ]);
    }
    table_or(&table, "No news.")
}

/// A piece of news, whole.
pub(crate) fn item(item: &NewsItem, files: &str) -> String {
    let questions = item.questions.as_deref().unwrap_or_default();
    let mut text = format!("{}\n", line(&title(item)));
    let head = [
        item.author.clone().unwrap_or_default(),
        item.created.or(item.visible_from).map(|time| when::long(time.date())).unwrap_or_default(),
        item.category.as_ref().map(|category| category.name.clone()).unwrap_or_default(),
        if item.anonymous { "answers are anonymous".into() } else { String::new() },
        state(item).0,
    ];
    text.push_str(&format!("{}\n", line(&joined(head, " · "))));
    for (place, question) in questions.iter().enumerate() {
        text.push('\n');
        text.push_str(&asked(place + 1, question));
    }
    if !files.is_empty() {
        text.push_str(&format!("\n{}\n", block(files)));
    }
    text
}

fn asked(number: usize, question: &Question) -> String {
    let mut text = String::new();
    let asks = match question.kind {
        QuestionKind::Acknowledgement => "to acknowledge",
        QuestionKind::Text => "answer with a text",
        QuestionKind::SingleChoice => "choose one",
        QuestionKind::MultipleChoice => "choose some",
        QuestionKind::Information | QuestionKind::Comment | QuestionKind::Other(_) => "",
    };
    if !asks.is_empty() {
        let title = question.title.as_ref().or(question.label.as_ref());
        let title = title.map(|title| format!(" {}", line(title))).unwrap_or_default();
        text.push_str(&format!("{number}.{title} ({asks})\n"));
    }
    if let Some(content) = &question.content {
        text.push_str(&format!("{}\n", block(&content.text())));
    }
    let chosen = |rank| question.answer.as_ref().is_some_and(|answer| answer.choices.contains(rank));
    for choice in &question.choices {
        let mark = if chosen(choice.rank) { "x" } else { " " };
        let free = if choice.free_text { " (and say what)" } else { "" };
        text.push_str(&format!("  [{mark}] {}: {}{free}\n", choice.rank, line(&choice.label)));
    }
    if let Some(answer) = question.answer.as_ref().filter(|answer| answer.answered) {
        let words = joined([answer.text.clone(), answer.other.clone()].into_iter().flatten(), ", ");
        let at = answer.answered_at.map(|at| format!(" on {}", when::short(at.date()))).unwrap_or_default();
        text.push_str(&line(&format!("answered{at}{}{words}", if words.is_empty() { "" } else { ": " })));
        text.push('\n');
    }
    text
}

fn title(item: &NewsItem) -> String {
    item.title.clone().unwrap_or_else(|| "(untitled)".into())
}

fn state(item: &NewsItem) -> (String, Option<Tone>) {
    let questions = item.questions.as_deref().unwrap_or_default();
    let waits = questions.iter().any(|question| {
        question.answer.as_ref().is_some_and(|answer| answer.expected && !answer.answered)
            && !matches!(question.kind, QuestionKind::Information | QuestionKind::Comment)
    });
    let unread = if item.read { "" } else { "unread" };
    let (kind, asks) = match item.kind {
        NewsKind::Survey => ("survey", if waits { "to answer" } else { "" }),
        NewsKind::Information => ("", if waits { "to acknowledge" } else { "" }),
    };
    let tone = if waits || !item.read { Some(Tone::Notice) } else { None };
    (joined([unread, kind, asks], ", "), tone)
}
