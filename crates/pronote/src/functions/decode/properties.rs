//! Whatever an answer holds under the names that decoders look for, none of them panics.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::functions::{home, instance, menus, user};
use crate::model::{Instance, User};

/// Deep enough for every list of a list of a page.
const MOST_DEPTH: usize = 5;

/// What one part of a page is grown out of.
const MOST_BYTES: usize = 128;

/// The words that the decoders of each module mention, read from their sources so that none is forgotten.
static NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/functions");
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&folder) {
        let inside = file.strip_prefix(&folder).unwrap().components().next().unwrap();
        let module = Path::new(inside.as_os_str()).file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let words = text
            .split('"')
            .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        names.entry(module).or_default().extend(words.map(str::to_owned));
    }
    for words in names.values_mut() {
        words.sort();
        words.dedup();
    }
    names
});

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    all.filter(|path| !["tests.rs", "properties.rs"].iter().any(|tests| path.ends_with(tests))).collect()
}

/// What a page may hold: the words of its module, and of the elements all pages share.
fn names_of(function: &str) -> Vec<&'static str> {
    let mentions = NAMES.iter().filter(|(_, words)| words.iter().any(|word| word == function));
    let own = mentions.flat_map(|(_, words)| words);
    own.chain(&NAMES["common"]).map(String::as_str).collect()
}

/// What a report may hold.
fn names_of_report() -> Vec<&'static str> {
    NAMES["save"].iter().map(String::as_str).chain(["urlSSO"]).collect()
}

/// Grows a tree out of bytes: what is left when they run out is empty, so fewer bytes make a smaller tree.
struct Tree<'a> {
    bytes: std::slice::Iter<'a, u8>,
    names: Vec<&'static str>,
}

impl Tree<'_> {
    fn next(&mut self) -> usize {
        self.bytes.next().copied().unwrap_or(0).into()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.next().is_multiple_of(many)
    }

    /// A page: some of what it may hold, each part grown out of its own share of the bytes.
    fn page(bytes: &[u8], names: &[&'static str]) -> Value {
        let part = |share: &[u8]| {
            let mut tree = Tree { bytes: share.iter(), names: names.to_vec() };
            let name = tree.name();
            (name.to_owned(), tree.member(name, 1))
        };
        Value::Object(bytes.chunks(MOST_BYTES).map(part).collect())
    }

    fn name(&mut self) -> &'static str {
        let position = self.next() * 256 + self.next();
        self.names[position % self.names.len()]
    }

    fn object(&mut self, depth: usize) -> Value {
        let count = self.next() % (64 >> depth.min(4));
        let mut members = Map::new();
        for _ in 0..count {
            let name = self.name();
            let value = self.member(name, depth + 1);
            members.insert(name.to_owned(), value);
        }
        if !self.one_in(8) {
            members.insert("N".into(), json!(format!("1#{}", self.next() % 8)));
            members.insert("L".into(), json!("É"));
        }
        Value::Object(members)
    }

    /// What a name promises, three times out of four.
    fn member(&mut self, name: &str, depth: usize) -> Value {
        let lower = name.to_lowercase();
        match self.next() % 4 {
            _ if depth >= MOST_DEPTH => self.any(depth),
            0 => self.any(depth),
            _ if lower.starts_with("liste") => self.list(depth),
            _ if lower.contains("date") || lower.ends_with("le") => self.date(),
            _ if lower.starts_with("url") => json!("https://exemple.fr/a"),
            1 => self.any(depth),
            _ => self.opened_or_not(24, |tree| tree.object(depth)),
        }
    }

    fn opened_or_not(&mut self, kind: u8, inside: impl FnOnce(&mut Self) -> Value) -> Value {
        let wrapped = self.one_in(2);
        let value = inside(self);
        if wrapped { json!({ "_T": kind, "V": value }) } else { value }
    }

    fn list(&mut self, depth: usize) -> Value {
        self.opened_or_not(24, |tree| {
            let count = tree.next() % 4;
            (0..count).map(|_| if tree.one_in(8) { tree.any(depth) } else { tree.object(depth) }).collect()
        })
    }

    fn date(&mut self) -> Value {
        let dates =
            ["05/09/2025 09:00:00", "05/09/2025", "31/02/2025", "01/01/0001", "31/12/9999 23:59:59", "5/9/25 8h05", ""];
        let date = dates[self.next() % dates.len()];
        self.opened_or_not(7, |_| json!(date))
    }

    fn any(&mut self, depth: usize) -> Value {
        let texts = [
            "",
            "Moi",
            "15,50",
            "|8|20",
            "|",
            "[1..5,8]",
            "[0..4096]",
            "#FFD966",
            "08h00",
            "99h99",
            "<p>é&nbsp;</p>",
            "2h30",
            "-1",
        ];
        let numbers = [0, 1, 2, -1, 12, 82, i64::MAX, i64::MIN];
        match self.next() % 12 {
            0 => Value::Null,
            1 => json!(self.one_in(2)),
            2 | 3 => json!(numbers[self.next() % numbers.len()]),
            4 => json!(self.next()),
            5 => json!([1e300, -0.5, 1.5e-300][self.next() % 3]),
            6 | 7 => json!(texts[self.next() % texts.len()]),
            8 => self.date(),
            9 => self.opened_or_not(10, |tree| json!(texts[tree.next() % texts.len()])),
            _ if depth >= MOST_DEPTH => json!([]),
            10 => self.list(depth + 1),
            _ => self.object(depth + 1),
        }
    }
}

/// An answer of a function, with a report beside it.
fn answer(function: &str, bytes: &[u8]) -> String {
    let (report, data) = bytes.split_at(bytes.len() / 8);
    let report = Tree::page(report, &names_of_report());
    json!({ "data": Tree::page(data, &names_of(function)), "RapportSaisie": report }).to_string()
}

/// A school and an account as absurd as the answers that told of them.
fn context(bytes: &[u8]) -> Context {
    let school = read::<instance::Request>(&answer("FonctionParametres", bytes), &Context::default());
    let account = read::<user::Request>(&answer("ParametresUtilisateur", bytes), &Context::default());
    Context {
        instance: school.map_or_else(|_| Instance::default(), |(school, _)| school).into(),
        user: account.map_or_else(|_| User::default(), |(account, _)| account).into(),
        child: bytes.first().map(|byte| usize::from(*byte) % 3),
    }
}

/// Bytes that are the same every time.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..4000).map(next).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_answer_makes_a_decoder_panic(
        function in proptest::sample::select(rows().into_iter().map(|row| (row.name, row.tab)).collect::<Vec<_>>()),
        bytes in proptest::collection::vec(any::<u8>(), 0..4000),
        school in proptest::collection::vec(any::<u8>(), 0..1000),
    ) {
        let (name, tab) = function;
        match decode(name, tab, &answer(name, &bytes), &context(&school)) {
            Ok(decoded) => prop_assert!(decoded.diagnostics.len() <= 100),
            Err(error) => prop_assert!(matches!(error, DecodeError::Malformed(_)), "{error:?}"),
        }
    }

    #[test]
    fn no_school_makes_a_request_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4000), days in any::<i32>()) {
        let context = context(&bytes);
        let date = jiff::civil::Date::MIN.saturating_add(jiff::Span::new().days(days % 4_000_000));
        for date in [Some(date), None] {
            let asked = home::Request { date }.arguments(&context);
            prop_assert!(asked["numeroSemaine"].as_u64().is_some_and(|week| (1..=62).contains(&week)));
        }
        let asked = menus::Request { date }.arguments(&context);
        prop_assert!(asked["date"]["V"].is_string());
    }
}

/// Without this, the properties above could hold for want of anything to read.
#[test]
fn the_invented_answers_reach_most_models() {
    let context = Context::default();
    let reached = |name, tab| {
        let empty = decode(name, tab, "{}", &context).ok().map(|decoded| decoded.value);
        (0..300).any(|seed| {
            decode(name, tab, &answer(name, &noise(seed)), &context).is_ok_and(|decoded| Some(decoded.value) != empty)
        })
    };
    let missed: Vec<_> = known().filter(|(name, tab)| !reached(name, *tab)).map(|(name, _)| name).collect();
    assert!(missed.len() * 4 < known().count(), "{missed:?}");
}
