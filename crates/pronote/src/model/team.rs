//! The people who teach a pupil.

use serde::Serialize;

use super::PersonKind;
use crate::wire::RemoteId;

/// A member of a teaching team (data §16.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamMember {
    /// The identifier in this session.
    pub id: RemoteId,
    /// The name.
    pub name: String,
    /// A teacher or a member of staff.
    pub kind: PersonKind,
    /// The place in the list.
    pub order: u32,
    /// Whether they have left the team.
    pub left: bool,
    /// What they teach, or do.
    pub subjects: Vec<TaughtSubject>,
}

/// What a member of a teaching team teaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaughtSubject {
    /// The identifier in this session.
    pub id: Option<RemoteId>,
    /// What it is called.
    pub name: String,
    /// How many minutes a week.
    pub weekly_minutes: Option<u32>,
    /// The subject it is a part of.
    pub part_of: Option<String>,
}
