//! VK's rules for keyboards (dev.vk.com, `api/bots/development/keyboard`).

use serde_json::Value;

/// Reads a keyboard as `messages.send` takes it.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Value, &'static str> {
    let keyboard: Value = serde_json::from_str(text).map_err(|_| "it is not JSON")?;
    let members = keyboard.as_object().ok_or("it is not an object")?;
    let switch = |name: &str| match members.get(name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or("a switch is neither true nor false"),
    };
    let (_, inline) = (switch("one_time")?, switch("inline")?);
    let rows = members.get("buttons").and_then(Value::as_array).ok_or("it has no buttons")?;
    let (most_rows, most_buttons) = if inline { (6, 10) } else { (10, 40) };
    if rows.len() > most_rows {
        return Err("it has too many rows");
    }
    let mut buttons = 0;
    for row in rows {
        let row =
            row.as_array().filter(|row| (1..=5).contains(&row.len())).ok_or("a row has not one to five buttons")?;
        buttons += row.len();
        row.iter().try_for_each(check_button)?;
    }
    if buttons > most_buttons { Err("it has too many buttons") } else { Ok(keyboard) }
}

fn check_button(button: &Value) -> Result<(), &'static str> {
    let kind = button["action"]["type"].as_str().ok_or("a button has no type")?;
    if !matches!(kind, "text" | "callback" | "open_link" | "location" | "vkpay" | "open_app") {
        return Err("a button has a type that nobody knows");
    }
    if matches!(kind, "text" | "callback") {
        let label = button["action"]["label"].as_str().unwrap_or_default();
        if !(1..=40).contains(&label.chars().count()) {
            return Err("a label has not 1 to 40 characters");
        }
    }
    match &button["color"] {
        Value::Null => Ok(()),
        Value::String(color) if matches!(color.as_str(), "primary" | "secondary" | "negative" | "positive") => Ok(()),
        _ => Err("a button has a color that nobody knows"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn button(label: &str) -> Value {
        json!({"action": {"type": "text", "label": label}, "color": "primary"})
    }

    #[test]
    fn keyboards_are_taken_as_vk_takes_them() {
        let four_rows = json!({"one_time": false, "buttons": [[button("дз"), button("замены")], [button("все дз")]]});
        assert_eq!(read(&four_rows.to_string()), Ok(four_rows));
        assert!(read(r#"{"buttons":[]}"#).is_ok(), "this takes the keyboard away");
    }

    #[test]
    fn keyboards_are_refused_as_vk_refuses_them() {
        for (keyboard, fault) in [
            (json!([]), "it is not an object"),
            (json!({}), "it has no buttons"),
            (json!({"one_time": 1, "buttons": []}), "a switch is neither true nor false"),
            (json!({"buttons": [[]]}), "a row has not one to five buttons"),
            (json!({"buttons": vec![vec![button("дз")]; 11]}), "it has too many rows"),
            (json!({"inline": true, "buttons": vec![vec![button("дз"); 5]; 3]}), "it has too many buttons"),
            (json!({"buttons": [[button("")]]}), "a label has not 1 to 40 characters"),
            (json!({"buttons": [[{"action": {"type": "dance"}}]]}), "a button has a type that nobody knows"),
            (
                json!({"buttons": [[{"action": {"type": "location"}, "color": 7}]]}),
                "a button has a color that nobody knows",
            ),
        ] {
            assert_eq!(read(&keyboard.to_string()), Err(fault), "{keyboard}");
        }
        assert_eq!(read("{"), Err("it is not JSON"));
    }
}
