//! A change of the history, told to people: what it was about, and what differs between before and after.

use board::{Changes, ClassSettings, DAYS, Entry, NO_CHANGE, NO_LESSON, Parity, Plan, Snapshot, Subject, Task, Week};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::visit::Visit;
use super::words::{self, Arg};

/// The most that is told of one value.
const LONGEST: usize = 4000;

/// Tells changes to somebody, with the subjects of their class as they are now.
pub(crate) struct Teller<'a> {
    pub(crate) visit: &'a Visit,
    pub(crate) snapshot: Option<&'a Snapshot>,
}

/// What a thing was, label by label.
type Facts = Vec<(String, String)>;

/// Whether something was added, changed or removed.
pub(crate) fn kind(entry: &Entry) -> &'static str {
    match (&entry.before, &entry.after) {
        (None, Some(Json::String(_))) | (Some(_), Some(_)) => "editor-kind-changed",
        (None, Some(_)) => "editor-kind-added",
        (_, None) => "editor-kind-removed",
    }
}

impl Teller<'_> {
    fn say(&self, key: &str) -> String {
        self.visit.say(key, &[])
    }

    fn named(&self, key: &str, name: impl Into<Arg>) -> String {
        self.visit.say(key, &[("name", name.into())])
    }

    /// What an entry is about.
    pub(crate) fn what(&self, entry: &Entry) -> String {
        let state = entry.after.as_ref().filter(|state| state.is_object()).or(entry.before.as_ref());
        match entry.resource.as_str() {
            "subject" => {
                let name = read::<Subject>(state).map(|subject| subject.name);
                self.named("editor-what-subject", name.unwrap_or_else(|| entry.key.clone()))
            }
            "week" => self.say("editor-timetable-undated"),
            "changes" if entry.key.is_empty() => self.say("editor-changes-undated"),
            "changes" => {
                let day = entry.key.parse::<Date>().map_or(entry.key.clone(), |date| self.date(date));
                self.visit.say("editor-changes-for", &[("day", Arg::from(day))])
            }
            "timetable" => match read::<Plan>(state) {
                Some(plan) => {
                    self.visit.say("editor-what-timetable", &[("from", Arg::from(self.date(plan.valid_from)))])
                }
                None => self.say("editor-timetable"),
            },
            "assignment" => match read::<Task>(state) {
                Some(task) => {
                    let args =
                        [("name", Arg::from(self.subject(task.subject))), ("day", Arg::from(self.date(task.due)))];
                    self.visit.say("editor-what-assignment", &args)
                }
                None => self.say("editor-homework"),
            },
            "class" => self.say("editor-settings"),
            "user" => self.named("editor-what-user", entry.key.clone()),
            "filling" => "PRONOTE".to_owned(),
            _ => self.say("editor-what-import"),
        }
    }

    /// What differs, for a template.
    pub(crate) fn lines(&self, entry: &Entry) -> Vec<Value> {
        let facts =
            |state: &Option<Json>| state.as_ref().map(|state| self.facts(&entry.resource, state)).unwrap_or_default();
        let (before, after) = (facts(&entry.before), facts(&entry.after));
        let find = |facts: &Facts, label: &str| {
            facts.iter().find(|(there, _)| there == label).map(|(_, text)| short(text)).unwrap_or_default()
        };
        let mut labels: Vec<&String> = Vec::new();
        for (label, _) in before.iter().chain(&after) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let line = |label: &String| {
            let (before, after) = (find(&before, label), find(&after, label));
            (before != after).then(|| context! { label, before, after })
        };
        labels.into_iter().filter_map(line).collect()
    }

    fn facts(&self, resource: &str, state: &Json) -> Facts {
        let state = Some(state);
        match resource {
            "subject" => read(state).map(|subject| self.of_subject(subject)),
            "week" => read(state).map(|week| self.of_week(&week)),
            "changes" => read(state).map(|changes| self.of_changes(&changes)),
            "timetable" => read(state).map(|plan| self.of_plan(&plan)),
            "assignment" => read(state).map(|task| self.of_task(task)),
            "class" => read(state).map(|settings| self.of_class(settings)).or_else(|| self.of_other(state)),
            _ => self.of_other(state),
        }
        .unwrap_or_default()
    }

    fn of_subject(&self, subject: Subject) -> Facts {
        vec![(self.say("editor-subject-name"), subject.name), (self.say("editor-homework"), subject.note)]
    }

    fn of_week(&self, week: &Week) -> Facts {
        let mut facts = Vec::new();
        for day in 0..DAYS {
            let name = i18n::weekday(self.visit.language, words::weekday(day));
            let lesson = |(row, number): (usize, &i64)| format!("{}. {}\n", row + 1, self.subject(*number));
            let lessons = week.rows[day].iter().enumerate().filter(|(_, number)| **number > 0).map(lesson);
            facts.push((self.named("editor-fact-lessons", name.clone()), lessons.collect()));
            facts.push((self.named("editor-fact-text", name), week.texts[day].clone()));
        }
        facts
    }

    fn of_changes(&self, changes: &Changes) -> Facts {
        let row = |(row, change): (usize, &i64)| {
            let what = match *change {
                NO_CHANGE => return None,
                NO_LESSON => self.say("editor-change-cancelled"),
                number => self.subject(number),
            };
            Some((self.visit.say("editor-lesson-number", &[("number", Arg::from((row + 1).to_string()))]), what))
        };
        let text = (self.say("editor-changes-text"), changes.text.clone());
        changes.rows.iter().enumerate().filter_map(row).chain([text]).collect()
    }

    fn of_plan(&self, plan: &Plan) -> Facts {
        let parity = match plan.parity {
            Parity::Every => "editor-parity-every",
            Parity::A => "editor-parity-a",
            Parity::B => "editor-parity-b",
        };
        let mut facts = vec![
            (self.say("editor-valid-from"), self.date(plan.valid_from)),
            (self.say("editor-valid-to"), plan.valid_to.map_or(String::new(), |last| self.date(last))),
            (self.say("editor-parity"), self.say(parity)),
        ];
        facts.extend(self.of_week(&plan.week));
        facts
    }

    fn of_task(&self, task: Task) -> Facts {
        vec![
            (self.say("editor-subject"), self.subject(task.subject)),
            (self.say("editor-due"), self.date(task.due)),
            (self.say("editor-given"), self.date(task.given)),
            (self.say("editor-homework-text"), task.text),
            (self.say("editor-links"), task.links.join("\n")),
        ]
    }

    fn of_class(&self, settings: ClassSettings) -> Facts {
        let bell = |bell: &board::Bell| format!("{}–{}\n", bell.from.strftime("%H:%M"), bell.to.strftime("%H:%M"));
        let holiday = |holiday: &board::Holiday| format!("{} – {} {}\n", holiday.from, holiday.to, holiday.name);
        vec![
            (self.say("editor-class-name"), settings.name),
            (self.say("editor-class-language"), words::of_class(settings.language).own_name().to_owned()),
            (self.say("editor-zone"), settings.zone.unwrap_or_default()),
            (self.say("editor-strict"), self.yes(settings.strict)),
            (self.say("editor-days"), settings.days.to_string()),
            (self.say("editor-week-a"), settings.week_a.map_or(String::new(), |day| self.date(day))),
            (self.say("editor-bells"), settings.bells.iter().map(bell).collect()),
            (self.say("editor-holidays"), settings.holidays.iter().map(holiday).collect()),
        ]
    }

    /// What is told in few words: an account, a class put away, another password or code.
    fn of_other(&self, state: Option<&Json>) -> Option<Facts> {
        let mut facts = Vec::new();
        match state? {
            Json::String(what) if what == "another password" => {
                facts.push((self.say("editor-password"), self.say("editor-fact-another")));
            }
            Json::String(what) if what == "another code" => {
                facts.push((self.say("editor-code"), self.say("editor-fact-another")));
            }
            Json::Object(state) => {
                for (name, key) in [
                    ("archived", "editor-fact-archived"),
                    ("admin", "editor-role-admin"),
                    ("disabled", "editor-disabled"),
                ] {
                    if let Some(is) = state.get(name).and_then(Json::as_bool) {
                        facts.push((self.say(key), self.yes(is)));
                    }
                }
                if let Some(profile) = state.get("profile").and_then(Json::as_str) {
                    facts.push((self.say("editor-pronote-account"), profile.to_owned()));
                }
                if let Some(roles) = state.get("roles").and_then(Json::as_object) {
                    let role = |role: &Json| match role.as_str() {
                        Some("head") => self.say("editor-role-head"),
                        Some("editor") => self.say("editor-role-editor"),
                        _ => self.say("editor-role-reader"),
                    };
                    let roles: Vec<String> = roles.values().map(role).collect();
                    facts.push((self.say("editor-role"), roles.join(", ")));
                }
            }
            _ => {}
        }
        Some(facts)
    }

    fn yes(&self, is: bool) -> String {
        self.say(if is { "editor-yes" } else { "editor-no" })
    }

    fn date(&self, date: Date) -> String {
        i18n::date_with_year(self.visit.language, date)
    }

    fn subject(&self, number: i64) -> String {
        match self.snapshot.and_then(|snapshot| snapshot.subjects.get(&number)) {
            Some(subject) => subject.name.clone(),
            None => self.visit.say("editor-subject-gone", &[("number", Arg::from(number.to_string()))]),
        }
    }
}

fn read<T: DeserializeOwned>(state: Option<&Json>) -> Option<T> {
    T::deserialize(state?).ok()
}

fn short(text: &str) -> String {
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
