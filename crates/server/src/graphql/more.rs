//! The schema beyond 2.x: every page the library reads, and every change it makes, that the old schema has no place for.
//!
//! Each file is one page: its types, as views of the models, and the function that reads it. The roots below name them
//! once; for parents the same fields take the child first.

mod account;
mod canteen;
mod changes;
mod discussions;
mod documents;
mod feeds;
mod home;
mod news;
mod notifications;
mod people;
mod report;
mod resources;
mod school;
mod school_life;
mod state;
mod view;

pub(crate) use self::changes::{ChildChanges, ChildPupilChanges, OwnChanges, OwnPupilChanges};
pub(crate) use self::feeds::{ChildFeedChanges, FeedChanges, Feeds, OwnFeedChanges};
pub(crate) use self::state::State;
pub(crate) use self::view::Annotation;
use async_graphql::{Context, Object};
use gateway::{Unchanged, Viewer, Whose};
use jiff::civil;
use pronote::functions::Read;
use pronote::model::tab;

use self::account::PersonalData;
use self::canteen::Canteen;
use self::discussions::{DiscussionThread, Mailbox, Recipient};
use self::home::Home;
use self::news::{News, NewsFolder, NewsItem};
use self::notifications::Notifications;
pub(crate) use self::people::{Class, PersonKind, classes, kind};
use self::people::{Pupil, PupilCard, TeamMember};
use self::report::Report;
use self::resources::Resource;
use self::school::{Capabilities, Holiday, School};
use self::school_life::SchoolLife;
use self::view::Pen;
use super::asked::asked_by;
use super::date::{Date, Given, moment};
use super::failure::Failure;
use super::number::Float;

/// A page, or nothing when the account does not have it.
type Answer<T> = Result<Option<T>, Failure>;

/// What was asked for by its key is not there any more.
fn gone(what: &'static str, key: &str) -> Failure {
    Unchanged::Gone { what, key: key.to_owned() }.into()
}

/// Whether the account has a tab. Every account has the home page and its own data.
fn offers(viewer: &Viewer, tab: u32) -> bool {
    matches!(tab, tab::HOME | tab::PERSONAL_DATA) || viewer.has(tab)
}

/// Reads a page and shows it; nothing is asked when the account does not have it.
async fn page<R: Read + Sync, T>(
    viewer: &Viewer,
    whose: Whose,
    request: &R,
    show: impl FnOnce(&R::Answer, &Pen<'_>) -> T,
) -> Answer<T>
where
    R::Answer: Send + Sync + 'static,
{
    if R::TAB.is_some_and(|tab| !offers(viewer, tab)) {
        return Ok(None);
    }
    let page = viewer.read(whose, request).await?;
    Ok(Some(show(&page.value, &Pen { viewer, whose })))
}

/// The day, at school, that an argument means.
fn day(viewer: &Viewer, argument: &'static str, given: Option<Given>) -> Result<Option<civil::Date>, Failure> {
    let moment = moment(viewer, argument, given)?;
    Ok(moment.map(|moment| viewer.clock(moment).date()))
}

/// The day it is at school.
fn today(viewer: &Viewer) -> civil::Date {
    viewer.instance().today(viewer.clock(viewer.now()).date())
}

/// Declares pages twice: for an account's own person, and for parents, with the child first.
macro_rules! pages {
    ($own:ident, $child:ident: $(
        $(#[doc = $doc:literal])*
        $name:ident($($argument:ident: $type:ty = $described:literal),*) -> $shown:ty = $read:path;
    )*) => {
        /// What is read of the account's own person.
        #[derive(Default)]
        pub(crate) struct $own;

        #[Object]
        impl $own {
            $(
                $(#[doc = $doc])*
                async fn $name(
                    &self,
                    context: &Context<'_>,
                    $(#[graphql(desc = $described)] $argument: $type),*
                ) -> Option<Result<$shown, Failure>> {
                    $read(asked_by(context), Whose::OWN, $($argument),*).await.transpose()
                }
            )*
        }

        /// What parents read of a child.
        #[derive(Default)]
        pub(crate) struct $child;

        #[Object]
        impl $child {
            $(
                $(#[doc = $doc])*
                async fn $name(
                    &self,
                    context: &Context<'_>,
                    #[graphql(desc = "The child: its exact name.")] student: String,
                    $(#[graphql(desc = $described)] $argument: $type),*
                ) -> Option<Result<$shown, Failure>> {
                    let viewer = asked_by(context);
                    match viewer.child(&student) {
                        Ok(whose) => $read(viewer, whose, $($argument),*).await.transpose(),
                        Err(unknown) => Some(Err(unknown.into())),
                    }
                }
            )*
        }
    };
}

pages! { OwnPages, ChildPages:
    /// News and surveys, with their questions and answers.
    news(folders: Option<Vec<NewsFolder>> = "The folders; what was received if it is left out.") -> News = news::list;
    /// One piece of the news received, with its questions.
    news_item(key: String = "Its key in `news`.") -> NewsItem = news::item;
    /// The discussions, and the folders they are sorted in.
    discussions(unread_only: Option<bool> = "Only those with something unread.") -> Mailbox = discussions::list;
    /// A discussion with its messages. Reading marks nothing as read.
    discussion(key: String = "Its key in `discussions`.") -> DiscussionThread = discussions::thread;
    /// Whom one may write to.
    recipients(kind: PersonKind = "Which people.") -> Vec<Recipient> = discussions::recipients;
    /// The home page: links, partners, tests and events to come.
    home(date: Option<Given> = "The day; the next day of school if it is left out.") -> Home = home::of_day;
    /// What the canteen serves in a week, with courses, labels and allergens.
    canteen(date: Option<Given> = "Any day of the week; today if it is left out.") -> Canteen = canteen::week;
    /// The timetable as a PDF that the school makes: a path on this server, to be received with the token.
    timetable_pdf(
        week: Option<Given> = "Any day of the week; the whole year if it is left out.",
        portrait: Option<bool> = "Upright paper instead of lying."
    ) -> String = documents::timetable;
}

pages! { OwnPupilPages, ChildPupilPages:
    /// The grading period of today.
    current_period() -> school::Period = school::current_period;
    /// The report card of a period.
    report(period: Option<String> = "The name of the period; the current one if it is left out.") -> Report = report::of_pupil;
    /// The report card as a PDF that the school makes: a path on this server, to be received with the token.
    report_pdf(period: Option<String> = "The name of the period; the current one if it is left out.") -> String = documents::report;
    /// The report card of the class, for those who have it.
    class_report(period: Option<String> = "The name of the period; the current one if it is left out.") -> Report = report::of_class;
    /// School life beyond absences, delays and punishments: observations, measures, exemptions, totals.
    school_life(
        period: Option<String> = "The name of the period; the current one if it is left out.",
        from: Option<Given> = "The first day; the period's if it is left out.",
        to: Option<Given> = "The last day; the period's if it is left out."
    ) -> SchoolLife = school_life::of_pupil;
    /// Who teaches the pupil.
    teaching_team() -> Vec<TeamMember> = people::team;
    /// What teachers share: files, links, manuals.
    resources() -> Vec<Resource> = resources::shared;
}

/// What every account can ask about itself and its school.
#[derive(Default)]
pub(crate) struct Anyone;

#[Object]
impl Anyone {
    /// The school and its year, as known since the sign-in.
    async fn school(&self, context: &Context<'_>) -> School {
        school::school(asked_by(context))
    }

    /// The grading periods of the year.
    async fn periods(&self, context: &Context<'_>) -> Vec<school::Period> {
        school::periods(asked_by(context))
    }

    /// The holidays of the year.
    async fn holidays(&self, context: &Context<'_>) -> Vec<Holiday> {
        school::holidays(asked_by(context))
    }

    /// Which pages the account really has, and what it may do.
    async fn capabilities(&self, context: &Context<'_>) -> Capabilities {
        school::capabilities(asked_by(context))
    }

    /// The personal data of the account.
    async fn account(&self, context: &Context<'_>) -> Option<Result<PersonalData, Failure>> {
        account::own(asked_by(context)).await.transpose()
    }

    /// What waits in the notification centre.
    async fn notifications(&self, context: &Context<'_>) -> Option<Result<Notifications, Failure>> {
        notifications::waiting(asked_by(context)).await.transpose()
    }
}

/// What teachers and school life can ask about classes and pupils.
#[derive(Default)]
pub(crate) struct Classes;

#[Object]
impl Classes {
    /// The classes of the account.
    async fn classes(&self, context: &Context<'_>) -> Vec<Class> {
        people::classes(asked_by(context))
    }

    /// The pupils of a class; null when the account may not see them.
    async fn pupils(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name of the class.")] class: String,
    ) -> Option<Result<Vec<Pupil>, Failure>> {
        people::pupils(asked_by(context), &class).await.transpose()
    }

    /// The card of a pupil, with the guardians; null when the account may not see it.
    async fn pupil(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name of the class.")] class: String,
        #[graphql(desc = "The pupil: its key in `pupils`, or its exact name.")] pupil: String,
    ) -> Option<Result<PupilCard, Failure>> {
        people::pupil(asked_by(context), &class, &pupil).await.transpose()
    }
}
