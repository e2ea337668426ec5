//! Who is signed in, and what they may see.

mod profile;

use std::sync::Arc;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

pub use profile::{Pillar, PillarLevel, Place, Settings, TabBranch, TabPillars, UserProfile};

use super::{Named, codes};
use crate::wire::{RemoteId, Set};

/// The tabs of the server's pages, by number (data §4.5).
#[expect(missing_docs, reason = "the names say it all")]
pub mod tab {
    pub const HOME: u32 = 7;
    pub const NEWS: u32 = 8;
    pub const AGENDA: u32 = 9;
    pub const MENUS: u32 = 10;
    pub const GRADE_SHEET: u32 = 12;
    pub const REPORT: u32 = 13;
    pub const TIMETABLE: u32 = 16;
    pub const SCHOOL_LIFE: u32 = 19;
    pub const TEACHING_TEAM: u32 = 37;
    pub const CLASS_REPORT: u32 = 41;
    pub const PERSONAL_DATA: u32 = 49;
    pub const HOMEWORK: u32 = 88;
    pub const CONTENTS: u32 = 89;
    pub const RESOURCES: u32 = 99;
    pub const PUPILS: u32 = 105;
    pub const MESSAGING: u32 = 131;
    pub const GRADES: u32 = 198;
    pub const EVALUATIONS: u32 = 201;
}

codes! {
    /// What an account or a person is.
    PersonKind {
        /// A teacher.
        Teacher = 3,
        /// A pupil.
        Pupil = 4,
        /// A guardian of pupils.
        Guardian = 5,
        /// A member of staff.
        Staff = 34,
    }
}

impl Default for PersonKind {
    fn default() -> Self {
        PersonKind::Other(0)
    }
}

/// The parameters of who is signed in, told once per session (data §4).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct User {
    /// The account's own person: the pupil, the guardian, the teacher.
    #[serde(flatten)]
    pub person: Person,
    /// A guardian's children, in the server's order.
    pub children: Vec<Person>,
    /// The tabs the account may open.
    pub tabs: Set,
    /// The tabs that are hidden from it, in the server's order.
    #[serde(skip)]
    pub hidden_tabs: Vec<u32>,
    /// What the account may do.
    pub rights: Rights,
    /// Whether the account prefers to see cancelled lessons; none when it never chose.
    pub show_cancelled: Option<bool>,
    /// The schools of the account.
    pub schools: Vec<School>,
    /// The classes of a staff or teacher account.
    pub classes: Vec<ClassRef>,
    /// What else it is told of itself.
    #[serde(skip)]
    pub profile: Box<UserProfile>,
}

/// A person whose pages the account may read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Person {
    /// The identifier in this session.
    pub id: Option<RemoteId>,
    /// The full name, surname first.
    pub name: String,
    /// What the person is.
    pub kind: PersonKind,
    /// The school.
    pub school: Option<Named>,
    /// The class of today.
    pub class: Option<Named>,
    /// The classes of the year, with the one of today.
    pub class_history: Vec<PastClass>,
    /// The groups.
    pub groups: Vec<Named>,
    /// Whether there is a photo.
    pub has_photo: bool,
    /// Whether the person represents classes.
    pub is_delegate: bool,
    /// The classes represented.
    pub delegate_of: Vec<Named>,
    /// Whether the person sits on the school's board.
    #[serde(skip)]
    pub is_board_member: bool,
    /// Whether the person may write to the heads of the school.
    #[serde(skip)]
    pub may_write_to_heads: bool,
    /// The skills that each tab shows.
    #[serde(skip)]
    pub pillars: Arc<Vec<TabPillars>>,
    /// The periods that each tab offers.
    pub periods: PeriodsByTab,
}

/// A class of the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastClass {
    /// The class.
    #[serde(flatten)]
    pub class: Named,
    /// Whether grades were given in it.
    #[serde(skip)]
    pub had_grades: bool,
    /// Whether options were taken in it.
    #[serde(skip)]
    pub had_options: bool,
}

/// What an account may do (data §4.4). Everything unsaid is forbidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Rights {
    /// Read discussions.
    pub read_discussions: bool,
    /// Begin and answer discussions.
    pub write_discussions: bool,
    /// Write to staff.
    pub write_to_staff: bool,
    /// Write to teachers.
    pub write_to_teachers: bool,
    /// Write to guardians.
    pub write_to_guardians: bool,
    /// Write to pupils.
    pub write_to_pupils: bool,
    /// Messages are rich text: contents must be sent as HTML.
    pub rich_messages: bool,
    /// Declare an absence.
    pub declare_absence: bool,
    /// Publish news.
    pub publish_news: bool,
    /// The largest file that may be returned for homework, in bytes.
    pub largest_return: Option<u64>,
}

/// A school of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct School {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// Its name.
    pub name: String,
    /// Its address, without empty lines.
    pub address: Vec<String>,
    /// Its web site.
    pub website: Option<String>,
    /// Where it is, part by part.
    #[serde(skip)]
    pub place: Box<Place>,
}

/// A class of a staff or teacher account (data §16.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassRef {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// Its name.
    pub name: String,
    /// Whether the account is in charge of it.
    pub is_responsible: bool,
    /// Its year level.
    pub level: Option<String>,
}

codes! {
    /// What a period offered by a tab stands for.
    PeriodChoiceKind {
        /// The whole year.
        WholeYear = 1,
        /// One of the school's periods.
        Period = 2,
        /// What lies outside the periods.
        OutsidePeriods = 4,
    }
}

/// A period a tab offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodChoice {
    /// The identifier in this session; the whole year has none.
    pub id: Option<RemoteId>,
    /// The label.
    pub name: String,
    /// What it stands for.
    pub kind: PeriodChoiceKind,
    /// Whether it is one of the main grading periods.
    pub main: bool,
}

/// The periods that tabs offer. Serialises as a list of `{tab, default, choices}`.
///
/// A school has fifteen tabs with the same four periods: each period is kept once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PeriodsByTab {
    known: Vec<PeriodChoice>,
    tabs: Vec<TabPeriods>,
}

#[derive(Debug, Clone, PartialEq)]
struct TabPeriods {
    tab: u32,
    choices: Box<[u16]>,
    default: Option<u16>,
}

impl PeriodsByTab {
    /// Adds a tab, with the periods it offers and the one it opens on.
    pub(crate) fn add(&mut self, tab: u32, choices: Vec<PeriodChoice>, default: Option<&Named>) {
        let choices: Box<[u16]> = choices.into_iter().filter_map(|choice| self.place(choice)).collect();
        let same = |named: &Named, choice: &PeriodChoice| {
            if named.id.is_some() { named.id == choice.id } else { named.name == choice.name }
        };
        let default = default
            .and_then(|named| choices.iter().copied().find(|place| same(named, &self.known[usize::from(*place)])));
        self.tabs.push(TabPeriods { tab, choices, default });
    }

    fn place(&mut self, choice: PeriodChoice) -> Option<u16> {
        let place = self.known.iter().position(|known| *known == choice).unwrap_or_else(|| {
            self.known.push(choice);
            self.known.len() - 1
        });
        u16::try_from(place).ok()
    }

    /// The tabs that offer periods.
    pub fn tabs(&self) -> impl Iterator<Item = u32> + '_ {
        self.tabs.iter().map(|entry| entry.tab)
    }

    /// The periods a tab offers; none when the tab is unknown.
    pub fn choices(&self, tab: u32) -> impl Iterator<Item = &PeriodChoice> {
        let entry = self.tabs.iter().find(|entry| entry.tab == tab);
        entry.into_iter().flat_map(|entry| &entry.choices).map(|place| &self.known[usize::from(*place)])
    }

    /// The period a tab opens on.
    #[must_use]
    pub fn default_of(&self, tab: u32) -> Option<&PeriodChoice> {
        let entry = self.tabs.iter().find(|entry| entry.tab == tab)?;
        entry.default.map(|place| &self.known[usize::from(place)])
    }

    /// The period the account is in: what the grades open on, else what the first tab opens on (data §4.3).
    #[must_use]
    pub fn current(&self) -> Option<&PeriodChoice> {
        self.default_of(tab::GRADES).or_else(|| self.default_of(self.tabs.first()?.tab))
    }
}

impl Serialize for PeriodsByTab {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            tab: u32,
            default: Option<&'a str>,
            choices: Vec<&'a PeriodChoice>,
        }
        let mut list = serializer.serialize_seq(Some(self.tabs.len()))?;
        for tab in self.tabs() {
            let default = self.default_of(tab).map(|choice| choice.name.as_str());
            list.serialize_element(&Entry { tab, default, choices: self.choices(tab).collect() })?;
        }
        list.end()
    }
}

impl User {
    /// The child whose identifier or name that is; a name is enough when it is the end or the start of a full one.
    #[must_use]
    pub fn child(&self, id_or_name: &str) -> Option<usize> {
        let wanted = id_or_name.trim().to_lowercase();
        let by_id = |child: &Person| child.id.as_ref().is_some_and(|id| id.as_str() == id_or_name);
        let by_name = |child: &Person| child.name.to_lowercase() == wanted;
        let by_word = |child: &Person| child.name.to_lowercase().split_whitespace().any(|word| word == wanted);
        let position = |same: &dyn Fn(&Person) -> bool| self.children.iter().position(same);
        position(&by_id).or_else(|| position(&by_name)).or_else(|| {
            let mut matching = (0..self.children.len()).filter(|place| by_word(&self.children[*place]));
            matching.next().filter(|_| matching.next().is_none())
        })
    }

    /// Whether the account may open a tab.
    #[must_use]
    pub fn may_open(&self, tab: u32) -> bool {
        self.tabs.contains(tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(name: &str) -> PeriodChoice {
        PeriodChoice {
            id: Some(RemoteId::new(format!("11#{name}"))),
            name: name.into(),
            kind: PeriodChoiceKind::Period,
            main: true,
        }
    }

    #[test]
    fn periods_shared_by_tabs_are_kept_once() {
        let mut periods = PeriodsByTab::default();
        let default = Named { id: None, name: "T2".into() };
        periods.add(13, vec![choice("T1"), choice("T2")], None);
        periods.add(198, vec![choice("T2"), choice("T1")], Some(&default));
        assert_eq!(periods.known.len(), 2);
        assert_eq!(periods.choices(198).map(|choice| choice.name.as_str()).collect::<Vec<_>>(), ["T2", "T1"]);
        assert_eq!(periods.current().unwrap().name, "T2");
        assert_eq!(periods.default_of(13), None);
        assert_eq!(periods.choices(7).count(), 0);
    }

    #[test]
    fn a_child_is_chosen_by_identifier_name_or_first_name() {
        let child = |id: &str, name: &str| Person {
            id: Some(RemoteId::new(id)),
            name: name.into(),
            kind: PersonKind::Pupil,
            ..Person::default()
        };
        let user = User { children: vec![child("4#a", "MOREL Lou"), child("4#b", "MOREL Sacha")], ..User::default() };
        assert_eq!(user.child("4#b"), Some(1));
        assert_eq!(user.child("morel lou"), Some(0));
        assert_eq!(user.child("Sacha"), Some(1));
        assert_eq!(user.child("Morel"), None, "two children bear it");
        assert_eq!(user.child("Alix"), None);
    }
}
