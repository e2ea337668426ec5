//! What was typed into a form, what is wrong with it, and what stands on the board instead.

use std::collections::BTreeMap;

use jiff::civil::Date;
use minijinja::{Value, context};

use super::words::{self, Arg, Language};

/// The fields of a form by name.
pub(crate) type Fields = BTreeMap<String, String>;

/// The most characters of a text, as the old API has it.
pub(crate) const LONGEST: usize = 100_000;

/// A form: what is in its fields, what is wrong with them, and what is on the board when that is something else.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    /// What tells its fields from those of other forms of the page.
    id: String,
    fields: Fields,
    wrong: Vec<(String, Fault)>,
    conflict: Option<Conflict>,
}

/// What is wrong with a field: a key of the messages, and what it names.
#[derive(Debug, Clone)]
struct Fault {
    key: &'static str,
    args: Vec<(&'static str, Arg)>,
}

/// What others did to the same thing while the form was being filled in.
#[derive(Debug, Clone)]
struct Conflict {
    /// What the fields would hold now; nothing when the thing is gone.
    theirs: Option<Fields>,
    /// Who did it and when, if that is known.
    by: Option<String>,
}

impl Form {
    /// A form as it is shown first.
    pub(crate) fn new(fields: Fields) -> Self {
        Form { fields, ..Form::default() }
    }

    /// The form of something that is on the board: it remembers what it was made of.
    pub(crate) fn of(fields: Fields) -> Self {
        let tag = board::tag(&fields);
        let mut form = Form::new(fields);
        form.set("tag", tag);
        form
    }

    /// What came with a request.
    pub(crate) fn parse(body: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(body).into_owned().collect();
        Form { fields, ..Form::default() }
    }

    /// The same, told from other forms of the page by a name.
    pub(crate) fn named(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// A field as it was sent; empty when it was not.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// All its fields.
    pub(crate) fn all(&self) -> &Fields {
        &self.fields
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A field without the blanks around it.
    pub(crate) fn line(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// A longer text: line ends as everywhere else, and those of the stored text when it is the same otherwise, since a
    /// browser sends its own.
    pub(crate) fn text(&mut self, name: &str, stored: &str) -> String {
        let typed = plain_lines(self.get(name));
        if typed == plain_lines(stored) {
            return stored.to_owned();
        }
        if typed.chars().count() > LONGEST {
            self.fault(name, "editor-error-long", vec![("count", Arg::from(LONGEST))]);
        }
        if typed.contains('\0') {
            self.fault(name, "editor-error-characters", Vec::new());
        }
        typed
    }

    /// A day, which has to be there.
    pub(crate) fn date(&mut self, name: &str) -> Option<Date> {
        if self.line(name).is_empty() {
            self.wrong(name, "editor-error-date-missing");
            return None;
        }
        self.date_or_nothing(name)
    }

    /// A day that may be left out.
    pub(crate) fn date_or_nothing(&mut self, name: &str) -> Option<Date> {
        let typed = self.line(name);
        if typed.is_empty() {
            return None;
        }
        // Dates are ISO texts, in the database too: four digits and no sign.
        let date = typed.parse().ok().filter(|date: &Date| typed.len() == 10 && (2000..2100).contains(&date.year()));
        if date.is_none() {
            self.wrong(name, "editor-error-date");
        }
        date
    }

    /// A number that one of the lists of the page has offered.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.line(name).parse().ok()
    }

    /// Notes what is wrong with a field.
    pub(crate) fn wrong(&mut self, name: &str, key: &'static str) {
        self.fault(name, key, Vec::new());
    }

    /// Notes what is wrong with a field, and what it names.
    pub(crate) fn fault(&mut self, name: &str, key: &'static str, args: Vec<(&'static str, Arg)>) {
        if !self.wrong.iter().any(|(there, _)| there == name) {
            self.wrong.push((name.to_owned(), Fault { key, args }));
        }
    }

    /// Whether nothing is wrong with it.
    pub(crate) fn is_fine(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Whether it was made of what is there now; only its own fields count, whatever else became of the thing.
    pub(crate) fn was_made_of(&self, now: Option<&Fields>) -> bool {
        self.get("tag") == now.map(board::tag).unwrap_or_default()
    }

    /// Notes what others made of the same thing, and takes that for granted from now on.
    pub(crate) fn meet(&mut self, theirs: Option<Fields>, by: Option<String>) {
        self.set("tag", theirs.as_ref().map(board::tag).unwrap_or_default());
        self.fields = plain(std::mem::take(&mut self.fields));
        self.conflict = Some(Conflict { theirs: theirs.map(plain), by });
    }

    /// What others made of a field is not shown: it follows from other fields.
    pub(crate) fn pass_over(&mut self, name: &str) {
        let mine = self.get(name).to_owned();
        if let Some(theirs) = self.conflict.as_mut().and_then(|conflict| conflict.theirs.as_mut()) {
            theirs.insert(name.to_owned(), mine);
        }
    }

    /// Whether others left a field as it is here.
    pub(crate) fn agrees(&self, name: &str) -> bool {
        let theirs = self.conflict.as_ref().and_then(|conflict| conflict.theirs.as_ref());
        theirs.is_none_or(|theirs| theirs.get(name).is_none_or(|value| value == self.get(name)))
    }

    /// Fills a field.
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.insert(name.into(), value.into());
    }

    /// Empties a field, so that it is not shown again.
    pub(crate) fn forget(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// The form as its template sees it.
    pub(crate) fn view(&self, language: Language) -> Value {
        let say = |fault: &Fault| words::say(language, fault.key, &fault.args);
        let wrong: Fields = self.wrong.iter().map(|(name, fault)| (name.clone(), say(fault))).collect();
        let order: Vec<String> = self.wrong.iter().map(|(name, _)| name.clone()).collect();
        let conflict = self.conflict.as_ref();
        let conflict = conflict.map(|conflict| context! { theirs => &conflict.theirs, by => &conflict.by });
        context! { id => self.id.clone(), fields => self.fields.clone(), wrong, order, conflict }
    }
}

/// Fields whose lines end alike: what differs in that alone does not differ for people.
fn plain(fields: Fields) -> Fields {
    fields.into_iter().map(|(name, value)| (name, plain_lines(&value))).collect()
}

/// A choice of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    value: String,
    label: String,
    /// Whether what it names is there no more.
    gone: bool,
}

impl Choice {
    /// A choice of something.
    pub(crate) fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Choice { value: value.to_string(), label: label.into(), gone: false }
    }

    /// A choice that is only there because it was made once.
    pub(crate) fn gone(value: impl ToString, label: impl Into<String>) -> Self {
        Choice { gone: true, ..Choice::new(value, label) }
    }
}

impl From<&Choice> for Value {
    fn from(choice: &Choice) -> Self {
        context! { value => &choice.value, label => &choice.label, gone => choice.gone }
    }
}

impl From<Choice> for Value {
    fn from(choice: Choice) -> Self {
        Value::from(&choice)
    }
}

/// A text with `\n` for every end of a line.
pub(crate) fn plain_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Fields from pairs.
pub(crate) fn fields<const N: usize>(pairs: [(&str, String); N]) -> Fields {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_text_keeps_its_line_ends_when_nothing_else_changed() {
        let mut form = Form::parse(b"text=one%0D%0Atwo");

        assert_eq!(form.text("text", "one\r\ntwo"), "one\r\ntwo");
        assert_eq!(form.text("text", "one\ntwo"), "one\ntwo");
        assert_eq!(form.text("text", "other"), "one\ntwo");
    }

    #[test]
    fn a_day_is_four_digits_two_and_two() {
        for typed in ["2026-9-14", "+002026-09-14", "14.09.2026", "2026-02-30", "9999-01-01", "2026-09-14T00:00"] {
            let mut form = Form::new(fields([("due", typed.to_owned())]));

            assert_eq!(form.date("due"), None, "{typed}");
            assert!(!form.is_fine());
        }
        let mut form = Form::new(fields([("due", " 2026-09-14 ".to_owned())]));

        assert_eq!(form.date("due"), Some(jiff::civil::date(2026, 9, 14)));
    }

    #[test]
    fn the_first_fault_of_a_field_is_the_one_that_is_told() {
        let mut form = Form::default();
        form.wrong("name", "editor-error-name-missing");
        form.wrong("name", "editor-error-date");

        assert_eq!(form.wrong.len(), 1);
        assert_eq!(form.wrong[0].1.key, "editor-error-name-missing");
    }
}
