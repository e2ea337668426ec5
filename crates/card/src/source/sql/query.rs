//! The query as an engine wants it, with its own word for the key.

use std::sync::Arc;

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

/// A query.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) text: Arc<str>,
    /// How many times the key is given.
    pub(crate) keys: usize,
}

impl Query {
    /// Puts what the engine wants in the place of each `:key` and `:username` that is no part of a text, a name or a
    /// comment.
    ///
    /// # Errors
    /// It has something else in such a place.
    pub(crate) fn read(text: &str, dialect: Dialect) -> Result<Self, String> {
        let text = text.trim().trim_end_matches(';');
        let (mut written, mut keys, mut rest) = (String::new(), 0, text);
        while let Some(first) = rest.chars().next() {
            let aside = aside(rest, dialect, written.chars().next_back());
            if aside > 0 {
                written.push_str(&rest[..aside]);
                rest = &rest[aside..];
                continue;
            }
            let name = rest.strip_prefix(':').map(word).unwrap_or_default();
            if name.is_empty() {
                written.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            if !matches!(name, "key" | "username") {
                return Err(format!("`:{name}` stands for nothing: `:key` is the key"));
            }
            keys += 1;
            written.push_str(match dialect {
                Dialect::Sqlite => "?1",
                Dialect::Postgres => "$1",
                Dialect::MySql => "?",
            });
            rest = &rest[1 + name.len()..];
        }
        // The others know it by its number.
        let keys = if dialect == Dialect::MySql { keys } else { keys.min(1) };
        Ok(Query { text: written.into(), keys })
    }
}

/// How long what begins here is, if it is a text, a name, a comment or a cast, in which nothing stands for anything.
fn aside(rest: &str, dialect: Dialect, before: Option<char>) -> usize {
    let until = |begin: usize, end: &str| rest[begin..].find(end).map_or(rest.len(), |at| begin + at + end.len());
    let bytes = rest.as_bytes();
    match bytes {
        [b'\'', ..] => quoted(rest, dialect == Dialect::MySql || matches!(before, Some('e' | 'E'))),
        [b'"', ..] => quoted(rest, dialect == Dialect::MySql),
        [b'`', ..] => until(1, "`"),
        [b'[', ..] if dialect == Dialect::Sqlite => until(1, "]"),
        [b'-', b'-', ..] => until(2, "\n"),
        [b'#', ..] if dialect == Dialect::MySql => until(1, "\n"),
        [b'/', b'*', ..] => until(2, "*/"),
        [b':', b':', ..] => 2,
        [b'$', ..] if dialect == Dialect::Postgres => {
            let tag = 1 + word(&rest[1..]).len();
            if bytes.get(tag) == Some(&b'$') { until(tag + 1, &rest[..=tag]) } else { 0 }
        }
        _ => 0,
    }
}

/// How long a text is that begins with its quote. A doubled quote begins another at once.
fn quoted(rest: &str, escapes: bool) -> usize {
    let (quote, mut escaped) = (rest.as_bytes()[0], false);
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if escapes => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The name that a text begins with.
fn word(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return "";
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn read(text: &str, dialect: Dialect) -> (String, usize) {
        let query = Query::read(text, dialect).unwrap();
        (query.text.to_string(), query.keys)
    }

    #[test]
    fn each_engine_has_its_own_word_for_the_key() {
        let text = "select * from people where login = :username or id::text = :key;\n";
        let written = |word: &str| text.trim().trim_end_matches(';').replace(":username", word).replace(":key", word);
        assert_eq!(read(text, Dialect::Sqlite), (written("?1"), 1));
        assert_eq!(read(text, Dialect::Postgres), (written("$1"), 1));
        assert_eq!(read(text, Dialect::MySql), (written("?"), 2));
    }

    #[test]
    fn what_is_in_texts_names_and_comments_stays() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            for text in [
                "select ':key' 'it''s :x', \":x\", `:x`",
                "select 1 -- :x\n, 2",
                "/* :x */ select 1",
                "select 1 :: int",
            ] {
                assert_eq!(read(text, dialect), (text.to_owned(), 0), "{dialect:?}");
            }
        }
        assert_eq!(read("select '\\':x', :key # :x", Dialect::MySql).1, 1);
        assert_eq!(read("select E'\\':x', $a$ :x $a$, $$ ':x $$, $1, :key", Dialect::Postgres).1, 1);
        assert_eq!(read("select [a:x], :key", Dialect::Sqlite).1, 1);
    }

    #[test]
    fn anything_else_is_a_fault() {
        let fault = Query::read("select :login", Dialect::Sqlite).unwrap_err();
        assert_eq!(fault, "`:login` stands for nothing: `:key` is the key");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in any::<String>(), broken in "[:'\"$a`/*\\-\\[#k é]{0,20}") {
            for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
                let _ = Query::read(&text, dialect);
                let _ = Query::read(&broken, dialect);
            }
        }
    }
}
