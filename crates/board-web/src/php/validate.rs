//! What has to be in a body, and what is said of it otherwise: the messages of the schema library that the original
//! used, word by word and in its order (`board-api.md`, section 5).
//!
//! What the original let through by accident is refused afterwards, by [`odd_subject`] and [`odd_user`], so that it
//! changes no message.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::json::{Object, Value};

/// Days of the timetable.
const DAYS: usize = 6;
/// The most lessons of a day, and the rows of the changes.
const ROWS: usize = 8;
/// The longest name of a subject or an account, in characters.
const LONGEST_NAME: usize = 50;
/// The most messages of one answer: a long list of wrong items would make it many times as long as the request.
const MOST_MESSAGES: usize = 5000;

/// A body of addUser.
#[derive(Debug, PartialEq)]
pub(crate) struct NewUser<'v> {
    pub(crate) name: &'v str,
    pub(crate) password: &'v str,
    /// 1 or 2.
    pub(crate) pr: i64,
}

/// Reads a body of updateHomework: the number of a subject, and its homework.
pub(crate) fn homework<'v>(body: &'v Object<'_>) -> Result<(i64, &'v str), String> {
    let mut faults = Faults::default();
    let number = faults.member(body, "ID", Faults::integer);
    let text = faults.member(body, "Homework", Faults::text);
    number.zip(text).ok_or_else(|| faults.told())
}

/// Reads a body of updateTimetable: texts and numbers, day by day.
pub(crate) fn timetable<'v>(body: &'v Object<'_>) -> Result<([&'v str; DAYS], [Vec<i64>; DAYS]), String> {
    let mut faults = Faults::default();
    let texts = faults.member(body, "TextTimetable", |faults, value| faults.list(value, DAYS, DAYS, Faults::text));
    let rows = faults.member(body, "NumericTimetable", |faults, value| {
        faults.list(value, DAYS, DAYS, |faults, day| faults.list(day, 0, ROWS, Faults::integer))
    });
    exactly(texts).zip(exactly(rows)).ok_or_else(|| faults.told())
}

/// Reads a body of updateChanges: a text, and numbers row by row.
pub(crate) fn changes<'v>(body: &'v Object<'_>) -> Result<(&'v str, [i64; ROWS]), String> {
    let mut faults = Faults::default();
    let text = faults.member(body, "TextChanges", Faults::text);
    let rows = faults.member(body, "NumericChanges", |faults, value| faults.list(value, ROWS, ROWS, Faults::integer));
    text.zip(exactly(rows)).ok_or_else(|| faults.told())
}

/// Reads a body of addSubjects: names.
pub(crate) fn names<'v>(body: &'v Object<'_>) -> Result<Vec<&'v str>, String> {
    let mut faults = Faults::default();
    let names = faults.member(body, "names", |faults, value| {
        faults.list(value, 0, usize::MAX, |faults, name| faults.text_like(name, &SUBJECT))
    });
    names.ok_or_else(|| faults.told())
}

/// Reads a body of deleteSubjects: numbers.
pub(crate) fn numbers(body: &Object<'_>) -> Result<Vec<i64>, String> {
    let mut faults = Faults::default();
    let numbers = faults.member(body, "IDs", |faults, value| faults.list(value, 0, usize::MAX, Faults::integer));
    numbers.ok_or_else(|| faults.told())
}

/// Reads a body of addUser.
pub(crate) fn user<'v>(body: &'v Object<'_>) -> Result<NewUser<'v>, String> {
    let mut faults = Faults::default();
    let name = faults.member(body, "user", |faults, value| faults.text_like(value, &USER));
    let password = faults.member(body, "pass", Faults::text);
    let pr = faults.member(body, "pr", |faults, value| faults.integer_within(value, 1, 2));
    match (name, password, pr) {
        (Some(name), Some(password), Some(pr)) => Ok(NewUser { name, password, pr }),
        _ => Err(faults.told()),
    }
}

/// What is wrong with the name of a subject that the original would have taken.
pub(crate) fn odd_subject(name: &str) -> Option<String> {
    let odd = name.ends_with('\n') || name.trim().is_empty();
    odd.then(|| told(&SUBJECT.message()))
}

/// What is wrong with an account that the original would have made.
pub(crate) fn odd_user(user: &NewUser<'_>) -> Option<String> {
    if !is_name(user.name) {
        Some(told(&USER.message()))
    } else if user.name.chars().count() > LONGEST_NAME {
        Some(told("The name must not be longer than 50 characters"))
    } else if user.password.is_empty() {
        Some(told("The password must not be empty"))
    } else {
        None
    }
}

/// Whether a text may be the name of an account: letters and numbers of any script, and `_`.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word)
}

/// A message as it is answered.
fn told(messages: &str) -> String {
    format!("Failed to validate parameters: {messages}")
}

/// How a name is shown to be wrong, and what it may be.
struct Pattern {
    shown: &'static str,
    most: usize,
    letter: fn(char) -> bool,
}

/// Names of subjects.
const SUBJECT: Pattern = Pattern {
    shown: r"^[\(\)\wА-Яа-яЁё\s-]{1,50}$",
    most: LONGEST_NAME,
    letter: |letter| is_word(letter) || matches!(letter, '(' | ')' | '-') || letter.is_whitespace(),
};

/// Names of accounts.
const USER: Pattern = Pattern { shown: r"^[\w]+$", most: usize::MAX, letter: is_word };

impl Pattern {
    fn fits(&self, text: &str) -> bool {
        // The end of the pattern tolerates a line feed behind it.
        let within = |text: &str| {
            let fitting = text.chars().take_while(|letter| (self.letter)(*letter)).count();
            (1..=self.most).contains(&fitting) && text.chars().nth(fitting).is_none()
        };
        within(text) || text.strip_suffix('\n').is_some_and(within)
    }

    fn message(&self) -> String {
        format!("Does not match the regex pattern {}", self.shown)
    }
}

/// A letter or number of any script, or `_`.
fn is_word(letter: char) -> bool {
    letter == '_'
        || letter.is_ascii_alphanumeric()
        || matches!(letter.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// The messages so far.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, message: impl Into<String>) {
        if self.0.len() < MOST_MESSAGES {
            self.0.push(message.into());
        }
    }

    fn told(&self) -> String {
        told(&self.0.join(", "))
    }

    fn member<'v, T>(
        &mut self,
        body: &'v Object<'_>,
        name: &str,
        rule: impl FnOnce(&mut Self, &'v Value<'_>) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = body.get(name) else {
            self.add(format!("The property {name} is required"));
            return None;
        };
        rule(self, value)
    }

    fn other_type(&mut self, value: &Value<'_>, wanted: &str) {
        let found = match value {
            Value::Null => "NULL",
            Value::Boolean => "Boolean",
            Value::Integer(_) => "Integer",
            Value::Double(_) => "Double",
            Value::String(_) => "String",
            Value::Array(_) => "Array",
            Value::Object => "Object",
        };
        self.add(format!("{found} value found, but {wanted} is required"));
    }

    fn integer(&mut self, value: &Value<'_>) -> Option<i64> {
        if let Value::Integer(number) = value {
            return Some(*number);
        }
        self.other_type(value, "an integer");
        None
    }

    /// An integer with limits, which numbers of other types are held against too, and texts that look like numbers.
    fn integer_within(&mut self, value: &Value<'_>, least: i32, most: i32) -> Option<i64> {
        let number = self.integer(value);
        let (below, above) = match value {
            Value::Integer(number) => (*number < least.into(), *number > most.into()),
            Value::Double(number) => (*number < least.into(), *number > most.into()),
            Value::String(text) => match numeric(text) {
                Some(number) => (number < least.into(), number > most.into()),
                None => (false, false),
            },
            _ => (false, false),
        };
        if below {
            self.add(format!("Must have a minimum value of {least}"));
        }
        if above {
            self.add(format!("Must have a maximum value of {most}"));
        }
        number.filter(|_| !below && !above)
    }

    fn text<'v>(&mut self, value: &'v Value<'_>) -> Option<&'v str> {
        if let Value::String(text) = value {
            return Some(text);
        }
        self.other_type(value, "a string");
        None
    }

    fn text_like<'v>(&mut self, value: &'v Value<'_>, pattern: &Pattern) -> Option<&'v str> {
        let text = self.text(value)?;
        if pattern.fits(text) {
            return Some(text);
        }
        self.add(pattern.message());
        None
    }

    fn list<'v, 'j, T>(
        &mut self,
        value: &'v Value<'j>,
        least: usize,
        most: usize,
        mut rule: impl FnMut(&mut Self, &'v Value<'j>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(items) = value else {
            self.other_type(value, "an array");
            return None;
        };
        if items.len() < least {
            self.add(format!("There must be a minimum of {least} items in the array"));
        }
        if items.len() > most {
            self.add(format!("There must be a maximum of {most} items in the array"));
        }
        let mut right = Vec::with_capacity(items.len());
        for item in items {
            right.extend(rule(self, item));
        }
        (right.len() == items.len() && (least..=most).contains(&items.len())).then_some(right)
    }
}

/// A list as an array, if it is as long.
fn exactly<T, const N: usize>(list: Option<Vec<T>>) -> Option<[T; N]> {
    list?.try_into().ok()
}

/// The number that a text looks like to PHP: blanks around it, a sign, a fraction, an exponent.
fn numeric(text: &str) -> Option<f64> {
    let blank = |letter: char| matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let text = text.trim_matches(blank);
    // The standard library takes the same numbers, and these words.
    let numeric = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if numeric { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
