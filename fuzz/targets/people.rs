//! A file of people: whoever is listed in it is found, in whatever case, and nobody else.
//!
//! Its sources are compiled in here: nobody outside their crate reads such a file without a folder.
#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/card/src/letters.rs"]
mod letters;
#[path = "../../crates/card/src/source"]
mod source {
    pub mod key;
    #[path = "csv/table.rs"]
    pub mod table;
}

use source::key::{column, same};
use source::table::Table;

fuzz_target!(|file: &[u8]| {
    let Ok(table) = Table::read(file, None) else { return };
    let names: Vec<&String> = table.columns().iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(names.first().map(|name| table.position(name)), Some(Some(table.key())));
    for name in &names {
        assert_eq!(column(name), **name);
        let again = Table::read(file, Some(name));
        assert!(again.is_err() || again.is_ok_and(|again| again.columns() == table.columns()));
    }

    let keys = table.keys(None, usize::MAX);
    assert!(!keys.is_empty() && keys.len() == table.len());
    let mut before = None;
    for key in &keys {
        let row = table.find(key).expect("who is listed is found");
        assert_eq!(table.cell(row, table.key()), key);
        for other in [key.to_ascii_uppercase(), key.to_ascii_lowercase(), key.to_uppercase(), key.to_lowercase()] {
            assert_eq!(table.find(&other), same(&other, key).then_some(row));
        }
        let cells = (0..names.len()).map(|column| table.cell(row, column));
        assert!(cells.into_iter().all(|cell| cell.trim() == cell));
        // A page begins after the last of the one before.
        assert_eq!(table.keys(before, 1).first(), Some(key));
        before = Some(key.as_str());
    }
    assert!(table.keys(before, 1).is_empty());
    assert!(table.find("").is_none());
});
