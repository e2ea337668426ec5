//! The strings of `APIInfo.php`: the first is the token, the second the confirmation. It is read as a text, never run.

/// The first two quoted strings of a PHP source, outside of its comments.
pub(super) fn strings(source: &str) -> Option<(String, String)> {
    let mut rest = source;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") || (first == '#' && !rest.starts_with("#[")) {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else if matches!(first, '\'' | '"') {
            let (string, after) = quoted(&rest[1..], first)?;
            found.push(string);
            if let [token, confirmation] = &found[..] {
                return Some((token.clone(), confirmation.clone()));
            }
            rest = after;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    None
}

/// A string up to its closing quotation mark, and what follows.
fn quoted(source: &str, mark: char) -> Option<(String, &str)> {
    let mut string = String::new();
    let mut chars = source.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            _ if char == mark => return Some((string, &source[at + 1..])),
            '\\' => match chars.next()?.1 {
                escaped @ ('\\' | '$') => string.push(escaped),
                escaped if escaped == mark => string.push(escaped),
                other => string.extend(['\\', other]),
            },
            _ => string.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_strings_outside_of_comments_are_found() {
        for source in [
            "<?php\n$token = \"abc\";\n$confirmation = \"def\";\n?>\n",
            "<?php $token='abc';$confirmation='def';",
            "<?php // don't \"look\"\n# 'here'\n/* \"nor\" here */ const TOKEN = 'abc', CODE = \"def\";",
        ] {
            assert_eq!(strings(source), Some(("abc".to_owned(), "def".to_owned())), "{source}");
        }
        assert_eq!(strings(r#"<?php $a = 'it\'s'; $b = "a\"\\\$b\n";"#), Some(("it's".into(), "a\"\\$b\\n".into())));
    }

    #[test]
    fn a_source_without_two_strings_has_none() {
        for source in ["", "<?php", "<?php $a = 'abc';", "<?php $a = 'abc'; $b = \"open", "/* 'a' 'b'", "'\\", "é'a'é"]
        {
            assert_eq!(strings(source), None, "{source}");
        }
    }
}
