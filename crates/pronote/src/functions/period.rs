//! Which period a page is asked for, said in the identifiers of the session in force.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Context;
use crate::model::{Period, PeriodChoiceKind};

/// A period as a request names it, with its days.
pub(crate) struct Chosen {
    /// The element to send.
    pub(crate) element: Value,
    /// The first day.
    pub(crate) start: Date,
    /// The last day.
    pub(crate) end: Date,
}

/// The wanted period as this session knows it, else the one the tab opens on, else the first of the year.
///
/// Servers find a period by its identifier; its genre is the one their own pages send (data §3.3).
pub(crate) fn chosen(context: &Context, tab: u32, wanted: Option<&Period>) -> Chosen {
    let instance = &context.instance;
    if let Some(wanted) = wanted {
        return of_school(instance.current(wanted).unwrap_or(wanted));
    }
    let offered = &context.person().periods;
    let Some(default) = offered.default_of(tab).or_else(|| offered.current()) else {
        return instance.periods.first().map_or_else(|| whole_year(context, ""), of_school);
    };
    let by_id = default.id.as_ref().and_then(|id| instance.periods.iter().find(|period| period.id == *id));
    match by_id.or_else(|| instance.periods.iter().find(|period| period.name == default.name)) {
        Some(period) => of_school(period),
        None if default.kind == PeriodChoiceKind::WholeYear => whole_year(context, &default.name),
        None => {
            let element = json!({ "N": default.id, "L": default.name, "G": default.kind.code() });
            Chosen { element, ..whole_year(context, "") }
        }
    }
}

fn of_school(period: &Period) -> Chosen {
    let element = json!({ "N": period.id, "L": period.name, "G": PeriodChoiceKind::Period.code() });
    Chosen { element, start: period.start, end: period.end }
}

fn whole_year(context: &Context, name: &str) -> Chosen {
    let element = json!({ "L": name, "G": PeriodChoiceKind::WholeYear.code() });
    Chosen { element, start: context.instance.first_date, end: context.instance.last_date }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::{Instance, Named, PeriodChoice, PeriodKind, Person, User, tab};
    use crate::wire::RemoteId;

    fn period(id: &str, name: &str, month: i8) -> Period {
        let (start, end) = (date(2025, month, 1), date(2025, month, 28));
        Period { id: RemoteId::new(id), name: name.into(), kind: PeriodKind::Term, start, end, grading_slot: None }
    }

    fn context() -> Context {
        let mut person = Person::default();
        let choice = |id: Option<&str>, name: &str, kind| PeriodChoice {
            id: id.map(RemoteId::new),
            name: name.into(),
            kind,
            main: true,
        };
        let year = || choice(None, "Année", PeriodChoiceKind::WholeYear);
        let second = || choice(Some("11#b"), "T2", PeriodChoiceKind::Period);
        let named = |name: &str| Named { id: None, name: name.into() };
        person.periods.add(tab::GRADES, vec![year(), second()], Some(&named("T2")));
        person.periods.add(tab::SCHOOL_LIFE, vec![year(), second()], Some(&named("Année")));
        let instance = Instance {
            first_date: date(2025, 9, 1),
            last_date: date(2026, 7, 4),
            periods: vec![period("11#a", "T1", 9), period("11#b", "T2", 10)],
            ..Instance::default()
        };
        Context { instance: instance.into(), user: User { person, ..User::default() }.into(), child: None }
    }

    #[test]
    fn a_period_of_another_session_is_sent_under_its_new_identifier() {
        let old = period("11#old", "T1", 9);
        let chosen = chosen(&context(), tab::GRADES, Some(&old));
        assert_eq!(chosen.element, json!({ "N": "11#a", "L": "T1", "G": 2 }));
        assert_eq!(chosen.start, date(2025, 9, 1));
    }

    #[test]
    fn the_tab_chooses_when_nobody_does() {
        assert_eq!(chosen(&context(), tab::GRADES, None).element["N"], "11#b");
        assert_eq!(chosen(&context(), tab::REPORT, None).element["N"], "11#b", "a tab that says nothing");
        let year = chosen(&context(), tab::SCHOOL_LIFE, None);
        assert_eq!(year.element, json!({ "L": "Année", "G": 1 }));
        assert_eq!((year.start, year.end), (date(2025, 9, 1), date(2026, 7, 4)));
    }

    #[test]
    fn a_school_without_periods_is_asked_for_its_year() {
        assert_eq!(chosen(&Context::default(), tab::GRADES, None).element["G"], 1);
    }
}
