//! Homework: known again by what it says, since nothing else outlives a session.

use super::super::fate::Fate;
use super::super::imported::{ImportedHomework, ImportedTask};
use super::super::origins::{self, Kind, Origin};
use super::{Names, Pass};
use crate::Error;
use crate::assignments::judge;
use crate::db::text_of;
use crate::model::{Assignment, Source, Task};

impl Pass<'_> {
    pub(super) async fn homework(&mut self, homework: &ImportedHomework, names: &Names) -> Result<(), Error> {
        let mut known = Vec::new();
        for origin in origins::origins(self.write, self.class, Kind::Assignment).await? {
            let damaged = |error| Error::Damaged(format!("homework that came from PRONOTE: {error}"));
            let was: ImportedTask = serde_json::from_str(&origin.body).map_err(damaged)?;
            known.push((origin, was));
        }
        let keys: Vec<String> = known.iter().map(|(origin, _)| origin.key.clone()).collect();
        let mut free = (1..).map(|number: u64| number.to_string()).filter(|key| !keys.contains(key));
        // What is due on other days was not read, and is nobody's pair.
        known.retain(|(_, was)| (homework.from..=homework.to).contains(&was.due));
        let wanted: Vec<(&ImportedTask, Task)> =
            homework.tasks.iter().filter_map(|task| Some((task, self.task(task, names)?))).collect();
        let pairs = pairs(wanted.iter().map(|(imported, _)| *imported), &mut known);
        for ((imported, task), pair) in wanted.into_iter().zip(pairs) {
            let key = pair.as_ref().map(|origin| origin.key.clone()).or_else(|| free.next()).unwrap_or_default();
            self.assignment(imported, task, pair, key).await?;
        }
        for (origin, _) in known {
            self.gone(&origin, homework.complete).await?;
        }
        Ok(())
    }

    /// Homework as the board keeps it; none when its subject was put away, or when the board would not take it.
    fn task(&mut self, imported: &ImportedTask, names: &Names) -> Option<Task> {
        let (subject, _) = names.get(&imported.subject)?;
        let task = Task {
            subject: *subject,
            given: imported.given,
            due: imported.due,
            text: imported.text.clone(),
            links: imported.links.clone(),
            source: Source::Pronote { origin: imported.origin.clone() },
        };
        let fits = judge(&task).is_ok();
        self.report.left_out += u32::from(!fits);
        fits.then_some(task)
    }

    async fn assignment(
        &mut self,
        imported: &ImportedTask,
        task: Task,
        pair: Option<Origin>,
        key: String,
    ) -> Result<(), Error> {
        let body = text_of(imported)?;
        let present = self.present(pair.as_ref()).await?;
        let source = present.as_ref().map(|present| &present.task.source);
        match (Fate::of(true, pair.is_some(), source, true), present) {
            (Fate::Add, _) => {
                let added = self.write.add_assignment(self.by, self.class, task).await?;
                self.report.assignments.added += 1;
                return self.note(Kind::Assignment, &Origin { body, ..Origin::new(key, added.id) }).await;
            }
            (Fate::Put, Some(present)) if present.task != task => {
                self.write.put_assignment(self.by, self.class, present.id, Some(&task)).await?;
                self.report.assignments.changed += 1;
                self.touched = true;
            }
            (Fate::ByHand | Fate::Mark, _) => self.report.by_hand += 1,
            _ => {}
        }
        // It is known again by what PRONOTE said last, whatever a person made of it.
        if let Some(origin) = pair.filter(|origin| origin.body != body) {
            self.note(Kind::Assignment, &Origin { body, ..origin }).await?;
        }
        Ok(())
    }

    /// What becomes of homework that PRONOTE has no more.
    async fn gone(&mut self, origin: &Origin, complete: bool) -> Result<(), Error> {
        let present = self.present(Some(origin)).await?;
        let source = present.as_ref().map(|present| &present.task.source);
        match (Fate::of(false, true, source, complete), present) {
            (Fate::Remove, Some(present)) => {
                self.write.put_assignment(self.by, self.class, present.id, None).await?;
                self.report.assignments.removed += 1;
                self.forget(Kind::Assignment, &origin.key).await
            }
            (Fate::Forget, _) => self.forget(Kind::Assignment, &origin.key).await,
            _ => Ok(()),
        }
    }

    async fn present(&mut self, origin: Option<&Origin>) -> Result<Option<Assignment>, Error> {
        match origin {
            Some(origin) => self.write.assignment(self.class, origin.number()?).await,
            None => Ok(None),
        }
    }
}

/// Which of what is known each piece of homework is. What is given on the same day in the same subject is told apart by
/// what it says and when it is due, the closest first; what is known and pairs with nothing is left.
fn pairs<'a>(
    tasks: impl Iterator<Item = &'a ImportedTask> + Clone,
    known: &mut Vec<(Origin, ImportedTask)>,
) -> Vec<Option<Origin>> {
    let close: [fn(&ImportedTask, &ImportedTask) -> bool; 3] = [
        |one, other| one.text == other.text && one.due == other.due,
        |one, other| one.text == other.text,
        |one, other| one.due == other.due,
    ];
    let mut pairs: Vec<Option<Origin>> = tasks.clone().map(|_| None).collect();
    for close in close {
        for (task, pair) in tasks.clone().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
            let is_it = |(_, was): &(Origin, ImportedTask)| {
                was.subject == task.subject && was.given == task.given && close(was, task)
            };
            if let Some(place) = known.iter().position(is_it) {
                *pair = Some(known.remove(place).0);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn task(text: &str, due: i8) -> ImportedTask {
        ImportedTask {
            subject: "MATHS".to_owned(),
            given: date(2026, 11, 20),
            due: date(2026, 11, due),
            text: text.to_owned(),
            links: Vec::new(),
            origin: String::new(),
        }
    }

    #[test]
    fn homework_is_known_again_by_what_is_closest() {
        let mut known: Vec<_> = [("a", 24), ("b", 24), ("c", 26), ("d", 27)]
            .map(|(text, due)| (Origin::new(text, 1), task(text, due)))
            .into();
        let now = [task("new words", 24), task("b", 24), task("c", 25), task("e", 23)];
        let pairs = pairs(now.iter(), &mut known);
        let pairs: Vec<_> = pairs.iter().map(|pair| pair.as_ref().map(|origin| origin.key.as_str())).collect();
        assert_eq!(pairs, [Some("a"), Some("b"), Some("c"), None]);
        assert_eq!(known.len(), 1, "d is gone");
    }

    #[test]
    fn what_was_given_on_another_day_is_other_homework() {
        let mut known = vec![(Origin::new("a", 1), ImportedTask { given: date(2026, 11, 13), ..task("a", 24) })];
        assert_eq!(pairs([task("a", 24)].iter(), &mut known), [None]);
        assert_eq!(known.len(), 1);
    }
}
