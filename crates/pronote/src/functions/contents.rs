//! `PageCahierDeTexte` on the contents tab, `donneesContenusCDT` and `RessourcePedagogique` (data §6).

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::common::{attachment, color, labels, some_text, subject, subject_of, theme};
use super::homework::{domain, homework};
use super::{Context, Function, Payload, Read};
use crate::model::{ContentCategory, ContentItem, Contents, Homework, LessonContent, SharedResource, Subject, tab};
use crate::wire::{Malformed, Node, RemoteId};

/// Asks for the contents of the lessons of some school weeks (`PageCahierDeTexte`, tab 89).
#[derive(Debug, Clone)]
pub struct Request {
    /// The school weeks.
    pub weeks: RangeInclusive<u32>,
}

impl Function for Request {
    const NAME: &'static str = "PageCahierDeTexte";
    const TAB: Option<u32> = Some(tab::CONTENTS);
    type Answer = Contents;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "domaine": domain(&self.weeks) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Contents, Malformed> {
        let part = |key| payload.data.get(key).map(shared).unwrap_or_default();
        Ok(Contents {
            lessons: payload.data.each("ListeCahierDeTextes", lesson),
            shared: part("ListeRessourcesPedagogiques"),
            manuals: part("ListeRessourcesNumeriques"),
        })
    }
}

impl Read for Request {}

/// Asks for the contents of one lesson (`donneesContenusCDT`, data §6.5).
#[derive(Debug, Clone)]
pub struct One {
    /// The contents, as the timetable of this session names them.
    pub content: RemoteId,
}

impl Function for One {
    const NAME: &'static str = "donneesContenusCDT";
    const TAB: Option<u32> = Some(tab::CONTENTS);
    type Answer = LessonContent;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "cahierDeTextes": { "N": self.content } })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<LessonContent, Malformed> {
        lesson(first(payload.data)?)
    }
}

impl Read for One {}

/// Asks for the homework given in one lesson (`donneesContenusCDT` with `pourTAF`).
#[derive(Debug, Clone)]
pub struct HomeworkOf {
    /// The contents, as the timetable of this session names them.
    pub content: RemoteId,
}

impl Function for HomeworkOf {
    const NAME: &'static str = "donneesContenusCDT";
    const TAB: Option<u32> = Some(tab::CONTENTS);
    type Answer = Vec<Homework>;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "cahierDeTextes": { "N": self.content }, "pourTAF": true })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Homework>, Malformed> {
        Ok(first(payload.data)?.each("ListeTravailAFaire", homework))
    }
}

impl Read for HomeworkOf {}

/// Asks for the files and links that teachers share (`RessourcePedagogique`, data §6.6).
#[derive(Debug, Clone, Copy)]
pub struct Resources;

impl Function for Resources {
    const NAME: &'static str = "RessourcePedagogique";
    const TAB: Option<u32> = Some(tab::RESOURCES);
    type Answer = Vec<SharedResource>;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "avecRessourcesPronote": true, "avecRessourcesEditeur": false })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<SharedResource>, Malformed> {
        Ok(shared(payload.data))
    }
}

impl Read for Resources {}

fn first(data: Node<'_>) -> Result<Node<'_>, Malformed> {
    data.items("ListeCahierDeTextes").next().ok_or_else(|| data.missing("ListeCahierDeTextes"))
}

fn lesson(node: Node<'_>) -> Result<LessonContent, Malformed> {
    Ok(LessonContent {
        id: node.need("N")?,
        lesson_id: node.get("cours").and_then(Node::id),
        subject: subject_of(node, "Matiere"),
        teachers: labels(node, "listeProfesseurs"),
        groups: labels(node, "listeGroupes"),
        start: node.read("Date"),
        end: node.read("DateFin"),
        color: color(node, "CouleurFond"),
        locked: node.flag("verrouille"),
        homework_due: node.read_any(&["dateTAF", "DateTAF"]),
        items: node.each("listeContenus", item),
        curriculum: labels(node, "listeElementsProgrammeCDT"),
        homework: node.each("ListeTravailAFaire", homework),
    })
}

fn item(node: Node<'_>) -> Result<ContentItem, Malformed> {
    let category = node.get("categorie");
    let title = some_text(node, "L");
    let description = node.get("descriptif");
    if title.is_none() && description.is_none() && node.id().is_none() {
        return Err(node.missing("descriptif"));
    }
    Ok(ContentItem {
        id: node.id(),
        title,
        description: description.and_then(Node::value).unwrap_or_default(),
        category: category.and_then(|node| node.read("G")).unwrap_or(ContentCategory::Unsaid),
        category_name: category.and_then(|node| some_text(node, "L")),
        attachments: node.each("ListePieceJointe", attachment),
        themes: node.each("ListeThemes", theme),
    })
}

/// Resources name their subject by its identifier; the subjects stand in a list beside them.
fn shared(node: Node<'_>) -> Vec<SharedResource> {
    let subjects: Vec<Subject> = node.each("listeMatieres", subject);
    let resource = |node: Node<'_>| {
        let of = node.get("matiere");
        let listed =
            of.and_then(Node::id).and_then(|id| subjects.iter().find(|subject| subject.id.as_ref() == Some(&id)));
        Ok(SharedResource {
            file: attachment(node.need_node("ressource")?)?,
            shared_on: node.read("date"),
            subject: listed.cloned().or_else(|| subject_of(node, "matiere")),
        })
    };
    node.each("listeRessources", resource)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;
    use crate::functions::common::reading;

    const PAGE: &str = r##"{"ListeCahierDeTextes":{"_T":24,"V":[
      {"N":"37#k","verrouille":true,"cours":{"_T":24,"V":{"N":"20#l"}},"Matiere":{"_T":24,"V":{"N":"16#m","L":"MATHÉMATIQUES"}},
       "CouleurFond":"#FFD966","Date":{"_T":7,"V":"05/09/2025 09:00:00"},"DateFin":{"_T":7,"V":"05/09/2025 10:00:00"},
       "DateTAF":{"_T":7,"V":"12/09/2025"},"listeProfesseurs":{"_T":24,"V":[{"N":"3#t","L":"ROCHE A."}]},
       "listeGroupes":{"_T":24,"V":[{"N":"2#g","L":"3B GR.1"}]},
       "listeElementsProgrammeCDT":{"_T":24,"V":[{"N":"91#e","L":"Calcul"}]},
       "listeContenus":{"_T":24,"V":[
         {"N":"37#x","L":"Fractions","descriptif":{"_T":21,"V":"<p>Cours</p>"},"categorie":{"_T":24,"V":{"G":1,"L":"Cours"}},
          "ListePieceJointe":{"_T":24,"V":[{"N":"48#a","G":1,"L":"fiche.pdf"}]},"ListeThemes":{"_T":24,"V":[]}},
         {"N":"37#y","descriptif":{"_T":21,"V":""},"categorie":{"_T":24,"V":{"G":44}}},{"categorie":{"G":0}}]},
       "ListeTravailAFaire":{"_T":24,"V":[{"N":"38#a","PourLe":{"_T":7,"V":"12/09/2025"}}]}},
      {"L":"sans identifiant"}]},
      "ListeRessourcesPedagogiques":{"_T":24,"V":{"listeRessources":{"_T":24,"V":[
         {"G":1,"ressource":{"_T":24,"V":{"N":"48#r","L":"annales.pdf","G":1}},"date":{"_T":7,"V":"03/09/2025"},"matiere":{"_T":24,"V":{"N":"16#m"}}},
         {"G":1,"date":{"_T":7,"V":"03/09/2025"}}]},
        "listeMatieres":{"_T":24,"V":[{"N":"16#m","L":"MATHÉMATIQUES","G":16}]}}}}"##;

    fn read<F: Function>(text: &str) -> (Result<F::Answer, Malformed>, Vec<String>) {
        reading(text, |data| F::read(Payload { data, report: None }, &Context::default()))
    }

    #[test]
    fn contents_and_shared_resources_are_read() {
        let (page, noted) = read::<Request>(PAGE);
        let page = page.unwrap();
        let [lesson] = &page.lessons[..] else { panic!("{:?}", page.lessons) };
        assert_eq!(lesson.start, Some(datetime(2025, 9, 5, 9, 0, 0, 0)));
        assert_eq!((lesson.homework_due, lesson.locked), (Some(date(2025, 9, 12)), true));
        assert_eq!((lesson.teachers[0].as_str(), lesson.curriculum[0].as_str()), ("ROCHE A.", "Calcul"));
        assert_eq!(lesson.items.len(), 2);
        assert_eq!(lesson.items[0].category, ContentCategory::Lesson);
        assert_eq!(lesson.items[1].category, ContentCategory::Other(44));
        assert_eq!(lesson.homework.len(), 1);
        assert_eq!(page.shared[0].subject.as_ref().unwrap().name, "MATHÉMATIQUES");
        assert_eq!(page.shared[0].shared_on, Some(date(2025, 9, 3)));
        assert_eq!(
            noted,
            [
                "ListeCahierDeTextes.V[0].listeContenus.V[2].descriptif",
                "ListeCahierDeTextes.V[1].N",
                "ListeRessourcesPedagogiques.V.listeRessources.V[1].ressource"
            ]
        );
    }

    #[test]
    fn one_lesson_gives_its_contents_or_its_homework() {
        assert_eq!(read::<One>(PAGE).0.unwrap().id, RemoteId::new("37#k"));
        assert_eq!(read::<HomeworkOf>(PAGE).0.unwrap().len(), 1);
        for text in ["{}", r#"{"ListeCahierDeTextes":{"_T":24,"V":[]}}"#] {
            assert!(read::<One>(text).0.is_err() && read::<HomeworkOf>(text).0.is_err(), "{text}");
        }
        let content = RemoteId::new("37#k");
        assert_eq!(HomeworkOf { content }.arguments(&Context::default())["pourTAF"], true);
    }

    #[test]
    fn an_empty_page_is_no_fault() {
        for text in ["{}", r#"{"ListeCahierDeTextes":{"_T":24,"V":[]},"ListeRessourcesPedagogiques":{"_T":24,"V":[]}}"#]
        {
            let (page, noted) = read::<Request>(text);
            assert_eq!((page.unwrap(), noted), (Contents::default(), vec![]), "{text}");
        }
        assert!(read::<Resources>("{}").0.unwrap().is_empty());
    }
}
