//! Questions: which schema answers whom, and within which limits.

mod absences;
mod asked;
mod contents;
mod date;
mod evaluations;
mod failure;
mod files;
mod homeworks;
mod id;
mod infos;
mod limits;
mod marks;
mod menu;
mod more;
mod mutation;
mod number;
mod params;
mod parent;
mod period;
mod staff;
mod student;
mod timetable;
mod user;
mod words;

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{EmptySubscription, MergedObject, PathSegment, Request, Response, Schema, ServerError, Value};
use gateway::{Role, Viewer, Viewers};

pub use limits::Limits;

/// The schemas, one for each role; teachers and school life share one. Clones share them.
#[derive(Clone)]
pub struct Schemas {
    student: Schema<StudentQuery, StudentMutation, EmptySubscription>,
    parent: Schema<ParentQuery, ParentMutation, EmptySubscription>,
    staff: Schema<StaffQuery, StaffMutation, EmptySubscription>,
    limits: Arc<Limits>,
}

#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
struct StudentQuery(student::StudentQuery, more::Anyone, more::State, more::Feeds, more::OwnPages, more::OwnPupilPages);

#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
struct StudentMutation(
    mutation::SessionMutation,
    more::OwnFeedChanges,
    more::FeedChanges,
    more::OwnChanges,
    more::OwnPupilChanges,
);

#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
struct ParentQuery(
    parent::ParentQuery,
    more::Anyone,
    more::State,
    more::Feeds,
    more::ChildPages,
    more::ChildPupilPages,
);

#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
struct ParentMutation(
    mutation::SessionMutation,
    more::ChildFeedChanges,
    more::FeedChanges,
    more::ChildChanges,
    more::ChildPupilChanges,
);

#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
struct StaffQuery(staff::StaffQuery, more::Anyone, more::State, more::Feeds, more::OwnPages, more::Classes);

#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
struct StaffMutation(mutation::SessionMutation, more::OwnFeedChanges, more::FeedChanges, more::OwnChanges);

impl Schemas {
    /// The schemas, for questions of a certain size.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Schemas {
            student: Schema::new(Default::default(), Default::default(), EmptySubscription),
            parent: Schema::new(Default::default(), Default::default(), EmptySubscription),
            staff: Schema::new(Default::default(), Default::default(), EmptySubscription),
            limits: Arc::new(limits),
        }
    }

    /// Answers a question, by the schema of who asks.
    pub async fn execute(&self, viewer: Arc<Viewer>, viewers: Viewers, mut request: Request) -> Response {
        match self.check(&mut request) {
            Ok(changes) if changes => viewer.answer_once(),
            Ok(_) => {}
            Err(refusal) => return Response::from_errors(vec![refusal]),
        }
        let role = viewer.role();
        let request = request.data(viewer).data(viewers);
        match role {
            Role::Student => self.student.execute(request).await,
            Role::Parent => self.parent.execute(request).await,
            Role::Teacher | Role::SchoolLife => self.staff.execute(request).await,
        }
    }

    /// A schema in the schema language.
    #[must_use]
    pub fn sdl(&self, role: Role) -> String {
        match role {
            Role::Student => self.student.sdl(),
            Role::Parent => self.parent.sdl(),
            Role::Teacher | Role::SchoolLife => self.staff.sdl(),
        }
    }

    /// Whether a question that may be executed changes anything.
    fn check(&self, request: &mut Request) -> Result<bool, ServerError> {
        let refuse = |why: String| ServerError::new(why, None);
        self.limits.check_text(&request.query).map_err(refuse)?;
        let document = request.parsed_query().map_err(in_one_line)?;
        self.limits.check(document).map_err(refuse)?;
        Ok(document.operations.iter().any(|(_, operation)| operation.node.ty == OperationType::Mutation))
    }
}

/// The parser draws what it found over several lines; the last one says it.
fn in_one_line(mut error: ServerError) -> ServerError {
    if let Some((_, found)) = error.message.rsplit_once(" = ") {
        error.message = format!("Syntax Error: {found}");
    }
    error
}

/// Whether anything was executed: an error of the question itself belongs to no field of the answer.
pub(crate) fn was_executed(response: &Response) -> bool {
    response.errors.is_empty()
        || response.data != Value::Null
        || response.errors.iter().any(|error| matches!(error.path.first(), Some(PathSegment::Field(_))))
}

/// The answer as JSON: errors first, and no `data` when nothing was executed.
#[must_use]
pub fn to_json(response: &Response) -> Vec<u8> {
    let began = was_executed(response);
    let mut body = Vec::with_capacity(1024);
    body.push(b'{');
    let mut member = |name: &str, write: &dyn Fn(&mut Vec<u8>) -> serde_json::Result<()>| {
        if body.len() > 1 {
            body.push(b',');
        }
        body.extend_from_slice(format!("\"{name}\":").as_bytes());
        // Values of an answer have texts for keys, so nothing of them cannot be written.
        let written = write(&mut body);
        debug_assert!(written.is_ok());
    };
    if !response.errors.is_empty() {
        member("errors", &|body| serde_json::to_writer(body, &response.errors));
    }
    if began {
        member("data", &|body| serde_json::to_writer(body, &response.data));
    }
    if !response.extensions.is_empty() {
        member("extensions", &|body| serde_json::to_writer(body, &response.extensions));
    }
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests;
