//! What teachers and school life may ask, under the names of 2.x.

use async_graphql::{Context, Object, SimpleObject};
use gateway::Viewer;

use super::asked::{asked_by, own};
use super::contents::{self, LessonContent};
use super::date::Given;
use super::failure::Failure;
use super::homeworks::{self, Homework};
use super::infos::{self, Info};
use super::menu::{self, MenuDay};
use super::more::{Class, PersonKind, classes, kind};
use super::params::Params;
use super::timetable::{self, Lesson};

/// A teacher, or a member of the school's staff.
#[derive(SimpleObject)]
pub(crate) struct StaffUser {
    /// The full name, surname first.
    name: String,
    /// What the person is.
    kind: PersonKind,
    /// The schools of the account.
    schools: Vec<String>,
    /// The classes of the account.
    classes: Vec<Class>,
}

impl StaffUser {
    fn of(viewer: &Viewer) -> Self {
        let user = viewer.user();
        StaffUser {
            name: user.person.name.clone(),
            kind: kind(viewer),
            schools: user.schools.iter().map(|school| school.name.clone()).collect(),
            classes: classes(viewer),
        }
    }
}

/// The questions of teachers and school life.
#[derive(Default)]
pub(crate) struct StaffQuery;

#[Object]
impl StaffQuery {
    /// The parameters of the school, as known since the sign-in.
    async fn params(&self, ctx: &Context<'_>) -> Params {
        Params::of(asked_by(ctx))
    }
    /// Who signed in, as known since the sign-in.
    async fn user(&self, ctx: &Context<'_>) -> StaffUser {
        StaffUser::of(asked_by(ctx))
    }
    /// The account's own lessons.
    async fn timetable(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Lesson>, Failure>> {
        timetable::timetable(own(ctx), from, to).await.transpose()
    }
    /// What was sent to the account; `news` tells more.
    async fn infos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Info>, Failure>> {
        infos::infos(own(ctx)).await.transpose()
    }
    /// What was done in lessons, for accounts that have the page.
    async fn contents(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<LessonContent>, Failure>> {
        contents::contents(own(ctx), from, to).await.transpose()
    }
    /// Homework, for accounts that have the page.
    async fn homeworks(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<Homework>, Failure>> {
        homeworks::homeworks(own(ctx), from, to).await.transpose()
    }
    /// What the canteen serves; `canteen` tells more.
    async fn menu(
        &self,
        ctx: &Context<'_>,
        from: Option<Given>,
        to: Option<Given>,
    ) -> Option<Result<Vec<MenuDay>, Failure>> {
        menu::menu(own(ctx), from, to).await.transpose()
    }
}
