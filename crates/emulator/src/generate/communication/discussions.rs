//! Invents discussions: a set of every kind for the demonstration families, one with the head teacher for everybody else.

use super::{ago, attach, staff};
use crate::School;
use crate::school::messages::{Content, Draft, Folder, Message, Place};
use crate::school::{Body, DiscussionId, FileId, Kind, Person, PersonId};

/// How many of the first people get discussions of every kind: the families that are listed.
const LISTED: u32 = 5;

/// Fills discussions and drafts.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let families: Vec<(PersonId, PersonId)> =
        school.people.iter().filter_map(|person| Some((person.id, head_teacher(school, person)?))).collect();
    for (person, teacher) in families {
        if person.0 <= LISTED {
            every_kind(school, person, teacher);
        }
        let text = plain("Bonjour, quand pourrions-nous nous voir avant le conseil de classe ?");
        let id = begin(school, "Rendez-vous", teacher, &[person], random.i64(2..22), text, Vec::new());
        if random.bool() {
            answer(school, id, person, 1, plain("Bonjour, jeudi après 17 heures me convient."));
            read_all(school, id, person);
        }
    }
}

/// The head teacher of a pupil, or of a guardian's eldest child.
fn head_teacher(school: &School, person: &Person) -> Option<PersonId> {
    let pupil = match person.kind {
        Kind::Student => person,
        Kind::Guardian => school.people.get(*person.children.first()?)?,
        Kind::Teacher | Kind::Staff => return None,
    };
    school.classes.get(pupil.class?)?.head_teacher
}

/// Open with one and with several people, closed, thrown away, drafts; text and HTML; a file and a link.
fn every_kind(school: &mut School, me: PersonId, teacher: PersonId) {
    let Some(advisor) = staff(school, "CPE").map(|person| person.id) else { return };
    let form = attach(school, "autorisation.pdf", Body::Pdf(vec!["Autorisation de sortie".to_owned()]));
    let site = attach(school, "Site du musée", Body::Url("https://musee.example.org/".to_owned()));

    let outing = begin(
        school,
        "Sortie au musée",
        teacher,
        &[me, advisor],
        1,
        html("<div>Bonjour,<br>merci de rapporter l'<b>autorisation</b> signée.</div>"),
        vec![form, site],
    );
    answer(school, outing, advisor, 0, plain("La vie scolaire en garde aussi des exemplaires."));

    let book =
        begin(school, "Carnet oublié", me, &[advisor], 8, plain("Bonjour, le carnet est resté au vestiaire."), vec![]);
    answer(school, book, advisor, 7, plain("Bonjour, il vous attend à l'accueil."));
    read_all(school, book, me);
    let reply = plain("Merci, il sera repris demain");
    keep(school, me, 6, Some(Place { discussion: book, number: 2 }), "", &[], reply);

    let photos = begin(school, "Photos de classe", advisor, &[me], 30, plain("Les photos sont arrivées."), vec![]);
    read_all(school, photos, me);
    if let Some(discussion) = school.messages.discussions.get_mut(photos) {
        discussion.closed = true;
    }
    let advert = begin(school, "Bourse aux livres", advisor, &[me], 40, plain("Elle a lieu samedi."), vec![]);
    read_all(school, advert, me);
    let discussion = school.messages.discussions.get_mut(advert);
    if let Some(member) = discussion.and_then(|discussion| discussion.members.get_mut(me)) {
        member.folder = Folder::Trash;
    }
    keep(school, me, 8, None, "Absence prévue", &[advisor], plain("Bonjour, je vous informe que"));
}

fn plain(text: &str) -> Content {
    Content { text: text.to_owned(), html: false }
}

fn html(text: &str) -> Content {
    Content { text: text.to_owned(), html: true }
}

fn begin(
    school: &mut School,
    subject: &str,
    author: PersonId,
    to: &[PersonId],
    days: i64,
    content: Content,
    files: Vec<FileId>,
) -> DiscussionId {
    let (sent, to) = (ago(school, days + 1, 16, 35), to.to_vec());
    let message = Message { author, sent, to, aside: false, reply_to: None, content, files, forwarded: Vec::new() };
    school.messages.start(subject.to_owned(), message)
}

/// Answers the first message, to everybody.
fn answer(school: &mut School, id: DiscussionId, author: PersonId, days: i64, content: Content) {
    let sent = ago(school, days + 1, 18, 10);
    if let Some(discussion) = school.messages.discussions.get_mut(id) {
        let to = discussion.others(author).collect();
        let (files, forwarded) = (Vec::new(), Vec::new());
        discussion.post(Message { author, sent, to, aside: false, reply_to: Some(1), content, files, forwarded });
    }
}

fn read_all(school: &mut School, id: DiscussionId, person: PersonId) {
    let discussion = school.messages.discussions.get_mut(id);
    if let Some(member) = discussion.and_then(|discussion| discussion.members.get_mut(person)) {
        member.unread.clear();
    }
}

fn keep(
    school: &mut School,
    author: PersonId,
    days: i64,
    reply_to: Option<Place>,
    subject: &str,
    to: &[PersonId],
    content: Content,
) {
    let draft = Draft {
        id: school.messages.next_draft(),
        author,
        saved: ago(school, days + 1, 19, 0),
        reply_to,
        subject: subject.to_owned(),
        to: to.to_vec(),
        content,
        files: Vec::new(),
        trashed: false,
        sent: None,
    };
    school.messages.drafts.put(draft);
}
