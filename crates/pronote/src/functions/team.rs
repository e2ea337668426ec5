//! `PageEquipePedagogique`: the people who teach a pupil (data §16.4).

use serde_json::Value;

use super::common::{minutes, named_of, some_text};
use super::{Context, Function, Payload, Read};
use crate::model::{PersonKind, TaughtSubject, TeamMember, tab};
use crate::wire::{Malformed, Node};

/// Asks who teaches the pupil (`PageEquipePedagogique`, tab 37).
#[derive(Debug, Clone, Copy, Default)]
pub struct Request;

impl Function for Request {
    const NAME: &'static str = "PageEquipePedagogique";
    const TAB: Option<u32> = Some(tab::TEACHING_TEAM);
    type Answer = Vec<TeamMember>;

    fn arguments(&self, _: &Context) -> Value {
        Value::Null
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<TeamMember>, Malformed> {
        // A server of 2026 was seen to send no list at all.
        let mut team = payload.data.each("liste", member);
        team.sort_by_key(|member| member.order);
        Ok(team)
    }
}

impl Read for Request {}

fn member(node: Node<'_>) -> Result<TeamMember, Malformed> {
    Ok(TeamMember {
        id: node.need("N")?,
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(PersonKind::Other(0)),
        order: node.read("P").unwrap_or(0),
        left: node.flag("estEnleve"),
        subjects: node.each("matieres", subject),
    })
}

fn subject(node: Node<'_>) -> Result<TaughtSubject, Malformed> {
    let part_of = node.flag("estUneSousMatiere").then(|| some_text(node, "libelleMatiere")).flatten();
    Ok(TaughtSubject {
        id: node.id(),
        name: node.need("L")?,
        weekly_minutes: minutes(node, "volumeHoraire"),
        part_of: part_of.or_else(|| named_of(node, "servicePere").map(|parent| parent.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    fn team(text: &str) -> (Vec<TeamMember>, Vec<String>) {
        reading(text, |data| Request::read(Payload { data, report: None }, &Context::default()).unwrap())
    }

    #[test]
    fn a_team_is_read_in_its_order() {
        let (team, noted) = team(
            r#"{"liste":{"_T":24,"V":[
              {"N":"34#s","L":"PETIT S.","P":2,"G":34,"estEnleve":true,"matieres":{"_T":24,"V":[{"N":"0","L":"CPE","volumeHoraire":""}]}},
              {"N":"3#t","L":"ROCHE A.","P":1,"G":3,"matieres":{"_T":24,"V":[{"N":"16#m","L":"MATHÉMATIQUES","volumeHoraire":"4h30"},
                {"N":"16#o","L":"ORAL","volumeHoraire":"1h00","estUneSousMatiere":true,"libelleMatiere":"FRANÇAIS"},
                {"N":"16#p","L":"ÉCRIT","servicePere":{"_T":24,"V":{"N":"12#f","L":"FRANÇAIS"}}}]}}]}}"#,
        );
        assert!(noted.is_empty(), "{noted:?}");
        assert_eq!((team[0].name.as_str(), team[0].kind), ("ROCHE A.", PersonKind::Teacher));
        let subjects: Vec<_> =
            team[0].subjects.iter().map(|subject| (subject.weekly_minutes, subject.part_of.as_deref())).collect();
        assert_eq!(subjects, [(Some(270), None), (Some(60), Some("FRANÇAIS")), (None, Some("FRANÇAIS"))]);
        assert!(team[1].left && team[1].subjects[0].id.is_none());
    }

    #[test]
    fn a_missing_list_is_an_empty_team() {
        assert_eq!(team("{}"), (vec![], vec![]));
        let (members, noted) = team(
            r#"{"liste":[{"N":"3#t"},{"N":"3#u","L":"X","P":-1,"G":9,"matieres":[{"N":"16#m"},{"L":"Y","volumeHoraire":"beaucoup"}]}]}"#,
        );
        assert_eq!((members.len(), members[0].kind), (1, PersonKind::Other(9)));
        assert_eq!(members[0].subjects[0].weekly_minutes, None);
        assert_eq!(noted.len(), 4, "{noted:?}");
    }
}
