//! The report card of a pupil or of a class.

use gateway::{Viewer, Whose};
use pronote::functions::report;
use pronote::model::tab;

use super::view::{Score, Show, view};
use super::{Answer, Float, page};

view! {
    /// The report card of a period.
    Report of Report {
        /// Whether it can be read already.
        published: bool,
        /// What the school says in its place or beside it, for instance the day it will be published.
        notice: Option<String>,
        /// The class.
        class_name: Option<String> = |it, pen| it.class.show(pen),
        /// Subject by subject.
        subjects: Vec<ReportSubject>,
        /// The pupil's overall average.
        student: Option<Score>,
        /// The class's overall average.
        class_average: Option<Score>,
        /// The overall comments.
        comments: Vec<ReportComment>,
        /// What the school says of absences, in its own words.
        absences: Option<String> = |it, _| it.school_life.absences.clone(),
        /// What the school says of delays, in its own words.
        delays: Option<String> = |it, _| it.school_life.delays.clone(),
        /// What the school says of punishments, in its own words.
        punishments: Option<String> = |it, _| it.school_life.punishments.clone(),
        /// What the school says of sanctions, in its own words.
        sanctions: Option<String> = |it, _| it.school_life.sanctions.clone(),
        /// The chart of the averages: a PNG picture in base64.
        chart: Option<String> = |it, _| it.chart_png.clone(),
    }
}

view! {
    /// A subject of a report card.
    ReportSubject of ReportSubject {
        /// The subject.
        subject: String,
        /// Its colour, `#rrggbb`.
        color: Option<String>,
        /// The family of subjects it belongs to.
        group: Option<String>,
        /// What it weighs.
        coefficient: Option<Float>,
        /// The pupil's average.
        student: Option<Score>,
        /// The class's average.
        class_average: Option<Score>,
        /// The lowest average of the class.
        lowest: Option<Score>,
        /// The highest average of the class.
        highest: Option<Score>,
        /// The teachers' comments.
        comments: Vec<String>,
        /// The teachers.
        teachers: Vec<String>,
        /// The parts of the subject that have a line of their own.
        parts: Vec<ReportPart>,
    }
}

view! {
    /// A part of a subject, with a line of its own on the report card.
    ReportPart of ReportPart {
        /// What it is called.
        name: Option<String>,
        /// The teachers.
        teachers: Vec<String>,
        /// The teachers' comments.
        comments: Vec<String>,
    }
}

view! {
    /// An overall comment of a report card.
    ReportComment of ReportComment {
        /// Whose comment it is, or of what kind.
        heading: Option<String>,
        /// The comment.
        text: String,
    }
}

pub(super) async fn of_pupil(viewer: &Viewer, whose: Whose, period: Option<String>) -> Answer<Report> {
    let request = report::Request { period: viewer.period(whose, tab::REPORT, period.as_deref())? };
    page(viewer, whose, &request, Show::show).await
}

pub(super) async fn of_class(viewer: &Viewer, whose: Whose, period: Option<String>) -> Answer<Report> {
    let request = report::OfClass { period: viewer.period(whose, tab::CLASS_REPORT, period.as_deref())? };
    page(viewer, whose, &request, Show::show).await
}
