//! What a pupil may ask, in the order of the original.

use async_graphql::{Context, Object};

use super::absences::{self, Absences};
use super::asked::{asked_by, own};
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
    async fn marks(&self, ctx: &Context<'_>, period: Option<String>) -> Option<Result<Marks, Failure>> {
        marks::marks(own(ctx), period).await.transpose()
    }
    async fn evaluations(
        &self,
        ctx: &Context<'_>,
        period: Option<String>,
    ) -> Option<Result<Vec<EvaluationSubject>, Failure>> {
        evaluations::evaluations(own(ctx), period).await.transpose()
    }
    async fn absences(
        &self,
        ctx: &Context<'_>,
        period: Option<String>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Absences, Failure>> {
        absences::absences(own(ctx), period, from, to).await.transpose()
    }
    async fn infos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Option<Info>>, Failure>> {
        let infos = infos::infos(own(ctx)).await.transpose();
        infos.map(|infos| Ok(infos?.into_iter().map(Some).collect()))
    }
    async fn contents(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<LessonContent>, Failure>> {
        contents::contents(own(ctx), from, to).await.transpose()
    }
    async fn homeworks(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Homework>, Failure>> {
        homeworks::homeworks(own(ctx), from, to).await.transpose()
    }
    async fn menu(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<MenuDay>, Failure>> {
        menu::menu(own(ctx), from, to).await.transpose()
    }
    async fn files(&self, ctx: &Context<'_>) -> Option<Result<Vec<File>, Failure>> {
        files::files(own(ctx)).await.transpose()
    }
}
