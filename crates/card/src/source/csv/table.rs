//! A file of people, read whole, and small in memory: one text of all cells, where each ends, and the rows by their key.

use std::borrow::Cow;
use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use crate::source::key::{column, folded};

/// The largest file, in bytes: a hundred times what the largest university needs.
pub(crate) const MOST_BYTES: u64 = 256 << 20;

/// The people of a file.
pub(crate) struct Table {
    /// The names of the columns; empty for one without a name, which nobody can speak of.
    columns: Vec<String>,
    /// The column of the key.
    key: usize,
    text: String,
    /// Where each cell ends in the text, row by row.
    ends: Vec<u32>,
    /// The rows that have a key, by that key.
    order: Vec<u32>,
}

impl Table {
    /// Reads a file. The key is in the column of that name, or else in the first.
    pub(crate) fn read(bytes: &[u8], key: Option<&str>) -> Result<Self, String> {
        let content = decode(bytes)?;
        let delimiter = delimiter(&content);
        // What ends here and is not read as a row of its own was swallowed by a quote that nobody closed.
        let end = b"\n\0\n".as_slice();
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(content.as_bytes().chain(end));

        let mut row = StringRecord::new();
        let mut next = |row: &mut StringRecord| match reader.read_record(row) {
            Ok(true) if row.get(0) == Some("\0") => Ok(false),
            Ok(true) => Ok(true),
            Ok(false) => Err("a quote is opened and not closed".to_owned()),
            Err(_) => Err("it cannot be read as CSV".to_owned()),
        };
        if !next(&mut row)? {
            return Err("it is empty".to_owned());
        }
        let columns: Vec<String> = row.iter().map(column).collect();
        let mut table =
            Table { key: key_column(&columns, key)?, columns, text: String::new(), ends: vec![], order: vec![] };
        table.text.reserve(content.len());
        let mut lines = Vec::new();
        while next(&mut row)? {
            let line = row.position().map_or(0, csv::Position::line);
            if row.len() != table.columns.len() {
                let (has, all) = (row.len(), table.columns.len());
                return Err(format!(
                    "line {line} has {has} cells, and the first line has {all}: is it still being written?"
                ));
            }
            for cell in &row {
                table.text.push_str(cell.trim());
                table.ends.push(u32::try_from(table.text.len()).map_err(|_| "it is too large".to_owned())?);
            }
            lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
        table.text.shrink_to_fit();
        table.ends.shrink_to_fit();
        table.sort(&lines)?;
        Ok(table)
    }

    /// Puts the rows in the order of their keys; two with one key cannot be.
    fn sort(&mut self, lines: &[u32]) -> Result<(), String> {
        let rows = u32::try_from(lines.len()).map_err(|_| "it is too large".to_owned())?;
        let mut order: Vec<u32> = (0..rows).filter(|row| !self.cell(*row, self.key).is_empty()).collect();
        order.sort_by_cached_key(|row| folded(self.cell(*row, self.key)).collect::<String>());
        if order.is_empty() {
            return Err("nobody is in it".to_owned());
        }
        let same = |pair: &&[u32]| folded(self.cell(pair[0], self.key)).eq(folded(self.cell(pair[1], self.key)));
        if let Some(pair) = order.windows(2).find(same) {
            let line = |row: u32| lines.get(row as usize).copied().unwrap_or_default();
            let (one, other) = (line(pair[0]).min(line(pair[1])), line(pair[0]).max(line(pair[1])));
            return Err(format!("lines {one} and {other} have one key, column `{}`", self.columns[self.key]));
        }
        self.order = order;
        Ok(())
    }

    /// The row of a key.
    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        let at = self.order.binary_search_by(|row| folded(self.cell(*row, self.key)).cmp(folded(key))).ok()?;
        self.order.get(at).copied()
    }

    /// A cell of a row that was found.
    pub(crate) fn cell(&self, row: u32, column: usize) -> &str {
        let cell = row as usize * self.columns.len() + column;
        let end = |cell: usize| self.ends.get(cell).map_or(0, |end| *end as usize);
        let begin = cell.checked_sub(1).map_or(0, end);
        self.text.get(begin..end(cell)).unwrap_or_default()
    }

    /// The names of the columns, with `""` for those without one.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Where a column is.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let name = column(name);
        self.columns.iter().position(|column| *column == name && !name.is_empty())
    }

    /// The column of the key.
    pub(crate) fn key(&self) -> usize {
        self.key
    }

    /// How many people there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// How many rows have no key, and are nobody's.
    pub(crate) fn keyless(&self) -> usize {
        (self.ends.len() / self.columns.len().max(1)).saturating_sub(self.order.len())
    }

    /// The keys after one, in order, or the first of them.
    pub(crate) fn keys(&self, after: Option<&str>, most: usize) -> Vec<String> {
        let key = |row: &u32| self.cell(*row, self.key);
        let from = after.map_or(0, |after| self.order.partition_point(|row| folded(key(row)).le(folded(after))));
        self.order[from..].iter().take(most).map(|row| key(row).to_owned()).collect()
    }
}

fn key_column(columns: &[String], wanted: Option<&str>) -> Result<usize, String> {
    for (at, name) in columns.iter().enumerate() {
        if !name.is_empty() && columns[..at].contains(name) {
            return Err(format!("two columns are called `{name}`"));
        }
    }
    let wanted = wanted.map(column);
    match wanted {
        Some(wanted) => columns.iter().position(|name| *name == wanted).ok_or(format!("it has no column `{wanted}`")),
        None if columns[0].is_empty() => Err("its first column has no name".to_owned()),
        None => Ok(0),
    }
}

/// The text of a file: UTF-8 with or without byte order mark, otherwise what Windows wrote in western Europe.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err("it is no text: is it UTF-16, or a spreadsheet's own format?".to_owned());
    }
    Ok(match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // Valid to its last letter, which is cut: UTF-8, and not whole.
        Err(error) if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() => {
            return Err("it ends within a letter: is it still being written?".to_owned());
        }
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    })
}

/// What stands between two cells, as the first line shows.
fn delimiter(content: &str) -> u8 {
    let (mut counts, mut quoted) = ([(0, b';'), (0, b','), (0, b'\t')], false);
    for byte in content.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' => break,
            _ => counts.iter_mut().filter(|(_, delimiter)| *delimiter == byte).for_each(|(count, _)| *count += 1),
        }
    }
    // Of those that are as many, the first.
    counts.into_iter().rev().max_by_key(|(count, _)| *count).map_or(b';', |(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn cell<'a>(table: &'a Table, key: &str, column: &str) -> &'a str {
        table.cell(table.find(key).unwrap(), table.position(column).unwrap())
    }

    fn fault(content: &str) -> String {
        Table::read(content.as_bytes(), None).map(|_| ()).unwrap_err()
    }

    const PEOPLE: &str = "login;nom;prénom\namartin;Martin;Alice\nblefevre;Lefèvre;Benoît\n";

    #[test]
    fn semicolons_commas_and_tabs_are_seen_in_the_first_line() {
        for delimiter in [";", ",", "\t"] {
            let content = PEOPLE.replace(';', delimiter);
            let table = Table::read(content.as_bytes(), None).unwrap();
            assert_eq!(cell(&table, "blefevre", "nom"), "Lefèvre", "{delimiter:?}");
        }
        let quoted = "login,\"a;b;c;d\"\namartin,1\n";
        assert_eq!(cell(&Table::read(quoted.as_bytes(), None).unwrap(), "amartin", "a_b_c_d"), "1");
    }

    #[test]
    fn utf_8_a_byte_order_mark_and_windows_1252_say_the_same() {
        let marked = format!("\u{feff}{PEOPLE}");
        let western = encoding_rs::WINDOWS_1252.encode(PEOPLE).0;
        for bytes in [PEOPLE.as_bytes(), marked.as_bytes(), &western] {
            let table = Table::read(bytes, Some("LOGIN")).unwrap();
            assert_eq!(cell(&table, "BLEFEVRE", "Prenom"), "Benoît");
        }
    }

    #[test]
    fn quotes_are_doubled_and_hold_delimiters_and_lines() {
        let table = Table::read(b"login;nom\r\na;\"x \"\"y\"\"; z\"\r\nb;\"two\r\nlines\"", None).unwrap();
        assert_eq!(cell(&table, "a", "nom"), "x \"y\"; z");
        assert_eq!(cell(&table, "b", "nom"), "two\r\nlines");
    }

    #[test]
    fn a_half_written_file_is_refused() {
        assert_eq!(
            fault("login;nom;prenom\na;b;c\nd;e"),
            "line 3 has 2 cells, and the first line has 3: is it still being written?"
        );
        assert_eq!(fault("login;nom\na;\"b\nc;d\n"), "a quote is opened and not closed");
        let cut = &"login;nom\nb;é\nc;é\n".as_bytes()[..18];
        assert!(Table::read(cut, None).err().unwrap().starts_with("it ends within a letter"));
        assert!(Table::read(b"login;nom\na;Ren\xe9", None).is_ok(), "this is Windows-1252");
        assert_eq!(fault(""), "it is empty");
        assert_eq!(fault("login;nom\n"), "nobody is in it");
    }

    #[test]
    fn two_rows_with_one_key_are_refused_whatever_the_case() {
        assert_eq!(fault("login;nom\namartin;a\nb;c\nAMartin;b\n"), "lines 2 and 4 have one key, column `login`");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(fault("login;Nom;NOM\na;b;c\n"), "two columns are called `nom`");
        assert_eq!(fault(";nom\na;b\n"), "its first column has no name");
        assert_eq!(Table::read(PEOPLE.as_bytes(), Some("numero")).err().unwrap(), "it has no column `numero`");
        assert!(fault("l\0o\0g\0i\0n\0").starts_with("it is no text"));
    }

    #[test]
    fn rows_without_a_key_are_nobody_s() {
        let table = Table::read(b"login;nom;\na;b;\n;c;\n;;\n\n", None).unwrap();
        assert_eq!((table.len(), table.keyless()), (1, 2));
        assert_eq!(table.find(""), None);
    }

    #[test]
    fn keys_come_in_pages() {
        let table = Table::read("login\nb\nÉ\nA\nc\n".as_bytes(), None).unwrap();
        assert_eq!(table.keys(None, 2), ["A", "b"]);
        assert_eq!(table.keys(Some("b"), 2), ["c", "É"]);
        assert_eq!(table.keys(Some("é"), 2), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Table::read(&bytes, None);
        }

        #[test]
        fn whatever_was_written_is_found(rows in prop::collection::btree_map("[a-z]{1,8}", "[^\0]{0,12}", 1..20)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
            writer.write_record(["login", "nom"]).unwrap();
            rows.iter().for_each(|(login, name)| writer.write_record([login, name]).unwrap());
            let table = Table::read(&writer.into_inner().unwrap(), None).unwrap();
            for (login, name) in rows {
                assert_eq!(cell(&table, &login.to_uppercase(), "nom"), name.trim());
            }
        }
    }
}
