//! What is about one pupil stays with that pupil: a board is read by the whole class.

use pronote::model::{EntryKind, Homework, LessonKind, TimetableEntry, User};

/// Kinds of public that are several pupils, as schools name them at their beginning.
const MANY: [&str; 3] = ["class", "groupe", "partie"];
/// What statuses say of a pupil and not of a lesson.
const OF_A_PUPIL: [&str; 3] = ["dispens", "élève", "exempt"];

/// Tells what is about one person from what is about the class.
#[derive(Debug)]
pub(super) struct Privacy {
    /// The words of the names of everyone whom the account is about.
    names: Vec<Vec<String>>,
    /// The class and groups of whoever's pages are read.
    publics: Vec<String>,
}

impl Privacy {
    /// For an account, and the child in it whose pages are read.
    pub(super) fn of(user: &User, child: Option<usize>) -> Self {
        let everyone = std::iter::once(&user.person).chain(&user.children);
        let reader = child.and_then(|child| user.children.get(child)).unwrap_or(&user.person);
        let publics = reader.class.iter().chain(&reader.groups).map(|named| plain(&named.name)).collect();
        Privacy { names: everyone.map(|person| words(&person.name)).collect(), publics }
    }

    /// Whether an entry of the timetable is not the class's to know: detentions, study halls, councils, what is for single
    /// pupils, and activities unless they say that they are for several.
    pub(super) fn hides_entry(&self, entry: &TimetableEntry) -> bool {
        let by_kind = match &entry.kind {
            EntryKind::Detention { .. } => true,
            EntryKind::Activity(activity) => {
                let kind = activity.audience_kind.as_deref().unwrap_or_default().trim().to_lowercase();
                let several = MANY.iter().any(|many| kind.starts_with(many));
                !several || activity.audience.as_deref().is_some_and(|audience| self.is_one(audience))
            }
            EntryKind::Lesson(lesson) => {
                lesson.study_hall || matches!(lesson.lesson_kind, LessonKind::ClassCouncil | LessonKind::Historical)
            }
        };
        by_kind || !entry.pupils.is_empty() || self.mentions(entry.title())
    }

    /// Whether homework was given to one pupil.
    pub(super) fn hides_homework(&self, homework: &Homework) -> bool {
        homework.audience.as_deref().is_some_and(|audience| self.is_one(audience))
            || self.mentions(&homework.description.text())
    }

    /// A status of a lesson, unless it is one of a pupil.
    pub(super) fn status<'a>(&self, status: Option<&'a str>) -> Option<&'a str> {
        let of_pupil = |status: &str| OF_A_PUPIL.iter().any(|word| status.to_lowercase().contains(word));
        status.filter(|status| !of_pupil(status) && !self.mentions(status))
    }

    /// A text for the public of a lesson, unless it names somebody of the account.
    pub(super) fn text<'a>(&self, text: Option<&'a str>) -> Option<&'a str> {
        text.filter(|text| !self.mentions(text))
    }

    /// Whether a public is a person: it bears a name of the account, and is neither the class nor a group.
    fn is_one(&self, public: &str) -> bool {
        let said = words(public);
        let has_word = |name: &Vec<String>| name.iter().any(|word| word.chars().count() > 1 && said.contains(word));
        !self.publics.contains(&plain(public)) && self.names.iter().any(has_word)
    }

    /// Whether a text says a whole name. Parts of one are words like others: a poet has the same first name.
    fn mentions(&self, text: &str) -> bool {
        let said = words(text);
        let whole = |name: &Vec<String>| {
            let mut name = name.clone();
            name.sort_unstable();
            let same = |said: &[String]| {
                let mut said = said.to_vec();
                said.sort_unstable();
                said == name
            };
            // Surname first or last.
            name.len() > 1 && said.windows(name.len()).any(same)
        };
        self.names.iter().any(whole)
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// A name of a class or group, however it is bracketed.
fn plain(name: &str) -> String {
    words(name).join(" ")
}

#[cfg(test)]
mod tests {
    use pronote::model::{Named, Person};

    use super::*;

    fn privacy() -> Privacy {
        let named = |name: &str| Named { id: None, name: name.to_owned() };
        let child = Person {
            name: "LE GALL Jean-Pierre".to_owned(),
            class: Some(named("3A")),
            groups: vec![named("[3A GR.1]")],
            ..Person::default()
        };
        let person = Person { name: "LE GALL Anne".to_owned(), ..Person::default() };
        Privacy::of(&User { person, children: vec![child], ..User::default() }, Some(0))
    }

    #[test]
    fn a_public_with_a_name_of_the_account_is_one_person() {
        assert!(privacy().is_one("LE GALL Jean-Pierre"));
        assert!(privacy().is_one("Élève : Gall J."));
        assert!(!privacy().is_one("3A"));
        assert!(!privacy().is_one("<3A GR.1>"));
        assert!(!privacy().is_one("3ème LATIN"));
    }

    #[test]
    fn a_whole_name_is_a_mention_and_a_part_of_it_is_not() {
        assert!(privacy().mentions("Convocation de Jean-Pierre LE GALL, 10 h"));
        assert!(privacy().mentions("le gall anne"));
        assert!(!privacy().mentions("Lire « Le Bal » de Pierre Corneille"));
    }

    #[test]
    fn a_status_of_a_pupil_is_none_of_the_lesson() {
        let said = |status| privacy().status(Some(status)).is_some();
        assert!(said("Prof. absent") && said("Changement de salle"));
        assert!(!said("Dispensé") && !said("Élève absent") && !said("Jean-Pierre Le Gall excusé"));
    }
}
