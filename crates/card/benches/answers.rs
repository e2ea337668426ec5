//! How long it takes to answer about somebody, from a file with photos in memory.

use std::path::Path;
use std::sync::Arc;

use card::answer;
use card::config::{Surroundings, parse};
use card::connector::Connector;

fn main() {
    divan::main();
}

/// A connector over the people of the tests.
fn connector(folder: &Path) -> Connector {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    std::fs::copy(tests.join("directory/people.csv"), folder.join("people.csv")).expect("the people");
    std::fs::create_dir(folder.join("photos")).expect("a folder");
    std::fs::copy(tests.join("pictures/progressive.jpg"), folder.join("photos/amartin.jpg")).expect("a photo");
    let source = "[[card.source]]\nname = \"people\"\nrole = \"identity\"\nkind = \"csv\"\nfile = \"people.csv\"\n\
                  photos = \"photos\"";
    let text = std::fs::read_to_string(tests.join("directory/tables.toml")).expect("a configuration");
    let secret = |_: &str| Ok("a-token-of-many-letters".into());
    let around = Surroundings { folder, secret: &secret, other: &|_, _| None };
    let config = parse(&text.replace("#SOURCE", source), &around).unwrap_or_else(|faults| panic!("{faults:?}"));
    Connector::open(config, Arc::new(|| "2026-11-22T11:00:00Z".parse().expect("a moment")))
}

#[divan::bench(args = ["amartin", "cpetit", "nobody"])]
fn an_answer(bencher: divan::Bencher<'_, '_>, login: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let connector = runtime.block_on(async { connector(folder.path()) });
    bencher.bench_local(|| {
        runtime.block_on(async {
            let finding = connector.find(login).await;
            answer::card(&finding, login, connector.config())
        })
    });
}
