//! `DernieresNotes`: grades and averages (data §8).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};

use super::write::{date, element, list, mark};
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{Audience, Averages, Mark, Period, Person, School, SubjectAverage, SubjectId, Test};

/// Answers `DernieresNotes`.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?;
    let Some(period) = read::period(school, ids, call.data)? else {
        return Ok(Answer::read(json!({ "listeServices": list([]), "listeDevoirs": list([]) })));
    };
    let averages = school.averages(pupil, period);
    let mut tests = school.tests_of(pupil, period);
    tests.sort_by_key(|test| (std::cmp::Reverse(test.date), test.id));
    let grades = tests.into_iter().filter_map(|test| grade(school, ids, test, test.mark(pupil.id)?, pupil));
    let mut data = json!({
        "avecDetailDevoir": true,
        "avecDetailService": true,
        "baremeMoyGenerale": mark("20"),
        "baremeMoyGeneraleParDefaut": mark("20"),
        "listeServices": list((1..).zip(&averages.subjects).map(|(order, average)| service(school, ids, order, average))),
        "listeDevoirs": list(grades),
    });
    if let Some((own, class)) = shown_overall(school, pupil, &averages) {
        data["moyGenerale"] = mark(own);
        data["moyGeneraleClasse"] = mark(class);
    }
    Ok(Answer::read(data))
}

/// The overall averages of pupil and class, if the class may see them and there are any.
pub(crate) fn shown_overall(school: &School, pupil: &Person, averages: &Averages) -> Option<(String, String)> {
    let hidden = pupil.class.is_some_and(|class| school.grading.hidden_overall.contains(&class));
    if hidden { None } else { Some((decimal(averages.pupil?), decimal(averages.class?))) }
}

/// An average as text: with a comma, empty when it is hidden or there is none.
pub(crate) fn shown(school: &School, subject: SubjectId, average: Option<Decimal>) -> Value {
    let hidden = school.grading.hidden_subjects.contains(&subject);
    mark(average.filter(|_| !hidden).map(decimal).unwrap_or_default())
}

/// A service as `{N, L, G, couleur}`: for the viewer, the subject.
pub(crate) fn service_element(school: &School, ids: &Ids, subject: SubjectId) -> Value {
    let (name, color) =
        school.subjects.get(subject).map_or(("", "#C0C0C0"), |subject| (subject.name.as_str(), subject.color.as_str()));
    json!({ "N": ids.write(genre::SERVICE, subject), "L": name, "G": genre::SERVICE, "couleur": color })
}

fn service(school: &School, ids: &Ids, order: u32, average: &SubjectAverage) -> Value {
    let mut service = service_element(school, ids, average.subject);
    let shown = |value| shown(school, average.subject, value);
    for (key, value) in [
        ("ordre", json!(order)),
        ("estServiceEnGroupe", json!(average.in_group)),
        ("estServiceGroupe", json!(average.in_group)),
        ("moyEleve", shown(average.pupil)),
        ("baremeMoyEleve", mark("20")),
        ("baremeMoyEleveParDefaut", mark("20")),
        ("moyClasse", shown(average.class)),
        ("moyMin", shown(average.min)),
        ("moyMax", shown(average.max)),
    ] {
        service[key] = value;
    }
    service
}

fn grade(school: &School, ids: &Ids, test: &Test, own: Mark, pupil: &Person) -> Option<Value> {
    let term = school.year.term(test.date)?;
    let counted: Vec<Decimal> = test.marks.iter().filter_map(|(_, mark)| mark.counts(test.scale)).collect();
    let mean =
        (!counted.is_empty()).then(|| (counted.iter().sum::<Decimal>() / Decimal::from(counted.len())).round_dp(2));
    let text = |value: Option<Decimal>| mark(value.map(decimal).unwrap_or_default());
    // Congratulations are worth the scale, and say so.
    let value = if own == Mark::Annotation(8) { format!("|8|{}", decimal(test.scale)) } else { own.wire() };
    let mut grade = json!({
        "N": ids.write(genre::TEST, test.id),
        "G": genre::TEST,
        "note": mark(value),
        "bareme": mark(decimal(test.scale)),
        "baremeParDefaut": mark("20"),
        "date": date(test.date),
        "service": element(service_element(school, ids, test.subject)),
        "periode": element(period_element(ids, term)),
        "moyenne": text(mean),
        "noteMax": text(counted.iter().max().copied()),
        "noteMin": text(counted.iter().min().copied()),
        "coefficient": number(test.coefficient),
        "commentaire": test.title,
        "estEnGroupe": matches!(test.audience, Audience::Group(_)),
        "estBonus": test.bonus,
        "estFacultatif": test.optional,
        "estRamenerSur20": test.rescaled,
        "ListeThemes": list([]),
    });
    if let Some((_, remark)) = test.remarks.iter().find(|(person, _)| *person == pupil.id) {
        grade["commentaireSurNote"] = json!(remark);
    }
    for (key, file) in [("libelleSujet", test.subject_file), ("libelleCorrige", test.correction_file)] {
        if let Some(file) = file.and_then(|file| school.files.get(file)) {
            grade[key] = json!(file.name);
        }
    }
    Some(grade)
}

/// A period as `{N, L}`.
pub(crate) fn period_element(ids: &Ids, period: &Period) -> Value {
    json!({ "N": ids.write(genre::PERIOD, period.id), "L": period.name })
}

/// A decimal as PRONOTE writes it: two places and a comma, whole numbers bare.
pub(crate) fn decimal(value: Decimal) -> String {
    if value.fract().is_zero() { value.trunc().to_string() } else { format!("{value:.2}").replace('.', ",") }
}

/// A decimal as a JSON number.
fn number(value: Decimal) -> Value {
    if value.fract().is_zero() { json!(value.to_i64()) } else { json!(value.to_f64()) }
}
