//! The words for what the school numbers.

use async_graphql::Enum;

/// Declares an enumeration of the codes of a model, and of those this version does not know.
macro_rules! words {
    ($($(#[$meta:meta])* $name:ident of $model:ident { $($(#[$word_meta:meta])* $word:ident),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $name {
            $($(#[$word_meta])* $word,)*
            /// Something this version of Cartable does not know.
            Other,
        }

        impl From<pronote::model::$model> for $name {
            fn from(code: pronote::model::$model) -> Self {
                match code {
                    $(pronote::model::$model::$word => $name::$word,)*
                    pronote::model::$model::Other(_) => $name::Other,
                }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// How a lesson came to be.
    LessonVariant of LessonKind {
        /// An ordinary lesson.
        Normal,
        /// A class council.
        ClassCouncil,
        /// A lesson taught in place of another.
        Replacement,
        /// A lesson kept for the record.
        Historical,
        /// A lesson by a substitute.
        Substitute,
    }

    /// How hard a teacher thinks homework is.
    Difficulty of Difficulty {
        /// Not said.
        Unsaid,
        /// Easy.
        Easy,
        /// Medium.
        Medium,
        /// Hard.
        Hard,
    }

    /// How homework is handed in.
    ReturnKind of ReturnKind {
        /// It is not.
        None,
        /// On paper.
        Paper,
        /// As a file, through the server.
        File,
        /// In a digital manual.
        Manual,
        /// As a recording, through the server.
        Recording,
    }

    /// What a punishment consists of.
    PunishmentKind of PunishmentKind {
        /// Exclusion from class.
        Exclusion,
        /// Detention.
        Detention,
        /// Extra work.
        ExtraWork,
        /// Something else.
        Else,
    }

    /// What kind of work was done in a lesson.
    ContentCategory of ContentCategory {
        /// Not said.
        Unsaid,
        /// A lesson.
        Lesson,
        /// A correction.
        Correction,
        /// A supervised test.
        Test,
        /// An oral test.
        OralTest,
        /// Tutorial work.
        Tutorial,
        /// Practical work.
        Practical,
        /// An evaluation of skills.
        SkillsEvaluation,
        /// Interdisciplinary work.
        Interdisciplinary,
        /// Personal support.
        PersonalSupport,
        /// A video conference.
        VideoConference,
    }
}

/// What something in a timetable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum LessonType {
    /// A lesson.
    Lesson,
    /// A detention.
    Detention,
    /// An outing or another activity.
    Activity,
}
