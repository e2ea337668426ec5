//! Which grading period someone means.

use jiff::civil::Date;
use pronote::model::{Instance, Period, PeriodKind, Person};

use crate::{Unanswered, Viewer, Whose};

impl Viewer {
    /// The period of that exact name, the one of that kind (`trimester`, `semester`, `year`) that it is now, or, when
    /// nobody says which, the usual one. None lets the tab choose.
    ///
    /// # Errors
    /// There is no such period.
    pub fn period(&self, whose: Whose, tab: u32, wanted: Option<&str>) -> Result<Option<Period>, Unanswered> {
        let context = self.context(whose);
        let today = self.clock(self.now()).date();
        match wanted {
            None => Ok(usual(&context.instance, context.person(), tab, today).cloned()),
            Some(name) => {
                let found = named(&context.instance, name, today);
                found.cloned().map(Some).ok_or_else(|| Unanswered::UnknownPeriod(name.to_owned()))
            }
        }
    }

    /// The period that stands for a whole year where days are given beside it: the first.
    pub(crate) fn first_period(&self) -> Option<Period> {
        let instance = self.instance();
        let first = instance.periods.iter().find(|period| period.name == "Trimestre 1");
        first.or_else(|| instance.periods.first()).cloned()
    }
}

/// The period that a program of years ago gets when it does not say which: today's term; what the tab opens on; today's
/// semester; the sixth, which is the year at most schools; the last.
fn usual<'a>(instance: &'a Instance, person: &Person, tab: u32, today: Date) -> Option<&'a Period> {
    if let Some(term) = instance.period_of(today, PeriodKind::Term) {
        return Some(term);
    }
    if let Some(default) = person.periods.default_of(tab) {
        // A choice of the tab that is none of the school's periods is left to the tab.
        return instance.periods.iter().find(|period| Some(&period.id) == default.id.as_ref());
    }
    let semester = instance.period_of(today, PeriodKind::Semester);
    semester.or_else(|| instance.periods.get(5)).or_else(|| instance.periods.last())
}

fn named<'a>(instance: &'a Instance, name: &str, today: Date) -> Option<&'a Period> {
    if let Some(period) = instance.periods.iter().find(|period| period.name == name) {
        return Some(period);
    }
    let kind = match name {
        "trimester" => PeriodKind::Term,
        "semester" => PeriodKind::Semester,
        "year" => PeriodKind::Year,
        _ => return None,
    };
    let of_kind = || instance.periods.iter().filter(move |period| period.kind == kind);
    let begun = || of_kind().filter(|period| period.start <= today).max_by_key(|period| period.start);
    instance.period_of(today, kind).or_else(begun).or_else(|| of_kind().next())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use pronote::functions::{Context, Function as _};
    use pronote::functions::{Payload, user};
    use pronote::wire::{Document, Json, RemoteId};

    use super::*;

    fn school() -> Instance {
        let period = |name: &str, kind, start, end| Period {
            id: RemoteId::new(format!("11#{name}")),
            name: name.into(),
            kind,
            start,
            end,
            grading_slot: None,
        };
        let (term, semester) = (PeriodKind::Term, PeriodKind::Semester);
        Instance {
            periods: vec![
                period("Trimestre 1", term, date(2020, 8, 31), date(2020, 11, 30)),
                period("Trimestre 2", term, date(2020, 12, 1), date(2021, 3, 1)),
                period("Trimestre 3", term, date(2021, 3, 2), date(2021, 6, 1)),
                period("Semestre 1", semester, date(2020, 8, 31), date(2021, 1, 31)),
                period("Semestre 2", semester, date(2021, 2, 1), date(2021, 7, 14)),
                period("Année continue", PeriodKind::Year, date(2020, 8, 31), date(2021, 7, 14)),
            ],
            ..Instance::default()
        }
    }

    /// Somebody whose tab 198 opens on a period of that identifier.
    fn person(default: Option<&str>) -> Person {
        let default = default.map_or(String::new(), |id| format!(r#","periodeParDefaut":{{"N":"{id}","L":"x"}}"#));
        let id = r#"{"N":"11#Trimestre 3","L":"x","G":2},{"N":"11#hors","L":"x","G":4}"#;
        let json = format!(
            r#"{{"ressource":{{"N":"4#a","L":"A","G":4,"listeOngletsPourPeriodes":[{{"G":198,"listePeriodes":[{id}]{default}}}]}}}}"#
        );
        let json = Json::parse(&json).unwrap();
        let document = Document::new(&json);
        let payload = Payload { data: document.root(), report: None };
        user::Request::read(payload, &Context::default()).unwrap().person
    }

    fn usually(default: Option<&str>, today: Date) -> Option<String> {
        usual(&school(), &person(default), 198, today).map(|period| period.name.clone())
    }

    #[test]
    fn the_usual_period_is_the_term_of_today_its_last_day_included() {
        assert_eq!(usually(Some("11#Trimestre 3"), date(2020, 11, 30)).as_deref(), Some("Trimestre 1"));
        assert_eq!(usually(None, date(2020, 12, 1)).as_deref(), Some("Trimestre 2"));
    }

    #[test]
    fn outside_the_terms_the_tab_chooses_then_the_semester_then_the_sixth() {
        let (summer, later) = (date(2021, 6, 20), date(2026, 3, 15));
        assert_eq!(usually(Some("11#Trimestre 3"), summer).as_deref(), Some("Trimestre 3"));
        assert_eq!(usually(Some("11#hors"), summer), None, "a choice that only the tab knows");
        assert_eq!(usually(None, summer).as_deref(), Some("Semestre 2"));
        assert_eq!(usually(None, later).as_deref(), Some("Année continue"));
        let mut few = school();
        few.periods.truncate(2);
        assert_eq!(usual(&few, &Person::default(), 198, later).map(|last| last.name.as_str()), Some("Trimestre 2"));
        assert_eq!(usual(&Instance::default(), &Person::default(), 198, later), None);
    }

    #[test]
    fn a_period_is_named_exactly_or_by_its_kind() {
        let school = school();
        let named = |name: &str, today| named(&school, name, today).map(|period| period.name.as_str());
        let today = date(2021, 2, 10);
        assert_eq!(named("Semestre 1", today), Some("Semestre 1"));
        assert_eq!(named("semestre 1", today), None);
        assert_eq!(named("trimester", today), Some("Trimestre 2"));
        assert_eq!((named("semester", today), named("year", today)), (Some("Semestre 2"), Some("Année continue")));
        assert_eq!(named("trimester", date(2026, 1, 1)), Some("Trimestre 3"), "the one that began last");
        assert_eq!(named("trimester", date(2000, 1, 1)), Some("Trimestre 1"));
        assert_eq!(named("zzz", today), None);
    }
}
