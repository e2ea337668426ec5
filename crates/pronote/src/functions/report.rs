//! `PageBulletins` and `SaisieAccuseReceptionDocument`: the report card (data §9).

use serde_json::{Value, json};

use super::common::{color, in_group, labels, named_of, number, some_text, subject_of};
use super::period::chosen;
use super::save::save_report;
use super::{Context, Function, Payload, Read, Write};
use crate::model::{
    Period, Report, ReportComment, ReportPart, ReportSchoolLife, ReportSubject, SaveReport, Subject, tab,
};
use crate::wire::{Malformed, Node};

/// Asks for the pupil's report card (`PageBulletins`, tab 13).
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The period; none for the one the tab opens on.
    pub period: Option<Period>,
}

impl Function for Request {
    const NAME: &'static str = "PageBulletins";
    const TAB: Option<u32> = Some(tab::REPORT);
    type Answer = Report;

    fn arguments(&self, context: &Context) -> Value {
        arguments(context, tab::REPORT, self.period.as_ref())
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Report, Malformed> {
        Ok(report(payload.data))
    }
}

impl Read for Request {}

/// Asks for the report card of the pupil's class (`PageBulletins`, tab 41).
#[derive(Debug, Clone, Default)]
pub struct OfClass {
    /// The period; none for the one the tab opens on.
    pub period: Option<Period>,
}

impl Function for OfClass {
    const NAME: &'static str = "PageBulletins";
    const TAB: Option<u32> = Some(tab::CLASS_REPORT);
    type Answer = Report;

    fn arguments(&self, context: &Context) -> Value {
        arguments(context, tab::CLASS_REPORT, self.period.as_ref())
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Report, Malformed> {
        Ok(report(payload.data))
    }
}

impl Read for OfClass {}

/// Confirms that a guardian has read a report card (`SaisieAccuseReceptionDocument`, data §9.6).
#[derive(Debug, Clone, Default)]
pub struct Acknowledge {
    /// The period of the report card; none for the one the tab opens on.
    pub period: Option<Period>,
}

impl Function for Acknowledge {
    const NAME: &'static str = "SaisieAccuseReceptionDocument";
    const TAB: Option<u32> = Some(tab::REPORT);
    type Answer = SaveReport;

    fn arguments(&self, context: &Context) -> Value {
        json!({ "periode": chosen(context, tab::REPORT, self.period.as_ref()).element })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for Acknowledge {}

fn arguments(context: &Context, tab: u32, period: Option<&Period>) -> Value {
    json!({ "periode": chosen(context, tab, period).element, "classe": {}, "eleve": {} })
}

fn report(root: Node<'_>) -> Report {
    let refusal = root.read_any::<String>(&["Message", "message"]).filter(|text| !text.trim().is_empty());
    let averages = root.get("General");
    let comments = root.get("ObjetListeAppreciations");
    Report {
        // An unsuitable period gives an empty object.
        published: refusal.is_none() && root.has("ListeServices"),
        notice: refusal.or_else(|| some_text(root, "strInfoDatePublication")),
        class: named_of(root, "Classe"),
        subjects: root.each("ListeServices", subject),
        student: averages.and_then(|averages| averages.mark("MoyenneEleve")),
        class_average: averages.and_then(|averages| averages.mark("MoyenneClasse")),
        comments: comments.map(overall_comments).unwrap_or_default(),
        school_life: root.get("ListeAbsences").map(school_life).unwrap_or_default(),
        chart_png: some_text(root, "graphe").map(|text| text.split_whitespace().collect()),
    }
}

fn subject(node: Node<'_>) -> Result<ReportSubject, Malformed> {
    let subject = match subject_of(node, "Matiere") {
        Some(subject) => subject,
        None => Subject { id: None, name: node.need("L")?, in_group: in_group(node) },
    };
    let parts: Vec<ReportPart> = node.each("ListeElements", |part| {
        Ok(ReportPart {
            name: some_text(part, "L"),
            teachers: labels(part, "ListeProfesseurs"),
            comments: comments(part),
        })
    });
    Ok(ReportSubject {
        id: node.id(),
        subject,
        color: color(node, "couleur"),
        group: named_of(node, "SurMatiere").map(|group| group.name),
        coefficient: number(node, "Coefficient"),
        student: node.mark("MoyenneEleve"),
        class_average: node.mark("MoyenneClasse"),
        lowest: node.mark("MoyenneInf"),
        highest: node.mark("MoyenneSup"),
        comments: comments(node),
        teachers: labels(node, "ListeProfesseurs"),
        parts,
    })
}

/// Comments without a text are places where one could have been written.
fn comments(node: Node<'_>) -> Vec<String> {
    node.items("ListeAppreciations").filter_map(|comment| some_text(comment, "L")).collect()
}

fn overall_comments(node: Node<'_>) -> Vec<ReportComment> {
    let comment = |node| Some(ReportComment { heading: some_text(node, "Intitule"), text: some_text(node, "L")? });
    node.items("ListeAppreciations").filter_map(comment).collect()
}

fn school_life(node: Node<'_>) -> ReportSchoolLife {
    ReportSchoolLife {
        absences: some_text(node, "strAbsences"),
        delays: some_text(node, "strRetards"),
        punishments: some_text(node, "strPunitions"),
        sanctions: some_text(node, "strSanctions"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    const PUBLISHED: &str = r##"{"ListeServices":{"_T":24,"V":[
      {"N":"12#v","L":"Maths","couleur":"#FFD966","Matiere":{"_T":24,"V":{"N":"16#m","L":"MATHÉMATIQUES"}},"SurMatiere":{"_T":24,"V":{"N":"0"}},
       "Coefficient":{"_T":10,"V":"2"},"MoyenneEleve":{"_T":10,"V":"14,25"},"MoyenneClasse":{"_T":10,"V":""},"MoyenneInf":{"_T":10,"V":"4"},
       "MoyenneSup":{"_T":10,"V":"18,5"},"ListeAppreciations":{"_T":24,"V":[{"N":"0","L":"Bon trimestre"},{"N":"0"}]},
       "ListeProfesseurs":{"_T":24,"V":[{"N":"3#t","L":"ROCHE A."}]}},
      {"N":"12#w","L":"LANGUES","SurMatiere":{"_T":24,"V":{"N":"16#s","L":"Humanités"}},
       "ListeElements":{"_T":24,"V":[{"L":"Oral","ListeProfesseurs":{"_T":24,"V":[{"L":"PETIT S."}]},"ListeAppreciations":{"_T":24,"V":[{"L":"Participe"}]}}]}},
      {"N":"12#x"}]},
     "ObjetListeAppreciations":{"_T":24,"V":{"ListeAppreciations":{"_T":24,"V":[{"L":"Ensemble satisfaisant","Intitule":"Conseil"},{"Intitule":"Vide"}]}}},
     "General":{"_T":24,"V":{"MoyenneEleve":{"_T":10,"V":"14,1"},"MoyenneClasse":{"_T":10,"V":"12"}}},"Classe":{"_T":24,"V":{"N":"1#c","L":"3B"}},
     "ListeAbsences":{"strAbsences":"2 demi-journées","strRetards":""},"graphe":"iVBOR\r\nw0KGgo=\n"}"##;

    #[test]
    fn a_published_report_is_read() {
        let (report, noted) = reading(PUBLISHED, report);
        assert_eq!(noted, ["ListeServices.V[2].L"]);
        assert!(report.published && report.notice.is_none());
        let maths = &report.subjects[0];
        assert_eq!((maths.subject.name.as_str(), maths.group.as_deref()), ("MATHÉMATIQUES", None));
        assert_eq!((maths.class_average, maths.comments.len()), (None, 1));
        assert_eq!(report.subjects[1].group.as_deref(), Some("Humanités"));
        assert_eq!(report.subjects[1].parts[0].teachers, ["PETIT S."]);
        assert_eq!(report.comments.len(), 1);
        assert_eq!(report.school_life.absences.as_deref(), Some("2 demi-journées"));
        assert_eq!(report.school_life.delays, None);
        assert_eq!(report.chart_png.as_deref(), Some("iVBORw0KGgo="));
    }

    #[test]
    fn an_unpublished_report_says_so_in_either_spelling() {
        for key in ["Message", "message"] {
            let (report, noted) = reading(&format!(r#"{{"{key}":"Publication le 12/12"}}"#), report);
            assert_eq!((report.published, report.notice.as_deref()), (false, Some("Publication le 12/12")));
            assert!(noted.is_empty());
        }
        assert_eq!(reading("{}", report), (Report::default(), vec![]));
    }

    #[test]
    fn a_garbled_report_is_no_report() {
        let (report, noted) = reading(r#"{"ListeServices":7,"General":3,"graphe":{},"ListeAbsences":[]}"#, report);
        assert!(report.subjects.is_empty() && report.chart_png.is_none());
        assert_eq!(noted, ["ListeServices", "graphe"]);
    }
}
