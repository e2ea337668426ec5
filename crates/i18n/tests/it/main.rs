//! The messages as a whole: alike in all languages, all of them used.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use i18n::{Language, t};

/// Variables by key, of the messages of a file; those of a message that another one speaks by are the other's too.
fn messages(file: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut key = String::new();
    for line in fs::read_to_string(file).unwrap().lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =")
            && !line.starts_with(' ')
        {
            name.clone_into(&mut key);
            assert!(!texts.contains_key(name), "{key} is twice in {}", file.display());
        }
        texts.entry(key.clone()).or_default().push_str(line);
    }
    texts.remove("");
    let variables = |key: &String| {
        let mut variables = BTreeSet::new();
        let mut keys = vec![key.as_str()];
        while let Some(text) = keys.pop().and_then(|key| texts.get(key)) {
            for placeable in text.split('{').skip(1).filter_map(|rest| rest.split(['}', ' ']).find(|it| !it.is_empty()))
            {
                match placeable.strip_prefix('$') {
                    Some(variable) => drop(variables.insert(variable.to_owned())),
                    None => keys.extend(texts.contains_key(placeable).then_some(placeable)),
                }
            }
        }
        variables
    };
    texts.keys().map(|key| (key.clone(), variables(key))).collect()
}

fn files(language: Language) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.tag());
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).map(|file| (name(&file), messages(&file))).collect()
}

#[test]
fn the_same_keys_and_variables_are_in_all_languages() {
    let russian = files(Language::Ru);
    assert_eq!(russian.keys().collect::<Vec<_>>(), ["bot", "calendar", "card", "editor", "filling"]);
    for language in [Language::Fr, Language::En] {
        for (file, messages) in files(language) {
            assert_eq!(messages, russian[&file], "{}/{file}.ftl beside ru/{file}.ftl", language.tag());
        }
    }
}

#[test]
fn a_key_begins_with_the_name_of_its_file() {
    for (file, messages) in files(Language::Ru) {
        for key in messages.keys() {
            assert!(key.starts_with(&format!("{file}-")), "{key} in {file}.ftl");
        }
    }
}

#[test]
fn every_message_is_said_in_every_language() {
    for language in Language::ALL {
        let files = files(language);
        // All variables, because a message that speaks by another one hands on what it was given.
        let variables: BTreeSet<_> = files.values().flat_map(BTreeMap::values).flatten().collect();
        for key in files.values().flat_map(BTreeMap::keys) {
            for number in [0, 1, 2, 5, 21] {
                let values: Vec<_> = variables.iter().map(|name| (name.as_str(), number.into())).collect();
                let said = t(language, key, &values);
                assert!(said != *key && !said.is_empty(), "{key} in {language:?} is not there");
                // Fluent leaves what it cannot resolve in braces.
                assert!(!said.contains(['{', '}']), "{key} in {language:?}: {said}");
            }
        }
    }
}

#[test]
fn a_key_that_names_nothing_is_said_as_it_is() {
    for key in ["", "bot", "bot-", "$", "{ }", "bot-changes-none.x", "ключ", "-term"] {
        assert_eq!(t(Language::Ru, key, &[("x", 1.into())]), key);
    }
}

/// The sources, templates and messages of the workspace.
fn sources() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    for part in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        for folder in ["src", "templates", "locales"] {
            let folder = part.as_ref().unwrap().path().join(folder);
            if folder.is_dir() {
                walk(&folder, &mut found);
            }
        }
    }
    // What is no text holds no key.
    found.into_iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}

#[test]
fn no_message_is_left_unused() {
    let sources = sources();
    // In quotes where it is said, in braces where another message speaks by it.
    let quoted: BTreeSet<&str> =
        sources.iter().flat_map(|text| text.split(['"', '\'', '{', '}'])).map(str::trim).collect();
    for (file, messages) in files(Language::Ru) {
        let unused: Vec<_> = messages.keys().filter(|key| !quoted.contains(key.as_str())).collect();
        // Until there are pages, their first message stands alone.
        assert!(unused.is_empty() || messages.len() == 1, "{file}.ftl: nobody says {unused:?}");
    }
}

#[test]
fn nobody_speaks_by_a_key_that_is_not_there() {
    let known: BTreeSet<_> = files(Language::Ru).into_values().flat_map(BTreeMap::into_keys).collect();
    for text in sources() {
        // `t(language, "key"` in a source, `t("key"` in a template.
        for call in text.split(" t(").flat_map(|call| call.split("(t(")).skip(1) {
            let Some((_, key)) = call.split_once('"').filter(|(before, _)| before.len() < 40) else { continue };
            let key = key.split('"').next().unwrap_or_default();
            let prefixed = ["bot-", "calendar-", "editor-", "filling-"].iter().any(|prefix| key.starts_with(prefix));
            assert!(!prefixed || known.contains(key), "{key} is said, and there is no such message");
        }
    }
}
