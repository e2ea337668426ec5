//! `[card.table.…]`: codes and their labels, here or in a file.

use std::collections::BTreeMap;
use std::path::Path;

use super::Surroundings;
use super::reader::Section;
use crate::expression::Tables;

/// The largest file of labels, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// Reads the tables.
pub(super) fn read(card: &mut Section<'_, '_>, around: &Surroundings<'_>) -> Tables {
    let Some(section) = card.table("table") else { return Tables::new() };
    let mut tables = Tables::new();
    for (name, mut section) in section.named() {
        let mut labels = BTreeMap::new();
        if let Some(file) = section.text("file") {
            match of_file(&around.folder.join(file.get_ref())) {
                Ok(read) => labels = read,
                Err(what) => section.fault(file.span(), format!("{}: {what}", file.get_ref())),
            }
        }
        labels.extend(section.pairs());
        tables.insert(name, labels);
    }
    tables
}

/// Reads a file of two columns, codes and labels, below a line that names them. What separates them is read from that line.
fn of_file(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let length = path.metadata().map_err(|error| error.to_string())?.len();
    if length > MOST_BYTES {
        return Err("it is too large for a table of labels".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let text = text.map_err(|_| "it is not UTF-8".to_owned())?;
    let first = text.lines().next().unwrap_or_default();
    let delimiter =
        *[b';', b'\t', b','].iter().max_by_key(|c| first.bytes().filter(|b| b == *c).count()).unwrap_or(&b';');
    let mut labels = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|_| format!("its row {} has not as many columns as the first", at + 1))?;
        let (Some(code), Some(label)) = (row.get(0), row.get(1)) else {
            return Err("it needs two columns: the codes, and their labels".to_owned());
        };
        labels.insert(code.trim().to_owned(), label.trim().to_owned());
    }
    Ok(labels)
}
