//! The portals that the user adds: the files of `portals.d`, beside the configuration.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use portals::{Fault, Registry};

use crate::input;

/// The folder's name.
pub(super) const FOLDER: &str = "portals.d";
/// The largest file, and the most of them: a thousand portals fit.
const MOST_BYTES: u64 = 256 << 10;
const MOST_FILES: usize = 64;

/// Every portal: those shipped with the program, and those of a folder that may not be there. What cannot be used is left
/// out, and told.
pub(super) fn read(folder: &Path) -> (Registry, Vec<Fault>) {
    let fault = |file: &Path, why: String| Fault { file: file.display().to_string(), line: 1, why };
    let mut faults = Vec::new();
    let paths = match paths(folder) {
        Ok(paths) => paths,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            faults.push(fault(folder, format!("the folder cannot be read: {error}")));
            Vec::new()
        }
    };
    if paths.len() > MOST_FILES {
        faults.push(fault(folder, format!("more than {MOST_FILES} files; those after are not read")));
    }
    let mut files = Vec::new();
    for path in paths.iter().take(MOST_FILES) {
        match text_of(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(why) => faults.push(fault(path, why)),
        }
    }
    let (registry, wrong) = Registry::with_files(&files);
    faults.extend(wrong);
    (registry, faults)
}

/// The files, in the order of their names.
fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    paths.sort();
    Ok(paths)
}

fn text_of(path: &Path) -> Result<String, String> {
    let bytes = input::small_file(path, MOST_BYTES).map_err(|error| format!("it cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_adds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (registry, faults) = read(&folder.path().join(FOLDER));
        assert!(faults.is_empty() && registry.iter().count() == Registry::builtin().iter().count());
    }

    #[test]
    fn the_rows_of_the_documentation_can_be_used() {
        let documentation = include_str!("../../../../docs/portals.md");
        let rows: Vec<&str> =
            documentation.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let (registry, faults) = Registry::with_files(&[("portals.md".to_owned(), rows.concat())]);
        assert_eq!((rows.len(), faults), (2, Vec::new()));
        assert!(registry.get("mon-departement").is_some() && registry.get("mon-lycee").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_told_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.toml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("b.toml")).unwrap();
        fs::create_dir(folder.path().join("c.toml")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("d.toml")).unwrap();
        let told: Vec<String> = read(folder.path()).1.iter().map(|fault| fault.why.clone()).collect();
        assert_eq!(told[..3], ["it cannot be read: it is no file"; 3]);
        assert!(told.len() == 4 && told[3].starts_with("it cannot be read: "), "{told:?}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_and_the_others_are_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.toml"), [0xff]).unwrap();
        fs::write(folder.path().join("b.toml"), vec![b' '; (MOST_BYTES + 1) as usize]).unwrap();
        fs::write(folder.path().join("c.txt"), "no portals").unwrap();
        let (registry, faults) = read(folder.path());
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(told.len() == 2 && told[0].contains("a.toml:1: it is no UTF-8"), "{told:?}");
        assert!(told[1].contains("256 KiB") && registry.get("ac-lyon").is_some(), "{told:?}");
    }
}
