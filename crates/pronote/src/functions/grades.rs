//! `DernieresNotes`: the grades and averages of a period (data §8).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::common::{color, in_group, named_of, number, some_text, subject_of, theme};
use super::period::chosen;
use super::{Context, Function, Payload, Read};
use crate::model::{
    Attachment, AttachmentKind, FileGenre, Grade, Grades, Instance, OverallAverage, Period, Subject, SubjectAverage,
    average_on_20, mean, on_20, tab,
};
use crate::wire::{Malformed, Mark, Node, RemoteId};

/// Asks for the grades and averages of a period (`DernieresNotes`, tab 198).
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The period; none for the one the account is in.
    pub period: Option<Period>,
}

impl Function for Request {
    const NAME: &'static str = "DernieresNotes";
    const TAB: Option<u32> = Some(tab::GRADES);
    type Answer = Grades;

    fn arguments(&self, context: &Context) -> Value {
        json!({ "Periode": chosen(context, tab::GRADES, self.period.as_ref()).element })
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Grades, Malformed> {
        Ok(grades(payload.data, &context.instance))
    }
}

impl Read for Request {}

fn grades(root: Node<'_>, instance: &Instance) -> Grades {
    let usual = usual_scale(instance);
    let grades = listed(root, instance);
    let mut subjects = root.each("listeServices", |node| subject_average(node, usual));
    for average in subjects.iter_mut().filter(|average| average.student.is_none()) {
        let same = |subject: &Subject| match (&subject.id, &average.subject.id) {
            (Some(id), Some(of_average)) => id == of_average,
            _ => subject.name == average.subject.name,
        };
        let computed = average_on_20(grades.iter().filter(|grade| grade.subject.as_ref().is_some_and(same)));
        average.student_on_20 = computed;
        average.computed = computed.is_some();
    }
    Grades {
        overall: overall(root, &subjects, usual),
        subjects,
        grades,
        shows_grades: root.read("avecDetailDevoir").unwrap_or(true),
        shows_subjects: root.read("avecDetailService").unwrap_or(true),
    }
}

/// The grades that are listed, wherever they stand: their own page, or the home page.
pub(crate) fn listed(root: Node<'_>, instance: &Instance) -> Vec<Grade> {
    let usual = usual_scale(instance);
    root.each("listeDevoirs", |node| grade(node, usual))
}

fn usual_scale(instance: &Instance) -> Decimal {
    instance.default_scale.filter(sane).unwrap_or(Decimal::from(20))
}

fn overall(root: Node<'_>, subjects: &[SubjectAverage], usual: Decimal) -> OverallAverage {
    let scale = scale(root, "baremeMoyGenerale", "baremeMoyGeneraleParDefaut", usual);
    let student = root.mark("moyGenerale");
    let told = student.as_ref().and_then(Mark::number).and_then(|value| on_20(value, scale));
    let computed = match student {
        None => mean(subjects.iter().filter_map(|subject| subject.student_on_20)),
        Some(_) => None,
    };
    OverallAverage {
        student_on_20: told.or(computed),
        computed: computed.is_some(),
        student,
        class: root.mark("moyGeneraleClasse"),
        scale,
    }
}

fn subject_average(node: Node<'_>, usual: Decimal) -> Result<SubjectAverage, Malformed> {
    let scale = scale(node, "baremeMoyEleve", "baremeMoyEleveParDefaut", usual);
    let student = node.mark("moyEleve");
    Ok(SubjectAverage {
        subject: Subject { id: node.id(), name: node.need("L")?, in_group: in_group(node) },
        order: node.read("ordre"),
        color: color(node, "couleur"),
        student_on_20: student.as_ref().and_then(Mark::number).and_then(|value| on_20(value, scale)),
        student,
        computed: false,
        class: node.mark("moyClasse"),
        lowest: node.mark("moyMin"),
        highest: node.mark("moyMax"),
        scale,
    })
}

fn grade(node: Node<'_>, usual: Decimal) -> Result<Grade, Malformed> {
    let id: RemoteId = node.need("N")?;
    let subject = node.get("service");
    let default_scale = number(node, "baremeParDefaut").filter(sane).unwrap_or(usual);
    Ok(Grade {
        title: node.text("commentaire"),
        value: node.need("note")?,
        scale: scale(node, "bareme", "baremeParDefaut", usual),
        default_scale,
        date: node.need("date")?,
        subject: subject_of(node, "service"),
        color: subject.and_then(|subject| color(subject, "couleur")),
        period: named_of(node, "periode"),
        class_average: node.mark("moyenne"),
        lowest: node.mark("noteMin"),
        highest: node.mark("noteMax"),
        coefficient: number(node, "coefficient").unwrap_or(Decimal::ONE),
        remark: some_text(node, "commentaireSurNote"),
        bonus: node.flag("estBonus"),
        optional: node.flag("estFacultatif"),
        rescaled: node.flag("estRamenerSur20"),
        in_group: node.flag("estEnGroupe"),
        subject_file: file(node, "libelleSujet", FileGenre::TestSubject, &id),
        correction_file: file(node, "libelleCorrige", FileGenre::TestCorrection, &id),
        themes: node.each("ListeThemes", theme),
        id,
    })
}

/// The papers of a test are files under the identifier of the grade.
fn file(node: Node<'_>, key: &str, genre: FileGenre, id: &RemoteId) -> Option<Attachment> {
    Some(Attachment {
        id: Some(id.clone()),
        kind: AttachmentKind::File,
        name: some_text(node, key)?,
        url: None,
        has_thumbnail: false,
        genre: Some(genre),
    })
}

fn scale(node: Node<'_>, key: &str, default: &str, usual: Decimal) -> Decimal {
    let scale = number(node, key).filter(sane).or_else(|| number(node, default).filter(sane));
    scale.unwrap_or(usual)
}

/// A scale that can be divided by.
fn sane(scale: &Decimal) -> bool {
    *scale > Decimal::ZERO
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::functions::common::reading;
    use crate::wire::Annotation;

    fn page(text: &str) -> (Grades, Vec<String>) {
        reading(text, |root| grades(root, &Instance::default()))
    }

    const PAGE: &str = r##"{"moyGenerale":{"_T":10,"V":"14,25"},"moyGeneraleClasse":{"_T":10,"V":"12,10"},"avecDetailDevoir":true,
      "listeServices":{"_T":24,"V":[
        {"N":"12#v","L":"MATHÉMATIQUES","ordre":3,"couleur":"#FFD966","estServiceEnGroupe":true,"moyEleve":{"_T":10,"V":"7,5"},
         "baremeMoyEleve":{"_T":10,"V":"10"},"moyClasse":{"_T":10,"V":"6,1"},"moyMin":{"_T":10,"V":"2"},"moyMax":{"_T":10,"V":"|8|10"}}]},
      "listeDevoirs":{"_T":24,"V":[
        {"N":"59#a","note":{"_T":10,"V":"15,50"},"bareme":{"_T":10,"V":"20"},"baremeParDefaut":{"_T":10,"V":"20"},
         "date":{"_T":7,"V":"10/09/2025"},"service":{"_T":24,"V":{"N":"12#v","L":"MATHÉMATIQUES","couleur":"#FFD966"}},
         "periode":{"_T":24,"V":{"N":"11#p","L":"Trimestre 1"}},"moyenne":{"_T":10,"V":"11,80"},"noteMax":{"_T":10,"V":"19"},
         "noteMin":{"_T":10,"V":"3,5"},"coefficient":1.5,"commentaire":"Contrôle","commentaireSurNote":"Bravo","estBonus":false,
         "estFacultatif":true,"estRamenerSur20":true,"libelleSujet":"sujet.pdf","libelleCorrige":""},
        {"N":"59#b","note":{"_T":10,"V":"|5"},"bareme":{"_T":10,"V":"10"},"date":{"_T":7,"V":"11/09/2025"},"coefficient":"0,5"},
        {"N":"59#c","note":{"_T":10,"V":""},"date":{"_T":7,"V":"12/09/2025"}}]}}"##;

    #[test]
    fn grades_and_averages_are_read() {
        let (page, noted) = page(PAGE);
        assert!(noted.is_empty(), "{noted:?}");
        assert_eq!(page.overall.student_on_20, Some(Decimal::new(1425, 2)));
        assert!(!page.overall.computed);
        let subject = &page.subjects[0];
        assert_eq!(subject.student_on_20, Some(Decimal::from(15)), "7.5 on 10");
        assert!(subject.subject.in_group && !subject.computed);
        assert_eq!(subject.highest.unwrap().annotation(), Some(Annotation::Congratulations));
        let grade = &page.grades[0];
        assert_eq!((grade.value, grade.date), (Some(Mark::Value(Decimal::new(1550, 2))), date(2025, 9, 10)));
        assert_eq!((grade.coefficient, grade.scale), (Decimal::new(15, 1), Decimal::from(20)));
        assert!(grade.optional && grade.rescaled && !grade.bonus);
        let paper = grade.subject_file.as_ref().unwrap();
        assert_eq!((paper.id.as_ref(), paper.genre), (Some(&grade.id), Some(FileGenre::TestSubject)));
        assert_eq!(grade.correction_file, None);
        assert_eq!(page.grades[1].value.unwrap().annotation(), Some(Annotation::NotHandedIn));
        assert_eq!(page.grades[1].coefficient, Decimal::new(5, 1));
        assert_eq!(page.grades[2].value, None);
    }

    #[test]
    fn a_hidden_overall_average_is_computed_and_says_so() {
        let (page, _) = page(
            r#"{"listeServices":[{"N":"12#v","L":"A","moyEleve":{"_T":10,"V":"10"}},{"N":"12#w","L":"B","moyEleve":{"_T":10,"V":"|1"}},
              {"N":"12#x","L":"C"},{"N":"12#y","L":"D"}],
             "listeDevoirs":[{"N":"59#a","note":"8","bareme":"10","date":"10/09/2025","service":{"N":"12#x","L":"C"}}]}"#,
        );
        let computed: Vec<_> = page.subjects.iter().map(|subject| (subject.student_on_20, subject.computed)).collect();
        let number = |value: i64| Some(Decimal::from(value));
        assert_eq!(computed, [(number(10), false), (None, false), (number(16), true), (None, false)]);
        assert_eq!((page.overall.student_on_20, page.overall.computed), (number(13), true));
        assert_eq!(page.overall.student, None);
    }

    #[test]
    fn bad_grades_cost_only_themselves() {
        let (page, noted) = page(
            r#"{"moyGenerale":{"_T":10,"V":"NaN"},"listeServices":{"_T":24,"V":[{"N":"12#v"},{"L":"A","moyEleve":{"_T":10,"V":"10"},"baremeMoyEleve":{"_T":10,"V":"0"}}]},
            "listeDevoirs":{"_T":24,"V":[{"N":"59#a","note":{"_T":10,"V":"NaN"},"date":{"_T":7,"V":"10/09/2025"}},
             {"N":"59#b","note":{"_T":10,"V":"12"},"date":{"_T":7,"V":"31/02/2025"}},{"N":"59#c","date":{"_T":7,"V":"10/09/2025"}},
             {"N":"59#d","note":{"_T":10,"V":"99999999999999999999999999"},"bareme":{"_T":10,"V":"-3"},"coefficient":1e300,"date":{"_T":7,"V":"10/09/2025"}},
             {"N":"59#e","note":{"_T":10,"V":"|77"},"date":{"_T":7,"V":"10/09/2025"}}]}}"#,
        );
        assert_eq!(page.grades.len(), 2);
        assert_eq!((page.grades[0].scale, page.grades[0].coefficient), (Decimal::from(20), Decimal::ONE));
        assert_eq!(page.grades[1].value.unwrap().annotation(), Some(Annotation::Other(77)));
        assert_eq!(page.subjects[0].student_on_20, Some(Decimal::from(10)), "a scale of zero is no scale");
        assert_eq!(noted.len(), 6, "{noted:?}");
    }
}
