//! A class as a document: out of one board and into another, or back again.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use board::{Document, Taken};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::openapi::{Ref, SchemaFormat, Type};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer};
use super::body::Body;
use super::caller::{At, Head};
use super::classes::ClassPath;
use super::query::Query;
use super::shape;

/// The most bytes of a document: years of a class.
const MOST: usize = 32 << 20;

/// A class as a document: everything that people wrote, but no accounts, chats or history.
#[derive(ToSchema)]
#[schema(as = Document)]
#[expect(dead_code, reason = "it documents what is taken and given")]
pub(super) struct DocumentShape {
    /// The version of this form: 1.
    #[schema(minimum = 1, maximum = 1)]
    version: i32,
    /// What its head sets.
    settings: shape::Settings,
    /// Its subjects.
    #[schema(max_items = 500)]
    subjects: Vec<DocumentSubject>,
    /// The timetable without a date.
    week: shape::Week,
    /// The changes without a date.
    changes: shape::Changes,
    /// The timetables with a date.
    #[schema(max_items = 500)]
    timetables: Vec<shape::Timetable>,
    /// The changes of days.
    #[schema(schema_with = days)]
    days: BTreeMap<String, shape::Changes>,
    /// The homework with a date.
    #[schema(max_items = 20000)]
    assignments: Vec<DocumentTask>,
}

/// A subject, with its number.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it documents what is taken and given")]
struct DocumentSubject {
    /// Its number.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    number: i64,
    /// Its name.
    #[schema(format = "subject-name", min_length = 1, max_length = 50)]
    name: String,
    /// Its homework without a date.
    note: String,
    /// Where it comes from.
    #[schema(read_only, required = false)]
    source: shape::Source,
}

/// Homework with a date.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it documents what is taken and given")]
struct DocumentTask {
    /// Its subject's number.
    subject: i64,
    /// The day it was given.
    #[schema(format = Date)]
    given: String,
    /// The day it is due.
    #[schema(format = Date)]
    due: String,
    /// What is to be done.
    #[schema(min_length = 1)]
    text: String,
    /// Addresses that go with it.
    #[schema(required = false, schema_with = shape::links)]
    links: Vec<String>,
    /// Where it comes from.
    #[schema(read_only, required = false)]
    source: shape::Source,
}

fn days() -> Schema {
    let day = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("date".to_owned())));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(day))
        .additional_properties(Some(AdditionalProperties::RefOr(Ref::from_schema_name("Changes").into())))
        .max_properties(Some(20_000))
        .description(Some("The changes of days."))
        .into()
}

/// Whether a document is only looked at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct How {
    /// Whether nothing is written, but told what would be.
    dry_run: Option<bool>,
}

/// What became of a document.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    /// Whether nothing was written.
    dry_run: bool,
    /// Of the settings.
    settings: Tally,
    /// Of the subjects.
    subjects: Tally,
    /// Of the timetable without a date.
    week: Tally,
    /// Of the changes without a date.
    changes: Tally,
    /// Of the timetables with a date.
    timetables: Tally,
    /// Of the changes of days.
    days: Tally,
    /// Of the homework with a date.
    assignments: Tally,
    /// Numbers that timetables, changes or homework name, and no subject has.
    unknown: Vec<i64>,
}

/// How much of a kind became what.
#[derive(Serialize, ToSchema)]
struct Tally {
    /// Was not there.
    added: usize,
    /// Was there, and is otherwise now.
    changed: usize,
    /// Was there, and the document has it not.
    removed: usize,
    /// Is as it was.
    same: usize,
}

/// The class as a document.
#[utoipa::path(get, path = "/classes/{class}/export", tag = "documents", params(ClassPath), responses((status = 200, description = "The document", body = DocumentShape)))]
pub(super) async fn export(at: At<Head>) -> Answer {
    let document = at.board().document(at.class.id).await?;
    let mut response = answer::json(StatusCode::OK, &document);
    // A name in addresses is of letters, digits and hyphens.
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{}.json\"", at.class.slug)) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Makes the class what a document says: what it has not is taken away. A second time changes nothing.
#[utoipa::path(post, path = "/classes/{class}/import", tag = "documents", params(ClassPath, How), request_body = DocumentShape, responses((status = 200, description = "What became of it", body = Report)))]
pub(super) async fn import(
    at: At<Head>,
    Query(how): Query<How>,
    Body(document, _): Body<DocumentShape, Document, MOST>,
) -> Answer {
    let dry_run = how.dry_run.unwrap_or(false);
    let taken = at.board().take_document(at.by(), at.class.id, document, dry_run).await?;
    Ok(answer::json(StatusCode::OK, &Report::of(taken, dry_run)))
}

impl Report {
    fn of(taken: Taken, dry_run: bool) -> Self {
        let tally = |tally: board::Tally| {
            let board::Tally { added, changed, removed, same } = tally;
            Tally { added, changed, removed, same }
        };
        Report {
            dry_run,
            settings: tally(taken.settings),
            subjects: tally(taken.subjects),
            week: tally(taken.week),
            changes: tally(taken.changes),
            timetables: tally(taken.timetables),
            days: tally(taken.days),
            assignments: tally(taken.assignments),
            unknown: taken.unknown.into_iter().collect(),
        }
    }
}
