//! What an account is told of itself beyond its pages: its settings, its limits, its choices.

use super::Named;
use crate::wire::Set;

/// What an account is told of itself that no page is read against.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserProfile {
    /// The tree of its tabs.
    pub tab_tree: Vec<TabBranch>,
    /// The tabs that announce something new, in the server's order.
    pub notified_tabs: Vec<u32>,
    /// What the account set.
    pub settings: Settings,
    /// Whether it manages the school's Twitter account.
    pub manages_twitter: bool,
    /// Whether it may have extended certificates.
    pub extended_certificates: bool,
    /// The shortest password.
    pub shortest_password: i64,
    /// The longest password.
    pub longest_password: i64,
    /// The codes of the rules of passwords.
    pub password_rules: Set,
    /// Whether the kiosk of manuals is open.
    pub kiosk: bool,
    /// The weeks of the timetable that may be seen.
    pub visible_weeks: Set,
    /// The weeks in which lessons may be changed.
    pub editable_weeks: Set,
    /// Whether parts of classes are hidden.
    pub hides_class_parts: bool,
    /// The largest document of the school, in bytes.
    pub largest_document: i64,
    /// Whether the account may change its password.
    pub has_password: bool,
    /// Whether the account has personal data.
    pub has_personal_data: bool,
    /// Whether the account may print.
    pub may_print: bool,
    /// Whether a guardian may change the child's password.
    pub edits_child_password: bool,
    /// Whether a guardian may change the addresses.
    pub edits_addresses: bool,
    /// Whether a guardian may change who may do what.
    pub edits_permissions: bool,
    /// Why a guardian's child may be absent.
    pub absence_reasons: Vec<Named>,
    /// Why a guardian's child may be late.
    pub delay_reasons: Vec<Named>,
}

/// A tab, and those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabBranch {
    /// Its number; 0 for a heading.
    pub tab: u32,
    /// Those below it.
    pub below: Vec<TabBranch>,
}

/// What an account set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The version of the settings.
    pub version: i64,
    /// The number of the theme.
    pub theme: i64,
    /// Whether only unread discussions are shown.
    pub unread_discussions: bool,
    /// Whether the days of the timetable are lines.
    pub inverted: bool,
    /// Whether the days of the weekly planning are lines.
    pub inverted_week: bool,
    /// Whether the hours of the daily planning are lines.
    pub inverted_day: bool,
    /// Whether the hours of the second daily planning are lines.
    pub inverted_second_day: bool,
    /// How many days a planning shows.
    pub days: i64,
    /// How many people a planning shows.
    pub resources: i64,
    /// How many days the timetable shows.
    pub timetable_days: i64,
    /// How many sequences a planning shows.
    pub sequences: i64,
}

/// Where a school is, part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of its logo.
    pub logo: i64,
    /// The first two lines of its address, empty ones too.
    pub lines: [String; 2],
    /// Its postal code.
    pub postal_code: String,
    /// The town of its postal code.
    pub postal_label: String,
    /// Its town.
    pub city: String,
    /// Its province.
    pub province: String,
    /// Its country.
    pub country: String,
}

/// The skills a tab shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TabPillars {
    /// The number of the tab.
    pub tab: u32,
    /// Cycle by cycle.
    pub levels: Vec<PillarLevel>,
}

/// The skills of a cycle of studies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PillarLevel {
    /// What the cycle is called.
    pub name: Box<str>,
    /// Its families of skills.
    pub pillars: Vec<Pillar>,
}

/// A family of skills.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pillar {
    /// What it is called.
    pub name: Box<str>,
    /// Whether it is a foreign language.
    pub foreign_language: bool,
    /// Whether it belongs to the common base.
    pub core: bool,
    /// The subject it belongs to.
    pub subject: Option<Box<str>>,
}
