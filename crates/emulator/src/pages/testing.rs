//! The demonstration school with people asking it things, for the tests of the pages.

use jiff::civil::date;
use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, Upload, Uploads, Viewer, answer, bare};
use crate::school::{Kind, Space};
use crate::{Clock, School};

/// The demonstration school on a Thursday of November.
pub(crate) struct Desk {
    pub(crate) school: School,
    pub(crate) uploads: Uploads,
}

/// Somebody who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who(&'static str, Space);

/// A pupil of the first class.
pub(crate) const FANNY: Who = Who("demonstration", Space::Student);
/// Her mother, with another child.
pub(crate) const FLORE: Who = Who("demonstration", Space::Guardian);
/// Another pupil of the class.
pub(crate) const ANAIS: Who = Who("demonstration2", Space::Student);
/// School life.
pub(crate) const PAUL: Who = Who("demonstration2", Space::SchoolLife);
/// A teacher.
pub(crate) const JULIE: Who = Who("demonstration", Space::Teacher);

impl Desk {
    pub(crate) fn open() -> Self {
        let clock = Clock::Fixed(date(2025, 11, 20).at(10, 15, 0, 0));
        Self { school: School::demo(clock), uploads: Uploads::new() }
    }

    /// A larger school, where nobody has every teacher.
    pub(crate) fn open_with(pupils: usize) -> Self {
        let clock = Clock::Fixed(date(2025, 11, 20).at(10, 15, 0, 0));
        Self { school: School::generate(pupils, 1, clock), uploads: Uploads::new() }
    }

    pub(crate) fn upload(&mut self, id: &str, name: &str, bytes: &[u8]) {
        self.uploads.insert(id.to_owned(), Upload { name: name.to_owned(), bytes: bytes.to_vec() });
    }

    /// The identifiers of somebody's session.
    pub(crate) fn ids(&self, who: Who) -> Ids {
        Ids::for_session(self.school.seed, &format!("{who:?}"))
    }

    pub(crate) fn ask_signed(
        &mut self,
        who: Who,
        function: &str,
        signature: &Value,
        data: &Value,
    ) -> Result<Answer, Refusal> {
        let ids = self.ids(who);
        let account = self.school.account(who.0, who.1).unwrap();
        let viewer = Viewer::of(&self.school, &ids, account, signature, data)?;
        let call = Call { function, tab: None, data, signature, viewer, uploads: &self.uploads };
        answer(&mut self.school, &ids, &call)
    }

    pub(crate) fn ask(&mut self, who: Who, function: &str, data: Value) -> Result<Answer, Refusal> {
        self.ask_signed(who, function, &json!({}), &data)
    }

    /// Asks for something that is answered.
    pub(crate) fn read(&mut self, who: Who, function: &str, data: Value) -> Value {
        self.ask(who, function, data).unwrap().data
    }

    /// Saves something; the message of a report that refuses it.
    pub(crate) fn save(&mut self, who: Who, function: &str, data: Value) -> Result<(), String> {
        let report = self.ask(who, function, data).unwrap().report.unwrap();
        match report["_messagesErreur_"][0].as_str() {
            Some(message) => Err(message.to_owned()),
            None => Ok(()),
        }
    }

    /// The identifier of somebody, in the session of whoever asks.
    pub(crate) fn person(&self, who: Who, name: &str) -> Value {
        let person = self.school.people.iter().find(|person| person.name() == name).unwrap();
        json!({ "N": self.ids(who).write(person.kind.genre(), person.id), "G": person.kind.genre() })
    }

    /// The name of a teacher of the first class.
    pub(crate) fn head_teacher(&self) -> String {
        let head = self.school.classes.first().unwrap().head_teacher.unwrap();
        self.school.people.get(head).unwrap().name()
    }

    /// The name of a teacher that the first class does not have.
    pub(crate) fn strange_teacher(&self) -> String {
        let class = self.school.classes.first().unwrap().id;
        let pupil = self.school.pupils(class).next().unwrap();
        let teaches = |person| {
            let lessons = self.school.lessons.iter().filter(|lesson| lesson.teachers.contains(&person));
            lessons
                .clone()
                .any(|lesson| self.school.pupils(class).any(|pupil| self.school.is_for(lesson.audience, pupil)))
        };
        assert!(pupil.class == Some(class));
        let mut teachers = self.school.people.iter().filter(|person| person.kind == Kind::Teacher);
        teachers.find(|person| !teaches(person.id)).unwrap().name()
    }
}

/// The elements of a list, wrapped or not.
pub(crate) fn elements(list: &Value) -> &[Value] {
    bare(list).as_array().unwrap()
}

/// Fails unless each path leads to something, as the clients that need it look for it: `listeDest[].L`, `public.V.N`.
pub(crate) fn has_all(value: &Value, paths: &[&str]) {
    for path in paths {
        check(value, path, path);
    }
}

fn check(value: &Value, path: &str, whole: &str) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let (name, each) = key.strip_suffix("[]").map_or((key, false), |name| (name, true));
    let found = value.get(name).unwrap_or_else(|| panic!("no {name} of {whole}"));
    assert!(!found.is_null(), "{name} of {whole} is null");
    let Some(rest) = rest else { return };
    if each {
        for element in found.as_array().unwrap_or_else(|| panic!("{name} of {whole} is no list")) {
            check(element, rest, whole);
        }
    } else {
        check(found, rest, whole);
    }
}
