//! The rows shipped with the program, and those of the user's files over them (portals §4.3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::document::{self, Written};
use super::{DEMONSTRATION, Fault, Portal, read};

/// What ships with the program.
const BUILTIN: &str = include_str!("../../portals.toml");
const BUILTIN_NAME: &str = "portals.toml";

/// A file that is longer was not written by hand.
const LONGEST_FILE: usize = 256 << 10;
/// More files than there are departments.
const MOST_FILES: usize = 64;
/// Every redirect of a school is compared with each.
const MOST_ROWS: usize = 1000;

/// More faults of one file say no more about it: it is something else.
const MOST_FAULTS: usize = 50;

/// What is said in place of a portal: that there is none, that it is to be found.
const RESERVED: [&str; 2] = ["none", "auto"];

/// The rows shipped with the program.
pub(super) struct Shipped {
    /// As they are written, with what they extend.
    written: Vec<Written>,
    /// As they are read.
    pub(super) portals: Vec<Portal>,
    faults: Vec<Fault>,
}

/// The rows shipped with the program, read once.
pub(super) fn shipped() -> &'static Shipped {
    static SHIPPED: OnceLock<Shipped> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let (rows, faults) = document::rows(BUILTIN_NAME, BUILTIN);
        let known = by_id(&rows);
        let mut shipped = Shipped { written: Vec::new(), portals: Vec::new(), faults };
        for row in &rows {
            let whole = extended(row, |id| known.get(id).map(|base| (*base, true)));
            match whole.and_then(|row| read::portal(&row, true).map(|portal| (row, portal))) {
                Ok((row, portal)) => {
                    shipped.written.push(row);
                    shipped.portals.push(portal);
                }
                Err(more) => shipped.faults.extend(more),
            }
        }
        shipped
    })
}

/// The portals of the user's files: what they replace, and what they add.
pub(super) fn with(files: &[(String, String)]) -> (Vec<Portal>, Vec<Fault>) {
    let (mut portals, mut faults) = (shipped().portals.clone(), shipped().faults.clone());
    let shipped = by_id(&shipped().written);
    let (mut rows, more) = written(files);
    faults.extend(more);

    // Under its own identifier a row means the one shipped, which it replaces: it is whole then.
    for row in &mut rows {
        if row.text("extends").is_some_and(|base| row.text("id") == Some(base))
            && let Some(base) = row.text("id").and_then(|id| shipped.get(id))
        {
            row.extend(base);
            row.fields.remove("extends");
        }
    }
    let mine = by_id(&rows);
    let on_mine = |row: &Written| row.text("extends").is_some_and(|base| mine.contains_key(base));
    // Rows that others extend come first: what is refused is no ground for another.
    let (grounds, rest): (Vec<_>, Vec<_>) = rows.iter().enumerate().partition(|(_, row)| !on_mine(row));
    let mut names: BTreeMap<String, String> = portals
        .iter()
        .flat_map(|portal| portal.names().map(|name| (name.to_owned(), "this program".to_owned())))
        .collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut added: Vec<(usize, Portal)> = Vec::new();
    for (place, row) in grounds.into_iter().chain(rest) {
        let read = extended(row, |id| {
            // One level among the user's rows; those that are shipped are whole.
            let other = mine.get(id).filter(|base| !std::ptr::eq(**base, row));
            let own = other.filter(|base| base.fields.contains_key("extends") || used.contains(id));
            own.map(|base| (*base, true)).or_else(|| shipped.get(id).map(|base| (*base, false)))
        });
        let read = read.and_then(|row| read::portal(&row, false).map(|portal| (portal, row)));
        let (mut portal, row) = match read {
            Ok(read) => read,
            Err(more) => {
                faults.extend(more);
                continue;
            }
        };
        let at = portals.iter().position(|other| other.file.is_none() && other.id == portal.id);
        let successor = portal.replaced_by.as_deref();
        if let Some(id) = successor.filter(|id| !shipped.contains_key(id) && !mine.contains_key(id)) {
            faults.push(fault(&row, "replaced_by", format!("there is no portal `{id}`")));
            continue;
        }
        if let Some(why) = taken(&portal, &row, at.is_some(), &names) {
            faults.push(fault(&row, "id", why));
            continue;
        }
        names.extend(portal.names().map(|name| (name.to_owned(), format!("{}:{}", row.file, row.line))));
        used.insert(portal.id.clone());
        match at {
            Some(at) => {
                portal.overrides = shipped.get(portal.id.as_str()).map_or_else(Vec::new, |old| row.differences(old));
                portals[at] = portal;
            }
            None => added.push((place, portal)),
        }
    }
    added.sort_by_key(|(place, _)| *place);
    portals.extend(added.into_iter().map(|(_, portal)| portal));
    faults.sort_by_cached_key(|fault| (files.iter().position(|(file, _)| *file == fault.file), fault.line));
    (portals, told(&faults))
}

/// The first faults of each file, and how many more there are.
fn told(faults: &[Fault]) -> Vec<Fault> {
    let of_file = |faults: &[Fault]| {
        let more = faults.get(MOST_FAULTS).map(|next| Fault {
            why: format!("this and what comes after it cannot be used either: {} faults", faults.len() - MOST_FAULTS),
            ..next.clone()
        });
        faults.iter().take(MOST_FAULTS).cloned().chain(more).collect::<Vec<_>>()
    };
    faults.chunk_by(|one, other| one.file == other.file).flat_map(of_file).collect()
}

/// The rows of the files, within the limits.
fn written(files: &[(String, String)]) -> (Vec<Written>, Vec<Fault>) {
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for (number, (file, text)) in files.iter().enumerate() {
        let refuse = |why: String| Fault { file: file.clone(), line: 1, why };
        if number == MOST_FILES {
            faults.push(refuse(format!(
                "only the first {MOST_FILES} files are read: this one and those after it are not"
            )));
            break;
        }
        if text.len() > LONGEST_FILE {
            faults.push(refuse(format!("the file is longer than {} KiB", LONGEST_FILE >> 10)));
            continue;
        }
        let (more, wrong) = document::rows(file, text);
        rows.extend(more);
        faults.extend(wrong);
    }
    if let Some(row) = rows.get(MOST_ROWS) {
        faults.push(fault(
            row,
            "id",
            format!("only the first {MOST_ROWS} rows are read: this one and those after it are not"),
        ));
        rows.truncate(MOST_ROWS);
    }
    (rows, faults)
}

fn by_id(rows: &[Written]) -> BTreeMap<&str, &Written> {
    let mut known = BTreeMap::new();
    for row in rows {
        if let Some(id) = row.text("id") {
            known.entry(id).or_insert(row);
        }
    }
    known
}

/// A row with what it takes over. `base` finds the row that it extends, and tells whether that one may extend another:
/// one level only, though rows that are shipped count as whole for those of the user.
fn extended<'a>(row: &Written, base: impl Fn(&str) -> Option<(&'a Written, bool)>) -> Result<Written, Vec<Fault>> {
    let mut row = row.clone();
    let Some(id) = row.text("extends").map(str::to_owned) else { return Ok(row) };
    match base(&id) {
        None => Err(vec![fault(&row, "extends", format!("there is no portal `{id}` to extend"))]),
        Some((base, true)) if base.fields.contains_key("extends") => {
            let whole = base.text("extends").unwrap_or_default();
            Err(vec![fault(&row, "extends", format!("`{id}` itself extends `{whole}`: extend that one"))])
        }
        Some((base, _)) => {
            row.extend(base);
            Ok(row)
        }
    }
}

/// Why a row cannot have its names, if so.
fn taken(portal: &Portal, row: &Written, shipped: bool, names: &BTreeMap<String, String>) -> Option<String> {
    let replaces = matches!(row.fields.get("override").map(|item| &item.value), Some(document::Value::Flag(true)));
    if portal.id == DEMONSTRATION {
        return Some("this identifier is kept for the demonstration".to_owned());
    }
    if let Some(word) = portal.names().find(|name| RESERVED.contains(name)) {
        return Some(format!("`{word}` is a word of its own where a portal is chosen"));
    }
    if shipped && !replaces {
        return Some("this program has a portal of that name: `override = true` replaces it".to_owned());
    }
    let mut names = portal
        .names()
        .filter(|name| !(shipped && *name == portal.id))
        .filter_map(|name| names.get(name).map(|by| format!("`{name}` is already a portal of {by}")));
    names.next().or_else(|| (replaces && !shipped).then(|| "`override = true`, but there is no such portal".to_owned()))
}

fn fault(row: &Written, field: &str, why: String) -> Fault {
    let name = row.text("id").map_or_else(String::new, |id| format!("portal `{id}`: "));
    Fault { file: row.file.clone(), line: row.line_of(field), why: format!("{name}`{field}`: {why}") }
}
