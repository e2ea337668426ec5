//! What a guardian may ask, in the order of the original.

use async_graphql::{Context, Object};

use super::absences::{self, Absences};
use super::asked::{asked_by, child};
use super::contents::{self, LessonContent};
use super::date::Given;
use super::evaluations::{self, EvaluationSubject};
use super::failure::Failure;
use super::files::{self, File};
use super::homeworks::{self, Homework};
use super::infos::{self, Info};
use super::marks::{self, Marks};
use super::menu::{self, MenuDay};
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
    async fn marks(
        &self,
        ctx: &Context<'_>,
        student: String,
        period: Option<String>,
    ) -> Option<Result<Marks, Failure>> {
        marks::marks(child(ctx, &student), period).await.transpose()
    }
    async fn evaluations(
        &self,
        ctx: &Context<'_>,
        student: String,
        period: Option<String>,
    ) -> Option<Result<Vec<EvaluationSubject>, Failure>> {
        evaluations::evaluations(child(ctx, &student), period).await.transpose()
    }
    async fn absences(
        &self,
        ctx: &Context<'_>,
        student: String,
        period: Option<String>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Absences, Failure>> {
        absences::absences(child(ctx, &student), period, from, to).await.transpose()
    }
    async fn infos(&self, ctx: &Context<'_>, student: String) -> Option<Result<Vec<Info>, Failure>> {
        infos::infos(child(ctx, &student)).await.transpose()
    }
    async fn contents(
        &self,
        ctx: &Context<'_>,
        student: String,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<LessonContent>, Failure>> {
        contents::contents(child(ctx, &student), from, to).await.transpose()
    }
    async fn homeworks(
        &self,
        ctx: &Context<'_>,
        student: String,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Homework>, Failure>> {
        homeworks::homeworks(child(ctx, &student), from, to).await.transpose()
    }
    async fn menu(
        &self,
        ctx: &Context<'_>,
        student: String,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<MenuDay>, Failure>> {
        menu::menu(child(ctx, &student), from, to).await.transpose()
    }
    async fn files(&self, ctx: &Context<'_>, student: String) -> Option<Result<Vec<File>, Failure>> {
        files::files(child(ctx, &student)).await.transpose()
    }
}
