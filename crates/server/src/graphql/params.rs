//! `params`: what the school told when the session was opened.

use std::sync::Arc;

use async_graphql::Object;
use gateway::Viewer;
use pronote::model::{Break, Color, Holiday, HourLabel, InstanceProfile, Language, Period, ScaleLevel, ScalePosition};
use pronote::wire::Set;

use super::date::Date;
use super::number::{Float, int};
use super::period::kind_word;

/// What a school told when the session was opened. What it did not tell is an empty text, zero, false, nothing.
pub(crate) struct Params {
    viewer: Arc<Viewer>,
    instance: Arc<pronote::model::Instance>,
}

impl Params {
    /// What the school of a viewer told.
    pub(crate) fn of(viewer: &Arc<Viewer>) -> Self {
        Params { instance: viewer.instance(), viewer: Arc::clone(viewer) }
    }

    fn profile(&self) -> &InstanceProfile {
        &self.instance.profile
    }

    fn day(&self, day: Option<jiff::civil::Date>) -> Date {
        day.map_or(Date::NONE, |day| Date::of(&self.viewer, day))
    }

    fn time(&self, clock: Option<jiff::civil::DateTime>) -> Date {
        clock.map_or(Date::NONE, |clock| Date::at(&self.viewer, clock))
    }
}

fn floats(set: &Set) -> Vec<Float> {
    set.iter().map(Float::from).collect()
}

fn ints(set: &Set) -> Vec<i32> {
    set.iter().map(int).collect()
}

fn written(color: Option<Color>) -> Option<String> {
    color.map(|color| color.written())
}

#[Object(name = "PronoteParams")]
impl Params {
    async fn navigator_id(&self) -> Option<&str> {
        self.instance.device_id.as_ref().map(pronote::model::DeviceId::as_str)
    }
    async fn lang_activity_color(&self) -> Option<String> {
        written(self.profile().language_activity_color)
    }
    #[graphql(name = "CECRLLevelsSupport")]
    async fn cecrl_levels_support(&self) -> Option<bool> {
        self.profile().language_levels
    }
    async fn language(&self) -> Option<PronoteLanguage<'_>> {
        self.profile().language.as_ref().map(PronoteLanguage)
    }
    async fn login_image_url(&self) -> &str {
        &self.profile().login_image_url
    }
    async fn css_logo(&self) -> &str {
        &self.profile().product_logo_css
    }
    #[graphql(name = "mobileURL")]
    async fn mobile_url(&self) -> &str {
        &self.profile().mobile_url
    }
    async fn title(&self) -> &str {
        &self.instance.space_label
    }
    async fn index_education_website(&self) -> &str {
        &self.profile().vendor_url
    }
    async fn version(&self) -> String {
        self.instance.version.map(|version| version.to_string()).unwrap_or_default()
    }
    async fn version_full(&self) -> &str {
        &self.profile().version_text
    }
    async fn info_page(&self) -> &str {
        &self.profile().legal_notice_url
    }
    #[graphql(name = "helpURL")]
    async fn help_url(&self) -> &str {
        &self.profile().help_url
    }
    #[graphql(name = "videosURL")]
    async fn videos_url(&self) -> &str {
        &self.profile().videos_url
    }
    #[graphql(name = "twitterURL")]
    async fn twitter_url(&self) -> &str {
        &self.profile().twitter_url
    }
    async fn establishment(&self) -> &str {
        &self.instance.school_name
    }
    async fn display_weeks(&self) -> String {
        self.profile().shown_weeks.map(|number| number.to_string()).unwrap_or_default()
    }
    async fn school_year(&self) -> &str {
        &self.instance.school_year
    }
    async fn office_tutorial(&self) -> &str {
        &self.profile().office_tutorial_url
    }
    async fn one_drive_tutorial(&self) -> &str {
        &self.profile().one_drive_tutorial_url
    }
    async fn font(&self) -> &str {
        &self.profile().font
    }
    async fn phone_mask(&self) -> &str {
        &self.profile().phone_mask
    }
    async fn app_cookie_name(&self) -> &str {
        &self.profile().app_cookie
    }
    async fn with_member(&self) -> bool {
        self.instance.signature_with_member
    }
    async fn for_new_caledonia(&self) -> bool {
        self.profile().new_caledonia
    }
    async fn mobile_support(&self) -> bool {
        self.profile().mobile
    }
    async fn has_forum(&self) -> bool {
        self.profile().forum
    }
    async fn with_login_options(&self) -> bool {
        self.profile().login_choice
    }
    async fn has_lunch(&self) -> bool {
        self.profile().has_lunch
    }
    async fn with_plain_afternoon_hours(&self) -> bool {
        self.profile().full_hours_after_noon
    }
    async fn parents_chat(&self) -> bool {
        self.profile().guardians_may_write_to_guardians
    }
    async fn display_acquisition_short_label(&self) -> bool {
        self.profile().short_levels
    }
    async fn with_evaluation_history(&self) -> bool {
        self.profile().evaluation_history
    }
    async fn without_intermediary_level_auto_validation(&self) -> bool {
        self.profile().validates_without_middle_levels
    }
    async fn only_school_year_evaluations_in_auto_validation(&self) -> bool {
        self.profile().validates_on_this_year
    }
    async fn office_enabled(&self) -> bool {
        self.profile().office
    }
    async fn office_federated_mode(&self) -> bool {
        self.profile().office_federated
    }
    async fn connexion_info_retrieval(&self) -> bool {
        self.profile().login_recovery
    }
    async fn attached_students(&self) -> bool {
        self.profile().attached_pupils
    }
    async fn display_sequences(&self) -> bool {
        self.profile().shows_sequences
    }
    async fn login_image_id(&self) -> Float {
        self.profile().login_image.into()
    }
    async fn theme(&self) -> Float {
        self.profile().theme.into()
    }
    async fn year(&self) -> Float {
        self.profile().edition.into()
    }
    async fn ticks_per_day(&self) -> Float {
        self.instance.slots_per_day.into()
    }
    async fn ticks_per_hour(&self) -> Float {
        self.instance.slots_per_hour.into()
    }
    async fn sequence_duration(&self) -> Float {
        self.profile().sequence_length.into()
    }
    async fn ticks_for_half_day_absence(&self) -> Float {
        self.profile().half_day_slot.into()
    }
    async fn lunch_start(&self) -> Float {
        self.profile().lunch_start.into()
    }
    async fn lunch_end(&self) -> Float {
        self.profile().lunch_end.into()
    }
    async fn working_days_per_cycle(&self) -> Float {
        self.profile().days_per_cycle.into()
    }
    async fn first_day_of_week(&self) -> Float {
        self.profile().first_weekday.into()
    }
    async fn timetable_grids_in_cycle(&self) -> Float {
        self.profile().timetables_in_cycle.into()
    }
    async fn default_mark_max(&self) -> Float {
        self.instance.default_scale.unwrap_or_default().into()
    }
    #[graphql(name = "minMarkMCQ")]
    async fn min_mark_mcq(&self) -> Float {
        self.profile().quiz_smallest_scale.into()
    }
    #[graphql(name = "maxMarkMCQ")]
    async fn max_mark_mcq(&self) -> Float {
        self.profile().quiz_largest_scale.into()
    }
    #[graphql(name = "maxPointsMCQ")]
    async fn max_points_mcq(&self) -> Float {
        self.profile().quiz_most_points.into()
    }
    async fn skills_grid_label_size(&self) -> Float {
        self.profile().skill_label_length.into()
    }
    async fn homework_comment_size(&self) -> Float {
        self.profile().test_comment_length.into()
    }
    async fn font_size(&self) -> Float {
        self.profile().font_size.into()
    }
    #[graphql(name = "maxECTS")]
    async fn max_ects(&self) -> Float {
        self.profile().most_ects.into()
    }
    async fn logo(&self) -> Float {
        self.profile().logo.into()
    }
    async fn server_time(&self) -> Date {
        self.time(self.instance.server_time)
    }
    async fn first_cycle(&self) -> Date {
        self.day(self.profile().first_cycle)
    }
    async fn first_day(&self) -> Date {
        self.day(Some(self.instance.first_date))
    }
    async fn first_monday(&self) -> Date {
        self.day(Some(self.instance.first_monday))
    }
    async fn last_day(&self) -> Date {
        self.day(Some(self.instance.last_date))
    }
    async fn first_or_last_working_day(&self) -> Date {
        self.day(self.instance.next_business_day)
    }
    async fn first_hour(&self) -> Date {
        self.time(self.profile().first_hour)
    }
    async fn fonts(&self) -> &[String] {
        &self.profile().fonts
    }
    async fn frequencies_labels(&self) -> &[String] {
        &self.profile().frequency_names
    }
    async fn sequences(&self) -> &[String] {
        &self.profile().sequences
    }
    async fn working_days(&self) -> Vec<Float> {
        floats(&self.instance.working_days)
    }
    async fn lunch_days(&self) -> Vec<Float> {
        floats(&self.profile().lunch_days)
    }
    async fn working_days_cycle(&self) -> Vec<Float> {
        floats(&self.instance.cycle_days)
    }
    async fn allowed_annotations(&self) -> Vec<Float> {
        floats(&self.instance.allowed_annotations)
    }
    async fn max_appreciation_sizes(&self) -> Vec<Float> {
        self.profile().comment_lengths.iter().copied().map(Float::from).collect()
    }
    async fn half_working_days(&self) -> Vec<Vec<Float>> {
        self.profile().half_days.iter().map(floats).collect()
    }
    async fn frequencies_ranges(&self) -> Vec<Vec<Float>> {
        self.profile().frequency_weeks.iter().map(floats).collect()
    }
    async fn supported_languages(&self) -> Vec<Option<PronoteLanguage<'_>>> {
        self.profile().languages.iter().map(PronoteLanguage).map(Some).collect()
    }
    async fn acquisition_levels(&self) -> Vec<Option<PronoteAcquisitionLevel<'_>>> {
        self.profile().scale.iter().map(PronoteAcquisitionLevel).map(Some).collect()
    }
    async fn public_holidays(&self) -> Vec<Option<PronoteHoliday<'_>>> {
        self.instance.holidays.iter().map(|holiday| Some(PronoteHoliday(&self.viewer, holiday))).collect()
    }
    async fn hours(&self) -> Vec<Option<PronoteHour<'_>>> {
        self.profile().starts.iter().map(PronoteHour).map(Some).collect()
    }
    async fn end_hours(&self) -> Vec<Option<PronoteHour<'_>>> {
        self.profile().ends.iter().map(PronoteHour).map(Some).collect()
    }
    async fn periods(&self) -> Vec<Option<PronotePeriod<'_>>> {
        self.instance.periods.iter().map(|period| Some(PronotePeriod(&self.viewer, period))).collect()
    }
    async fn breaks(&self) -> Vec<Option<PronoteBreak<'_>>> {
        self.instance.breaks.iter().map(PronoteBreak).map(Some).collect()
    }
}

/// A language.
pub(crate) struct PronoteLanguage<'a>(&'a Language);

#[Object]
impl PronoteLanguage<'_> {
    async fn id(&self) -> i32 {
        int(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
}

/// A level of the scale of skills.
pub(crate) struct PronoteAcquisitionLevel<'a>(&'a ScaleLevel);

#[Object]
impl PronoteAcquisitionLevel<'_> {
    async fn count(&self) -> i32 {
        int(self.0.code)
    }
    async fn positions(&self) -> Vec<PronoteAcquisitionLevelPositions<'_>> {
        self.0.positions.iter().map(PronoteAcquisitionLevelPositions).collect()
    }
    async fn trigger_position(&self) -> Float {
        self.0.gauge.into()
    }
    async fn active_for(&self) -> Vec<i32> {
        ints(&self.0.active_for)
    }
    async fn short_name(&self) -> &str {
        &self.0.abbreviation
    }
    async fn short_path(&self) -> &str {
        &self.0.shortcut
    }
    async fn color(&self) -> Option<String> {
        written(self.0.color)
    }
    async fn weighting(&self) -> Option<Float> {
        self.0.weight.map(Float::from)
    }
    async fn brevet_points(&self) -> Option<Float> {
        self.0.diploma_points.map(Float::from)
    }
    async fn acquired(&self) -> Option<bool> {
        self.0.acquired
    }
    async fn counts_for_success(&self) -> Option<bool> {
        self.0.counts_for_success
    }
}

/// The names of a level in one kind of positioning.
pub(crate) struct PronoteAcquisitionLevelPositions<'a>(&'a ScalePosition);

#[Object]
impl PronoteAcquisitionLevelPositions<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn count(&self) -> i32 {
        int(self.0.code)
    }
    async fn short_name(&self) -> &str {
        &self.0.abbreviation
    }
    async fn short_name_with_prefix(&self) -> Option<&str> {
        self.0.prefixed.as_deref()
    }
}

/// A holiday.
pub(crate) struct PronoteHoliday<'a>(&'a Viewer, &'a Holiday);

#[Object]
impl PronoteHoliday<'_> {
    async fn name(&self) -> &str {
        &self.1.name
    }
    async fn from(&self) -> Date {
        Date::of(self.0, self.1.start)
    }
    async fn to(&self) -> Date {
        Date::of(self.0, self.1.end)
    }
}

/// A time of the day at which slots begin or end.
pub(crate) struct PronoteHour<'a>(&'a HourLabel);

#[Object]
impl PronoteHour<'_> {
    async fn name(&self) -> &str {
        &self.0.label
    }
    async fn count(&self) -> i32 {
        self.0.slot
    }
    async fn round(&self) -> bool {
        self.0.full
    }
}

/// A grading period.
pub(crate) struct PronotePeriod<'a>(&'a Viewer, &'a Period);

#[Object]
impl PronotePeriod<'_> {
    async fn name(&self) -> &str {
        &self.1.name
    }
    async fn notation_period(&self) -> i32 {
        int(self.1.grading_slot.unwrap_or_default())
    }
    async fn from(&self) -> Date {
        Date::of(self.0, self.1.start)
    }
    async fn to(&self) -> Date {
        Date::of(self.0, self.1.end)
    }
    /// What it is: `trimester`, `semester`, `year` or `other`.
    async fn kind(&self) -> Option<&str> {
        Some(kind_word(self.1.kind))
    }
    /// Whether today falls in it, its last day included.
    async fn is_current(&self) -> Option<bool> {
        let today = self.0.clock(self.0.now()).date();
        Some((self.1.start..=self.1.end).contains(&today))
    }
}

/// A break between lessons.
pub(crate) struct PronoteBreak<'a>(&'a Break);

#[Object]
impl PronoteBreak<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn position(&self) -> i32 {
        int(self.0.before_slot)
    }
}
