//! `user`: who signed in, as known since then.

mod rights;
mod tabs;

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Viewer, Whose};
use pronote::model::{Named, PastClass, Person, School, User};

use super::failure::Failure;
use super::files;
use super::number::{Float, int};
use rights::{ParentAuthorizations, PronoteSessionAuthorizations, StudentAuthorizations};
use tabs::{PronoteTab, PronoteTabPeriods, PronoteTabPillars};

/// A pupil who signed in.
pub(crate) struct StudentUser(Account);

/// A guardian who signed in.
pub(crate) struct ParentUser(Account);

/// What every account is told of itself.
struct Account {
    viewer: Arc<Viewer>,
    user: Arc<User>,
}

impl Account {
    fn of(viewer: &Arc<Viewer>) -> Self {
        Account { user: viewer.user(), viewer: Arc::clone(viewer) }
    }

    fn again(&self) -> Self {
        Account { viewer: Arc::clone(&self.viewer), user: Arc::clone(&self.user) }
    }
}

impl StudentUser {
    /// The pupil behind a viewer.
    pub(crate) fn of(viewer: &Arc<Viewer>) -> Self {
        StudentUser(Account::of(viewer))
    }
}

impl ParentUser {
    /// The guardian behind a viewer.
    pub(crate) fn of(viewer: &Arc<Viewer>) -> Self {
        ParentUser(Account::of(viewer))
    }
}

fn ints(numbers: impl IntoIterator<Item = u32>) -> Vec<i32> {
    numbers.into_iter().map(int).collect()
}

fn names(all: &[Named]) -> Vec<PronoteNamedObject<'_>> {
    all.iter().map(|named| PronoteNamedObject(&named.name)).collect()
}

fn name_of(named: Option<&Named>) -> PronoteNamedObject<'_> {
    PronoteNamedObject(named.map_or("", |named| &named.name))
}

#[Object(name = "PronoteUserStart")]
impl Account {
    async fn name(&self) -> &str {
        &self.user.person.name
    }
    async fn establishments_info(&self) -> Vec<PronoteEstablishmentInfo<'_>> {
        self.user.schools.iter().map(PronoteEstablishmentInfo).collect()
    }
    async fn user_settings(&self) -> PronoteUserSettings<'_> {
        PronoteUserSettings(&self.user)
    }
    async fn session_authorizations(&self) -> PronoteSessionAuthorizations<'_> {
        PronoteSessionAuthorizations(&self.user)
    }
}

/// What follows the account's authorizations, in the order of the original.
struct Choices(Account);

#[Object(name = "PronoteUserRest")]
impl Choices {
    async fn min_password_size(&self) -> i32 {
        int(self.0.user.profile.shortest_password)
    }
    async fn max_password_size(&self) -> i32 {
        int(self.0.user.profile.longest_password)
    }
    async fn password_rules(&self) -> Vec<i32> {
        ints(self.0.user.profile.password_rules.iter())
    }
    async fn kiosk_access(&self) -> bool {
        self.0.user.profile.kiosk
    }
    async fn tabs(&self) -> Vec<PronoteTab<'_>> {
        self.0.user.profile.tab_tree.iter().map(PronoteTab).collect()
    }
    async fn hidden_tabs(&self) -> Vec<i32> {
        ints(self.0.user.hidden_tabs.iter().copied())
    }
    async fn notified_tabs(&self) -> Vec<i32> {
        ints(self.0.user.profile.notified_tabs.iter().copied())
    }
}

#[Object(name = "PronoteUser")]
impl StudentUser {
    #[graphql(flatten)]
    async fn account(&self) -> Account {
        self.0.again()
    }
    async fn authorizations(&self) -> Option<StudentAuthorizations<'_>> {
        Some(StudentAuthorizations(&self.0.user))
    }
    #[graphql(flatten)]
    async fn choices(&self) -> Choices {
        Choices(self.0.again())
    }
    #[graphql(flatten)]
    async fn pupil(&self) -> Pupil {
        Pupil { account: self.0.again(), child: None }
    }
}

#[Object(name = "PronoteUser")]
impl ParentUser {
    #[graphql(flatten)]
    async fn account(&self) -> Account {
        self.0.again()
    }
    async fn authorizations(&self) -> Option<ParentAuthorizations<'_>> {
        Some(ParentAuthorizations(&self.0.user))
    }
    #[graphql(flatten)]
    async fn choices(&self) -> Choices {
        Choices(self.0.again())
    }
    async fn is_delegate(&self) -> bool {
        self.0.user.person.is_delegate
    }
    #[graphql(name = "isBDMember")]
    async fn is_board_member(&self) -> bool {
        self.0.user.person.is_board_member
    }
    async fn can_discuss_with_managers(&self) -> bool {
        self.0.user.person.may_write_to_heads
    }
    async fn absences_reasons(&self) -> Vec<PronoteNamedObject<'_>> {
        names(&self.0.user.profile.absence_reasons)
    }
    async fn delays_reasons(&self) -> Vec<PronoteNamedObject<'_>> {
        names(&self.0.user.profile.delay_reasons)
    }
    async fn class_delegates(&self) -> Vec<PronoteNamedObject<'_>> {
        names(&self.0.user.person.delegate_of)
    }
    async fn students(&self) -> Vec<Child> {
        (0..self.0.user.children.len())
            .map(|child| Child(Pupil { account: self.0.again(), child: Some(child) }))
            .collect()
    }
}

/// What is told of a pupil.
struct Pupil {
    account: Account,
    child: Option<usize>,
}

impl Pupil {
    fn person(&self) -> &Person {
        let user = &self.account.user;
        self.child.and_then(|child| user.children.get(child)).unwrap_or(&user.person)
    }

    fn whose(&self) -> Result<Whose, Failure> {
        match (self.child, &self.person().id) {
            (Some(_), Some(id)) => Ok(self.account.viewer.child(id.as_str())?),
            _ => Ok(Whose::OWN),
        }
    }
}

#[Object(name = "PronoteUserPupil")]
impl Pupil {
    async fn establishment(&self) -> PronoteNamedObject<'_> {
        name_of(self.person().school.as_ref())
    }
    async fn avatar(&self) -> Option<Result<String, Failure>> {
        let person = self.person();
        let id = person.id.as_ref().filter(|_| person.has_photo)?;
        match self.whose() {
            Ok(whose) => Some(files::photo_address(&self.account.viewer, whose, id).await),
            Err(failure) => Some(Err(failure)),
        }
    }
    async fn student_class(&self) -> PronoteNamedObject<'_> {
        name_of(self.person().class.as_ref())
    }
    async fn class_history(&self) -> Vec<PronoteClassHistoryElement<'_>> {
        self.person().class_history.iter().map(PronoteClassHistoryElement).collect()
    }
    async fn groups(&self) -> Vec<PronoteNamedObject<'_>> {
        names(&self.person().groups)
    }
    async fn tabs_pillars(&self) -> Vec<PronoteTabPillars<'_>> {
        self.person().pillars.iter().map(PronoteTabPillars).collect()
    }
    async fn tabs_periods(&self) -> Vec<PronoteTabPeriods<'_>> {
        let person = self.person();
        person.periods.tabs().map(|tab| PronoteTabPeriods { person, tab }).collect()
    }
    /// Where the photo is received through this server, with the token that asks.
    async fn photo(&self) -> Option<String> {
        Some(files::path(&self.account.viewer.photo_handle(self.person())?))
    }
}

/// A guardian's child.
pub(crate) struct Child(Pupil);

#[Object(name = "PronoteStudent")]
impl Child {
    async fn name(&self) -> &str {
        &self.0.person().name
    }
    #[graphql(flatten)]
    async fn pupil(&self) -> Pupil {
        Pupil { account: self.0.account.again(), child: self.0.child }
    }
}

/// What the account set.
pub(crate) struct PronoteUserSettings<'a>(&'a User);

#[Object]
impl PronoteUserSettings<'_> {
    async fn version(&self) -> Float {
        self.0.profile.settings.version.into()
    }
    async fn timetable(&self) -> PronoteUserTimetableSettings<'_> {
        PronoteUserTimetableSettings(self.0)
    }
    async fn theme(&self) -> i32 {
        int(self.0.profile.settings.theme)
    }
    async fn unread_discussions(&self) -> bool {
        self.0.profile.settings.unread_discussions
    }
}

/// How the account shows timetables.
pub(crate) struct PronoteUserTimetableSettings<'a>(&'a User);

#[Object]
impl PronoteUserTimetableSettings<'_> {
    async fn display_canceled_lessons(&self) -> bool {
        self.0.show_cancelled.unwrap_or_default()
    }
    async fn invert_axis(&self) -> bool {
        self.0.profile.settings.inverted
    }
    async fn invert_weekly_plan_axis(&self) -> bool {
        self.0.profile.settings.inverted_week
    }
    async fn invert_day_plan_axis(&self) -> bool {
        self.0.profile.settings.inverted_day
    }
    async fn invert_day2_plan_axis(&self) -> bool {
        self.0.profile.settings.inverted_second_day
    }
    async fn day_count(&self) -> i32 {
        int(self.0.profile.settings.days)
    }
    async fn resource_count(&self) -> i32 {
        int(self.0.profile.settings.resources)
    }
    async fn days_in_timetable(&self) -> i32 {
        int(self.0.profile.settings.timetable_days)
    }
    async fn sequence_count(&self) -> i32 {
        int(self.0.profile.settings.sequences)
    }
}

/// A school of the account.
pub(crate) struct PronoteEstablishmentInfo<'a>(&'a School);

#[Object]
impl PronoteEstablishmentInfo<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    #[graphql(name = "logoID")]
    async fn logo_id(&self) -> i32 {
        int(self.0.place.logo)
    }
    /// Always two lines.
    async fn address(&self) -> &[String] {
        &self.0.place.lines
    }
    async fn postal_code(&self) -> &str {
        &self.0.place.postal_code
    }
    async fn postal_label(&self) -> &str {
        &self.0.place.postal_label
    }
    async fn city(&self) -> &str {
        &self.0.place.city
    }
    async fn province(&self) -> &str {
        &self.0.place.province
    }
    async fn country(&self) -> &str {
        &self.0.place.country
    }
    async fn website(&self) -> &str {
        self.0.website.as_deref().unwrap_or_default()
    }
}

/// Something with a name.
pub(crate) struct PronoteNamedObject<'a>(pub(crate) &'a str);

#[Object]
impl PronoteNamedObject<'_> {
    async fn name(&self) -> &str {
        self.0
    }
}

/// A class of the year.
pub(crate) struct PronoteClassHistoryElement<'a>(&'a PastClass);

#[Object]
impl PronoteClassHistoryElement<'_> {
    async fn name(&self) -> &str {
        &self.0.class.name
    }
    async fn had_marks(&self) -> bool {
        self.0.had_grades
    }
    async fn had_options(&self) -> bool {
        self.0.had_options
    }
}
