use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::json::read;
use super::*;

/// What is said of a body, without the beginning that all messages have.
fn said<T: std::fmt::Debug>(rule: impl Fn(&Object<'_>) -> Result<T, String>, body: &str) -> String {
    let object = read(body.as_bytes()).unwrap();
    let message = rule(&object).unwrap_err();
    message.strip_prefix("Failed to validate parameters: ").unwrap().to_owned()
}

fn pr(body: &str) -> String {
    said(|object| user(object).map(|user| user.pr), &format!("{{\"user\":\"x\",\"pass\":\"p\",\"pr\":{body}}}"))
}

#[test]
fn members_are_told_of_in_the_order_of_the_contract() {
    let numbers_of = |object: &Object<'_>| changes(object).map(|(_, rows)| rows);
    assert_eq!(
        said(numbers_of, r#"{"NumericChanges":["a"]}"#),
        "The property TextChanges is required, There must be a minimum of 8 items in the array, \
         String value found, but an integer is required"
    );
    assert_eq!(
        said(|object| homework(object).map(|(number, _)| number), r#"{"Homework":null}"#),
        "The property ID is required, NULL value found, but a string is required"
    );
    let users = |object: &Object<'_>| user(object).map(|user| user.pr);
    assert_eq!(
        said(users, r#"{"pr":0,"user":"a b"}"#),
        "Does not match the regex pattern ^[\\w]+$, The property pass is required, Must have a minimum value of 1"
    );
}

#[test]
fn a_week_is_checked_day_by_day() {
    let week = |object: &Object<'_>| timetable(object).map(|(_, rows)| rows);
    assert_eq!(
        said(week, r#"{"TextTimetable":[1,2],"NumericTimetable":[["a"],[1,1,1,1,1,1,1,1,1],{}]}"#),
        "There must be a minimum of 6 items in the array, Integer value found, but a string is required, \
         Integer value found, but a string is required, There must be a minimum of 6 items in the array, \
         String value found, but an integer is required, There must be a maximum of 8 items in the array, \
         Object value found, but an array is required"
    );
    let body =
        json!({"TextTimetable": ["a", "", "c", "d", "e", "f"], "NumericTimetable": [[1, -2], [], [], [], [], [8]]});
    let body = body.to_string();
    let object = read(body.as_bytes()).unwrap();
    let (texts, rows) = timetable(&object).unwrap();
    assert_eq!(texts, ["a", "", "c", "d", "e", "f"]);
    assert_eq!(rows, [vec![1, -2], vec![], vec![], vec![], vec![], vec![8]]);
}

#[test]
fn numbers_of_any_type_are_held_against_the_limits() {
    let (an_integer, minimum, maximum) =
        ("value found, but an integer is required", "Must have a minimum value of 1", "Must have a maximum value of 2");
    for number in ["0", "-9223372036854775808"] {
        assert_eq!(pr(number), minimum, "{number}");
    }
    assert_eq!(pr("3"), maximum);
    assert_eq!(pr("1.5"), format!("Double {an_integer}"));
    for double in ["2.5", "1e400", "9223372036854775808"] {
        assert_eq!(pr(double), format!("Double {an_integer}, {maximum}"), "{double}");
    }
    for text in
        ["\"1\"", "\"2.0\"", "\" 1\\t\"", "\"1e0\"", "\"x\"", "\"\"", "\"7a\"", "\"0x9\"", "\"inf\"", "\".\"", "\"9e\""]
    {
        assert_eq!(pr(text), format!("String {an_integer}"), "{text}");
    }
    for text in ["\"7\"", "\"  7 \"", "\"+7\"", "\"7.\"", "\"1e9\"", "\"99999999999999999999\"", "\"1e999\""] {
        assert_eq!(pr(text), format!("String {an_integer}, {maximum}"), "{text}");
    }
    for text in ["\"0\"", "\"-1\"", "\".5\"", "\"\\u000b0\\f\""] {
        assert_eq!(pr(text), format!("String {an_integer}, {minimum}"), "{text}");
    }
    for (value, name) in [("null", "NULL"), ("true", "Boolean"), ("[9]", "Array"), ("{}", "Object")] {
        assert_eq!(pr(value), format!("{name} {an_integer}"));
    }
}

#[test]
fn subjects_are_named_in_any_script() {
    let fits = [
        "Алгебра",
        "Ёлка ёж",
        "Физ-ра",
        "Музыка (хор)",
        "A",
        "_",
        "日本語",
        "Ñandú",
        "²",
        "Ⅷ",
        "a\tb",
        "a\u{a0}b",
        "a\u{2009}b",
    ];
    for name in fits.iter().map(ToString::to_string).chain(["я".repeat(50), "ю".repeat(50) + "\n"]) {
        assert!(SUBJECT.fits(&name), "{name:?}");
    }
    let letters = ".,!?:;'\"«»/\\+*%&=@#№–—…[]{}<>€🧪\u{200b}\u{feff}\0\u{301}Ⓐ";
    for name in
        letters.chars().map(|letter| format!("a{letter}")).chain([String::new(), "я".repeat(51), "\n".repeat(52)])
    {
        assert!(!SUBJECT.fits(&name), "{name:?}");
    }
}

#[test]
fn what_the_original_let_through_is_refused_afterwards() {
    for name in ["   ", "Черчение\n", "\n", "\u{a0}"] {
        assert!(SUBJECT.fits(name) && odd_subject(name).is_some(), "{name:?}");
    }
    for name in ["---", "ОБЖ", " ОБЖ"] {
        assert_eq!(odd_subject(name), None, "{name:?}");
    }
    let odd = |name: &str, password| odd_user(&NewUser { name, password, pr: 1 });
    assert!(odd("x\n", "p").is_some() && odd("x", "").is_some() && odd(&"x".repeat(51), "p").is_some());
    assert!(odd("учитель", "p").is_none() && odd(&"я".repeat(50), " ").is_none());
}

#[test]
fn a_long_list_of_wrong_items_has_a_short_answer() {
    let body = json!({"IDs": vec![Json::Null; 1_000_000]}).to_string();
    assert!(said(numbers, &body).len() < 300_000);
}

/// Values of every type, nested a little.
fn any_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".*".prop_map(Json::from),
        " ?[+-]?[0-9]{0,3}\\.?[0-9]{0,2}(e[0-9])?".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 30, 9, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..10).prop_map(Json::from),
            proptest::collection::vec(("[a-z]?", inner), 0..3)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_makes_it_panic(value in any_value(), other in any_value()) {
        let members = ["ID", "Homework", "TextTimetable", "NumericTimetable", "TextChanges", "NumericChanges", "names", "IDs", "user", "pass", "pr"];
        let body: serde_json::Map<String, Json> = members
            .iter()
            .enumerate()
            .map(|(index, name)| ((*name).to_owned(), if index % 2 == 0 { value.clone() } else { other.clone() }))
            .collect();
        let body = Json::Object(body).to_string();
        let object = read(body.as_bytes()).unwrap();
        let outcomes = [
            homework(&object).map(drop), timetable(&object).map(drop), changes(&object).map(drop),
            names(&object).map(drop), numbers(&object).map(drop), user(&object).map(drop),
        ];
        for message in outcomes.into_iter().filter_map(Result::err) {
            let messages = message.strip_prefix("Failed to validate parameters: ");
            prop_assert!(messages.is_some_and(|messages| !messages.is_empty()), "{}", message);
        }
    }

    #[test]
    fn a_valid_body_gets_no_message(
        number: i64,
        text in ".*",
        texts in proptest::array::uniform6(".*"),
        rows in proptest::array::uniform6(proptest::collection::vec(any::<i64>(), 0..=8)),
        changed: [i64; 8],
        named in proptest::collection::vec(r"[\p{L}\p{N}_()\s-]{1,50}", 0..5),
        name in r"[\p{L}\p{N}_]{1,60}",
        pr in 1..=2_i64,
    ) {
        let body = json!({
            "ID": number, "Homework": text, "TextTimetable": texts, "NumericTimetable": rows, "TextChanges": text,
            "NumericChanges": changed, "names": named, "IDs": changed, "user": name, "pass": text, "pr": pr,
        });
        let body = body.to_string();
        let object = read(body.as_bytes()).unwrap();
        prop_assert_eq!(homework(&object), Ok((number, text.as_str())));
        prop_assert_eq!(timetable(&object), Ok((texts.each_ref().map(String::as_str), rows)));
        prop_assert_eq!(changes(&object), Ok((text.as_str(), changed)));
        prop_assert_eq!(names(&object), Ok(named.iter().map(String::as_str).collect()));
        prop_assert_eq!(numbers(&object), Ok(changed.to_vec()));
        prop_assert_eq!(user(&object), Ok(NewUser { name: &name, password: &text, pr }));
    }
}
