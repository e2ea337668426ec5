//! Levels, classes, groups, subjects and rooms.

use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{ClassId, GroupId, LevelId, PersonId, RoomId, SubjectId};

/// A year level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The number.
    pub id: LevelId,
    /// Such as `3EME`.
    pub name: String,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// The number.
    pub id: ClassId,
    /// Such as `3A`.
    pub name: String,
    /// The year level.
    pub level: LevelId,
    /// The head teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_teacher: Option<PersonId>,
}

/// A part of one or several classes with lessons of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The number.
    pub id: GroupId,
    /// Such as `3A GR.1`.
    pub name: String,
    /// The classes its pupils come from.
    pub classes: Vec<ClassId>,
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The number.
    pub id: SubjectId,
    /// In capitals as PRONOTE writes it, such as `MATHÉMATIQUES`.
    pub name: String,
    /// `#RRGGBB`.
    pub color: String,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// The number.
    pub id: RoomId,
    /// Such as `B12`.
    pub name: String,
}

numbered! {
    Level: LevelId;
    Class: ClassId;
    Group: GroupId;
    Subject: SubjectId;
    Room: RoomId;
}
