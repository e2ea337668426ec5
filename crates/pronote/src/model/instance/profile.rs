//! What an instance says of itself beyond its year and hours: texts, limits, appearance.

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::Color;
use crate::wire::Set;

/// What an instance says of itself that no page is read against. Sessions told the same hold one copy between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InstanceProfile {
    /// The version as it is shown, with the product's name.
    pub version_text: String,
    /// The year of the edition.
    pub edition: i64,
    /// The address of the vendor's site.
    pub vendor_url: String,
    /// The address of the legal notice.
    pub legal_notice_url: String,
    /// The address of the help.
    pub help_url: String,
    /// The address of the vendor's videos.
    pub videos_url: String,
    /// The address of the school's Twitter account.
    pub twitter_url: String,
    /// The address of the same space for telephones.
    pub mobile_url: String,
    /// The address of the picture of the sign-in page.
    pub login_image_url: String,
    /// The number of the kind of picture of the sign-in page.
    pub login_image: i64,
    /// The style of the product's logo.
    pub product_logo_css: String,
    /// The number of the school's logo.
    pub logo: i64,
    /// The number of the theme.
    pub theme: i64,
    /// The usual font.
    pub font: String,
    /// The usual size of the font.
    pub font_size: i64,
    /// The fonts that texts may be written in.
    pub fonts: Vec<String>,
    /// The language, and the number it has.
    pub language: Option<Language>,
    /// The languages that may be chosen.
    pub languages: Vec<Language>,
    /// How a telephone number is typed.
    pub phone_mask: String,
    /// The name of the cookie of the mobile application.
    pub app_cookie: String,
    /// How the weeks of the calendar are shown.
    pub shown_weeks: Option<i64>,
    /// The address of the tutorial about Office.
    pub office_tutorial_url: String,
    /// The address of the tutorial about OneDrive.
    pub one_drive_tutorial_url: String,
    /// Whether Office is connected.
    pub office: bool,
    /// Whether Office is connected through a federation.
    pub office_federated: bool,
    /// The color of the activities of languages.
    pub language_activity_color: Option<Color>,
    /// Whether the levels of the European framework of languages are managed.
    pub language_levels: Option<bool>,
    /// Whether the rules of New Caledonia hold.
    pub new_caledonia: bool,
    /// Whether there is a space for telephones.
    pub mobile: bool,
    /// Whether there is a forum.
    pub forum: bool,
    /// Whether the way to sign in can be chosen.
    pub login_choice: bool,
    /// Whether a lost login can be recovered.
    pub login_recovery: bool,
    /// Whether pupils of other schools are attached.
    pub attached_pupils: bool,
    /// Whether guardians may write to each other.
    pub guardians_may_write_to_guardians: bool,
    /// Whether there is a lunch break in the grid.
    pub has_lunch: bool,
    /// The first slot of the lunch break.
    pub lunch_start: i64,
    /// The last slot of the lunch break.
    pub lunch_end: i64,
    /// The days with lunch, 0 for the first.
    pub lunch_days: Set,
    /// Whether afternoons begin at full hours.
    pub full_hours_after_noon: bool,
    /// The first slot of the afternoon.
    pub half_day_slot: i64,
    /// When a day begins.
    pub first_hour: Option<DateTime>,
    /// When the first cycle begins.
    pub first_cycle: Option<Date>,
    /// How many days of school a cycle has.
    pub days_per_cycle: i64,
    /// The first day of the week: 1 for Sunday, 2 for Monday.
    pub first_weekday: i64,
    /// How many timetables alternate in a cycle.
    pub timetables_in_cycle: i64,
    /// The length of a sequence as the school wrote it: minutes, or a part of a day.
    pub sequence_length: Decimal,
    /// Whether the names of sequences are shown.
    pub shows_sequences: bool,
    /// The names of sequences.
    pub sequences: Vec<String>,
    /// The half-days of school: the mornings, then the afternoons, 0 for the first day.
    pub half_days: Vec<Set>,
    /// The names of the frequencies of weeks, the first for every week.
    pub frequency_names: Vec<String>,
    /// The weeks of each frequency.
    pub frequency_weeks: Vec<Set>,
    /// The labels at which slots begin.
    pub starts: Vec<HourLabel>,
    /// The labels at which slots end.
    pub ends: Vec<HourLabel>,
    /// The scale of skills.
    pub scale: Vec<ScaleLevel>,
    /// Whether levels of skills are shown by their abbreviation.
    pub short_levels: bool,
    /// Whether the history of evaluations is kept.
    pub evaluation_history: bool,
    /// Whether levels in between are left out when skills are validated.
    pub validates_without_middle_levels: bool,
    /// Whether only this year's evaluations count when skills are validated.
    pub validates_on_this_year: bool,
    /// The smallest scale of a question of a quiz.
    pub quiz_smallest_scale: i64,
    /// The largest scale of a question of a quiz.
    pub quiz_largest_scale: i64,
    /// The most points of a quiz.
    pub quiz_most_points: i64,
    /// The longest label in a grid of skills.
    pub skill_label_length: i64,
    /// The longest comment on a test.
    pub test_comment_length: i64,
    /// The most ECTS credits.
    pub most_ects: i64,
    /// The longest comments of report cards.
    pub comment_lengths: Vec<i64>,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language {
    /// The number it has.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// The label of a time of the day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HourLabel {
    /// What it says, for instance `08h00`.
    pub label: Box<str>,
    /// Its slot.
    pub slot: i32,
    /// Whether it is a full hour of the grid.
    pub full: bool,
}

/// A level of the scale of skills, with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScaleLevel {
    /// The server's code.
    pub code: i64,
    /// Its names in each kind of positioning.
    pub positions: Vec<ScalePosition>,
    /// Its place on the gauge.
    pub gauge: i64,
    /// The kinds of evaluation it is used for.
    pub active_for: Set,
    /// Its abbreviation.
    pub abbreviation: String,
    /// The key it is typed with.
    pub shortcut: String,
    /// Its color.
    pub color: Option<Color>,
    /// What it weighs in an average of skills.
    pub weight: Option<Decimal>,
    /// The points it gives for the diploma.
    pub diploma_points: Option<Decimal>,
    /// Whether it counts as acquired.
    pub acquired: Option<bool>,
    /// Whether it counts in the rate of success.
    pub counts_for_success: Option<bool>,
}

/// The names of a level in one kind of positioning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScalePosition {
    /// The kind of positioning.
    pub code: i64,
    /// What the level is called.
    pub name: String,
    /// Its abbreviation.
    pub abbreviation: String,
    /// Its abbreviation, with a prefix.
    pub prefixed: Option<String>,
}
