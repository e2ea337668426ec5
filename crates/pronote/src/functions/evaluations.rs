//! `DernieresEvaluations`: the evaluations of a period (data §10).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::common::{color, labels, named_of, number, some_text, subject_of, theme};
use super::period::chosen;
use super::{Context, Function, Payload, Read};
use crate::model::{Acquisition, Evaluation, Instance, Period, tab};
use crate::wire::{Malformed, Node};

/// Asks for the evaluations of a period (`DernieresEvaluations`, tab 201).
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The period; none for the one the tab opens on.
    pub period: Option<Period>,
}

impl Function for Request {
    const NAME: &'static str = "DernieresEvaluations";
    const TAB: Option<u32> = Some(tab::EVALUATIONS);
    type Answer = Vec<Evaluation>;

    fn arguments(&self, context: &Context) -> Value {
        json!({ "periode": chosen(context, tab::EVALUATIONS, self.period.as_ref()).element })
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Vec<Evaluation>, Malformed> {
        Ok(payload.data.each("listeEvaluations", |node| evaluation(node, &context.instance)))
    }
}

impl Read for Request {}

/// An evaluation, wherever it stands: its own page, or the home page.
pub(crate) fn evaluation(node: Node<'_>, instance: &Instance) -> Result<Evaluation, Malformed> {
    let mut acquisitions = node.each("listeNiveauxDAcquisitions", |node| acquisition(node, instance));
    acquisitions.sort_by_key(|acquisition| acquisition.order);
    Ok(Evaluation {
        id: node.need("N")?,
        name: node.text("L"),
        description: some_text(node, "descriptif"),
        subject: subject_of(node, "matiere"),
        subject_order: node.get("matiere").and_then(|subject| subject.read("ordre")),
        color: node.get("matiere").and_then(|subject| color(subject, "couleur")),
        teacher: named_of(node, "individu").map(|teacher| teacher.name),
        date: node.need("date")?,
        period: named_of(node, "periode"),
        domain: named_of(node, "domaine").map(|domain| domain.name),
        coefficient: number(node, "coefficient").unwrap_or(Decimal::ONE),
        levels: labels(node, "listePaliers"),
        themes: node.each("ListeThemes", theme),
        acquisitions,
    })
}

fn acquisition(node: Node<'_>, instance: &Instance) -> Result<Acquisition, Malformed> {
    let level_code: Option<i64> = node.read("G");
    let known = level_code.and_then(|code| instance.skill_levels.iter().find(|level| level.code == code));
    let pillar = node.get("pilier");
    let prefixes = pillar.and_then(|pillar| some_text(pillar, "strPrefixes")).unwrap_or_default();
    Ok(Acquisition {
        id: node.id(),
        level: node.need("L")?,
        level_code,
        abbreviation: node.text("abbreviation"),
        color: known.and_then(|level| level.color),
        order: node.read("ordre").unwrap_or(0),
        coefficient: number(node, "coefficient").unwrap_or(Decimal::ONE),
        domain: named_of(node, "domaine").map(|domain| domain.name),
        item: named_of(node, "item").map(|item| item.name),
        pillar: named_of(node, "pilier").map(|pillar| pillar.name),
        pillar_prefixes: prefixes.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Into::into).collect(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::functions::common::reading;
    use crate::model::{Color, SkillLevel};

    fn page(text: &str) -> (Vec<Evaluation>, Vec<String>) {
        let level = SkillLevel {
            code: 2,
            name: "Solide".into(),
            abbreviation: "S".into(),
            color: Color::parse("#45B851"),
            weight: None,
            acquired: true,
        };
        let instance = Instance { skill_levels: vec![level].into(), ..Instance::default() };
        let context = Context { instance: instance.into(), ..Context::default() };
        reading(text, |data| Request::read(Payload { data, report: None }, &context).unwrap())
    }

    #[test]
    fn evaluations_are_read_in_the_order_of_the_teacher() {
        let (all, noted) = page(
            r##"{"listeEvaluations":{"_T":24,"V":[{"N":"29#e","L":"Évaluation 1","descriptif":"Fractions","coefficient":"1,5","date":{"_T":7,"V":"10/09/2025"},
              "matiere":{"_T":24,"V":{"N":"16#m","L":"MATHÉMATIQUES","couleur":"#FFD966"}},"individu":{"_T":24,"V":{"N":"3#t","L":"ROCHE A."}},
              "periode":{"_T":24,"V":{"N":"11#p","L":"Trimestre 1"}},"listePaliers":{"_T":24,"V":[{"N":"27#c","L":"Cycle 4"}]},
              "listeNiveauxDAcquisitions":{"_T":24,"V":[
                {"N":"30#b","L":"Solide","G":2,"abbreviation":"S","ordre":2,"coefficient":1,"domaine":{"_T":24,"V":{"N":"31#o","L":"Calculer"}},
                 "item":{"_T":24,"V":{"N":"32#i","L":"Additionner"}},"pilier":{"_T":24,"V":{"N":"33#y","L":"Langages","strPrefixes":"D1.1, D2"}}},
                {"N":"30#a","L":"Fragile","G":88,"abbreviation":"F","ordre":1,"coefficient":1,"domaine":{"_T":24,"V":{"N":"31#o","L":"Calculer"}},
                 "pilier":{"_T":24,"V":{"N":"33#y","L":"Langages","strPrefixes":""}}}]}}]}}"##,
        );
        assert!(noted.is_empty(), "{noted:?}");
        let [evaluation] = &all[..] else { panic!("{all:?}") };
        assert_eq!((evaluation.coefficient, evaluation.date), (Decimal::new(15, 1), date(2025, 9, 10)));
        assert_eq!(evaluation.teacher.as_deref(), Some("ROCHE A."));
        let [fragile, solid] = &evaluation.acquisitions[..] else { panic!("{evaluation:?}") };
        assert_eq!((fragile.level.as_str(), fragile.item.as_ref(), fragile.color), ("Fragile", None, None));
        assert!(fragile.pillar_prefixes.is_empty());
        assert_eq!((solid.item.as_deref(), solid.color), (Some("Additionner"), Color::parse("#45b851")));
        assert_eq!(solid.pillar_prefixes, ["D1.1", "D2"]);
    }

    #[test]
    fn bad_evaluations_cost_only_themselves() {
        let (all, noted) = page(
            r#"{"listeEvaluations":[{"N":"29#e"},{"L":"x"},3,{"N":"29#f","date":"10/09/2025","coefficient":"NaN",
              "listeNiveauxDAcquisitions":[{"N":"30#a"},{"L":"Solide","ordre":-1}]}]}"#,
        );
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].acquisitions.len(), all[0].coefficient), (1, Decimal::ONE));
        assert_eq!(noted.len(), 6, "{noted:?}");
        assert_eq!(page("{}"), (vec![], vec![]));
    }
}
