//! How long a hundred thousand people take to load, and one of them to be found.

use card::source::Source as _;
use card::source::csv::{Config, Csv};
use divan::Bencher;
use tempfile::TempDir;

const PEOPLE: usize = 100_000;

fn main() {
    divan::main();
}

fn people() -> (TempDir, Config) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = "login;nom;prenom;naissance;profil;numero;ine;csn;carte;droits;annee\n".to_owned();
    for number in 0..PEOPLE {
        text.push_str(&format!(
            "user{number};Lefèvre-{number};Benoît;29/02/2004;student;22{number:06};0ABC{number:07};\
             04A1B2C3{number:06};active;O;2026\n"
        ));
    }
    std::fs::write(folder.path().join("people.csv"), text).expect("a file");
    let config =
        Config { file: "people.csv".into(), key_column: None, photos: None, photo_column: None, photo_cache_bytes: 0 };
    (folder, config)
}

#[divan::bench(sample_count = 10)]
fn load(bencher: Bencher<'_, '_>) {
    let (folder, config) = people();
    bencher.bench_local(|| Csv::open(config.clone(), folder.path()).expect("people"));
}

#[divan::bench]
fn find(bencher: Bencher<'_, '_>) {
    let (folder, config) = people();
    let csv = Csv::open(config, folder.path()).expect("people");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    bencher.bench_local(|| runtime.block_on(csv.find("USER73911", &[])).expect("an answer").is_some());
}
