use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::record::{Datum, Record};

fn facts() -> Facts {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    let mut facts = Facts::new("amartin", Day::of("2026-11-22T11:00:00Z".parse().unwrap(), &paris));
    let mut record = Record::default();
    for (name, value) in [
        ("sn", "Martin"),
        ("blank", "  "),
        ("supannRefId", "{OTHER}1"),
        ("supannRefId", "{iso15693}04:a1:b2:c3:d4:e5:80"),
        ("supannEtuInscription", "[anneeinsc=2025][etape={UAI:1}L3]"),
        ("supannEtuInscription", "[anneeinsc=2026][etape={UAI:1}M1]"),
        ("affiliation", "member"),
        ("affiliation", "student"),
        ("state", "{COMPTE}A:SupannActif::"),
        ("state", "{CARTE}S:DroitsImpayes:20260901:"),
        ("end", "20260831215959Z"),
        ("end", "20281231"),
        ("born", "2004-02-29"),
    ] {
        record.add(name, value);
    }
    record.add("photo", Datum::Bytes(vec![0xff, 0xd8].into()));
    facts.know("ldap", record);
    let tables = Tables::from([("courses".to_owned(), [("{UAI:1}M1".to_owned(), "Master 1".to_owned())].into())]);
    facts.tell("tables", Value::from_object(Labels(Arc::new(tables))));
    facts.tell("year", 2026);
    facts
}

/// A sample in which nothing is known of anybody.
fn nobody() -> Facts {
    let mut sample = facts();
    sample.know("ldap", Record::default());
    sample
}

fn text(template: &str) -> Result<Option<String>, String> {
    let mut compiler = Compiler::new([("ldap".to_owned(), None)]);
    let template = compiler.template(template, 0..0, &nobody())?;
    compiler.finish().text(&template, &facts(), &mut Notes::default())
}

fn some(template: &str) -> String {
    text(template).unwrap().unwrap_or_default()
}

fn holds(expression: &str) -> bool {
    let mut compiler = Compiler::new([("ldap".to_owned(), None)]);
    let expression = compiler.expression(expression, 0..0, &nobody()).unwrap();
    compiler.finish().value(&expression, &facts(), &mut Notes::default()).unwrap().is_true()
}

fn refused(expression: &str) -> String {
    let mut compiler = Compiler::new([("ldap".to_owned(), None), ("sgc".to_owned(), Some(vec!["csn".to_owned()]))]);
    let mut sample = nobody();
    sample.know("sgc", Record::default());
    compiler.expression(expression, 0..0, &sample).unwrap_err()
}

#[test]
fn an_attribute_prints_its_first_value_and_is_false_without_any() {
    assert_eq!(some("{{ ldap.sn }}"), "Martin");
    assert_eq!(some("{{ ldap.SN }}"), "Martin", "attributes have no case");
    assert_eq!(some("{{ ldap['sn'] }}"), "Martin");
    assert_eq!(some("{{ ldap.sn | upper }} {{ ldap.affiliation }}"), "MARTIN member");
    assert_eq!(some("{{ ldap.absent or ldap.blank or 'none' }}"), "none");
    assert_eq!(text("{{ ldap.blank }}"), Ok(None));
    assert_eq!(text("{{ ldap.photo }}"), Ok(None));
    assert_eq!(some("{% for value in ldap.affiliation %}{{ value }}.{% endfor %}"), "member.student.");
    assert!(holds("'student' in ldap.affiliation and 'staff' not in ldap.affiliation"));
    assert!(holds("ldap.photo and not ldap.absent and not ldap.blank"));
}

#[test]
fn the_filters_read_what_directories_write() {
    assert_eq!(some("{{ ldap.supannRefId | label('ISO15693') | hex }}"), "04A1B2C3D4E580");
    assert_eq!(some("{{ ldap.supannRefId | label('ISO15693') | hex_reversed }}"), "80E5D4C3B2A104");
    assert_eq!(some("{{ '0100' | decimal }}"), "256");
    assert_eq!(some("{{ ldap.supannRefId | label }}"), "1");
    assert_eq!(some("{{ ldap.supannEtuInscription | composite('anneeinsc') | max | add(1) }}"), "2027");
    assert_eq!(some("{{ ldap.supannEtuInscription | composite('anneeinsc') | last }}"), "2026");
    let course = "{{ ldap.supannEtuInscription | composite('etape', anneeinsc=year) | table('courses') }}";
    assert_eq!(some(course), "Master 1");
    assert_eq!(some("{{ ldap.born | date('%Y%m%d', '%Y-%m-%d', to='%d/%m/%Y') }}"), "29/02/2004");
    assert_eq!(some("{{ ldap.born | date }}"), "29/02/2004");
    assert_eq!(some("{{ ldap.end | date(to='%Y') | max }}"), "2028");
    assert_eq!(some("{{ (ldap.state | state('CARTE')).substate }}"), "DroitsImpayes");
    assert_eq!(some("{{ ldap.absent | default('x') }}{{ ldap.blank | first | default('y') }}"), "xy");
    assert_eq!(text("{{ ldap.absent | hex | date | upper | add(1) | max }}"), Ok(None));
}

#[test]
fn numbers_are_ordered_as_numbers() {
    assert_eq!(some("{{ ['9', '10'] | max }}{{ ['9', '10'] | min }}"), "109");
}

#[test]
fn the_tests_hold_when_they_hold_of_one_value() {
    assert!(holds(r"ldap.state is matching('^\{CARTE\}[IS]:')"));
    assert!(!holds(r"ldap.state is matching('^\{CARTE\}[IS]:', unless='DroitsImpayes')"));
    assert!(!holds("ldap.absent is matching('')"));
    assert!(holds("ldap.affiliation is holding('staff', 'student')"));
    assert!(holds("ldap.end is before(today) and ldap.end is after(today) and not ldap.end is all_before(today)"));
    assert!(holds("ldap.end is all_before('2029-01-01') and not ldap.absent is all_before(today)"));
    assert!(holds("(ldap.state | state('CARTE')).letter == 'S' and not ldap.state | state('MAIL')"));
}

#[test]
fn a_code_without_a_label_gives_nothing_and_is_noted() {
    let mut compiler = Compiler::new([("ldap".to_owned(), None)]);
    let text = "{{ ldap.supannEtuInscription | composite('etape', anneeinsc='2025') | table('courses') }}";
    let template = compiler.template(text, 0..0, &nobody()).unwrap();
    let mut notes = Notes::default();
    assert_eq!(compiler.finish().text(&template, &facts(), &mut notes), Ok(None));
    assert_eq!(notes.unknown_codes, [("courses".to_owned(), "{UAI:1}L3".to_owned())].into());
}

#[test]
fn a_comparison_that_could_never_hold_is_refused() {
    for text in [
        "ldap.affiliation == 'student'",
        "'student' == ldap.affiliation",
        "ldap.affiliation in ['student']",
        "ldap.affiliation not in ['student']",
        "ldap.supannRefId | label('A') != 'x'",
        "ldap.end < today",
    ] {
        assert!(refused(text).contains("is a list of values"), "{text}");
    }
    for text in ["ldap.affiliation | first == 'student'", "'a == ldap.b' in ldap.affiliation", "year == 2026"] {
        holds(text);
    }
}

#[test]
fn what_cannot_work_is_found_before_anybody_is_asked_about() {
    for (text, what) in [
        ("ldpa.sn", "`ldpa` is not known; did you mean `ldap`?"),
        ("yaer", "`yaer` is not known; did you mean `year`?"),
        ("sgc.csnn", "the source `sgc`: `csnn` is not known; did you mean `csn`?"),
        ("ldap", "`ldap` is a source: name an attribute of it, `ldap.attribute`"),
        ("ldap.a | lable('x')", "unknown filter"),
        ("ldap.a is matchin('x')", "unknown test"),
        ("ldap.a is matching('(')", "is no regular expression"),
        ("ldap.a | date('%E')", "`%E` is no pattern for a date"),
        ("ldap.a | table('curses')", "there is no table `curses`"),
        ("ldap.a is before('soon')", "what is no date"),
        ("ldap.a | composite('x'", "syntax error"),
        ("ldap.a %}{% set x = 1", "syntax error"),
        ("", "it is empty"),
    ] {
        let refused = refused(text);
        assert!(refused.contains(what), "{text}: {refused}");
    }
}

#[test]
fn nothing_runs_or_grows_without_end() {
    for template in [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 'a' * 20000 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 't1' %}",
        "{% for a in range(9999) %}{{ ldap.state | state('CARTE') }}{% endfor %}",
    ] {
        assert!(text(template).is_err(), "{template}");
    }
}

#[test]
fn an_error_names_nobodys_value() {
    let template = "{% if ldap.sn %}{{ ldap.sn | first | int }}{% endif %}";
    let error = text(template).unwrap_err();
    assert!(!error.contains("Martin"), "{error}");
    let error = text("{{ ldap.affiliation | only }}").unwrap_err();
    assert_eq!(error, "there is more than one value where there may be only one");
}

proptest! {
    #[test]
    fn no_template_is_too_odd(text in "\\PC*", value in "\\PC*") {
        let sources = serde_json::json!({"ldap": {"a": [value]}}).to_string();
        let _ = try_anything(&text, &sources);
    }

    #[test]
    fn no_value_is_too_odd(value in "\\PC*", filter in prop::sample::select(vec![
        "label('A')", "composite('a', b='c')", "state('A')", "date", "date('%Y%m%d', to='%d')", "hex", "hex_reversed",
        "decimal", "upper", "lower", "trim", "add(9223372036854775807)", "first", "last", "min", "max", "only",
        "default('x')",
    ])) {
        let sources = serde_json::json!({"ldap": {"a": [value]}}).to_string();
        let made = try_anything(&format!("{{{{ ldap.a | {filter} }}}}"), &sources);
        prop_assert!(made.is_ok());
    }
}
