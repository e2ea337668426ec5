//! What the board holds, as it is described to those who ask: the forms in which [`board`]'s own types are written and
//! read. A test compares the two.

#![expect(dead_code, reason = "these types only describe others")]

use std::borrow::Cow;
use std::marker::PhantomData;

use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

/// Changes to something: the members that are sent change, others stay as they are.
pub(super) struct Patch<T>(PhantomData<T>);

impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Patch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// What an account may do in a class, each level including those before it.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Role {
    /// Reads.
    Reader,
    /// Writes homework, timetable and changes.
    Editor,
    /// Subjects, accounts, chats and settings too.
    Head,
}

/// The language of a bot.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Language {
    Ru,
    Fr,
    En,
}

/// Which weeks a timetable is for.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Parity {
    Every,
    A,
    B,
}

/// A chat platform.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Platform {
    Vk,
    Telegram,
    Console,
}

/// Where something comes from: a person, PRONOTE, or a person who wrote over what PRONOTE gave.
#[derive(ToSchema)]
pub(super) struct Source {
    /// `hand`, `pronote` or `override`.
    from: String,
    /// What it is at PRONOTE, for people.
    origin: Option<String>,
}

/// What the head of a class sets.
#[derive(ToSchema)]
pub(super) struct Settings {
    /// Its name, as people write it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The language of its bot.
    #[schema(required = false)]
    language: Language,
    /// Its time zone, such as `Europe/Moscow`; that of the server when it is not said.
    #[schema(format = "time-zone")]
    zone: Option<String>,
    /// Whether its bot shows undated data only, exactly as the original did.
    #[schema(required = false)]
    strict: bool,
    /// How many days its week has.
    #[schema(required = false, minimum = 5, maximum = 6)]
    days: i32,
    /// When its lessons begin and end, by row.
    #[schema(required = false, max_items = 8)]
    bells: Vec<Bell>,
    /// Days without school.
    #[schema(required = false, max_items = 200)]
    holidays: Vec<Holiday>,
    /// A day in a week A, if its weeks take turns.
    #[schema(format = Date)]
    week_a: Option<String>,
}

/// The time of a row of the timetable.
#[derive(ToSchema)]
pub(super) struct Bell {
    /// When it begins.
    #[schema(schema_with = time)]
    from: String,
    /// When it ends.
    #[schema(schema_with = time)]
    to: String,
}

/// Days without school, both ends included.
#[derive(ToSchema)]
pub(super) struct Holiday {
    /// The first.
    #[schema(format = Date)]
    from: String,
    /// The last.
    #[schema(format = Date)]
    to: String,
    /// What they are.
    #[schema(required = false, max_length = 100)]
    name: String,
}

/// A subject.
#[derive(ToSchema)]
pub(super) struct Subject {
    /// Its number, which timetables and changes name it by.
    #[schema(read_only)]
    number: i64,
    /// Its name; no two of a class have the same. Letters and digits of any script, blanks, brackets, `-` and `_`.
    #[schema(format = "subject-name", min_length = 1, max_length = 50)]
    name: String,
    /// Its homework without a date, which stands until it is overwritten.
    note: String,
    /// Where it comes from.
    #[schema(read_only, required = false)]
    source: Source,
}

/// A week: what people read, and the subjects' numbers by row.
#[derive(ToSchema)]
pub(super) struct Week {
    /// Monday to Saturday, as people read it.
    #[schema(min_items = 6, max_items = 6)]
    texts: Vec<String>,
    /// Monday to Saturday, at most eight numbers each. They may name no subject.
    #[schema(schema_with = rows_of_week)]
    rows: Vec<Vec<i64>>,
}

/// A timetable that holds from a day on.
#[derive(ToSchema)]
pub(super) struct Timetable {
    /// Its key.
    #[schema(read_only, required = false)]
    id: i64,
    /// Its first day.
    #[schema(format = Date)]
    valid_from: String,
    /// Its last day; without one, until another begins.
    #[schema(format = Date)]
    valid_to: Option<String>,
    /// Which weeks it is for.
    #[schema(required = false)]
    parity: Parity,
    /// The week.
    week: Week,
    /// Where it comes from.
    #[schema(read_only, required = false)]
    source: Source,
}

/// Changes to the timetable.
#[derive(ToSchema)]
pub(super) struct Changes {
    /// As people read it.
    text: String,
    /// Row by row: a subject's number, -1 where there is no lesson, -2 where the timetable holds.
    #[schema(min_items = 8, max_items = 8)]
    rows: Vec<i64>,
    /// Where they come from.
    #[schema(read_only, required = false)]
    source: Source,
}

/// Homework with a date.
#[derive(ToSchema)]
pub(super) struct Assignment {
    /// Its key.
    #[schema(read_only, required = false)]
    id: i64,
    /// Its subject's number.
    subject: i64,
    /// The day it was given; today when it is not said.
    #[schema(format = Date, required = false)]
    given: String,
    /// The day it is due.
    #[schema(format = Date)]
    due: String,
    /// What is to be done.
    #[schema(min_length = 1)]
    text: String,
    /// Addresses that go with it.
    #[schema(required = false, max_items = 20, schema_with = links)]
    links: Vec<String>,
    /// Where it comes from.
    #[schema(read_only, required = false)]
    source: Source,
}

/// A day, with everything that bears on it.
#[derive(ToSchema)]
pub(super) struct Day {
    /// The day.
    #[schema(format = Date)]
    date: String,
    /// The name of the holiday it lies in, perhaps empty.
    holiday: Option<String>,
    /// Whether there is school.
    school: bool,
    /// The timetable as people read it.
    text: String,
    /// Its lessons by row, the cancelled ones among them.
    lessons: Vec<Lesson>,
    /// The changes that bear on it.
    changes: Changes,
    /// Whether the changes are those of this very day.
    dated_changes: bool,
    /// What its subjects have as homework without a date.
    notes: Vec<Note>,
    /// The homework due on it.
    assignments: Vec<Assignment>,
}

/// A lesson of a day.
#[derive(ToSchema)]
pub(super) struct Lesson {
    /// Its row, from 1.
    row: i32,
    /// Its time, if the class has bells.
    time: Option<Bell>,
    /// Its subject's number, which may name none.
    subject: i64,
    /// Its subject's name.
    name: Option<String>,
    state: LessonState,
    /// The number of the subject it takes the place of.
    instead_of: Option<i64>,
}

/// What becomes of a lesson.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum LessonState {
    Planned,
    Cancelled,
    Replaced,
    Added,
}

/// Homework without a date.
#[derive(ToSchema)]
pub(super) struct Note {
    /// The subject's number.
    subject: i64,
    /// The subject's name.
    name: String,
    /// What is to be done.
    text: String,
}

/// What is an integer, with a name for what the numbers are.
fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer)
}

fn rows_of_week() -> Schema {
    let day = ArrayBuilder::new().items(number()).max_items(Some(8));
    let week = ArrayBuilder::new().items(day).min_items(Some(6)).max_items(Some(6));
    week.description(Some("Monday to Saturday, at most eight numbers each. They may name no subject.")).into()
}

fn time() -> Schema {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let pattern = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";
    text.format(Some(utoipa::openapi::SchemaFormat::Custom("local-time".to_owned()))).pattern(Some(pattern)).into()
}

pub(super) fn links() -> Schema {
    let link = ObjectBuilder::new().schema_type(Type::String).max_length(Some(2000));
    let link = link.format(Some(utoipa::openapi::SchemaFormat::Custom("link".to_owned())));
    let link = link.pattern(Some("^https?://[^\\s]*$"));
    ArrayBuilder::new().items(link).max_items(Some(20)).description(Some("Addresses that go with it.")).into()
}
