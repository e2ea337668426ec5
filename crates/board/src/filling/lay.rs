//! Laying what was read over a class, in one transaction.

mod homework;
mod subjects;

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::FillReport;
use super::fate::Fate;
use super::imported::{Imported, ImportedChanges, ImportedWeek, Line, Piece, Row};
use super::origins::{self, Kind, Origin};
use crate::db::{json, text_of};
use crate::model::{Actor, Changes, ClassId, NO_CHANGE, NO_LESSON, Parity, Plan, ROWS, Source, Timetable, Week};
use crate::write::{Resource, Write};
use crate::{Error, classes, timetable};

/// Lays what was read over a class; tells what changed on the board, and whether anything was written at all.
pub(super) async fn lay(
    write: &mut Write,
    by: &Actor,
    class: ClassId,
    imported: &Imported,
) -> Result<(FillReport, bool), Error> {
    let mut pass = Pass { write, by, class, report: FillReport::default(), touched: false };
    pass.bells(imported).await?;
    let names = pass.subjects(imported).await?;
    for week in &imported.weeks {
        pass.week(week, &names).await?;
        for day in week.monday.series(1.day()).take(7) {
            pass.changes(day, imported.changes.get(&day), week.complete, &names).await?;
        }
    }
    if let Some(homework) = &imported.homework {
        pass.homework(homework, &names).await?;
    }
    Ok((pass.report, pass.touched))
}

/// The subjects of the board, by their names in PRONOTE: number, and name on the board. One that a person put away is not
/// among them.
type Names = BTreeMap<String, (i64, String)>;

/// One pass over a class.
struct Pass<'a> {
    write: &'a mut Write,
    by: &'a Actor,
    class: ClassId,
    report: FillReport,
    /// Whether anything was written: only then is the transaction worth keeping.
    touched: bool,
}

impl Pass<'_> {
    async fn note(&mut self, kind: Kind, origin: &Origin) -> Result<(), Error> {
        self.touched = true;
        origins::put(self.write, self.class, kind, origin).await
    }

    async fn forget(&mut self, kind: Kind, key: &str) -> Result<(), Error> {
        self.touched = true;
        origins::forget(self.write, self.class, kind, key).await
    }

    /// Gives the school's hours to a class that has none. Once: whoever takes them away again means it.
    async fn bells(&mut self, imported: &Imported) -> Result<(), Error> {
        if imported.bells.is_empty() || origins::origin(self.write, self.class, Kind::Bells, "").await?.is_some() {
            return Ok(());
        }
        let before = classes::read(self.write, self.class).await?;
        if !before.settings.bells.is_empty() {
            return Ok(());
        }
        let mut settings = before.settings.clone();
        settings.bells.clone_from(&imported.bells);
        if classes::judge(&settings).is_err() {
            return Ok(());
        }
        self.write.set_settings(self.class, &settings).await?;
        let key = (Resource::Class, before.slug.as_str());
        self.write.note(self.by, key, Some(&before.settings), Some(&settings)).await?;
        self.note(Kind::Bells, &Origin { body: text_of(&settings.bells)?, ..Origin::new("", "") }).await
    }

    /// A week as it is planned becomes a timetable of that week, unless a person has written one for its days.
    async fn week(&mut self, week: &ImportedWeek, names: &Names) -> Result<(), Error> {
        let key = week.monday.to_string();
        let origin = origins::origin(self.write, self.class, Kind::Week, &key).await?;
        let own = origin.as_ref().map(Origin::number).transpose()?;
        let plan = plan(week, names);
        let timetables = timetables(self.write, self.class).await?;
        let present = timetables.iter().find(|timetable| Some(timetable.id) == own);
        let by_hand = |timetable: &Timetable| {
            let plan = &timetable.plan;
            let meets = plan.valid_from <= sunday(week.monday) && plan.valid_to.is_none_or(|last| week.monday <= last);
            Some(timetable.id) != own && !plan.source.is_untouched() && meets
        };
        let stands = timetables.iter().any(by_hand);
        if stands && present.is_none() {
            self.report.by_hand += u32::from(plan.is_some());
            return Ok(());
        }
        self.report.by_hand += u32::from(stands && plan.is_some());
        let plan = plan.filter(|_| !stands);
        // One that a person wrote meanwhile takes the place of ours, however much of it was read.
        let complete = week.complete || stands;
        let source = present.map(|timetable| &timetable.plan.source);
        match (Fate::of(plan.is_some(), own.is_some(), source, complete), plan, present) {
            (Fate::Add, Some(plan), _) => {
                if timetable::judge_plan(&plan).is_err() {
                    self.report.left_out += 1;
                    return Ok(());
                }
                let added = self.write.add_timetable(self.by, self.class, plan).await?;
                self.report.weeks.added += 1;
                self.note(Kind::Week, &Origin::new(key, added.id)).await
            }
            (Fate::Put, Some(plan), Some(present)) if present.plan != plan => {
                if timetable::judge_plan(&plan).is_err() {
                    self.report.left_out += 1;
                    return Ok(());
                }
                self.write.put_timetable(self.by, self.class, present.id, Some(&plan)).await?;
                self.report.weeks.changed += 1;
                self.touched = true;
                Ok(())
            }
            (Fate::Remove, _, Some(present)) => {
                self.write.put_timetable(self.by, self.class, present.id, None).await?;
                self.report.weeks.removed += 1;
                self.forget(Kind::Week, &key).await
            }
            (Fate::Forget, ..) => self.forget(Kind::Week, &key).await,
            (Fate::ByHand, ..) => {
                self.report.by_hand += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn changes(
        &mut self,
        day: Date,
        imported: Option<&ImportedChanges>,
        complete: bool,
        names: &Names,
    ) -> Result<(), Error> {
        let key = day.to_string();
        let origin = origins::origin(self.write, self.class, Kind::Changes, &key).await?;
        let present = self.write.changes(self.class, Some(day)).await?;
        let wanted = imported.and_then(|imported| changes(imported, names));
        let source = present.as_ref().map(|present| &present.source);
        let fate = Fate::of(wanted.is_some(), origin.is_some(), source, complete);
        let origin = Origin::new(key.as_str(), "");
        match (fate, wanted, present) {
            (Fate::Add, Some(wanted), _) => {
                self.put_changes(day, Some(&wanted)).await?;
                self.report.changes.added += 1;
                self.note(Kind::Changes, &origin).await
            }
            (Fate::Put, Some(wanted), Some(present)) if present != wanted => {
                self.put_changes(day, Some(&wanted)).await?;
                self.report.changes.changed += 1;
                self.note(Kind::Changes, &origin).await
            }
            (Fate::Mark, Some(wanted), Some(mut present)) => {
                present.source = written_over(&wanted.source);
                self.put_changes(day, Some(&present)).await?;
                self.report.by_hand += 1;
                self.note(Kind::Changes, &origin).await
            }
            (Fate::Remove, _, Some(_)) => {
                self.put_changes(day, None).await?;
                self.report.changes.removed += 1;
                self.forget(Kind::Changes, &key).await
            }
            (Fate::Forget, ..) => self.forget(Kind::Changes, &key).await,
            (Fate::ByHand, ..) => {
                self.report.by_hand += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn put_changes(&mut self, day: Date, changes: Option<&Changes>) -> Result<(), Error> {
        self.write.put_changes(self.by, self.class, Some(day), changes).await
    }
}

/// Where something comes from that a person wrote over.
fn written_over(source: &Source) -> Source {
    Source::Override { origin: source.origin().unwrap_or_default().to_owned() }
}

fn sunday(monday: Date) -> Date {
    monday.saturating_add(6.days())
}

/// A week as the board keeps it; none when nothing is left of it.
fn plan(week: &ImportedWeek, names: &Names) -> Option<Plan> {
    let rows = std::array::from_fn(|day| {
        let number = |name: &Option<String>| names.get(name.as_ref()?).map(|(number, _)| *number);
        let mut rows: Vec<i64> = week.rows[day].iter().map(|name| number(name).unwrap_or(NO_LESSON)).collect();
        rows.truncate(rows.iter().rposition(|number| *number != NO_LESSON).map_or(0, |last| last + 1));
        rows
    });
    let texts = std::array::from_fn(|day| text(&week.texts[day], names));
    let week_of = Week { texts, rows };
    let empty = week_of.rows.iter().all(Vec::is_empty) && week_of.texts.iter().all(String::is_empty);
    (!empty).then(|| Plan {
        valid_from: week.monday,
        valid_to: Some(sunday(week.monday)),
        parity: Parity::Every,
        week: week_of,
        source: Source::Pronote { origin: week.origin.clone() },
    })
}

/// Changes as the board keeps them; none when nothing is left of them.
fn changes(imported: &ImportedChanges, names: &Names) -> Option<Changes> {
    let row = |row: &Row| match row {
        Row::Same => NO_CHANGE,
        Row::NoLesson => NO_LESSON,
        Row::Subject(name) => names.get(name).map_or(NO_LESSON, |(number, _)| *number),
    };
    let rows: [i64; ROWS] = std::array::from_fn(|place| row(&imported.rows[place]));
    let text = text(&imported.text, names);
    let empty = text.is_empty() && rows == [NO_CHANGE; ROWS];
    (!empty).then(|| Changes { text, rows, source: Source::Pronote { origin: imported.origin.clone() } })
}

/// Lines as people read them, with the names of the board.
fn text(lines: &[Line], names: &Names) -> String {
    let said = |line: &Line| {
        let first = line.subjects().next();
        if first.is_some_and(|first| !names.contains_key(first)) {
            return None;
        }
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Subject(name) => names.get(name).map_or_else(|| name.clone(), |(_, name)| name.clone()),
        };
        Some(line.0.iter().map(piece).collect::<String>())
    };
    lines.iter().filter_map(said).collect::<Vec<_>>().join("\n")
}

/// The timetables with a date, as they are within the transaction.
async fn timetables(write: &mut Write, class: ClassId) -> Result<Vec<Timetable>, Error> {
    let rows = sqlx::query("select id, plan from timetables where class_id = $1 order by id")
        .bind(class.0)
        .fetch_all(write.db())
        .await
        .map_err(Error::database("read the timetables"))?;
    rows.iter().map(|row| Ok(Timetable { id: crate::db::get(row, "id")?, plan: json(row, "plan")? })).collect()
}
