//! How a model becomes a GraphQL type: one table per type, and one rule per kind of value.
//!
//! [`view!`] declares an object: each field shows the model's field of the same name by the rule of its two types, or what
//! its closure says. [`choice!`] declares an enumeration of the codes of a closed list.

use async_graphql::{Context, Object};
use gateway::{Viewer, Whose};
use pronote::model;
use pronote::wire::{Html, Mark, Set};
use rust_decimal::Decimal;

use super::super::files;
use super::{Date, Float};

/// What an answer is written with: the clocks of the school, and whose page it is.
#[derive(Clone, Copy)]
pub(super) struct Pen<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) whose: Whose,
}

/// Something that is shown as a `T`.
pub(super) trait Show<T> {
    fn show(&self, pen: &Pen<'_>) -> T;
}

macro_rules! view {
    (
        $(#[$meta:meta])* $name:ident of $model:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty $(= $value:expr)?),* $(,)?
        }
    ) => {
        #[derive(async_graphql::SimpleObject)]
        $(#[$meta])*
        pub(crate) struct $name { $($(#[$field_meta])* $field: $type),* }

        impl $crate::graphql::more::view::Show<$name> for pronote::model::$model {
            fn show(&self, pen: &$crate::graphql::more::view::Pen<'_>) -> $name {
                let it = self;
                $name { $($field: view!(@value it, pen, $model, $field, $type $(, $value)?)),* }
            }
        }
    };
    (@value $it:ident, $pen:ident, $model:ident, $field:ident, $type:ty) => {
        $crate::graphql::more::view::Show::<$type>::show(&$it.$field, $pen)
    };
    (@value $it:ident, $pen:ident, $model:ident, $field:ident, $type:ty, $value:expr) => {{
        let value: fn(&pronote::model::$model, &$crate::graphql::more::view::Pen<'_>) -> $type = $value;
        value($it, $pen)
    }};
}
pub(super) use view;

macro_rules! choice {
    ($(#[$meta:meta])* $name:ident of $model:ident { $($words:tt)* }) => {
        $crate::graphql::words::words! { $(#[$meta])* $name of $model { $($words)* } }

        impl $crate::graphql::more::view::Show<$name> for pronote::model::$model {
            fn show(&self, _: &$crate::graphql::more::view::Pen<'_>) -> $name {
                (*self).into()
            }
        }
    };
}
pub(super) use choice;

impl<A: Show<B>, B> Show<Option<B>> for Option<A> {
    fn show(&self, pen: &Pen<'_>) -> Option<B> {
        self.as_ref().map(|value| value.show(pen))
    }
}

impl<A: Show<B>, B> Show<Vec<B>> for Vec<A> {
    fn show(&self, pen: &Pen<'_>) -> Vec<B> {
        self.iter().map(|value| value.show(pen)).collect()
    }
}

/// What sessions share shows as what it is.
impl<A: Show<B>, B> Show<B> for std::sync::Arc<A> {
    fn show(&self, pen: &Pen<'_>) -> B {
        self.as_ref().show(pen)
    }
}

macro_rules! shows {
    ($($type:ty as $shown:ty: |$it:ident, $pen:pat_param| $value:expr;)*) => {
        $(impl Show<$shown> for $type {
            fn show(&self, $pen: &Pen<'_>) -> $shown {
                let $it = self;
                $value
            }
        })*
    };
}

shows! {
    String as String: |it, _| it.clone();
    bool as bool: |it, _| *it;
    // What does not fit stands for "very many".
    u32 as i32: |it, _| i32::try_from(*it).unwrap_or(i32::MAX);
    u64 as i32: |it, _| i32::try_from(*it).unwrap_or(i32::MAX);
    i64 as i32: |it, _| i32::try_from(*it).unwrap_or(if *it < 0 { i32::MIN } else { i32::MAX });
    Decimal as Float: |it, _| (*it).into();
    Set as Vec<i32>: |it, pen| it.iter().map(|number| number.show(pen)).collect();
    model::Named as String: |it, _| it.name.clone();
    model::Subject as String: |it, _| it.name.clone();
    model::Theme as String: |it, _| it.name.clone();
    model::Color as String: |it, _| it.written();
    jiff::civil::Date as Date: |it, pen| Date::of(pen.viewer, *it);
    jiff::civil::DateTime as Date: |it, pen| Date::at(pen.viewer, *it);
    Html as RichText: |it, _| RichText(it.clone());
    model::Content as RichText: |it, _| RichText(it.html());
    model::Attachment as Attachment: |it, _| Attachment(it.clone());
    Mark as Score: |it, _| Score(*it);
}

/// A text that someone wrote, as a page shows it and as a person reads it.
pub(crate) struct RichText(Html);

/// A text that someone wrote, as a page shows it and as a person reads it.
#[Object]
impl RichText {
    /// The text as HTML, as the school keeps it. Not made safe: clean it before you show it in a page.
    async fn html(&self) -> &str {
        self.0.as_html()
    }

    /// The text without HTML.
    async fn text(&self) -> String {
        self.0.text()
    }
}

choice! {
    /// What an attachment is.
    AttachmentKind of AttachmentKind {
        /// A link to elsewhere.
        Link,
        /// A file kept by the school's server.
        File,
        /// A file of a cloud service, served by the school.
        CloudFile,
        /// A link into a digital manual.
        ManualLink,
        /// A video conference.
        VideoLink,
    }
}

/// A file or a link that comes with something.
pub(crate) struct Attachment(model::Attachment);

/// A file or a link that comes with something.
#[Object]
impl Attachment {
    /// The file's name, or the link's label.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is.
    async fn kind(&self) -> AttachmentKind {
        self.0.kind.into()
    }

    /// Where a link leads. Files have none: they have a `download`.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Where a file is received, with the token: a path on this server, good while the session lives. Links have none.
    async fn download(&self, context: &Context<'_>) -> Option<String> {
        super::asked_by(context).file_handle(&self.0).map(|handle| files::path(&handle))
    }
}

/// A number as the school shows it, or the annotation that stands in its place.
pub(crate) struct Score(Mark);

/// A number as the school shows it, or the annotation that stands in its place.
#[Object]
impl Score {
    /// The number; null when an annotation stands in its place.
    async fn value(&self) -> Option<Float> {
        match self.0 {
            Mark::Value(value) => Some(value.into()),
            Mark::Annotated { .. } => None,
        }
    }

    /// Why there is no ordinary number.
    async fn annotation(&self) -> Option<Annotation> {
        self.0.annotation().map(Annotation::from)
    }
}

/// Why a mark is not an ordinary number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub(crate) enum Annotation {
    /// The pupil was absent; nothing counts.
    Absent,
    /// The pupil was exempted.
    Exempted,
    /// The test was not marked.
    NotGraded,
    /// The pupil was unfit.
    Unfit,
    /// The work was not handed in; nothing counts.
    NotHandedIn,
    /// Absent, and it counts as zero.
    AbsentZero,
    /// Not handed in, and it counts as zero.
    NotHandedInZero,
    /// Above the scale, with congratulations.
    Congratulations,
    /// Something this version of Cartable does not know.
    Other,
}

impl From<pronote::wire::Annotation> for Annotation {
    fn from(annotation: pronote::wire::Annotation) -> Self {
        use pronote::wire::Annotation as Code;
        match annotation {
            Code::Absent => Self::Absent,
            Code::Exempted => Self::Exempted,
            Code::NotGraded => Self::NotGraded,
            Code::Unfit => Self::Unfit,
            Code::NotHandedIn => Self::NotHandedIn,
            Code::AbsentZero => Self::AbsentZero,
            Code::NotHandedInZero => Self::NotHandedInZero,
            Code::Congratulations => Self::Congratulations,
            _ => Self::Other,
        }
    }
}
