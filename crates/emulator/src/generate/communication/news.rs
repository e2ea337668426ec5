//! Invents news and surveys.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::{ago, attach, staff};
use crate::School;
use crate::school::news::{Asks, Audience, Category, NewsItem, Question, Reader, State};
use crate::school::{Body, CategoryId, FileId, Kind, NewsId, PersonId, Shelf};

const CATEGORIES: [&str; 4] = ["Divers", "Réunion", "Sortie", "Vie scolaire"];
const DIVERS: CategoryId = CategoryId(1);
const MEETING: CategoryId = CategoryId(2);
const OUTING: CategoryId = CategoryId(3);
const SCHOOL_LIFE: CategoryId = CategoryId(4);

/// How long after today, or after the year, news is still shown.
const SHOWN_DAYS: i64 = 60;

/// Fills categories and news: everything a reader can be asked, read and unread.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let names = (1..).zip(CATEGORIES);
    school.news.categories = names.map(|(id, name)| Category { id: CategoryId(id), name: name.to_owned() }).collect();
    let (Some(head), Some(advisor)) =
        (staff(school, "Principale").map(|person| person.id), staff(school, "CPE").map(|person| person.id))
    else {
        return;
    };
    let families = Audience { kinds: vec![Kind::Student, Kind::Guardian], ..Audience::default() };
    let colleagues = Audience { kinds: vec![Kind::Teacher, Kind::Staff], ..Audience::default() };
    let invitation = Body::Pdf(vec!["Réunion parents-professeurs".to_owned(), "Ordre du jour".to_owned()]);
    let invitation = attach(school, "invitation.pdf", invitation);
    let map = attach(school, "Plan d'accès", Body::Url("https://college.example.org/plan".to_owned()));

    let meeting = vec![question(
        "Réunion",
        "<div>Vous êtes attendus à la <b>réunion parents-professeurs</b>. Merci d'accuser réception.</div>",
        Asks::Acknowledgement,
        vec![invitation, map],
    )];
    put(school, MEETING, head, 2, "Réunion parents-professeurs", families.clone(), meeting);
    let closing = vec![question(
        "Vie scolaire",
        "<p>Le portail ferme à 8&nbsp;h&nbsp;05.<br>Les retardataires passent par la vie scolaire.</p>",
        Asks::Nothing,
        Vec::new(),
    )];
    let closing = put(school, SCHOOL_LIFE, advisor, 20, "Horaires du portail", families.clone(), closing);
    outing(school, advisor, families.clone());
    climate(school, advisor, families.clone());
    let council = vec![question(
        "Conseils de classe",
        "<p>Les appréciations sont à saisir avant vendredi.</p>",
        Asks::Acknowledgement,
        Vec::new(),
    )];
    put(school, MEETING, head, 4, "Conseils de classe", colleagues, council);
    for_each_class(school);
    unpublished(school, advisor, families);

    // Most people have read what is three weeks old.
    let people: Vec<PersonId> = school.people.iter().map(|person| person.id).filter(|_| random.u8(..4) > 0).collect();
    if let Some(item) = school.news.items.get_mut(closing) {
        item.readers = people
            .into_iter()
            .map(|person| Reader { person, read: true, deleted: false, replies: Vec::new() })
            .collect();
    }
}

/// A survey with a question of every kind.
fn outing(school: &mut School, author: PersonId, audience: Audience) {
    let mut transport = question("Transport", "<p>Comment viendrez-vous&nbsp;?</p>", Asks::Single, Vec::new());
    transport.choices = ["En car", "À vélo", "En voiture"].map(str::to_owned).into();
    let mut workshops = question("Ateliers", "<p>Choisissez deux ateliers au plus.</p>", Asks::Multiple, Vec::new());
    workshops.choices = ["Peinture", "Sculpture", "Photographie"].map(str::to_owned).into();
    workshops.other = true;
    workshops.at_most = 2;
    let remarks = question("Remarques", "<p>Une remarque, une allergie&nbsp;?</p>", Asks::Text, Vec::new());
    let intro = question("Sortie au musée", "<p>La sortie dure la journée.</p>", Asks::OnlyText, Vec::new());
    put(
        school,
        OUTING,
        author,
        3,
        "Sortie au musée : votre avis",
        audience,
        vec![intro, transport, workshops, remarks],
    );
}

/// An anonymous survey.
fn climate(school: &mut School, author: PersonId, audience: Audience) {
    let mut well =
        question("Climat scolaire", "<p>Vous sentez-vous bien au collège&nbsp;?</p>", Asks::Single, Vec::new());
    well.choices = ["Oui", "Plutôt oui", "Plutôt non", "Non"].map(str::to_owned).into();
    let id = put(school, SCHOOL_LIFE, author, 9, "Enquête sur le climat scolaire", audience, vec![well]);
    if let Some(item) = school.news.items.get_mut(id) {
        item.anonymous = true;
    }
}

/// What head teachers tell the families of their class.
fn for_each_class(school: &mut School) {
    let classes: Vec<_> =
        school.classes.iter().map(|class| (class.id, class.name.clone(), class.head_teacher)).collect();
    for (class, name, head) in classes {
        let Some(author) = head else { continue };
        let audience =
            Audience { kinds: vec![Kind::Student, Kind::Guardian], classes: vec![class], people: Vec::new() };
        let text = format!("<p>Les élèves de {name} rendent leurs manuels au CDI.</p>");
        let returned = vec![question("Manuels", &text, Asks::Nothing, Vec::new())];
        put(school, DIVERS, author, 6, &format!("Manuels de la classe {name}"), audience, returned);
    }
}

/// A draft, a template, and news that is not yet or no longer shown.
fn unpublished(school: &mut School, author: PersonId, audience: Audience) {
    let today = school.clock.today();
    let text = || vec![question("Information", "<p>À compléter.</p>", Asks::Nothing, Vec::new())];
    for (title, state, from, to) in [
        ("Brouillon d'information", State::Draft, -1, 30),
        ("Modèle de convocation", State::Template, -1, 30),
        ("Photos de classe", State::Published, 10, 30),
        ("Collecte de bouchons", State::Published, -40, -10),
    ] {
        let id = put(school, DIVERS, author, 5, title, audience.clone(), text());
        if let Some(item) = school.news.items.get_mut(id) {
            item.state = state;
            item.from = today.saturating_add(jiff::Span::new().days(from));
            item.to = today.saturating_add(jiff::Span::new().days(to));
        }
    }
}

fn question(title: &str, text: &str, asks: Asks, files: Vec<FileId>) -> Question {
    let (title, text) = (title.to_owned(), text.to_owned());
    Question { title, text, asks, choices: Vec::new(), other: false, at_most: 0, files }
}

/// Publishes something some days ago, to be shown long enough.
fn put(
    school: &mut School,
    category: CategoryId,
    author: PersonId,
    days: i64,
    title: &str,
    audience: Audience,
    questions: Vec<Question>,
) -> NewsId {
    let id = NewsId(school.news.items.last().map_or(1, |item| item.id.0 + 1));
    let created: DateTime = ago(school, days, 10, 30);
    let to = school.year.last.max(school.clock.today()).saturating_add(SHOWN_DAYS.days());
    school.news.items.put(NewsItem {
        id,
        title: title.to_owned(),
        survey: questions.iter().any(|question| !matches!(question.asks, Asks::Acknowledgement | Asks::Nothing)),
        anonymous: false,
        category,
        author,
        created,
        from: created.date(),
        to,
        state: State::Published,
        audience,
        questions,
        readers: Shelf::default(),
    });
    id
}
