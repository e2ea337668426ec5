//! How large a question may be, found out before anything of it is done.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// How large a question may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest text of a query, in bytes. Default: 65536.
    pub query_bytes: usize,
    /// How deep fields may lie in fields. The usual question after a schema is 13 deep. Default: 16.
    pub depth: usize,
    /// How many fields may be asked for, those of fragments counted wherever they are spread. Default: 2000.
    pub fields: usize,
    /// How many fields may stand at the root: each may cost a call to the school. Default: 20.
    pub root_fields: usize,
    /// How many fields may be given another name. Default: 100.
    pub aliases: usize,
    /// How many directives may be used. Default: 50.
    pub directives: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { query_bytes: 65_536, depth: 16, fields: 2000, root_fields: 20, aliases: 100, directives: 50 }
    }
}

/// What a selection holds, with the fragments it spreads.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
    /// The fields at its own level.
    level: usize,
    aliases: usize,
    directives: usize,
}

impl Size {
    fn join(&mut self, other: Size) {
        self.depth = self.depth.max(other.depth);
        self.fields = self.fields.saturating_add(other.fields);
        self.level = self.level.saturating_add(other.level);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

/// How deep brackets may lie in brackets before the text is read: readers of nested texts call themselves.
const MOST_BRACKETS: usize = 64;

impl Limits {
    /// Refuses a text that is too long or too nested to be read.
    ///
    /// # Errors
    /// Why, for the person who asked.
    pub(crate) fn check_text(&self, query: &str) -> Result<(), String> {
        if query.len() > self.query_bytes {
            return Err(format!("The query is too long: at most {} bytes are read", self.query_bytes));
        }
        if deepest_brackets(query) > MOST_BRACKETS {
            return Err(format!("The query is nested too deeply: at most {MOST_BRACKETS} brackets deep"));
        }
        Ok(())
    }

    /// Refuses a question that asks for too much.
    ///
    /// # Errors
    /// Why, for the person who asked.
    pub(crate) fn check(&self, document: &ExecutableDocument) -> Result<(), String> {
        let mut fragments = Fragments { document, known: HashMap::new(), open: Vec::new() };
        for (_, operation) in document.operations.iter() {
            let mut size = fragments.size(&operation.node.selection_set.node)?;
            size.directives = size.directives.saturating_add(operation.node.directives.len());
            let limits = [
                ("nested too deeply", size.depth, self.depth, "levels"),
                ("too complex", size.fields, self.fields, "fields"),
                ("asking for too much at once", size.level, self.root_fields, "fields at the root"),
                ("giving too many names", size.aliases, self.aliases, "aliases"),
                ("using too many directives", size.directives, self.directives, "directives"),
            ];
            if let Some((fault, _, most, what)) = limits.into_iter().find(|(_, found, most, _)| found > most) {
                return Err(format!("The query is {fault}: at most {most} {what}"));
            }
        }
        Ok(())
    }
}

/// The fragments of a document. Each is measured once, however often it is spread.
struct Fragments<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a Name, Size>,
    open: Vec<&'a Name>,
}

impl<'a> Fragments<'a> {
    fn size(&mut self, selection: &'a SelectionSet) -> Result<Size, String> {
        let mut size = Size::default();
        for item in &selection.items {
            size.directives = size.directives.saturating_add(item.node.directives().len());
            match &item.node {
                Selection::Field(field) => {
                    let below = self.size(&field.node.selection_set.node)?;
                    let aliases = usize::from(field.node.alias.is_some());
                    size.join(Size { depth: below.depth + 1, level: 1, fields: below.fields + 1, ..below });
                    size.aliases = size.aliases.saturating_add(aliases);
                }
                Selection::InlineFragment(fragment) => size.join(self.size(&fragment.node.selection_set.node)?),
                Selection::FragmentSpread(spread) => size.join(self.fragment(&spread.node.fragment_name.node)?),
            }
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, String> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(format!("Cannot spread fragment \"{name}\" within itself."));
        }
        // A fragment that does not exist is for the validation to tell.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        if self.open.len() > MOST_BRACKETS {
            return Err(format!("The query is nested too deeply: at most {MOST_BRACKETS} fragments deep"));
        }
        self.open.push(name);
        let size = self.size(&fragment.node.selection_set.node)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }
}

/// How deep brackets lie in brackets, outside of texts and comments.
fn deepest_brackets(query: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let mut rest = query;
    while let Some(place) = rest.find(['"', '#', '{', '}', '[', ']', '(', ')']) {
        let found = rest.as_bytes()[place];
        rest = &rest[place + 1..];
        match found {
            b'"' => rest = after_text(rest),
            b'#' => rest = rest.find('\n').map_or("", |end| &rest[end..]),
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            _ => depth = depth.saturating_sub(1),
        }
    }
    deepest
}

/// What follows a text, from behind its opening quote.
fn after_text(rest: &str) -> &str {
    if let Some(mut block) = rest.strip_prefix("\"\"") {
        while let Some(end) = block.find("\"\"\"") {
            let escaped = block[..end].ends_with('\\');
            block = &block[end + 3..];
            if !escaped {
                return block;
            }
        }
        return "";
    }
    let mut escaped = false;
    for (place, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            // Texts end with their line.
            b'"' | b'\n' => return &rest[place + 1..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn check(limits: &Limits, query: &str) -> Result<(), String> {
        limits.check_text(query).and_then(|()| limits.check(&parse_query(query).unwrap()))
    }

    #[test]
    fn each_limit_says_which_it_is() {
        let small = Limits { query_bytes: 200, depth: 2, fields: 4, root_fields: 3, aliases: 1, directives: 1 };
        let refused = |query: &str| check(&small, query).unwrap_err();
        assert!(check(&small, "{ a { b c } d }").is_ok());
        assert!(refused(&format!("{{ a {} }}", " ".repeat(200))).contains("at most 200 bytes"));
        assert!(refused("{ a { b { c } } }").contains("at most 2 levels"));
        assert!(refused("{ a { b c d e } }").contains("at most 4 fields"));
        assert!(refused("{ a b c d }").contains("at most 3 fields at the root"));
        assert!(refused("{ x: a y: b }").contains("at most 1 aliases"));
        assert!(refused("{ a @skip(if: true) b @skip(if: true) }").contains("at most 1 directives"));
    }

    #[test]
    fn fragments_count_wherever_they_are_spread() {
        let small = Limits { fields: 6, ..Limits::default() };
        assert!(check(&small, "{ a { ...f } b { ...f } } fragment f on T { c d }").is_ok());
        assert!(check(&small, "{ a { ...f } b { ...f } e { ...f } } fragment f on T { c d }").is_err());
    }

    #[test]
    fn fragments_that_double_or_turn_in_circles_are_refused_at_once() {
        let doubling: String =
            (0..60).map(|n| format!("fragment f{n} on T {{ ...f{m} ...f{m} }} ", m = n + 1)).collect();
        let query = format!("{{ a {{ ...f0 }} }} {doubling} fragment f60 on T {{ b }}");
        assert!(check(&Limits::default(), &query).unwrap_err().contains("too complex"));
        let circle = "{ a { ...f } } fragment f on T { ...g ...g } fragment g on T { ...f ...f }";
        assert!(check(&Limits::default(), circle).unwrap_err().contains("within itself"));
    }

    #[test]
    fn brackets_in_texts_and_comments_are_not_counted() {
        assert_eq!(
            deepest_brackets(
                r##"{ a(b: "{{{\"{{" c: """ {{ \""" { """) # {{{{
          { d(e: [1]) } }"##
            ),
            4
        );
        assert_eq!(deepest_brackets("}}}{ é \""), 1);
    }

    #[test]
    fn a_text_of_brackets_is_refused_before_it_is_read() {
        for bracket in ["{a", "[", "{a(b:["] {
            let query = bracket.repeat(10_000);
            assert!(Limits::default().check_text(&query).unwrap_err().contains("nested too deeply"));
        }
    }
}
