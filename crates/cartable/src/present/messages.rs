//! Discussions, their messages and the people in them.

use pronote::model::{Attachment, Discussion, FolderKind, Message, Participant, PersonKind, Recipient, Thread};

use super::{Look, Tone, block, cell, joined, line, table, table_or, toned};
use crate::items::Listed;
use crate::when;

/// One row per discussion, the newest first as the school sends them.
pub(crate) fn list(discussions: &[Listed<Discussion>], look: Look) -> String {
    let mut table = table(look, ["last", "", "with", "subject", "messages", "id"]);
    for discussion in discussions {
        let (state, tone) = state(discussion);
        let last = discussion.date.map(|date| when::short(date.date())).or_else(|| discussion.date_label.clone());
        table.add_row([
            cell(last.unwrap_or_default()),
            toned(state, tone),
            cell(people(discussion)),
            cell(subject(discussion)),
            cell(discussion.messages.map(|messages| messages.to_string()).unwrap_or_default()),
            cell(&discussion.listed_id),
        ]);
    }
    table_or(&table, "No discussions.")
}

/// The messages of a discussion, the oldest first; `reference` names a file of theirs.
pub(crate) fn thread(
    discussion: &Discussion,
    thread: &Thread,
    reference: &dyn Fn(&Attachment) -> Option<String>,
) -> String {
    let mut text = format!("{}\n", line(&subject(discussion)));
    let mut messages: Vec<&Message> = thread.messages.iter().collect();
    messages.sort_by_key(|message| message.sent);
    for message in messages {
        text.push('\n');
        text.push_str(&head(message));
        text.push_str(&format!("{}\n", block(&message.content.text())));
        for file in &message.attachments {
            let place = file.url.clone().or_else(|| reference(file)).unwrap_or_default();
            text.push_str(&format!("  [{}] {}\n", line(&file.name), line(&place)));
        }
    }
    if let Some(draft) = &thread.draft {
        text.push_str(&format!("\nYour draft:\n{}\n", block(&draft.content.text())));
    }
    if thread.actions.is_empty() {
        text.push_str("\nNobody can reply here.\n");
    }
    text
}

fn head(message: &Message) -> String {
    let author = match (&message.author, message.mine) {
        (_, true) => "you",
        (Some(author), _) => author,
        (None, _) => "someone",
    };
    let role =
        message.author_role.as_ref().filter(|_| !message.mine).map(|role| format!("({role})")).unwrap_or_default();
    let sent = message.sent.map(|sent| sent.strftime("%a %-d %b %Y %H:%M").to_string());
    let state = [
        if message.read == Some(false) { "unread" } else { "" },
        if message.aside { "aside" } else { "" },
        if message.draft { "draft" } else { "" },
    ];
    let when = sent.or_else(|| message.date_label.clone()).unwrap_or_default();
    let author = joined([author, &role], " ");
    format!("-- {}\n", line(&joined([author, when, joined(state, ", ")], " · ")))
}

/// The people of a discussion.
pub(crate) fn participants(people: &[Participant], look: Look) -> String {
    let mut table = table(look, ["name", "", "remark"]);
    for person in people {
        let remark =
            [if person.left { "left" } else { "" }, if person.refuses_messages { "refuses messages" } else { "" }];
        table.add_row([cell(&person.name), cell(person.kind.map_or("", kind)), cell(joined(remark, ", "))]);
    }
    table_or(&table, "Nobody takes part.")
}

/// The people one may write to.
pub(crate) fn recipients(people: &[Listed<Recipient>], look: Look) -> String {
    let mut table = table(look, ["name", "", "about", "remark", "id"]);
    for person in people {
        let subjects = person.subjects.iter().map(|subject| subject.name.clone());
        let about = joined(subjects.chain(person.role.as_ref().map(|role| role.name.clone())), ", ");
        let remark = [
            if person.head_teacher { "head teacher" } else { "" },
            if person.reachable { "" } else { "cannot be written to" },
            if person.refuses_messages { "refuses messages" } else { "" },
        ];
        table.add_row([
            cell(&person.name),
            cell(kind(person.kind)),
            cell(about),
            cell(joined(remark, ", ")),
            cell(&person.listed_id),
        ]);
    }
    table_or(&table, "Nobody can be written to.")
}

/// What someone is.
pub(crate) fn kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Teacher => "teacher",
        PersonKind::Pupil => "pupil",
        PersonKind::Guardian => "guardian",
        PersonKind::Staff => "staff",
        PersonKind::Other(_) => "",
    }
}

/// The others; their list often begins with who began the discussion.
fn people(discussion: &Discussion) -> String {
    match (&discussion.creator, &discussion.correspondents) {
        (Some(creator), Some(others)) if !others.contains(creator) => format!("{creator}, {others}"),
        (creator, others) => others.clone().or_else(|| creator.clone()).unwrap_or_default(),
    }
}

fn subject(discussion: &Discussion) -> String {
    let subject = discussion.subject.trim();
    if subject.is_empty() { "(no subject)".into() } else { subject.into() }
}

fn state(discussion: &Discussion) -> (String, Option<Tone>) {
    let unread = if discussion.unread > 0 { format!("{} unread", discussion.unread) } else { String::new() };
    let tone = (discussion.unread > 0).then_some(Tone::Notice);
    let drafts = if discussion.drafts > 0 { "draft" } else { "" };
    let closed = if discussion.closed { "closed" } else { "" };
    let trash = if discussion.is_in(FolderKind::Trash) { "in the trash" } else { "" };
    let archive = if discussion.is_in(FolderKind::Archive) { "archived" } else { "" };
    (joined([unread.as_str(), drafts, closed, trash, archive], ", "), tone)
}
