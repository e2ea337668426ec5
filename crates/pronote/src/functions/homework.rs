//! `PageCahierDeTexte` on the homework tab, and `SaisieTAFFaitEleve` (data §7).

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::common::{attachment, color, either, some_text, subject_of, theme};
use super::save::save_report;
use super::{Context, Function, Payload, Read, Write};
use crate::model::{Difficulty, Homework, Quiz, ReturnKind, SaveReport, Submission, tab};
use crate::session::Page;
use crate::wire::{Malformed, Node, RemoteId, Set, write};

/// Asks for the homework due in some school weeks (`PageCahierDeTexte`, tab 88).
#[derive(Debug, Clone)]
pub struct Request {
    /// The school weeks.
    pub weeks: RangeInclusive<u32>,
}

impl Function for Request {
    const NAME: &'static str = "PageCahierDeTexte";
    const TAB: Option<u32> = Some(tab::HOMEWORK);
    type Answer = Vec<Homework>;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "domaine": domain(&self.weeks) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Homework>, Malformed> {
        // Servers always send the list on this tab; contents without it are the page of the other tab.
        if !payload.data.has("ListeTravauxAFaire") && payload.data.has("ListeCahierDeTextes") {
            return Err(payload.data.missing("ListeTravauxAFaire"));
        }
        Ok(payload.data.each("ListeTravauxAFaire", homework))
    }
}

impl Read for Request {}

impl Page<Vec<Homework>> {
    /// Whether all homework that the server listed could be read: then what is not in it is no more.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.listed("ListeTravauxAFaire") == Some(self.len())
    }
}

/// Marks homework as done or not done (`SaisieTAFFaitEleve`, data §7.2).
#[derive(Debug, Clone)]
pub struct MarkDone {
    /// The homework, as this session knows it.
    pub homework: RemoteId,
    /// Whether it is done.
    pub done: bool,
}

impl Function for MarkDone {
    const NAME: &'static str = "SaisieTAFFaitEleve";
    const TAB: Option<u32> = Some(tab::HOMEWORK);
    type Answer = SaveReport;

    fn arguments(&self, _: &Context) -> Value {
        const MODIFIED: u8 = 2;
        json!({ "listeTAF": [{ "N": self.homework, "TAFFait": self.done, "E": MODIFIED }] })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for MarkDone {}

/// A set of weeks as requests write it.
pub(crate) fn domain(weeks: &RangeInclusive<u32>) -> Value {
    const MOST_WEEKS: u32 = 62;
    let (first, last) = (*weeks.start(), (*weeks.end()).min(MOST_WEEKS));
    write::weeks(&(first..=last).collect::<Set>())
}

/// A piece of homework. The home page spells the names in lower case.
pub(crate) fn homework(node: Node<'_>) -> Result<Homework, Malformed> {
    Ok(Homework {
        id: node.need("N")?,
        subject: subject_of(node, either(node, "Matiere", "matiere")),
        description: node.read("descriptif").unwrap_or_default(),
        given: node.read_any(&["DonneLe", "donneLe"]),
        due: node.need(either(node, "PourLe", "pourLe"))?,
        done: node.flag("TAFFait"),
        color: color(node, either(node, "CouleurFond", "couleurFond")),
        difficulty: node.read("niveauDifficulte").unwrap_or(Difficulty::Unsaid),
        estimated_minutes: node.read("duree").filter(|minutes| *minutes > 0),
        audience: some_text(node, "nomPublic"),
        attachments: node.each(either(node, "ListePieceJointe", "listeDocumentJoint"), attachment),
        themes: node.each("ListeThemes", theme),
        submission: Submission {
            kind: node.read("genreRendu").unwrap_or(ReturnKind::None),
            possible: node.flag("peuRendre"),
            file: node.maybe("documentRendu", attachment),
            at: node.read("dateRendu"),
            correction_comment: some_text(node, "commentaireCorrige"),
        },
        content_id: node.get("cahierDeTextes").and_then(Node::id),
        lesson_id: node.get("cours").and_then(Node::id),
        quiz: node.get("executionQCM").map(quiz),
    })
}

fn quiz(node: Node<'_>) -> Quiz {
    let quiz = node.get("QCM");
    Quiz {
        id: node.id(),
        name: quiz.map(|quiz| quiz.text("L")).unwrap_or_default(),
        questions: quiz.and_then(|quiz| quiz.read("nbQuestionsTotal")),
        begun: node.flag("estDemarre"),
        opens: node.read("dateDebutPublication"),
        closes: node.read("dateFinPublication"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;
    use crate::functions::common::reading;
    use crate::model::AttachmentKind;

    const PAGE: &str = r##"{"ListeTravauxAFaire":{"_T":24,"V":[
      {"N":"38#a","descriptif":{"_T":21,"V":"<div>Ex.&nbsp;4 p. 12</div>"},"PourLe":{"_T":7,"V":"12/09/2025"},
       "DonneLe":{"_T":7,"V":"05/09/2025"},"TAFFait":true,"Matiere":{"_T":24,"V":{"N":"16#m","L":"MATHÉMATIQUES"}},
       "CouleurFond":"#FFD966","niveauDifficulte":2,"duree":30,"nomPublic":"3B",
       "ListePieceJointe":{"_T":24,"V":[{"N":"48#a","G":1,"L":"fiche.pdf"},{"N":"48#b","G":9,"L":"?"}]},
       "ListeThemes":{"_T":24,"V":[{"N":"90#t","L":"Fractions","Matiere":{"_T":24,"V":{"N":"16#m","L":"MATHÉMATIQUES"}}}]},
       "genreRendu":2,"peuRendre":true,"documentRendu":{"_T":24,"V":{"N":"48#r","G":1,"L":"devoir.odt"}},
       "dateRendu":{"_T":7,"V":"11/09/2025 20:15:00"},"commentaireCorrige":"Bien",
       "cours":{"_T":24,"V":{"N":"20#l"}},"cahierDeTextes":{"_T":24,"V":{"N":"37#k"}},
       "executionQCM":{"_T":24,"V":{"N":"56#q","estDemarre":false,"QCM":{"_T":24,"V":{"N":"55#q","L":"Révisions","nbQuestionsTotal":8}}}}},
      {"N":"38#b","matiere":{"_T":24,"V":{"L":"ANGLAIS"}},"pourLe":{"_T":7,"V":"13/09/2025"},"duree":0,"couleurFond":"",
       "niveauDifficulte":7,"listeDocumentJoint":{"_T":24,"V":[{"N":"48#c","G":0,"L":"https://exemple.fr"}]}}]}}"##;

    fn page(text: &str) -> (Vec<Homework>, Vec<String>) {
        let (page, noted) =
            reading(text, |data| Request::read(Payload { data, report: None }, &Context::default()).unwrap());
        (page, noted)
    }

    #[test]
    fn homework_is_read_with_what_is_returned() {
        let (all, noted) = page(PAGE);
        assert!(noted.is_empty(), "{noted:?}");
        let work = &all[0];
        assert_eq!(work.description.text(), "Ex. 4 p. 12");
        assert_eq!((work.given, work.due), (Some(date(2025, 9, 5)), date(2025, 9, 12)));
        assert_eq!((work.difficulty, work.estimated_minutes, work.done), (Difficulty::Medium, Some(30), true));
        assert_eq!(work.attachments[1].kind, AttachmentKind::Other(9));
        assert_eq!(work.themes[0].name, "Fractions");
        assert_eq!(work.submission.kind, ReturnKind::File);
        assert_eq!(work.submission.file.as_ref().unwrap().name, "devoir.odt");
        assert_eq!(work.submission.at, Some(datetime(2025, 9, 11, 20, 15, 0, 0)));
        assert_eq!(work.lesson_id, Some(RemoteId::new("20#l")));
        assert_eq!(work.quiz.as_ref().unwrap().questions, Some(8));
    }

    #[test]
    fn the_home_page_spells_it_differently() {
        let work = &page(PAGE).0[1];
        assert_eq!((work.subject.as_ref().unwrap().name.as_str(), work.due), ("ANGLAIS", date(2025, 9, 13)));
        assert_eq!((work.difficulty, work.estimated_minutes, work.color), (Difficulty::Other(7), None, None));
        assert_eq!(work.attachments[0].url.as_deref(), Some("https://exemple.fr"));
    }

    #[test]
    fn bad_homework_costs_only_itself() {
        let (all, noted) = page(
            r#"{"ListeTravauxAFaire":[{"N":"38#a","PourLe":{"_T":7,"V":"31/02/2025"}},{"N":"38#b"},{"PourLe":{"_T":7,"V":"01/09/2025"}},
            {"N":"38#c","PourLe":{"_T":7,"V":"01/09/2025"},"TAFFait":"?","duree":-5,"niveauDifficulte":1e40,"documentRendu":{"G":1},"descriptif":{}}]}"#,
        );
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].estimated_minutes, all[0].submission.file.as_ref()), (None, None));
        assert_eq!(noted.len(), 8, "{noted:?}");
        assert_eq!(page(r#"{"ListeTravauxAFaire":null}"#), (vec![], vec![]));
    }

    #[test]
    fn weeks_are_asked_as_a_domain() {
        let weeks = |weeks| Request { weeks }.arguments(&Context::default())["domaine"].clone();
        assert_eq!(weeks(2..=5), json!({ "_T": 8, "V": "[2..5]" }));
        assert_eq!(weeks(3..=3), json!({ "_T": 8, "V": "[3]" }));
        assert_eq!(weeks(61..=u32::MAX), json!({ "_T": 8, "V": "[61..62]" }));
    }

    #[test]
    fn a_mark_as_done_says_what_changes() {
        let mark = MarkDone { homework: RemoteId::new("38#a"), done: true };
        assert_eq!(
            mark.arguments(&Context::default()),
            json!({ "listeTAF": [{ "N": "38#a", "TAFFait": true, "E": 2 }] })
        );
    }
}
