//! What a guardian may ask, in the order of the original.

use async_graphql::{Context, Object};

use super::asked::{asked_by, child};
use super::date::Given;
use super::failure::Failure;
use super::params::Params;
use super::timetable::{self, Lesson};
use super::user::ParentUser;

/// The questions of a guardian: all but two are about one child, by its exact name or identifier.
#[derive(Default)]
pub(crate) struct ParentQuery;

#[Object]
impl ParentQuery {
    async fn params(&self, ctx: &Context<'_>) -> Params {
        Params::of(asked_by(ctx))
    }
    async fn user(&self, ctx: &Context<'_>) -> ParentUser {
        ParentUser::of(asked_by(ctx))
    }
    async fn timetable(
        &self,
        ctx: &Context<'_>,
        student: String,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Lesson>, Failure>> {
        timetable::timetable(child(ctx, &student), from, to).await.transpose()
    }
}
