//! What a pupil may ask, in the order of the original.

use async_graphql::{Context, Object};

use super::asked::{asked_by, own};
use super::date::Given;
use super::failure::Failure;
use super::params::Params;
use super::timetable::{self, Lesson};
use super::user::StudentUser;

/// The questions of a pupil.
#[derive(Default)]
pub(crate) struct StudentQuery;

#[Object]
impl StudentQuery {
    async fn params(&self, ctx: &Context<'_>) -> Params {
        Params::of(asked_by(ctx))
    }
    async fn user(&self, ctx: &Context<'_>) -> StudentUser {
        StudentUser::of(asked_by(ctx))
    }
    async fn timetable(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Lesson>, Failure>> {
        timetable::timetable(own(ctx), from, to).await.transpose()
    }
}
